#include "../support/unit_test.h"

#include "base/money.h"

#define MAX	MONEY_MINOR_MAX

static void
test_add_sub(void **state)
{
	int64_t v = 7;

	(void)state;
	assert_true(money_add(MAX - 1, 1, &v));
	assert_int_equal(v, MAX);
	v = 7;
	assert_false(money_add(MAX, 1, &v));
	assert_false(money_add(INT64_MAX, 1, &v));
	assert_false(money_add(INT64_MIN, -1, &v));
	assert_false(money_sub(-MAX, 1, &v));
	assert_false(money_sub(0, INT64_MIN, &v));
	assert_int_equal(v, 7);
	assert_true(money_sub(0, MAX, &v));
	assert_int_equal(v, -MAX);
	assert_true(money_sub(3, 5, &v));
	assert_int_equal(v, -2);
}

static void
test_mul(void **state)
{
	int64_t v = 7;

	(void)state;
	assert_false(money_mul(MAX, 2, &v));
	assert_false(money_mul(INT64_MIN, -1, &v));
	assert_false(money_mul(INT64_C(1) << 33, INT64_C(1) << 33, &v));
	assert_int_equal(v, 7);
	assert_true(money_mul(MAX / 1000, -1000, &v));
	assert_int_equal(v, -MAX);
	assert_true(money_mul(0, INT64_MAX, &v));
	assert_int_equal(v, 0);
}

