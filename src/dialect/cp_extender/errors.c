/*
 * Outcomes on this wire: a status and a text, no code. Section 1.6 has the
 * texts; where it has none for an outcome, the nearest is taken that says who
 * is at fault.
 */
#include <assert.h>

#include "base/arena.h"
#include "dialect/cp_extender/cp_extender.h"

/* The text is all there is, so it is the code too. */
#define SAY_(status, text)	{ status, text, text }
#define SAY(...)		SAY_(__VA_ARGS__)

#define BAD		400, "Bad Request"
#define REQUIRED	400, "Required: Type, Ref, SaleId, and " \
			"(RequestedAmount or RequestedPoints)"
#define TYPE		400, "Type is not valid"
#define NO_BALANCE	400, "No Balance Remaining"
#define NOT_ENROLLED	400, "Not enrolled in Loyalty"
/* A right that is lacking too: nobody has documented a 403 here. */
#define AUTH		401, "Not Authorized"
#define NO_CUSTOMER	404, "CustomerNumber Not Found"
#define NO_ID		404, "Id not found"
#define INTERNAL	500, "Internal Server Error"

const struct err_map cp_errors[] = {
	[ERR_OK] = SAY(200, "OK"),

	[ERR_NOT_FOUND] = SAY(404, "Not Found"),
	[ERR_METHOD_NOT_ALLOWED] = SAY(405, "Method Not Allowed"),
	[ERR_HTTPS_REQUIRED] = SAY(403, "HTTPS Required"),
	[ERR_UNAUTHENTICATED] = SAY(AUTH),
	[ERR_FORBIDDEN] = SAY(AUTH),
	[ERR_BAD_REQUEST] = SAY(BAD),
	[ERR_INVALID] = SAY(BAD),
	[ERR_TOO_LARGE] = SAY(413, "Request Entity Too Large"),
	[ERR_UNSUPPORTED_MEDIA_TYPE] = SAY(415, "Unsupported Media Type"),
	[ERR_TOO_MANY_REQUESTS] = SAY(429, "Too Many Requests"),
	[ERR_IDEMPOTENCY_KEY_REQUIRED] = SAY(BAD),
	[ERR_IDEMPOTENCY_KEY_REUSED] = SAY(422, "Idempotency-Key Reused"),
	[ERR_REQUEST_IN_PROGRESS] = SAY(409, "Request In Progress"),

	[ERR_CARD_NOT_FOUND] = SAY(NO_ID),
	[ERR_CARD_SUSPENDED] = SAY(BAD),
	[ERR_CARD_EXPIRED] = SAY(BAD),
	[ERR_CARD_DELETED] = SAY(NO_ID),
	[ERR_CODE_TAKEN] = SAY(BAD),
	[ERR_UNIT_MISMATCH] = SAY(TYPE),
	[ERR_INSUFFICIENT_FUNDS] = SAY(NO_BALANCE),
	[ERR_BALANCE_LIMIT] = SAY(BAD),
	[ERR_AMOUNT_LIMIT] = SAY(BAD),
	[ERR_VERSION_CONFLICT] = SAY(INTERNAL),
	[ERR_LINKED_FAILED] = SAY(INTERNAL),
	[ERR_TRANSFER_NOT_FOUND] = SAY(INTERNAL),
	[ERR_HOLD_NOT_FOUND] = SAY(CP_HOLD_UNKNOWN),
	[ERR_HOLD_NOT_OPEN] = SAY(CP_HOLD_SETTLED),
	[ERR_HOLD_NOT_DUE] = SAY(INTERNAL),
	[ERR_HOLD_EXCEEDED] = SAY(INTERNAL),
	[ERR_NOT_REVERSIBLE] = SAY(INTERNAL),
	[ERR_REVERSAL_EXCEEDED] = SAY(INTERNAL),
	[ERR_EXPIRY_IN_PAST] = SAY(INTERNAL),
	[ERR_PROGRAMME_NOT_FOUND] = SAY(BAD),
	[ERR_PROGRAMME_CLOSED] = SAY(BAD),
	[ERR_CUSTOMER_NOT_FOUND] = SAY(NO_ID),
	[ERR_TENANT_NOT_FOUND] = SAY(AUTH),
	[ERR_TENANT_BLOCKED] = SAY(AUTH),
	[ERR_CREDENTIAL_NOT_FOUND] = SAY(AUTH),
	[ERR_NAME_TAKEN] = SAY(INTERNAL),
	[ERR_PHONE_TAKEN] = SAY(INTERNAL),
	[ERR_STORE_NOT_FOUND] = SAY(INTERNAL),
	[ERR_REFUND_EXCEEDED] = SAY(INTERNAL),
	[ERR_NOT_ENROLLED] = SAY(NOT_ENROLLED),
	[ERR_MESSAGE_NOT_FOUND] = SAY(INTERNAL),

	[ERR_CREDENTIAL_STALE] = SAY(AUTH),
	[ERR_REPLAY] = SAY(INTERNAL),
	/* 500, not 503: the one status of a fault of ours that is documented. */
	[ERR_UNAVAILABLE] = SAY(INTERNAL),
	[ERR_OUTCOME_UNKNOWN] = SAY(INTERNAL),
	[ERR_INTERNAL] = SAY(INTERNAL),
};

