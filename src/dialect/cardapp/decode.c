/*
 * Parameters -> what is asked for. What is required has been looked for before
 * (cardapp_decode_action), so formats alone are judged here.
 */
#include "base/arena.h"
#include "dialect/cardapp/cardapp.h"

#define DECIMALS_MAX	2
#define AMOUNT_MAX	10000000		/* lei; section 12 */
#define POINTS_MAX	INT64_C(1000000000000)
#define DETAIL_MAX	500		/* code points kept; section 12 */
#define NAME_MAX	100
#define EMAIL_MAX	254
#define REFERRER_MAX	200

static enum err
refuse(struct ctx *ctx, const char *name, const char *code)
{
	return fail_add(&ctx->fail, ERR_INVALID, name, code, "");
}

static enum err
invalid(struct ctx *ctx, const char *name)
{
	return refuse(ctx, name, "invalid");
}

enum err
cardapp_decode_action(struct ctx *ctx, const struct cardapp_request *r)
{
	if (cardapp_param(&r->form, "action").n == 0)
		return refuse(ctx, "action", "required");
	if (r->action == NULL)
		return refuse(ctx, "action", "unknown");
	if ((ctx->who->scopes & r->action->scope) == 0)
		return ERR_FORBIDDEN;
	for (const char *const *p = r->action->required; *p != NULL; p++)
		if (cardapp_param(&r->form, *p).n == 0)
			return refuse(ctx, *p, "required");
	return ERR_OK;
}

/* ---- money and points ---- */

/*
 * "-500", "49.95" or "49,95", in minor units. A currency without decimals takes
 * none, one with three takes two. Section 12.
 */
static enum err
decode_amount(struct ctx *ctx, const struct form *f, const char *name,
    int64_t *ret)
{
	struct str s = cardapp_param(f, name);
	bool negative = s.n > 0 && s.p[0] == '-';
	int exponent = ctx->who->currency->exponent;
	int given = exponent < DECIMALS_MAX ? exponent : DECIMALS_MAX;
	int64_t max = AMOUNT_MAX, minor;
	char *text;
	size_t at;

	s = str_sub(s, negative, s.n);
	if (str_find(s, ',', &at)) {
		/* With a point besides, money_parse() sees two of them. */
		text = arena_alloc(ctx->arena, s.n);
		for (size_t i = 0; i < s.n; i++)
			text[i] = i == at ? '.' : s.p[i];
		s.p = text;
	}
	if (money_parse(s, given, &minor) != ERR_OK)
		return invalid(ctx, name);
	for (int i = 0; i < exponent; i++)
		if (!money_mul(max, 10, &max) ||
		    (i >= given && !money_mul(minor, 10, &minor)))
			return invalid(ctx, name);
	if (minor > max)
		return invalid(ctx, name);
	*ret = negative ? -minor : minor;
	return ERR_OK;
}

/* A whole number above 0; "37.0" and "37.00" are whole too. Section 13. */
static enum err
decode_points(struct ctx *ctx, const char *name, struct str s, int64_t *ret)
{
	size_t at;

	if (str_find(s, '.', &at)) {
		struct str rest = str_sub(s, at + 1, s.n);

		if (!str_eq(rest, STR("0")) && !str_eq(rest, STR("00")))
			return invalid(ctx, name);
		s = str_sub(s, 0, at);
	}
	if (!str_to_i64(s, 1, POINTS_MAX, ret))
		return invalid(ctx, name);
	return ERR_OK;
}

static void
decode_detail(const struct form *f, const char *name, struct cardapp_sale *s)
{
	s->detail = cardapp_param(f, name);
	s->in.detail = str_utf8_head(s->detail, DETAIL_MAX);
}

enum err
cardapp_decode_add(struct ctx *ctx, const struct form *f,
    struct cardapp_sale *ret)
{
	struct cardapp_sale s = {0};

	s.in.card = cardapp_param(f, "nr_card");
	TRY(decode_amount(ctx, f, "suma", &s.in.amount));
	if (s.in.amount == 0)
		return invalid(ctx, "suma");
	s.suma = cardapp_param(f, "suma");
	decode_detail(f, "detalii_incasare", &s);
	*ret = s;
	return ERR_OK;
}

