/*
 * Programmes: the rules behind cards. Code, kind and unit are for good; the
 * cards already issued depend on them.
 */
#include "dialect/native/native.h"

#define TERM_MONTHS_MAX	1200
#define TERM_DAYS_MAX	32767
#define CODE_LENGTH_MIN	6
#define CODE_LENGTH_MAX	40

struct programme_body {
	struct programme_in	in;
	struct str		currency;
};

#define PROGRAMME_RULES							\
	F_PATCH_STR(struct programme_body, in.prefix, in.set_prefix,	\
	    "prefix", NULLABLE, 1, 12),					\
	F_PATCH_STR(struct programme_body, in.alphabet, in.set_alphabet,\
	    "alphabet", 0, 8, 36),					\
	F_PATCH_I64(struct programme_body, in.code_length,		\
	    in.set_code_length, "code_length", 0, CODE_LENGTH_MIN,		\
	    CODE_LENGTH_MAX),						\
	F_PATCH_I64(struct programme_body, in.term_months,		\
	    in.set_term_months, "term_months", NULLABLE, 1,		\
	    TERM_MONTHS_MAX),						\
	F_PATCH_I64(struct programme_body, in.term_days,		\
	    in.set_term_days, "term_days", NULLABLE, 1, TERM_DAYS_MAX),	\
	F_PATCH_I64(struct programme_body, in.amount_max,		\
	    in.set_amount_max, "amount_max", 0, 1,				\
	    MONEY_MINOR_MAX),						\
	F_PATCH_JSON(struct programme_body, in.settings,		\
	    in.set_settings, "settings", 0)

static const struct field create_fields[] = {
	F_STR(struct programme_body, in.code, "code", REQUIRED, 1, 64),
	F_PATCH_STR(struct programme_body, in.name, in.set_name, "name",
	    REQUIRED, 1, 200),
	F_STR(struct programme_body, in.kind, "kind", 0, 1, 16),
	F_STR(struct programme_body, currency, "currency", 0, 3, 3),
	F_STR(struct programme_body, in.unit, "unit", 0, 1, 16),
	PROGRAMME_RULES,
};

static const struct field change_fields[] = {
	F_PATCH_STR(struct programme_body, in.name, in.set_name, "name", 0,
	    1, 200),
	F_PATCH_STR(struct programme_body, in.state, in.set_state, "state",
	    0, 1, 16),
	PROGRAMME_RULES,
};

static const char *const states[] = { "active", "closed" };

static void
put_programme(struct call *c, struct json_out *o, const struct programme *p)
{
	json_obj(o, NULL);
	json_str(o, "code", p->code);
	json_i64(o, "number", p->number);
	json_str(o, "name", p->name);
	json_str(o, "kind", str_of(kind_name(p->kind)));
	json_str(o, "state", p->state);
	v1_put_unit(o, p->unit);
	if (p->prefix.n > 0)
		json_str(o, "prefix", p->prefix);
	json_str(o, "alphabet", p->alphabet);
	json_i64(o, "code_length", p->code_length);
	if (p->term_months != 0)
		json_i64(o, "term_months", p->term_months);
	if (p->term_days != 0)
		json_i64(o, "term_days", p->term_days);
	if (p->amount_max != 0)
		json_i64(o, "amount_max", p->amount_max);
	json_raw(o, "settings", p->settings);
	v1_put_instant(c, o, "created_at", p->created_us);
	json_obj_end(o);
}

static enum err
programme_answer(struct call *c, int status, const struct programme *p)
{
	struct json_out o = v1_reply(c, status);

	put_programme(c, &o, p);
	return v1_reply_end(c);
}

enum err
v1_programmes_list(struct call *c)
{
	struct page_in page;
	struct programme_list_out out;
	struct json_out o;
	size_t i;

	TRY(v1_query_list(c, &page, NULL, 0));
	TRY(programme_list(&c->ctx, &page, &out));
	o = v1_list(c);
	for (i = 0; i < out.n; i++)
		put_programme(c, &o, &out.items[i]);
	return v1_list_end(c, &o, out.next);
}

/* Currency or unit, as in money; neither is the tenant's currency. */
static enum err
decode_unit(struct call *c, struct programme_body *b)
{
	bool currency = b->currency.p != NULL;
	const struct unit *u;

	if (currency && b->in.unit.p != NULL)
		return fail_add(&c->ctx.fail, ERR_INVALID, "unit", "invalid",
		    "Send currency or unit, not both.");
	if (currency)
		b->in.unit = b->currency;
	if (b->in.unit.p == NULL) {
		b->in.unit = str_of(c->ctx.who->currency->name);
		return ERR_OK;
	}
	u = unit_by_name(b->in.unit);
	if (u != NULL && u->currency == currency)
		return ERR_OK;
	if (currency)
		return fail_add(&c->ctx.fail, ERR_INVALID, "currency",
		    "invalid", "Use a currency code of ISO 4217, like EUR.");
	return fail_add(&c->ctx.fail, ERR_INVALID, "unit", "invalid",
	    "Use one of: points, stamps, rewards, visits, credits.");
}

enum err
v1_programmes_create(struct call *c)
{
	struct programme_body b = { .in = { .kind = STR("gift") } };
	enum programme_kind kind;
	struct programme p;

	TRY(v1_body(c, create_fields, COUNT(create_fields), &b));
	TRY(decode_unit(c, &b));
	if (!kind_from_name(b.in.kind, &kind))
		return fail_add(&c->ctx.fail, ERR_INVALID, "kind", "invalid",
		    "Use one of: stamp, cashback, multipass, coupon, "
		    "discount, gift, membership, reward.");
	TRY(v1_settings(c, b.in.settings));
	TRY(programme_create(&c->ctx, &b.in, &p));
	v1_location(c, "/v1/programmes/", p.code);
	return programme_answer(c, 201, &p);
}

enum err
v1_programmes_get(struct call *c)
{
	struct str code;
	struct programme p;

	TRY(v1_query_none(c));
	TRY(v1_arg(c, ERR_PROGRAMME_NOT_FOUND, &code));
	TRY(programme_get(&c->ctx, code, &p));
	return programme_answer(c, 200, &p);
}

enum err
v1_programmes_change(struct call *c)
{
	struct programme_body b = {0};
	struct str code;
	struct programme p;

	TRY(v1_body(c, change_fields, COUNT(change_fields), &b));
	TRY(v1_one_of(c, "state", b.in.state, states, COUNT(states)));
	TRY(v1_settings(c, b.in.settings));
	TRY(v1_arg(c, ERR_PROGRAMME_NOT_FOUND, &code));
	TRY(programme_update(&c->ctx, code, &b.in, &p));
	return programme_answer(c, 200, &p);
}
