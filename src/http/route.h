/*
 * To add a route: one row in the dialect's routes[], one handler. A row's
 * flags state what must hold before the handler runs; dispatch() alone acts
 * on them.
 */
#ifndef HTTP_ROUTE_H
#define HTTP_ROUTE_H

#include "app.h"
#include "http/reply.h"
#include "http/request.h"

struct dialect;

struct call {
	struct ctx		 ctx;
	struct request		*request;
	struct reply		*reply;
	const struct dialect	*dialect;
	void			*memo;	/* the dialect's: what authenticate
					 * read and the handler needs again */
};

enum {
	NEED_AUTH		= 1,	/* dialect->authenticate first */
	NEED_IDEMPOTENCY	= 2,	/* 400 without an Idempotency-Key */
	PATH_NOCASE		= 4,	/* pattern compares without case */
	PLAIN_HTTP_ASK		= 8,	/* dialect->plain_http decides */
	OPEN_WHEN_BLOCKED	= 16,	/* also with the budget of unknown codes
					 * spent: the handler looks up no code,
					 * or asks unknown_code_blocked() */
	PATH_SLASH		= 32	/* one '/' more at the end is fine */
};

struct route {
	unsigned	 methods;	/* enum method bits */
	const char	*pattern;	/* "/v1/cards/{card}" */
	unsigned	 flags;
	unsigned	 scope;		/* SCOPE_*: any of these bits will do;
					 * 0: no scope is needed */
	enum err	(*handler)(struct call *);
};

/*
 * Find the row for method and path and set request->args. A path that fits
 * only rows of other methods is ERR_METHOD_NOT_ALLOWED with their bits in
 * *ret_allowed; one that fits none is ERR_NOT_FOUND. A segment that does not
 * decode is ERR_BAD_REQUEST.
 */
enum err	route_match(struct arena *, const struct route *, size_t n,
		    struct request *, const struct route **ret_route,
		    unsigned *ret_allowed) MUST_CHECK;

#endif
