#include "cli/cli.h"
#include "domain/admin.h"

#define PAGE	200

static const struct column columns[] = {
	{ "code", CELL_TEXT }, { "number", CELL_I64 }, { "name", CELL_TEXT },
	{ "state", CELL_TEXT }, { "created_at", CELL_INSTANT },
};

static void
add_row(struct table *t, const struct store *s)
{
	table_str(t, s->code);
	table_i64(t, s->number);
	table_str(t, s->name);
	table_str(t, s->state);
	table_instant(t, s->created_us);
}

static int
show(struct cli *cli, enum err err, const struct store *s)
{
	struct table t;

	if (err != ERR_OK)
		return cli_refused(cli, err, "store");
	table_begin(&t, cli, columns, COUNT(columns));
	add_row(&t, s);
	return table_one(&t);
}

int
cmd_store_add(struct cli *cli, int argc, char **argv)
{
	const char *name = NULL;
	const struct opt opts[] = { { "name", OPT_TEXT, &name } };
	struct store_in in = { .set_name = true };
	struct store out;
	enum err err;

	if (!cli_options(cli, &argc, argv, opts, COUNT(opts), 1, 1))
		return cli->status;
	if (name == NULL)
		return cli_misuse(cli, "--name is needed");
	in.code = str_of(argv[0]);
	in.name = str_of(name);
	err = store_create(&cli->ctx, &in, &out);
	return show(cli, err, &out);
}

int
cmd_store_list(struct cli *cli, int argc, char **argv)
{
	struct page_in page = { .limit = PAGE };
	struct store_list_out out;
	struct table t;
	enum err err;

	if (!cli_options(cli, &argc, argv, NULL, 0, 0, 0))
		return cli->status;
	table_begin(&t, cli, columns, COUNT(columns));
	do {
		err = store_list(&cli->ctx, &page, &out);
		if (err != ERR_OK)
			return cli_refused(cli, err, "store list");
		for (size_t i = 0; i < out.n; i++)
			add_row(&t, &out.items[i]);
		page.after = out.next;
	} while (page.after.p != NULL);
	return table_list(&t);
}

int
cmd_store_set(struct cli *cli, int argc, char **argv)
{
	static const struct set_key keys[] = {
		SET_KEY(store_in, name, SET_TEXT),
		SET_KEY(store_in, state, SET_TEXT),
	};
	struct store_in in = { .set_name = false };
	struct store out;
	enum err err;

	if (!cli_options(cli, &argc, argv, NULL, 0, 2, 99) ||
	    !cli_set(cli, keys, COUNT(keys), &in, NULL, argc - 1, argv + 1))
		return cli->status;
	err = store_update(&cli->ctx, str_of(argv[0]), &in, &out);
	return show(cli, err, &out);
}
