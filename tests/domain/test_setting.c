/* Settings as a worker reads them: "key=value" lines from the database. */
#include "../support/unit_test.h"

#include "domain/admin.h"

static const struct {
	const char	*text;
	bool		 on;		/* of "on" */
	int64_t		 max;		/* of "max" */
} cases[] = {
	{ "on=true\nmax=10000", true, 10000 },
	{ "max=10000\non=true", true, 10000 },
	{ "on=false\nmax=0", false, 0 },
	{ "on=true\nmax=9223372036854775807", true, INT64_MAX },
	{ "on=true\nmax=-5\n", true, -5 },
	/* Whole keys only, wherever they stand. */
	{ "xon=true\nmaxi=5", false, 0 },
	{ "on2=true\nma=5", false, 0 },
	{ "note=on=true\nother=max=5", false, 0 },
	/* A value may hold anything but a line's end. */
	{ "a==\non=true\nb= \nmax=7", true, 7 },
	/* What is not there or not sound is off. */
	{ "", false, 0 },
	{ "\n\n", false, 0 },
	{ "on\nmax", false, 0 },
	{ "on=\nmax=", false, 0 },
	{ "on=1\nmax=5x", false, 0 },
	{ "on=TRUE\nmax=9223372036854775808", false, 0 },
	{ "on =true\n max=5", false, 0 },
	/* The first counts. */
	{ "on=false\non=true\nmax=1\nmax=2", false, 1 },
};

static void
test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct principal who = {
			.settings = str_of(cases[i].text) };

		if (setting_bool(&who, "on") != cases[i].on ||
		    setting_i64(&who, "max") != cases[i].max)
			fail_msg("case %zu: \"%s\"", i, cases[i].text);
	}
}

static void
test_nobody(void **state)
{
	const struct principal who = { .settings = STR_NONE };

	(void)state;
	assert_false(setting_bool(NULL, "on"));
	assert_int_equal(setting_i64(NULL, "max"), 0);
	assert_false(setting_bool(&who, "on"));
	assert_int_equal(setting_i64(&who, "max"), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_nobody)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
