/*
 * What the domain answers -> bodies. Members without a value are left out, none
 * is null (1.4); the spelling of names is the vendor's, StrId and startDate
 * alike. What section 10 leaves open is written in open.c.
 */
#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "dialect/cp_extender/cp_extender.h"

#define JSON_TYPE	"application/json; charset=utf-8"
#define DECIMALS	2
#define VERSION		"1.0.0.0"	/* 2.2 */
#define BODY_MAX	((size_t)64 << 10)

/* ---- values ---- */

struct str
cp_money(struct arena *a, struct money m)
{
	static const char zeros[] = ".00";
	int exponent = m.unit->exponent;
	int64_t minor = m.minor, den = 1;

	if (exponent < DECIMALS)
		return str_printf(a, "%.*s%s", STR_ARG(money_format(a, minor,
		    exponent, MONEY_FIXED)), zeros + (exponent > 0 ?
		    1 + exponent : 0));
	for (int i = DECIMALS; i < exponent; i++)
		den *= 10;
	if (den > 1 && !money_muldiv_floor(minor, 1, den, &minor))
		minor = m.minor / den;
	return money_format(a, minor, DECIMALS, MONEY_FIXED);
}

struct str
cp_day(struct arena *a, struct date d)
{
	if (d.year == 0)
		return STR_NONE;
	return str_printf(a, "%02d/%02d/%04d", d.month, d.day, d.year);
}

struct str
cp_date(struct arena *a, int64_t us)
{
	char text[INSTANT_TEXT];
	struct date d;

	instant_print(text, us);
	if (!date_parse_iso((struct str){ text, 10 }, &d))
		return STR_NONE;
	return cp_day(a, d);
}

struct str
cp_auth_code(struct arena *a, const uint8_t code[16])
{
	return str_printf(a, "G%.*s", STR_ARG(str_upper(a,
	    str_hex(a, code, 16))));
}

bool
cp_auth_code_read(struct str s, uint8_t ret[16])
{
	return s.n > 0 && (s.p[0] == 'G' || s.p[0] == 'g') &&
	    str_unhex(str_sub(s, 1, s.n), ret, 16);
}

struct str
cp_request_id(struct arena *a, const uint8_t id[16])
{
	uint8_t v4[16];
	struct str hex;

	memcpy(v4, id, sizeof(v4));
	v4[6] = (v4[6] & 0x0f) | 0x40;
	v4[8] = (v4[8] & 0x3f) | 0x80;
	hex = str_hex(a, v4, sizeof(v4));
	return str_printf(a, "%.*s-%.*s-%.*s-%.*s-%.*s",
	    STR_ARG(str_sub(hex, 0, 8)), STR_ARG(str_sub(hex, 8, 4)),
	    STR_ARG(str_sub(hex, 12, 4)), STR_ARG(str_sub(hex, 16, 4)),
	    STR_ARG(str_sub(hex, 20, 12)));
}

/* A rate is in hundredths of a percent: points for 100.00 spent, by 100. */
struct str
cp_earning_text(struct arena *a, int64_t rate_bp)
{
	struct str points;

	if (rate_bp <= 0)
		return STR_NONE;
	if (rate_bp % 10000 == 0)
		return str_printf(a, "%" PRId64 " point%s per 1.00 spent",
		    rate_bp / 10000, rate_bp == 10000 ? "" : "s");
	points = money_format(a, rate_bp, 2, MONEY_SHORT);
	return str_printf(a, "%.*s point%s per 100.00 spent", STR_ARG(points),
	    rate_bp == 100 ? "" : "s");
}

struct str
cp_redemption_text(struct arena *a, int64_t per, struct money value)
{
	if (value.minor <= 0)
		return STR_NONE;
	return str_printf(a, "%" PRId64 " point%s = %.*s", per,
	    per == 1 ? "" : "s", STR_ARG(cp_money(a, value)));
}

/* ---- bodies ---- */

void
cp_begin(struct call *c, struct json_out *o)
{
	c->reply->status = 200;
	c->reply->content_type = JSON_TYPE;
	json_begin(o, &c->reply->body);
	json_obj(o, NULL);
}

enum err
cp_end(struct json_out *o)
{
	json_obj_end(o);
	return ERR_OK;
}

enum err
cp_nothing(struct call *c)
{
	c->reply->status = 204;
	return ERR_OK;
}

void
cp_put(struct json_out *o, const char *key, struct str s)
{
	if (s.n > 0)
		json_str(o, key, s);
}

void
cp_put_money(struct json_out *o, const char *key, struct arena *a,
    struct money m)
{
	json_raw(o, key, cp_money(a, m));
}

enum err
cp_encode_status(struct call *c, const struct principal *p)
{
	struct json_out o;

	cp_begin(c, &o);
	json_str(&o, "Status", STR("Ok"));
	json_obj(&o, "GlobalDefaults");
	json_obj(&o, "eCommerceControlDefaults");
	cp_put(&o, "StrId", setting_str(p, "cp_store"));
	cp_put(&o, "DrwId", setting_str(p, "cp_drawer"));
	json_obj_end(&o);
	json_obj(&o, "installationSettings");
	cp_put(&o, "UsrId", setting_str(p, "cp_user"));
	cp_put(&o, "MgGcProductType", setting_str(p, "cp_product_type"));
	cp_put(&o, "CpGcItemNo", setting_str(p, "cp_item"));
	json_obj_end(&o);
	json_obj_end(&o);
	return cp_end(&o);
}

