#include <time.h>

#include "config.h"
#include "db/db.h"
#include "domain/auth_cache.h"
#include "domain/call.h"
#include "domain/secret.h"

#define LOGIN_MAX	200
#define PASSWORD_MAX	1000
#define HOUR_US		INT64_C(3600000000)

/*
 * How often logins may fail, each API with its source. What the numbers do
 * stands in sql/functions/auth.sql.
 */
static const struct limit {
	const char	*api;
	int		 failures_max;	/* of a login from one address */
	int		 window_s;	/* within that; 0: in a row */
	const char	*lockout;	/* in a row: the tenant's setting for
					 * the minutes of the block */
	int		 network_max;	/* an hour from one network; 0: any */
	bool		 blanks;	/* no login or no password counts too */
} login_limits[] = {
	/* Cardapp Cloud API, section 2: three consecutive failed queries. The
	 * network's is our choice: a proxy of many shops stays below it. */
	{ "cardapp", 3, 0, "cardapp_lockout_min", 100, true },
	/* CP Extender documents no limit of SSO/Login (contract, 3.1): the
	 * same as iWAREHOUSE's. */
	{ "cp_extender", 10, 900, NULL, 0, false },
	/* iWAREHOUSE documents none; section 3 leaves it to us. */
	{ "iwarehouse", 10, 900, NULL, 0, false },
};

static const struct limit *
limit_of(const char *api)
{
	static const struct limit other = { NULL, 10, 900, NULL, 0, false };

	for (size_t i = 0; i < COUNT(login_limits); i++)
		if (str_eq(str_of(api), str_of(login_limits[i].api)))
			return &login_limits[i];
	return &other;
}

/*
 * REMOTE_ADDR as PostgreSQL's inet takes it; anything else is "::". An IPv4
 * address that a socket for both writes as "::ffff:192.0.2.1" is itself.
 */
static struct str
address_of(const struct ctx *ctx)
{
	struct str a = ctx->address, v4 = str_sub(a, 7, a.n);
	size_t at;

	if (a.n > 7 && str_eq(str_lower(ctx->arena, str_sub(a, 0, 7)),
	    STR("::ffff:")) && str_find(v4, '.', &at))
		a = v4;
	if (a.n == 0 || a.n > 45)
		return STR("::");
	for (size_t i = 0; i < a.n; i++) {
		char c = a.p[i];

		if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ||
		    (c >= 'A' && c <= 'F') || c == ':' || c == '.'))
			return STR("::");
	}
	return a;
}

static int64_t
hour_end_us(const struct clock *clock)
{
	return (clock->wall_us(clock) / HOUR_US + 1) * HOUR_US;
}

static void
remember(struct ctx *ctx, const uint8_t tag[AUTH_TAG_LEN],
    const struct db_rows *rows)
{
	struct app *app = ctx->app;
	struct auth_entry *e;
	struct principal who = {
		.tenant = (int32_t)db_i64(rows, 0, "tenant"),
		.credential = (int32_t)db_i64(rows, 0, "credential"),
		.version = (int32_t)db_i64(rows, 0, "version"),
		.scopes = (unsigned)db_i64(rows, 0, "scopes"),
		.reseller = db_bool(rows, 0, "reseller"),
		.currency = unit_by_id((int)db_i64(rows, 0, "currency")),
		.time_zone = db_str(rows, 0, "time_zone"),
		.programme = db_str(rows, 0, "programme"),
		.settings = db_str(rows, 0, "settings"),
	};
	int64_t live_until = 0;

	if (!db_null(rows, 0, "clock"))
		who.clock_us = db_instant(rows, 0, "clock");
	if (!db_null(rows, 0, "live_until"))
		live_until = db_instant(rows, 0, "live_until");
	e = auth_cache_put(app->auth_cache, &app->clock, tag, &who,
	    app->config->credential_cache_s * INT64_C(1000000), live_until);
	/* A budget that is spent stays so when one logs in anew. */
	if (db_i64(rows, 0, "unknown_codes") >
	    app->config->unknown_code_budget)
		e->blocked_until_us = hour_end_us(&app->clock);
	ctx->who = &e->who;
}

static bool
known(struct ctx *ctx, const struct str *presented, size_t n,
    uint8_t tag[AUTH_TAG_LEN])
{
	struct auth_entry *e;

	auth_tag(ctx->app->auth_cache, presented, n, tag);
	e = auth_cache_find(ctx->app->auth_cache, &ctx->app->clock, tag);
	if (e != NULL)
		ctx->who = &e->who;
	return e != NULL;
}

enum err
auth_key(struct ctx *ctx, const char *api, struct str key, struct str host)
{
	const struct str presented[] = { str_of(api), key, host,
	    address_of(ctx) };
	uint8_t tag[AUTH_TAG_LEN], hash[KEY_HASH_LEN];
	struct db_params p;
	struct db_rows rows;

	if (!key_well_formed(key) &&
	    !(key_may_be_brought(api) && key_brought_ok(key)))
		return ERR_UNAUTHENTICATED;
	if (known(ctx, presented, COUNT(presented), tag))
		return ERR_OK;
	key_hash(key, hash);
	db_params_init(&p, ctx->arena);
	db_p_str(&p, str_of(api));
	db_p_bytes(&p, hash, sizeof(hash));
	db_p_str(&p, address_of(ctx));
	db_p_str(&p, host);
	TRY(ctx_call(ctx, DB_READ, "key_find", &p, &rows));
	remember(ctx, tag, &rows);
	return ERR_OK;
}

/* An attempt under way. */
struct attempt {
	const struct limit	*limit;
	const char		*api;
	struct str		 login;		/* as it is counted */
	struct str		 host;
};

