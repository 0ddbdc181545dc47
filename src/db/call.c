#include <assert.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "db/conn.h"

#define CONFLICTS_MAX	5
#define SQLSTATE_LEN	5

/* How one attempt went. */
enum outcome {
	OUT_DONE,
	OUT_CONFLICT,		/* lost against another transaction */
	OUT_UNPREPARED,		/* the server forgot or outgrew the statement */
	OUT_BUSY,		/* gave up, nothing was booked */
	OUT_MOVED,		/* not the primary: nothing was booked */
	OUT_REPLAY,
	OUT_INVALID,
	OUT_EXHAUSTED,		/* no free code among those drawn */
	OUT_BROKEN,		/* we or the schema are wrong */
	OUT_DOWN,		/* no connection, nothing was sent */
	OUT_LOST		/* no answer to what was sent */
};

/* The first prefix that fits counts. */
static const struct {
	const char	*prefix;
	enum outcome	 outcome;
	bool		 logged;
} sqlstates[] = {
	{ "TS001", OUT_REPLAY, false },		/* ours */
	{ "TS003", OUT_EXHAUSTED, true },	/* ours */
	{ "40001", OUT_CONFLICT, false },	/* serialization_failure */
	{ "40P01", OUT_CONFLICT, false },	/* deadlock_detected */
	{ "26000", OUT_UNPREPARED, true },	/* no such statement */
	{ "0A000", OUT_UNPREPARED, true },	/* cached plan's type changed */
	{ "42P05", OUT_UNPREPARED, true },	/* duplicate statement */
	{ "57014", OUT_BUSY, true },		/* statement timeout */
	{ "55P03", OUT_BUSY, true },		/* lock timeout */
	{ "53", OUT_BUSY, true },		/* disk full, no memory... */
	{ "25006", OUT_MOVED, true },		/* read-only transaction */
	{ "57P01", OUT_LOST, false },		/* shut down by admin */
	{ "57P02", OUT_LOST, false },		/* crash of a neighbour */
	{ "57P03", OUT_LOST, false },		/* starting or stopping */
	{ "57P05", OUT_LOST, false },		/* idle session timeout */
	{ "08", OUT_LOST, false },		/* connection exceptions */
	{ "22021", OUT_INVALID, false },	/* text is not UTF-8 */
};

struct attempt {
	struct db		*db;
	int64_t			 deadline_us;
	enum db_kind		 kind;
	const char		*name;
	const struct db_params	*params;
	int			 conflicts;
	bool			 reprepared;
	bool			 lost;		/* at least once */
	PGresult		*res;
};

static enum outcome
judge(struct db *db, const char *name, const PGresult *res)
{
	const char *state = PQresultErrorField(res, PG_DIAG_SQLSTATE);
	const char *text = PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY);
	enum outcome out = OUT_BROKEN;
	bool logged = true;

	if (state == NULL || PQstatus(db->conn) == CONNECTION_BAD)
		return OUT_LOST;
	for (size_t i = 0; i < COUNT(sqlstates); i++) {
		if (strncmp(state, sqlstates[i].prefix,
		    strlen(sqlstates[i].prefix)) == 0) {
			out = sqlstates[i].outcome;
			logged = sqlstates[i].logged;
			break;
		}
	}
	/* Never DETAIL or CONTEXT: they quote rows and parameters. */
	if (logged)
		log_line(&db->opt.log,
		    out == OUT_BROKEN ? LOG_ERROR : LOG_WARNING,
		    "database refused a call", "function", name,
		    "sqlstate", state, "message", text, NULL);
	return out;
}

/* SELECT * FROM api.<name>($1,...,$n) */
static const char *
statement_text(struct arena *arena, const char *name, int n)
{
	struct buf b;

	buf_init(&b, arena, 512);
	buf_printf(&b, "SELECT * FROM %s%s(",
	    strchr(name, '.') != NULL ? "" : "api.", name);
	for (int i = 1; i <= n; i++)
		buf_printf(&b, "%s$%d", i > 1 ? "," : "", i);
	buf_puts(&b, ")");
	assert(!buf_full(&b));
	return str_cstr(arena, buf_str(&b));
}

static bool
is_prepared(const struct db *db, const char *name)
{
	for (size_t i = 0; i < db->n_prepared; i++)
		if (strcmp(db->prepared[i], name) == 0)
			return true;
	return false;
}

/* Send one thing, take its answer; OUT_DOWN when it could not be sent. */
static enum outcome
answer(struct attempt *a, int sent, PGresult **ret)
{
	struct db *db = a->db;
	enum outcome out;
	PGresult *res;

	if (!sent)
		return OUT_DOWN;
	if ((res = conn_finish(db, a->deadline_us)) == NULL)
		return OUT_LOST;
	if (PQresultStatus(res) == PGRES_COMMAND_OK ||
	    PQresultStatus(res) == PGRES_TUPLES_OK) {
		*ret = res;
		return OUT_DONE;
	}
	out = judge(db, a->name, res);
	PQclear(res);
	return out;
}

