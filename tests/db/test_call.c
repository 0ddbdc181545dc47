/*
 * db_call against a real PostgreSQL, with what goes wrong in one. Needs
 * TESSERA_TEST_CONNINFO: a superuser and a database of its own, in which the
 * schema "api" is made anew; without it all is skipped.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <libpq-fe.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "db/conn.h"

#define LONG_US	INT64_C(20000000)

static const char schema[] =
"DROP SCHEMA IF EXISTS api CASCADE; CREATE SCHEMA api;"
"CREATE TYPE api.status AS ENUM ('ok', 'card_expired');"
"CREATE TABLE api.note (n int);"
"CREATE TABLE api.account (id int PRIMARY KEY, v int);"
"INSERT INTO api.account VALUES (1, 0), (2, 0);"
"CREATE TYPE api.rec AS (a text, b bigint, c boolean);"
"CREATE FUNCTION api.schema_version(OUT status api.status, OUT version int,"
" OUT statuses text) LANGUAGE sql AS $$ SELECT 'ok'::api.status, "
"coalesce(nullif(current_setting('test.version', true), '')::int, %d), "
"coalesce(nullif(current_setting('test.labels', true), ''), "
"array_to_string(enum_range(NULL::api.status), ',')) $$;"
"CREATE FUNCTION api.ping(p text) RETURNS TABLE (status api.status, p text) "
"LANGUAGE sql AS $$ SELECT 'ok'::api.status, $1 $$;"
"CREATE FUNCTION api.refuse() RETURNS TABLE (status api.status, n int) "
"LANGUAGE sql AS $$ SELECT 'card_expired'::api.status, 7 $$;"
"CREATE FUNCTION api.nothing() RETURNS TABLE (status api.status, n int) "
"LANGUAGE sql AS $$ SELECT 'ok'::api.status, 7 WHERE false $$;"
"CREATE FUNCTION api.fails(p text) RETURNS int LANGUAGE plpgsql AS "
"$$ BEGIN RAISE EXCEPTION USING ERRCODE = p, MESSAGE = 'no'; END $$;"
"CREATE FUNCTION api.wait() RETURNS TABLE (status api.status) "
"LANGUAGE plpgsql AS $$ BEGIN INSERT INTO api.note VALUES (1); "
"PERFORM pg_advisory_xact_lock(77); RETURN QUERY SELECT 'ok'::api.status; "
"END $$;"
"CREATE FUNCTION api.both() RETURNS TABLE (status api.status) "
"LANGUAGE plpgsql AS $$ BEGIN UPDATE api.account SET v = v + 1 WHERE id = 1;"
" UPDATE api.account SET v = v + 1 WHERE id = 2; "
"RETURN QUERY SELECT 'ok'::api.status; END $$;"
"CREATE FUNCTION api.strs(p text[]) RETURNS TABLE (status api.status, "
"s text) LANGUAGE sql AS $$ SELECT 'ok'::api.status, unnest(p) $$;"
"CREATE FUNCTION api.recs(p api.rec[]) RETURNS TABLE (status api.status, "
"a text, b bigint, c boolean) LANGUAGE sql AS "
"$$ SELECT 'ok'::api.status, (r).* FROM unnest(p) r $$;"
"CREATE FUNCTION api.stamp(p timestamptz, d date, y bytea, u uuid) "
"RETURNS TABLE (status api.status, t timestamptz, d date, y bytea, u uuid) "
"LANGUAGE sql AS $$ SELECT 'ok'::api.status, $1, $2, $3, $4 $$;"
"GRANT USAGE ON SCHEMA api TO PUBLIC";

struct fixture {
	const char	*conninfo;
	PGconn		*other;		/* the hand that disturbs */
	struct arena	*arena;
	struct db	*db;
	pthread_t	 thread;
	const char	*disturb;	/* SQL once our session waits */
	const char	*then;		/* and after that */
};

static void
other_do(struct fixture *f, const char *sql)
{
	PGresult *res = PQexec(f->other, sql);

	if (PQresultStatus(res) != PGRES_COMMAND_OK &&
	    PQresultStatus(res) != PGRES_TUPLES_OK)
		fail_msg("%s: %s", sql, PQerrorMessage(f->other));
	PQclear(res);
}

static int
other_int(struct fixture *f, const char *sql)
{
	PGresult *res = PQexec(f->other, sql);
	int64_t v = -1;

	if (PQntuples(res) != 1 ||
	    !str_to_i64(str_of(PQgetvalue(res, 0, 0)), 0, INT32_MAX, &v))
		fail_msg("%s: %s", sql, PQerrorMessage(f->other));
	PQclear(res);
	return (int)v;
}

