/*
 * Bodies and queries -> what is asked for. Section 1.4 says how lenient: names
 * without case, unknown ones ignored, null, "" and 0 as good as absent, numbers
 * as texts and ids as numbers. Content-Type is not looked at (1.2).
 */
#include "base/arena.h"
#include "codec/form.h"
#include "dialect/cp_extender/cp_extender.h"

#define DECIMALS_MAX	2
#define ID_MAX		128		/* code points */
#define TEXT_MAX	128
#define REASON_MAX	500
#define NUMBER_MAX	20		/* of a gift card that is brought: 6.1 */
#define SINGLE_S	3600		/* 6.2 */
#define BEYOND		(MONEY_MINOR_MAX + 1)

static enum err
read_body(struct call *c, struct json_members *ret)
{
	return json_read_members(c->ctx.arena, c->request->body, ret,
	    &c->ctx.fail);
}

/* A GET may bring one, and what is empty is none. Section 5.2. */
static enum err
read_body_optional(struct call *c, struct json_members *ret)
{
	*ret = (struct json_members){ NULL };
	if (str_trim(c->request->body).n == 0)
		return ERR_OK;
	return read_body(c, ret);
}

/* Tabs and line ends apart. */
static bool
has_control(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char u = (unsigned char)s.p[i];

		if ((u < ' ' && (u < '\t' || u > '\r')) || u == 0x7f)
			return true;
	}
	return false;
}

/* A text or an id, without the blanks around it; none when it is absent. */
static enum err
read_text(struct call *c, const struct json_members *m, const char *name,
    size_t max, struct str *ret)
{
	struct str s;

	if (!json_member(c->ctx.arena, m, name, &s))
		return ERR_BAD_REQUEST;
	s = str_trim(s);
	if (s.n > 0 && (has_control(s) || str_utf8_len(s) > max))
		return ERR_BAD_REQUEST;
	*ret = s.n > 0 ? s : STR_NONE;
	return ERR_OK;
}

/*
 * A number of so many decimals; 0 when it is absent. One beyond the limit is
 * just beyond it here: the domain refuses that.
 */
static enum err
read_number(struct call *c, const struct json_members *m, const char *name,
    int decimals, int64_t *ret)
{
	enum err err = ERR_OK;
	struct str s;
	int64_t v = 0;

	if (!json_member(c->ctx.arena, m, name, &s))
		return ERR_BAD_REQUEST;
	s = str_trim(s);
	if (s.n > 0)
		err = money_parse_number(s, decimals, &v);
	if (err == ERR_AMOUNT_LIMIT)
		v = s.p[0] == '-' ? -BEYOND : BEYOND;
	else if (err != ERR_OK)
		return ERR_BAD_REQUEST;
	*ret = v;
	return ERR_OK;
}

/*
 * Money in minor units of the tenant's currency. Two decimals are the most that
 * the wire knows, and no more than the currency has.
 */
static enum err
read_money(struct call *c, const struct json_members *m, const char *name,
    int64_t *ret)
{
	int exponent = c->ctx.who->currency->exponent;
	int given = exponent < DECIMALS_MAX ? exponent : DECIMALS_MAX;
	int64_t minor;

	TRY(read_number(c, m, name, given, &minor));
	for (int i = given; i < exponent; i++)
		if (!money_mul(minor, 10, &minor))
			minor = minor < 0 ? -BEYOND : BEYOND;
	*ret = minor;
	return ERR_OK;
}

/* A password is as it is: its blanks count. */
enum err
cp_decode_login(struct call *c, struct cp_login *ret)
{
	struct json_members m;
	struct cp_login in;

	TRY(read_body(c, &m));
	if (!json_member(c->ctx.arena, &m, "UserName", &in.user) ||
	    !json_member(c->ctx.arena, &m, "Password", &in.password))
		return ERR_BAD_REQUEST;
	in.user = str_trim(in.user);
	if (in.user.n == 0 || in.password.n == 0)
		return ERR_INVALID;
	*ret = in;
	return ERR_OK;
}

enum err
cp_decode_earn(struct call *c, struct earn_in *ret)
{
	struct json_members m;
	struct earn_in in = {0};

	TRY(read_body(c, &m));
	TRY(read_text(c, &m, "CustomerNumber", ID_MAX, &in.number));
	TRY(read_number(c, &m, "Points", 0, &in.points));
	TRY(read_text(c, &m, "Reason", REASON_MAX, &in.reason));
	TRY(read_text(c, &m, "Reference", TEXT_MAX, &in.reference));
	if (in.number.p == NULL || in.points <= 0)
		return ERR_INVALID;
	in.once = setting_bool(c->ctx.who, "cp_earn_once");
	*ret = in;
	return ERR_OK;
}

/* ---- histories ---- */

/* Body before query: many clients can send no body with a GET. 5.2. */
static enum err
read_instant(struct call *c, const struct json_members *m,
    const struct form *query, const char *name, int64_t otherwise,
    int64_t *ret)
{
	struct str s;

	if (!json_member(c->ctx.arena, m, name, &s))
		return ERR_BAD_REQUEST;
	s = str_trim(s);
	if (s.n == 0)
		s = str_trim(form_get_nocase(query, name));
	*ret = otherwise;
	if (s.n > 0 && !instant_parse_lenient(s, ret))
		return ERR_BAD_REQUEST;
	return ERR_OK;
}

