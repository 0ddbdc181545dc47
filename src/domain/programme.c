#include <string.h>

#include "domain/admin.h"
#include "domain/call.h"
#include "domain/code.h"

#define AMOUNT_MAX_PRESET	INT64_C(1000000000)

static void
programme_row(const struct db_rows *rows, int i, struct programme *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->code = db_str(rows, i, "code");
	ret->name = db_str(rows, i, "name");
	ret->state = db_str(rows, i, "state");
	ret->kind = (enum programme_kind)db_i64(rows, i, "kind");
	ret->unit = unit_by_id((int)db_i64(rows, i, "unit"));
	ret->prefix = db_str(rows, i, "prefix");
	ret->alphabet = db_str(rows, i, "alphabet");
	ret->code_length = db_i64(rows, i, "code_length");
	ret->term_months = db_i64(rows, i, "term_months");
	ret->term_days = db_i64(rows, i, "term_days");
	ret->amount_max = db_i64(rows, i, "amount_max");
	ret->settings = db_str(rows, i, "settings");
	ret->number = db_i64(rows, i, "number");
	ret->earn_rate_bp = db_i64(rows, i, "earn_rate_bp");
	ret->no_leading_zero = db_bool(rows, i, "no_leading_zero");
	ret->offered = db_bool(rows, i, "offered");
	ret->created_us = db_instant(rows, i, "created_at");
}

static bool
all_in(struct str s, bool (*ok)(char))
{
	for (size_t i = 0; i < s.n; i++)
		if (!ok(s.p[i]))
			return false;
	return true;
}

