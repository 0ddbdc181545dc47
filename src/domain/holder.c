#include "domain/holder.h"

#include <string.h>

#include "domain/card_row.h"
#include "domain/code.h"
#include "domain/customer_row.h"

/* As for an issue: three tries at a free code suffice. */
#define CANDIDATES	3

#define PHONE_MIN	6	/* digits */
#define PHONE_MAX	15
#define MOBILE_DIGITS	10	/* 07xxxxxxxx */

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* What people put between digits. */
static bool
is_filler(char c)
{
	return c == ' ' || c == '-' || c == '.' || c == '(' || c == ')';
}

/* A Romanian number with its country's prefix: the nine digits after it. */
static bool
domestic(struct str s, struct str *ret)
{
	static const char *const prefixes[] = { "+40", "0040", "40" };

	for (size_t i = 0; i < COUNT(prefixes); i++) {
		struct str prefix = str_of(prefixes[i]);

		if (s.n == prefix.n + MOBILE_DIGITS - 1 &&
		    str_eq(str_sub(s, 0, prefix.n), prefix)) {
			*ret = str_sub(s, prefix.n, s.n);
			return true;
		}
	}
	return false;
}

bool
phone_clean(struct arena *arena, struct str s, struct str *ret)
{
	char *p = arena_alloc(arena, s.n + 1);
	struct str out = { p, 0 }, digits, nine;

	for (size_t i = 0; i < s.n; i++) {
		if (is_filler(s.p[i]))
			continue;
		if (!is_digit(s.p[i]) && !(s.p[i] == '+' && out.n == 0))
			return false;
		p[out.n++] = s.p[i];
	}
	digits = out;
	if (out.n > 0 && out.p[0] == '+')
		digits = str_sub(out, 1, out.n);
	else if (str_eq(str_sub(out, 0, 2), STR("00")))
		digits = str_sub(out, 2, out.n);
	if (digits.n < PHONE_MIN || digits.n > PHONE_MAX)
		return false;
	/* "00" belongs to international numbers alone. */
	if (domestic(out, &nine))
		out = str_printf(arena, "0%.*s", STR_ARG(nine));
	*ret = out;
	return true;
}

bool
phone_takes_sms(struct str s)
{
	return s.n == MOBILE_DIGITS && s.p[0] == '0' && s.p[1] == '7';
}

/* The channel, when it can reach this person. */
static struct str
channel(const struct enrol_in *in)
{
	struct str send = str_of(in->send);

	if (str_eq(send, STR("sms")) && !phone_takes_sms(in->person.phone))
		return STR_NONE;
	if (str_eq(send, STR("email")) && in->person.email.n == 0)
		return STR_NONE;
	return send;
}

static enum err
programme_of(struct ctx *ctx, const struct enrol_in *in,
    struct programme *ret)
{
	if (in->programme != 0)
		return programme_get_number(ctx, in->programme, ret);
	return programme_get(ctx, in->programme_code, ret);
}

static void
enrolled_row(const struct db_rows *rows, struct enrolled *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->card = db_str(rows, 0, "code");
	ret->customer = db_str(rows, 0, "customer");
	ret->phone = db_str(rows, 0, "phone");
	ret->email = db_str(rows, 0, "email");
	if (!db_null(rows, 0, "queued"))
		ret->queued = db_bool(rows, 0, "queued");
}

enum err
holder_enrol(struct ctx *ctx, const struct enrol_in *in,
    struct enrolled *ret)
{
	struct str codes[CANDIDATES];
	struct db_params p, replay;
	struct db_rows rows;
	struct programme g;
	enum err e;

	TRY(programme_of(ctx, in, &g));
	for (size_t i = 0; i < CANDIDATES; i++)
		codes[i] = code_make(ctx->arena, &g);
	params_begin_keyed(&replay, ctx);
	p = replay;
	db_p_strs(&p, codes, CANDIDATES);
	db_p_str(&p, g.code);
	if (in->store != 0)
		db_p_i64(&p, in->store);
	else
		db_p_null(&p);
	db_p_str(&p, channel(in));
	db_p_str(&p, setting_str(ctx->who, "no_mail_domain"));
	params_person(&p, &in->person);
	e = ctx_call_keyed(ctx, "holder_enrol", &p, "holder_enrol_replay",
	    &replay, &rows);
	if (e == ERR_OK || e == ERR_PHONE_TAKEN)
		enrolled_row(&rows, ret);
	return e;
}

enum err
holder_update(struct ctx *ctx, struct str code, const struct customer_in *in,
    struct customer *ret)
{
	struct db_params p;
	struct db_rows rows;

	code = card_code_clean(ctx->arena, code);
	if (code.p == NULL)
		return ERR_CARD_NOT_FOUND;
	params_begin(&p, ctx);
	db_p_str(&p, code);
	params_person(&p, in);
	/* Setting a value twice is the same as once: repeatable. */
	TRY(ctx_call(ctx, DB_KEYED, "holder_update", &p, &rows));
	customer_row(&rows, 0, ret);
	return ERR_OK;
}