/*
 * "Now" at the end is the end of time: nothing is dated later, and by the
 * database's clock, which need not be ours, nothing is lost.
 */
enum err
cp_decode_window(struct call *c, struct cp_window *ret)
{
	const struct clock *clock = &c->ctx.app->clock;
	int64_t now_us = c->ctx.who->clock_us != 0 ? c->ctx.who->clock_us :
	    clock->wall_us(clock);
	struct json_members m;
	struct form query = {0};
	struct cp_window w;

	TRY(read_body_optional(c, &m));
	form_lenient_urlencoded(c->ctx.arena, c->request->query, &query);
	TRY(read_instant(c, &m, &query, "startDate",
	    instant_years_back(now_us, 1), &w.from_us));
	TRY(read_instant(c, &m, &query, "endDate", INT64_MAX, &w.to_us));
	*ret = w;
	return ERR_OK;
}

/* ---- authorisations ---- */

/*
 * One for both controllers (6.6). The order of 5.3: what cannot be read, what
 * is not given, the type.
 */
enum err
cp_decode_authorise(struct call *c, enum cp_type type,
    struct authorise_in *ret)
{
	struct json_members m;
	struct authorise_in in = {0};
	struct str named, ref;

	TRY(read_body(c, &m));
	TRY(read_text(c, &m, "Type", ID_MAX, &named));
	TRY(read_text(c, &m, "Ref", ID_MAX, &ref));
	TRY(read_text(c, &m, "SaleId", TEXT_MAX, &in.sale));
	TRY(read_number(c, &m, "RequestedPoints", 0, &in.points));
	TRY(read_money(c, &m, "RequestedAmount", &in.amount));
	if (named.p == NULL || ref.p == NULL || in.sale.p == NULL ||
	    in.points < 0 || in.amount < 0 || (in.amount == 0 &&
	    (in.points == 0 || type == CP_GIFTCARD)))
		return ERR_INVALID;
	if (!cp_type_fits(type, named))
		return ERR_UNIT_MISMATCH;
	/* No account holds more than the limit: that much is all of it. */
	if (in.points > MONEY_MINOR_MAX)
		in.points = MONEY_MINOR_MAX;
	if (in.amount > MONEY_MINOR_MAX)
		in.amount = MONEY_MINOR_MAX;
	if (type == CP_GIFTCARD) {
		in.account.code = ref;
		in.points = 0;
	} else
		in.account.number = ref;
	in.lapse_s = cp_hold_s(c->ctx.who);
	*ret = in;
	return ERR_OK;
}

enum err
cp_decode_settle(struct call *c, struct cp_settle *ret)
{
	struct json_members m;
	struct cp_settle in;
	struct str code;

	TRY(read_body(c, &m));
	TRY(read_text(c, &m, "Ref", ID_MAX, &in.ref));
	TRY(read_text(c, &m, "AuthCode", ID_MAX, &code));
	if (in.ref.p == NULL || code.p == NULL)
		return ERR_INVALID;
	if (!cp_auth_code_read(code, in.code))
		return ERR_HOLD_NOT_FOUND;
	*ret = in;
	return ERR_OK;
}

/* ---- gift cards ---- */

/* More than the limit is cut to it without a word. Section 6.2. */
static enum err
read_pool(struct call *c, const struct json_members *m, int64_t *ret)
{
	int64_t max = setting_i64(c->ctx.who, "cp_pool_max"), n;

	TRY(read_number(c, m, "PoolCount", 0, &n));
	if (n < 1)
		return ERR_INVALID;
	*ret = n < max ? n : max;
	return ERR_OK;
}

enum err
cp_decode_reserve(struct call *c, struct reserve_in *ret)
{
	struct json_members m;
	struct reserve_in in = { .n = 1, .lapse_s = SINGLE_S };
	struct str type;

	TRY(read_body(c, &m));
	TRY(read_text(c, &m, "RequestName", TEXT_MAX, &in.batch));
	TRY(read_text(c, &m, "RequestType", TEXT_MAX, &type));
	TRY(read_text(c, &m, "Agency", TEXT_MAX, &in.agency));
	if (in.agency.p == NULL)
		return ERR_INVALID;
	if (str_eq_nocase(type, STR("pool"))) {
		TRY(read_pool(c, &m, &in.n));
		in.lapse_s = 0;
	} else if (type.p != NULL && !str_eq_nocase(type, STR("single")))
		return ERR_BAD_REQUEST;
	*ret = in;
	return ERR_OK;
}

enum err
cp_decode_sell(struct call *c, struct sell_in *ret)
{
	struct json_members m;
	struct sell_in in = {0};

	TRY(read_body(c, &m));
	TRY(read_text(c, &m, "CustomerNumber", ID_MAX, &in.customer));
	TRY(read_text(c, &m, "GiftCardId", NUMBER_MAX, &in.code));
	TRY(read_text(c, &m, "GiftCardCode", ID_MAX, &in.programme));
	TRY(read_money(c, &m, "GiftCardValue", &in.amount));
	TRY(read_text(c, &m, "SaleId", TEXT_MAX, &in.reference));
	if (in.amount <= 0)
		return ERR_INVALID;
	in.reserved_only = setting_bool(c->ctx.who, "cp_reserved_only");
	*ret = in;
	return ERR_OK;
}
