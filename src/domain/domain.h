/*
 * The domain: what Tessera can do, in its own words. It knows neither HTTP
 * nor JSON nor vendor names. To add an operation:
 *   1. its *_in, *_out and prototype in the header of its noun
 *   2. src/domain/<operation>.c: build the parameters, db_call, read the row
 *   3. sql/functions/<operation>.sql under the same name, tests/sql/ too
 * Value moves only through transfer_post() (SQL: ledger.post) and card_issue.
 *
 * All functions take struct ctx (tenant and caller in ctx->who), return enum
 * err and write ret_ only when it is ERR_OK. Strings in results live in the
 * arena of the ctx.
 */
#ifndef DOMAIN_DOMAIN_H
#define DOMAIN_DOMAIN_H

#include "app.h"
#include "base/date.h"
#include "base/money.h"

/* One page of a list: after is the opaque cursor of the previous page. */
struct page_in {
	int64_t		limit;		/* 1..200 */
	struct str	after;		/* STR_NONE: from the start */
};

/* Scopes of a credential. */
enum {
	SCOPE_CARDS_READ	= 1,
	SCOPE_CARDS_WRITE	= 2,
	SCOPE_VALUE_WRITE	= 4,
	SCOPE_CUSTOMERS		= 8,
	SCOPE_REPORTS		= 16,
	SCOPE_ADMIN		= 32
};

/* "cards:read,value:write" <-> bits; ERR_INVALID names the unknown one. */
enum err	 scopes_parse(struct ctx *, struct str, unsigned *ret)
		    MUST_CHECK;
struct str	 scopes_format(struct arena *, unsigned);

/* Kinds of programme: Boomerangme's numbering, 5 = gift. */
enum programme_kind {
	KIND_STAMP, KIND_CASHBACK, KIND_MULTIPASS, KIND_COUPON,
	KIND_DISCOUNT, KIND_GIFT, KIND_MEMBERSHIP, KIND_REWARD, KIND__COUNT
};
const char	*kind_name(enum programme_kind);	/* "gift" */
bool		 kind_from_name(struct str, enum programme_kind *ret);

#endif
