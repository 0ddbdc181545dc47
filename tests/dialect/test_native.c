/*
 * The pure parts of /v1: the problem document, queries, bodies, shapes. Calls
 * as a whole are in tests/dialect/native/.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "dialect/native/native.h"

struct fixture {
	struct arena	*arena;
	struct request	 request;
	struct reply	 reply;
	struct call	 call;
};

static int
setup(void **state)
{
	static struct fixture f;

	f = (struct fixture){ .arena = arena_new(1u << 24) };
	reply_init(&f.reply, f.arena);
	f.call = (struct call){
		.ctx = { .arena = f.arena, .request_id = { 0xab, 1 } },
		.request = &f.request,
		.reply = &f.reply,
		.dialect = &dialect_native,
	};
	*state = &f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	arena_free(f->arena);
	return 0;
}

static void
assert_body(const struct fixture *f, const char *want)
{
	struct str got = buf_str(&f->reply.body);

	assert_string_equal(str_cstr(f->arena, got), want);
}

static void
assert_fail(const struct fixture *f, size_t i, const char *field,
    const char *code)
{
	assert_true(i < f->call.ctx.fail.n);
	assert_string_equal(f->call.ctx.fail.items[i].field, field);
	assert_string_equal(f->call.ctx.fail.items[i].code, code);
}

static void
code_is_the_label(void **state)
{
	(void)state;
	for (int e = 0; e < ERR__COUNT; e++)
		assert_string_equal(native_errors[e].code, err_label(e));
}

static void
problem_plain(void **state)
{
	struct fixture *f = *state;

	v1_encode_error(&f->call, ERR_CARD_NOT_FOUND,
	    &native_errors[ERR_CARD_NOT_FOUND]);
	assert_int_equal(f->reply.status, 404);
	assert_string_equal(f->reply.content_type,
	    "application/problem+json");
	assert_body(f, "{\"type\":\"urn:tessera:problem:card_not_found\","
	    "\"title\":\"Card not found\",\"status\":404,"
	    "\"detail\":\"Check the code; no card of yours has it.\","
	    "\"code\":\"card_not_found\","
	    "\"request_id\":\"ab010000000000000000000000000000\"}");
}

static void
problem_of_a_member(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(v1_body_ref(&f->call, ERR_PROGRAMME_NOT_FOUND,
	    ERR_PROGRAMME_NOT_FOUND, "programme"), ERR_PROGRAMME_NOT_FOUND);
	v1_encode_error(&f->call, ERR_PROGRAMME_NOT_FOUND,
	    &native_errors[ERR_PROGRAMME_NOT_FOUND]);
	assert_int_equal(f->reply.status, 422);
	assert_body(f,
	    "{\"type\":\"urn:tessera:problem:programme_not_found\","
	    "\"title\":\"Programme not found\",\"status\":422,"
	    "\"detail\":\"Check the code; no programme of yours has it.\","
	    "\"code\":\"programme_not_found\","
	    "\"request_id\":\"ab010000000000000000000000000000\","
	    "\"errors\":[{\"field\":\"programme\","
	    "\"code\":\"programme_not_found\",\"message\":"
	    "\"Check the code; no programme of yours has it.\"}]}");
}

static void
problem_says_what_was_found(void **state)
{
	struct fixture *f = *state;

	(void)fail_add(&f->call.ctx.fail, ERR_BAD_REQUEST, "", "syntax",
	    "A quote is missing.");
	v1_encode_error(&f->call, ERR_BAD_REQUEST,
	    &native_errors[ERR_BAD_REQUEST]);
	assert_int_equal(f->reply.status, 400);
	assert_body(f, "{\"type\":\"urn:tessera:problem:bad_request\","
	    "\"title\":\"Bad request\",\"status\":400,"
	    "\"detail\":\"A quote is missing.\",\"code\":\"bad_request\","
	    "\"request_id\":\"ab010000000000000000000000000000\"}");
}

static void
bearer_only(void **state)
{
	struct fixture *f = *state;
	static const char *const not_bearers[] = {
		"", "Bearer", "Bearer ", "Bearer  \t", "Basic abc", "abc",
		"Bearerabc",
	};

	for (size_t i = 0; i < COUNT(not_bearers); i++) {
		f->request.authorization = str_of(not_bearers[i]);
		assert_int_equal(v1_authenticate(&f->call),
		    ERR_UNAUTHENTICATED);
	}
	f->request.authorization = STR_NONE;
	assert_int_equal(v1_authenticate(&f->call), ERR_UNAUTHENTICATED);
}

static void
query_of_a_list(void **state)
{
	struct fixture *f = *state;
	struct page_in page;
	struct str email = STR_NONE;
	const struct v1_param filters[] = { { "email", &email } };

	f->request.query = STR("email=a%40b.c&limit=200&cursor=x-y");
	assert_int_equal(v1_query_list(&f->call, &page, filters, 1), ERR_OK);
	assert_int_equal(page.limit, 200);
	assert_true(str_eq(page.after, STR("x-y")));
	assert_true(str_eq(email, STR("a@b.c")));

	f->request.query = STR_NONE;
	assert_int_equal(v1_query_list(&f->call, &page, NULL, 0), ERR_OK);
	assert_int_equal(page.limit, 50);
	assert_null(page.after.p);
}

static void
query_faults(void **state)
{
	struct fixture *f = *state;
	struct page_in page;
	static const struct { const char *query, *field, *code; } rows[] = {
		{ "limit=0", "limit", "out_of_range" },
		{ "limit=201", "limit", "out_of_range" },
		{ "limit=-1", "limit", "out_of_range" },
		{ "limit=1e2", "limit", "out_of_range" },
		{ "limit=", "limit", "too_short" },
		{ "limit=1&limit=2", "limit", "duplicate" },
		{ "Limit=1", "Limit", "unknown" },
		{ "=1", "", "unknown" },
		{ "offset=1", "offset", "unknown" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		f->call.ctx.fail.n = 0;
		f->request.query = str_of(rows[i].query);
		assert_int_equal(v1_query_list(&f->call, &page, NULL, 0),
		    ERR_INVALID);
		assert_fail(f, 0, rows[i].field, rows[i].code);
	}
	f->call.ctx.fail.n = 0;
	f->request.query = STR("a=1&b=2");
	assert_int_equal(v1_query_none(&f->call), ERR_INVALID);
	assert_int_equal(f->call.ctx.fail.n, 2);
}

struct thing {
	struct str	name;
};

static const struct field thing_fields[] = {
	F_STR(struct thing, name, "name", 0, 1, 8),
};

static void
bodies_and_types(void **state)
{
	struct fixture *f = *state;
	struct thing t = {0};
	static const struct { const char *type, *body; enum err want, opt; }
	rows[] = {
		{ NULL, "", ERR_BAD_REQUEST, ERR_OK },
		{ "text/plain", "", ERR_BAD_REQUEST, ERR_OK },
		{ NULL, "{}", ERR_UNSUPPORTED_MEDIA_TYPE,
		    ERR_UNSUPPORTED_MEDIA_TYPE },
		{ "text/json", "{}", ERR_UNSUPPORTED_MEDIA_TYPE,
		    ERR_UNSUPPORTED_MEDIA_TYPE },
		{ "Application/JSON; charset=utf-8", "{}", ERR_OK, ERR_OK },
		{ "application/json", "{\"name\":\"x\"}", ERR_OK, ERR_OK },
		{ "application/json", "[]", ERR_BAD_REQUEST,
		    ERR_BAD_REQUEST },
		{ "application/json", "{", ERR_BAD_REQUEST, ERR_BAD_REQUEST },
		{ "application/json", "{\"nam\":1}", ERR_INVALID,
		    ERR_INVALID },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		f->request.content_type = str_of(rows[i].type);
		f->request.body = str_of(rows[i].body);
		assert_int_equal(v1_body(&f->call, thing_fields, 1, &t),
		    rows[i].want);
		assert_int_equal(v1_body_optional(&f->call, thing_fields, 1,
		    &t), rows[i].opt);
	}
	/* No members at all: {} or nothing. */
	f->request.body = STR("{}");
	assert_int_equal(v1_body_optional(&f->call, NULL, 0, NULL), ERR_OK);
}

