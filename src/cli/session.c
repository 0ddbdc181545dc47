#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/arena.h"
#include "cli/cli.h"
#include "domain/domain.h"

#define CALL_MAX_US	INT64_C(600000000)

/*
 * An outcome in words for an operator. Those that only a request over HTTP
 * can have are told by their label.
 */
static const char *const words[ERR__COUNT] = {
	[ERR_UNAVAILABLE] = "the database cannot be reached or is busy; see "
	    "admin_database in the settings, or run tessera migrate",
	[ERR_OUTCOME_UNKNOWN] = "the connection broke; look whether it was "
	    "done before you repeat it",
	[ERR_INTERNAL] = "the database refused; its log says why",
	[ERR_INVALID] = "a value is not valid",
	[ERR_FORBIDDEN] = "not allowed; is admin_database the role "
	    "tessera_admin, and is the parent a reseller?",
	[ERR_CREDENTIAL_STALE] = "not allowed; is admin_database the role "
	    "tessera_admin?",
	[ERR_CARD_NOT_FOUND] = "there is no such card",
	[ERR_CARD_SUSPENDED] = "the card is suspended",
	[ERR_CARD_EXPIRED] = "the card has expired",
	[ERR_CARD_DELETED] = "the card is deleted",
	[ERR_CODE_TAKEN] = "the code is taken",
	[ERR_UNIT_MISMATCH] = "the programme counts another unit",
	[ERR_AMOUNT_LIMIT] = "the amount is above the programme's limit",
	[ERR_EXPIRY_IN_PAST] = "the day of expiry has passed",
	[ERR_PROGRAMME_NOT_FOUND] = "there is no such programme; see tessera "
	    "programme list",
	[ERR_PROGRAMME_CLOSED] = "the programme is closed",
	[ERR_CUSTOMER_NOT_FOUND] = "there is no such customer; see tessera "
	    "customer list",
	[ERR_TENANT_NOT_FOUND] = "there is no such tenant; see tessera tenant "
	    "list",
	[ERR_TENANT_BLOCKED] = "the tenant is blocked",
	[ERR_CREDENTIAL_NOT_FOUND] = "there is no such credential; see "
	    "tessera credential list",
	[ERR_STORE_NOT_FOUND] = "there is no such store, or it is closed; see "
	    "tessera store list",
	[ERR_MESSAGE_NOT_FOUND] = "there is no such message; see tessera "
	    "message list",
	[ERR_NAME_TAKEN] = "the name is taken; choose another",
};

int
cli_refused(struct cli *cli, enum err err, const char *what)
{
	const struct fail *f = &cli->ctx.fail;
	const char *text = words[err] != NULL ? words[err] : err_label(err);

	for (size_t i = 0; i < f->n; i++)
		cli_fail("%s: %s%s%s", what, f->items[i].field,
		    f->items[i].field[0] != '\0' ? ": " : "",
		    f->items[i].text);
	if (f->n == 0)
		cli_fail("%s: %s", what, text);
	return CLI_FAILED;
}

bool
cli_config(struct cli *cli)
{
	char *error = NULL;
	enum err err = config_load(cli->conf_path, &cli->config, &error);

	if (err == ERR_OK)
		return true;
	cli_fail("%s", error != NULL ? error : err_label(err));
	free(error);
	return false;
}

bool
cli_open(struct cli *cli)
{
	const struct config *config = cli->config;
	struct app *app = &cli->app;
	struct ctx *ctx = &cli->ctx;
	struct db_options options;

	app->config = config;
	app->clock = clock_system;
	app->log = (struct log){ 2, LOG_WARNING };
	options = (struct db_options){ .conninfo = config->admin_database,
	    .prepare = config->prepare, .clock = app->clock,
	    .log = app->log };
	app->db = db_new(&options);
	ctx->app = app;
	ctx->arena = cli->arena;
	ctx->who = &cli->who;
	ctx->channel = "operator";
	ctx->deadline_us = app->clock.mono_us(&app->clock) + CALL_MAX_US;
	randombytes_buf(ctx->request_id, sizeof(ctx->request_id));
	/* A key that is this run's alone, as for a request without one. */
	memcpy(ctx->idem_key, ctx->request_id, sizeof(ctx->idem_key));
	memcpy(ctx->idem_print, ctx->request_id, sizeof(ctx->idem_print));
	if (db_ready(app->db) == ERR_OK)
		return true;
	cli_refused(cli, ERR_UNAVAILABLE, "database");
	return false;
}

enum err
cli_call(struct cli *cli, enum db_kind kind, const char *name,
    const struct db_params *params, struct db_rows *ret)
{
	cli->ctx.fail.n = 0;
	return db_call(cli->app.db, cli->arena, cli->ctx.deadline_us, kind,
	    name, params, ret);
}

bool
cli_open_tenant(struct cli *cli, const char *name)
{
	struct principal *who = &cli->who;
	struct db_params p;
	struct db_rows rows;
	enum err err;

	if (!cli_open(cli))
		return false;
	db_params_init(&p, cli->arena);
	db_p_str(&p, str_of(name));
	err = cli_call(cli, DB_READ, "ops.tenant_find", &p, &rows);
	if (err == ERR_OK && rows.n != 1) {
		cli_fail("%s tenant is called \"%s\"; see tessera tenant list"
		    "%s", rows.n == 0 ? "no" : "more than one", name,
		    rows.n == 0 ? "" : " and give the id");
		return false;
	}
	if (err != ERR_OK) {
		cli_refused(cli, err, name);
		return false;
	}
	cli->tenant_id = db_str(&rows, 0, "id");
	who->tenant = (int32_t)db_i64(&rows, 0, "tenant_id");
	who->scopes = ~0u;
	who->reseller = db_bool(&rows, 0, "reseller");
	who->clock_us = db_instant(&rows, 0, "clock");
	who->currency = unit_by_id((int)db_i64(&rows, 0, "currency"));
	who->time_zone = db_str(&rows, 0, "time_zone");
	who->settings = db_str(&rows, 0, "in_force");
	return true;
}
