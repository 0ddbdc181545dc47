/* The order of checks, and what an answer looks like, with a fake dialect. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <sodium.h>
#include <string.h>

#include "config.h"
#include "fake.h"
#include "base/arena.h"
#include "http/dispatch.h"
#include "http/metrics.h"

#define NOW_US	INT64_C(1700000000000000)

static struct arena	*arena;
static struct config	*config;
static struct app	 app;
static struct request	 req;
static struct reply	 reply;

static int
setup(void **state)
{
	char *why;

	(void)state;
	if (sodium_init() == -1 || config_load(NULL, &config, &why) != ERR_OK)
		return -1;
	arena = arena_new(64 << 20);
	app = (struct app){ .config = config, .clock = clock_fixed(NOW_US),
	    .log = { .fd = -1, .level = LOG_ERROR } };
	fake = (struct fake_trace){0};
	req = (struct request){ .method = GET, .method_name = STR("GET"),
	    .path = STR("/fake/cards/A"), .https = true,
	    .authorization = STR("good"), .body = STR("") };
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	config_free(config);
	arena_free(arena);
	return 0;
}

static void
go(void)
{
	reply_init(&reply, arena);
	dispatch(&app, arena, &req, &reply);
}

static struct str
header(const char *name)
{
	size_t i;

	for (i = 0; i < reply.n_headers; i++)
		if (strcmp(reply.headers[i].name, name) == 0)
			return reply.headers[i].value;
	return STR_NONE;
}

static void
answers(int status, const char *body)
{
	if (reply.status != status ||
	    !str_eq(buf_str(&reply.body), str_of(body)))
		fail_msg("%d \"%.*s\"", reply.status,
		    STR_ARG(buf_str(&reply.body)));
}

static void
runs_the_handler(void **state)
{
	(void)state;
	go();
	answers(200, "half done");
	assert_int_equal(fake.authenticated, 1);
	assert_true(str_eq(req.args[0], STR("A")));
	assert_false(fake.has_key);
	assert_null(header("Idempotency-Replayed").p);
}

static void
nginx_errors_come_first(void **state)
{
	static const struct { int from, to; } cases[] = {
		{ 400, 400 }, { 414, 400 }, { 413, 413 }, { 429, 429 },
		{ 502, 503 }, { 504, 503 }, { 500, 503 },
	};
	size_t i;

	(void)state;
	req.https = false;
	req.path = STR("/nowhere");
	for (i = 0; i < COUNT(cases); i++) {
		req.nginx_error = cases[i].from;
		go();
		assert_int_equal(reply.status, cases[i].to);
	}
	assert_true(str_eq(header("Retry-After"), STR("2")));
	req.nginx_error = 429;
	go();
	assert_true(str_eq(header("Retry-After"), STR("60")));
	assert_int_equal(fake.authenticated, 0);
}

static void
late_is_not_executed(void **state)
{
	(void)state;
	req.start_ms = NOW_US / 1000 - config->queue_deadline_ms;
	go();
	answers(200, "half done");
	req.start_ms--;
	go();
	answers(503, "unavailable");
	assert_true(str_eq(header("Retry-After"), STR("2")));
	assert_int_equal(fake.handled, 1);
	assert_int_equal(fake.authenticated, 1);
}

static void
finds_no_route(void **state)
{
	(void)state;
	req.path = STR("/fake/nothing");
	go();
	answers(404, "not_found");
	req.path = STR("/fake/cards/%zz");
	go();
	answers(400, "bad_request");
	req.path = STR("/fake/cards/A");
	req.method = DELETE;
	go();
	answers(405, "method_not_allowed");
	assert_true(str_eq(header("Allow"), STR("GET, POST, PATCH")));
	req.method = METHOD_OTHER;
	go();
	answers(405, "method_not_allowed");
	assert_int_equal(fake.authenticated, 0);
}

static void
plain_http(void **state)
{
	static const struct {
		const char *path, *authorization;
		int authenticated, status;
	} cases[] = {
		{ "/fake/cards/A", "good", 0, 403 },
		{ "/fake/nothing", "good", 0, 403 },
		{ "/fake/cards/%zz", "good", 0, 403 },
		{ "/fake/open", "", 0, 403 },
		{ "/fake/ask", "wrong", 1, 403 },
		{ "/fake/ask", "away", 1, 403 },
		{ "/fake/ask", "good", 1, 403 },
		{ "/fake/ask", "plain", 1, 200 },
	};
	size_t i;

	(void)state;
	req.https = false;
	for (i = 0; i < COUNT(cases); i++) {
		fake = (struct fake_trace){0};
		req.path = str_of(cases[i].path);
		req.authorization = str_of(cases[i].authorization);
		go();
		assert_int_equal(reply.status, cases[i].status);
		assert_int_equal(fake.authenticated, cases[i].authenticated);
		assert_int_equal(fake.handled, cases[i].status == 200);
		if (cases[i].status == 403)
			answers(403, "https_required");
	}
}

static void
who_may(void **state)
{
	(void)state;
	req.authorization = STR("wrong");
	fake.blocked = true;
	go();
	answers(401, "unauthenticated");
	req.authorization = STR("good");
	req.path = STR("/fake/admin");
	go();
	answers(429, "too_many_requests");
	fake.blocked = false;
	go();
	answers(403, "forbidden");
	assert_int_equal(fake.handled, 0);
	req.path = STR("/fake/open");
	fake.blocked = true;
	go();
	answers(200, "half done");
}

static void
unknown_codes_are_counted(void **state)
{
	(void)state;
	fake.handler_says = ERR_CARD_NOT_FOUND;
	go();
	answers(404, "card_not_found");
	assert_int_equal(fake.seen, 1);
	assert_null(header("X-Half").p);
	fake.seen_says = ERR_UNAVAILABLE;
	go();
	answers(404, "card_not_found");
	fake.seen_says = ERR_TOO_MANY_REQUESTS;
	go();
	answers(429, "too_many_requests");
	assert_true(str_eq(header("Retry-After"), STR("60")));
	fake.handler_says = ERR_NOT_FOUND;
	go();
	assert_int_equal(fake.seen, 3);
}

static void
stale_credentials(void **state)
{
	(void)state;
	fake.stale_left = 1;
	go();
	answers(200, "half done");
	assert_int_equal(reply.n_headers, 1);
	assert_int_equal(fake.forgotten, 1);
	assert_int_equal(fake.authenticated, 2);
	assert_int_equal(fake.handled, 2);
	fake.stale_left = 2;
	go();
	answers(200, "half done");
	assert_int_equal(fake.handled, 5);
	fake.stale_left = 3;
	go();
	answers(503, "unavailable");
	assert_int_equal(fake.forgotten, 6);
	assert_int_equal(fake.handled, 8);
}

/* What refuses a request without a call lets nobody in who is locked out. */
static void
still_allowed(void **state)
{
	(void)state;
	go();
	assert_int_equal(fake.stills, 0);
	fake.handler_says = ERR_INVALID;
	go();
	answers(422, "invalid");
	assert_int_equal(fake.stills, 1);
	assert_int_equal(fake.authenticated, 2);
	fake.still_stale = 1;
	go();
	answers(422, "invalid");
	assert_int_equal(fake.stills, 3);
	assert_int_equal(fake.authenticated, 4);
	fake.asked = true;
	go();
	assert_int_equal(fake.stills, 3);
	req.path = STR("/fake/admin");
	fake.still_stale = 1;
	go();
	answers(403, "forbidden");
	assert_int_equal(fake.forgotten, 2);
}

