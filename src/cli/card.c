#include <stdio.h>

#include "base/arena.h"
#include "cli/cli.h"
#include "domain/purchase.h"
#include "domain/transfer.h"

#define PAGE		200
#define LIMIT_DEFAULT	1000

static const struct column columns[] = {
	{ "code", CELL_TEXT }, { "programme", CELL_TEXT },
	{ "state", CELL_TEXT }, { "balance", CELL_MONEY },
	{ "held", CELL_MONEY }, { "available", CELL_MONEY },
	{ "opening", CELL_MONEY }, { "expires_on", CELL_DATE },
	{ "created_at", CELL_INSTANT }, { "changed_on", CELL_DATE },
	{ "customer", CELL_TEXT }, { "store", CELL_TEXT },
	{ "reference", CELL_TEXT }, { "note", CELL_TEXT },
};

/* One row a purse: a gift card has one. */
static void
add_rows(struct table *t, const struct card *c)
{
	for (size_t i = 0; i < c->n_purses; i++) {
		const struct purse *p = &c->purses[i];

		table_str(t, c->code);
		table_str(t, c->programme);
		table_str(t, c->state);
		table_money(t, (struct money){ p->balance, p->unit });
		table_money(t, (struct money){ p->held, p->unit });
		table_money(t, (struct money){ p->available, p->unit });
		table_money(t, c->opening);
		table_date(t, c->expires_on);
		table_instant(t, c->created_us);
		table_date(t, c->changed_on);
		table_str(t, c->customer);
		table_str(t, c->store);
		table_str(t, c->reference);
		table_str(t, c->note);
	}
}

static int
show(struct cli *cli, enum err err, const struct card *c)
{
	struct table t;

	if (err != ERR_OK)
		return cli_refused(cli, err, "card");
	table_begin(&t, cli, columns, COUNT(columns));
	add_rows(&t, c);
	return c->n_purses == 1 ? table_one(&t) : table_list(&t);
}

int
cmd_card_show(struct cli *cli, int argc, char **argv)
{
	struct card card;
	enum err err;

	if (!cli_options(cli, &argc, argv, NULL, 0, 1, 1))
		return cli->status;
	err = card_get(&cli->ctx, str_of(argv[0]), &card);
	return show(cli, err, &card);
}

static int
set_state(struct cli *cli, int argc, char **argv, struct str state)
{
	struct card_update_in in = { .set_state = true, .state = state };
	struct card card;
	enum err err;

	if (!cli_options(cli, &argc, argv, NULL, 0, 1, 1))
		return cli->status;
	err = card_update(&cli->ctx, str_of(argv[0]), &in, &card);
	return show(cli, err, &card);
}

int
cmd_card_suspend(struct cli *cli, int argc, char **argv)
{
	return set_state(cli, argc, argv, STR("suspended"));
}

int
cmd_card_activate(struct cli *cli, int argc, char **argv)
{
	return set_state(cli, argc, argv, STR("active"));
}

static const struct column history_columns[] = {
	{ "id", CELL_TEXT }, { "created_at", CELL_INSTANT },
	{ "kind", CELL_TEXT }, { "direction", CELL_TEXT },
	{ "value", CELL_MONEY }, { "balance_after", CELL_MONEY },
	{ "held_after", CELL_MONEY }, { "origin", CELL_TEXT },
	{ "reference", CELL_TEXT }, { "reason", CELL_TEXT },
	{ "purchase", CELL_TEXT },
	{ "amount", CELL_MONEY }, { "discount", CELL_MONEY },
	{ "detail", CELL_TEXT },
};

/* Ids are texts, also where they are numbers. */
static struct str
number(struct arena *arena, int64_t n)
{
	return str_printf(arena, "%lld", (long long)n);
}

static void
add_transfer(struct table *t, const struct transfer *x)
{
	struct arena *arena = t->cli->arena;
	const struct unit *unit = x->value.unit;

	table_str(t, transfer_id_format(arena, x->id));
	table_instant(t, x->created_us);
	table_str(t, x->kind);
	table_str(t, str_of(transfer_direction(x->direction)));
	table_money(t, x->value);
	table_money(t, (struct money){ x->balance_after, unit });
	table_money(t, (struct money){ x->held_after, unit });
	table_str(t, x->origin.card == 0 ? STR_NONE :
	    transfer_id_format(arena, x->origin));
	table_str(t, x->reference);
	table_str(t, x->reason);
	/* Without a purchase there are no units, so no amounts. */
	table_str(t, x->purchase_id == 0 ? STR_NONE :
	    number(arena, x->purchase_id));
	table_money(t, x->purchase_amount);
	table_money(t, x->purchase_discount);
	table_str(t, x->purchase_detail);
}

int
cmd_card_history(struct cli *cli, int argc, char **argv)
{
	struct page_in page = { .limit = PAGE };
	struct transfer_list_out out;
	struct table t;
	enum err err;

	if (!cli_options(cli, &argc, argv, NULL, 0, 1, 1))
		return cli->status;
	table_begin(&t, cli, history_columns, COUNT(history_columns));
	do {
		err = transfer_list(&cli->ctx, str_of(argv[0]), &page, &out);
		if (err != ERR_OK)
			return cli_refused(cli, err, "card history");
		for (size_t i = 0; i < out.n; i++)
			add_transfer(&t, &out.transfers[i]);
		page.after = out.next;
	} while (page.after.p != NULL);
	return table_list(&t);
}