static void
open_db(struct fixture *f, bool prepare, int timeout_ms)
{
	struct db_options opt = { .conninfo = f->conninfo,
	    .prepare = prepare, .statement_timeout_ms = timeout_ms,
	    .clock = clock_system, .log = { 2, LOG_ERROR } };

	db_free(f->db);
	f->db = db_new(&opt);
}

static int
setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	char sql[8192];

	f->conninfo = getenv("TESSERA_TEST_CONNINFO");
	f->arena = arena_new((size_t)8 << 20);
	*state = f;
	if (f->conninfo == NULL)
		return 0;
	f->other = PQconnectdb(f->conninfo);
	assert_int_equal(PQstatus(f->other), CONNECTION_OK);
	assert_int_equal(other_int(f, "SELECT count(*)::int FROM pg_namespace "
	    "WHERE nspname = 'ledger'"), 0);
	snprintf(sql, sizeof(sql), schema, TESSERA_SCHEMA_VERSION);
	other_do(f, "SET client_min_messages = error");
	other_do(f, sql);
	open_db(f, true, 0);
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	db_free(f->db);
	arena_free(f->arena);
	PQfinish(f->other);
	free(f);
	return 0;
}

static struct fixture *
need_server(void **state)
{
	struct fixture *f = *state;

	if (f->conninfo == NULL)
		skip();
	return f;
}

static enum err
call_within(struct fixture *f, enum db_kind kind, const char *name,
    const char *param, int64_t us, struct db_rows *rows)
{
	struct db_params p;

	db_params_init(&p, f->arena);
	if (param != NULL)
		db_p_str(&p, str_of(param));
	return db_call(f->db, f->arena, conn_now(f->db) + us, kind, name, &p,
	    rows);
}

static enum err
call(struct fixture *f, enum db_kind kind, const char *name,
    const char *param, struct db_rows *rows)
{
	return call_within(f, kind, name, param, LONG_US, rows);
}

/* Wait until the session under test waits for a lock, then act. */
static void *
disturber(void *arg)
{
	struct fixture *f = arg;

	while (other_int(f, "SELECT count(*)::int FROM pg_stat_activity WHERE "
	    "wait_event_type = 'Lock' AND application_name = 'tessera'") == 0) {
		/* Within a transaction one would see the same for ever. */
		other_do(f, "SELECT pg_stat_clear_snapshot()");
		(void)poll(NULL, 0, 5);
	}
	other_do(f, f->disturb);
	if (f->then != NULL)
		other_do(f, f->then);
	return NULL;
}

static enum err
call_disturbed(struct fixture *f, enum db_kind kind, const char *name,
    const char *disturb, const char *then)
{
	struct db_rows rows;
	enum err err;

	f->disturb = disturb;
	f->then = then;
	assert_int_equal(pthread_create(&f->thread, NULL, disturber, f), 0);
	err = call(f, kind, name, NULL, &rows);
	pthread_join(f->thread, NULL);
	return err;
}

#define KILL_WAITING	"SELECT pg_terminate_backend(pid) FROM "	\
	"pg_stat_activity WHERE wait_event_type = 'Lock' AND "		\
	"application_name = 'tessera'"
#define KILL_ALL	"SELECT pg_terminate_backend(pid, 5000) FROM "	\
	"pg_stat_activity WHERE application_name = 'tessera'"

static void
answers(void **state)
{
	struct fixture *f = need_server(state);
	struct db_rows rows;

	assert_int_equal(call(f, DB_READ, "ping", "hello", &rows), ERR_OK);
	assert_int_equal(rows.n, 1);
	assert_true(str_eq(db_str(&rows, 0, "p"), STR("hello")));
	assert_int_equal(call(f, DB_READ, "api.ping", "x", &rows), ERR_OK);
	assert_int_equal(call(f, DB_READ, "refuse", NULL, &rows),
	    ERR_CARD_EXPIRED);
	assert_int_equal(db_i64(&rows, 0, "n"), 7);
	assert_int_equal(call(f, DB_READ, "nothing", NULL, &rows), ERR_OK);
	assert_int_equal(rows.n, 0);
	open_db(f, false, 100);
	assert_int_equal(call(f, DB_READ, "ping", "bouncer", &rows), ERR_OK);
	assert_int_equal(call(f, DB_READ, "ping", "again", &rows), ERR_OK);
	assert_true(str_eq(db_str(&rows, 0, "p"), STR("again")));
}

static void
raised(void **state)
{
	struct fixture *f = need_server(state);
	struct db_rows rows;

	assert_int_equal(call(f, DB_KEYED, "fails", "TS001", &rows),
	    ERR_REPLAY);
	assert_int_equal(call(f, DB_WRITE, "fails", "40001", &rows),
	    ERR_UNAVAILABLE);
	assert_int_equal(call(f, DB_WRITE, "fails", "55P03", &rows),
	    ERR_UNAVAILABLE);
	assert_int_equal(call(f, DB_WRITE, "fails", "25006", &rows),
	    ERR_UNAVAILABLE);
	assert_int_equal(call(f, DB_WRITE, "fails", "22012", &rows),
	    ERR_INTERNAL);
	assert_int_equal(call(f, DB_READ, "missing", NULL, &rows),
	    ERR_INTERNAL);
	assert_int_equal(call(f, DB_READ, "ping", "\xff", &rows), ERR_INVALID);
}

