/*
 * The second pass: COPY in groups, each its own transaction, so that an
 * interrupted import goes on; then one call that books all or nothing.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "base/arena.h"
#include "cli/import.h"
#include "cli/pg.h"

#define GROUP		10000
#define COPY_MAX	((size_t)64 << 20)
#define BAR_WIDTH	40

static void
progress(const char *what, size_t done, size_t all)
{
	int filled = (int)(done * BAR_WIDTH / all);

	if (!isatty(2)) {
		fprintf(stderr, "%s %zu of %zu\n", what, done, all);
		return;
	}
	fprintf(stderr, "\r%s [", what);
	for (int i = 0; i < BAR_WIDTH; i++)
		fputc(i < filled ? '#' : '.', stderr);
	fprintf(stderr, "] %zu of %zu%s", done, all,
	    done == all ? "\n" : "");
}

static bool
load_programmes(struct import *im)
{
	struct db_params p;
	struct db_rows rows;
	enum err err;

	db_params_init(&p, im->cli->arena);
	db_p_i64(&p, im->cli->who.tenant);
	err = cli_call(im->cli, DB_READ, "ops.cards_programmes", &p, &rows);
	if (err != ERR_OK) {
		cli_refused(im->cli, err, "cards import");
		return false;
	}
	im->n_programmes = (size_t)rows.n;
	im->programmes = arena_array(im->cli->arena, (size_t)rows.n + 1,
	    sizeof(*im->programmes));
	for (int i = 0; i < rows.n; i++) {
		struct import_programme *g = &im->programmes[i];

		g->id = db_i64(&rows, i, "programme_id");
		g->code = db_str(&rows, i, "code");
		g->unit = unit_by_id((int)db_i64(&rows, i, "unit"));
		g->active = str_eq(db_str(&rows, i, "state"), STR("active"));
		g->amount_max = db_i64(&rows, i, "amount_max");
		if (g->unit == NULL) {
			cli_fail("the database counts in a unit unknown here: "
			    "install the newer tessera");
			return false;
		}
	}
	return true;
}

/* The same tenant, programme and file are the same import. */
static void
import_id(const struct import *im, uint8_t id[16])
{
	crypto_generichash_state st;
	const char *programme = im->programme != NULL ? im->programme : "";

	crypto_generichash_init(&st, NULL, 0, 16);
	crypto_generichash_update(&st,
	    (const uint8_t *)&im->cli->who.tenant, sizeof(int32_t));
	crypto_generichash_update(&st, (const uint8_t *)programme,
	    strlen(programme) + 1);
	crypto_generichash_update(&st, (const uint8_t *)im->text.p,
	    im->text.n);
	crypto_generichash_final(&st, id, 16);
}

/* A field of COPY's text format. */
static void
copy_text(struct buf *b, struct str s, char end)
{
	if (s.p == NULL)
		buf_puts(b, "\\N");
	for (size_t i = 0; i < s.n; i++) {
		switch (s.p[i]) {
		case '\\': buf_puts(b, "\\\\"); break;
		case '\n': buf_puts(b, "\\n"); break;
		case '\r': buf_puts(b, "\\r"); break;
		case '\t': buf_puts(b, "\\t"); break;
		default: buf_putc(b, s.p[i]);
		}
	}
	buf_putc(b, end);
}

static void
copy_row(struct import *im, struct buf *b, struct str id,
    const struct import_row *r)
{
	struct arena *arena = im->cli->arena;

	buf_printf(b, "%d\t%.*s\t%d\t%lld\t", im->cli->who.tenant,
	    STR_ARG(id), r->line, (long long)r->programme);
	copy_text(b, r->expires_on.year == 0 ? STR_NONE :
	    date_iso(arena, r->expires_on), '\t');
	buf_printf(b, "%s\t%lld\t", r->suspended ? "suspended" : "active",
	    (long long)r->balance);
	copy_text(b, r->code, '\t');
	copy_text(b, r->reference, '\t');
	copy_text(b, r->note, '\n');
}

static bool
copy_in(PGconn *conn, struct str data)
{
	PGresult *res = PQexec(conn, "COPY staging FROM STDIN");
	bool ok = PQresultStatus(res) == PGRES_COPY_IN;

	if (ok) {
		PQclear(res);
		ok = PQputCopyData(conn, data.p, (int)data.n) == 1 &&
		    PQputCopyEnd(conn, NULL) == 1;
		res = PQgetResult(conn);
		ok = ok && PQresultStatus(res) == PGRES_COMMAND_OK;
	}
	if (!ok)
		pg_report(res, "cards import");
	PQclear(res);
	while ((res = PQgetResult(conn)) != NULL)
		PQclear(res);
	return ok;
}

/*
 * COPY does not go into a table with row level security, so it goes through
 * a temporary one.
 */
static bool
stage_group(struct import *im, PGconn *conn, struct str id, size_t from,
    size_t to)
{
	struct buf b;

	buf_init(&b, im->cli->arena, COPY_MAX);
	for (size_t i = from; i < to; i++)
		copy_row(im, &b, id, &im->rows[i]);
	if (buf_full(&b)) {
		cli_fail("the lines of %s are too long", im->path);
		return false;
	}
	return pg_run(conn, "BEGIN") && copy_in(conn, buf_str(&b)) &&
	    pg_run(conn, "INSERT INTO ledger.import_row SELECT * FROM "
	    "staging; TRUNCATE staging; COMMIT");
}

