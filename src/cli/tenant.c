#include <string.h>

#include "cli/cli.h"
#include "domain/admin.h"

static const struct column columns[] = {
	{ "id", CELL_TEXT }, { "name", CELL_TEXT }, { "host", CELL_TEXT },
	{ "time_zone", CELL_TEXT }, { "currency", CELL_TEXT },
	{ "state", CELL_TEXT }, { "reseller", CELL_BOOL },
	{ "parent", CELL_TEXT }, { "created_at", CELL_INSTANT },
	{ "clock", CELL_INSTANT }, { "settings", CELL_JSON },
};

static void
add_row(struct table *t, const struct db_rows *r, int i)
{
	const struct unit *u = unit_by_id((int)db_i64(r, i, "currency"));

	table_str(t, db_str(r, i, "id"));
	table_str(t, db_str(r, i, "name"));
	table_str(t, db_str(r, i, "host"));
	table_str(t, db_str(r, i, "time_zone"));
	table_str(t, str_of(u != NULL ? u->name : NULL));
	table_str(t, db_str(r, i, "state"));
	table_bool(t, db_bool(r, i, "reseller"));
	table_str(t, db_str(r, i, "parent"));
	table_instant(t, db_instant(r, i, "created_at"));
	if (t->n_columns < COUNT(columns))
		return;
	table_instant(t, db_null(r, i, "clock") ? 0 :
	    db_instant(r, i, "clock"));
	table_str(t, db_str(r, i, "settings"));
}

static int
show(struct cli *cli, struct str name)
{
	struct db_params p;
	struct db_rows rows;
	struct table t;
	enum err err;

	db_params_init(&p, cli->arena);
	db_p_str(&p, name);
	err = cli_call(cli, DB_READ, "ops.tenant_find", &p, &rows);
	if (err == ERR_OK && rows.n == 0)
		err = ERR_TENANT_NOT_FOUND;
	if (err != ERR_OK)
		return cli_refused(cli, err, "tenant");
	table_begin(&t, cli, columns, COUNT(columns));
	add_row(&t, &rows, 0);
	return table_one(&t);
}

int
cmd_tenant_add(struct cli *cli, int argc, char **argv)
{
	const char *zone = NULL, *currency = NULL, *host = NULL,
	    *parent = NULL;
	bool reseller = false;
	const struct opt opts[] = {
		{ "time-zone", OPT_TEXT, &zone },
		{ "currency", OPT_TEXT, &currency },
		{ "host", OPT_TEXT, &host },
		{ "parent", OPT_TEXT, &parent },
		{ "reseller", OPT_FLAG, &reseller },
	};
	const struct unit *unit;
	struct db_params p;
	struct db_rows rows;
	enum err err;

	if (!cli_options(cli, &argc, argv, opts, COUNT(opts), 1, 1))
		return cli->status;
	if (zone == NULL || currency == NULL)
		return cli_misuse(cli, "--time-zone and --currency are "
		    "needed");
	unit = unit_by_name(str_of(currency));
	if (unit == NULL || !unit->currency)
		return cli_fail("\"%s\" is not a currency of ISO 4217, like "
		    "EUR", currency);
	if (parent != NULL ? !cli_open_tenant(cli, parent) : !cli_open(cli))
		return CLI_FAILED;
	db_params_init(&p, cli->arena);
	db_p_str(&p, str_of(argv[0]));
	db_p_str(&p, str_of(host));
	db_p_str(&p, str_of(zone));
	db_p_i64(&p, unit->id);
	db_p_bool(&p, reseller);
	if (parent != NULL)
		db_p_i64(&p, cli->who.tenant);
	else
		db_p_null(&p);
	err = cli_call(cli, DB_WRITE, "ops.tenant_add", &p, &rows);
	if (err == ERR_INVALID)
		return cli_fail("\"%s\" is not a time zone, like "
		    "Europe/Berlin", zone);
	if (err == ERR_FORBIDDEN && parent != NULL)
		return cli_fail("%s is not a reseller", parent);
	if (err != ERR_OK)
		return cli_refused(cli, err, "tenant add");
	return show(cli, db_str(&rows, 0, "id"));
}

