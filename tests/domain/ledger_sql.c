#include "../support/unit_test.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>

#include "domain/domain.h"
#include "ledger_sql.h"

bool
sql_run(PGconn *conn, const char *sql)
{
	PGresult *res = PQexec(conn, sql);
	bool ok = PQresultStatus(res) == PGRES_COMMAND_OK ||
	    PQresultStatus(res) == PGRES_TUPLES_OK;

	PQclear(res);
	return ok;
}

int64_t
sql_number(PGconn *conn, const char *sql)
{
	PGresult *res = PQexec(conn, sql);
	int64_t v = 0;

	if (PQntuples(res) != 1 || !str_to_i64(str_of(PQgetvalue(res, 0, 0)),
	    INT64_MIN, INT64_MAX, &v))
		fail_msg("%s: %s", sql, PQerrorMessage(conn));
	PQclear(res);
	return v;
}

void
sql_tenant(PGconn *conn, uint64_t seed, struct principal *ret)
{
	char sql[1024];

	snprintf(sql, sizeof(sql), "SELECT ops.tenant_add('random %llx', NULL, "
	    "'UTC', 978::smallint, false, NULL)",
	    (unsigned long long)seed);
	assert_true(sql_run(conn, sql));
	snprintf(sql, sizeof(sql), "SELECT tenant_id FROM ledger.tenant "
	    "WHERE name = 'random %llx'", (unsigned long long)seed);
	ret->tenant = (int32_t)sql_number(conn, sql);
	snprintf(sql, sizeof(sql), "INSERT INTO ledger.programme (tenant_id, "
	    "kind, unit, code_length, amount_max, number, code, name, prefix, "
	    "alphabet, settings) SELECT %d, 5, u, 16, 1000000, i, c, c, '', "
	    "'0123456789', s::jsonb FROM (VALUES (1, 978, 'GIFT', '{}'), "
	    "(2, 1001, 'POINTS', '{\"earn_rate_bp\": 5000}'), (3, 1001, "
	    "'BOTH', '{\"earn_rate_bp\": 750, \"earn_on_spend\": true}')) "
	    "AS v (i, u, c, s)", (int)ret->tenant);
	assert_true(sql_run(conn, sql));
	snprintf(sql, sizeof(sql), "INSERT INTO ledger.credential (tenant_id, "
	    "scopes, api) VALUES (%d, 63, 'native') RETURNING credential_id",
	    (int)ret->tenant);
	ret->credential = (int32_t)sql_number(conn, sql);
	ret->version = 1;
	ret->currency = unit_by_id(978);
	ret->time_zone = STR("UTC");
}

/* xorshift64*: the same choices for the same seed. */
uint32_t
sql_draw(uint64_t *dice, uint32_t below)
{
	*dice ^= *dice >> 12;
	*dice ^= *dice << 25;
	*dice ^= *dice >> 27;
	return (uint32_t)((*dice * UINT64_C(0x2545f4914f6cdd1d)) >> 33) % below;
}

bool
sql_lock_pair(PGconn *conn, int tenant, int first, int second)
{
	char sql[200];
	bool ok = sql_run(conn, "BEGIN");

	for (int id = first; ok && id > 0; id = id != second ? second : 0) {
		snprintf(sql, sizeof(sql), "SELECT FROM ledger.purse "
		    "WHERE tenant_id = %d AND card_id = %d FOR UPDATE",
		    tenant, id);
		ok = sql_run(conn, sql);
	}
	return ok;
}

void
sql_checks(PGconn *conn)
{
	const char *dir = getenv("srcdir");
	char text[8192], path[1024];
	glob_t files;

	snprintf(path, sizeof(path), "%s/sql/checks/*.sql",
	    dir != NULL ? dir : ".");
	assert_int_equal(glob(path, 0, NULL, &files), 0);
	assert_true(files.gl_pathc >= 10);
	for (size_t i = 0; i < files.gl_pathc; i++) {
		FILE *f = fopen(files.gl_pathv[i], "r");
		PGresult *res;

		assert_non_null(f);
		text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
		fclose(f);
		res = PQexec(conn, text);
		assert_int_equal(PQresultStatus(res), PGRES_TUPLES_OK);
		if (PQntuples(res) != 0)
			fail_msg("%s: %d rows", files.gl_pathv[i],
			    PQntuples(res));
		PQclear(res);
	}
	globfree(&files);
}

int64_t
sql_deadlocks(PGconn *conn)
{
	/* What a session has to report is reported once it has ended. */
	while (sql_number(conn, "SELECT count(*) FROM pg_stat_activity WHERE "
	    "datname = current_database() AND usename = 'tessera_app' AND "
	    "application_name = '" SQL_SESSION "'") > 0)
		continue;
	(void)sql_run(conn, "SELECT pg_stat_clear_snapshot()");
	return sql_number(conn, "SELECT deadlocks FROM pg_stat_database "
	    "WHERE datname = current_database()");
}
