#include "cli/cli.h"
#include "domain/admin.h"

#define PAGE	200

static const struct column columns[] = {
	{ "id", CELL_TEXT }, { "first_name", CELL_TEXT },
	{ "last_name", CELL_TEXT }, { "email", CELL_TEXT },
	{ "phone", CELL_TEXT }, { "external_id", CELL_TEXT },
	{ "born_on", CELL_DATE }, { "note", CELL_TEXT },
	{ "created_at", CELL_INSTANT },
};

static const struct set_key keys[] = {
	SET_KEY(customer_in, first_name, SET_TEXT),
	SET_KEY(customer_in, last_name, SET_TEXT),
	SET_KEY(customer_in, email, SET_TEXT),
	SET_KEY(customer_in, phone, SET_TEXT),
	SET_KEY(customer_in, external_id, SET_TEXT),
	SET_KEY(customer_in, note, SET_TEXT),
	SET_KEY(customer_in, born_on, SET_DATE),
};

static void
add_row(struct table *t, const struct customer *c)
{
	table_str(t, c->id);
	table_str(t, c->first_name);
	table_str(t, c->last_name);
	table_str(t, c->email);
	table_str(t, c->phone);
	table_str(t, c->external_id);
	table_date(t, c->born_on);
	table_str(t, c->note);
	table_instant(t, c->created_us);
}

static int
show(struct cli *cli, enum err err, const struct customer *c)
{
	struct table t;

	if (err != ERR_OK)
		return cli_refused(cli, err, "customer");
	table_begin(&t, cli, columns, COUNT(columns));
	add_row(&t, c);
	return table_one(&t);
}

int
cmd_customer_add(struct cli *cli, int argc, char **argv)
{
	struct customer_in in = { .set_note = false };
	struct customer out;
	enum err err;

	if (!cli_options(cli, &argc, argv, NULL, 0, 1, 99) ||
	    !cli_set(cli, keys, COUNT(keys), &in, NULL, argc, argv))
		return cli->status;
	err = customer_create(&cli->ctx, &in, &out);
	return show(cli, err, &out);
}

int
cmd_customer_list(struct cli *cli, int argc, char **argv)
{
	const char *email = NULL, *phone = NULL, *external = NULL;
	const struct opt opts[] = {
		{ "email", OPT_TEXT, &email }, { "phone", OPT_TEXT, &phone },
		{ "external-id", OPT_TEXT, &external },
	};
	struct customer_list_in in = { .page = { .limit = PAGE } };
	struct customer_list_out out;
	struct table t;
	enum err err;

	if (!cli_options(cli, &argc, argv, opts, COUNT(opts), 0, 0))
		return cli->status;
	in.email = str_of(email);
	in.phone = str_of(phone);
	in.external_id = str_of(external);
	table_begin(&t, cli, columns, COUNT(columns));
	do {
		err = customer_list(&cli->ctx, &in, &out);
		if (err != ERR_OK)
			return cli_refused(cli, err, "customer list");
		for (size_t i = 0; i < out.n; i++)
			add_row(&t, &out.items[i]);
		in.page.after = out.next;
	} while (in.page.after.p != NULL);
	return table_list(&t);
}

int
cmd_customer_show(struct cli *cli, int argc, char **argv)
{
	struct customer out;
	enum err err;

	if (!cli_options(cli, &argc, argv, NULL, 0, 1, 1))
		return cli->status;
	err = customer_get(&cli->ctx, str_of(argv[0]), &out);
	return show(cli, err, &out);
}

int
cmd_customer_set(struct cli *cli, int argc, char **argv)
{
	struct customer_in in = { .set_note = false };
	struct customer out;
	enum err err;

	if (!cli_options(cli, &argc, argv, NULL, 0, 2, 99) ||
	    !cli_set(cli, keys, COUNT(keys), &in, NULL, argc - 1, argv + 1))
		return cli->status;
	err = customer_update(&cli->ctx, str_of(argv[0]), &in, &out);
	return show(cli, err, &out);
}
