#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <sodium.h>

#include "base/arena.h"
#include "cli/cli.h"
#include "domain/admin.h"
#include "domain/secret.h"

#define PAGE		200
#define PASSWORD_MAX	256
#define KEY_FILE_MAX	((size_t)1 << 20)
#define DAY_US		INT64_C(86400000000)

static const struct column columns[] = {
	{ "id", CELL_TEXT }, { "api", CELL_TEXT }, { "login", CELL_TEXT },
	{ "label", CELL_TEXT }, { "state", CELL_TEXT },
	{ "scopes", CELL_TEXT }, { "programme", CELL_TEXT },
	{ "addresses", CELL_TEXT }, { "expires_at", CELL_INSTANT },
	{ "secrets", CELL_I64 }, { "created_at", CELL_INSTANT },
	{ "secret", CELL_TEXT },	/* last: lists leave it out */
};

static void
add_row(struct table *t, const struct credential *c)
{
	table_str(t, c->id);
	table_str(t, c->api);
	table_str(t, c->login);
	table_str(t, c->label);
	table_str(t, c->state);
	table_str(t, scopes_format(t->cli->arena, c->scopes));
	table_str(t, c->programme);
	table_str(t, c->addresses);
	table_instant(t, c->expires_us);
	table_i64(t, c->secrets);
	table_instant(t, c->created_us);
	if (t->n_columns == COUNT(columns))
		table_str(t, c->secret);
}

static int
show(struct cli *cli, const struct credential *c)
{
	struct table t;

	table_begin(&t, cli, columns, COUNT(columns));
	add_row(&t, c);
	return table_one(&t);
}

/*
 * One line of standard input, the password or the key; typed on a terminal it
 * is not shown. In the arena, which is wiped.
 */
static bool
read_line(struct cli *cli, const char *what, size_t max, struct str *ret)
{
	struct termios was, quiet;
	char line[KEY_BROUGHT_MAX + 2];
	bool tty = tcgetattr(0, &was) == 0, got;
	size_t n;

	if (tty) {
		quiet = was;
		quiet.c_lflag &= ~(tcflag_t)ECHO;
		fprintf(stderr, "The %s: ", what);
		tcsetattr(0, TCSAFLUSH, &quiet);
	}
	got = fgets(line, sizeof(line), stdin) != NULL;
	if (tty) {
		tcsetattr(0, TCSAFLUSH, &was);
		fputs("\n", stderr);
	}
	n = got ? strcspn(line, "\r\n") : 0;
	if (n == 0 || n > max) {
		sodium_memzero(line, sizeof(line));
		cli_fail("standard input should hold one line with the %s, "
		    "at most %zu characters", what, max);
		return false;
	}
	*ret = str_dup(cli->arena, (struct str){ line, n });
	sodium_memzero(line, sizeof(line));
	return true;
}

/* What a credential's secret is to be, of options that both commands have. */
struct secret_options {
	bool		 password;	/* on standard input */
	const char	*key_file;	/* "-": on standard input; NULL: none */
};

#define SECRET_OPTIONS(s)						\
	{ "password-stdin", OPT_FLAG, &(s).password },			\
	{ "key-file", OPT_TEXT, &(s).key_file }

static bool
read_secret(struct cli *cli, const struct secret_options *o,
    struct str *ret_password, struct str *ret_key)
{
	if (o->password &&
	    !read_line(cli, "password", PASSWORD_MAX, ret_password))
		return false;
	if (o->key_file == NULL)
		return true;
	if (strcmp(o->key_file, "-") == 0)
		return read_line(cli, "key", KEY_BROUGHT_MAX, ret_key);
	if (!file_read(cli, o->key_file, KEY_FILE_MAX, ret_key))
		return false;
	*ret_key = str_trim(*ret_key);
	return true;
}

/* "2025-12-31" is the end of that day in UTC; or an instant. */
static bool
parse_expiry(struct cli *cli, const char *text, int64_t *ret_us)
{
	struct date day;
	int64_t us;

	if (instant_parse(str_of(text), &us)) {
		*ret_us = us;
		return true;
	}
	if (date_parse_iso(str_of(text), &day) && instant_parse(
	    str_printf(cli->arena, "%sT00:00:00Z", text), &us)) {
		*ret_us = us + DAY_US;
		return true;
	}
	cli_fail("--expires needs a day like 2025-12-31, not \"%s\"", text);
	return false;
}

/* What is enough for the API's calls; the operator names more. */
static const char *
default_scopes(const char *api)
{
	if (strcmp(api, "native") == 0)
		return "cards:read,cards:write,value:write,customers,reports";
	if (strcmp(api, "cardapp") == 0 || strcmp(api, "cp_extender") == 0)
		return "cards:read,cards:write,value:write,customers";
	return "cards:read,cards:write";
}

