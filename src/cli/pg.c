#include <string.h>

#include "base/arena.h"
#include "cli/pg.h"

static void
finish(void *conn)
{
	PQfinish(conn);
}

static void
drop_notice(void *arg, const PGresult *res)
{
	(void)arg;
	(void)res;
}

/* Names in messages are qualified when nothing is on the path. */
static const char session[] = "SET statement_timeout = 0; "
    "SET timezone = 'UTC'; SET datestyle = 'ISO'; "
    "SET search_path = pg_catalog";

PGconn *
pg_connect(struct cli *cli)
{
	const char *keys[] = { "dbname", "fallback_application_name",
	    "client_encoding", "connect_timeout", NULL };
	const char *vals[] = { cli->config->admin_database, "tessera", "UTF8",
	    "10", NULL };
	PGconn *conn = PQconnectdbParams(keys, vals, 1);

	arena_defer(cli->arena, finish, conn);
	if (PQstatus(conn) != CONNECTION_OK) {
		cli_fail("cannot reach the database: %s"
		    "See admin_database in %s.", PQerrorMessage(conn),
		    cli->conf_path);
		return NULL;
	}
	PQsetNoticeReceiver(conn, drop_notice, NULL);
	return pg_run(conn, session) ? conn : NULL;
}

bool
pg_again(PGconn *conn)
{
	PGresult *res;
	bool ok;

	PQreset(conn);
	if (PQstatus(conn) != CONNECTION_OK)
		return false;
	res = PQexec(conn, session);
	ok = PQresultStatus(res) == PGRES_COMMAND_OK;
	PQclear(res);
	return ok;
}

bool
pg_sqlstate(const PGresult *res, const char *state)
{
	const char *have = PQresultErrorField(res, PG_DIAG_SQLSTATE);

	return have != NULL && strcmp(have, state) == 0;
}

void
pg_report(const PGresult *res, const char *where)
{
	const char *text = PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY);
	const char *detail = PQresultErrorField(res, PG_DIAG_MESSAGE_DETAIL);
	const char *hint = PQresultErrorField(res, PG_DIAG_MESSAGE_HINT);

	if (text == NULL)
		text = PQresultErrorMessage(res);
	cli_fail("%s%s%s%s%s%s%s", where, where[0] != '\0' ? ": " : "", text,
	    detail != NULL ? "; " : "", detail != NULL ? detail : "",
	    hint != NULL ? "; " : "", hint != NULL ? hint : "");
}

static bool
succeeded(const PGresult *res)
{
	return PQresultStatus(res) == PGRES_COMMAND_OK ||
	    PQresultStatus(res) == PGRES_TUPLES_OK;
}

bool
pg_run(PGconn *conn, const char *sql)
{
	PGresult *res = PQexec(conn, sql);
	bool ok = succeeded(res);

	if (!ok)
		pg_report(res, "");
	PQclear(res);
	return ok;
}

PGresult *
pg_ask(PGconn *conn, const char *sql, int n, const char *const *params)
{
	PGresult *res = PQexecParams(conn, sql, n, NULL, params, NULL, NULL,
	    0);

	if (succeeded(res))
		return res;
	pg_report(res, "");
	PQclear(res);
	return NULL;
}

bool
pg_do(PGconn *conn, const char *sql, int n, const char *const *params)
{
	PGresult *res = pg_ask(conn, sql, n, params);

	PQclear(res);
	return res != NULL;
}
