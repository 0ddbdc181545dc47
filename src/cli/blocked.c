/* Who is locked out after wrong passwords, and letting them in again. */
#include <stdio.h>

#include "cli/cli.h"

#define LIMIT_DEFAULT	1000
#define LIMIT_MAX	1000000

static const struct column columns[] = {
	{ "tenant", CELL_TEXT },	/* none: nobody has that login */
	{ "api", CELL_TEXT },
	{ "login", CELL_TEXT },		/* none: all of a network */
	{ "address", CELL_TEXT },
	{ "failures", CELL_I64 },
	{ "failed_at", CELL_INSTANT },
	{ "blocked_until", CELL_TEXT },
};

static void
add_row(struct table *t, const struct db_rows *rows, int i)
{
	table_str(t, db_str(rows, i, "tenant"));
	table_str(t, db_str(rows, i, "api"));
	table_str(t, db_str(rows, i, "login"));
	table_str(t, db_str(rows, i, "address"));
	table_i64(t, db_i64(rows, i, "failures"));
	table_instant(t, db_instant(rows, i, "failed_at"));
	table_str(t, db_null(rows, i, "blocked_until") ? STR("unlocked") :
	    instant_rfc3339(t->cli->arena,
	    db_instant(rows, i, "blocked_until")));
}

int
cmd_credential_blocked(struct cli *cli, int argc, char **argv)
{
	int64_t limit = LIMIT_DEFAULT;
	const struct opt opts[] = { { "limit", OPT_NUMBER, &limit } };
	struct db_params p;
	struct db_rows rows;
	struct table t;
	enum err err;

	if (!cli_options(cli, &argc, argv, opts, COUNT(opts), 0, 0))
		return cli->status;
	if (limit > LIMIT_MAX)
		return cli_misuse(cli, "--limit is at most %d", LIMIT_MAX);
	db_params_init(&p, cli->arena);
	if (cli->who.tenant != 0)
		db_p_i64(&p, cli->who.tenant);
	else
		db_p_null(&p);
	db_p_i64(&p, limit + 1);
	err = cli_call(cli, DB_READ, "ops.login_blocked", &p, &rows);
	if (err != ERR_OK)
		return cli_refused(cli, err, "credential blocked");
	table_begin(&t, cli, columns, COUNT(columns));
	for (int i = 0; i < rows.n && i < limit; i++)
		add_row(&t, &rows, i);
	if (rows.n > limit)
		fprintf(stderr, "tessera: there are more; --limit N shows "
		    "N\n");
	return table_list(&t);
}

int
cmd_address_unlock(struct cli *cli, int argc, char **argv)
{
	static const struct column lifted[] = { { "lifted", CELL_I64 } };
	struct db_params p;
	struct db_rows rows;
	struct table t;
	enum err err;

	if (!cli_options(cli, &argc, argv, NULL, 0, 1, 1))
		return cli->status;
	if (!cli_open(cli))
		return CLI_FAILED;
	db_params_init(&p, cli->arena);
	db_p_str(&p, str_of(argv[0]));
	err = cli_call(cli, DB_KEYED, "ops.address_unlock", &p, &rows);
	if (err == ERR_INVALID)
		return cli_fail("\"%s\" is no address or network such as "
		    "192.0.2.7 or 2001:db8::/64", argv[0]);
	if (err != ERR_OK)
		return cli_refused(cli, err, "address unlock");
	table_begin(&t, cli, lifted, COUNT(lifted));
	table_i64(&t, db_i64(&rows, 0, "lifted"));
	return table_one(&t);
}
