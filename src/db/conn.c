#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db/conn.h"

#define CONNECT_MAX_US	INT64_C(2000000)
#define WAITING_US	INT64_C(50000)
#define BACKOFF_MIN_US	INT64_C(50000)
#define BACKOFF_MAX_US	INT64_C(2000000)

struct db *
db_new(const struct db_options *opt)
{
	struct db *db = calloc(1, sizeof(*db));

	if (db == NULL)
		abort();
	db->opt = *opt;
	db->backoff_us = BACKOFF_MIN_US;
	db->dice = (uint32_t)getpid() * 2654435761u | 1;
	return db;
}

void
db_free(struct db *db)
{
	if (db == NULL)
		return;
	conn_close(db);
	free(db);
}

uint64_t
db_reconnects(const struct db *db)
{
	return db->connects > 0 ? db->connects - 1 : 0;
}

enum err
db_ready(struct db *db)
{
	return conn_open(db, conn_now(db) + CONNECT_MAX_US);
}

int64_t
conn_now(const struct db *db)
{
	return db->opt.clock.mono_us(&db->opt.clock);
}

int64_t
conn_dice(struct db *db, int64_t max)
{
	db->dice ^= db->dice << 13;
	db->dice ^= db->dice >> 17;
	db->dice ^= db->dice << 5;
	return 1 + (int64_t)db->dice % max;
}

const char *
conn_first_line(const char *text, char *buf, size_t n)
{
	size_t len = strcspn(text, "\n");

	if (len >= n)
		len = n - 1;
	memcpy(buf, text, len);
	buf[len] = '\0';
	return buf;
}

void
conn_close(struct db *db)
{
	PQfinish(db->conn);
	db->conn = NULL;
	db->doomed = false;
	db->n_prepared = 0;
}

/* Wait for an event on the socket; 0 when the deadline passes, -1 on error. */
static short
wait_for(struct db *db, short events, int64_t deadline_us)
{
	struct pollfd pfd = { .fd = PQsocket(db->conn), .events = events };
	int64_t left, step;
	int n;

	do {
		left = deadline_us - conn_now(db);
		if (left < 0)
			left = 0;
		step = left;
		if (db->opt.waiting != NULL && step > WAITING_US)
			step = WAITING_US;
		/* Rounded up: never a busy loop in the last millisecond. */
		n = poll(&pfd, 1, (int)((step + 999) / 1000));
		if (n == 0 && step < left)
			db->opt.waiting(db->opt.waiting_arg);
	} while ((n == -1 && errno == EINTR && left > 0) ||
	    (n == 0 && step < left));
	if (n == -1 && errno == EINTR)
		return 0;
	return n <= 0 ? (short)n : pfd.revents;
}

/*
 * A server that ends our idle session says so before it hangs up; libpq
 * hands that to us as a notice.
 */
static void
on_notice(void *arg, const PGresult *res)
{
	struct db *db = arg;
	const char *severity;

	severity = PQresultErrorField(res, PG_DIAG_SEVERITY_NONLOCALIZED);
	if (severity != NULL && (strcmp(severity, "FATAL") == 0 ||
	    strcmp(severity, "PANIC") == 0))
		db->doomed = true;
}

static bool
has_options(const char *conninfo)
{
	PQconninfoOption *all = PQconninfoParse(conninfo, NULL);
	bool found = false;

	for (PQconninfoOption *o = all; o != NULL && o->keyword != NULL; o++)
		if (strcmp(o->keyword, "options") == 0 && o->val != NULL)
			found = true;
	PQconninfoFree(all);
	return found;
}

static PGconn *
start(struct db *db)
{
	const char *keys[5] = { "dbname", "fallback_application_name",
	    "client_encoding" };
	const char *vals[5] = { db->opt.conninfo, "tessera", "UTF8" };
	char options[128];

	/*
	 * PgBouncer refuses startup options; behind it the settings of the
	 * roles must do.
	 */
	if (db->opt.prepare && !has_options(db->opt.conninfo)) {
		snprintf(options, sizeof(options), "-c statement_timeout=%d "
		    "-c timezone=UTC -c datestyle=ISO",
		    db->opt.statement_timeout_ms);
		keys[3] = "options";
		vals[3] = options;
	}
	return PQconnectStartParams(keys, vals, 1);
}

static bool
dial(struct db *db, int64_t deadline_us)
{
	PostgresPollingStatusType step = PGRES_POLLING_WRITING;
	short events;

	db->conn = start(db);
	if (db->conn == NULL)
		abort();
	PQsetNoticeReceiver(db->conn, on_notice, db);
	while (PQstatus(db->conn) != CONNECTION_BAD) {
		if (step == PGRES_POLLING_OK)
			return PQsetnonblocking(db->conn, 1) == 0;
		if (step == PGRES_POLLING_FAILED)
			break;
		events = step == PGRES_POLLING_READING ? POLLIN : POLLOUT;
		if (wait_for(db, events, deadline_us) <= 0) {
			snprintf(db->why, sizeof(db->why),
			    "no answer to a connection attempt");
			return false;
		}
		step = PQconnectPoll(db->conn);
	}
	conn_first_line(PQerrorMessage(db->conn), db->why, sizeof(db->why));
	return false;
}

