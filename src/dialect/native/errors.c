/*
 * Every outcome as /v1 tells it: status, code (the label of err.def, which a
 * test compares) and what to do next. A *_NOT_FOUND about a member of the
 * body becomes 422 in native.c.
 */
#include "dialect/native/native.h"

#include <assert.h>

const struct err_map native_errors[ERR__COUNT] = {
	[ERR_OK] = { 200, "ok", "Nothing is wrong." },

	[ERR_NOT_FOUND] = { 404, "not_found",
	    "There is nothing at this address; compare the path with the "
	    "API's reference." },
	[ERR_METHOD_NOT_ALLOWED] = { 405, "method_not_allowed",
	    "Use one of the methods in the Allow header." },
	[ERR_HTTPS_REQUIRED] = { 403, "https_required",
	    "Call this API over https." },
	[ERR_UNAUTHENTICATED] = { 401, "unauthenticated",
	    "Send a valid API key in the header Authorization: Bearer KEY." },
	[ERR_FORBIDDEN] = { 403, "forbidden",
	    "This API key may not do that; use one whose scopes allow it." },
	[ERR_BAD_REQUEST] = { 400, "bad_request",
	    "The request could not be read; send one well-formed JSON object, "
	    "and well-formed escapes in the address, all in UTF-8." },
	[ERR_INVALID] = { 422, "invalid",
	    "Correct what errors names and send the request again." },
	[ERR_TOO_LARGE] = { 413, "payload_too_large",
	    "Send a smaller body." },
	[ERR_UNSUPPORTED_MEDIA_TYPE] = { 415, "unsupported_media_type",
	    "Send the body as Content-Type: application/json." },
	[ERR_TOO_MANY_REQUESTS] = { 429, "too_many_requests",
	    "Wait as long as the Retry-After header says." },
	[ERR_IDEMPOTENCY_KEY_REQUIRED] = { 400, "idempotency_key_required",
	    "Send an Idempotency-Key header (at most 255 characters), a new "
	    "one for each movement and the same one for its repeats." },
	[ERR_IDEMPOTENCY_KEY_REUSED] = { 422, "idempotency_key_reused",
	    "This Idempotency-Key belongs to another request; use a new key "
	    "for a new movement." },
	[ERR_REQUEST_IN_PROGRESS] = { 409, "request_in_progress",
	    "The first request with this Idempotency-Key is still running; "
	    "repeat this one shortly." },

	[ERR_CARD_NOT_FOUND] = { 404, "card_not_found",
	    "Check the code; no card of yours has it." },
	[ERR_CARD_SUSPENDED] = { 422, "card_suspended",
	    "The card is suspended; set its state to active first." },
	[ERR_CARD_EXPIRED] = { 422, "card_expired",
	    "The card's last valid day has passed; change expires_on to use "
	    "it again." },
	[ERR_CARD_DELETED] = { 422, "card_deleted",
	    "The card was deleted and cannot be used any more." },
	[ERR_CODE_TAKEN] = { 409, "code_taken",
	    "A card with this code exists; choose another code." },
	[ERR_UNIT_MISMATCH] = { 422, "unit_mismatch",
	    "The card does not hold this currency or unit; use one of its "
	    "purses." },
	[ERR_INSUFFICIENT_FUNDS] = { 422, "insufficient_funds",
	    "Less than this is available; ask for less, or send partial: "
	    "true to take what there is." },
	[ERR_BALANCE_LIMIT] = { 422, "balance_limit",
	    "The balance would grow beyond its limit; load less." },
	[ERR_AMOUNT_LIMIT] = { 422, "amount_limit",
	    "The amount is beyond the limit; use a smaller one." },
	[ERR_VERSION_CONFLICT] = { 409, "version_conflict",
	    "The purse has changed meanwhile; read the card again and decide "
	    "anew." },
	[ERR_LINKED_FAILED] = { 422, "linked_transfer_failed",
	    "Another part of the request was refused, so nothing was done." },
	[ERR_TRANSFER_NOT_FOUND] = { 404, "transfer_not_found",
	    "Check the id; no transfer of yours has it." },
	[ERR_HOLD_NOT_FOUND] = { 404, "hold_not_found",
	    "Check the id; no hold of yours has it." },
	[ERR_HOLD_NOT_OPEN] = { 422, "hold_not_open",
	    "The hold was captured, voided or has lapsed; make a new one." },
	[ERR_HOLD_NOT_DUE] = { 422, "hold_not_due",
	    "The hold has not lapsed yet; void it to release the value." },
	[ERR_HOLD_EXCEEDED] = { 422, "hold_exceeded",
	    "Less than this is held; capture at most what remains." },
	[ERR_NOT_REVERSIBLE] = { 422, "not_reversible",
	    "This kind of transfer cannot be reversed." },
	[ERR_REVERSAL_EXCEEDED] = { 422, "reversal_exceeded",
	    "Less than this is left to reverse of the transfer." },
	[ERR_EXPIRY_IN_PAST] = { 422, "expiry_in_past",
	    "Choose an expires_on of today or later." },
	[ERR_PROGRAMME_NOT_FOUND] = { 404, "programme_not_found",
	    "Check the code; no programme of yours has it." },
	[ERR_PROGRAMME_CLOSED] = { 422, "programme_closed",
	    "The programme issues no cards any more; use another one." },
	[ERR_CUSTOMER_NOT_FOUND] = { 404, "customer_not_found",
	    "Check the id; no customer of yours has it." },
	[ERR_TENANT_NOT_FOUND] = { 404, "tenant_not_found",
	    "Check the id; no company of yours has it." },
	[ERR_TENANT_BLOCKED] = { 403, "tenant_blocked",
	    "The company is blocked; its reseller can set it active." },
	[ERR_CREDENTIAL_NOT_FOUND] = { 404, "credential_not_found",
	    "Check the id; no credential of yours has it." },
	[ERR_NAME_TAKEN] = { 409, "name_taken",
	    "Something with this name exists; choose another one." },
	[ERR_PHONE_TAKEN] = { 409, "phone_taken",
	    "Another customer with an active card has this phone." },
	[ERR_STORE_NOT_FOUND] = { 404, "store_not_found",
	    "Check the code; no store of yours has it." },
	[ERR_REFUND_EXCEEDED] = { 422, "refund_exceeded",
	    "Less than this was spent from the card; give back at most "
	    "that." },
	[ERR_NOT_ENROLLED] = { 422, "not_enrolled",
	    "The customer has no card of points; issue one first." },
	[ERR_MESSAGE_NOT_FOUND] = { 404, "message_not_found",
	    "Check the id; no message of yours has it." },

	[ERR_CREDENTIAL_STALE] = { 503, "credential_stale",
	    "The API key is being changed; repeat the request." },
	[ERR_REPLAY] = { 503, "replay",
	    "The first answer could not be read; repeat the request with the "
	    "same Idempotency-Key." },
	[ERR_UNAVAILABLE] = { 503, "service_unavailable",
	    "Nothing was done; repeat the request after the time in the "
	    "Retry-After header." },
	[ERR_OUTCOME_UNKNOWN] = { 503, "outcome_unknown",
	    "The connection to the database broke, so it is not known whether "
	    "this was done: repeat the request with the same Idempotency-Key "
	    "(without a key: read first whether it was done)." },
	[ERR_INTERNAL] = { 500, "internal",
	    "The fault is ours; report the request_id, and repeat the request "
	    "with the same Idempotency-Key." },
};

static_assert(COUNT(native_errors) == ERR__COUNT, "native: map every error");
