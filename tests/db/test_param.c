/* Text forms of parameters, and columns of a result made by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <libpq-fe.h>
#include <string.h>

#include "base/arena.h"
#include "db/db.h"

static int
setup(void **state)
{
	*state = arena_new((size_t)1 << 20);
	return 0;
}

static int
teardown(void **state)
{
	arena_free(*state);
	return 0;
}

static void
scalars(void **state)
{
	const uint8_t bytes[16] = { 0, 1, 0xfe, 0xff };
	struct db_params p;

	db_params_init(&p, *state);
	db_p_null(&p);
	db_p_i64(&p, INT64_MIN);
	db_p_bool(&p, true);
	db_p_str(&p, STR(""));
	db_p_str(&p, STR_NONE);
	db_p_bytes(&p, bytes, 4);
	db_p_bytes(&p, bytes, 0);
	db_p_uuid(&p, bytes);
	db_p_date(&p, (struct date){ 2025, 2, 3 });
	db_p_date(&p, (struct date){ 0, 0, 0 });
	db_p_instant(&p, 1);
	db_p_instant(&p, 0);
	assert_int_equal(p.n, 12);
	assert_false(p.bad);
	assert_null(p.v[0]);
	assert_string_equal(p.v[1], "-9223372036854775808");
	assert_string_equal(p.v[2], "t");
	assert_string_equal(p.v[3], "");
	assert_null(p.v[4]);
	assert_string_equal(p.v[5], "\\x0001feff");
	assert_string_equal(p.v[6], "\\x");
	assert_string_equal(p.v[7], "0001feff000000000000000000000000");
	assert_string_equal(p.v[8], "2025-02-03");
	assert_null(p.v[9]);
	assert_string_equal(p.v[10], "1970-01-01T00:00:00.000001Z");
	assert_null(p.v[11]);
}

static void
nul_is_bad(void **state)
{
	struct str nul = STR("a\0b");
	struct db_records r;
	struct db_params p;

	db_params_init(&p, *state);
	db_p_str(&p, nul);
	assert_true(p.bad);
	db_params_init(&p, *state);
	db_p_strs(&p, &nul, 1);
	assert_true(p.bad);
	db_params_init(&p, *state);
	db_rec_begin(&r, *state, 100);
	db_rec_row(&r);
	db_rec_str(&r, nul);
	db_p_records(&p, &r);
	assert_true(p.bad);
}

static void
arrays(void **state)
{
	const struct str s[] = { STR("a"), STR(""), STR_NONE, STR("NULL"),
	    STR("{x,y}"), STR("say \"no\""), STR("back\\slash"), STR("ü\n") };
	const int64_t n[] = { 1, -2, 3 };
	struct db_params p;

	db_params_init(&p, *state);
	db_p_strs(&p, s, COUNT(s));
	db_p_strs(&p, s, 0);
	db_p_i64s(&p, n, COUNT(n));
	db_p_i64s(&p, n, 0);
	assert_string_equal(p.v[0], "{\"a\",\"\",NULL,\"NULL\",\"{x,y}\","
	    "\"say \\\"no\\\"\",\"back\\\\slash\",\"ü\n\"}");
	assert_string_equal(p.v[1], "{}");
	assert_string_equal(p.v[2], "{1,-2,3}");
	assert_string_equal(p.v[3], "{}");
}

static void
records(void **state)
{
	struct db_records r;
	struct db_params p;

	db_params_init(&p, *state);
	db_rec_begin(&r, *state, 1000);
	db_p_records(&p, &r);
	assert_string_equal(p.v[0], "{}");

	db_rec_begin(&r, *state, 1000);
	db_rec_row(&r);
	db_rec_i64(&r, 7);
	db_rec_null(&r);
	db_rec_str(&r, STR(""));
	db_rec_row(&r);
	db_rec_bool(&r, false);
	db_rec_str(&r, STR("a\"b\\c,d"));
	db_rec_date(&r, (struct date){ 2025, 12, 31 });
	db_p_records(&p, &r);
	assert_string_equal(p.v[1], "{\"(7,,\\\"\\\")\","
	    "\"(f,\\\"a\\\"\\\"b\\\\\\\\c,d\\\",2025-12-31)\"}");
}

static const char *const	cols[] = { "status", "s", "n", "b", "d", "t",
	"u", "x" };

/* One row; NULL values are null. */
static struct db_rows
row(const char *const vals[COUNT(cols)])
{
	PGresult *res = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
	PGresAttDesc att[COUNT(cols)];

	memset(att, 0, sizeof(att));
	for (size_t i = 0; i < COUNT(cols); i++)
		att[i].name = (char *)(uintptr_t)cols[i];
	assert_int_equal(PQsetResultAttrs(res, COUNT(cols), att), 1);
	for (size_t i = 0; i < COUNT(cols); i++)
		assert_int_equal(PQsetvalue(res, 0, (int)i,
		    (char *)(uintptr_t)vals[i],
		    vals[i] != NULL ? (int)strlen(vals[i]) : -1), 1);
	return (struct db_rows){ res, 1 };
}

