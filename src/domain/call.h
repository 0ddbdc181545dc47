/*
 * What the operations share: the caller's parameter, one way to the database,
 * cursors of lists. Only files of src/domain include this.
 */
#ifndef DOMAIN_CALL_H
#define DOMAIN_CALL_H

#include "db/db.h"
#include "domain/domain.h"

/* Begin the parameters of an api function: its first is who asks. */
void		 params_begin(struct db_params *, struct ctx *);
/* The same with the idempotency key and the request's fingerprint. */
void		 params_begin_keyed(struct db_params *, struct ctx *);

/* db_call with the ctx's database, arena and deadline. */
enum err	 ctx_call(struct ctx *, enum db_kind, const char *name,
		    const struct db_params *, struct db_rows *ret) MUST_CHECK;

/*
 * A keyed write, and when its key was used before the first answer from the
 * function `replay`, whose parameters are those of params_begin_keyed:
 * ctx->replayed says so.
 */
enum err	 ctx_call_keyed(struct ctx *, const char *name,
		    const struct db_params *, const char *replay,
		    const struct db_params *replay_params,
		    struct db_rows *ret) MUST_CHECK;

/* 8-4-4-4-12 hex digits, as public ids are written. */
bool		 uuid_ok(struct str);

/*
 * Cursors name the last row seen: by its number where that is the tenant's own
 * (cards, customers), else by its public id or code, because a number that
 * counts all tenants' rows would tell of the others.
 */
struct str	 cursor_format(struct arena *, int64_t);
/* 0 when there is none; ERR_INVALID when it is not one of ours. */
enum err	 cursor_parse(struct ctx *, struct str, int64_t *ret)
		    MUST_CHECK;
/* The same for one that is a public id; whether a row has it, SQL says. */
enum err	 cursor_uuid(struct ctx *, struct str) MUST_CHECK;
/* The answer to a list: ERR_INVALID from SQL means the cursor. */
enum err	 cursor_known(struct ctx *, enum err) MUST_CHECK;
/* Adds it as a parameter: null for 0. */
void		 params_cursor(struct db_params *, int64_t);

/*
 * Lists ask for one row more than the page and show whether there was one:
 * *n is cut to limit and the answer is the cursor, the value of column `key`
 * in the last row kept, or none.
 */
struct str	 page_next(struct arena *, const struct db_rows *, int *n,
		    int64_t limit, const char *key);

#endif