static void
texts(void **state)
{
	struct fixture *f = need_server(state);
	const struct str s[] = { STR("a"), STR(""), STR_NONE, STR("NULL"),
	    STR("{x,y}"), STR("(1,2)"), STR("say \"no\""), STR("a\\b\\"),
	    STR("\n\t ü "), STR("\"\"\\\""), STR("'$1'") };
	struct db_params p;
	struct db_records r;
	struct db_rows rows;

	db_params_init(&p, f->arena);
	db_p_strs(&p, s, COUNT(s));
	assert_int_equal(db_call(f->db, f->arena, conn_now(f->db) + LONG_US,
	    DB_READ, "strs", &p, &rows), ERR_OK);
	assert_int_equal(rows.n, COUNT(s));
	for (size_t i = 0; i < COUNT(s); i++) {
		assert_true(db_null(&rows, (int)i, "s") == (s[i].p == NULL));
		assert_true(str_eq(db_str(&rows, (int)i, "s"), s[i]));
	}

	db_params_init(&p, f->arena);
	db_rec_begin(&r, f->arena, 10000);
	for (size_t i = 0; i < COUNT(s); i++) {
		db_rec_row(&r);
		db_rec_str(&r, s[i]);
		if (i == 0)
			db_rec_null(&r);
		else
			db_rec_i64(&r, (int64_t)i);
		db_rec_bool(&r, i == 1);
	}
	db_p_records(&p, &r);
	assert_int_equal(db_call(f->db, f->arena, conn_now(f->db) + LONG_US,
	    DB_READ, "recs", &p, &rows), ERR_OK);
	assert_int_equal(rows.n, COUNT(s));
	for (size_t i = 0; i < COUNT(s); i++) {
		assert_true(db_null(&rows, (int)i, "a") == (s[i].p == NULL));
		assert_true(str_eq(db_str(&rows, (int)i, "a"), s[i]));
		assert_true(db_null(&rows, (int)i, "b") == (i == 0));
		assert_int_equal(db_i64(&rows, (int)i, "b"), i);
		assert_true(db_bool(&rows, (int)i, "c") == (i == 1));
	}
}

static void
instants(void **state)
{
	struct fixture *f = need_server(state);
	const int64_t us[] = { 1, -1, INT64_C(1795341600123456),
	    INT64_C(951825600000000) };
	const uint8_t uuid[16] = { 1, 2, 3, [15] = 0xff };
	struct db_params p;
	struct db_rows rows;
	uint8_t got[16];

	for (size_t i = 0; i < COUNT(us); i++) {
		db_params_init(&p, f->arena);
		db_p_instant(&p, us[i]);
		db_p_date(&p, (struct date){ 2025, 1, 2 });
		db_p_bytes(&p, "\0\\'", 3);
		db_p_uuid(&p, uuid);
		assert_int_equal(db_call(f->db, f->arena,
		    conn_now(f->db) + LONG_US, DB_READ, "stamp", &p, &rows),
		    ERR_OK);
		assert_true(db_instant(&rows, 0, "t") == us[i]);
		assert_int_equal(db_date(&rows, 0, "d").day, 2);
		assert_memory_equal(db_bytes(f->arena, &rows, 0, "y").p,
		    "\0\\'", 3);
		db_uuid(&rows, 0, "u", got);
		assert_memory_equal(got, uuid, 16);
	}
}

static void
killed(void **state)
{
	static const struct { enum db_kind kind; enum err err; int notes; }
	rows[] = {
		{ DB_READ, ERR_OK, 1 },
		{ DB_KEYED, ERR_OK, 1 },
		{ DB_WRITE, ERR_OUTCOME_UNKNOWN, 0 },
	};
	struct fixture *f = need_server(state);

	for (size_t i = 0; i < COUNT(rows); i++) {
		open_db(f, true, 0);
		other_do(f, "TRUNCATE api.note");
		other_do(f, "SELECT pg_advisory_lock(77)");
		assert_int_equal(call_disturbed(f, rows[i].kind, "wait",
		    KILL_WAITING, "SELECT pg_advisory_unlock(77)"),
		    rows[i].err);
		assert_int_equal(other_int(f,
		    "SELECT count(*)::int FROM api.note"), rows[i].notes);
		assert_int_equal(db_reconnects(f->db), rows[i].notes);
		assert_int_equal(db_ready(f->db), ERR_OK);
	}
}

