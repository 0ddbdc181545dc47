#include "dialect/cp_extender/cp_extender.h"

#include "domain/auth.h"

#define TOKEN_MAX	1000

struct str
cp_token(struct str authorization)
{
	struct str a = str_trim(authorization), token;

	if (!str_starts_nocase(a, STR("Bearer ")))
		return STR_NONE;
	token = str_trim(str_sub(a, sizeof("Bearer ") - 1, a.n));
	return token.n > 0 && token.n <= TOKEN_MAX ? token : STR_NONE;
}

/* Tokens of a login and permanent ones are told apart by nobody. 1.3. */
static enum err
authenticate(struct call *c)
{
	struct str token = cp_token(c->request->authorization);

	if (token.p == NULL)
		return ERR_UNAUTHENTICATED;
	return auth_key(&c->ctx, "cp_extender", token, c->request->host);
}

/* The controllers stand at the root of the host. Section 1.1. */
const struct dialect dialect_cp_extender = {
	.name = "cp_extender",
	.prefixes = { "/Connection", "/SSO", "/Customer", "/Loyalty",
	    "/Giftcard", "/Authorize" },
	.prefix_nocase = true,
	.routes = cp_routes,
	.n_routes = COUNT(cp_routes),
	.errors = cp_errors,
	.authenticate = authenticate,
	.encode_error = cp_encode_error,
};
