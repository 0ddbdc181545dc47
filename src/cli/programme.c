#include <string.h>

#include "cli/cli.h"
#include "domain/admin.h"

#define PAGE	200

static const struct column columns[] = {
	{ "code", CELL_TEXT }, { "number", CELL_I64 }, { "name", CELL_TEXT },
	{ "kind", CELL_TEXT }, { "unit", CELL_TEXT }, { "state", CELL_TEXT },
	{ "prefix", CELL_TEXT }, { "alphabet", CELL_TEXT },
	{ "code_length", CELL_I64 }, { "term_months", CELL_I64 },
	{ "term_days", CELL_I64 }, { "amount_max", CELL_MONEY },
	{ "created_at", CELL_INSTANT }, { "rules", CELL_JSON },
};

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

/* Of one programme, or code NULL: of all. */
static enum err
read_rules(struct cli *cli, const char *code, struct db_rows *ret)
{
	struct db_params p;

	db_params_init(&p, cli->arena);
	db_p_i64(&p, cli->who.tenant);
	db_p_str(&p, str_of(code));
	return cli_call(cli, DB_READ, "ops.programme_rules", &p, ret);
}

static struct str
rules_of(const struct db_rows *rules, struct str code)
{
	for (int i = 0; i < rules->n; i++)
		if (str_eq(db_str(rules, i, "code"), code))
			return db_str(rules, i, "rules");
	return STR_NONE;	/* made since they were read */
}

static void
add_row(struct table *t, const struct programme *g,
    const struct db_rows *rules)
{
	table_str(t, g->code);
	table_i64(t, g->number);
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
	table_str(t, rules_of(rules, g->code));
}

static int
show(struct cli *cli, enum err err, const struct programme *g)
{
	struct db_rows rules;
	struct table t;

	if (err == ERR_OK)
		err = read_rules(cli, str_cstr(cli->arena, g->code), &rules);
	if (err != ERR_OK)
		return cli_refused(cli, err, "programme");
	table_begin(&t, cli, columns, COUNT(columns));
	add_row(&t, g, &rules);
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

	if (!cli_options(cli, &argc, argv, opts, COUNT(opts), 1, 99))
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
	in.name = str_of(name);
	in.prefix = str_of(prefix);
	in.set_alphabet = alphabet != NULL;
	in.alphabet = str_of(alphabet);
	in.set_code_length = length > 0;
	in.code_length = length;
	in.set_term_months = months > 0;
	in.term_months = months;
	in.set_term_days = days > 0;
	in.term_days = days;
	if (!cli_set_all(cli, keys, COUNT(keys), &in,
	    unit_by_name(str_of(unit)), argc - 1, argv + 1))
		return cli->status;
	in.code = str_of(argv[0]);
	in.kind = str_of(kind);
	in.unit = str_of(unit);
	err = programme_create(&cli->ctx, &in, &out);
	return show(cli, err, &out);
}

int
cmd_programme_list(struct cli *cli, int argc, char **argv)
{
	struct page_in page = { .limit = PAGE };
	struct programme_list_out out;
	struct db_rows rules;
	struct table t;
	enum err err;

	if (!cli_options(cli, &argc, argv, NULL, 0, 0, 0))
		return cli->status;
	err = read_rules(cli, NULL, &rules);
	if (err != ERR_OK)
		return cli_refused(cli, err, "programme list");
	table_begin(&t, cli, columns, COUNT(columns));
	do {
		err = programme_list(&cli->ctx, &page, &out);
		if (err != ERR_OK)
			return cli_refused(cli, err, "programme list");
		for (size_t i = 0; i < out.n; i++)
			add_row(&t, &out.items[i], &rules);
		page.after = out.next;
	} while (page.after.p != NULL);
	return table_list(&t);
}

int
cmd_programme_show(struct cli *cli, int argc, char **argv)
{
	struct programme out;
	enum err err;

	if (!cli_options(cli, &argc, argv, NULL, 0, 1, 1))
		return cli->status;
	err = programme_get(&cli->ctx, str_of(argv[0]), &out);
	return show(cli, err, &out);
}

int
cmd_programme_set(struct cli *cli, int argc, char **argv)
{
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
	if (!cli_set_all(cli, keys, COUNT(keys), &in, out.unit, argc - 1,
	    argv + 1))
		return cli->status;
	if (in.set_prefix && in.prefix.p == NULL)
		in.prefix = STR("");
	err = programme_update(&cli->ctx, code, &in, &out);
	return show(cli, err, &out);
}