static_assert(COUNT(cp_errors) == ERR__COUNT, "cp_extender: map every error");

static const struct {
	enum cp_place	place;
	enum err	err;
	struct err_map	says;
} exceptions[] = {
	{ CP_EARN, ERR_CUSTOMER_NOT_FOUND, SAY(NO_CUSTOMER) },	/* 5.1 */
	{ CP_LOYALTY_BALANCE, ERR_NOT_ENROLLED, SAY(NO_ID) },	/* 5.2 */
	/* 5.3: no 404 is listed. 6.6: nor a text for a card at rest. */
	{ CP_AUTHORISE, ERR_INVALID, SAY(REQUIRED) },
	{ CP_AUTHORISE, ERR_CUSTOMER_NOT_FOUND, SAY(NOT_ENROLLED) },
	{ CP_AUTHORISE, ERR_CARD_SUSPENDED, SAY(NO_BALANCE) },
	{ CP_AUTHORISE, ERR_CARD_EXPIRED, SAY(NO_BALANCE) },
	/* No free number was found: nothing that a client asked for. */
	{ CP_RESERVE, ERR_CODE_TAKEN, SAY(INTERNAL) },
	{ CP_CREATE, ERR_CUSTOMER_NOT_FOUND, SAY(NO_CUSTOMER) },	/* 6.3 */
};

void
cp_at(struct call *c, enum cp_place place)
{
	enum cp_place *memo = arena_alloc(c->ctx.arena, sizeof(*memo));

	*memo = place;
	c->memo = memo;
}

const struct err_map *
cp_error(const struct call *c, enum err err)
{
	const enum cp_place *place = c->memo;

	for (size_t i = 0; place != NULL && i < COUNT(exceptions); i++)
		if (exceptions[i].place == *place && exceptions[i].err == err)
			return &exceptions[i].says;
	return &cp_errors[err];
}

void
cp_encode_error(struct call *c, enum err err, const struct err_map *map)
{
	(void)map;	/* knows no places */
	map = cp_error(c, err);
	c->reply->status = map->status;
	/* No Retry-After: without a key a repeat may book it twice. */
	if (err == ERR_OUTCOME_UNKNOWN && !c->ctx.has_key)
		c->reply->n_headers = 0;
	if (map->status == 401)
		reply_header(c->reply, "WWW-Authenticate", STR("Bearer"));
	c->reply->content_type = cp_error_type;
	cp_put_error(&c->reply->body, str_of(map->text));
}