static void
test_muldiv(void **state)
{
	static const struct {
		int64_t a, num, den, floor, even;
	} cases[] = {
		{ 7, 1, 2, 3, 4 },	{ 5, 1, 2, 2, 2 },
		{ -7, 1, 2, -4, -4 },	{ -5, 1, 2, -3, -2 },
		{ 1, 1, 3, 0, 0 },	{ 2, 1, 3, 0, 1 },
		{ -1, 1, 3, -1, 0 },	{ -2, 1, 3, -1, -1 },
		{ 1, -1, 2, -1, 0 },	{ 3, -1, 2, -2, -2 },
		{ 6, 1, 3, 2, 2 },	{ -6, 1, 3, -2, -2 },
		{ 0, 5, 7, 0, 0 },	{ 1999, 5, 100, 99, 100 },
		{ 1050, 5, 100, 52, 52 }, { 1070, 5, 100, 53, 54 },
		/* products beyond 64 bits */
		{ MAX, MAX, MAX, MAX, MAX },
		{ -MAX, MAX, MAX, -MAX, -MAX },
		{ INT64_MIN, INT64_MIN, INT64_MAX, 0, 0 },
		{ INT64_MAX, 1, INT64_MAX, 1, 1 },
		{ INT64_MIN, 1, INT64_MAX, -2, -1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		int64_t floor = 0, even = 0;
		bool fits = cases[i].a != INT64_MIN || cases[i].num == 1;

		assert_int_equal(money_muldiv_floor(cases[i].a, cases[i].num,
		    cases[i].den, &floor), fits);
		assert_int_equal(money_muldiv_half_even(cases[i].a,
		    cases[i].num, cases[i].den, &even), fits);
		assert_int_equal(floor, cases[i].floor);
		assert_int_equal(even, cases[i].even);
	}
}

static void
test_muldiv_limit(void **state)
{
	int64_t v = 7;

	(void)state;
	assert_false(money_muldiv_floor(MAX, 2, 1, &v));
	assert_false(money_muldiv_half_even(-MAX, 3, 2, &v));
	/* one half above the limit: down by floor, up by half even? MAX is
	 * even, so it stays. */
	assert_true(money_muldiv_floor(2 * MAX + 1, 1, 2, &v));
	assert_int_equal(v, MAX);
	assert_true(money_muldiv_half_even(2 * MAX + 1, 1, 2, &v));
	assert_int_equal(v, MAX);
	v = 7;
	assert_false(money_muldiv_half_even(4 * MAX + 3, 1, 4, &v));
	assert_false(money_muldiv_floor(-2 * MAX - 1, 1, 2, &v));
	assert_int_equal(v, 7);
}

static void
test_fewer_decimals(void **state)
{
	static const struct { int64_t minor; int from, to; int64_t want; }
	    rows[] = {
		{ 1005, 3, 2, 101 }, { 1004, 3, 2, 100 }, { -1005, 3, 2, -100 },
		{ -1006, 3, 2, -101 }, { 1049, 4, 2, 10 }, { 1050, 4, 2, 11 },
		{ 7, 2, 2, 7 }, { -7, 2, 2, -7 }, { 5, 1, 0, 1 }, { 0, 3, 2, 0 },
		{ INT64_MAX, 1, 0, INT64_MAX / 10 + 1 },
		{ INT64_MIN, 1, 0, INT64_MIN / 10 - 1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(money_fewer_decimals(rows[i].minor,
		    rows[i].from, rows[i].to), rows[i].want);
}

static void
test_parse(void **state)
{
	static const struct {
		const char	*text;
		int		 exponent;
		enum err	 err;
		int64_t		 minor;
	} cases[] = {
		{ "100", 2, ERR_OK, 10000 },
		{ "12.5", 2, ERR_OK, 1250 },
		{ "12.50", 2, ERR_OK, 1250 },
		{ "0.05", 2, ERR_OK, 5 },
		{ "0", 2, ERR_OK, 0 },
		{ "007.1", 1, ERR_OK, 71 },
		{ "1.2345", 4, ERR_OK, 12345 },
		{ "150", 0, ERR_OK, 150 },
		{ "10000000000000", 2, ERR_OK, MAX },
		{ "10000000000000.00", 2, ERR_OK, MAX },
		{ "1000000000000000", 0, ERR_OK, MAX },
		{ "00000000000000000000000000000001", 0, ERR_OK, 1 },
		{ "10000000000000.01", 2, ERR_AMOUNT_LIMIT, 0 },
		{ "1000000000000001", 0, ERR_AMOUNT_LIMIT, 0 },
		{ "10000000000001", 2, ERR_AMOUNT_LIMIT, 0 },
		{ "9223372036854775808", 0, ERR_AMOUNT_LIMIT, 0 },
		{ "18446744073709551617", 0, ERR_AMOUNT_LIMIT, 0 },
		{ "99999999999999999999999999999999999999", 2,
		    ERR_AMOUNT_LIMIT, 0 },
		/* wrong comes before too much */
		{ "99999999999999999999999999999999999999x", 2, ERR_INVALID,
		    0 },
		{ "12.505", 2, ERR_INVALID, 0 },
		{ "12.500", 2, ERR_INVALID, 0 },
		{ "1.0", 0, ERR_INVALID, 0 },
		{ "1.", 2, ERR_INVALID, 0 },
		{ "1.", 0, ERR_INVALID, 0 },
		{ ".5", 2, ERR_INVALID, 0 },
		{ ".", 2, ERR_INVALID, 0 },
		{ "", 2, ERR_INVALID, 0 },
		{ "1.2.3", 2, ERR_INVALID, 0 },
		{ "1..2", 2, ERR_INVALID, 0 },
		{ "-5", 2, ERR_INVALID, 0 },
		{ "+5", 2, ERR_INVALID, 0 },
		{ " 5", 2, ERR_INVALID, 0 },
		{ "5 ", 2, ERR_INVALID, 0 },
		{ "1e3", 2, ERR_INVALID, 0 },
		{ "100,00", 2, ERR_INVALID, 0 },
		{ "1,000", 2, ERR_INVALID, 0 },
		{ "1_000", 2, ERR_INVALID, 0 },
		{ "0x10", 2, ERR_INVALID, 0 },
		{ "abc", 2, ERR_INVALID, 0 },
		{ "\xd9\xa1", 2, ERR_INVALID, 0 },	/* Arabic digit one */
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		int64_t v = 0;
		enum err e = money_parse(str_of(cases[i].text),
		    cases[i].exponent, &v);

		if (e != cases[i].err || v != cases[i].minor)
			fail_msg("\"%s\": %s, %lld", cases[i].text,
			    err_label(e), (long long)v);
	}
}

static void
test_parse_bytes(void **state)
{
	int64_t v = 7;

	(void)state;
	assert_int_equal(money_parse(STR("1\0"), 2, &v), ERR_INVALID);
	assert_int_equal(money_parse(STR_NONE, 2, &v), ERR_INVALID);
	assert_int_equal(v, 7);
}

static void
test_format(void **state)
{
	static const struct {
		int64_t		 minor;
		int		 exponent;
		const char	*fixed, *brief;
	} cases[] = {
		{ 0, 0, "0", "0" },
		{ 0, 2, "0.00", "0" },
		{ 5, 2, "0.05", "0.05" },
		{ 50, 2, "0.50", "0.5" },
		{ 10000, 2, "100.00", "100" },
		{ 1250, 2, "12.50", "12.5" },
		{ 4995, 2, "49.95", "49.95" },
		{ -5, 2, "-0.05", "-0.05" },
		{ -100, 2, "-1.00", "-1" },
		{ 100, 0, "100", "100" },
		{ 1, 3, "0.001", "0.001" },
		{ 10010, 4, "1.0010", "1.001" },
		{ MAX, 2, "10000000000000.00", "10000000000000" },
		{ INT64_MIN, 2, "-92233720368547758.08",
		    "-92233720368547758.08" },
		{ INT64_MAX, 18, "9.223372036854775807",
		    "9.223372036854775807" },
		{ INT64_MIN, 0, "-9223372036854775808",
		    "-9223372036854775808" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_str(money_format(*state, cases[i].minor,
		    cases[i].exponent, MONEY_FIXED), cases[i].fixed);
		assert_str(money_format(*state, cases[i].minor,
		    cases[i].exponent, MONEY_SHORT), cases[i].brief);
	}
}

static void
test_parse_number(void **state)
{
	static const struct {
		const char	*text;
		int		 exponent;
		enum err	 err;
		int64_t		 minor;
	} cases[] = {
		{ "0", 2, ERR_OK, 0 },		{ "-0.00", 2, ERR_OK, 0 },
		{ "100", 0, ERR_OK, 100 },	{ "100", 2, ERR_OK, 10000 },
		{ "12.5", 2, ERR_OK, 1250 },	{ "-12.50", 2, ERR_OK, -1250 },
		{ "12.5000", 2, ERR_OK, 1250 },	{ "100.00", 0, ERR_OK, 100 },
		{ "007", 0, ERR_OK, 7 },	{ "0.01", 2, ERR_OK, 1 },
		{ "1e2", 0, ERR_OK, 100 },	{ "1E+2", 0, ERR_OK, 100 },
		{ "1.25e1", 2, ERR_OK, 1250 },	{ "1250e-2", 2, ERR_OK, 1250 },
		{ "1.2345678E7", 0, ERR_OK, 12345678 },
		{ "0e999", 2, ERR_OK, 0 },	{ "0e-999", 2, ERR_OK, 0 },
		{ "0.000e5", 0, ERR_OK, 0 },	{ "5000e-3", 0, ERR_OK, 5 },
		{ "10000000000000.00", 2, ERR_OK, MAX },
		{ "-10000000000000", 2, ERR_OK, -MAX },
		{ "1000000000000000e-2", 2, ERR_OK, MAX },
		{ "10000000000000.01", 2, ERR_AMOUNT_LIMIT, 0 },
		{ "1e999", 0, ERR_AMOUNT_LIMIT, 0 },
		{ "-1e16", 0, ERR_AMOUNT_LIMIT, 0 },
		{ "99999999999999999999999999", 2, ERR_AMOUNT_LIMIT, 0 },
		{ "99999999999999999999999999.001", 2, ERR_INVALID, 0 },
		{ "0.001", 2, ERR_INVALID, 0 },	{ "1.5", 0, ERR_INVALID, 0 },
		{ "5e-1", 0, ERR_INVALID, 0 },	{ "1e-999", 2, ERR_INVALID, 0 },
		{ "", 2, ERR_INVALID, 0 },	{ "-", 2, ERR_INVALID, 0 },
		{ "+5", 2, ERR_INVALID, 0 },	{ "--5", 2, ERR_INVALID, 0 },
		{ ".5", 2, ERR_INVALID, 0 },	{ "5.", 2, ERR_INVALID, 0 },
		{ "1.2.3", 2, ERR_INVALID, 0 },	{ "1,5", 2, ERR_INVALID, 0 },
		{ "1 000", 2, ERR_INVALID, 0 },	{ " 1", 2, ERR_INVALID, 0 },
		{ "1 ", 2, ERR_INVALID, 0 },	{ "0x10", 2, ERR_INVALID, 0 },
		{ "1e", 2, ERR_INVALID, 0 },	{ "1e+", 2, ERR_INVALID, 0 },
		{ "1e+-2", 2, ERR_INVALID, 0 },	{ "1e1.5", 2, ERR_INVALID, 0 },
		{ "1e1000", 2, ERR_INVALID, 0 }, { "e5", 2, ERR_INVALID, 0 },
		{ "NaN", 2, ERR_INVALID, 0 },	{ "true", 2, ERR_INVALID, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		int64_t v = 7;
		enum err e = money_parse_number(str_of(cases[i].text),
		    cases[i].exponent, &v);

		if (e != cases[i].err)
			fail_msg("%s: %s", cases[i].text, err_label(e));
		assert_int_equal(v, e == ERR_OK ? cases[i].minor : 7);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_add_sub),
		cmocka_unit_test(test_mul),
		cmocka_unit_test(test_muldiv),
		cmocka_unit_test(test_muldiv_limit),
		cmocka_unit_test(test_fewer_decimals),
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_parse_bytes),
		cmocka_unit_test(test_parse_number),
		ARENA_TEST(test_format)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