enum err
cardapp_decode_spend(struct ctx *ctx, const struct form *f,
    struct cardapp_sale *ret)
{
	struct cardapp_sale s = {0};

	s.in.card = cardapp_param(f, "nr_card");
	TRY(decode_points(ctx, "nr_puncte", cardapp_param(f, "nr_puncte"),
	    &s.in.points));
	TRY(decode_amount(ctx, f, "valoare_reducere", &s.in.discount));
	if (s.in.discount < 0)
		return invalid(ctx, "valoare_reducere");
	TRY(decode_amount(ctx, f, "suma", &s.in.amount));
	if (s.in.amount < 0)
		return invalid(ctx, "suma");
	s.suma = cardapp_param(f, "suma");
	decode_detail(f, "detalii_incasare", &s);
	*ret = s;
	return ERR_OK;
}

/* Its own parameter names, and an amount that must be negative. Section 14. */
enum err
cardapp_decode_refund(struct ctx *ctx, const struct form *f,
    struct cardapp_sale *ret)
{
	struct str points = cardapp_param(f, "points_amount");
	struct cardapp_sale s = {0};

	s.in.card = cardapp_param(f, "nr_card");
	/* '+' in a query string is a blank already. */
	if (points.n > 0 && points.p[0] == '+')
		points = str_sub(points, 1, points.n);
	TRY(decode_points(ctx, "points_amount", points, &s.in.points));
	TRY(decode_amount(ctx, f, "refund_amount", &s.in.amount));
	if (s.in.amount >= 0)
		return invalid(ctx, "refund_amount");
	s.suma = str_sub(cardapp_param(f, "refund_amount"), 1, SIZE_MAX);
	decode_detail(f, "details_refund", &s);
	*ret = s;
	return ERR_OK;
}

/* ---- people ---- */

/* A text that is kept; false leaves *ret alone: there is none. */
static enum err
decode_text(struct ctx *ctx, const struct form *f, const char *name,
    bool *ret_set, struct str *ret)
{
	struct str s = cardapp_param(f, name);

	if (s.n == 0)
		return ERR_OK;
	if (str_utf8_len(s) > NAME_MAX)
		return invalid(ctx, name);
	*ret_set = true;
	*ret = s;
	return ERR_OK;
}

/* "0" is nobody's phone: an empty text. Section 6. */
static enum err
decode_phone(struct ctx *ctx, const struct form *f, const char *name,
    bool *ret_set, struct str *ret)
{
	struct str s = cardapp_param(f, name), cleaned = STR("");

	if (s.n == 0)
		return ERR_OK;
	if (!str_eq(s, STR("0")) && !phone_clean(ctx->arena, s, &cleaned))
		return invalid(ctx, name);
	*ret_set = true;
	*ret = cleaned;
	return ERR_OK;
}

/* "0000-00-00" is what MySQL calls no date. Section 6. */
static enum err
decode_date(struct ctx *ctx, const struct form *f, const char *name,
    bool *ret_set, struct date *ret)
{
	struct str s = cardapp_param(f, name);

	if (s.n == 0 || str_eq(s, STR("0000-00-00")))
		return ERR_OK;
	if (!date_parse_iso(s, ret))
		return invalid(ctx, name);
	*ret_set = true;
	return ERR_OK;
}

/*
 * One '@' with something on both sides and no blanks. It will stand on the
 * command line of whoever sends the mail, so it is no option either.
 */
static bool
email_ok(struct str s)
{
	size_t at, again;

	if (s.p[0] == '-' || str_utf8_len(s) > EMAIL_MAX ||
	    !str_find(s, '@', &at) || at == 0 || at + 1 == s.n ||
	    str_find(str_sub(s, at + 1, s.n), '@', &again))
		return false;
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] <= ' ' || s.p[i] == 0x7f)
			return false;
	return true;
}

static enum err
decode_email(struct ctx *ctx, const struct form *f, struct customer_in *in)
{
	struct str s = cardapp_param(f, "email");

	if (s.n == 0)
		return ERR_OK;
	if (!email_ok(s))
		return invalid(ctx, "email");
	in->set_email = true;
	in->email = s;
	return ERR_OK;
}

