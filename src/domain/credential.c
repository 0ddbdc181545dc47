#include <string.h>

#include "domain/admin.h"
#include "domain/call.h"
#include "domain/secret.h"

/* The APIs a credential can be for, and what its secret is. */
static const struct {
	const char	*name;
	bool		 key;		/* an API key; else login + password */
} apis[] = {
	{ "native", true },
	{ "iwarehouse", false },
	{ "cardapp", false },
};

/* "Choose native, iwarehouse or cardapp." */
static const char *
choose_api(struct arena *arena)
{
	struct str s = STR("Choose ");

	for (size_t i = 0; i < COUNT(apis); i++)
		s = str_printf(arena, "%.*s%s%s", STR_ARG(s), i == 0 ? "" :
		    i + 1 < COUNT(apis) ? ", " : " or ", apis[i].name);
	return str_cstr(arena, str_printf(arena, "%.*s.", STR_ARG(s)));
}

static enum err
api_of(struct ctx *ctx, struct str api, bool *ret_key)
{
	for (size_t i = 0; i < COUNT(apis); i++) {
		if (str_eq(api, str_of(apis[i].name))) {
			*ret_key = apis[i].key;
			return ERR_OK;
		}
	}
	return fail_add(&ctx->fail, ERR_INVALID, "api", "invalid",
	    choose_api(ctx->arena));
}

static void
credential_row(const struct db_rows *rows, int i, struct credential *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->id = db_str(rows, i, "id");
	ret->api = db_str(rows, i, "api");
	ret->login = db_str(rows, i, "login");
	ret->label = db_str(rows, i, "label");
	ret->state = db_str(rows, i, "state");
	ret->scopes = (unsigned)db_i64(rows, i, "scopes");
	ret->programme = db_str(rows, i, "programme");
	ret->addresses = db_str(rows, i, "addresses");
	ret->created_us = db_instant(rows, i, "created_at");
	if (!db_null(rows, i, "expires_at"))
		ret->expires_us = db_instant(rows, i, "expires_at");
	ret->secrets = db_i64(rows, i, "secrets");
}

/*
 * Make the secret (or take the password given) and add the two parameters
 * that store it: the key's hash, the password's.
 */
static enum err
params_secret(struct db_params *p, struct ctx *ctx, bool key,
    struct str password, struct str *ret_secret)
{
	uint8_t hash[KEY_HASH_LEN];
	struct str text;

	if (key) {
		*ret_secret = key_make(ctx->arena);
		key_hash(*ret_secret, hash);
		db_p_bytes(p, hash, sizeof(hash));
		db_p_null(p);
		return ERR_OK;
	}
	if (password.p != NULL && (password.n < 8 || password.n > 1000))
		return fail_add(&ctx->fail, ERR_INVALID, "password",
		    "too_short", "A password has 8 to 1000 bytes.");
	*ret_secret = password.p != NULL ? password :
	    password_make(ctx->arena);
	TRY(password_hash(ctx->arena, *ret_secret, &text));
	db_p_null(p);
	db_p_str(p, text);
	return ERR_OK;
}

static void
params_addresses(struct db_params *p, struct str s)
{
	struct str list[64];
	size_t n = 0, at;

	if (s.n == 0) {
		db_p_null(p);
		return;
	}
	while (s.n > 0 && n < COUNT(list)) {
		if (!str_find(s, ',', &at))
			at = s.n;
		list[n++] = str_trim(str_sub(s, 0, at));
		s = str_sub(s, at + 1, s.n);
	}
	db_p_strs(p, list, n);
}

enum err
credential_create(struct ctx *ctx, const struct credential_in *in,
    struct credential *ret)
{
	struct db_params p;
	struct db_rows rows;
	struct str secret;
	bool key;
	enum err e;