PGresult *
conn_finish(struct db *db, int64_t deadline_us)
{
	PGresult *res, *keep = NULL;
	short events, got;
	int unsent;

	for (;;) {
		unsent = PQflush(db->conn);
		if (unsent == 0 && !PQisBusy(db->conn)) {
			if ((res = PQgetResult(db->conn)) == NULL)
				return keep;
			if (keep == NULL ||
			    PQresultStatus(res) == PGRES_FATAL_ERROR) {
				PQclear(keep);
				keep = res;
			} else
				PQclear(res);
			continue;
		}
		events = unsent > 0 ? POLLIN | POLLOUT : POLLIN;
		got = wait_for(db, events, deadline_us);
		/* After a failed send the reason may still be readable. */
		if (got <= 0 || ((got & ~POLLOUT) != 0 &&
		    !PQconsumeInput(db->conn)) || unsent == -1)
			break;
	}
	PQclear(keep);
	return NULL;
}

/* Is every label of the database's status type one that we know? */
static bool
labels_known(struct db *db, struct str labels)
{
	struct str one;
	enum err e;
	size_t at;

	while (labels.n > 0) {
		if (!str_find(labels, ',', &at))
			at = labels.n;
		one = str_trim(str_sub(labels, 0, at));
		if (!err_from_label(one, &e)) {
			snprintf(db->why, sizeof(db->why), "the database "
			    "knows a status \"%.*s\" that this program does "
			    "not: install the tessera that belongs to it",
			    STR_ARG(one));
			return false;
		}
		labels = str_sub(labels, at + 1, labels.n);
	}
	return true;
}

static bool
schema_fits(struct db *db, const PGresult *res)
{
	struct str text;
	int64_t version = 0;
	int vcol = PQfnumber(res, "version"), scol = PQfnumber(res, "statuses");

	if (PQntuples(res) != 1 || vcol < 0 || scol < 0) {
		snprintf(db->why, sizeof(db->why), "api.schema_version() does "
		    "not answer as it should: run tessera migrate");
		return false;
	}
	text = str_of(PQgetvalue(res, 0, vcol));
	if (!str_to_i64(text, 0, INT32_MAX, &version) ||
	    version != TESSERA_SCHEMA_VERSION) {
		snprintf(db->why, sizeof(db->why), "the database has schema "
		    "version %.*s, this program needs %d: %s", STR_ARG(text),
		    TESSERA_SCHEMA_VERSION, version < TESSERA_SCHEMA_VERSION ?
		    "run tessera migrate" : "install the newer tessera");
		return false;
	}
	return labels_known(db, str_of(PQgetvalue(res, 0, scol)));
}

static bool
check_schema(struct db *db, int64_t deadline_us)
{
	PGresult *res = NULL;
	bool fits = false;

	if (PQsendQueryParams(db->conn, "SELECT * FROM api.schema_version()",
	    0, NULL, NULL, NULL, NULL, 0))
		res = conn_finish(db, deadline_us);
	if (res == NULL)
		snprintf(db->why, sizeof(db->why),
		    "no answer to the question for the schema's version");
	else if (PQresultStatus(res) != PGRES_TUPLES_OK) {
		conn_first_line(PQresultErrorMessage(res), db->why,
		    sizeof(db->why));
	} else
		fits = schema_fits(db, res);
	PQclear(res);
	return fits;
}

/*
 * Nothing is due on an idle connection, so what can be read is a farewell or
 * the end. Found here, a write need not be answered "outcome unknown".
 */
static bool
alive(struct db *db)
{
	struct pollfd pfd = { .fd = PQsocket(db->conn), .events = POLLIN };

	for (int i = 0; i < 8 && !db->doomed; i++) {
		if (PQstatus(db->conn) != CONNECTION_OK)
			return false;
		if (poll(&pfd, 1, 0) <= 0)
			return true;
		if (!PQconsumeInput(db->conn))
			return false;
		(void)PQisBusy(db->conn);	/* parses what was read */
	}
	return false;
}

static void
opened(struct db *db)
{
	db->connects++;
	db->backoff_us = BACKOFF_MIN_US;
	db->next_try_us = 0;
	if (db->outage)
		log_line(&db->opt.log, LOG_INFO, "database back", NULL);
	db->outage = false;
}

static void
failed(struct db *db)
{
	conn_close(db);
	db->next_try_us = conn_now(db) + db->backoff_us / 2 +
	    conn_dice(db, db->backoff_us / 2);
	if ((db->backoff_us *= 2) > BACKOFF_MAX_US)
		db->backoff_us = BACKOFF_MAX_US;
	if (!db->outage)
		log_line(&db->opt.log, LOG_ERROR, "database unavailable",
		    "reason", db->why, NULL);
	db->outage = true;
}

enum err
conn_open(struct db *db, int64_t deadline_us)
{
	int64_t now = conn_now(db);

	if (db->conn != NULL && alive(db))
		return ERR_OK;
	conn_close(db);
	if (now < db->next_try_us)
		return ERR_UNAVAILABLE;
	if (deadline_us > now + CONNECT_MAX_US)
		deadline_us = now + CONNECT_MAX_US;
	if (!dial(db, deadline_us) || !check_schema(db, deadline_us)) {
		failed(db);
		return ERR_UNAVAILABLE;
	}
	opened(db);
	return ERR_OK;
}
