/*
 * For the tests of src/dialect/cp_extender: all that a call needs, but for a
 * database.
 */
#ifndef TESTS_DIALECT_CP_WORLD_H
#define TESTS_DIALECT_CP_WORLD_H

#include "../support/unit_test.h"

#include <string.h>

#include "dialect/cp_extender/cp_extender.h"

#define SETTINGS	"cp_hold_min=0\ncp_token_h=24\ncp_pool_max=500\n" \
			"cp_earn_once=false\ncp_reserved_only=false\n" \
			"cp_store=42\ncp_drawer=7\ncp_user=WEBUSR\n" \
			"cp_product_type=giftcard\ncp_item=GC-ITEM"
/* 2031-03-05T10:00:00Z */
#define NOW_US		INT64_C(1930471200000000)

static struct world {
	struct arena		*arena;
	struct app		 app;
	struct principal	 who;
	struct request		 request;
	struct reply		 reply;
	struct call		 call;
} w;

static inline int
setup(void **state)
{
	(void)state;
	memset(&w, 0, sizeof(w));
	w.arena = arena_new(8 << 20);
	w.app.clock = clock_fixed(NOW_US);
	w.who = (struct principal){ .scopes = ~0u,
	    .currency = unit_by_name(STR("EUR")),
	    .programme = STR("GC"), .settings = STR(SETTINGS) };
	w.request = (struct request){ .method = POST, .https = true,
	    .body = STR("") };
	reply_init(&w.reply, w.arena);
	w.call = (struct call){ .request = &w.request, .reply = &w.reply,
	    .dialect = &dialect_cp_extender };
	w.call.ctx.app = &w.app;
	w.call.ctx.arena = w.arena;
	w.call.ctx.who = &w.who;
	return 0;
}

static inline int
teardown(void **state)
{
	(void)state;
	arena_free(w.arena);
	return 0;
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)

/* The call with this body. */
static inline struct call *
say(const char *body)
{
	w.call.ctx.fail.n = 0;
	w.request.body = str_of(body);
	return &w.call;
}

#endif