static const struct column purchase_columns[] = {
	{ "id", CELL_TEXT }, { "created_at", CELL_INSTANT },
	{ "amount", CELL_MONEY }, { "discount", CELL_MONEY },
	{ "spent", CELL_I64 }, { "earned", CELL_I64 },
	{ "points_after", CELL_I64 }, { "worth_after", CELL_MONEY },
	{ "detail", CELL_TEXT },
};

int
cmd_card_purchases(struct cli *cli, int argc, char **argv)
{
	struct page_in page = { .limit = PAGE };
	struct purchase_list_out out;
	struct table t;
	enum err err;

	if (!cli_options(cli, &argc, argv, NULL, 0, 1, 1))
		return cli->status;
	table_begin(&t, cli, purchase_columns, COUNT(purchase_columns));
	do {
		err = purchase_list(&cli->ctx, str_of(argv[0]), &page, &out);
		if (err != ERR_OK)
			return cli_refused(cli, err, "card purchases");
		for (size_t i = 0; i < out.n; i++) {
			const struct purchase *p = &out.items[i];

			table_str(&t, number(cli->arena, p->id));
			table_instant(&t, p->created_us);
			table_money(&t, p->amount);
			table_money(&t, p->discount);
			table_i64(&t, p->spent);
			table_i64(&t, p->earned);
			table_i64(&t, p->points_after);
			table_money(&t, p->worth_after);
			table_str(&t, p->detail);
		}
		page.after = out.next;
	} while (page.after.p != NULL);
	return table_list(&t);
}

int
cmd_card_list(struct cli *cli, int argc, char **argv)
{
	const char *state = NULL, *programme = NULL, *customer = NULL;
	int64_t limit = LIMIT_DEFAULT;
	const struct opt opts[] = {
		{ "state", OPT_TEXT, &state },
		{ "programme", OPT_TEXT, &programme },
		{ "customer", OPT_TEXT, &customer },
		{ "limit", OPT_NUMBER, &limit },
	};
	struct card_list_in in = { .page = { .limit = PAGE } };
	struct card_list_out out;
	struct table t;
	enum err err;

	if (!cli_options(cli, &argc, argv, opts, COUNT(opts), 0, 0))
		return cli->status;
	in.state = str_of(state);
	in.programme = str_of(programme);
	in.customer = str_of(customer);
	table_begin(&t, cli, columns, COUNT(columns));
	for (int64_t left = limit; left > 0; left -= (int64_t)out.n) {
		in.page.limit = left < PAGE ? left : PAGE;
		err = card_list(&cli->ctx, &in, &out);
		if (err != ERR_OK)
			return cli_refused(cli, err, "card list");
		for (size_t i = 0; i < out.n; i++)
			add_rows(&t, &out.cards[i]);
		in.page.after = out.next;
		if (out.next.p == NULL)
			break;
	}
	if (in.page.after.p != NULL)
		fprintf(stderr, "tessera: there are more; --limit N shows N, "
		    "cards export all\n");
	return table_list(&t);
}

static const struct column latest_columns[] = {
	{ "code", CELL_TEXT }, { "created_at", CELL_INSTANT },
	{ "programme", CELL_TEXT }, { "opening", CELL_MONEY },
	{ "balance", CELL_MONEY }, { "api", CELL_TEXT },
	{ "login", CELL_TEXT }, { "label", CELL_TEXT },
	{ "reference", CELL_TEXT },
};

static int
print_latest(struct cli *cli, const struct db_rows *r)
{
	struct table t;

	table_begin(&t, cli, latest_columns, COUNT(latest_columns));
	for (int i = 0; i < r->n; i++) {
		const struct unit *u = unit_by_id((int)db_i64(r, i, "unit"));

		table_str(&t, db_str(r, i, "code"));
		table_instant(&t, db_instant(r, i, "created_at"));
		table_str(&t, db_str(r, i, "programme"));
		table_money(&t, (struct money){ db_i64(r, i, "opened"), u });
		table_money(&t, (struct money){ db_i64(r, i, "balance"), u });
		table_str(&t, db_str(r, i, "api"));
		table_str(&t, db_str(r, i, "login"));
		table_str(&t, db_str(r, i, "label"));
		table_str(&t, db_str(r, i, "reference"));
	}
	return table_list(&t);
}

/* What became of an issue whose answer was lost? */
int
cmd_card_latest(struct cli *cli, int argc, char **argv)
{
	const char *login = NULL, *value = NULL, *since = NULL;
	int64_t limit = 10, minor = -1, since_us = 0;
	const struct opt opts[] = {
		{ "login", OPT_TEXT, &login }, { "value", OPT_TEXT, &value },
		{ "since", OPT_TEXT, &since }, { "limit", OPT_NUMBER, &limit },
	};
	struct db_params p;
	struct db_rows rows;
	enum err err;

	if (!cli_options(cli, &argc, argv, opts, COUNT(opts), 0, 0))
		return cli->status;
	if (since != NULL && !instant_parse(str_of(since), &since_us))
		return cli_misuse(cli, "--since needs an instant like "
		    "2025-12-31T18:30:00+01:00");
	if (value != NULL && !cli_amount(value, cli->who.currency, &minor))
		return CLI_FAILED;
	db_params_init(&p, cli->arena);
	db_p_i64(&p, cli->who.tenant);
	db_p_str(&p, str_of(login));
	if (minor >= 0)
		db_p_i64(&p, minor);
	else
		db_p_null(&p);
	db_p_instant(&p, since_us);
	db_p_i64(&p, limit);
	err = cli_call(cli, DB_READ, "ops.card_latest", &p, &rows);
	if (err != ERR_OK)
		return cli_refused(cli, err, "card latest");
	return print_latest(cli, &rows);
}
