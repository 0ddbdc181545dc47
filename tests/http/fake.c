#include "fake.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "domain/auth.h"

struct fake_trace	fake;

static struct principal	who = { .tenant = 7, .credential = 9,
	.scopes = SCOPE_CARDS_READ };

struct auth_cache { char unused; };
static struct auth_cache	cache;

/* ---- domain/auth.h ---- */

struct auth_cache *
auth_cache_new(size_t entries)
{
	(void)entries;
	return &cache;
}

void
auth_cache_free(struct auth_cache *c)
{
	(void)c;
}

void
auth_cache_counts(const struct auth_cache *c, uint64_t *ret_hits,
    uint64_t *ret_misses)
{
	(void)c;
	*ret_hits = (uint64_t)fake.authenticated;
	*ret_misses = 0;
}

void
auth_forget(struct ctx *ctx)
{
	(void)ctx;
	fake.forgotten++;
}

enum err
auth_still(struct ctx *ctx)
{
	(void)ctx;
	fake.stills++;
	if (fake.still_stale == 0)
		return ERR_OK;
	fake.still_stale--;
	return ERR_CREDENTIAL_STALE;
}

bool
unknown_code_blocked(struct ctx *ctx)
{
	(void)ctx;
	return fake.blocked;
}

enum err
unknown_code_seen(struct ctx *ctx)
{
	(void)ctx;
	fake.seen++;
	return fake.seen_says;
}

/* ---- the dialect ---- */

static enum err
authenticate(struct call *c)
{
	fake.authenticated++;
	if (str_eq(c->request->authorization, STR("good")) ||
	    str_eq(c->request->authorization, STR("plain"))) {
		c->ctx.who = &who;
		return ERR_OK;
	}
	return str_eq(c->request->authorization, STR("away")) ?
	    ERR_UNAVAILABLE : ERR_UNAUTHENTICATED;
}

static bool
plain_http(struct call *c)
{
	return str_eq(c->request->authorization, STR("plain"));
}

static enum err
handle(struct call *c)
{
	fake.handled++;
	memcpy(fake.key, c->ctx.idem_key, 16);
	memcpy(fake.print, c->ctx.idem_print, 16);
	fake.has_key = c->ctx.has_key;
	c->ctx.replayed = fake.replayed;
	c->ctx.asked = fake.asked;
	c->reply->content_type = "text/plain";
	buf_puts(&c->reply->body, "half ");
	reply_header(c->reply, "X-Half", STR("yes"));
	if (fake.stale_left > 0) {
		fake.stale_left--;
		return ERR_CREDENTIAL_STALE;
	}
	if (fake.handler_says != ERR_OK)
		return fake.handler_says;
	buf_puts(&c->reply->body, "done");
	return ERR_OK;
}

static enum err
echo(struct call *c)
{
	c->reply->content_type = "text/plain";
	buf_put(&c->reply->body, c->request->body);
	return ERR_OK;
}

static enum err
pid(struct call *c)
{
	c->reply->content_type = "text/plain";
	buf_printf(&c->reply->body, "%ld", (long)getpid());
	return ERR_OK;
}

/* Says "in" on one FIFO, then waits until somebody opens the other. */
static enum err
gate(struct call *c)
{
	const char *in = getenv("FAKE_GATE_IN"), *out = getenv("FAKE_GATE_OUT");
	int fd;

	if (in == NULL || out == NULL)
		return ERR_INTERNAL;
	alarm(60);	/* nothing may stay behind a test that failed */
	if ((fd = open(in, O_WRONLY)) != -1)
		close(fd);
	if ((fd = open(out, O_RDONLY)) != -1)
		close(fd);
	alarm(0);
	return pid(c);
}

static enum err
large(struct call *c)
{
	char line[1025];
	int i;

	memset(line, 'x', sizeof(line) - 1);
	line[sizeof(line) - 1] = '\0';
	c->reply->content_type = "text/plain";
	for (i = 0; i < 300; i++)
		buf_puts(&c->reply->body, line);
	return ERR_OK;
}

static enum err
die(struct call *c)
{
	(void)c;
	_exit(3);
}

static const struct route fake_routes[] = {
	{ GET, "/fake/open", 0, 0, handle },
	{ GET | PATCH, "/fake/cards/{card}", NEED_AUTH, SCOPE_CARDS_READ,
	    handle },
	{ POST, "/fake/cards/{card}", NEED_AUTH | NEED_IDEMPOTENCY, 0, handle },
	{ GET, "/fake/admin", NEED_AUTH, SCOPE_ADMIN, handle },
	{ GET, "/fake/ask", NEED_AUTH | PLAIN_HTTP_ASK, 0, handle },
	{ POST, "/fake/echo", 0, 0, echo },
	{ GET, "/fake/pid", 0, 0, pid },
	{ GET, "/fake/gate", 0, 0, gate },
	{ GET, "/fake/large", 0, 0, large },
	{ GET, "/fake/die", 0, 0, die },
};

static const struct err_map fake_errors[ERR__COUNT] = {
	[ERR_NOT_FOUND] = { 404, "not_found", "" },
	[ERR_METHOD_NOT_ALLOWED] = { 405, "method_not_allowed", "" },
	[ERR_HTTPS_REQUIRED] = { 403, "https_required", "" },
	[ERR_UNAUTHENTICATED] = { 401, "unauthenticated", "" },
	[ERR_FORBIDDEN] = { 403, "forbidden", "" },
	[ERR_BAD_REQUEST] = { 400, "bad_request", "" },
	[ERR_INVALID] = { 422, "invalid", "" },
	[ERR_TOO_LARGE] = { 413, "too_large", "" },
	[ERR_TOO_MANY_REQUESTS] = { 429, "too_many_requests", "" },
	[ERR_IDEMPOTENCY_KEY_REQUIRED] = { 400, "key_required", "" },
	[ERR_CARD_NOT_FOUND] = { 404, "card_not_found", "" },
	[ERR_UNAVAILABLE] = { 503, "unavailable", "" },
};

static void
encode_error(struct call *c, enum err err, const struct err_map *row)
{
	fake.encoded = err;
	fake.n_fail = c->ctx.fail.n;
	c->reply->content_type = "text/plain";
	buf_puts(&c->reply->body, row->code != NULL ? row->code : "other");
}

static const struct dialect dialect_fake = {
	"fake", { "/fake/" }, false, fake_routes, COUNT(fake_routes), fake_errors,
	authenticate, plain_http, encode_error
};

static const struct dialect dialect_other = {
	"other", { "/fake/other/" }, true, fake_routes, 0, fake_errors,
	authenticate, NULL, encode_error
};

const struct dialect *const	dialects[] = { &dialect_fake, &dialect_other };
const size_t			dialects_n = COUNT(dialects);

const struct dialect *
dialect_for_path(struct str path)
{
	return str_starts_nocase(path, STR("/fake/other/")) ? &dialect_other :
	    &dialect_fake;
}
