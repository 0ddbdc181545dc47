/*
 * The table of units, and that the database gets the same one. Run with
 * --sql it prints the rows of sql/migrations/0002_units.sql.
 */
#include "../support/unit_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/unit.h"

static void
print_rows(FILE *to)
{
	for (size_t i = 0; i < units_n; i++)
		fprintf(to, "    (%d, '%s', %d, %s)%s\n", units[i].id,
		    units[i].name, units[i].exponent,
		    units[i].currency ? "true" : "false",
		    i + 1 < units_n ? "," : ";");
}

static void
test_sorted_and_sane(void **state)
{
	(void)state;
	assert_int_equal(units_n, 164 + 5);
	for (size_t i = 0; i < units_n; i++) {
		const struct unit *u = &units[i];

		if (i > 0)
			assert_true(u->id > units[i - 1].id);
		assert_int_equal(u->currency, u->id < UNIT_POINTS);
		if (u->currency)
			assert_int_equal(strlen(u->name), 3);
		else
			assert_int_equal(u->exponent, 0);
		assert_in_range(u->exponent, 0, 4);
		assert_ptr_equal(unit_by_id(u->id), u);
		assert_ptr_equal(unit_by_name(str_of(u->name)), u);
	}
}

static void
test_known(void **state)
{
	static const struct unit cases[] = {
		{ 978, "EUR", 2, true },	{ 840, "USD", 2, true },
		{ 36, "AUD", 2, true },		{ 946, "RON", 2, true },
		{ 8, "ALL", 2, true },		{ 392, "JPY", 0, true },
		{ 410, "KRW", 0, true },	{ 152, "CLP", 0, true },
		{ 352, "ISK", 0, true },	{ 48, "BHD", 3, true },
		{ 368, "IQD", 3, true },	{ 400, "JOD", 3, true },
		{ 414, "KWD", 3, true },	{ 434, "LYD", 3, true },
		{ 512, "OMR", 3, true },	{ 788, "TND", 3, true },
		{ 990, "CLF", 4, true },	{ 927, "UYW", 4, true },
		{ 952, "XOF", 0, true },	{ 951, "XCD", 2, true },
		{ 532, "XCG", 2, true },	{ 924, "ZWG", 2, true },
		{ 925, "SLE", 2, true },	{ 969, "MGA", 2, true },
		{ UNIT_POINTS, "points", 0, false },
		{ UNIT_STAMPS, "stamps", 0, false },
		{ UNIT_REWARDS, "rewards", 0, false },
		{ UNIT_VISITS, "visits", 0, false },
		{ UNIT_CREDITS, "credits", 0, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct unit *u = unit_by_name(str_of(cases[i].name));

		assert_non_null(u);
		assert_int_equal(u->id, cases[i].id);
		assert_int_equal(u->exponent, cases[i].exponent);
		assert_int_equal(u->currency, cases[i].currency);
	}
}

static void
test_unknown(void **state)
{
	static const char *const bad[] = { "", "eur", "EURO", "EU", "XAU",
		"XTS", "XXX", "XDR", "HRK", "Points", "E" };

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_null(unit_by_name(str_of(bad[i])));
	assert_null(unit_by_name(STR_NONE));
	assert_null(unit_by_id(0));
	assert_null(unit_by_id(-1));
	assert_null(unit_by_id(999));
	assert_null(unit_by_id(1006));
	assert_null(unit_by_id(65536 + 978));
}

static void
test_migration_agrees(void **state)
{
	const char *dir = getenv("srcdir");
	char *rows, *file, *at;
	size_t n, got;
	FILE *f;

	(void)state;
	if (dir == NULL || chdir(dir) != 0)
		skip();
	f = open_memstream(&rows, &n);
	assert_non_null(f);
	print_rows(f);
	fclose(f);
	f = fopen("sql/migrations/0002_units.sql", "r");
	assert_non_null(f);
	file = calloc(1, 65536);
	assert_non_null(file);
	got = fread(file, 1, 65535, f);
	assert_true(got > n);
	fclose(f);
	at = strstr(file, "VALUES\n");
	assert_non_null(at);
	assert_string_equal(at + 7, rows);
	free(file);
	free(rows);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sorted_and_sane),
		cmocka_unit_test(test_known),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_migration_agrees)
	};

	if (argc == 2 && strcmp(argv[1], "--sql") == 0) {
		print_rows(stdout);
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
