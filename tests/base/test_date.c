#include "../support/unit_test.h"

#include "base/date.h"

static void
test_date_ok(void **state)
{
	static const struct {
		struct date	d;
		bool		ok;
	} cases[] = {
		{ { 2024, 2, 29 }, true },	{ { 2023, 2, 29 }, false },
		{ { 2000, 2, 29 }, true },	{ { 1900, 2, 29 }, false },
		{ { 1, 1, 1 }, true },		{ { 9999, 12, 31 }, true },
		{ { 0, 1, 1 }, false },		{ { 10000, 1, 1 }, false },
		{ { 2025, 0, 1 }, false },	{ { 2025, 13, 1 }, false },
		{ { 2025, 1, 0 }, false },	{ { 2025, 1, 32 }, false },
		{ { 2025, 4, 31 }, false },	{ { -1, 1, 1 }, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(date_ok(cases[i].d), cases[i].ok);
}

static void
test_date_cmp(void **state)
{
	static const struct date sorted[] = { { 0, 0, 0 }, { 2024, 12, 31 },
		{ 2025, 1, 1 }, { 2025, 1, 2 }, { 2025, 2, 1 } };

	(void)state;
	for (int i = 0; i < (int)COUNT(sorted); i++)
		for (int k = 0; k < (int)COUNT(sorted); k++)
			assert_int_equal(date_cmp(sorted[i], sorted[k]),
			    (i > k) - (i < k));
}

/* "" where the text is refused. */
static struct str
iso(struct arena *a, const char *text)
{
	struct date d = { 7, 7, 7 };

	if (!date_parse_iso(str_of(text), &d)) {
		assert_int_equal(d.year, 7);
		return STR("");
	}
	return date_iso(a, d);
}

static struct str
dmy(struct arena *a, const char *text)
{
	struct date d = { 7, 7, 7 };

	if (!date_parse_dmy(str_of(text), &d)) {
		assert_int_equal(d.year, 7);
		return STR("");
	}
	return date_iso(a, d);
}

static void
test_iso(void **state)
{
	static const char *const good[] = { "2025-12-31", "0001-01-01",
		"9999-12-31", "2024-02-29" };
	static const char *const bad[] = { "", "2025-12-3", "2025-1-31",
		"2025-12-311", "02025-12-31", " 2025-12-31", "2025-12-31 ",
		"2025/12/31", "2025-13-01", "2025-02-30", "0000-01-01",
		"2025-00-10", "-025-12-31", "+025-12-31", "2025-12-3x",
		"20251231", "2023-02-29", "2025-12-31T00:00:00Z" };

	for (size_t i = 0; i < COUNT(good); i++)
		assert_str(iso(*state, good[i]), good[i]);
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_str(iso(*state, bad[i]), "");
}

static void
test_dmy(void **state)
{
	static const char *const bad[] = { "", "12/25/2030", "4/3/19",
		"4/3/02019", "2019/3/4", "4/3-2019", "4 3 2019", "4/3/2019 ",
		" 4/3/2019", "32/1/2019", "0/1/2019", "1/0/2019", "004/3/2019",
		"4/003/2019", "29/2/2019", "4//2019", "/3/2019", "4/3/",
		"4/3", "4", "4:3:2019", "4/3/201", "-4/3/2019", "4/3/0000" };

	assert_str(dmy(*state, "4/3/2019"), "2019-03-04");
	assert_str(dmy(*state, "04/03/2019"), "2019-03-04");
	assert_str(dmy(*state, "4/03/2019"), "2019-03-04");
	assert_str(dmy(*state, "25/12/2030"), "2030-12-25");
	assert_str(dmy(*state, "25-12-2030"), "2030-12-25");
	assert_str(dmy(*state, "25.12.2030"), "2030-12-25");
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_str(dmy(*state, bad[i]), "");
}

static void
test_instants(void **state)
{
	static const struct {
		const char	*text, *utc;
		int64_t		 us;
	} cases[] = {
		{ "1970-01-01T00:00:00Z", NULL, 0 },
		{ "2000-02-29T12:34:56Z", NULL, INT64_C(951827696000000) },
		{ "2038-01-19T03:14:08Z", NULL, INT64_C(2147483648000000) },
		{ "1969-12-31T23:59:59.999999Z", NULL, -1 },
		{ "1900-01-01T00:00:00Z", NULL, INT64_C(-2208988800000000) },
		{ "0001-01-01T00:00:00Z", NULL, INT64_C(-62135596800000000) },
		{ "9999-12-31T23:59:59.999999Z", NULL,
		    INT64_C(253402300799999999) },
		{ "2025-06-01T10:00:00.5Z", "2025-06-01T10:00:00.500000Z",
		    INT64_C(1748772000500000) },
		{ "2025-06-01T12:00:00+02:00", "2025-06-01T10:00:00Z",
		    INT64_C(1748772000000000) },
		{ "2025-05-31T23:30:00-10:30", "2025-06-01T10:00:00Z",
		    INT64_C(1748772000000000) },
		{ "2025-06-01t10:00:00z", "2025-06-01T10:00:00Z",
		    INT64_C(1748772000000000) },
		{ "2025-06-01T10:00:00.1234567891Z",
		    "2025-06-01T10:00:00.123456Z", INT64_C(1748772000123456) },
		{ "2025-06-01T10:00:00.0000009Z", "2025-06-01T10:00:00Z",
		    INT64_C(1748772000000000) },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		int64_t us = 7;

		assert_true(instant_parse(str_of(cases[i].text), &us));
		assert_int_equal(us, cases[i].us);
		assert_str(instant_rfc3339(*state, us), cases[i].utc != NULL ?
		    cases[i].utc : cases[i].text);
	}
}

static void
test_instants_refused(void **state)
{
	static const char *const bad[] = { "", "2025-06-01",
		"2025-06-01T10:00:00", "2025-06-01 10:00:00Z",
		"2025-06-01T24:00:00Z", "2025-06-01T10:60:00Z",
		"2025-06-01T23:59:60Z", "2025-06-01T10:00Z",
		"2025-06-01T10:00:00.Z", "2025-06-01T10:00:00,5Z",
		"2025-06-01T10:00:00+0200", "2025-06-01T10:00:00+24:00",
		"2025-06-01T10:00:00+02:60", "2025-06-01T10:00:00ZZ",
		"2025-02-30T10:00:00Z", "2025-06-01T1:00:00Z",
		"0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01",
		"2025-06-01T10:00:00Z\n" };
	int64_t us = 7;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_false(instant_parse(str_of(bad[i]), &us));
	assert_int_equal(us, 7);
}

static void
test_lenient(void **state)
{
	static const struct { const char *text, *is; } cases[] = {
		{ "01/02/2019", "2019-01-02T00:00:00Z" },
		{ "1/2/2019", "2019-01-02T00:00:00Z" },
		{ "07/03/2020 22:15:00.000", "2020-07-03T22:15:00Z" },
		{ "07/03/2020 22:15:01.250", "2020-07-03T22:15:01.250000Z" },
		{ "07/03/2020 22:15:01", "2020-07-03T22:15:01Z" },
		{ "02/29/2020T23:59:59.999", "2020-02-29T23:59:59.999000Z" },
		{ "2020-07-03", "2020-07-03T00:00:00Z" },
		{ "2020-07-03T22:15:00", "2020-07-03T22:15:00Z" },
		{ "2020-07-03 22:15:00.5", "2020-07-03T22:15:00.500000Z" },
		{ "2020-07-03T22:15:00.123Z", "2020-07-03T22:15:00.123000Z" },
		{ "2020-07-03T22:15:00+02:00", "2020-07-03T20:15:00Z" },
	};
	static const char *const bad[] = { "", "x", "13/01/2019",
		"02/29/2019", "01/02/19", "01-02-2019", "01/02/2019 ",
		"01/02/2019 10:15", "01/02/2019 24:00:00",
		"01/02/2019 10:60:00", "01/02/2019 10:15:60",
		"01/02/2019  10:15:00", "01/02/2019 10:15:00 PM",
		"01/02/2019 10:15:00.", "2019-1-2", "20190102",
		"2019-01-02T10", "2019-01-02Z", "2019-01-02T10:15:00ZZ",
		"0000-01-01", "01/01/0000", "0001-01-01T00:00:00+01:00",
		" 01/02/2019", "-01/02/2019" };
	int64_t us = 7;

	for (size_t i = 0; i < COUNT(bad); i++)
		if (instant_parse_lenient(str_of(bad[i]), &us))
			fail_msg("%s was read", bad[i]);
	assert_int_equal(us, 7);
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_true(instant_parse_lenient(str_of(cases[i].text), &us));
		assert_str(instant_rfc3339(*state, us), cases[i].is);
	}
}

static void
years_back(struct arena *a, const char *from, int years, const char *to)
{
	int64_t us;

	assert_true(instant_parse(str_of(from), &us));
	assert_str(instant_rfc3339(a, instant_years_back(us, years)), to);
}

static void
test_years_back(void **state)
{
	years_back(*state, "2020-02-29T10:00:00.5Z", 1,
	    "2019-02-28T10:00:00.500000Z");
	years_back(*state, "2020-02-29T10:00:00Z", 4, "2016-02-29T10:00:00Z");
	years_back(*state, "2021-03-01T00:00:00Z", 1, "2020-03-01T00:00:00Z");
	years_back(*state, "1970-01-01T00:00:00Z", 1, "1969-01-01T00:00:00Z");
	years_back(*state, "0001-06-01T00:00:00Z", 1, "0001-01-01T00:00:00Z");
	assert_str(instant_rfc3339(*state, instant_years_back(INT64_MAX, 1)),
	    "9998-12-31T23:59:59.999999Z");
}

static void
test_infinities_are_cut(void **state)
{
	assert_str(instant_rfc3339(*state, INT64_MAX),
	    "9999-12-31T23:59:59.999999Z");
	assert_str(instant_rfc3339(*state, INT64_MIN), "0001-01-01T00:00:00Z");
}

/* Each day of 800 years follows the one before it, there and back. */
static void
test_every_day(void **state)
{
	char text[INSTANT_TEXT];
	struct date d, last = { 1599, 12, 31 };
	int64_t us = INT64_C(-11676096000) * 1000000, back;

	(void)state;
	for (int i = 0; i < 2 * 146097; i++) {
		size_t n = instant_print(text, us);

		assert_int_equal(n, 20);
		assert_true(date_parse_iso((struct str){ text, 10 }, &d));
		assert_int_equal(date_cmp(d, last), 1);
		assert_true(d.day == last.day + 1 || d.day == 1);
		assert_true(instant_parse((struct str){ text, n }, &back));
		assert_int_equal(back, us);
		last = d;
		us += INT64_C(86400000000);
	}
	assert_int_equal(d.year, 2399);
	assert_int_equal(d.day, 31);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_date_ok),
		cmocka_unit_test(test_date_cmp),
		ARENA_TEST(test_iso),
		ARENA_TEST(test_dmy),
		ARENA_TEST(test_instants),
		cmocka_unit_test(test_instants_refused),
		ARENA_TEST(test_lenient),
		ARENA_TEST(test_years_back),
		ARENA_TEST(test_infinities_are_cut),
		cmocka_unit_test(test_every_day)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