static enum err
decode_send(struct ctx *ctx, const struct form *f, const char **ret)
{
	static const struct { const char *word, *send; } words[] = {
		{ "", NULL }, { "NONE", NULL }, { "FARA", NULL },
		{ "SMS", "sms" }, { "EMAIL", "email" },
	};
	struct str s = cardapp_param(f, "send_card");

	for (size_t i = 0; i < COUNT(words); i++)
		if (str_eq_nocase(s, str_of(words[i].word))) {
			*ret = words[i].send;
			return ERR_OK;
		}
	return invalid(ctx, "send_card");
}

/* A number of ours, 0 when absent; anything else is an id that nobody has. */
static bool
decode_number(const struct form *f, const char *name, int64_t *ret)
{
	struct str s = cardapp_param(f, name);

	return s.n == 0 || str_to_i64(s, 1, INT32_MAX, ret);
}

enum err
cardapp_decode_enrol(struct ctx *ctx, const struct form *f,
    struct enrol_in *ret)
{
	struct enrol_in in = {0};
	struct customer_in *p = &in.person;

	TRY(decode_phone(ctx, f, "telefon", &p->set_phone, &p->phone));
	if (p->phone.n == 0) {
		p->set_phone = false;
		p->phone = STR_NONE;
	}
	TRY(decode_email(ctx, f, p));
	TRY(decode_text(ctx, f, "nume", &p->set_last_name, &p->last_name));
	TRY(decode_text(ctx, f, "prenume", &p->set_first_name,
	    &p->first_name));
	TRY(decode_date(ctx, f, "data_nastere", &p->set_born_on,
	    &p->born_on));
	TRY(decode_text(ctx, f, "localitate", &p->set_city, &p->city));
	TRY(decode_send(ctx, f, &in.send));
	p->referrer = str_utf8_head(cardapp_param(f, "referrer"),
	    REFERRER_MAX);
	p->set_referrer = p->referrer.n > 0;
	if (!p->set_referrer)
		p->referrer = STR_NONE;
	if (!decode_number(f, "card_type_id", &in.programme))
		return ERR_PROGRAMME_NOT_FOUND;
	if (!decode_number(f, "store_id", &in.store))
		return ERR_STORE_NOT_FOUND;
	in.programme_code = ctx->who->programme;
	*ret = in;
	return ERR_OK;
}

static enum err
decode_newsletter(struct ctx *ctx, const struct form *f,
    struct cardapp_change *s)
{
	struct str v = cardapp_param(f, "newsletter");

	if (v.n == 0)
		return ERR_OK;
	s->person.newsletter = str_eq_nocase(v, STR("DA"));
	if (!s->person.newsletter && !str_eq_nocase(v, STR("NU")))
		return invalid(ctx, "newsletter");
	s->person.set_newsletter = true;
	s->newsletter = s->person.newsletter ? STR("DA") : STR("NU");
	return ERR_OK;
}

/*
 * An empty value leaves what is stored. The names are the wrong way round for
 * an English eye; a tenant may turn them. Section 7.
 */
enum err
cardapp_decode_change(struct ctx *ctx, const struct form *f,
    struct cardapp_change *ret)
{
	struct cardapp_change s = {0};
	struct customer_in *p = &s.person;
	bool swapped = setting_bool(ctx->who, "cardapp_names_swapped");
	const char *family = swapped ? "last_name" : "first_name";
	const char *given = swapped ? "first_name" : "last_name";

	s.card = cardapp_param(f, "nr_card");
	TRY(decode_text(ctx, f, family, &p->set_last_name, &p->last_name));
	TRY(decode_text(ctx, f, given, &p->set_first_name, &p->first_name));
	s.first_name = swapped ? p->first_name : p->last_name;
	s.last_name = swapped ? p->last_name : p->first_name;
	TRY(decode_phone(ctx, f, "phone", &p->set_phone, &p->phone));
	if (p->set_phone)
		s.phone = p->phone.n > 0 ? p->phone : STR("0");
	TRY(decode_text(ctx, f, "city", &p->set_city, &p->city));
	s.city = p->city;
	TRY(decode_date(ctx, f, "data_nasterii", &p->set_born_on,
	    &p->born_on));
	if (p->set_born_on)
		s.born_on = date_iso(ctx->arena, p->born_on);
	TRY(decode_newsletter(ctx, f, &s));
	*ret = s;
	return ERR_OK;
}
