#include "http/dispatch.h"

#include <assert.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "config.h"
#include "base/arena.h"
#include "dialect/dialect.h"
#include "domain/auth.h"
#include "http/metrics.h"

#define IDEMPOTENCY_KEY_MAX	255
#define ATTEMPTS_MAX		3	/* to run with a credential that holds */

static void	call_init(struct call *, struct app *, struct arena *,
		    struct request *, struct reply *);
static enum err	admit(const struct call *);
static enum err	nginx_err(int status);
static enum err	run(struct call *, const struct route *);
static enum err	attempt(struct call *, const struct route *);
static enum err	handle(struct call *, const struct route *);
static enum err	identify(struct call *, const struct route *);
static bool	plain_asks(const struct call *, const struct route *);
static enum err	take_key(struct call *, const struct route *);
static void	fingerprint(struct ctx *, const struct request *);
static void	answer_error(struct call *, enum err, unsigned allowed);
static void	say_allowed(struct call *, unsigned allowed);
static void	account(const struct call *, const struct route *, enum err,
		    int64_t began_us);
static void	log_request(const struct call *, const struct route *, enum err,
		    int64_t us);

void
dispatch(struct app *app, struct arena *arena, struct request *req,
    struct reply *reply)
{
	int64_t began_us = app->clock.mono_us(&app->clock);
	const struct route *route = NULL;
	unsigned allowed = 0;
	struct call c;
	enum err err;

	call_init(&c, app, arena, req, reply);
	err = admit(&c);
	if (err == ERR_OK) {
		err = route_match(arena, c.dialect->routes,
		    c.dialect->n_routes, req, &route, &allowed);
		/* Over plain HTTP not even what exists is told. */
		if (!req->https && !plain_asks(&c, route))
			err = ERR_HTTPS_REQUIRED;
	}
	if (err == ERR_OK)
		err = run(&c, route);
	if (err != ERR_OK)
		answer_error(&c, err, allowed);
	if (c.ctx.replayed)
		reply_header(reply, "Idempotency-Replayed", STR("true"));
	account(&c, route, err, began_us);
}

static void
call_init(struct call *c, struct app *app, struct arena *arena,
    struct request *req, struct reply *reply)
{
	*c = (struct call){ .request = req, .reply = reply };
	c->dialect = dialect_for_path(req->path);
	c->ctx.app = app;
	c->ctx.arena = arena;
	memcpy(c->ctx.request_id, req->id, sizeof(req->id));
	c->ctx.address = req->address;
	c->ctx.channel = c->dialect->name;
	c->ctx.deadline_us = app->clock.mono_us(&app->clock) +
	    app->config->request_deadline_ms * 1000;
}

/* Is this a request to act on at all? */
static enum err
admit(const struct call *c)
{
	const struct app *app = c->ctx.app;
	const struct request *req = c->request;

	if (req->nginx_error != 0)
		return nginx_err(req->nginx_error);
	if (req->start_ms != 0 && app->clock.wall_us(&app->clock) / 1000 -
	    req->start_ms > app->config->queue_deadline_ms)
		return ERR_UNAVAILABLE;
	return ERR_OK;
}

static enum err
nginx_err(int status)
{
	switch (status) {
	case 400:
	case 414:
		return ERR_BAD_REQUEST;
	case 413:
		return ERR_TOO_LARGE;
	case 429:
		return ERR_TOO_MANY_REQUESTS;
	default:
		return ERR_UNAVAILABLE;
	}
}

/*
 * A credential that changed since this worker verified it is verified anew,
 * which also tells whether it may be used at all. Wrong logins from the
 * same address can change it again right then; but not for ever.
 */
static enum err
run(struct call *c, const struct route *route)
{
	enum err err;

	for (int i = 1; (err = attempt(c, route)) == ERR_CREDENTIAL_STALE;
	    i++) {
		auth_forget(&c->ctx);
		c->ctx.who = NULL;
		c->ctx.fail.n = 0;
		c->ctx.replayed = false;
		reply_clear(c->reply);
		if (i == ATTEMPTS_MAX)
			return ERR_UNAVAILABLE;
	}
	return err;
}

