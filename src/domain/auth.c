#include <time.h>

#include "config.h"
#include "db/db.h"
#include "domain/auth_cache.h"
#include "domain/call.h"
#include "domain/secret.h"

#define LOGIN_MAX	200
#define PASSWORD_MAX	1000
#define HOUR_US		INT64_C(3600000000)

/* How often a wrong password may be tried from one address, and in what time;
 * each with its source. */
static const struct {
	const char	*api;
	int		 failures_max;
	int		 window_s;
} login_limits[] = {
	/* iWAREHOUSE documents none; section 3 leaves it to us. */
	{ "iwarehouse", 10, 900 },
};

static int
limit_of(const char *api, int *ret_window_s)
{
	for (size_t i = 0; i < COUNT(login_limits); i++) {
		if (str_eq(str_of(api), str_of(login_limits[i].api))) {
			*ret_window_s = login_limits[i].window_s;
			return login_limits[i].failures_max;
		}
	}
	*ret_window_s = 900;
	return 10;
}

/* REMOTE_ADDR as PostgreSQL's inet takes it; anything else is "::". */
static struct str
address_of(const struct ctx *ctx)
{
	struct str a = ctx->address;

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

static void
remember(struct ctx *ctx, const uint8_t tag[AUTH_TAG_LEN],
    const struct db_rows *rows)
{
	struct app *app = ctx->app;
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
	ctx->who = &auth_cache_put(app->auth_cache, &app->clock, tag, &who,
	    app->config->credential_cache_s * INT64_C(1000000),
	    live_until)->who;
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

	if (!key_well_formed(key))
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

static void
params_attempt(struct db_params *p, struct ctx *ctx, const char *api,
    struct str login)
{
	db_params_init(p, ctx->arena);
	db_p_str(p, str_of(api));
	db_p_str(p, login);
	db_p_str(p, address_of(ctx));
}

/* Reserve an attempt; wait while those under way could use up all. */
static enum err
login_begin(struct ctx *ctx, const char *api, struct str login,
    struct str host, struct db_rows *ret)
{
	const struct timespec pause = { 0, 20000000 };
	const struct clock *clock = &ctx->app->clock;
	struct db_params p;
	int max, window;
	enum err e;

	max = limit_of(api, &window);
	params_attempt(&p, ctx, api, login);
	db_p_str(&p, host);
	db_p_i64(&p, max);
	db_p_i64(&p, window);
	while ((e = ctx_call(ctx, DB_KEYED, "login_begin", &p, ret)) ==
	    ERR_REQUEST_IN_PROGRESS) {
		if (clock->mono_us(clock) > ctx->deadline_us)
			return ERR_UNAVAILABLE;
		(void)nanosleep(&pause, NULL);
	}
	return e;
}

enum err
auth_login(struct ctx *ctx, const char *api, struct str login,
    struct str password, struct str host)
{
	const struct str presented[] = { str_of(api),
	    str_lower(ctx->arena, login), password, host, address_of(ctx) };
	uint8_t tag[AUTH_TAG_LEN];
	struct db_params p;
	struct db_rows rows, ended;
	bool right;
	enum err e;

	if (login.n == 0 || login.n > LOGIN_MAX || password.n == 0 ||
	    password.n > PASSWORD_MAX)
		return ERR_UNAUTHENTICATED;
	if (known(ctx, presented, COUNT(presented), tag))
		return ERR_OK;
	e = login_begin(ctx, api, login, host, &rows);
	if (e == ERR_UNAUTHENTICATED) {
		password_verify_nobody(password);
		right = false;
	} else if (e == ERR_OK) {
		right = password_verify(db_str(&rows, 0, "password_hash"),
		    password);
	} else {
		return e;
	}
	params_attempt(&p, ctx, api, login);
	db_p_bool(&p, right);
	TRY(ctx_call(ctx, DB_KEYED, "login_end", &p, &ended));
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
	const struct clock *clock = &ctx->app->clock;
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
		e->blocked_until_us =
		    (clock->wall_us(clock) / HOUR_US + 1) * HOUR_US;
	return err;
}
