/*
 * tessera migrate. Tables change by numbered files, each applied once in its
 * own transaction. Functions and views are made anew by every run, all in one
 * transaction, and what no file makes any more is dropped.
 */
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "base/arena.h"
#include "cli/pg.h"

#define SQL_MAX		((size_t)4 << 20)
#define MIGRATIONS_MAX	1000
#define CHANGED_MAX	100	/* functions of one file with a new type */

struct migration {
	int64_t		 number;
	const char	*name;		/* the file's */
	struct str	 text;
	const char	*digest;
	bool		 applied;
};

struct migrate {
	struct cli		*cli;
	PGconn			*conn;
	const char		*dir;
	bool			 dry_run;
	size_t			 n;
	struct migration	*all;
	struct file_list	 functions;
	size_t			 done;		/* migrations applied now */
};

static const char *
path_of(struct migrate *m, const char *folder, const char *name)
{
	return str_cstr(m->cli->arena, str_printf(m->cli->arena, "%s/%s%s%s",
	    m->dir, folder, name[0] != '\0' ? "/" : "", name));
}

static const char *
digest_of(struct arena *arena, struct str text)
{
	uint8_t hash[32];

	crypto_generichash(hash, sizeof(hash), (const uint8_t *)text.p,
	    text.n, NULL, 0);
	return str_cstr(arena, str_hex(arena, hash, sizeof(hash)));
}

/* "0001_ledger.sql"; the numbers count up from 1 without a gap. */
static bool
load(struct migrate *m, const char *name, int64_t want,
    struct migration *ret)
{
	ret->name = name;
	if (strlen(name) < 10 || name[4] != '_' ||
	    !str_to_i64((struct str){ name, 4 }, 1, MIGRATIONS_MAX,
	    &ret->number) || ret->number != want) {
		cli_fail("%s/migrations/%s: the name should begin with "
		    "%04lld_", m->dir, name, (long long)want);
		return false;
	}
	if (!file_read(m->cli, path_of(m, "migrations", name), SQL_MAX,
	    &ret->text))
		return false;
	ret->digest = digest_of(m->cli->arena, ret->text);
	return true;
}

static bool
load_all(struct migrate *m)
{
	struct file_list files;

	if (!file_list(m->cli, path_of(m, "migrations", ""), &files) ||
	    !file_list(m->cli, path_of(m, "functions", ""), &m->functions))
		return false;
	m->n = files.n;
	m->all = arena_array(m->cli->arena, files.n + 1, sizeof(*m->all));
	for (size_t i = 0; i < files.n; i++)
		if (!load(m, files.names[i], (int64_t)i + 1, &m->all[i]))
			return false;
	return true;
}

/* Line of a file on which PostgreSQL's character number pos stands. */
static int
line_of(struct str text, int64_t pos)
{
	int line = 1;

	for (size_t i = 0; i < text.n && pos > 1; i++) {
		/* Bytes that continue a character do not count. */
		if (((unsigned char)text.p[i] & 0xc0) != 0x80)
			pos--;
		if (text.p[i] == '\n')
			line++;
	}
	return line;
}

static void
report(struct migrate *m, const PGresult *res, const char *path,
    struct str text)
{
	const char *at = PQresultErrorField(res, PG_DIAG_STATEMENT_POSITION);
	const char *context = PQresultErrorField(res, PG_DIAG_CONTEXT);
	struct str where = str_of(path);
	int64_t pos;

	if (at != NULL && str_to_i64(str_of(at), 1, INT32_MAX, &pos))
		where = str_printf(m->cli->arena, "%s:%d", path,
		    line_of(text, pos));
	else if (context != NULL)
		where = str_printf(m->cli->arena, "%s (%.*s)", path,
		    (int)strcspn(context, "\n"), context);
	pg_report(res, str_cstr(m->cli->arena, where));
}

/* Run a whole file; the result is NULL when it succeeded. */
static PGresult *
run_text(struct migrate *m, struct str text)
{
	PGresult *res = PQexec(m->conn, str_cstr(m->cli->arena, text));

	if (PQresultStatus(res) == PGRES_COMMAND_OK ||
	    PQresultStatus(res) == PGRES_TUPLES_OK ||
	    PQresultStatus(res) == PGRES_EMPTY_QUERY) {
		PQclear(res);
		return NULL;
	}
	return res;
}

/* One at a time; the lock goes with the connection. */
static bool
begin(struct migrate *m)
{
	static const char setup[] =
	    "SET lock_timeout = '30s';"
	    "SET ROLE tessera_owner;"
	    "CREATE SCHEMA IF NOT EXISTS ledger;"
	    "CREATE TABLE IF NOT EXISTS ledger.migration ("
	    " number integer PRIMARY KEY, name text NOT NULL,"
	    " digest text NOT NULL,"
	    " applied_at timestamptz NOT NULL DEFAULT now())";

	if (!pg_run(m->conn, "SELECT pg_advisory_lock("
	    "hashtext('tessera migrate'))"))
		return false;
	if (!m->dry_run)
		return pg_run(m->conn, setup);
	return pg_run(m->conn, "SET default_transaction_read_only = on;"
	    "SET ROLE tessera_owner");
}