static enum err
attempt(struct call *c, const struct route *route)
{
	enum err err;

	TRY(identify(c, route));
	c->ctx.asked = false;
	if (c->ctx.who != NULL && !(route->flags & OPEN_WHEN_BLOCKED) &&
	    unknown_code_blocked(&c->ctx))
		return ERR_TOO_MANY_REQUESTS;
	err = handle(c, route);
	/* A remembered credential that no call has judged yet may be locked
	 * out or disabled by now: that comes before what is wrong with the
	 * request. */
	if (err != ERR_OK && c->ctx.who != NULL && !c->ctx.asked &&
	    auth_still(&c->ctx) == ERR_CREDENTIAL_STALE)
		return ERR_CREDENTIAL_STALE;
	/* Only a spent budget changes the answer, not a failure to count. */
	if (err == ERR_CARD_NOT_FOUND && c->ctx.who != NULL &&
	    unknown_code_seen(&c->ctx) == ERR_TOO_MANY_REQUESTS)
		return ERR_TOO_MANY_REQUESTS;
	return err;
}

static enum err
handle(struct call *c, const struct route *route)
{
	if (route->scope != 0 && (c->ctx.who == NULL ||
	    (c->ctx.who->scopes & route->scope) == 0))
		return ERR_FORBIDDEN;
	TRY(take_key(c, route));
	return route->handler(c);
}

static enum err
identify(struct call *c, const struct route *route)
{
	enum err err = ERR_OK;

	if (route->flags & NEED_AUTH)
		err = c->dialect->authenticate(c);
	assert(err != ERR_OK || !(route->flags & NEED_AUTH) ||
	    c->ctx.who != NULL);
	if (c->request->https || err == ERR_CREDENTIAL_STALE)
		return err;
	if (err != ERR_OK || !c->dialect->plain_http(c))
		return ERR_HTTPS_REQUIRED;
	return ERR_OK;
}

/* May a tenant that is known allow this route over plain HTTP? */
static bool
plain_asks(const struct call *c, const struct route *route)
{
	return route != NULL && (route->flags & PLAIN_HTTP_ASK) &&
	    (route->flags & NEED_AUTH) && c->dialect->plain_http != NULL;
}

/*
 * Every request gets a key, the client's or one of its own, so that a write
 * may be repeated inside when a connection breaks.
 */
static enum err
take_key(struct call *c, const struct route *route)
{
	struct str key = c->request->idempotency_key;
	size_t i;

	if (key.p == NULL) {
		c->ctx.has_key = false;
		if (route->flags & NEED_IDEMPOTENCY)
			return fail_add(&c->ctx.fail,
			    ERR_IDEMPOTENCY_KEY_REQUIRED, "Idempotency-Key",
			    "required", "Send a header Idempotency-Key, new "
			    "for each operation and the same for a repeat.");
		fingerprint(&c->ctx, c->request);
		return ERR_OK;
	}
	for (i = 0; i < key.n; i++)
		if (key.p[i] < 0x21 || key.p[i] > 0x7e)
			break;
	if (key.n == 0 || key.n > IDEMPOTENCY_KEY_MAX || i < key.n)
		return fail_add(&c->ctx.fail, ERR_INVALID, "Idempotency-Key",
		    "invalid", "Send 1 to 255 visible ASCII characters.");
	c->ctx.has_key = true;
	fingerprint(&c->ctx, c->request);
	return ERR_OK;
}

static void
hash_part(crypto_generichash_state *st, struct str s)
{
	crypto_generichash_update(st, (const unsigned char *)s.p, s.n);
	crypto_generichash_update(st, (const unsigned char *)"", 1);
}

