#include "dialect/cardapp/cardapp.h"

#include "base/arena.h"
#include "domain/auth.h"

struct str
cardapp_param(const struct form *f, const char *name)
{
	return str_trim(form_get_last(f, name));
}

static const struct cardapp_action *
action_of(struct str name)
{
	for (size_t i = 0; i < cardapp_actions_n; i++)
		if (str_eq_nocase(name, str_of(cardapp_actions[i].name)))
			return &cardapp_actions[i];
	return NULL;
}

/* The body after the query string, so that the body wins. Section 1. */
struct cardapp_request *
cardapp_request(struct call *c)
{
	const struct request *q = c->request;
	struct arena *a = c->ctx.arena;
	struct cardapp_request *r = c->memo;

	if (r != NULL)
		return r;
	r = arena_alloc(a, sizeof(*r));
	form_lenient_urlencoded(a, q->query, &r->form);
	if (q->method == POST)
		form_lenient_body(a, q->content_type, q->body, &r->form);
	r->xml = str_eq_nocase(cardapp_param(&r->form, "tip_response"),
	    STR("xml"));
	r->action = action_of(cardapp_param(&r->form, "action"));
	c->memo = r;
	return r;
}

/* The key is a password: the pair names the account. Sections 1 and 2. */
static enum err
authenticate(struct call *c)
{
	const struct form *f = &cardapp_request(c)->form;

	return auth_login(&c->ctx, "cardapp", cardapp_param(f, "username"),
	    cardapp_param(f, "apikey"), c->request->host);
}

const struct dialect dialect_cardapp = {
	.name = "cardapp",
	.prefixes = { "/api/response.php" },
	.routes = cardapp_routes,
	.n_routes = COUNT(cardapp_routes),
	.errors = cardapp_errors,
	.authenticate = authenticate,
	.encode_error = cardapp_encode_error,
};
