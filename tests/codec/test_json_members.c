/* Members by name, as APIs read them that refuse nothing they need not. */
#include "../support/unit_test.h"

#include <string.h>

#include "base/buf.h"
#include "codec/json.h"

static struct json_members	members;

static enum err
read(struct arena *a, const char *text)
{
	struct fail f = { 0 };
	enum err e;

	memset(&members, 0, sizeof(members));
	e = json_read_members(a, str_of(text), &members, &f);
	assert_int_equal(f.n, e != ERR_OK);
	return e;
}

/* The member "x" of this object. */
static struct str
x(struct arena *a, const char *text)
{
	struct str s;

	if (read(a, text) != ERR_OK || !json_member(a, &members, "x", &s))
		fail_msg("%s was not read", text);
	return s;
}

static void
test_texts_and_numbers(void **state)
{
	assert_str(x(*state, "{\"x\":\"a\"}"), "a");
	assert_str(x(*state, " { \"x\" :\r\n\t\"a b\" , \"y\":1 } "), "a b");
	assert_str(x(*state, "{\"x\":\" \\u20ac\\\"\\n\\/ \"}"),
	    " \xe2\x82\xac\"\n/ ");
	assert_str(x(*state, "{\"x\":12.50}"), "12.50");
	assert_str(x(*state, "{\"x\": -1E+2 }"), "-1E+2");
	assert_str(x(*state, "{\"x\":2059378440}"), "2059378440");
	assert_str(x(*state, "{\"x\":42703182649518273640000}"),
	    "42703182649518273640000");
	assert_str(x(*state, "{\"x\":1e9999}"), "1e9999");
	assert_str(x(*state, "{\"x\":\"0\"}"), "0");
	assert_str(x(*state, "{\"x\":\"null\"}"), "null");
	assert_str(x(*state, "{\"x\":\" \"}"), " ");
	assert_str(x(*state, "\xef\xbb\xbf{\"x\":0.01}"), "0.01");
}

static void
test_absent(void **state)
{
	static const char *const absent[] = { "{}", "{\"y\":1}",
		"{\"x\":null}", "{\"x\":\"\"}", "{\"x\":0}", "{\"x\":-0}",
		"{\"x\":0.00}", "{\"x\":0e5}", "{\"x\":1,\"X\":null}",
		"{\"x \":1}", "{\"xx\":1}", "{\"\":1}",
		"{\"y\":{\"x\":1},\"z\":[{\"x\":2}]}" };

	for (size_t i = 0; i < COUNT(absent); i++)
		if (x(*state, absent[i]).p != NULL)
			fail_msg("%s has one", absent[i]);
}

static void
test_names(void **state)
{
	struct str s;

	assert_str(x(*state, "{\"X\":\"a\"}"), "a");
	assert_str(x(*state, "{\"\\u0078\":\"a\"}"), "a");
	assert_str(x(*state, "{\"x\":1,\"X\":2,\"y\":3,\"x\":4}"), "4");
	assert_str(x(*state, "{\"X\":4,\"x\":{\"X\":5},\"X\":6}"), "6");
	assert_int_equal(read(*state, "{\"STARTDATE\":\"a\","
	    "\"CustomerNumber\":7}"), ERR_OK);
	assert_true(json_member(*state, &members, "startDate", &s));
	assert_str(s, "a");
	assert_true(json_member(*state, &members, "customernumber", &s));
	assert_str(s, "7");
}

static void
test_other_types(void **state)
{
	static const char *const others[] = { "{\"x\":true}", "{\"x\":false}",
		"{\"x\":{}}", "{\"x\":[]}", "{\"x\":[\"a\"]}",
		"{\"x\":1,\"x\":{\"x\":1}}" };
	struct str s = STR("before");

	for (size_t i = 0; i < COUNT(others); i++) {
		assert_int_equal(read(*state, others[i]), ERR_OK);
		assert_false(json_member(*state, &members, "x", &s));
		assert_true(json_member(*state, &members, "y", &s));
		assert_null(s.p);
	}
}

static void
test_bad_request(void **state)
{
	static const char *const bad[] = { "", " ", "null", "true", "1",
		"\"x\"", "[]", "[{\"x\":1}]", "{", "}", "{\"x\"}", "{\"x\":}",
		"{x:1}", "{'x':1}", "{\"x\":1,}", "{\"x\":1}{}", "{\"x\":01}",
		"{\"x\":+1}", "{\"x\":.5}", "{\"x\":1.}", "{\"x\":NaN}",
		"{\"x\":1 2}", "{\"x\":\"a\nb\"}", "{\"x\":\"\\x\"}",
		"{\"x\":\"\\ud800\"}", "{\"x\":\"\xff\"}", "x=1",
		"<x>1</x>", "{\"x\":\"\\u0000\"}", "{\"\\u0000\":1}",
		"{\"y\":[\"\\u0000\"]}", "\xef\xbb\xbf",
		"{\"x\":1}\xef\xbb\xbf" };

	for (size_t i = 0; i < COUNT(bad); i++)
		if (read(*state, bad[i]) != ERR_BAD_REQUEST)
			fail_msg("%s was read", bad[i]);
}

/* Depth and number of values, as for json_read(). */
static void
test_bounds(void **state)
{
	for (int more = 0; more < 2; more++) {
		struct buf b;
		int i;

		buf_init(&b, *state, 1u << 20);
		buf_puts(&b, "{\"x\":\"a\",\"y\":");
		for (i = 1; i < JSON_DEPTH_MAX + more; i++)
			buf_putc(&b, '[');
		for (i = 1; i < JSON_DEPTH_MAX + more; i++)
			buf_putc(&b, ']');
		buf_puts(&b, "}");
		assert_int_equal(read(*state, str_cstr(*state, buf_str(&b))),
		    more ? ERR_BAD_REQUEST : ERR_OK);

		buf_init(&b, *state, 1u << 20);
		buf_puts(&b, "{\"x\":\"a\"");
		for (i = 2; i < JSON_VALUES_MAX + more; i++)
			buf_puts(&b, ",\"y\":1");
		buf_puts(&b, "}");
		assert_int_equal(read(*state, str_cstr(*state, buf_str(&b))),
		    more ? ERR_BAD_REQUEST : ERR_OK);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ARENA_TEST(test_texts_and_numbers),
		ARENA_TEST(test_absent),
		ARENA_TEST(test_names),
		ARENA_TEST(test_other_types),
		ARENA_TEST(test_bad_request),
		ARENA_TEST(test_bounds)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
