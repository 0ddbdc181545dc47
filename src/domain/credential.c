#include <string.h>

#include "domain/admin.h"
#include "domain/call.h"
#include "domain/secret.h"

enum secret {
	SECRET_KEY,
	SECRET_PASSWORD,	/* and a login */
	SECRET_EITHER		/* a password with a login; without one a key,
				 * which may be brought */
};

/* The APIs a credential can be for, and what its secret is. */
static const struct {
	const char	*name;
	enum secret	 secret;
} apis[] = {
	{ "native", SECRET_KEY },
	{ "iwarehouse", SECRET_PASSWORD },
	{ "cardapp", SECRET_PASSWORD },
	{ "cp_extender", SECRET_EITHER },
};

/* "Choose native, iwarehouse, cardapp or cp_extender." */
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
api_of(struct ctx *ctx, struct str api, enum secret *ret)
{
	for (size_t i = 0; i < COUNT(apis); i++) {
		if (str_eq(api, str_of(apis[i].name))) {
			*ret = apis[i].secret;
			return ERR_OK;
		}
	}
	return fail_add(&ctx->fail, ERR_INVALID, "api", "invalid",
	    choose_api(ctx->arena));
}

bool
key_may_be_brought(const char *api)
{
	for (size_t i = 0; i < COUNT(apis); i++)
		if (str_eq(str_of(api), str_of(apis[i].name)))
			return apis[i].secret == SECRET_EITHER;
	return false;
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

/* A secret to store: what was given of it, and which of the two it is. */
struct given {
	bool		key;
	bool		may_be_brought;
	struct str	text;		/* none: make one */
};

static enum err
refuse(struct ctx *ctx, const char *field, const char *code, const char *text)
{
	return fail_add(&ctx->fail, ERR_INVALID, field, code, text);
}

/* Which of the two it is to be, and is the other one left out? */
static enum err
given_of(struct ctx *ctx, enum secret secret, bool login,
    struct str password, struct str key, struct given *ret)
{
	bool by_key = secret == SECRET_KEY ||
	    (secret == SECRET_EITHER && !login);

	if (by_key && password.p != NULL)
		return refuse(ctx, "password", "unknown",
		    secret == SECRET_KEY ?
		    "This API uses a key: leave out login and password." :
		    "A password belongs to a login: without one there is a "
		    "key.");
	if (!by_key && key.p != NULL)
		return refuse(ctx, "key", "unknown",
		    "A login has a password: leave out the key.");
	*ret = (struct given){ by_key, secret == SECRET_EITHER,
	    by_key ? key : password };
	return ERR_OK;
}

static enum err
key_check(struct ctx *ctx, const struct given *given)
{
	if (given->text.p == NULL)
		return ERR_OK;
	if (!given->may_be_brought)
		return refuse(ctx, "key", "unknown",
		    "Keys of this API are made here: leave it out.");
	if (!key_brought_ok(given->text))
		return refuse(ctx, "key", "invalid", "A key of your own has "
		    "16 to 1000 visible characters of ASCII and does not "
		    "begin with tsk_.");
	if (key_weak(given->text))
		return refuse(ctx, "key", "weak",
		    "This key can be guessed: bring a random one.");
	return ERR_OK;
}

/*
 * Make the secret, or take the one given, and add the two parameters that
 * store it: the key's hash, the password's.
 */
static enum err
params_secret(struct db_params *p, struct ctx *ctx,
    const struct given *given, struct str *ret_secret)
{
	uint8_t hash[KEY_HASH_LEN];
	struct str s = given->text, text;

	if (given->key) {
		TRY(key_check(ctx, given));
		if (s.p == NULL)
			s = key_make(ctx->arena);
		key_hash(s, hash);
		db_p_bytes(p, hash, sizeof(hash));
		db_p_null(p);
	} else {
		if (s.p != NULL && (s.n < 8 || s.n > 1000))
			return refuse(ctx, "password", "too_short",
			    "A password has 8 to 1000 bytes.");
		if (s.p == NULL)
			s = password_make(ctx->arena);
		TRY(password_hash(ctx->arena, s, &text));
		db_p_null(p);
		db_p_str(p, text);
	}
	*ret_secret = given->text.p == NULL ? s : STR_NONE;
	return ERR_OK;
}

static enum err
taken(struct ctx *ctx, enum err e, bool key)
{
	if (e == ERR_NAME_TAKEN)
		return fail_add(&ctx->fail, e, key ? "key" : "login", "taken",
		    key ? "Bring another key." : "Choose another login.");
	return e;
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

/* What can be said of a credential before the database is asked. */
static enum err
create_check(struct ctx *ctx, const struct credential_in *in,
    struct given *ret)
{
	bool login = str_trim(in->login).n > 0;
	enum secret secret;

	TRY(api_of(ctx, in->api, &secret));
	if (in->tenant.p != NULL && !uuid_ok(in->tenant))
		return ERR_TENANT_NOT_FOUND;
	if (secret == SECRET_KEY && in->login.p != NULL)
		return refuse(ctx, "login", "unknown",
		    "This API uses a key: leave out login and password.");
	if (!login && (secret == SECRET_PASSWORD || in->login.p != NULL))
		return refuse(ctx, "login", "required",
		    "This API logs in with a name and a password.");
	TRY(given_of(ctx, secret, login, in->password, in->key, ret));
	if (in->expires_us != 0 &&
	    in->expires_us <= ctx->app->clock.wall_us(&ctx->app->clock))
		return refuse(ctx, "expires_at", "out_of_range",
		    "Choose a time to come.");
	return ERR_OK;
}

enum err
credential_create(struct ctx *ctx, const struct credential_in *in,
    struct credential *ret)
{
	struct db_params p;
	struct db_rows rows;
	struct given given;
	struct str secret;
	enum err e;

	TRY(create_check(ctx, in, &given));
	params_begin(&p, ctx);
	db_p_str(&p, in->tenant);
	db_p_str(&p, in->api);
	db_p_str(&p, given.key ? STR_NONE : str_trim(in->login));
	db_p_str(&p, in->label);
	db_p_i64(&p, in->scopes);
	db_p_str(&p, in->programme);
	params_addresses(&p, in->addresses);
	db_p_instant(&p, in->expires_us);
	TRY(params_secret(&p, ctx, &given, &secret));
	e = ctx_call(ctx, DB_WRITE, "credential_create", &p, &rows);
	if (e == ERR_INVALID)
		return fail_add(&ctx->fail, e, "addresses", "invalid",
		    "List addresses or networks such as 192.0.2.0/24.");
	TRY(taken(ctx, e, given.key));
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
credential_rotate(struct ctx *ctx, struct str id,
    const struct credential_rotate_in *in, struct credential *ret)
{
	struct db_params p;
	struct db_rows rows;
	enum secret kind;
	struct given given;
	struct str secret;

	if (!uuid_ok(id))
		return ERR_CREDENTIAL_NOT_FOUND;
	params_begin(&p, ctx);
	db_p_str(&p, id);
	db_p_null(&p);
	db_p_i64(&p, 1);
	TRY(ctx_call(ctx, DB_READ, "credential_list", &p, &rows));
	if (rows.n == 0)
		return ERR_CREDENTIAL_NOT_FOUND;
	TRY(api_of(ctx, db_str(&rows, 0, "api"), &kind));
	TRY(given_of(ctx, kind, !db_null(&rows, 0, "login"), in->password,
	    in->key, &given));
	params_begin(&p, ctx);
	db_p_str(&p, id);
	TRY(params_secret(&p, ctx, &given, &secret));
	db_p_i64(&p, in->overlap_s);
	TRY(taken(ctx, ctx_call(ctx, DB_WRITE, "credential_rotate", &p,
	    &rows), given.key));
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
