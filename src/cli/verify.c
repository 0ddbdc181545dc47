/*
 * tessera verify. Each file of sql/checks is one SELECT that answers what
 * breaks a rule of the ledger: no row, all is well. All run on one snapshot.
 */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "cli/pg.h"
#include "codec/json.h"

#define SQL_MAX		((size_t)1 << 20)
#define SHOWN_MAX	20
#define OUTPUT_MAX	((size_t)64 << 20)

struct verify {
	struct cli	*cli;
	PGconn		*conn;
	const char	*dir;
	struct buf	 buf;		/* the JSON document */
	struct json_out	 json;
	int64_t		 broken;	/* checks with rows */
};

/*
 * Row level security is the filter: the owner sees the tenant that is set,
 * tessera_ops sees all.
 */
static bool
choose_rows(struct verify *v)
{
	const char *id[1];

	/*
	 * Checks join whole tables. Where statistics are young a nested loop
	 * looks cheap and takes for ever.
	 */
	if (!pg_run(v->conn, "BEGIN ISOLATION LEVEL REPEATABLE READ READ "
	    "ONLY; SET LOCAL enable_nestloop = off"))
		return false;
	if (v->cli->who.tenant == 0)
		return pg_run(v->conn, "SET LOCAL ROLE tessera_ops");
	id[0] = str_cstr(v->cli->arena, str_printf(v->cli->arena, "%d",
	    v->cli->who.tenant));
	return pg_do(v->conn, "SELECT set_config('tessera.tenant', $1, true)",
	    1, id) && pg_run(v->conn, "SET LOCAL ROLE tessera_owner");
}

static void
show_json(struct verify *v, const char *name, PGresult *res)
{
	int n = PQntuples(res);

	json_obj(&v->json, NULL);
	json_str(&v->json, "check", str_of(name));
	json_i64(&v->json, "rows", n);
	json_arr(&v->json, "found");
	for (int i = 0; i < n && i < SHOWN_MAX; i++) {
		json_obj(&v->json, NULL);
		for (int c = 0; c < PQnfields(res); c++)
			if (!PQgetisnull(res, i, c))
				json_str(&v->json, PQfname(res, c),
				    str_of(PQgetvalue(res, i, c)));
		json_obj_end(&v->json);
	}
	json_arr_end(&v->json);
	json_obj_end(&v->json);
}

static void
show_text(const char *name, PGresult *res)
{
	int n = PQntuples(res);

	if (n == 0)
		printf("%-28s ok\n", name);
	else
		printf("%-28s BROKEN, %d row%s\n", name, n, n > 1 ? "s" : "");
	for (int i = 0; i < n && i < SHOWN_MAX; i++) {
		printf("   ");
		for (int c = 0; c < PQnfields(res); c++)
			printf(" %s=%s", PQfname(res, c),
			    PQgetvalue(res, i, c));
		printf("\n");
	}
	if (n > SHOWN_MAX)
		printf("    and %d more\n", n - SHOWN_MAX);
}

static bool
check(struct verify *v, const char *file)
{
	const char *path = str_cstr(v->cli->arena, str_printf(v->cli->arena,
	    "%s/%s", v->dir, file));
	const char *name = str_cstr(v->cli->arena,
	    (struct str){ file, strlen(file) - strlen(".sql") });
	PGresult *res;
	struct str text;

	if (!file_read(v->cli, path, SQL_MAX, &text))
		return false;
	res = PQexec(v->conn, str_cstr(v->cli->arena, text));
	if (PQresultStatus(res) != PGRES_TUPLES_OK) {
		pg_report(res, path);
		PQclear(res);
		return false;
	}
	if (PQntuples(res) > 0)
		v->broken++;
	if (v->cli->json)
		show_json(v, name, res);
	else
		show_text(name, res);
	PQclear(res);
	return true;
}

static bool
check_all(struct verify *v)
{
	struct file_list files;

	if (!file_list(v->cli, v->dir, &files))
		return false;
	if (files.n == 0) {
		cli_fail("no checks in %s", v->dir);
		return false;
	}
	for (size_t i = 0; i < files.n; i++)
		if (!check(v, files.names[i]))
			return false;
	return true;
}

int
cmd_verify(struct cli *cli, int argc, char **argv)
{
	struct verify v = { .cli = cli };

	if (!cli_options(cli, &argc, argv, NULL, 0, 0, 0))
		return cli->status;
	v.dir = str_cstr(cli->arena, str_printf(cli->arena, "%s/checks",
	    cli->config->sql_dir));
	if ((v.conn = pg_connect(cli)) == NULL || !choose_rows(&v))
		return CLI_FAILED;
	buf_init(&v.buf, cli->arena, OUTPUT_MAX);
	json_begin(&v.json, &v.buf);
	json_arr(&v.json, NULL);
	if (!check_all(&v))
		return CLI_FAILED;
	json_arr_end(&v.json);
	if (cli->json)
		printf("%.*s\n", STR_ARG(buf_str(&v.buf)));
	if (v.broken == 0)
		return CLI_OK;
	return cli_fail("%lld checks found broken rules; stop writing to this "
	    "database and look into them", (long long)v.broken);
}
