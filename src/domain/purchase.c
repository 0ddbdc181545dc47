#include "domain/purchase.h"

#include <string.h>

#include "domain/card_row.h"

static struct money
money(const struct db_rows *rows, int i, const char *minor, const char *unit)
{
	return (struct money){ db_i64(rows, i, minor),
	    unit_by_id((int)db_i64(rows, i, unit)) };
}

enum err
points_get(struct ctx *ctx, struct str code, struct points *ret)
{
	struct db_params p;
	struct db_rows rows;

	code = card_code_clean(ctx->arena, code);
	if (code.p == NULL)
		return ERR_CARD_NOT_FOUND;
	params_begin(&p, ctx);
	db_p_str(&p, code);
	TRY(ctx_call(ctx, DB_READ, "points_get", &p, &rows));
	ret->card = db_str(&rows, 0, "code");
	ret->state = db_str(&rows, 0, "state");
	ret->points = db_i64(&rows, 0, "points");
	ret->worth.minor = db_i64(&rows, 0, "worth");
	ret->worth.unit = db_bool(&rows, 0, "money") ?
	    unit_by_id((int)db_i64(&rows, 0, "unit")) : ctx->who->currency;
	return ERR_OK;
}

static void
purchase_row(const struct db_rows *rows, int i, struct purchase *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->id = db_i64(rows, i, "purchase_id");
	ret->card = db_str(rows, i, "code");
	ret->amount = money(rows, i, "amount", "currency");
	ret->discount = money(rows, i, "discount", "currency");
	ret->spent = db_i64(rows, i, "spent");
	ret->earned = db_i64(rows, i, "earned");
	ret->points_after = db_i64(rows, i, "points_after");
	ret->worth_after = money(rows, i, "worth_after", "worth_currency");
	ret->created_us = db_instant(rows, i, "created_at");
	ret->detail = db_str(rows, i, "detail");
	ret->repeated = !db_null(rows, i, "repeated") &&
	    db_bool(rows, i, "repeated");
}

static enum err
check(struct ctx *ctx, const struct purchase_in *in)
{
	if (in->amount == 0 && in->points == 0)
		return fail_add(&ctx->fail, ERR_INVALID, "amount", "required",
		    "A purchase has an amount or takes points.");
	if (in->points < 0 || in->discount < 0)
		return fail_add(&ctx->fail, ERR_INVALID,
		    in->points < 0 ? "points" : "discount", "out_of_range",
		    "Send 0 or more; the amount says which way it goes.");
	if (in->amount > MONEY_MINOR_MAX || in->amount < -MONEY_MINOR_MAX ||
	    in->points > MONEY_MINOR_MAX || in->discount > MONEY_MINOR_MAX)
		return ERR_AMOUNT_LIMIT;
	return ERR_OK;
}

enum err
purchase_post(struct ctx *ctx, const struct purchase_in *in,
    struct purchase *ret)
{
	struct str code = card_code_clean(ctx->arena, in->card);
	struct db_params p, replay;
	struct db_rows rows;
	enum err e;

	TRY(check(ctx, in));
	if (code.p == NULL)
		return ERR_CARD_NOT_FOUND;
	params_begin_keyed(&replay, ctx);
	p = replay;
	db_p_i64(&p, ctx->who->currency->id);
	db_p_i64(&p, ctx->who->currency->exponent);
	db_p_str(&p, code);
	db_p_i64(&p, in->amount);
	db_p_i64(&p, in->discount);
	db_p_i64(&p, in->points);
	db_p_str(&p, in->detail);
	db_p_bool(&p, in->check_discount);
	db_p_i64(&p, in->repeat_window_s);
	e = ctx_call_keyed(ctx, "purchase_post", &p, "purchase_replay",
	    &replay, &rows);
	if (e == ERR_INVALID)
		return fail_add(&ctx->fail, e, "discount", "invalid",
		    "The discount is not what the points are worth.");
	TRY(e);
	purchase_row(&rows, 0, ret);
	return ERR_OK;
}

enum err
purchase_list(struct ctx *ctx, struct str code, const struct page_in *page,
    struct purchase_list_out *ret)
{
	struct db_params p;
	struct db_rows rows;
	int64_t after;
	int n;

	TRY(cursor_parse(ctx, page->after, &after));
	code = card_code_clean(ctx->arena, code);
	if (code.p == NULL)
		return ERR_CARD_NOT_FOUND;
	params_begin(&p, ctx);
	db_p_str(&p, code);
	params_cursor(&p, after);
	db_p_i64(&p, page->limit + 1);
	TRY(ctx_call(ctx, DB_READ, "purchase_list", &p, &rows));
	ret->next = page_next(ctx->arena, &rows, &n, page->limit,
	    "purchase_id");
	ret->n = (size_t)n;
	ret->items = arena_array(ctx->arena, ret->n + 1, sizeof(*ret->items));
	for (int i = 0; i < n; i++)
		purchase_row(&rows, i, &ret->items[i]);
	return ERR_OK;
}
