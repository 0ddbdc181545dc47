/*
 * Outcomes on this wire. Section 8 knows seven codes and no others, so each
 * outcome gets the nearest of them; the status is HTTP's own where none of
 * the seven has one (a wrong path, a body too large, no database).
 */
#include <assert.h>

#include "dialect/iwarehouse/iwarehouse.h"

#define AUTH		401, "auth_failed", "Login failed"
#define BAD(status)	status, "bad_request"
#define NO_CARD		404, "card_not_found", "Card not found"
#define INTERNAL	500, "internal", \
			"Something went wrong on the server; no card was made"
#define SLOW		429, "too_many_requests"

const struct err_map iwarehouse_errors[] = {
	[ERR_OK] = { 200, "ok", "" },

	[ERR_NOT_FOUND] = { BAD(404), "There is nothing at this address" },
	[ERR_METHOD_NOT_ALLOWED] = { 405, "method_not_allowed",
	    "Use GET or POST" },
	[ERR_HTTPS_REQUIRED] = { 403, "https_required", "Use https" },
	[ERR_UNAUTHENTICATED] = { AUTH },
	[ERR_FORBIDDEN] = { AUTH },
	[ERR_BAD_REQUEST] = { BAD(400), "The request cannot be read" },
	[ERR_INVALID] = { BAD(400), "A parameter is wrong" },
	[ERR_TOO_LARGE] = { BAD(413), "The request is too large" },
	[ERR_UNSUPPORTED_MEDIA_TYPE] = { BAD(415),
	    "Send parameters in the query string or as a form" },
	[ERR_TOO_MANY_REQUESTS] = { SLOW, "Too many requests; try later" },
	[ERR_IDEMPOTENCY_KEY_REQUIRED] = { BAD(400),
	    "Send an Idempotency-Key" },
	[ERR_IDEMPOTENCY_KEY_REUSED] = { BAD(409),
	    "This Idempotency-Key belongs to another request" },
	[ERR_REQUEST_IN_PROGRESS] = { SLOW,
	    "The same request is being worked on; try later" },

	[ERR_CARD_NOT_FOUND] = { NO_CARD },
	[ERR_CARD_SUSPENDED] = { INTERNAL },	/* a read shows them */
	[ERR_CARD_EXPIRED] = { INTERNAL },
	[ERR_CARD_DELETED] = { NO_CARD },
	[ERR_CODE_TAKEN] = { INTERNAL },	/* no free code was found */
	[ERR_UNIT_MISMATCH] = { INTERNAL },	/* programme set up wrongly */
	[ERR_INSUFFICIENT_FUNDS] = { INTERNAL },
	[ERR_BALANCE_LIMIT] = { BAD(400), "qty is above the limit" },
	[ERR_AMOUNT_LIMIT] = { BAD(400), "qty is above the limit of one card" },
	[ERR_VERSION_CONFLICT] = { INTERNAL },
	[ERR_LINKED_FAILED] = { INTERNAL },
	[ERR_TRANSFER_NOT_FOUND] = { INTERNAL },
	[ERR_HOLD_NOT_FOUND] = { INTERNAL },
	[ERR_HOLD_NOT_OPEN] = { INTERNAL },
	[ERR_HOLD_NOT_DUE] = { INTERNAL },
	[ERR_HOLD_EXCEEDED] = { INTERNAL },
	[ERR_NOT_REVERSIBLE] = { INTERNAL },
	[ERR_REVERSAL_EXCEEDED] = { INTERNAL },
	[ERR_EXPIRY_IN_PAST] = { BAD(400), "The expiry is in the past" },
	[ERR_PROGRAMME_NOT_FOUND] = { INTERNAL },	/* set up wrongly */
	[ERR_PROGRAMME_CLOSED] = { INTERNAL },
	[ERR_CUSTOMER_NOT_FOUND] = { INTERNAL },
	[ERR_TENANT_NOT_FOUND] = { AUTH },
	[ERR_TENANT_BLOCKED] = { AUTH },
	[ERR_CREDENTIAL_NOT_FOUND] = { AUTH },
	[ERR_NAME_TAKEN] = { INTERNAL },
	[ERR_PHONE_TAKEN] = { INTERNAL },
	[ERR_STORE_NOT_FOUND] = { INTERNAL },
	[ERR_REFUND_EXCEEDED] = { INTERNAL },
	[ERR_NOT_ENROLLED] = { INTERNAL },
	[ERR_MESSAGE_NOT_FOUND] = { INTERNAL },

	[ERR_CREDENTIAL_STALE] = { AUTH },
	[ERR_REPLAY] = { INTERNAL },
	[ERR_UNAVAILABLE] = { 503, "internal",
	    "The service is not available; no card was made" },
	/* The one case in which "internal" cannot promise that. */
	[ERR_OUTCOME_UNKNOWN] = { 500, "internal",
	    "The outcome is not known; ask the operator before you repeat" },
	[ERR_INTERNAL] = { INTERNAL },
};

static_assert(COUNT(iwarehouse_errors) == ERR__COUNT,
    "iwarehouse: map every error");
