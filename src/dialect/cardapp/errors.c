/*
 * Outcomes on this wire: section 4's codes, others only where it has none. The
 * status is what a tenant sees that has cardapp_status_200 off; is_outcome()
 * says which are told to everybody. Parameters at fault get code and message
 * in encode.c.
 */
#include <assert.h>

#include "dialect/cardapp/cardapp.h"

#define AUTH		401, "auth_failed", "Autentificare esuata"
#define NO_CARD		404, "card_not_found", "Cardul nu exista"
#define NO_TYPE		404, "card_type_unknown", "Tipul de card nu exista"
#define INTERNAL	500, "internal", \
			"Eroare interna; nu s-a inregistrat nimic"

const struct err_map cardapp_errors[] = {
	[ERR_OK] = { 200, "ok", "" },

	[ERR_NOT_FOUND] = { 404, "not_found",
	    "Nu exista nimic la aceasta adresa" },
	[ERR_METHOD_NOT_ALLOWED] = { 405, "method_not_allowed",
	    "Folositi POST sau GET" },
	[ERR_HTTPS_REQUIRED] = { 403, "https_required", "Folositi HTTPS" },
	[ERR_UNAUTHENTICATED] = { AUTH },
	[ERR_FORBIDDEN] = { 403, "forbidden",
	    "Contul nu are dreptul la aceasta actiune" },
	[ERR_BAD_REQUEST] = { 400, "bad_request",
	    "Cererea nu poate fi citita" },
	[ERR_INVALID] = { 422, "param_invalid", "Un parametru nu este valid" },
	[ERR_TOO_LARGE] = { 413, "payload_too_large",
	    "Cererea este prea mare" },
	[ERR_UNSUPPORTED_MEDIA_TYPE] = { 415, "bad_request",
	    "Cererea nu poate fi citita" },
	[ERR_TOO_MANY_REQUESTS] = { 429, "blocked",
	    "Acces blocat temporar; incercati mai tarziu" },
	[ERR_IDEMPOTENCY_KEY_REQUIRED] = { 400, "param_missing",
	    "Lipseste Idempotency-Key" },
	[ERR_IDEMPOTENCY_KEY_REUSED] = { 422, "idempotency_key_reused",
	    "Idempotency-Key apartine altei cereri" },
	[ERR_REQUEST_IN_PROGRESS] = { 409, "request_in_progress",
	    "Aceeasi cerere este in lucru; incercati mai tarziu" },

	[ERR_CARD_NOT_FOUND] = { NO_CARD },
	[ERR_CARD_SUSPENDED] = { 422, "card_suspended",
	    "Cardul este suspendat" },
	[ERR_CARD_EXPIRED] = { 422, "card_expired", "Cardul a expirat" },
	[ERR_CARD_DELETED] = { NO_CARD },
	[ERR_CODE_TAKEN] = { INTERNAL },	/* no free number was found */
	[ERR_UNIT_MISMATCH] = { NO_CARD },	/* it holds no points */
	[ERR_INSUFFICIENT_FUNDS] = { 422, "insufficient_points",
	    "Puncte insuficiente pe card" },
	[ERR_BALANCE_LIMIT] = { 422, "param_invalid",
	    "Soldul cardului ar depasi limita" },
	[ERR_AMOUNT_LIMIT] = { 422, "param_invalid",
	    "Valoarea depaseste limita" },
	[ERR_VERSION_CONFLICT] = { INTERNAL },
	[ERR_LINKED_FAILED] = { INTERNAL },
	[ERR_TRANSFER_NOT_FOUND] = { INTERNAL },
	[ERR_HOLD_NOT_FOUND] = { INTERNAL },
	[ERR_HOLD_NOT_OPEN] = { INTERNAL },
	[ERR_HOLD_NOT_DUE] = { INTERNAL },
	[ERR_HOLD_EXCEEDED] = { INTERNAL },
	[ERR_NOT_REVERSIBLE] = { INTERNAL },
	[ERR_REVERSAL_EXCEEDED] = { INTERNAL },
	[ERR_EXPIRY_IN_PAST] = { INTERNAL },
	[ERR_PROGRAMME_NOT_FOUND] = { NO_TYPE },
	[ERR_PROGRAMME_CLOSED] = { NO_TYPE },
	[ERR_CUSTOMER_NOT_FOUND] = { INTERNAL },
	[ERR_TENANT_NOT_FOUND] = { AUTH },
	[ERR_TENANT_BLOCKED] = { AUTH },
	[ERR_CREDENTIAL_NOT_FOUND] = { AUTH },
	[ERR_NAME_TAKEN] = { INTERNAL },
	[ERR_PHONE_TAKEN] = { 409, "phone_exists",
	    "Exista deja un card cu acest telefon" },
	[ERR_STORE_NOT_FOUND] = { 404, "store_unknown",
	    "Punctul de lucru nu exista" },
	[ERR_REFUND_EXCEEDED] = { 422, "refund_exceeds",
	    "Punctele returnate depasesc punctele cheltuite" },
	[ERR_NOT_ENROLLED] = { INTERNAL },
	[ERR_MESSAGE_NOT_FOUND] = { INTERNAL },

	[ERR_CREDENTIAL_STALE] = { AUTH },
	[ERR_REPLAY] = { INTERNAL },
	[ERR_UNAVAILABLE] = { 503, "internal",
	    "Serviciul nu este disponibil; nu s-a inregistrat nimic" },
	/* The one case in which "internal" cannot promise that. */
	[ERR_OUTCOME_UNKNOWN] = { 500, "internal",
	    "Rezultatul nu este cunoscut; verificati cardul inainte de a "
	    "repeta" },
	[ERR_INTERNAL] = { INTERNAL },
};

static_assert(COUNT(cardapp_errors) == ERR__COUNT,
    "cardapp: map every error");
