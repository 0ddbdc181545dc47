/*
 * The dialect: all calls of /v1. Moving value needs an idempotency key,
 * reading does not; nor does administration, which moves nothing.
 */
#include "dialect/native/native.h"

#define KEYED	(NEED_AUTH | NEED_IDEMPOTENCY)
#define READ	SCOPE_CARDS_READ
#define WRITE	SCOPE_CARDS_WRITE
#define VALUE	SCOPE_VALUE_WRITE
#define PEOPLE	SCOPE_CUSTOMERS
#define ADMIN	SCOPE_ADMIN

static const struct route routes[] = {
	/* cards */
	{ POST, "/v1/cards", KEYED | OPEN_WHEN_BLOCKED, WRITE,
	    v1_cards_issue },
	{ GET, "/v1/cards", NEED_AUTH, READ, v1_cards_list },
	{ POST, "/v1/cards/batch", KEYED | OPEN_WHEN_BLOCKED, WRITE,
	    v1_cards_batch },
	{ GET, "/v1/cards/{card}", NEED_AUTH, READ, v1_cards_get },
	{ PATCH, "/v1/cards/{card}", NEED_AUTH, WRITE, v1_cards_change },
	{ GET, "/v1/reservations", NEED_AUTH, READ | ADMIN,
	    v1_reservations_list },

	/* value */
	{ POST, "/v1/cards/{card}/loads", KEYED, VALUE, v1_loads_make },
	{ POST, "/v1/cards/{card}/redemptions", KEYED, VALUE,
	    v1_redemptions_make },
	{ POST, "/v1/cards/{card}/holds", KEYED, VALUE, v1_holds_make },
	{ GET, "/v1/cards/{card}/transfers", NEED_AUTH, READ,
	    v1_transfers_list },
	{ GET, "/v1/cards/{card}/purchases", NEED_AUTH, READ,
	    v1_purchases_list },
	{ POST, "/v1/redemptions", KEYED, VALUE, v1_tenders_redeem },
	{ GET, "/v1/holds/{id}", NEED_AUTH, READ, v1_holds_get },
	{ POST, "/v1/holds/{id}/capture", KEYED, VALUE, v1_holds_capture },
	{ POST, "/v1/holds/{id}/void", KEYED, VALUE, v1_holds_void },
	{ GET, "/v1/transfers/{id}", NEED_AUTH, READ, v1_transfers_get },
	{ POST, "/v1/transfers/{id}/reversals", KEYED, VALUE,
	    v1_reversals_make },

	/* administration */
	{ GET, "/v1/me", NEED_AUTH, 0, v1_me },
	{ GET, "/v1/tenants", NEED_AUTH, ADMIN, v1_tenants_list },
	{ POST, "/v1/tenants", NEED_AUTH, ADMIN, v1_tenants_create },
	{ GET, "/v1/tenants/{id}", NEED_AUTH, ADMIN, v1_tenants_get },
	{ PATCH, "/v1/tenants/{id}", NEED_AUTH, ADMIN, v1_tenants_change },
	{ GET, "/v1/credentials", NEED_AUTH, ADMIN, v1_credentials_list },
	{ POST, "/v1/credentials", NEED_AUTH, ADMIN, v1_credentials_create },
	{ DELETE, "/v1/credentials/{id}", NEED_AUTH, ADMIN,
	    v1_credentials_disable },
	{ POST, "/v1/credentials/{id}/rotate", NEED_AUTH, ADMIN,
	    v1_credentials_rotate },
	{ POST, "/v1/credentials/{id}/unlock", NEED_AUTH, ADMIN,
	    v1_credentials_unlock },
	{ GET, "/v1/programmes", NEED_AUTH, READ | ADMIN,
	    v1_programmes_list },
	{ POST, "/v1/programmes", NEED_AUTH, ADMIN, v1_programmes_create },
	{ GET, "/v1/programmes/{code}", NEED_AUTH, READ | ADMIN,
	    v1_programmes_get },
	{ PATCH, "/v1/programmes/{code}", NEED_AUTH, ADMIN,
	    v1_programmes_change },
	{ GET, "/v1/stores", NEED_AUTH, READ | ADMIN, v1_stores_list },
	{ POST, "/v1/stores", NEED_AUTH, ADMIN, v1_stores_create },
	{ GET, "/v1/stores/{code}", NEED_AUTH, READ | ADMIN, v1_stores_get },
	{ PATCH, "/v1/stores/{code}", NEED_AUTH, ADMIN, v1_stores_change },
	{ GET, "/v1/messages", NEED_AUTH, ADMIN, v1_messages_list },
	{ GET, "/v1/messages/{id}", NEED_AUTH, ADMIN, v1_messages_get },
	{ GET, "/v1/customers", NEED_AUTH, PEOPLE, v1_customers_list },
	{ POST, "/v1/customers", NEED_AUTH, PEOPLE, v1_customers_create },
	{ GET, "/v1/customers/{id}", NEED_AUTH, PEOPLE, v1_customers_get },
	{ PATCH, "/v1/customers/{id}", NEED_AUTH, PEOPLE,
	    v1_customers_change },
};

const struct dialect dialect_native = {
	.name = "native",
	.prefixes = { "/v1/" },
	.routes = routes,
	.n_routes = COUNT(routes),
	.errors = native_errors,
	.authenticate = v1_authenticate,
	.encode_error = v1_encode_error,
};
