#include "domain/account.h"

#include <sodium.h>
#include <string.h>

#include "domain/card_row.h"
#include "domain/customer_row.h"

static enum err
params_account(struct db_params *p, struct ctx *ctx,
    const struct account_ref *ref)
{
	struct str code = STR_NONE;

	if (ref->code.p != NULL) {
		code = card_code_clean(ctx->arena, ref->code);
		if (code.p == NULL)
			return ERR_CARD_NOT_FOUND;
	}
	db_p_str(p, str_trim(ref->number));
	db_p_str(p, code);
	return ERR_OK;
}

static void
line_row(const struct db_rows *rows, int i, struct account_line *ret)
{
	ret->kind = db_str(rows, i, "line");
	ret->at_us = db_instant(rows, i, "at");
	ret->amount = db_i64(rows, i, "amount");
	ret->document = db_str(rows, i, "document");
	ret->reason = db_str(rows, i, "reason");
}

static void
account_row(const struct db_rows *rows, struct account *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->customer = db_str(rows, 0, "customer");
	ret->code = db_str(rows, 0, "code");
	ret->programme = db_str(rows, 0, "programme");
	ret->programme_name = db_str(rows, 0, "programme_name");
	ret->state = db_str(rows, 0, "state");
	ret->reference = db_str(rows, 0, "reference");
	ret->earning_text = db_str(rows, 0, "earning_text");
	ret->redemption_text = db_str(rows, 0, "redemption_text");
	ret->unit = unit_by_id((int)db_i64(rows, 0, "unit"));
	ret->balance = db_i64(rows, 0, "balance");
	ret->held = db_i64(rows, 0, "held");
	ret->opened = db_i64(rows, 0, "opened");
	ret->earn_rate_bp = db_i64(rows, 0, "rate");
	ret->per = db_i64(rows, 0, "per");
	ret->value = db_i64(rows, 0, "value");
	if (!db_null(rows, 0, "expires_on"))
		ret->expires_on = db_date(rows, 0, "expires_on");
	ret->created_us = db_instant(rows, 0, "created_at");
}

enum err
account_get(struct ctx *ctx, const struct account_ref *ref, int64_t from_us,
    int64_t to_us, struct account *ret)
{
	struct db_params p;
	struct db_rows rows;

	params_begin(&p, ctx);
	TRY(params_account(&p, ctx, ref));
	db_p_str(&p, instant_rfc3339(ctx->arena, from_us));
	db_p_str(&p, instant_rfc3339(ctx->arena, to_us));
	db_p_i64(&p, ACCOUNT_LINES_MAX);
	TRY(ctx_call(ctx, DB_READ, "account_get", &p, &rows));
	account_row(&rows, ret);
	ret->lines = arena_array(ctx->arena, (size_t)rows.n,
	    sizeof(*ret->lines));
	for (int i = 0; i < rows.n; i++)
		if (!db_null(&rows, i, "line"))
			line_row(&rows, i, &ret->lines[ret->n_lines++]);
	return ERR_OK;
}

enum err
authorise(struct ctx *ctx, const struct authorise_in *in,
    struct authorisation *ret)
{
	struct db_params p, replay;
	struct db_rows rows;
	uint8_t code[16];

	if (in->points > MONEY_MINOR_MAX || in->amount > MONEY_MINOR_MAX)
		return ERR_AMOUNT_LIMIT;
	randombytes_buf(code, sizeof(code));
	params_begin_keyed(&replay, ctx);
	p = replay;
	TRY(params_account(&p, ctx, &in->account));
	db_p_str(&p, in->sale);
	db_p_i64(&p, in->points);
	db_p_i64(&p, in->amount);
	db_p_uuid(&p, code);
	params_cursor(&p, in->lapse_s);
	TRY(ctx_call_keyed(ctx, "authorise", &p, "authorise_replay", &replay,
	    &rows));
	db_uuid(&rows, 0, "code", ret->code);
	ret->amount = db_i64(&rows, 0, "amount");
	ret->worth = db_i64(&rows, 0, "worth");
	ret->repeated = !db_null(&rows, 0, "repeated") &&
	    db_bool(&rows, 0, "repeated");
	return ERR_OK;
}

enum err
settle(struct ctx *ctx, struct str ref, const uint8_t code[16], bool confirm)
{
	struct db_params p;
	struct db_rows rows;

	params_begin(&p, ctx);
	db_p_str(&p, str_trim(ref));
	db_p_uuid(&p, code);
	db_p_bool(&p, confirm);
	/* Doing it twice is the same as once: repeatable. */
	return ctx_call(ctx, DB_KEYED, "settle", &p, &rows);
}

enum err
loyalty_earn(struct ctx *ctx, const struct earn_in *in)
{
	struct db_params p, replay;
	struct db_rows rows;

	if (in->points <= 0 || in->points > MONEY_MINOR_MAX)
		return fail_add(&ctx->fail, ERR_INVALID, "points",
		    "out_of_range", "Points must be above zero.");
	params_begin_keyed(&replay, ctx);
	p = replay;
	db_p_str(&p, str_trim(in->number));
	db_p_i64(&p, in->points);
	db_p_str(&p, in->reason);
	db_p_str(&p, in->reference);
	db_p_bool(&p, in->once);
	TRY(ctx_call_keyed(ctx, "loyalty_earn", &p, "post_replay", &replay,
	    &rows));
	return rows.n == 1 ? db_status(&rows, 0, "outcome") : ERR_INTERNAL;
}

enum err
customer_find(struct ctx *ctx, struct str number, struct str email,
    struct customer *ret)
{
	struct db_params p;
	struct db_rows rows;

	params_begin(&p, ctx);
	db_p_str(&p, str_trim(number));
	db_p_str(&p, str_trim(email));
	TRY(ctx_call(ctx, DB_READ, "customer_find", &p, &rows));
	customer_row(&rows, 0, ret);
	return ERR_OK;
}