/* What can be no login at all is counted under none. */
static struct str
counted_as(struct str login)
{
	for (size_t i = 0; i < login.n; i++)
		if (login.p[i] == '\0')
			return STR("");
	return login.p != NULL && login.n <= LOGIN_MAX && str_utf8_ok(login) ?
	    login : STR("");
}

/* Reserve an attempt; wait while those under way could use up all. */
static enum err
login_begin(struct ctx *ctx, const struct attempt *a, struct db_rows *ret)
{
	const struct timespec pause = { 0, 20000000 };
	const struct clock *clock = &ctx->app->clock;
	struct db_params p;
	enum err e;

	db_params_init(&p, ctx->arena);
	db_p_str(&p, str_of(a->api));
	db_p_str(&p, a->login);
	db_p_str(&p, address_of(ctx));
	db_p_str(&p, a->host);
	db_p_i64(&p, a->limit->failures_max);
	db_p_i64(&p, a->limit->window_s);
	while ((e = ctx_call(ctx, DB_KEYED, "login_begin", &p, ret)) ==
	    ERR_REQUEST_IN_PROGRESS) {
		if (clock->mono_us(clock) > ctx->deadline_us)
			return ERR_UNAVAILABLE;
		(void)nanosleep(&pause, NULL);
	}
	return e;
}

static enum err
login_end(struct ctx *ctx, const struct attempt *a, bool right)
{
	struct db_params p;
	struct db_rows rows;

	db_params_init(&p, ctx->arena);
	db_p_str(&p, str_of(a->api));
	db_p_str(&p, a->login);
	db_p_str(&p, address_of(ctx));
	db_p_bool(&p, right);
	db_p_i64(&p, a->limit->failures_max);
	db_p_i64(&p, a->limit->window_s);
	if (a->limit->network_max != 0)
		db_p_i64(&p, a->limit->network_max);
	else
		db_p_null(&p);
	db_p_str(&p, str_of(a->limit->lockout));
	return ctx_call(ctx, DB_KEYED, "login_end", &p, &rows);
}

enum err
auth_login(struct ctx *ctx, const char *api, struct str login,
    struct str password, struct str host)
{
	const struct str presented[] = { str_of(api),
	    str_lower(ctx->arena, login), password, host, address_of(ctx) };
	const struct attempt a = { limit_of(api), api, counted_as(login),
	    host };
	bool whole = a.login.n > 0 && password.n > 0 &&
	    password.n <= PASSWORD_MAX, right = false;
	uint8_t tag[AUTH_TAG_LEN];
	struct db_rows rows;
	enum err e;

	if (!whole && !a.limit->blanks)
		return ERR_UNAUTHENTICATED;
	if (whole && known(ctx, presented, COUNT(presented), tag))
		return ERR_OK;
	e = login_begin(ctx, &a, &rows);
	if (e != ERR_OK && e != ERR_UNAUTHENTICATED)
		return e;
	if (whole && e == ERR_OK)
		right = password_verify(db_str(&rows, 0, "password_hash"),
		    password);
	else if (whole)
		password_verify_nobody(password);
	TRY(login_end(ctx, &a, right));
	if (!right)
		return ERR_UNAUTHENTICATED;
	remember(ctx, tag, &rows);
	return ERR_OK;
}

enum err
auth_still(struct ctx *ctx)
{
	struct db_params p;
	struct db_rows rows;

	params_begin(&p, ctx);
	return ctx_call(ctx, DB_READ, "credential_still", &p, &rows);
}

void
auth_forget(struct ctx *ctx)
{
	struct auth_entry *e = auth_cache_entry(ctx->app->auth_cache,
	    ctx->who);

	ctx->who = NULL;
	if (e != NULL)
		auth_entry_clear(e);
}

bool
unknown_code_blocked(struct ctx *ctx)
{
	const struct clock *clock = &ctx->app->clock;
	struct auth_entry *e = auth_cache_entry(ctx->app->auth_cache,
	    ctx->who);

	return e != NULL && e->blocked_until_us > clock->wall_us(clock);
}

enum err
unknown_code_seen(struct ctx *ctx)
{
	struct auth_entry *e;
	struct db_params p;
	struct db_rows rows;
	enum err err;

	params_begin(&p, ctx);
	db_p_str(&p, address_of(ctx));
	db_p_i64(&p, ctx->app->config->unknown_code_budget);
	err = ctx_call(ctx, DB_WRITE, "unknown_code_seen", &p, &rows);
	if (err == ERR_TOO_MANY_REQUESTS && (e = auth_cache_entry(
	    ctx->app->auth_cache, ctx->who)) != NULL)
		e->blocked_until_us = hour_end_us(&ctx->app->clock);
	return err;
}

enum err
session_open(struct ctx *ctx, int64_t seconds, struct str *ret_token)
{
	uint8_t hash[KEY_HASH_LEN];
	struct str token = key_make(ctx->arena);
	struct db_params p;
	struct db_rows rows;

	key_hash(token, hash);
	params_begin(&p, ctx);
	db_p_bytes(&p, hash, sizeof(hash));
	db_p_i64(&p, seconds);
	TRY(ctx_call(ctx, DB_WRITE, "session_open", &p, &rows));
	*ret_token = token;
	return ERR_OK;
}

enum err
host_settings(struct ctx *ctx, struct str host, struct principal *ret)
{
	struct db_params p;
	struct db_rows rows;

	db_params_init(&p, ctx->arena);
	db_p_str(&p, host);
	TRY(ctx_call(ctx, DB_READ, "host_settings", &p, &rows));
	*ret = (struct principal){ .settings = db_str(&rows, 0, "settings") };
	return ERR_OK;
}