static void
words_and_lists(void **state)
{
	struct fixture *f = *state;
	static const char *const words[] = { "active", "closed" };
	struct str items[] = { STR("a"), STR("b:c") }, joined = STR_NONE;
	struct field_array list = { items, 2 };

	assert_int_equal(v1_one_of(&f->call, "state", STR_NONE, words, 2),
	    ERR_OK);
	assert_int_equal(v1_one_of(&f->call, "state", STR("closed"), words,
	    2), ERR_OK);
	assert_int_equal(v1_one_of(&f->call, "state", STR("Closed"), words,
	    2), ERR_INVALID);
	assert_fail(f, 0, "state", "invalid");
	assert_string_equal(f->call.ctx.fail.items[0].text,
	    "Use one of: active, closed.");

	assert_int_equal(v1_join(&f->call, "s", &list, &joined), ERR_OK);
	assert_true(str_eq(joined, STR("a,b:c")));
	items[1] = STR("b,c");
	assert_int_equal(v1_join(&f->call, "s", &list, &joined), ERR_INVALID);
}

static void
arguments(void **state)
{
	struct fixture *f = *state;
	struct transfer_id id;
	struct str s;
	static const char *const not_ids[] = {
		"", "\xff",
		"01234567890123456789012345678901234567890123456789012345678901234",
	};

	for (size_t i = 0; i < COUNT(not_ids); i++) {
		f->request.args[0] = str_of(not_ids[i]);
		assert_int_equal(v1_arg(&f->call, ERR_CARD_NOT_FOUND, &s),
		    ERR_CARD_NOT_FOUND);
		assert_int_equal(v1_arg_transfer(&f->call,
		    ERR_HOLD_NOT_FOUND, &id), ERR_HOLD_NOT_FOUND);
	}
	f->request.args[0] = STR("abc");
	assert_int_equal(v1_arg(&f->call, ERR_CARD_NOT_FOUND, &s), ERR_OK);
}

