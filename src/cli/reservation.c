#include <stdio.h>

#include "cli/cli.h"
#include "domain/account.h"

#define PAGE		200
#define LIMIT_DEFAULT	1000

static const struct column columns[] = {
	{ "code", CELL_TEXT }, { "programme", CELL_TEXT },
	{ "agency", CELL_TEXT }, { "batch", CELL_TEXT },
	{ "created_at", CELL_INSTANT }, { "expires_at", CELL_INSTANT },
	{ "lapsed", CELL_BOOL },
};

static void
add_row(struct table *t, const struct reservation *r)
{
	table_str(t, r->code);
	table_str(t, r->programme);
	table_str(t, r->agency);
	table_str(t, r->batch);
	table_instant(t, r->created_us);
	table_instant(t, r->expires_us);
	table_bool(t, r->lapsed);
}

int
cmd_reservation_list(struct cli *cli, int argc, char **argv)
{
	const char *agency = NULL, *batch = NULL;
	int64_t limit = LIMIT_DEFAULT;
	const struct opt opts[] = {
		{ "agency", OPT_TEXT, &agency }, { "batch", OPT_TEXT, &batch },
		{ "limit", OPT_NUMBER, &limit },
	};
	struct reservation_list_in in = { .page = { .limit = PAGE } };
	struct reservation_list_out out;
	struct table t;
	enum err err;

	if (!cli_options(cli, &argc, argv, opts, COUNT(opts), 0, 0))
		return cli->status;
	in.agency = str_of(agency);
	in.batch = str_of(batch);
	table_begin(&t, cli, columns, COUNT(columns));
	for (int64_t left = limit; left > 0; left -= (int64_t)out.n) {
		in.page.limit = left < PAGE ? left : PAGE;
		err = reservation_list(&cli->ctx, &in, &out);
		if (err != ERR_OK)
			return cli_refused(cli, err, "reservation list");
		for (size_t i = 0; i < out.n; i++)
			add_row(&t, &out.items[i]);
		in.page.after = out.next;
		if (out.next.p == NULL)
			break;
	}
	if (in.page.after.p != NULL)
		fprintf(stderr, "tessera: there are more; --limit N shows "
		    "N\n");
	return table_list(&t);
}
