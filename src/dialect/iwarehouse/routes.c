#include "dialect/iwarehouse/iwarehouse.h"
#include "domain/admin.h"
#include "domain/auth.h"

/* The tenant's limit of one card, a setting in whole units of currency. */
static int64_t
amount_max_minor(const struct principal *who)
{
	int64_t max = setting_i64(who, "iwarehouse_amount_max");

	for (int i = 0; i < who->currency->exponent; i++)
		if (!money_mul(max, 10, &max))
			return MONEY_MINOR_MAX;
	return max;
}

/*
 * The one address of this API. The operation is in the parameters, so which
 * of the two scopes in the row below is needed is judged here, and so is the
 * budget of unknown codes: one who types wrong codes into a shop's balance
 * page must not stop the shop from selling.
 */
static enum err
gift_api(struct call *c)
{
	const struct principal *who = c->ctx.who;
	struct form f = {0};
	struct iwarehouse_in in;
	struct card card;

	TRY(iwarehouse_params(c, &f));
	TRY(iwarehouse_decode(&f, who->currency, amount_max_minor(who),
	    &c->ctx.fail, &in));
	if ((who->scopes & (in.create ? SCOPE_CARDS_WRITE :
	    SCOPE_CARDS_READ)) == 0)
		return ERR_FORBIDDEN;
	if (in.create)
		TRY(card_issue(&c->ctx, &in.issue, &card));
	else if (unknown_code_blocked(&c->ctx))
		return ERR_TOO_MANY_REQUESTS;
	else
		TRY(card_get(&c->ctx, in.card, &card));
	return iwarehouse_encode_card(c, &card);
}

const struct route iwarehouse_routes[1] = {
	{ GET | POST, "/core/sales/cards/gift/gift_api.asp",
	    NEED_AUTH | PATH_NOCASE | PLAIN_HTTP_ASK | OPEN_WHEN_BLOCKED,
	    SCOPE_CARDS_READ | SCOPE_CARDS_WRITE, gift_api },
};
