/*
 * What the vendor's texts leave open: section 10 of the contract, in its order.
 * Each point has one place here, with the reason for what was chosen, so that
 * a later finding changes that place alone. Wire cases name them all.
 */
#include "base/arena.h"
#include "dialect/cp_extender/cp_extender.h"

/*
 * 1. The answer to Giftcard/Create. It has a body, because the server may have
 * chosen the number; the members are those of the request under the name that
 * Giftcard/BalanceCheck uses, so that one reader serves for both. The other
 * plausible answer is a bare 204, as of Loyalty/Earn: true makes it that. The
 * second form of the request is met by asking for nothing but a value.
 */
static const bool create_is_bare = false;

enum err
cp_encode_sold(struct call *c, const struct sell_in *in,
    const struct card *card)
{
	struct json_out o;

	if (create_is_bare)
		return cp_nothing(c);
	cp_begin(c, &o);
	json_obj(&o, "GiftCard");
	json_str(&o, "GiftCardId", card->code);
	json_str(&o, "GiftCardCode", card->programme);
	/* As it was made, also when it is answered again. */
	json_str(&o, "Status", STR("active"));
	cp_put_money(&o, "GiftCardValue", c->ctx.arena,
	    (struct money){ in->amount, c->ctx.who->currency });
	cp_put(&o, "SaleId", in->reference);
	json_obj_end(&o);
	return cp_end(&o);
}

/*
 * 2. The members of Giftcard/BalanceCheck: those of the loyalty account, with
 * money in place of points. Of states the ledger knows one more than there.
 */
enum err
cp_encode_gift(struct call *c, const struct account *of)
{
	struct arena *a = c->ctx.arena;
	struct json_out o;

	cp_begin(c, &o);
	json_obj(&o, "GiftCard");
	json_str(&o, "GiftCardId", of->code);
	json_str(&o, "GiftCardCode", of->programme);
	json_str(&o, "Status", str_eq(of->state, STR("suspended")) ?
	    STR("inactive") : of->state);
	cp_put_money(&o, "OriginalValue", a,
	    (struct money){ of->opened, of->unit });
	cp_put_money(&o, "Balance", a,
	    (struct money){ of->balance, of->unit });
	cp_put_money(&o, "OpenAuthorizations", a,
	    (struct money){ of->held, of->unit });
	cp_put_money(&o, "AvailableBalance", a,
	    (struct money){ of->balance - of->held, of->unit });
	cp_put(&o, "ExpirationDate", cp_day(a, of->expires_on));
	cp_put_history(&o, a, of, "Amount");
	json_obj_end(&o);
	return cp_end(&o);
}

/*
 * 3. The value of Type. "loyalty" is documented; the first name of the other
 * follows the controller and is what answers say. Letter case is ignored.
 */
static const char *const types[][3] = {
	[CP_LOYALTY] = { "loyalty" },
	[CP_GIFTCARD] = { "giftcard", "gift card", "gift_card" },
};

const char *
cp_type_name(enum cp_type type)
{
	return types[type][0];
}

bool
cp_type_fits(enum cp_type type, struct str s)
{
	for (size_t i = 0; i < COUNT(types[type]); i++)
		if (types[type][i] != NULL &&
		    str_eq_nocase(s, str_of(types[type][i])))
			return true;
	return false;
}

/*
 * 4. The body of an error. Status and text are documented, their shape is not;
 * this is how a .NET Web API, which the vendor's seems to be, writes one.
 * nginx/errors.conf repeats it.
 */
const char cp_error_type[] = "application/json; charset=utf-8";

void
cp_put_error(struct buf *b, struct str message)
{
	struct json_out o;

	json_begin(&o, b);
	json_obj(&o, NULL);
	json_str(&o, "Message", message);
	json_obj_end(&o);
}

/*
 * 5. Errors of Authorize/Confirm and /Cancel, and which repeats succeed. The
 * two texts are CP_HOLD_UNKNOWN and CP_HOLD_SETTLED in cp_extender.h; that the
 * same call again is a success, and the other one is not, settle() decides
 * for all APIs. A client that lost an answer can ask in no other way, and a
 * Cancel that came too late must not look as if money came back.
 */

/*
 * 6. Rows of a history. Three activities are documented. What was confirmed is
 * a Charge, and negative, so that the rows add up to the balance; points spent
 * through another API are one as well, but no web order. What else no web shop
 * did has no activity, as an Earn has none, and a Reason that tells what it
 * was.
 */
static const struct cp_activity activities[] = {
	{ "summary", "Historical Summary", "Historical Summary", NULL, NULL },
	{ "pending", "Pending Charge", "Pending Charge", "Web Order", NULL },
	{ "capture", "Charge", "Charge", "Web Order", NULL },
	{ "redeem", "Charge", "Charge", NULL, NULL },
	{ "issue", NULL, "Issued", NULL, NULL },
	{ "earn", NULL, NULL, NULL, NULL },
	{ "load", NULL, NULL, NULL, "Load" },
	{ "refund", NULL, NULL, NULL, "Refund" },
	{ "adjust_up", NULL, NULL, NULL, "Adjustment" },
	{ "adjust_down", NULL, NULL, NULL, "Adjustment" },
	{ "expire", NULL, NULL, NULL, "Expired" },
	{ "clawback", NULL, NULL, NULL, "Return" },
	{ "reversal", NULL, NULL, NULL, "Reversal" },
};

const struct cp_activity *
cp_activity(struct str kind)
{
	static const struct cp_activity other = { "", NULL, NULL, NULL, NULL };

	for (size_t i = 0; i < COUNT(activities); i++)
		if (str_eq(kind, str_of(activities[i].kind)))
			return &activities[i];
	return &other;
}

/*
 * 7. Giftcard/Certificate as a whole: a GET by number, as BalanceCheck is, that
 * answers what one prints on paper. Only its name is documented.
 */
enum err
cp_encode_certificate(struct call *c, const struct account *of)
{
	struct arena *a = c->ctx.arena;
	struct json_out o;

	cp_begin(c, &o);
	json_obj(&o, "Certificate");
	json_str(&o, "GiftCardId", of->code);
	cp_put_money(&o, "GiftCardValue", a,
	    (struct money){ of->opened, of->unit });
	cp_put_money(&o, "Balance", a,
	    (struct money){ of->balance, of->unit });
	json_str(&o, "IssueDate", cp_date(a, of->created_us));
	cp_put(&o, "CustomerNumber", of->customer);
	cp_put(&o, "SaleId", of->reference);
	json_obj_end(&o);
	return cp_end(&o);
}

/*
 * 8. How long tokens and holds live. Permanent tokens beside those of a login
 * say that the latter end; holds have no limit on the wire, so they have none
 * unless the tenant wants one. Both are the tenant's settings.
 */
int64_t
cp_token_s(const struct principal *who)
{
	return setting_i64(who, "cp_token_h") * 3600;
}

int64_t
cp_hold_s(const struct principal *who)
{
	return setting_i64(who, "cp_hold_min") * 60;
}