	TRY(api_of(ctx, in->api, &key));
	if (in->tenant.p != NULL && !uuid_ok(in->tenant))
		return ERR_TENANT_NOT_FOUND;
	if (!key && in->login.n == 0)
		return fail_add(&ctx->fail, ERR_INVALID, "login", "required",
		    "This API logs in with a name and a password.");
	if (key && (in->login.p != NULL || in->password.p != NULL))
		return fail_add(&ctx->fail, ERR_INVALID,
		    in->login.p != NULL ? "login" : "password", "unknown",
		    "This API uses a key: leave out login and password.");
	if (in->expires_us != 0 &&
	    in->expires_us <= ctx->app->clock.wall_us(&ctx->app->clock))
		return fail_add(&ctx->fail, ERR_INVALID, "expires_at",
		    "out_of_range", "Choose a time to come.");
	params_begin(&p, ctx);
	db_p_str(&p, in->tenant);
	db_p_str(&p, in->api);
	db_p_str(&p, key ? STR_NONE : str_trim(in->login));
	db_p_str(&p, in->label);
	db_p_i64(&p, in->scopes);
	db_p_str(&p, in->programme);
	params_addresses(&p, in->addresses);
	db_p_instant(&p, in->expires_us);
	TRY(params_secret(&p, ctx, key, in->password, &secret));
	e = ctx_call(ctx, DB_WRITE, "credential_create", &p, &rows);
	if (e == ERR_INVALID)
		return fail_add(&ctx->fail, e, "addresses", "invalid",
		    "List addresses or networks such as 192.0.2.0/24.");
	if (e == ERR_NAME_TAKEN)
		return fail_add(&ctx->fail, e, "login", "taken",
		    "Choose another login.");
	TRY(e);
	credential_row(&rows, 0, ret);
	ret->secret = secret;
	return ERR_OK;
}

enum err
credential_list(struct ctx *ctx, const struct page_in *page,
    struct credential_list_out *ret)
{
	struct db_params p;
	struct db_rows rows;
	int n;

	TRY(cursor_uuid(ctx, page->after));
	params_begin(&p, ctx);
	db_p_null(&p);
	db_p_str(&p, page->after);
	db_p_i64(&p, page->limit + 1);
	TRY(cursor_known(ctx, ctx_call(ctx, DB_READ, "credential_list", &p,
	    &rows)));
	ret->next = page_next(ctx->arena, &rows, &n, page->limit, "id");
	ret->n = (size_t)n;
	ret->items = arena_array(ctx->arena, ret->n + 1, sizeof(*ret->items));
	for (int i = 0; i < n; i++)
		credential_row(&rows, i, &ret->items[i]);
	return ERR_OK;
}

/* A call whose only parameter is a credential's id. */
static enum err
by_id(struct ctx *ctx, enum db_kind kind, const char *name, struct str id)
{
	struct db_params p;
	struct db_rows rows;

	if (!uuid_ok(id))
		return ERR_CREDENTIAL_NOT_FOUND;
	params_begin(&p, ctx);
	db_p_str(&p, id);
	return ctx_call(ctx, kind, name, &p, &rows);
}

enum err
credential_disable(struct ctx *ctx, struct str id)
{
	return by_id(ctx, DB_KEYED, "credential_disable", id);
}

enum err
credential_unlock(struct ctx *ctx, struct str id)
{
	return by_id(ctx, DB_KEYED, "credential_unlock", id);
}

enum err
credential_rotate(struct ctx *ctx, struct str id, struct str password,
    int64_t overlap_s, struct credential *ret)
{
	struct db_params p;
	struct db_rows rows;
	struct str secret;
	bool key;

	if (!uuid_ok(id))
		return ERR_CREDENTIAL_NOT_FOUND;
	params_begin(&p, ctx);
	db_p_str(&p, id);
	db_p_null(&p);
	db_p_i64(&p, 1);
	TRY(ctx_call(ctx, DB_READ, "credential_list", &p, &rows));
	if (rows.n == 0)
		return ERR_CREDENTIAL_NOT_FOUND;
	TRY(api_of(ctx, db_str(&rows, 0, "api"), &key));
	if (key && password.p != NULL)
		return fail_add(&ctx->fail, ERR_INVALID, "password", "unknown",
		    "This API uses a key: leave out the password.");
	params_begin(&p, ctx);
	db_p_str(&p, id);
	TRY(params_secret(&p, ctx, key, password, &secret));
	db_p_i64(&p, overlap_s);
	TRY(ctx_call(ctx, DB_WRITE, "credential_rotate", &p, &rows));
	credential_row(&rows, 0, ret);
	ret->secret = secret;
	return ERR_OK;
}

enum err
me_get(struct ctx *ctx, struct me *ret)
{
	struct db_params p;
	struct db_rows rows;

	TRY(tenant_get(ctx, STR_NONE, &ret->tenant));
	params_begin(&p, ctx);
	TRY(ctx_call(ctx, DB_READ, "me", &p, &rows));
	if (rows.n == 0)
		return ERR_CREDENTIAL_NOT_FOUND;
	credential_row(&rows, 0, &ret->credential);
	return ERR_OK;
}