int
cmd_credential_add(struct cli *cli, int argc, char **argv)
{
	const char *api = NULL, *login = NULL, *label = NULL, *scopes = NULL,
	    *programme = NULL, *expires = NULL, *addresses = NULL;
	struct secret_options secret = { .password = false };
	const struct opt opts[] = {
		{ "api", OPT_TEXT, &api }, { "login", OPT_TEXT, &login },
		{ "label", OPT_TEXT, &label },
		{ "scopes", OPT_TEXT, &scopes },
		{ "programme", OPT_TEXT, &programme },
		{ "expires", OPT_TEXT, &expires },
		{ "addresses", OPT_TEXT, &addresses },
		SECRET_OPTIONS(secret),
	};
	struct credential_in in = { .scopes = 0 };
	struct credential out;
	enum err err;

	if (!cli_options(cli, &argc, argv, opts, COUNT(opts), 0, 0))
		return cli->status;
	if (api == NULL)
		return cli_misuse(cli, "which --api?");
	in.api = str_of(api);
	in.login = str_of(login);
	in.label = str_of(label);
	in.programme = str_of(programme);
	in.addresses = str_of(addresses);
	if (scopes == NULL)
		scopes = default_scopes(api);
	if (scopes_parse(&cli->ctx, str_of(scopes), &in.scopes) != ERR_OK)
		return cli_refused(cli, ERR_INVALID, "credential add");
	if ((expires != NULL && !parse_expiry(cli, expires, &in.expires_us)) ||
	    !read_secret(cli, &secret, &in.password, &in.key))
		return CLI_FAILED;
	err = credential_create(&cli->ctx, &in, &out);
	if (err != ERR_OK)
		return cli_refused(cli, err, "credential add");
	return show(cli, &out);
}

int
cmd_credential_list(struct cli *cli, int argc, char **argv)
{
	struct page_in page = { .limit = PAGE };
	struct credential_list_out out;
	struct table t;
	enum err err;

	if (!cli_options(cli, &argc, argv, NULL, 0, 0, 0))
		return cli->status;
	table_begin(&t, cli, columns, COUNT(columns) - 1);
	do {
		err = credential_list(&cli->ctx, &page, &out);
		if (err != ERR_OK)
			return cli_refused(cli, err, "credential list");
		for (size_t i = 0; i < out.n; i++)
			add_row(&t, &out.items[i]);
		page.after = out.next;
	} while (page.after.p != NULL);
	return table_list(&t);
}

/* The tenant's credential with this id or login. False: reported. */
static bool
find(struct cli *cli, const char *what, struct str *ret)
{
	struct db_params p;
	struct db_rows rows;
	enum err err;

	db_params_init(&p, cli->arena);
	db_p_i64(&p, cli->who.tenant);
	db_p_str(&p, str_of(what));
	err = cli_call(cli, DB_READ, "ops.credential_find", &p, &rows);
	if (err == ERR_OK && rows.n > 1) {
		cli_fail("several credentials have the login \"%s\": give the "
		    "id of one, see tessera credential list", what);
		return false;
	}
	if (err == ERR_OK && rows.n == 0)
		err = ERR_CREDENTIAL_NOT_FOUND;
	if (err != ERR_OK) {
		cli_refused(cli, err, what);
		return false;
	}
	*ret = db_str(&rows, 0, "id");
	return true;
}

int
cmd_credential_rotate(struct cli *cli, int argc, char **argv)
{
	struct secret_options secret = { .password = false };
	int64_t hours = 0;
	const struct opt opts[] = {
		{ "overlap", OPT_NUMBER, &hours }, SECRET_OPTIONS(secret),
	};
	struct credential_rotate_in in = { .overlap_s = 0 };
	struct str id;
	struct credential out;
	enum err err;

	if (!cli_options(cli, &argc, argv, opts, COUNT(opts), 1, 1))
		return cli->status;
	if (hours > 24 * 90)
		return cli_misuse(cli, "--overlap is at most 2160 hours");
	in.overlap_s = hours * 3600;
	if (!read_secret(cli, &secret, &in.password, &in.key) ||
	    !find(cli, argv[0], &id))
		return CLI_FAILED;
	err = credential_rotate(&cli->ctx, id, &in, &out);
	if (err != ERR_OK)
		return cli_refused(cli, err, "credential rotate");
	return show(cli, &out);
}

static int
change(struct cli *cli, int argc, char **argv, const char *what,
    enum err (*fn)(struct ctx *, struct str))
{
	struct str id;
	enum err err;

	if (!cli_options(cli, &argc, argv, NULL, 0, 1, 1))
		return cli->status;
	if (!find(cli, argv[0], &id))
		return CLI_FAILED;
	err = fn(&cli->ctx, id);
	if (err != ERR_OK)
		return cli_refused(cli, err, what);
	return CLI_OK;
}

int
cmd_credential_disable(struct cli *cli, int argc, char **argv)
{
	return change(cli, argc, argv, "credential disable",
	    credential_disable);
}

int
cmd_credential_unlock(struct cli *cli, int argc, char **argv)
{
	return change(cli, argc, argv, "credential unlock",
	    credential_unlock);
}
