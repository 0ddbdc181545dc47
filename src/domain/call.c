#include <time.h>

#include "domain/call.h"

void
params_begin(struct db_params *p, struct ctx *ctx)
{
	const struct principal *who = ctx->who;
	struct str credential = STR(""), clock = STR("");

	if (who->credential != 0)
		credential = str_printf(ctx->arena, "%d", who->credential);
	if (who->clock_us != 0)
		clock = instant_rfc3339(ctx->arena, who->clock_us);
	db_params_init(p, ctx->arena);
	/* api.caller; numbers, an instant, a zone's name and hex digits need
	 * no quotes in a composite. */
	db_p_str(p, str_printf(ctx->arena, "(%d,%.*s,%d,%.*s,%.*s,%.*s)",
	    who->tenant, STR_ARG(credential), who->version, STR_ARG(clock),
	    STR_ARG(who->time_zone), STR_ARG(str_hex(ctx->arena,
	    ctx->request_id, sizeof(ctx->request_id)))));
}

void
params_begin_keyed(struct db_params *p, struct ctx *ctx)
{
	params_begin(p, ctx);
	db_p_uuid(p, ctx->idem_key);
	db_p_uuid(p, ctx->idem_print);
}

enum err
ctx_call(struct ctx *ctx, enum db_kind kind, const char *name,
    const struct db_params *p, struct db_rows *ret)
{
	if (ctx->who != NULL)
		ctx->asked = true;
	return db_call(ctx->app->db, ctx->arena, ctx->deadline_us, kind, name,
	    p, ret);
}

/*
 * A key that is this request's own can only be in use by an attempt of ours
 * whose connection was lost and whose backend has not noticed yet: wait for
 * its end, which says what came of it.
 */
static enum err
call_own_key(struct ctx *ctx, const char *name, const struct db_params *p,
    struct db_rows *ret)
{
	const struct timespec pause = { 0, 50000000 };
	const struct clock *clock = &ctx->app->clock;
	enum err e;

	while ((e = ctx_call(ctx, DB_KEYED, name, p, ret)) ==
	    ERR_REQUEST_IN_PROGRESS && !ctx->has_key) {
		if (clock->mono_us(clock) > ctx->deadline_us)
			return ERR_OUTCOME_UNKNOWN;
		(void)nanosleep(&pause, NULL);
	}
	return e;
}

enum err
ctx_call_keyed(struct ctx *ctx, const char *name, const struct db_params *p,
    const char *replay, const struct db_params *replay_params,
    struct db_rows *ret)
{
	enum err e = call_own_key(ctx, name, p, ret);

	if (e != ERR_REPLAY)
		return e;
	e = ctx_call(ctx, DB_READ, replay, replay_params, ret);
	if (e == ERR_OK && ret->n == 0)
		return ERR_INTERNAL;	/* a kept key cannot vanish */
	/* It is booked; only what was answered could not be read. */
	if (e == ERR_UNAVAILABLE)
		return ERR_OUTCOME_UNKNOWN;
	/* Under a key that is ours alone, it is this request's own answer,
	 * found again after the connection was lost. */
	ctx->replayed = ctx->has_key && e != ERR_CREDENTIAL_STALE &&
	    e != ERR_IDEMPOTENCY_KEY_REUSED;
	return e;
}

bool
uuid_ok(struct str s)
{
	if (s.n != 36)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (i == 8 || i == 13 || i == 18 || i == 23) {
			if (c != '-')
				return false;
		} else if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ||
		    (c >= 'A' && c <= 'F'))) {
			return false;
		}
	}
	return true;
}

struct str
cursor_format(struct arena *arena, int64_t id)
{
	return str_printf(arena, "%lld", (long long)id);
}

static enum err
cursor_bad(struct ctx *ctx)
{
	return fail_add(&ctx->fail, ERR_INVALID, "cursor", "invalid",
	    "Use the next_cursor of the page before, unchanged.");
}

enum err
cursor_parse(struct ctx *ctx, struct str s, int64_t *ret)
{
	*ret = 0;
	if (s.p == NULL || str_to_i64(s, 1, INT32_MAX, ret))
		return ERR_OK;
	return cursor_bad(ctx);
}

enum err
cursor_uuid(struct ctx *ctx, struct str s)
{
	return s.p == NULL || uuid_ok(s) ? ERR_OK : cursor_bad(ctx);
}

enum err
cursor_known(struct ctx *ctx, enum err e)
{
	return e == ERR_INVALID ? cursor_bad(ctx) : e;
}

void
params_cursor(struct db_params *p, int64_t id)
{
	if (id == 0)
		db_p_null(p);
	else
		db_p_i64(p, id);
}

struct str
page_next(struct arena *arena, const struct db_rows *rows, int *n,
    int64_t limit, const char *key)
{
	*n = rows->n;
	if (rows->n <= limit)
		return STR_NONE;
	*n = (int)limit;
	return str_dup(arena, db_str(rows, *n - 1, key));
}