static bool
code_symbol(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool
prefix_symbol(char c)
{
	return code_symbol(c) || c == '-' || c == '_';
}

static bool
distinct(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		for (size_t j = i + 1; j < s.n; j++)
			if (s.p[i] == s.p[j])
				return false;
	return true;
}

/* No prefix is an empty one; null would leave the one there is. */
static struct str
prefix_of(const struct programme_in *in)
{
	return in->prefix.p != NULL ? in->prefix : STR("");
}

/* What the table would refuse, said in words. */
static enum err
check(struct ctx *ctx, const struct programme_in *in)
{
	if (in->set_prefix && (in->prefix.n > 12 ||
	    !all_in(in->prefix, prefix_symbol)))
		return fail_add(&ctx->fail, ERR_INVALID, "prefix", "invalid",
		    "A prefix has at most 12 of A-Z, 0-9, '-' and '_'.");
	if (in->set_alphabet && (in->alphabet.n < 8 || in->alphabet.n > 36 ||
	    !all_in(in->alphabet, code_symbol) || !distinct(in->alphabet)))
		return fail_add(&ctx->fail, ERR_INVALID, "alphabet", "invalid",
		    "An alphabet has 8 to 36 different ones of A-Z and 0-9.");
	if (in->set_state && !str_eq(in->state, STR("active")) &&
	    !str_eq(in->state, STR("closed")))
		return fail_add(&ctx->fail, ERR_INVALID, "state", "invalid",
		    "Choose active or closed.");
	if (in->set_term_months && in->set_term_days &&
	    in->term_months > 0 && in->term_days > 0)
		return fail_add(&ctx->fail, ERR_INVALID, "term_days",
		    "invalid", "Give the term in months or in days.");
	if ((in->set_code_length && (in->code_length < 6 ||
	    in->code_length > 40)) || (in->set_term_months &&
	    (in->term_months < 0 || in->term_months > 1200)) ||
	    (in->set_term_days && (in->term_days < 0 ||
	    in->term_days > 32767)) || (in->set_amount_max &&
	    (in->amount_max < 1 || in->amount_max > MONEY_MINOR_MAX)))
		return fail_add(&ctx->fail, ERR_INVALID, "", "out_of_range",
		    "code_length is 6 to 40, term_months at most 1200, "
		    "term_days at most 32767, amount_max above zero.");
	if (in->set_settings && in->settings.p != NULL)
		return setting_check(ctx, "programme", in->settings);
	return ERR_OK;
}

enum err
programme_create(struct ctx *ctx, const struct programme_in *in,
    struct programme *ret)
{
	const struct unit *unit = unit_by_name(in->unit);
	enum programme_kind kind;
	struct db_params p;
	struct db_rows rows;

	TRY(check(ctx, in));
	if (unit == NULL)
		return fail_add(&ctx->fail, ERR_INVALID, "unit", "invalid",
		    "Give an ISO 4217 currency, or points, stamps, rewards, "
		    "visits, credits.");
	if (!kind_from_name(in->kind, &kind))
		return fail_add(&ctx->fail, ERR_INVALID, "kind", "invalid",
		    "Choose stamp, cashback, multipass, coupon, discount, "
		    "gift, membership or reward.");
	params_begin(&p, ctx);
	db_p_str(&p, in->code);
	db_p_str(&p, in->name);
	db_p_i64(&p, kind);
	db_p_i64(&p, unit->id);
	db_p_str(&p, prefix_of(in));
	db_p_str(&p, in->set_alphabet ? in->alphabet : STR(CODE_ALPHABET));
	/* 80 bits where nothing fixes the length. */
	db_p_i64(&p, in->set_code_length ? in->code_length : 16);
	db_p_i64(&p, in->term_months);
	db_p_i64(&p, in->term_days);
	db_p_i64(&p, in->set_amount_max ? in->amount_max : AMOUNT_MAX_PRESET);
	db_p_str(&p, in->set_settings ? in->settings : STR_NONE);
	TRY(ctx_call(ctx, DB_WRITE, "programme_create", &p, &rows));
	programme_row(&rows, 0, ret);
	return ERR_OK;
}

/* By its code or its number; neither: the credential's own. */
static enum err
find(struct ctx *ctx, struct str code, int64_t number, struct programme *ret)
{
	struct db_params p;
	struct db_rows rows;

	params_begin(&p, ctx);
	db_p_str(&p, code);
	params_cursor(&p, number);
	TRY(ctx_call(ctx, DB_READ, "programme_get", &p, &rows));
	programme_row(&rows, 0, ret);
	return ERR_OK;
}

enum err
programme_get(struct ctx *ctx, struct str code, struct programme *ret)
{
	return find(ctx, code, 0, ret);
}

enum err
programme_get_number(struct ctx *ctx, int64_t number, struct programme *ret)
{
	return find(ctx, STR_NONE, number, ret);
}

static void
params_i64_if(struct db_params *p, bool set, int64_t v)
{
	if (set)
		db_p_i64(p, v);
	else
		db_p_null(p);
}

enum err
programme_update(struct ctx *ctx, struct str code,
    const struct programme_in *in, struct programme *ret)
{
	struct db_params p;
	struct db_rows rows;

	TRY(check(ctx, in));
	params_begin(&p, ctx);
	db_p_str(&p, code);
	db_p_str(&p, in->set_name ? in->name : STR_NONE);
	db_p_str(&p, in->set_state ? in->state : STR_NONE);
	db_p_str(&p, in->set_prefix ? prefix_of(in) : STR_NONE);
	db_p_str(&p, in->set_alphabet ? in->alphabet : STR_NONE);
	params_i64_if(&p, in->set_code_length, in->code_length);
	params_i64_if(&p, in->set_term_months, in->term_months);
	params_i64_if(&p, in->set_term_days, in->term_days);
	params_i64_if(&p, in->set_amount_max, in->amount_max);
	db_p_str(&p, in->set_settings ? in->settings : STR_NONE);
	TRY(ctx_call(ctx, DB_KEYED, "programme_update", &p, &rows));
	programme_row(&rows, 0, ret);
	return ERR_OK;
}

enum err
programme_list(struct ctx *ctx, const struct page_in *page,
    struct programme_list_out *ret)
{
	struct db_params p;
	struct db_rows rows;
	int n;

	params_begin(&p, ctx);
	db_p_str(&p, page->after);
	db_p_i64(&p, page->limit + 1);
	TRY(cursor_known(ctx, ctx_call(ctx, DB_READ, "programme_list", &p,
	    &rows)));
	ret->next = page_next(ctx->arena, &rows, &n, page->limit, "code");
	ret->n = (size_t)n;
	ret->items = arena_array(ctx->arena, ret->n + 1, sizeof(*ret->items));
	for (int i = 0; i < n; i++)
		programme_row(&rows, i, &ret->items[i]);
	return ERR_OK;
}