static void
card_shape(void **state)
{
	struct fixture *f = *state;
	struct json_out o = v1_reply(&f->call, 200);
	const struct card card = {
		.code = STR("GC1"),
		.programme = STR("gift"),
		.kind = KIND_GIFT,
		.state = STR("active"),
		.expires_on = { 2030, 12, 31 },
		.created_us = INT64_C(1700000000000000),
		.note = STR("a \"b\""),
		.n_purses = 2,
		.purses = {
			{ unit_by_name(STR("EUR")), 5000, 800, 4200, 3 },
			{ unit_by_id(UNIT_POINTS), 0, 0, 0, 0 },
		},
	};

	v1_put_card(&f->call, &o, &card);
	assert_body(f, "{\"code\":\"GC1\",\"programme\":\"gift\","
	    "\"kind\":\"gift\",\"state\":\"active\","
	    "\"expires_on\":\"2030-12-31\",\"note\":\"a \\\"b\\\"\","
	    "\"created_at\":\"2023-11-14T22:13:20Z\",\"purses\":["
	    "{\"balance\":{\"amount\":5000,\"currency\":\"EUR\"},"
	    "\"held\":{\"amount\":800,\"currency\":\"EUR\"},"
	    "\"available\":{\"amount\":4200,\"currency\":\"EUR\"},"
	    "\"version\":3},"
	    "{\"balance\":{\"amount\":0,\"unit\":\"points\"},"
	    "\"held\":{\"amount\":0,\"unit\":\"points\"},"
	    "\"available\":{\"amount\":0,\"unit\":\"points\"},"
	    "\"version\":0}]}");
}

static void
location_is_escaped(void **state)
{
	struct fixture *f = *state;

	v1_location(&f->call, "/v1/programmes/", STR("a b/\xc3\xa9~"));
	assert_int_equal(f->reply.n_headers, 1);
	assert_true(str_eq(f->reply.headers[0].value,
	    STR("/v1/programmes/a%20b%2F%C3%A9~")));
}

/* Moving value needs a key; no other call may ask for one. */
static void
keyed_calls(void **state)
{
	size_t keyed = 0;

	(void)state;
	for (size_t i = 0; i < dialect_native.n_routes; i++) {
		const struct route *r = &dialect_native.routes[i];

		assert_true((r->flags & NEED_AUTH) != 0);
		if ((r->flags & NEED_IDEMPOTENCY) == 0)
			continue;
		assert_int_equal(r->methods, POST);
		assert_true(r->scope == SCOPE_VALUE_WRITE ||
		    r->scope == SCOPE_CARDS_WRITE);
		keyed++;
	}
	assert_int_equal(keyed, 9);
}

#define T(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(code_is_the_label),
		T(problem_plain),
		T(problem_of_a_member),
		T(problem_says_what_was_found),
		T(bearer_only),
		T(query_of_a_list),
		T(query_faults),
		T(bodies_and_types),
		T(words_and_lists),
		T(arguments),
		T(card_shape),
		T(location_is_escaped),
		T(keyed_calls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