static void
key_rules(void **state)
{
	char many[257];

	(void)state;
	req.method = POST;
	req.method_name = STR("POST");
	go();
	answers(400, "key_required");
	assert_int_equal(fake.n_fail, 1);
	req.idempotency_key = STR("");
	go();
	answers(422, "invalid");
	req.idempotency_key = STR("a b");
	go();
	answers(422, "invalid");
	req.idempotency_key = STR("\303\244");
	go();
	answers(422, "invalid");
	memset(many, 'k', sizeof(many));
	req.idempotency_key = (struct str){ many, 256 };
	go();
	answers(422, "invalid");
	assert_int_equal(fake.handled, 0);
	req.idempotency_key.n = 255;
	go();
	answers(200, "half done");
	assert_true(fake.has_key);
	fake.replayed = true;
	go();
	assert_true(str_eq(header("Idempotency-Replayed"), STR("true")));
	fake.handler_says = ERR_CARD_NOT_FOUND;
	go();
	assert_int_equal(reply.status, 404);
	assert_true(str_eq(header("Idempotency-Replayed"), STR("true")));
}

static void
keys_and_fingerprints(void **state)
{
	struct fake_trace first;
	struct request base;
	size_t i;

	(void)state;
	req.method = POST;
	req.method_name = STR("POST");
	req.idempotency_key = STR("k1");
	req.query = STR("a=1");
	req.content_type = STR("x/y");
	req.body = STR("body");
	base = req;
	go();
	first = fake;
	req.id[0] = 1;
	go();
	assert_memory_equal(fake.key, first.key, 16);
	assert_memory_equal(fake.print, first.print, 16);
	for (i = 0; i < 4; i++) {
		req = base;
		if (i == 0)
			req.path = STR("/fake/cards/B");
		if (i == 1)
			req.query = STR("a=2");
		if (i == 2)
			req.content_type = STR("x/z");
		if (i == 3)
			req.body = STR("bodY");
		go();
		assert_memory_equal(fake.key, first.key, 16);
		assert_memory_not_equal(fake.print, first.print, 16);
	}
	req = base;
	req.idempotency_key = STR("k2");
	go();
	assert_memory_not_equal(fake.key, first.key, 16);

	/* Without a key each request has its own. */
	req = base;
	req.method = GET;
	req.idempotency_key = STR_NONE;
	go();
	first = fake;
	go();
	assert_memory_equal(fake.key, first.key, 16);
	req.id[5]++;
	go();
	assert_memory_not_equal(fake.key, first.key, 16);
	assert_false(fake.has_key);
}

static void
counts(void **state)
{
	struct metrics *m = metrics_new(1);

	(void)state;
	app.metrics = metrics_slot(m, 0);
	go();
	req.path = STR("/fake/OTHER/x");
	go();
	req.path = STR("/fake/cards/A");
	fake.handler_says = ERR_UNAVAILABLE;
	go();
	req.start_ms = 1;
	go();
	assert_int_equal(metrics_sum(m, METRIC_REQUESTS, 1, 2), 1);
	assert_int_equal(metrics_sum(m, METRIC_REQUESTS, 2, 4), 1);
	assert_int_equal(metrics_sum(m, METRIC_REQUESTS, 1, 5), 2);
	assert_int_equal(metrics_sum(m, METRIC_DB_ERRORS, 0, 0), 1);
}

#define T(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(runs_the_handler), T(nginx_errors_come_first),
		T(late_is_not_executed), T(finds_no_route), T(plain_http),
		T(who_may), T(unknown_codes_are_counted), T(stale_credentials),
		T(still_allowed),
		T(key_rules), T(keys_and_fingerprints), T(counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
