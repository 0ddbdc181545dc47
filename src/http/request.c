#include "http/request.h"

#include <assert.h>
#include <string.h>
#include <sys/random.h>

#include "base/arena.h"

/* The methods we route; any other is METHOD_OTHER. */
static const struct { const char *name; enum method method; } methods[] = {
	{ "GET",	GET },
	{ "POST",	POST },
	{ "PATCH",	PATCH },
	{ "PUT",	PUT },
	{ "DELETE",	DELETE },
};

static enum err	copy_params(struct arena *, const char *const *envp,
		    struct request *);
static struct str	param(const struct request *, const char *name);
static struct str	host_of(struct arena *, struct str);
static void		take_id(struct request *);
static int64_t		start_of(struct str);

enum err
request_from_params(struct arena *arena, const char *const *envp,
    struct request *ret)
{
	enum err err = copy_params(arena, envp, ret);
	struct str uri = param(ret, "REQUEST_URI");
	int64_t error;
	size_t at, i;

	ret->method_name = param(ret, "REQUEST_METHOD");
	ret->method = METHOD_OTHER;
	for (i = 0; i < COUNT(methods); i++)
		if (str_eq(ret->method_name, str_of(methods[i].name)))
			ret->method = methods[i].method;
	ret->path = uri;
	ret->query = STR_NONE;
	if (str_find(uri, '?', &at)) {
		ret->path = str_sub(uri, 0, at);
		ret->query = str_sub(uri, at + 1, uri.n);
	}
	ret->host = host_of(arena, param(ret, "HTTP_HOST"));
	ret->address = param(ret, "REMOTE_ADDR");
	ret->https = str_eq(param(ret, "HTTPS"), STR("on"));
	ret->content_type = param(ret, "CONTENT_TYPE");
	ret->authorization = param(ret, "HTTP_AUTHORIZATION");
	ret->idempotency_key = param(ret, "HTTP_IDEMPOTENCY_KEY");
	take_id(ret);
	ret->start_ms = start_of(param(ret, "REQUEST_START"));
	ret->nginx_error = 0;
	if (str_to_i64(param(ret, "TESSERA_ERROR"), 100, 599, &error))
		ret->nginx_error = (int)error;
	return err;
}

struct str
request_header(const struct request *req, const char *cgi_name)
{
	return param(req, cgi_name);
}

const char *
method_name(enum method method)
{
	size_t i;

	for (i = 0; i < COUNT(methods); i++)
		if (methods[i].method == method)
			return methods[i].name;
	return "OTHER";
}

enum err
percent_decode(struct arena *arena, struct str s, bool plus, struct str *ret)
{
	struct str out;

	if (!str_percent(arena, s, plus, &out) || !str_utf8_ok(out))
		return ERR_BAD_REQUEST;
	*ret = out;
	return ERR_OK;
}

static enum err
copy_params(struct arena *arena, const char *const *envp, struct request *ret)
{
	struct request_param *params =
	    arena_array(arena, REQUEST_PARAMS_MAX, sizeof(*params));
	size_t bytes = 0, at;

	ret->params = params;
	for (ret->n_params = 0; *envp != NULL; envp++) {
		struct str s = str_of(*envp);

		bytes += s.n;
		if (ret->n_params == REQUEST_PARAMS_MAX ||
		    bytes > REQUEST_PARAMS_BYTES)
			return ERR_BAD_REQUEST;
		s = str_dup(arena, s);
		if (!str_find(s, '=', &at))
			continue;
		params[ret->n_params++] = (struct request_param){
			str_sub(s, 0, at), str_sub(s, at + 1, s.n)
		};
	}
	return ERR_OK;
}

static struct str
param(const struct request *req, const char *name)
{
	struct str want = str_of(name);
	size_t i;

	for (i = 0; i < req->n_params; i++)
		if (str_eq(req->params[i].name, want))
			return req->params[i].value;
	return STR_NONE;
}

static struct str
host_of(struct arena *arena, struct str s)
{
	size_t at;

	/* An IPv6 address keeps its brackets, and the colons inside them. */
	if (s.n > 0 && s.p[0] == '[') {
		if (str_find(s, ']', &at))
			s = str_sub(s, 0, at + 1);
	} else if (str_find(s, ':', &at))
		s = str_sub(s, 0, at);
	return str_lower(arena, s);
}

static void
take_id(struct request *req)
{
	ssize_t n;

	if (str_unhex(param(req, "REQUEST_ID"), req->id, sizeof(req->id)))
		return;
	n = getrandom(req->id, sizeof(req->id), 0);
	/* Up to 256 bytes come whole once the system has booted. */
	assert(n == (ssize_t)sizeof(req->id));
	(void)n;
}

/* "1700000000.123": nginx's $msec. 0 when it is anything else. */
static int64_t
start_of(struct str s)
{
	int64_t sec, ms;
	size_t at;

	if (!str_find(s, '.', &at) || s.n != at + 4 ||
	    s.p[at + 1] == '-' ||
	    !str_to_i64(str_sub(s, 0, at), 0, INT64_C(1) << 40, &sec) ||
	    !str_to_i64(str_sub(s, at + 1, 3), 0, 999, &ms))
		return 0;
	return sec * 1000 + ms;
}