int
cmd_tenant_list(struct cli *cli, int argc, char **argv)
{
	struct db_params p;
	struct db_rows rows;
	struct table t;
	enum err err;

	if (!cli_options(cli, &argc, argv, NULL, 0, 0, 0))
		return cli->status;
	if (!cli_open(cli))
		return CLI_FAILED;
	db_params_init(&p, cli->arena);
	db_p_null(&p);
	db_p_null(&p);
	err = cli_call(cli, DB_READ, "ops.tenant_list", &p, &rows);
	if (err != ERR_OK)
		return cli_refused(cli, err, "tenant list");
	table_begin(&t, cli, columns, COUNT(columns) - 2);
	for (int i = 0; i < rows.n; i++)
		add_row(&t, &rows, i);
	return table_list(&t);
}

int
cmd_tenant_show(struct cli *cli, int argc, char **argv)
{
	if (!cli_options(cli, &argc, argv, NULL, 0, 1, 1))
		return cli->status;
	if (!cli_open(cli))
		return CLI_FAILED;
	return show(cli, str_of(argv[0]));
}

static int
update(struct cli *cli, const struct tenant_in *in)
{
	struct tenant out;
	enum err err = tenant_update(&cli->ctx, cli->tenant_id, in, &out);

	if (err != ERR_OK)
		return cli_refused(cli, err, "tenant");
	return show(cli, out.id);
}

static int
set_clock(struct cli *cli, int64_t us)
{
	struct db_params p;
	struct db_rows rows;
	enum err err;

	db_params_init(&p, cli->arena);
	db_p_i64(&p, cli->who.tenant);
	db_p_instant(&p, us);
	err = cli_call(cli, DB_WRITE, "ops.tenant_clock", &p, &rows);
	return err == ERR_OK ? CLI_OK : cli_refused(cli, err, "clock");
}

int
cmd_tenant_set(struct cli *cli, int argc, char **argv)
{
	struct change {
		struct tenant_in in;		/* first, for its keys */
		bool		 set_clock;
		int64_t		 clock;		/* 0: real time again */
	} c = { .clock = 0 };
	static const struct set_key keys[] = {
		SET_KEY(tenant_in, name, SET_TEXT),
		SET_KEY(tenant_in, host, SET_TEXT),
		SET_KEY(tenant_in, settings, SET_TEXT),
		SET_KEY(change, clock, SET_INSTANT),
	};

	if (!cli_options(cli, &argc, argv, NULL, 0, 2, 99) ||
	    !cli_set_all(cli, keys, COUNT(keys), &c, NULL, argc - 1,
	    argv + 1))
		return cli->status;
	if (c.in.set_name && c.in.name.n == 0)
		return cli_fail("a tenant needs a name");
	if (!cli_open_tenant(cli, argv[0]))
		return CLI_FAILED;
	if (c.set_clock && set_clock(cli, c.clock) != CLI_OK)
		return CLI_FAILED;
	return update(cli, &c.in);
}

static int
set_state(struct cli *cli, int argc, char **argv, struct str state)
{
	struct tenant_in in = { .set_state = true, .state = state };

	if (!cli_options(cli, &argc, argv, NULL, 0, 1, 1))
		return cli->status;
	if (!cli_open_tenant(cli, argv[0]))
		return CLI_FAILED;
	return update(cli, &in);
}

int
cmd_tenant_block(struct cli *cli, int argc, char **argv)
{
	return set_state(cli, argc, argv, STR("blocked"));
}

int
cmd_tenant_unblock(struct cli *cli, int argc, char **argv)
{
	return set_state(cli, argc, argv, STR("active"));
}
