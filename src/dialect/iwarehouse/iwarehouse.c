#include "dialect/iwarehouse/iwarehouse.h"
#include "domain/admin.h"
#include "domain/auth.h"

/*
 * Login and password travel as parameters, in clear, with every call.
 * Section 3.
 */
static enum err
authenticate(struct call *c)
{
	struct form f = {0};

	TRY(iwarehouse_params(c, &f));
	return auth_login(&c->ctx, "iwarehouse", form_get_nocase(&f, "log"),
	    form_get_nocase(&f, "pwd"), c->request->host);
}

/* Old clients may speak plain HTTP where their tenant allows it. Section 2. */
static bool
plain_http(struct call *c)
{
	return setting_bool(c->ctx.who, "iwarehouse_plain_http");
}

const struct dialect dialect_iwarehouse = {
	.name = "iwarehouse",
	.prefixes = { "/core/sales/cards/gift/" },
	.prefix_nocase = true,
	.routes = iwarehouse_routes,
	.n_routes = COUNT(iwarehouse_routes),
	.errors = iwarehouse_errors,
	.authenticate = authenticate,
	.plain_http = plain_http,
	.encode_error = iwarehouse_encode_error,
};