static PGconn *
staging_connection(struct import *im, struct str id)
{
	const char *tenant = str_cstr(im->cli->arena, str_printf(
	    im->cli->arena, "%d", im->cli->who.tenant));
	const char *key = str_cstr(im->cli->arena, id);
	PGconn *conn = pg_connect(im->cli);
	PGresult *res;
	bool alone;

	if (conn == NULL)
		return NULL;
	res = pg_ask(conn, "SELECT pg_try_advisory_lock("
	    "uuid_hash_extended($1::uuid, 0))", 1, &key);
	alone = res != NULL && PQgetvalue(res, 0, 0)[0] == 't';
	if (res != NULL && !alone)
		cli_fail("this file is being imported by another tessera; "
		    "wait for it");
	PQclear(res);
	if (!alone || !pg_run(conn, "SET ROLE tessera_owner") ||
	    !pg_do(conn, "SELECT set_config('tessera.tenant', $1, false)", 1,
	    &tenant) || !pg_run(conn, "CREATE TEMPORARY TABLE staging "
	    "(LIKE ledger.import_row)"))
		return NULL;
	return conn;
}

/* ret_line: the last one staged by an earlier run. */
static bool
begin(struct import *im, const uint8_t id[16], int64_t *ret_line,
    bool *ret_done)
{
	const char *slash = strrchr(im->path, '/');
	struct db_params p;
	struct db_rows rows;
	enum err err;

	db_params_init(&p, im->cli->arena);
	db_p_i64(&p, im->cli->who.tenant);
	db_p_uuid(&p, id);
	db_p_i64(&p, (int64_t)im->n_rows);
	db_p_str(&p, str_of(slash != NULL ? slash + 1 : im->path));
	err = cli_call(im->cli, DB_KEYED, "ops.cards_import_begin", &p, &rows);
	if (err != ERR_OK) {
		cli_refused(im->cli, err, "cards import");
		return false;
	}
	*ret_line = db_i64(&rows, 0, "line");
	*ret_done = !db_null(&rows, 0, "done_at");
	return true;
}

static bool
stage(struct import *im, const uint8_t id[16], int64_t line)
{
	struct str key = str_hex(im->cli->arena, id, 16);
	PGconn *conn = staging_connection(im, key);
	size_t from = 0, to;

	if (conn == NULL)
		return false;
	while (from < im->n_rows && im->rows[from].line <= line)
		from++;
	if (from > 0)
		fprintf(stderr, "going on after line %lld\n",
		    (long long)line);
	for (; from < im->n_rows; from = to) {
		to = im->n_rows - from < GROUP ? im->n_rows : from + GROUP;
		if (!stage_group(im, conn, key, from, to))
			return false;
		progress("staged", to, im->n_rows);
	}
	return true;
}

/*
 * Queries planned for an empty table would crawl through a full one until
 * autovacuum comes by. What it says does not matter: the cards are booked.
 */
static void
analyze(struct import *im)
{
	PGconn *conn = pg_connect(im->cli);

	if (conn != NULL && pg_run(conn, "SET ROLE tessera_owner"))
		(void)!pg_run(conn, "ANALYZE ledger.card, ledger.purse, "
		    "ledger.transfer");
}

static int
book(struct import *im, const uint8_t id[16])
{
	struct cli *cli = im->cli;
	struct db_params p;
	struct db_rows rows;
	enum err err;

	fprintf(stderr, "booking\n");
	db_params_init(&p, cli->arena);
	db_p_i64(&p, cli->who.tenant);
	db_p_uuid(&p, id);
	db_p_uuid(&p, cli->ctx.request_id);
	/* Marked as done in the same transaction: a repeat books nothing. */
	err = cli_call(cli, DB_KEYED, "ops.cards_import", &p, &rows);
	if (err == ERR_CODE_TAKEN)
		return cli_fail("a code was given out since the file was "
		    "checked; nothing was booked: run it again to see which");
	if (err != ERR_OK)
		return cli_refused(cli, err, "cards import");
	analyze(im);
	if (cli->json)
		printf("{\"cards\":%lld,\"already\":false}\n",
		    (long long)db_i64(&rows, 0, "cards"));
	else
		printf("%lld cards imported\n",
		    (long long)db_i64(&rows, 0, "cards"));
	return CLI_OK;
}

static int
already(const struct import *im)
{
	if (im->cli->json)
		printf("{\"cards\":%zu,\"already\":true}\n", im->n_rows);
	else
		printf("%s was imported before; nothing to do\n", im->path);
	return CLI_OK;
}

int
cmd_cards_import(struct cli *cli, int argc, char **argv)
{
	struct import im = { .cli = cli };
	bool check = false, done;
	const struct opt opts[] = {
		{ "programme", OPT_TEXT, &im.programme },
		{ "check", OPT_FLAG, &check },
	};
	uint8_t id[16];
	int64_t line;

	if (!cli_options(cli, &argc, argv, opts, COUNT(opts), 1, 1))
		return cli->status;
	im.path = argv[0];
	if (!file_read(cli, im.path, IMPORT_BYTES_MAX, &im.text) ||
	    !load_programmes(&im) || !import_check(&im))
		return CLI_FAILED;
	import_id(&im, id);
	if (check) {
		if (!import_check_taken(&im))
			return CLI_FAILED;
		printf("%zu cards in %s, no mistakes\n", im.n_rows, im.path);
		return CLI_OK;
	}
	if (!begin(&im, id, &line, &done))
		return CLI_FAILED;
	if (done)
		return already(&im);
	if (!import_check_taken(&im) || !stage(&im, id, line))
		return CLI_FAILED;
	return book(&im, id);
}
