#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "domain/message.h"

#define PAGE		200
#define LIMIT_DEFAULT	1000

static const struct column columns[] = {
	{ "id", CELL_TEXT }, { "tenant", CELL_TEXT }, { "card", CELL_TEXT },
	{ "channel", CELL_TEXT }, { "to", CELL_TEXT },
	{ "state", CELL_TEXT }, { "attempts", CELL_I64 },
	{ "created_at", CELL_INSTANT }, { "due_at", CELL_INSTANT },
	{ "ended_at", CELL_INSTANT }, { "error", CELL_TEXT },
};

static void
add_instant(struct table *t, const struct db_rows *r, int i, const char *col)
{
	table_instant(t, db_null(r, i, col) ? 0 : db_instant(r, i, col));
}

static void
add_row(struct table *t, const struct db_rows *r, int i)
{
	table_str(t, db_str(r, i, "id"));
	table_str(t, db_str(r, i, "tenant"));
	table_str(t, db_str(r, i, "card"));
	table_str(t, db_str(r, i, "channel"));
	table_str(t, db_str(r, i, "recipient"));
	table_str(t, db_str(r, i, "state"));
	table_i64(t, db_i64(r, i, "attempts"));
	add_instant(t, r, i, "created_at");
	add_instant(t, r, i, "due_at");
	add_instant(t, r, i, "ended_at");
	table_str(t, db_str(r, i, "error"));
}

/* The tenant worked for; none: all. */
static void
param_tenant(struct cli *cli, struct db_params *p)
{
	db_params_init(p, cli->arena);
	if (cli->who.tenant != 0)
		db_p_i64(p, cli->who.tenant);
	else
		db_p_null(p);
}

static bool
state_known(const char *state)
{
	for (size_t i = 0; i < MESSAGE_STATES; i++)
		if (strcmp(state, message_states[i]) == 0)
			return true;
	return false;
}

int
cmd_message_list(struct cli *cli, int argc, char **argv)
{
	const char *state = NULL;
	int64_t limit = LIMIT_DEFAULT, after = 0;
	const struct opt opts[] = {
		{ "state", OPT_TEXT, &state }, { "limit", OPT_NUMBER, &limit },
	};
	struct db_params p;
	struct db_rows rows = { .n = PAGE };
	struct table t;
	enum err err;

	if (!cli_options(cli, &argc, argv, opts, COUNT(opts), 0, 0))
		return cli->status;
	if (state != NULL && !state_known(state))
		return cli_misuse(cli, "--state is one of queued, sending, "
		    "sent, failed, unknown, dropped");
	table_begin(&t, cli, columns, COUNT(columns));
	for (; limit > 0 && rows.n == PAGE; limit -= rows.n) {
		param_tenant(cli, &p);
		db_p_str(&p, str_of(state));
		if (after != 0)
			db_p_i64(&p, after);
		else
			db_p_null(&p);
		db_p_i64(&p, limit < PAGE ? limit : PAGE);
		err = cli_call(cli, DB_READ, "ops.message_list", &p, &rows);
		if (err != ERR_OK)
			return cli_refused(cli, err, "message list");
		for (int i = 0; i < rows.n; i++)
			add_row(&t, &rows, i);
		if (rows.n > 0)
			after = db_i64(&rows, rows.n - 1, "message_id");
	}
	return table_list(&t);
}

static int
decide(struct cli *cli, const char *id, bool retry)
{
	struct db_params p;
	struct db_rows rows;
	enum err err;

	param_tenant(cli, &p);
	db_p_str(&p, str_of(id));
	err = cli_call(cli, DB_READ, "ops.message_find", &p, &rows);
	if (err == ERR_OK && rows.n == 0)
		err = ERR_MESSAGE_NOT_FOUND;
	if (err != ERR_OK)
		return cli_refused(cli, err, id);
	db_params_init(&p, cli->arena);
	db_p_i64(&p, db_i64(&rows, 0, "tenant_id"));
	db_p_str(&p, db_str(&rows, 0, "id"));
	db_p_bool(&p, retry);
	err = cli_call(cli, DB_WRITE, "ops.message_decide", &p, &rows);
	if (err == ERR_INVALID)
		return cli_fail("%s: it is %.*s; only what is queued, failed "
		    "or unknown can be %s", id,
		    STR_ARG(db_str(&rows, 0, "state")),
		    retry ? "queued again" : "dropped");
	if (err != ERR_OK)
		return cli_refused(cli, err, id);
	if (!cli->json)
		printf("%s %s\n", id, retry ? "queued" : "dropped");
	return CLI_OK;
}

/* Each by itself: what can be done is done. */
static int
decide_all(struct cli *cli, int argc, char **argv, bool retry)
{
	int status = CLI_OK;

	if (!cli_options(cli, &argc, argv, NULL, 0, 1, 1000))
		return cli->status;
	for (int i = 0; i < argc; i++)
		if (decide(cli, argv[i], retry) != CLI_OK)
			status = CLI_FAILED;
	return status;
}

int
cmd_message_retry(struct cli *cli, int argc, char **argv)
{
	return decide_all(cli, argc, argv, true);
}

int
cmd_message_drop(struct cli *cli, int argc, char **argv)
{
	return decide_all(cli, argc, argv, false);
}
