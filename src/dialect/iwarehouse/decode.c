/*
 * Parameters -> what is asked for. Names compare without case, the first
 * occurrence counts, an empty value is an absent one.
 */
#include "dialect/iwarehouse/iwarehouse.h"

#define DECIMALS_MAX	2
#define YEARS_MAX	100

enum err
iwarehouse_params(struct call *c, struct form *ret)
{
	const struct request *q = c->request;
	struct form f = {0};

	TRY(form_read_urlencoded(c->ctx.arena, q->query, &f));
	if (q->method == POST)
		TRY(form_read_body(c->ctx.arena, q->content_type, q->body,
		    &f));
	*ret = f;
	return ERR_OK;
}

static enum err
refuse(struct fail *fail, const char *field, const char *text)
{
	return fail_add(fail, ERR_BAD_REQUEST, field, "invalid", text);
}

/*
 * The value to load, not a number of cards. Two decimals are the most that
 * the wire knows, also where the currency has three.
 */
static enum err
decode_qty(struct str qty, const struct unit *unit, int64_t max_minor,
    struct fail *fail, int64_t *ret_minor)
{
	int exponent = unit->exponent, given;
	int64_t minor;

	given = exponent < DECIMALS_MAX ? exponent : DECIMALS_MAX;
	if (money_parse(qty, given, &minor) != ERR_OK)
		return refuse(fail, "qty", "qty must be an amount like 100 "
		    "or 49.95");
	for (int i = given; i < exponent; i++)
		if (!money_mul(minor, 10, &minor))
			minor = INT64_MAX;
	if (minor <= 0)
		return refuse(fail, "qty", "qty must be more than 0");
	if (minor > max_minor)
		return refuse(fail, "qty", "qty is above the limit of one "
		    "card");
	*ret_minor = minor;
	return ERR_OK;
}

/* A whole number of periods, at most a hundred years of them. */
static enum err
decode_term(const char *name, struct str value, int64_t max,
    struct fail *fail, int64_t *ret)
{
	if (!str_to_i64(value, 1, max, ret))
		return refuse(fail, name, "an expiry term must be a whole "
		    "number from 1, at most 100 years");
	return ERR_OK;
}

static enum err
decode_expires(struct str value, struct fail *fail, struct date *ret)
{
	if (!date_parse_dmy(value, ret) && !date_parse_iso(value, ret))
		return refuse(fail, "expires", "expires must be a date: day, "
		    "month and year like 25/12/2030");
	return ERR_OK;
}

/* The first that is present counts, even where it is wrong. Section 5. */
static enum err
decode_expiry(const struct form *f, struct fail *fail,
    struct card_issue_in *in)
{
	struct str v;

	v = form_get_nocase(f, "expires");
	if (v.n > 0)
		return decode_expires(v, fail, &in->expires_on);
	v = form_get_nocase(f, "expiresyears");
	if (v.n > 0) {
		TRY(decode_term("expiresyears", v, YEARS_MAX, fail,
		    &in->term_months));
		in->term_months *= 12;
		return ERR_OK;
	}
	v = form_get_nocase(f, "expiresmonths");
	if (v.n > 0)
		return decode_term("expiresmonths", v, YEARS_MAX * 12, fail,
		    &in->term_months);
	v = form_get_nocase(f, "expiresdays");
	if (v.n > 0)
		return decode_term("expiresdays", v,
		    YEARS_MAX * 365 + YEARS_MAX / 4, fail, &in->term_days);
	return ERR_OK;
}

enum err
iwarehouse_decode(const struct form *f, const struct unit *unit,
    int64_t max_minor, struct fail *fail, struct iwarehouse_in *ret)
{
	struct iwarehouse_in in = {0};
	struct str qty = form_get_nocase(f, "qty");

	/* With both it is a read: a doubtful call must never make money. */
	in.card = form_get_nocase(f, "card");
	if (in.card.n == 0) {
		if (qty.n == 0)
			return refuse(fail, "", "say qty to create a card or "
			    "card to read one");
		in.create = true;
		in.issue.value.unit = unit;
		TRY(decode_qty(qty, unit, max_minor, fail,
		    &in.issue.value.minor));
		TRY(decode_expiry(f, fail, &in.issue));
	}
	*ret = in;
	return ERR_OK;
}
