/*
 * tessera cards export: what cards import reads, of one moment (the pages
 * are of one snapshot).
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "cli/csv.h"
#include "cli/pg.h"

#define PAGE		"10000"
#define PAGE_BYTES_MAX	((size_t)64 << 20)
#define PAGE_MEMORY_MAX	((size_t)256 << 20)

struct export {
	PGconn		*conn;
	const char	*params[4];	/* tenant, programme, after, limit */
	struct arena	*arena;		/* of a page */
	FILE		*out;
	size_t		 n, held, below;
};

enum { C_CARD, C_CODE, C_PROGRAMME, C_UNIT, C_BALANCE, C_HELD, C_EXPIRES,
	C_STATE, C_REFERENCE, C_NOTE };

static const char query[] = "SELECT card_id, code, programme, unit, balance, "
    "held, expires_on, state, reference, note "
    "FROM ops.cards_export($1, $2, $3, $4)";

static struct str
value(const PGresult *res, int row, int col)
{
	return PQgetisnull(res, row, col) ? STR_NONE :
	    str_of(PQgetvalue(res, row, col));
}

static bool
put_row(struct export *e, struct buf *b, const PGresult *res, int i)
{
	const struct unit *unit;
	int64_t unit_id, balance;

	if (!str_to_i64(value(res, i, C_UNIT), 0, INT16_MAX, &unit_id) ||
	    (unit = unit_by_id((int)unit_id)) == NULL ||
	    !str_to_i64(value(res, i, C_BALANCE), -MONEY_MINOR_MAX,
	    MONEY_MINOR_MAX, &balance)) {
		cli_fail("the balance of %s cannot be written: its unit is "
		    "unknown here", PQgetvalue(res, i, C_CODE));
		return false;
	}
	csv_put(b, value(res, i, C_CODE), false);
	csv_put(b, money_format(e->arena, balance, unit->exponent,
	    MONEY_FIXED), false);
	if (e->params[1] == NULL)
		csv_put(b, value(res, i, C_PROGRAMME), false);
	csv_put(b, value(res, i, C_EXPIRES), false);
	csv_put(b, value(res, i, C_STATE), false);
	csv_put(b, value(res, i, C_REFERENCE), false);
	csv_put(b, value(res, i, C_NOTE), true);
	e->n++;
	if (!str_eq(value(res, i, C_HELD), STR("0")))
		e->held++;
	if (balance < 0)
		e->below++;
	return true;
}

/* One page; ret_after: the last card's number, empty at the end. */
static bool
put_page(struct export *e, char after[24])
{
	PGresult *res = pg_ask(e->conn, query, 4, e->params);
	struct buf b;
	bool ok = res != NULL;
	int n = ok ? PQntuples(res) : 0;

	buf_init(&b, e->arena, PAGE_BYTES_MAX);
	for (int i = 0; ok && i < n; i++)
		ok = put_row(e, &b, res, i);
	if (ok && buf_full(&b)) {
		cli_fail("the texts of the cards are too long");
		ok = false;
	}
	if (ok && b.n > 0 && fwrite(b.p, 1, b.n, e->out) != b.n) {
		cli_fail("cannot write: %s", strerror(errno));
		ok = false;
	}
	snprintf(after, 24, "%s", n > 0 ? PQgetvalue(res, n - 1, C_CARD) : "");
	PQclear(res);
	arena_reset(e->arena);
	return ok;
}

static bool
put_all(struct export *e)
{
	char after[24] = "0";

	if (!pg_run(e->conn,
	    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"))
		return false;
	fprintf(e->out, "code,balance,%sexpires_on,state,reference,note\r\n",
	    e->params[1] == NULL ? "programme," : "");
	while (after[0] != '\0') {
		e->params[2] = after;
		if (!put_page(e, after))
			return false;
	}
	return true;
}

int
cmd_cards_export(struct cli *cli, int argc, char **argv)
{
	const char *programme = NULL;
	const struct opt opts[] = { { "programme", OPT_TEXT, &programme } };
	struct export e = { .out = stdout };
	bool ok;

	if (!cli_options(cli, &argc, argv, opts, COUNT(opts), 0, 1))
		return cli->status;
	if ((e.conn = pg_connect(cli)) == NULL)
		return CLI_FAILED;
	e.params[0] = str_cstr(cli->arena, str_printf(cli->arena, "%d",
	    cli->who.tenant));
	e.params[1] = programme;
	e.params[3] = PAGE;
	/* "x": what is there already may be somebody's only copy. */
	if (argc == 1 && (e.out = fopen(argv[0], "wxe")) == NULL)
		return cli_fail("cannot make %s: %s", argv[0],
		    strerror(errno));
	e.arena = arena_new(PAGE_MEMORY_MAX);
	ok = put_all(&e);
	arena_free(e.arena);
	if (argc == 1 && fclose(e.out) != 0 && ok)
		return cli_fail("cannot write %s: %s", argv[0],
		    strerror(errno));
	if (!ok)
		return CLI_FAILED;
	fprintf(stderr, "%zu cards exported\n", e.n);
	if (e.held > 0)
		fprintf(stderr, "of %zu a part is held; a file of cards "
		    "does not tell that\n", e.held);
	if (e.below > 0)
		fprintf(stderr, "%zu are below zero, which cards import does "
		    "not take\n", e.below);
	return CLI_OK;
}