/* A session that died while nobody used it costs no write its certainty. */
static void
killed_idle(void **state)
{
	struct fixture *f = need_server(state);
	struct db_rows rows;

	assert_int_equal(call(f, DB_WRITE, "ping", "1", &rows), ERR_OK);
	other_do(f, KILL_ALL);
	assert_int_equal(call(f, DB_WRITE, "ping", "2", &rows), ERR_OK);
	assert_int_equal(db_reconnects(f->db), 1);
}

static void
deadlock(void **state)
{
	struct fixture *f = need_server(state);

	other_do(f, "SET deadlock_timeout = '60s'");
	other_do(f, "BEGIN; UPDATE api.account SET v = v + 10 WHERE id = 2");
	assert_int_equal(call_disturbed(f, DB_WRITE, "both",
	    "UPDATE api.account SET v = v + 10 WHERE id = 1", "COMMIT"),
	    ERR_OK);
	assert_int_equal(other_int(f, "SELECT sum(v)::int FROM api.account"),
	    22);
	assert_int_equal(db_reconnects(f->db), 0);
}

static void
timeouts(void **state)
{
	struct fixture *f = need_server(state);
	struct db_rows rows;

	other_do(f, "SELECT pg_advisory_lock(77)");
	open_db(f, true, 100);
	assert_int_equal(call(f, DB_KEYED, "wait", NULL, &rows),
	    ERR_UNAVAILABLE);
	assert_int_equal(db_reconnects(f->db), 0);

	/* PostgreSQL is silent: nobody knows, and the session is given up. */
	open_db(f, true, 0);
	assert_int_equal(call_within(f, DB_READ, "wait", NULL, 100000, &rows),
	    ERR_UNAVAILABLE);
	assert_int_equal(call_within(f, DB_KEYED, "wait", NULL, 100000, &rows),
	    ERR_OUTCOME_UNKNOWN);
	assert_int_equal(call_within(f, DB_WRITE, "wait", NULL, 100000, &rows),
	    ERR_OUTCOME_UNKNOWN);
	assert_int_equal(call_within(f, DB_WRITE, "wait", NULL, 0, &rows),
	    ERR_UNAVAILABLE);
	assert_null(f->db->conn);
	other_do(f, "SELECT pg_advisory_unlock(77)");
	assert_int_equal(call(f, DB_WRITE, "wait", NULL, &rows), ERR_OK);
}

static void
redeployed(void **state)
{
	struct fixture *f = need_server(state);
	struct db_rows rows;

	assert_int_equal(call(f, DB_WRITE, "refuse", NULL, &rows),
	    ERR_CARD_EXPIRED);
	other_do(f, "DROP FUNCTION api.refuse(); CREATE FUNCTION api.refuse() "
	    "RETURNS TABLE (status api.status, m text) LANGUAGE sql AS "
	    "$$ SELECT 'ok'::api.status, 'new' $$");
	assert_int_equal(call(f, DB_WRITE, "refuse", NULL, &rows), ERR_OK);
	assert_true(str_eq(db_str(&rows, 0, "m"), STR("new")));
}

static void
unknown_schema(void **state)
{
	struct fixture *f = need_server(state);
	struct db_rows rows;
	char info[512];

	snprintf(info, sizeof(info), "%s options='-c test.version=1'",
	    f->conninfo);
	f->conninfo = info;
	open_db(f, true, 0);
	assert_int_equal(db_ready(f->db), ERR_UNAVAILABLE);
	assert_non_null(strstr(f->db->why, "tessera migrate"));
	assert_int_equal(call(f, DB_READ, "ping", "x", &rows),
	    ERR_UNAVAILABLE);
	f->conninfo = getenv("TESSERA_TEST_CONNINFO");
	snprintf(info, sizeof(info), "%s options='-c test.labels=ok,odd'",
	    f->conninfo);
	f->conninfo = info;
	open_db(f, true, 0);
	assert_int_equal(db_ready(f->db), ERR_UNAVAILABLE);
	assert_non_null(strstr(f->db->why, "\"odd\""));
}

static void
no_server(void **state)
{
	struct fixture *f = *state;
	struct db_rows rows;

	f->conninfo = "host=/nonexistent dbname=none";
	open_db(f, true, 100);
	assert_int_equal(db_ready(f->db), ERR_UNAVAILABLE);
	assert_int_equal(call(f, DB_WRITE, "ping", "x", &rows),
	    ERR_UNAVAILABLE);
	assert_int_equal(db_reconnects(f->db), 0);
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(answers), TEST(raised), TEST(texts), TEST(instants),
		TEST(killed), TEST(killed_idle), TEST(deadlock),
		TEST(timeouts), TEST(redeployed), TEST(unknown_schema),
		TEST(no_server),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
