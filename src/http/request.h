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
	struct str	 args[4];
};

/* First value of a header by its CGI name ("HTTP_ACCEPT"); or STR_NONE. */
struct str	request_header(const struct request *, const char *cgi_name);

/* Percent-decoding of one path segment or (plus = blank) form value. */
enum err	percent_decode(struct arena *, struct str, bool plus,
		    struct str *ret) MUST_CHECK;

#endif
