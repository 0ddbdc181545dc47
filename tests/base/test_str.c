#include "../support/unit_test.h"

#include "base/err.h"

static void
test_of_and_eq(void **state)
{
	(void)state;
	assert_null(str_of(NULL).p);
	assert_non_null(str_of("").p);
	assert_true(str_eq(STR("abc"), str_of("abc")));
	assert_false(str_eq(STR("abc"), STR("abd")));
	assert_false(str_eq(STR("abc"), STR("ab")));
	assert_false(str_eq(STR("a\0b"), STR("a\0c")));
	assert_true(str_eq(STR(""), STR_NONE));
	assert_true(str_eq_nocase(STR("aBc-[{1"), STR("AbC-[{1")));
	assert_false(str_eq_nocase(STR("["), STR("{")));
	assert_false(str_eq_nocase(STR("@"), STR("`")));
	assert_false(str_eq_nocase(STR("abc"), STR("abcd")));
	assert_true(str_starts_nocase(STR("Bearer x"), STR("bearer ")));
	assert_false(str_starts_nocase(STR("Bear"), STR("bearer")));
	assert_true(str_starts_nocase(STR("x"), STR("")));
}

static void
test_cmp(void **state)
{
	(void)state;
	assert_int_equal(str_cmp(STR("a"), STR("b")), -1);
	assert_int_equal(str_cmp(STR("b"), STR("a")), 1);
	assert_int_equal(str_cmp(STR("ab"), STR("a")), 1);
	assert_int_equal(str_cmp(STR("a"), STR("ab")), -1);
	assert_int_equal(str_cmp(STR("\xff"), STR("a")), 1);
	assert_int_equal(str_cmp(STR("a"), STR("a")), 0);
	assert_int_equal(str_cmp(STR(""), STR_NONE), 0);
}

static void
test_slices(void **state)
{
	size_t at = 7;

	(void)state;
	assert_str(str_trim(STR(" \t\r\n\v\fa b ")), "a b");
	assert_str(str_trim(STR("  ")), "");
	assert_null(str_trim(STR_NONE).p);
	assert_str(str_sub(STR("abcdef"), 2, 3), "cde");
	assert_str(str_sub(STR("abcdef"), 4, 9), "ef");
	assert_str(str_sub(STR("abcdef"), 4, SIZE_MAX), "ef");
	assert_str(str_sub(STR("abcdef"), 9, 1), "");
	assert_null(str_sub(STR_NONE, 0, 1).p);
	assert_true(str_find(STR("a=b=c"), '=', &at));
	assert_int_equal(at, 1);
	assert_false(str_find(STR("abc"), '=', &at));
	assert_false(str_find(STR_NONE, '=', &at));
	assert_int_equal(at, 1);
}

static void
test_copies(void **state)
{
	struct str s = STR("a\0Z"), d = str_dup(*state, s);

	assert_true(str_eq(s, d));
	assert_ptr_not_equal(s.p, d.p);
	assert_null(str_dup(*state, STR_NONE).p);
	assert_str(str_dup(*state, STR("")), "");
	assert_string_equal(str_cstr(*state, STR("abc")), "abc");
	assert_string_equal(str_cstr(*state, STR_NONE), "");
	assert_int_equal(str_cstr(*state, s)[3], 0);
	assert_str(str_upper(*state, STR("gc-1\xc3\xa9z")), "GC-1\xc3\xa9Z");
	assert_str(str_lower(*state, STR("GC-[Z")), "gc-[z");
	assert_null(str_upper(*state, STR_NONE).p);
	assert_null(str_lower(*state, STR_NONE).p);
	assert_str(str_printf(*state, "%d-%s", 42, "x"), "42-x");
	assert_str(str_printf(*state, "%s", ""), "");
	assert_int_equal(str_printf(*state, "%9000d", 1).n, 9000);
}

static void
test_utf8_head(void **state)
{
	struct str s = STR("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x8e\x81z"), h;

	(void)state;
	h = str_utf8_head(s, 0);
	assert_str(h, "");
	h = str_utf8_head(s, 2);
	assert_str(h, "a\xc3\xa9");
	h = str_utf8_head(s, 4);
	assert_str(h, "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x8e\x81");
	h = str_utf8_head(s, 5);
	assert_int_equal(h.n, s.n);
	h = str_utf8_head(s, 500);
	assert_int_equal(h.n, s.n);
	assert_null(str_utf8_head(STR_NONE, 5).p);
}

#define NO	"\xef\xbf\xbd"

static void
test_printable(void **state)
{
	static const struct { const char *in, *out; } rows[] = {
		{ "", "" }, { "\xff", NO }, { "a\xff" "b", "a" NO "b" },
		{ "\x01\x1f\x0b", NO NO NO }, { "\xe2\x82", NO NO },
		{ "\xef\xbf\xbe\xef\xbf\xbf", NO NO },
		{ "\xef\xbf\xbe" "x", NO "x" }, { "\xef\xbf", NO NO },
		{ "\xed\xa0\x80", NO NO NO },
		{ "\xc3\xa9\xba", "\xc3\xa9" NO },
	};
	struct str good = STR("a\t\n\r \x7f\xc2\x80" NO "\xef\xbf\xbc"
	    "\xf0\x9f\xbf\xbf\xf4\x8f\xbf\xbf"), s;

	assert_ptr_equal(str_printable(*state, good).p, good.p);
	assert_null(str_printable(*state, STR_NONE).p);
	for (size_t i = 0; i < COUNT(rows); i++) {
		s = str_printable(*state, str_of(rows[i].in));
		assert_str(s, rows[i].out);
		assert_true(str_utf8_ok(s));
	}
	s = str_printable(*state, STR("a\0b\0"));
	assert_str(s, "a" NO "b" NO);
}