/* Compare one recorded migration with the file of its number. */
static bool
agrees(struct migrate *m, const PGresult *res, int row)
{
	const char *name = PQgetvalue(res, row, 1);
	struct migration *f;
	int64_t number;

	if (!str_to_i64(str_of(PQgetvalue(res, row, 0)), 1, MIGRATIONS_MAX,
	    &number) || (size_t)number > m->n) {
		cli_fail("the database already has migration %s (%s): install "
		    "the newer tessera it was made with",
		    PQgetvalue(res, row, 0), name);
		return false;
	}
	f = &m->all[number - 1];
	if (strcmp(PQgetvalue(res, row, 2), f->digest) != 0) {
		cli_fail("%s/migrations/%s has changed since it was applied "
		    "as %s: restore it and put the change into a new file",
		    m->dir, f->name, name);
		return false;
	}
	f->applied = true;
	return true;
}

static bool
read_applied(struct migrate *m)
{
	PGresult *res;
	bool exists, ok = true;

	res = pg_ask(m->conn, "SELECT to_regclass('ledger.migration')", 0,
	    NULL);
	if (res == NULL)
		return false;
	exists = !PQgetisnull(res, 0, 0);
	PQclear(res);
	if (!exists)
		return true;
	res = pg_ask(m->conn, "SELECT number, name, digest "
	    "FROM ledger.migration ORDER BY number", 0, NULL);
	if (res == NULL)
		return false;
	for (int i = 0; ok && i < PQntuples(res); i++)
		ok = agrees(m, res, i);
	PQclear(res);
	return ok;
}

static bool
apply(struct migrate *m, struct migration *f)
{
	const char *number = str_cstr(m->cli->arena,
	    str_printf(m->cli->arena, "%lld", (long long)f->number));
	const char *record[] = { number, f->name, f->digest };
	PGresult *res;

	if (!pg_run(m->conn, "BEGIN"))
		return false;
	if ((res = run_text(m, f->text)) != NULL) {
		report(m, res, path_of(m, "migrations", f->name), f->text);
		PQclear(res);
		return false;
	}
	if (!pg_run(m->conn, "SET LOCAL ROLE tessera_owner") ||
	    !pg_do(m->conn, "INSERT INTO ledger.migration "
	    "(number, name, digest) VALUES ($1, $2, $3)", 3, record) ||
	    !pg_run(m->conn, "COMMIT"))
		return false;
	fprintf(stderr, "applied %s\n", f->name);
	m->done++;
	return true;
}

static bool
apply_all(struct migrate *m)
{
	for (size_t i = 0; i < m->n; i++) {
		if (m->all[i].applied)
			continue;
		if (m->dry_run)
			printf("would apply %s\n", m->all[i].name);
		else if (!apply(m, &m->all[i]))
			return false;
	}
	return true;
}

/*
 * What exists, and whether a file of this run made it. A row version tells:
 * each file runs in a subtransaction of its own, so what it has made carries
 * another xmin. For views the rule counts, GRANT does not touch it.
 */
static const char seen_make[] =
    "CREATE TEMPORARY TABLE seen (class oid, object oid, version xid, "
    "fresh boolean, PRIMARY KEY (class, object)) ON COMMIT DROP";

static const char seen_note[] =
    "INSERT INTO pg_temp.seen AS s "
    "SELECT tableoid, oid, xmin, $1::boolean FROM pg_proc "
    "WHERE pronamespace::regnamespace::text IN ('api', 'ops', 'ledger') "
    "UNION ALL "
    "SELECT c.tableoid, c.oid, r.xmin, $1::boolean FROM pg_class c "
    "JOIN pg_rewrite r ON r.ev_class = c.oid AND r.rulename = '_RETURN' "
    "WHERE c.relkind = 'v' AND "
    "c.relnamespace::regnamespace::text IN ('api', 'ops', 'ledger') "
    "ON CONFLICT (class, object) DO UPDATE SET version = excluded.version, "
    "fresh = s.fresh OR excluded.fresh "
    "WHERE s.version <> excluded.version";

static const char seen_stale[] =
    "SELECT format('DROP %s %s', CASE WHEN s.class = 'pg_class'::regclass "
    "THEN 'VIEW' ELSE 'ROUTINE' END, i.identity) "
    "FROM pg_temp.seen s, pg_identify_object(s.class, s.object, 0) i "
    "WHERE NOT s.fresh AND i.identity IS NOT NULL ORDER BY s.object DESC";

static bool
note(struct migrate *m, bool fresh)
{
	const char *params[] = { fresh ? "t" : "f" };

	return pg_do(m->conn, seen_note, 1, params);
}

/*
 * CREATE OR REPLACE cannot change a function's result; the server's hint
 * then holds the DROP that is needed, in no language but SQL's.
 */
static const char *
drop_hint(struct migrate *m, const PGresult *res)
{
	const char *hint = PQresultErrorField(res, PG_DIAG_MESSAGE_HINT);
	const char *from, *to;

	if (!pg_sqlstate(res, "42P13") || hint == NULL ||
	    (from = strstr(hint, "DROP ")) == NULL ||
	    (to = strrchr(from, ')')) == NULL)
		return NULL;
	return str_cstr(m->cli->arena,
	    (struct str){ from, (size_t)(to - from) + 1 });
}

