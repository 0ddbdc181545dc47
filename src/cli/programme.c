#include <string.h>

#include "cli/cli.h"
#include "domain/admin.h"

#define PAGE	200

static const struct column columns[] = {
	{ "code", CELL_TEXT }, { "name", CELL_TEXT }, { "kind", CELL_TEXT },
	{ "unit", CELL_TEXT }, { "state", CELL_TEXT },
	{ "prefix", CELL_TEXT }, { "alphabet", CELL_TEXT },
	{ "code_length", CELL_I64 }, { "term_months", CELL_I64 },
	{ "term_days", CELL_I64 }, { "amount_max", CELL_MONEY },
	{ "created_at", CELL_INSTANT },
};

static void
add_row(struct table *t, const struct programme *g)
{
	table_str(t, g->code);
	table_str(t, g->name);
	table_str(t, str_of(kind_name(g->kind)));
	table_str(t, str_of(g->unit->name));
	table_str(t, g->state);
	table_str(t, g->prefix);
	table_str(t, g->alphabet);
	table_i64(t, g->code_length);
	table_i64(t, g->term_months);
	table_i64(t, g->term_days);
	table_money(t, (struct money){ g->amount_max, g->unit });
	table_instant(t, g->created_us);
}

static int
show(struct cli *cli, const struct programme *g)
{
	struct table t;

	table_begin(&t, cli, columns, COUNT(columns));
	add_row(&t, g);
	return table_one(&t);
}

int
cmd_programme_add(struct cli *cli, int argc, char **argv)
{
	const char *name = NULL, *kind = "gift",
	    *unit = NULL, *prefix = "", *alphabet = NULL, *max = NULL;
	int64_t length = 0, months = 0, days = 0;
	const struct opt opts[] = {
		{ "name", OPT_TEXT, &name },
		{ "kind", OPT_TEXT, &kind }, { "unit", OPT_TEXT, &unit },
		{ "prefix", OPT_TEXT, &prefix },
		{ "alphabet", OPT_TEXT, &alphabet },
		{ "code-length", OPT_NUMBER, &length },
		{ "term-months", OPT_NUMBER, &months },
		{ "term-days", OPT_NUMBER, &days },
		{ "amount-max", OPT_TEXT, &max },
	};
	struct programme_in in = { .set_name = true, .set_prefix = true };
	struct programme out;
	enum err err;

	if (!cli_options(cli, &argc, argv, opts, COUNT(opts), 1, 1))
		return cli->status;
	if (name == NULL || unit == NULL)
		return cli_misuse(cli, "--name and --unit are needed");
	if (months > 0 && days > 0)
		return cli_misuse(cli, "--term-months or --term-days, not "
		    "both");
	if (unit_by_name(str_of(unit)) == NULL)
		return cli_fail("\"%s\" is not a unit, like EUR or points",
		    unit);
	if (max != NULL && !cli_amount(max, unit_by_name(str_of(unit)),
	    &in.amount_max))
		return CLI_FAILED;
	in.set_amount_max = max != NULL;
	in.code = str_of(argv[0]);
	in.name = str_of(name);
	in.kind = str_of(kind);
	in.unit = str_of(unit);
	in.prefix = str_of(prefix);
	in.set_alphabet = alphabet != NULL;
	in.alphabet = str_of(alphabet);
	in.set_code_length = length > 0;
	in.code_length = length;
	in.set_term_months = months > 0;
	in.term_months = months;
	in.set_term_days = days > 0;
	in.term_days = days;
	err = programme_create(&cli->ctx, &in, &out);
	if (err != ERR_OK)
		return cli_refused(cli, err, "programme add");
	return show(cli, &out);
}

int
cmd_programme_list(struct cli *cli, int argc, char **argv)
{
	struct page_in page = { .limit = PAGE };
	struct programme_list_out out;
	struct table t;
	enum err err;

	if (!cli_options(cli, &argc, argv, NULL, 0, 0, 0))
		return cli->status;
	table_begin(&t, cli, columns, COUNT(columns));
	do {
		err = programme_list(&cli->ctx, &page, &out);
		if (err != ERR_OK)
			return cli_refused(cli, err, "programme list");
		for (size_t i = 0; i < out.n; i++)
			add_row(&t, &out.items[i]);
		page.after = out.next;
	} while (page.after.p != NULL);
	return table_list(&t);
}

int
cmd_programme_set(struct cli *cli, int argc, char **argv)
{
	static const struct set_key keys[] = {
		SET_KEY(programme_in, name, SET_TEXT),
		SET_KEY(programme_in, state, SET_TEXT),
		SET_KEY(programme_in, prefix, SET_TEXT),
		SET_KEY(programme_in, alphabet, SET_TEXT),
		SET_KEY(programme_in, code_length, SET_NUMBER),
		SET_KEY(programme_in, term_months, SET_NUMBER),
		SET_KEY(programme_in, term_days, SET_NUMBER),
		SET_KEY(programme_in, amount_max, SET_AMOUNT),
		SET_KEY(programme_in, settings, SET_TEXT),
	};
	struct programme_in in = { .set_name = false };
	struct programme out;
	struct str code;
	enum err err;

	if (!cli_options(cli, &argc, argv, NULL, 0, 2, 99))
		return cli->status;
	code = str_of(argv[0]);
	/* For the unit that amounts are in. */
	err = programme_get(&cli->ctx, code, &out);
	if (err != ERR_OK)
		return cli_refused(cli, err, "programme set");
	if (!cli_set(cli, keys, COUNT(keys), &in, out.unit, argc - 1,
	    argv + 1))
		return cli->status;
	if (in.set_prefix && in.prefix.p == NULL)
		in.prefix = STR("");
	err = programme_update(&cli->ctx, code, &in, &out);
	if (err != ERR_OK)
		return cli_refused(cli, err, "programme set");
	return show(cli, &out);
}