static void
test_utf8(void **state)
{
	static const char *const good[] = { "", "abc", "\xc2\x80",
		"\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
		"\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf" };
	static const char *const bad[] = { "\x80", "\xbf", "a\xff",
		"\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xf0\x8f\xbf\xbf",
		"\xed\xa0\x80", "\xed\xbf\xbf", "\xf4\x90\x80\x80",
		"\xf5\x80\x80\x80", "\xfe", "\xc2", "\xe1\x80", "\xf1\x80\x80",
		"\xc2\x41", "\xe1\x80\x41", "\xf1\x80\x80\x41", "\xc2\xc2" };

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++)
		assert_true(str_utf8_ok(str_of(good[i])));
	for (size_t i = 0; i < COUNT(bad); i++) {
		assert_false(str_utf8_ok(str_of(bad[i])));
		assert_int_equal(str_utf8_next(str_of(bad[i])),
		    bad[i][0] == 'a');
	}
	assert_false(str_utf8_ok(STR("a\0b")));
	assert_true(str_utf8_ok(STR_NONE));
	assert_int_equal(str_utf8_next(STR("")), 0);
	assert_int_equal(str_utf8_next(STR("\xf0\x90\x80\x80x")), 4);
	assert_int_equal(str_utf8_len(STR("a\xc3\xa9\xe2\x82\xac"
	    "\xf0\x9f\x8e\x81z")), 5);
}

static void
test_to_i64(void **state)
{
	static const struct {
		const char	*text;
		bool		 ok;
		int64_t		 v;
	} cases[] = {
		{ "0", true, 0 },	{ "-0", true, 0 },
		{ "42", true, 42 },	{ "-42", true, -42 },
		{ "0042", true, 42 },
		{ "9223372036854775807", true, INT64_MAX },
		{ "-9223372036854775808", true, INT64_MIN },
		{ "9223372036854775808", false, 0 },
		{ "-9223372036854775809", false, 0 },
		{ "-100000000000000000000", false, 0 },
		{ "18446744073709551616", false, 0 },
		{ "", false, 0 },	{ "-", false, 0 },
		{ "--1", false, 0 },	{ "+1", false, 0 },
		{ " 1", false, 0 },	{ "1 ", false, 0 },
		{ "1e3", false, 0 },	{ "1.0", false, 0 },
		{ "0x1", false, 0 },	{ "1-", false, 0 },
	};
	int64_t v = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		v = 0;
		assert_int_equal(str_to_i64(str_of(cases[i].text), INT64_MIN,
		    INT64_MAX, &v), cases[i].ok);
		assert_int_equal(v, cases[i].v);
	}
	v = 7;
	assert_true(str_to_i64(STR("5"), 5, 5, &v));
	assert_false(str_to_i64(STR("4"), 5, 9, &v));
	assert_false(str_to_i64(STR("10"), 5, 9, &v));
	assert_false(str_to_i64(STR_NONE, INT64_MIN, INT64_MAX, &v));
	assert_int_equal(v, 5);
}

static void
test_hex(void **state)
{
	unsigned char b[3] = { 1, 2, 3 };

	assert_str(str_hex(*state, "\x00\x7f\xff", 3), "007fff");
	assert_str(str_hex(*state, "", 0), "");
	assert_false(str_unhex(STR("00ff0"), b, 3));
	assert_false(str_unhex(STR("00ff0g"), b, 3));
	assert_false(str_unhex(STR("00ff0011"), b, 3));
	assert_int_equal(b[0], 1);
	assert_true(str_unhex(STR("00fFA9"), b, 3));
	assert_memory_equal(b, "\x00\xff\xa9", 3);
	assert_true(str_unhex(STR(""), b, 0));
}

static void
test_percent(void **state)
{
	struct str s = STR_NONE;

	assert_true(str_percent(*state, STR("a%20b+c%2B%c3%A9"), true, &s));
	assert_str(s, "a b c+\xc3\xa9");
	assert_true(str_percent(*state, STR("a+b"), false, &s));
	assert_str(s, "a+b");
	assert_true(str_percent(*state, STR("%00"), false, &s));
	assert_int_equal(s.n, 1);
	assert_true(str_percent(*state, STR(""), true, &s));
	assert_str(s, "");
	assert_false(str_percent(*state, STR("a%2"), true, &s));
	assert_false(str_percent(*state, STR("%"), true, &s));
	assert_false(str_percent(*state, STR("%zz"), true, &s));
	assert_false(str_percent(*state, STR("%%41"), true, &s));
}

static void
test_eq_consttime(void **state)
{
	(void)state;
	assert_true(str_eq_consttime(STR("secret"), STR("secret")));
	assert_false(str_eq_consttime(STR("secret"), STR("secreT")));
	assert_false(str_eq_consttime(STR("secret"), STR("Secret")));
	assert_false(str_eq_consttime(STR("secret"), STR("secre")));
	assert_true(str_eq_consttime(STR(""), STR_NONE));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_of_and_eq),
		cmocka_unit_test(test_cmp),
		cmocka_unit_test(test_slices),
		ARENA_TEST(test_copies),
		cmocka_unit_test(test_utf8),
		cmocka_unit_test(test_utf8_head),
		ARENA_TEST(test_printable),
		cmocka_unit_test(test_to_i64),
		ARENA_TEST(test_hex),
		ARENA_TEST(test_percent),
		cmocka_unit_test(test_eq_consttime)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