static void
columns(void **state)
{
	const char *const vals[] = { "card_expired", "", "-9223372036854775808",
	    "t", "2024-02-29", "2026-11-22 10:00:00.123456+00",
	    "00010203-0405-0607-0809-0a0b0c0d0eff", "\\x00ff" };
	struct db_rows r = row(vals);
	uint8_t u[16];
	struct str x;

	assert_int_equal(db_status(&r, 0, "status"), ERR_CARD_EXPIRED);
	assert_false(db_null(&r, 0, "s"));
	assert_non_null(db_str(&r, 0, "s").p);
	assert_int_equal(db_str(&r, 0, "s").n, 0);
	assert_true(db_i64(&r, 0, "n") == INT64_MIN);
	assert_true(db_bool(&r, 0, "b"));
	assert_int_equal(date_cmp(db_date(&r, 0, "d"),
	    (struct date){ 2024, 2, 29 }), 0);
	assert_true(db_instant(&r, 0, "t") == INT64_C(1795341600123456));
	db_uuid(&r, 0, "u", u);
	assert_int_equal(u[1], 1);
	assert_int_equal(u[15], 0xff);
	x = db_bytes(*state, &r, 0, "x");
	assert_int_equal(x.n, 2);
	assert_memory_equal(x.p, "\0\xff", 2);
	PQclear(r.res);
}

static void
instants(void **state)
{
	static const struct { const char *text; int64_t us; } rows[] = {
		{ "1970-01-01 00:00:00.000001+00", 1 },
		{ "1970-01-01 00:00:01+00", 1000000 },
		{ "1969-12-31 23:59:59.5+00", -500000 },
		{ "2000-02-29 12:00:00+00", INT64_C(951825600000000) },
		{ "infinity", 0 },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *const vals[COUNT(cols)] = { [5] = rows[i].text };
		struct db_rows r = row(vals);

		(void)state;
		assert_true(db_instant(&r, 0, "t") == rows[i].us);
		PQclear(r.res);
	}
}

static void
nulls(void **state)
{
	const char *const vals[COUNT(cols)] = { NULL };
	struct db_rows r = row(vals);

	assert_int_equal(db_status(&r, 0, "status"), ERR_INTERNAL);
	assert_true(db_null(&r, 0, "s"));
	assert_null(db_str(&r, 0, "s").p);
	assert_int_equal(db_i64(&r, 0, "n"), 0);
	assert_false(db_bool(&r, 0, "b"));
	assert_int_equal(db_date(&r, 0, "d").year, 0);
	assert_int_equal(db_instant(&r, 0, "t"), 0);
	assert_null(db_bytes(*state, &r, 0, "x").p);
	PQclear(r.res);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(scalars, setup, teardown),
		cmocka_unit_test_setup_teardown(nul_is_bad, setup, teardown),
		cmocka_unit_test_setup_teardown(arrays, setup, teardown),
		cmocka_unit_test_setup_teardown(records, setup, teardown),
		cmocka_unit_test_setup_teardown(columns, setup, teardown),
		cmocka_unit_test_setup_teardown(instants, setup, teardown),
		cmocka_unit_test_setup_teardown(nulls, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