enum err
cp_encode_version(struct call *c)
{
	struct json_out o;

	cp_begin(c, &o);
	json_str(&o, "Version", STR(VERSION));
	return cp_end(&o);
}

enum err
cp_encode_token(struct call *c, struct str token)
{
	struct json_out o;

	cp_begin(c, &o);
	json_str(&o, "APItoken", token);
	return cp_end(&o);
}

static void
put_names(struct json_out *o, struct arena *a, const struct customer *u)
{
	const char *between = u->first_name.n > 0 && u->last_name.n > 0 ? " " :
	    "";

	cp_put(o, "Company", u->company);
	cp_put(o, "FullName", str_printf(a, "%.*s%s%.*s",
	    STR_ARG(u->first_name), between, STR_ARG(u->last_name)));
	cp_put(o, "FirstName", u->first_name);
	cp_put(o, "LastName", u->last_name);
}

/* One address serves for both: a customer here has no second one. */
static void
put_address(struct json_out *o, const char *key, struct arena *a,
    const struct customer *u)
{
	json_obj(o, key);
	put_names(o, a, u);
	cp_put(o, "Address1", u->address1);
	cp_put(o, "Address2", u->address2);
	cp_put(o, "City", u->city);
	cp_put(o, "State", u->region);
	cp_put(o, "ZipCode", u->postcode);
	json_obj_end(o);
}

enum err
cp_encode_customer(struct call *c, const struct customer *u)
{
	struct arena *a = c->ctx.arena;
	struct json_out o;

	cp_begin(c, &o);
	json_obj(&o, "CustomerInfo");
	json_str(&o, "CPCustomerID", u->number);
	cp_put(&o, "Category", u->category);
	put_names(&o, a, u);
	/* Nobody reads mail at an address that was made up. */
	if (!u->email_generated)
		cp_put(&o, "Email", u->email);
	switch (u->newsletter) {
	case ANSWER_NONE:
		break;
	case ANSWER_NO:
		json_str(&o, "NewsletterSubscribe", STR("no"));
		break;
	case ANSWER_YES:
		json_str(&o, "NewsletterSubscribe", STR("yes"));
		break;
	}
	put_address(&o, "BillAddress", a, u);
	put_address(&o, "ShipAddress", a, u);
	json_obj_end(&o);
	return cp_end(&o);
}

static void
put_line(struct json_out *o, struct arena *a, const struct account_line *l,
    const struct unit *unit, const char *amount)
{
	const struct cp_activity *as = cp_activity(l->kind);

	json_obj(o, NULL);
	cp_put(o, "Activity", str_of(unit->currency ? as->gift : as->points));
	json_str(o, "Date", cp_date(a, l->at_us));
	if (unit->currency)
		cp_put_money(o, amount, a, (struct money){ l->amount, unit });
	else
		json_i64(o, amount, l->amount);
	cp_put(o, "Location", str_of(as->location));
	cp_put(o, "Document", l->document);
	cp_put(o, "Reason", l->reason.n > 0 ? l->reason : str_of(as->reason));
	json_obj_end(o);
}

void
cp_put_history(struct json_out *o, struct arena *a, const struct account *of,
    const char *amount)
{
	json_arr(o, "History");
	for (size_t i = 0; i < of->n_lines; i++)
		put_line(o, a, &of->lines[i], of->unit, amount);
	json_arr_end(o);
}

enum err
cp_encode_loyalty(struct call *c, const struct account *of)
{
	struct json_out o;

	cp_begin(c, &o);
	json_obj(&o, "Loyalty");
	json_str(&o, "CustomerNumber", of->customer);
	cp_put(&o, "ProgramName", of->programme_name);
	cp_put(&o, "EarningDescription", of->earning_text);
	cp_put(&o, "RedemptionDescription", of->redemption_text);
	json_str(&o, "Status", str_eq(of->state, STR("active")) ?
	    STR("active") : STR("inactive"));
	json_i64(&o, "PointBalance", of->balance);
	json_i64(&o, "OpenAuthorizations", of->held);
	/* Points are earned when a sale is final: none are pending. */
	json_i64(&o, "PendingPointsEarned", 0);
	json_i64(&o, "AvailablePointBalance", of->balance - of->held);
	cp_put_history(&o, c->ctx.arena, of, "PointAmount");
	json_obj_end(&o);
	return cp_end(&o);
}

enum err
cp_encode_authorisation(struct call *c, enum cp_type type,
    const struct authorisation *x)
{
	struct arena *a = c->ctx.arena;
	struct json_out o;

	cp_begin(c, &o);
	json_str(&o, "RequestId", cp_request_id(a, c->ctx.request_id));
	json_str(&o, "Type", str_of(cp_type_name(type)));
	cp_put_money(&o, "AuthorizedAmount", a,
	    (struct money){ x->worth, c->ctx.who->currency });
	if (type == CP_LOYALTY)
		json_i64(&o, "AuthorizedPoints", x->amount);
	json_str(&o, "AuthCode", cp_auth_code(a, x->code));
	return cp_end(&o);
}

enum err
cp_encode_reserved(struct call *c, const struct card_batch_out *out)
{
	struct json_out o;

	cp_begin(c, &o);
	json_arr(&o, "GiftCards");
	for (size_t i = 0; i < out->n; i++)
		json_str(&o, NULL, out->codes[i]);
	json_arr_end(&o);
	return cp_end(&o);
}
