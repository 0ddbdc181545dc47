#include <assert.h>

#include "domain/admin.h"
#include "domain/call.h"

/* ctx->who->settings is "key=value" lines of all settings in force: the
 * database knows the defaults (sql/functions/01_setting.sql). */
static struct str
setting(const struct principal *who, const char *key)
{
	struct str rest = who->settings, line;
	size_t nl, eq;

	while (rest.n > 0) {
		if (!str_find(rest, '\n', &nl))
			nl = rest.n;
		line = str_sub(rest, 0, nl);
		if (str_find(line, '=', &eq) &&
		    str_eq(str_sub(line, 0, eq), str_of(key)))
			return str_sub(line, eq + 1, line.n);
		rest = str_sub(rest, nl + 1, rest.n);
	}
	return STR_NONE;
}

bool
setting_bool(const struct principal *who, const char *key)
{
	return who != NULL && str_eq(setting(who, key), STR("true"));
}

int64_t
setting_i64(const struct principal *who, const char *key)
{
	int64_t v = 0;

	if (who == NULL ||
	    !str_to_i64(setting(who, key), INT64_MIN, INT64_MAX, &v))
		return 0;
	return v;
}

struct str
setting_str(const struct principal *who, const char *key)
{
	return who == NULL ? STR_NONE : setting(who, key);
}

enum err
setting_check(struct ctx *ctx, const char *scope, struct str json)
{
	struct db_params p;
	struct db_rows rows;
	enum err e;

	params_begin(&p, ctx);
	db_p_str(&p, str_of(scope));
	db_p_str(&p, json);
	e = ctx_call(ctx, DB_READ, "setting_check", &p, &rows);
	if (e != ERR_INVALID || rows.n == 0)
		return e;
	return fail_add(&ctx->fail, e, str_cstr(ctx->arena,
	    str_printf(ctx->arena, "settings%s%.*s",
	    db_null(&rows, 0, "field") ? "" : ".",
	    STR_ARG(db_str(&rows, 0, "field")))), "invalid",
	    str_cstr(ctx->arena, db_str(&rows, 0, "help")));
}