static enum outcome
prepare(struct attempt *a)
{
	struct db *db = a->db;
	PGresult *res = NULL;
	enum outcome out;

	if (is_prepared(db, a->name))
		return OUT_DONE;
	/* A new connection is the simplest way out of a full table. */
	if (db->n_prepared == CONN_PREPARED_MAX) {
		conn_close(db);
		if (conn_open(db, a->deadline_us) != ERR_OK)
			return OUT_DOWN;
	}
	out = answer(a, PQsendPrepare(db->conn, a->name, statement_text(
	    a->params->arena, a->name, a->params->n), 0, NULL), &res);
	PQclear(res);
	if (out == OUT_DONE)
		db->prepared[db->n_prepared++] = a->name;
	/* Nothing of the call itself has been sent yet. */
	return out == OUT_LOST ? OUT_DOWN : out;
}

static enum outcome
attempt(struct attempt *a)
{
	struct db *db = a->db;
	const struct db_params *p = a->params;
	enum outcome out;
	int sent;

	if (conn_now(db) >= a->deadline_us)
		return OUT_BUSY;
	if (conn_open(db, a->deadline_us) != ERR_OK)
		return OUT_DOWN;
	if (!db->opt.prepare) {
		sent = PQsendQueryParams(db->conn,
		    statement_text(p->arena, a->name, p->n), p->n, NULL, p->v,
		    NULL, NULL, 0);
		return answer(a, sent, &a->res);
	}
	if ((out = prepare(a)) != OUT_DONE)
		return out;
	sent = PQsendQueryPrepared(db->conn, a->name, p->n, p->v, NULL, NULL,
	    0);
	return answer(a, sent, &a->res);
}

/* Wait a random part of us, unless that would pass the deadline. */
static bool
pause_ok(struct attempt *a, int64_t us)
{
	us = conn_dice(a->db, us);
	if (conn_now(a->db) + us >= a->deadline_us)
		return false;
	(void)poll(NULL, 0, (int)((us + 999) / 1000));
	return true;
}

/* What to say when there will be no further attempt. */
static enum err
give_up(const struct attempt *a)
{
	/* An attempt whose answer was lost may have been booked. */
	return a->lost && a->kind != DB_READ ? ERR_OUTCOME_UNKNOWN :
	    ERR_UNAVAILABLE;
}

/* After a failed attempt: true when there shall be another. */
static bool
again(struct attempt *a, enum outcome out, enum err *ret)
{
	bool had_connection = a->db->conn != NULL;

	*ret = ERR_INTERNAL;
	switch (out) {
	case OUT_DONE:
	case OUT_BROKEN:
		return false;
	case OUT_REPLAY:
		*ret = ERR_REPLAY;
		return false;
	case OUT_INVALID:
		*ret = ERR_INVALID;
		return false;
	case OUT_EXHAUSTED:
		*ret = ERR_CODE_TAKEN;
		return false;
	case OUT_CONFLICT:
		*ret = give_up(a);
		return a->conflicts++ < CONFLICTS_MAX &&
		    pause_ok(a, INT64_C(4000) << a->conflicts);
	case OUT_UNPREPARED:
		/* The name may still be taken there: a new session is sure. */
		conn_close(a->db);
		if (a->reprepared)
			return false;
		a->reprepared = true;
		return true;
	case OUT_BUSY:
		*ret = give_up(a);
		return false;
	case OUT_MOVED:
		conn_close(a->db);
		*ret = give_up(a);
		return false;
	case OUT_DOWN:
		conn_close(a->db);
		*ret = give_up(a);
		/* An outage known before the call is not waited for. */
		if (!had_connection && !a->lost)
			return false;
		return pause_ok(a, 100000);
	case OUT_LOST:
		conn_close(a->db);
		a->lost = true;
		*ret = give_up(a);
		return a->kind != DB_WRITE &&
		    conn_now(a->db) < a->deadline_us;
	}
	return false;
}

static void
clear_result(void *res)
{
	PQclear(res);
}

enum err
db_call(struct db *db, struct arena *arena, int64_t deadline_us,
    enum db_kind kind, const char *name, const struct db_params *params,
    struct db_rows *ret)
{
	struct attempt a = { .db = db, .deadline_us = deadline_us,
	    .kind = kind, .name = name, .params = params };
	enum outcome out;
	enum err err;

	if (params->bad)
		return ERR_INVALID;
	do {
		out = attempt(&a);
	} while (out != OUT_DONE && again(&a, out, &err));
	if (out != OUT_DONE)
		return err;
	arena_defer(arena, clear_result, a.res);
	ret->res = a.res;
	ret->n = PQntuples(a.res);
	if (ret->n == 0 || strcmp(PQfname(a.res, 0), "status") != 0)
		return ERR_OK;
	return db_status(ret, 0, "status");
}
