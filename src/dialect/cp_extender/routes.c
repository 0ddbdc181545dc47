#include "base/arena.h"
#include "dialect/cp_extender/cp_extender.h"
#include "domain/auth.h"

#define PAGE	200

/* ---- Connection, SSO: nobody has logged in yet ---- */

/* No token, so the host alone can tell whose defaults are asked for. 2.1. */
static enum err
status(struct call *c)
{
	struct principal p;

	TRY(host_settings(&c->ctx, c->request->host, &p));
	return cp_encode_status(c, &p);
}

static enum err
version(struct call *c)
{
	return cp_encode_version(c);
}

static enum err
login(struct call *c)
{
	struct cp_login in;
	struct str token;

	TRY(cp_decode_login(c, &in));
	TRY(auth_login(&c->ctx, "cp_extender", in.user, in.password,
	    c->request->host));
	TRY(session_open(&c->ctx, cp_token_s(c->ctx.who), &token));
	return cp_encode_token(c, token);
}

/* ---- Customer ---- */

static enum err
customer_from_email(struct call *c)
{
	struct customer out;

	TRY(customer_find(&c->ctx, STR_NONE, c->request->args[0], &out));
	return cp_encode_customer(c, &out);
}

static enum err
customer_from_id(struct call *c)
{
	struct customer out;

	TRY(customer_find(&c->ctx, c->request->args[0], STR_NONE, &out));
	return cp_encode_customer(c, &out);
}

/* ---- Loyalty ---- */

static enum err
earn(struct call *c)
{
	struct earn_in in;

	cp_at(c, CP_EARN);
	TRY(cp_decode_earn(c, &in));
	TRY(loyalty_earn(&c->ctx, &in));
	return cp_nothing(c);
}

/* Texts that nobody wrote are made from the rules. 5.2. */
static void
describe(struct call *c, struct account *a)
{
	if (a->earning_text.n == 0)
		a->earning_text = cp_earning_text(c->ctx.arena,
		    a->earn_rate_bp);
	if (a->redemption_text.n == 0)
		a->redemption_text = cp_redemption_text(c->ctx.arena, a->per,
		    (struct money){ a->value, c->ctx.who->currency });
}

static enum err
loyalty_balance(struct call *c)
{
	const struct account_ref ref = { .number = c->request->args[0] };
	struct cp_window w;
	struct account out;

	cp_at(c, CP_LOYALTY_BALANCE);
	TRY(cp_decode_window(c, &w));
	TRY(account_get(&c->ctx, &ref, w.from_us, w.to_us, &out));
	describe(c, &out);
	return cp_encode_loyalty(c, &out);
}

static enum err
authorise_type(struct call *c, enum cp_type type)
{
	struct authorise_in in;
	struct authorisation out;

	cp_at(c, CP_AUTHORISE);
	TRY(cp_decode_authorise(c, type, &in));
	TRY(authorise(&c->ctx, &in, &out));
	return cp_encode_authorisation(c, type, &out);
}

static enum err
authorise_loyalty(struct call *c)
{
	return authorise_type(c, CP_LOYALTY);
}

/* ---- Giftcard ---- */

/* By its code without case: exactly it, or the first that comes near. */
static enum err
programme_find(struct call *c, struct str code, struct programme *ret)
{
	struct page_in page = { PAGE, STR_NONE };
	struct programme_list_out out;
	enum err err = programme_get(&c->ctx, code, ret);

	if (err != ERR_PROGRAMME_NOT_FOUND || code.p == NULL)
		return err;
	do {
		TRY(programme_list(&c->ctx, &page, &out));
		for (size_t i = 0; i < out.n; i++)
			if (str_eq_nocase(out.items[i].code, code)) {
				*ret = out.items[i];
				return ERR_OK;
			}
		page.after = out.next;
	} while (page.after.p != NULL);
	return ERR_PROGRAMME_NOT_FOUND;
}

/*
 * What gift cards are made from: *code, or what the credential issues from. It
 * must count the money that the shop means. A fault of the latter is not the
 * client's.
 */
static enum err
gift_programme(struct call *c, struct str *code)
{
	enum err wrong = code->p != NULL ? ERR_PROGRAMME_NOT_FOUND :
	    ERR_INTERNAL;
	struct programme g;
	enum err err = programme_find(c, *code, &g);

	if (err == ERR_PROGRAMME_NOT_FOUND)
		return wrong;
	if (err != ERR_OK)
		return err;
	if (g.unit != c->ctx.who->currency ||
	    !str_eq(g.state, STR("active")))
		return wrong;
	*code = g.code;
	return ERR_OK;
}

