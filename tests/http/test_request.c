/* From FastCGI parameters to a request. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "base/arena.h"
#include "http/request.h"

static struct arena *arena;

static int
setup(void **state)
{
	(void)state;
	arena = arena_new(1 << 20);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static void
same(struct str s, const char *want)
{
	if (!str_eq(s, str_of(want)))
		fail_msg("\"%.*s\" is not \"%s\"", STR_ARG(s), want);
}

static void
reads_parameters(void **state)
{
	static const char *const envp[] = {
		"REQUEST_METHOD=PATCH", "REQUEST_URI=/a%20b?x=1?y=%32",
		"HTTP_HOST=Cards.Example:8443", "REMOTE_ADDR=192.0.2.7",
		"HTTPS=on", "CONTENT_TYPE=application/json; charset=utf-8",
		"HTTP_AUTHORIZATION=Bearer abc=", "HTTP_IDEMPOTENCY_KEY=",
		"REQUEST_ID=000102030405060708090a0B0c0d0e0f",
		"REQUEST_START=1700000000.123", "TESSERA_ERROR=413",
		"nonsense", NULL
	};
	struct request r = {0};
	size_t i;

	(void)state;
	assert_int_equal(request_from_params(arena, envp, &r), ERR_OK);
	assert_int_equal(r.method, PATCH);
	same(r.path, "/a%20b");
	same(r.query, "x=1?y=%32");
	same(r.host, "cards.example");
	same(r.address, "192.0.2.7");
	assert_true(r.https);
	same(r.authorization, "Bearer abc=");
	assert_true(r.idempotency_key.p != NULL && r.idempotency_key.n == 0);
	for (i = 0; i < 16; i++)
		assert_int_equal(r.id[i], i);
	assert_true(r.start_ms == INT64_C(1700000000123));
	assert_int_equal(r.nginx_error, 413);
	same(request_header(&r, "REMOTE_ADDR"), "192.0.2.7");
	assert_null(request_header(&r, "HTTP_ACCEPT").p);
}

static void
does_without(void **state)
{
	static const char *const envp[] = { "REQUEST_METHOD=HEAD",
	    "REQUEST_ID=short", "HTTP_HOST=[2001:DB8::1]:443", NULL };
	static const uint8_t none[16];
	struct request r = {0};

	(void)state;
	assert_int_equal(request_from_params(arena, envp, &r), ERR_OK);
	assert_int_equal(r.method, METHOD_OTHER);
	assert_int_equal(r.path.n, 0);
	assert_null(r.query.p);
	assert_null(r.idempotency_key.p);
	assert_false(r.https);
	same(r.host, "[2001:db8::1]");
	assert_memory_not_equal(r.id, none, 16);
	assert_int_equal(r.start_ms, 0);
}

static void
starts_are_strict(void **state)
{
	static const char *const bad[] = { "", "1", "1.", "1.12", "1.1234",
	    "-1.123", "1.-12", "a.123", "1.12a", "1.+12", "." };
	char text[64];
	const char *envp[] = { text, NULL };
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(bad); i++) {
		struct request r = {0};

		snprintf(text, sizeof(text), "REQUEST_START=%s", bad[i]);
		assert_int_equal(request_from_params(arena, envp, &r), ERR_OK);
		assert_int_equal(r.start_ms, 0);
	}
}

static void
too_much_is_refused(void **state)
{
	const char *many[REQUEST_PARAMS_MAX + 2];
	struct request r = {0};
	size_t i;

	(void)state;
	for (i = 0; i <= REQUEST_PARAMS_MAX; i++)
		many[i] = "HTTP_X=1";
	many[i] = NULL;
	assert_int_equal(request_from_params(arena, many, &r),
	    ERR_BAD_REQUEST);
}

static void
decodes(void **state)
{
	struct str s;

	(void)state;
	assert_int_equal(percent_decode(arena, STR("a+b%2B"), true, &s),
	    ERR_OK);
	same(s, "a b+");
	assert_int_equal(percent_decode(arena, STR("a+b%2B"), false, &s),
	    ERR_OK);
	same(s, "a+b+");
	assert_int_equal(percent_decode(arena, STR("%00"), false, &s),
	    ERR_BAD_REQUEST);
	assert_int_equal(percent_decode(arena, STR("%e4"), false, &s),
	    ERR_BAD_REQUEST);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(reads_parameters, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(does_without, setup, teardown),
		cmocka_unit_test_setup_teardown(starts_are_strict, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(too_much_is_refused, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(decodes, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
