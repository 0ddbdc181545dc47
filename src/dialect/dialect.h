/*
 * A dialect is one vendor's wire. To add one:
 *   1. src/dialect/<name>/ with <name>.c (its struct dialect), routes.c,
 *      decode.c, encode.c, errors.c, README.md (quirks, each with its source)
 *   2. one row in dialects.c, its files in Makefile.am
 *   3. an error map of all enum err; tests/dialect/<name>/ with .case files
 *   4. if nginx should speak its error shape: one row in nginx/errors.conf
 *   5. if codes or people stand in its paths: a row in nginx/http.conf, or they
 *      are logged
 * It includes base, http, codec, domain; never db, never another dialect.
 */
#ifndef DIALECT_DIALECT_H
#define DIALECT_DIALECT_H

#include "http/route.h"

struct err_map {
	int		 status;	/* HTTP */
	const char	*code;
	const char	*text;
};

#define DIALECT_PREFIXES_MAX	8

struct dialect {
	const char		*name;		/* "native": ctx.channel too */
	/* What its paths begin with, up to NULL: "/v1/", or whole segments,
	 * "/gift". The longest of all dialects' that fits wins. */
	const char		*prefixes[DIALECT_PREFIXES_MAX + 1];
	bool			 prefix_nocase;
	const struct route	*routes;
	size_t			 n_routes;
	const struct err_map	*errors;	/* ERR__COUNT rows */

	/* Credentials of the request -> c->ctx.who. */
	enum err	(*authenticate)(struct call *);
	/* After authentication over plain HTTP: may this tenant? NULL: no. */
	bool		(*plain_http)(struct call *);
	/*
	 * Write the reply for an error; status, Allow, Retry-After and
	 * Cache-Control are already in place and it may change them.
	 */
	void		(*encode_error)(struct call *, enum err,
			    const struct err_map *);
};

extern const struct dialect *const	dialects[];
extern const size_t			dialects_n;

/* The dialect for a path; the native one for paths of nobody. */
const struct dialect	*dialect_for_path(struct str path);

#endif