static enum err
reserve(struct call *c)
{
	struct card_batch_out out;
	struct reserve_in in;

	cp_at(c, CP_RESERVE);
	TRY(cp_decode_reserve(c, &in));
	TRY(gift_programme(c, &in.programme));
	TRY(card_reserve(&c->ctx, &in, &out));
	return cp_encode_reserved(c, &out);
}

static enum err
create(struct call *c)
{
	struct sell_in in;
	struct card out;
	enum err err;

	cp_at(c, CP_CREATE);
	TRY(cp_decode_sell(c, &in));
	TRY(gift_programme(c, &in.programme));
	err = card_sell(&c->ctx, &in, &out);
	/* No free number was found: nothing that the client asked for. */
	if (err == ERR_CODE_TAKEN && in.code.p == NULL)
		return ERR_INTERNAL;
	if (err != ERR_OK)
		return err;
	return cp_encode_sold(c, &in, &out);
}

static enum err
gift_balance(struct call *c)
{
	const struct account_ref ref = { .code = c->request->args[0] };
	struct cp_window w;
	struct account out;

	TRY(cp_decode_window(c, &w));
	TRY(account_get(&c->ctx, &ref, w.from_us, w.to_us, &out));
	return cp_encode_gift(c, &out);
}

static enum err
certificate(struct call *c)
{
	const struct account_ref ref = { .code = c->request->args[0] };
	struct account out;

	/* Its history is not wanted. */
	TRY(account_get(&c->ctx, &ref, INT64_MAX, INT64_MAX, &out));
	return cp_encode_certificate(c, &out);
}

static enum err
authorise_gift(struct call *c)
{
	return authorise_type(c, CP_GIFTCARD);
}

/* ---- Authorize: the second phase of both. Section 7 ---- */

static enum err
settle_held(struct call *c, bool confirm)
{
	struct cp_settle in;

	TRY(cp_decode_settle(c, &in));
	TRY(settle(&c->ctx, in.ref, in.code, confirm));
	return cp_nothing(c);
}

static enum err
confirm(struct call *c)
{
	return settle_held(c, true);
}

static enum err
cancel(struct call *c)
{
	return settle_held(c, false);
}

/* Names without case, a slash at the end: 1.1. */
#define OPEN	(PATH_NOCASE | PATH_SLASH)
#define BEARER	(OPEN | NEED_AUTH | OPEN_WHEN_BLOCKED)
/* By the number of a gift card: with the budget of unknown ones spent, none. */
#define BY_CARD	(OPEN | NEED_AUTH)

/*
 * The id stands between controller and method, or, as everywhere else, at the
 * end: 1.1.
 */
const struct route cp_routes[CP_ROUTES] = {
	{ GET, "/Connection/Status", OPEN, 0, status },
	{ GET, "/Connection/GetVersion", OPEN, 0, version },
	{ POST, "/SSO/Login", OPEN, 0, login },
	{ GET, "/Customer/FromEmail/{email}", BEARER,
	    SCOPE_CUSTOMERS | SCOPE_CARDS_READ, customer_from_email },
	{ GET, "/Customer/FromId/{id}", BEARER,
	    SCOPE_CUSTOMERS | SCOPE_CARDS_READ, customer_from_id },
	{ POST, "/Loyalty/Earn", BEARER, SCOPE_VALUE_WRITE, earn },
	{ POST, "/Loyalty/Authorize", BEARER, SCOPE_VALUE_WRITE,
	    authorise_loyalty },
	{ GET, "/Loyalty/{id}/BalanceCheck", BEARER, SCOPE_CARDS_READ,
	    loyalty_balance },
	{ GET, "/Loyalty/BalanceCheck/{id}", BEARER, SCOPE_CARDS_READ,
	    loyalty_balance },
	{ POST, "/Giftcard/ReserveIds", BEARER, SCOPE_CARDS_WRITE, reserve },
	{ POST, "/Giftcard/Create", BEARER, SCOPE_CARDS_WRITE, create },
	{ POST, "/Giftcard/Authorize", BY_CARD, SCOPE_VALUE_WRITE,
	    authorise_gift },
	{ GET, "/Giftcard/{id}/BalanceCheck", BY_CARD, SCOPE_CARDS_READ,
	    gift_balance },
	{ GET, "/Giftcard/BalanceCheck/{id}", BY_CARD, SCOPE_CARDS_READ,
	    gift_balance },
	{ GET, "/Giftcard/{id}/Certificate", BY_CARD, SCOPE_CARDS_READ,
	    certificate },
	{ GET, "/Giftcard/Certificate/{id}", BY_CARD, SCOPE_CARDS_READ,
	    certificate },
	{ POST, "/Authorize/Confirm", BEARER, SCOPE_VALUE_WRITE, confirm },
	{ POST, "/Authorize/Cancel", BEARER, SCOPE_VALUE_WRITE, cancel },
};