static void
fingerprint(struct ctx *ctx, const struct request *req)
{
	crypto_generichash_state st;

	crypto_generichash_init(&st, NULL, 0, sizeof(ctx->idem_key));
	if (!ctx->has_key) {
		crypto_generichash_update(&st,
		    (const unsigned char *)"request", 7);
		crypto_generichash_update(&st, req->id, sizeof(req->id));
		crypto_generichash_final(&st, ctx->idem_key,
		    sizeof(ctx->idem_key));
		memcpy(ctx->idem_print, ctx->idem_key,
		    sizeof(ctx->idem_print));
		return;
	}
	hash_part(&st, str_of(ctx->channel));
	crypto_generichash_update(&st,
	    (const unsigned char *)req->idempotency_key.p,
	    req->idempotency_key.n);
	crypto_generichash_final(&st, ctx->idem_key, sizeof(ctx->idem_key));

	/*
	 * Queries and bodies may hold a password. The client's key goes in
	 * first: it is stored nowhere, so that who reads the table cannot try
	 * passwords against the fingerprint.
	 */
	crypto_generichash_init(&st, NULL, 0, sizeof(ctx->idem_print));
	hash_part(&st, req->idempotency_key);
	hash_part(&st, req->method_name);
	hash_part(&st, req->path);
	hash_part(&st, req->query);
	hash_part(&st, req->content_type);
	crypto_generichash_update(&st, (const unsigned char *)req->body.p,
	    req->body.n);
	crypto_generichash_final(&st, ctx->idem_print,
	    sizeof(ctx->idem_print));
}

static void
answer_error(struct call *c, enum err err, unsigned allowed)
{
	const struct err_map *row = &c->dialect->errors[err];

	reply_clear(c->reply);
	c->reply->status = row->status != 0 ? row->status : 500;
	if (err == ERR_UNAVAILABLE || err == ERR_OUTCOME_UNKNOWN ||
	    err == ERR_REQUEST_IN_PROGRESS)
		reply_header(c->reply, "Retry-After", STR("2"));
	if (err == ERR_TOO_MANY_REQUESTS)
		reply_header(c->reply, "Retry-After", STR("60"));
	if (err == ERR_METHOD_NOT_ALLOWED)
		say_allowed(c, allowed);
	c->dialect->encode_error(c, err, row);
}

static void
say_allowed(struct call *c, unsigned allowed)
{
	static const enum method all[] = { GET, POST, PATCH, PUT, DELETE };
	struct buf names;
	size_t i;

	buf_init(&names, c->ctx.arena, 64);
	for (i = 0; i < COUNT(all); i++) {
		if (!(allowed & (unsigned)all[i]))
			continue;
		if (names.n > 0)
			buf_puts(&names, ", ");
		buf_puts(&names, method_name(all[i]));
	}
	reply_header(c->reply, "Allow", buf_str(&names));
}

static void
account(const struct call *c, const struct route *route, enum err err,
    int64_t began_us)
{
	const struct app *app = c->ctx.app;
	int64_t us = app->clock.mono_us(&app->clock) - began_us;
	size_t row = 0, class = (size_t)c->reply->status / 100;

	while (row < dialects_n && dialects[row] != c->dialect)
		row++;
	row++;
	metrics_add(app->metrics, METRIC_REQUESTS, row,
	    class <= 5 ? class : 0, 1);
	metrics_duration(app->metrics, row, us);
	/* A full queue is UNAVAILABLE too, but no fault of the database. */
	if (route != NULL &&
	    (err == ERR_UNAVAILABLE || err == ERR_OUTCOME_UNKNOWN))
		metrics_add(app->metrics, METRIC_DB_ERRORS, 0, 0, 1);
	log_request(c, route, err, us);
}

/* Neither path nor query: both may hold codes and passwords. */
static void
log_request(const struct call *c, const struct route *route, enum err err,
    int64_t us)
{
	const struct log *log = &c->ctx.app->log;
	enum log_level level = c->reply->status >= 500 ? LOG_WARNING : LOG_INFO;
	char id[33], status[16], took[24], tenant[16], credential[16];

	if (level > log->level)
		return;
	sodium_bin2hex(id, sizeof(id), c->ctx.request_id,
	    sizeof(c->ctx.request_id));
	snprintf(status, sizeof(status), "%d", c->reply->status);
	snprintf(took, sizeof(took), "%" PRId64, us);
	if (c->ctx.who != NULL) {
		snprintf(tenant, sizeof(tenant), "%" PRId32,
		    c->ctx.who->tenant);
		snprintf(credential, sizeof(credential), "%" PRId32,
		    c->ctx.who->credential);
	}
	log_line(log, level, "request", "request_id", id,
	    "dialect", c->dialect->name,
	    "method", method_name(c->request->method),
	    "route", route != NULL ? route->pattern : NULL,
	    "status", status, "outcome", err_label(err), "us", took,
	    "tenant", c->ctx.who != NULL ? tenant : NULL,
	    "credential", c->ctx.who != NULL ? credential : NULL, NULL);
}
