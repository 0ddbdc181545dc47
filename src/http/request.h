/*
 * A request as nginx handed it over, decoded no further than HTTP itself.
 * Everything lives in the request's arena.
 */
#ifndef HTTP_REQUEST_H
#define HTTP_REQUEST_H

#include "base/err.h"

enum method { GET = 1, POST = 2, PATCH = 4, PUT = 8, DELETE = 16,
	METHOD_OTHER = 32 };

#define PATH_SEGMENTS_MAX	16
#define REQUEST_ARGS_MAX	4

/* nginx bounds these too; a request beyond them is a BAD_REQUEST. */
#define REQUEST_PARAMS_MAX	200
#define REQUEST_PARAMS_BYTES	((size_t)128 << 10)

struct request_param {
	struct str	name, value;
};

struct request {
	enum method	 method;
	struct str	 method_name;	/* as sent */
	struct str	 path;		/* raw, up to '?' */
	struct str	 query;		/* raw, after '?' */
	struct str	 host;		/* lower case, no port */
	struct str	 address;	/* REMOTE_ADDR */
	bool		 https;
	struct str	 content_type;	/* as sent, with parameters */
	struct str	 authorization;
	struct str	 idempotency_key;	/* STR_NONE when absent */
	uint8_t		 id[16];	/* nginx's $request_id */
	int64_t		 start_ms;	/* REQUEST_START, 0 = unknown */
	int		 nginx_error;	/* TESSERA_ERROR, 0 = none */
	struct str	 body;
	/* set by route_match(): decoded values of {name} in the pattern */
	size_t		 n_args;
	struct str	 args[REQUEST_ARGS_MAX];
	/* all that nginx sent, for request_header() */
	size_t				 n_params;
	const struct request_param	*params;
};

/*
 * Read the parameters of FastCGI ("NAME=value", NULL at the end) into *ret,
 * copies of all of them; body is left alone. BAD_REQUEST for what is too much
 * or too long; *ret has an id and a host all the same, for the log.
 */
enum err	request_from_params(struct arena *, const char *const *envp,
		    struct request *ret) MUST_CHECK;

/* Name of one method bit, "OTHER" for METHOD_OTHER. */
const char	*method_name(enum method);

/* First value of a header by its CGI name ("HTTP_ACCEPT"); or STR_NONE. */
struct str	request_header(const struct request *, const char *cgi_name);

/* Percent-decoding of one path segment or (plus = blank) form value. */
enum err	percent_decode(struct arena *, struct str, bool plus,
		    struct str *ret) MUST_CHECK;

#endif