/* Undo the file so far, drop the function in its way. */
static bool
make_way(struct migrate *m, const char *drop, const char *path)
{
	PGresult *res;

	if (!pg_run(m->conn, "ROLLBACK TO SAVEPOINT file; "
	    "SET LOCAL ROLE NONE"))
		return false;
	if ((res = run_text(m, str_of(drop))) != NULL) {
		if (pg_sqlstate(res, "2BP01"))
			cli_fail("%s: %s is needed here, but others depend "
			    "on it: %s; drop them in a new migration", path,
			    drop, PQresultErrorField(res,
			    PG_DIAG_MESSAGE_DETAIL));
		else
			pg_report(res, path);
		PQclear(res);
		return false;
	}
	return pg_run(m->conn, "SET LOCAL ROLE tessera_owner; "
	    "RELEASE SAVEPOINT file; SAVEPOINT file");
}

/* Does this file make anything, or does it only grant? */
static bool
creates(struct str text)
{
	for (size_t i = 0; i < text.n; i++)
		if (str_starts_nocase(str_sub(text, i, 17),
		    STR("create or replace")) ||
		    str_starts_nocase(str_sub(text, i, 11),
		    STR("create view")))
			return true;
	return false;
}

static bool
run_functions(struct migrate *m, const char *name)
{
	const char *path = path_of(m, "functions", name), *drop = NULL;
	PGresult *res;
	struct str text;
	int tries = 0;

	if (!file_read(m->cli, path, SQL_MAX, &text) ||
	    !pg_run(m->conn, "SAVEPOINT file"))
		return false;
	while ((res = run_text(m, text)) != NULL) {
		if (++tries <= CHANGED_MAX)
			drop = drop_hint(m, res);
		if (drop == NULL)
			report(m, res, path, text);
		PQclear(res);
		if (drop == NULL || !make_way(m, drop, path))
			return false;
		drop = NULL;
	}
	return pg_run(m->conn, "RELEASE SAVEPOINT file; "
	    "SET LOCAL ROLE tessera_owner; SET LOCAL search_path = pg_catalog")
	    && note(m, creates(text));
}

/*
 * Drop what no file has made. What others depend on stays: a policy or a
 * column default whose function came with a migration. Dropping one may free
 * another, so go round until nothing more goes.
 */
static bool
drop_round(struct migrate *m, bool *ret_more)
{
	PGresult *all = pg_ask(m->conn, seen_stale, 0, NULL), *res;
	bool ok = all != NULL;

	*ret_more = false;
	for (int i = 0; ok && i < PQntuples(all); i++) {
		ok = pg_run(m->conn, "SAVEPOINT stale");
		res = ok ? run_text(m, str_of(PQgetvalue(all, i, 0))) : NULL;
		if (res == NULL) {
			*ret_more = true;
			ok = ok && pg_run(m->conn, "RELEASE SAVEPOINT stale");
			continue;
		}
		if (!pg_sqlstate(res, "2BP01"))
			pg_report(res, PQgetvalue(all, i, 0));
		ok = pg_sqlstate(res, "2BP01") &&
		    pg_run(m->conn, "ROLLBACK TO SAVEPOINT stale");
		PQclear(res);
	}
	PQclear(all);
	return ok;
}

static bool
make_functions(struct migrate *m)
{
	bool more = true;

	if (m->dry_run) {
		printf("would make the functions of %zu files anew\n",
		    m->functions.n);
		return true;
	}
	if (!pg_run(m->conn, "BEGIN; SET LOCAL ROLE tessera_owner") ||
	    !pg_run(m->conn, seen_make) || !note(m, false))
		return false;
	for (size_t i = 0; i < m->functions.n; i++)
		if (!run_functions(m, m->functions.names[i]))
			return false;
	/* Some belong to tessera_auth: we are a member of both owners. */
	if (!pg_run(m->conn, "SET LOCAL ROLE NONE"))
		return false;
	while (more)
		if (!drop_round(m, &more))
			return false;
	return pg_run(m->conn, "COMMIT");
}

int
cmd_migrate(struct cli *cli, int argc, char **argv)
{
	struct migrate m = { .cli = cli, .dir = cli->config->sql_dir };
	const struct opt opts[] = {
		{ "sql-dir", OPT_TEXT, &m.dir },
		{ "dry-run", OPT_FLAG, &m.dry_run },
	};

	if (!cli_options(cli, &argc, argv, opts, COUNT(opts), 0, 0))
		return cli->status;
	if (!load_all(&m) || (m.conn = pg_connect(cli)) == NULL ||
	    !begin(&m) || !read_applied(&m) || !apply_all(&m) ||
	    !make_functions(&m))
		return CLI_FAILED;
	if (!m.dry_run)
		printf("%zu migrations applied now, %zu in all; functions of "
		    "%zu files made\n", m.done, m.n, m.functions.n);
	return CLI_OK;
}
