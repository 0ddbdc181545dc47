/*
 * For the tests of src/dialect/cardapp: all that a call needs, but for a
 * database.
 */
#ifndef TESTS_DIALECT_CARDAPP_WORLD_H
#define TESTS_DIALECT_CARDAPP_WORLD_H

#include "../support/unit_test.h"

#include <string.h>

#include "codec/form.h"
#include "dialect/cardapp/cardapp.h"

#define DEFAULTS	"cardapp_status_200=true\ncardapp_names_swapped=false"
#define SWAPPED		"cardapp_status_200=true\ncardapp_names_swapped=true"

static struct world {
	struct arena		*arena;
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
	w.who = (struct principal){ .scopes = ~0u,
	    .currency = unit_by_name(STR("RON")),
	    .programme = STR("loyalty"), .settings = STR(DEFAULTS) };
	w.request = (struct request){ .method = GET, .https = true };
	reply_init(&w.reply, w.arena);
	w.call = (struct call){ .request = &w.request, .reply = &w.reply,
	    .dialect = &dialect_cardapp };
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

/* A GET with this query. */
static inline struct cardapp_request *
ask(const char *query)
{
	w.call.memo = NULL;
	w.call.ctx.fail.n = 0;
	w.request.query = str_of(query);
	return cardapp_request(&w.call);
}

#endif
