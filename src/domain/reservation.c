#include "domain/account.h"
#include "domain/card_row.h"
#include "domain/code.h"

/* As for an issue. */
#define CANDIDATES	3
#define SPARES		64

enum err
card_reserve(struct ctx *ctx, const struct reserve_in *in,
    struct card_batch_out *ret)
{
	size_t n_codes = (size_t)in->n + SPARES;
	struct db_params p, replay;
	struct db_rows rows;
	struct programme g;
	struct str *codes;

	TRY(programme_get(ctx, in->programme, &g));
	codes = arena_array(ctx->arena, n_codes, sizeof(*codes));
	for (size_t i = 0; i < n_codes; i++)
		codes[i] = code_make(ctx->arena, &g);
	params_begin_keyed(&replay, ctx);
	p = replay;
	db_p_strs(&p, codes, n_codes);
	db_p_i64(&p, in->n);
	db_p_str(&p, g.code);
	params_cursor(&p, in->lapse_s);
	db_p_str(&p, in->agency);
	db_p_str(&p, in->batch);
	TRY(ctx_call_keyed(ctx, "card_reserve", &p, "card_batch_replay",
	    &replay, &rows));
	ret->n = (size_t)rows.n;
	ret->codes = arena_array(ctx->arena, ret->n, sizeof(*ret->codes));
	for (int i = 0; i < rows.n; i++)
		ret->codes[i] = db_str(&rows, i, "code");
	return ERR_OK;
}

static void
reservation_row(const struct db_rows *rows, int i, struct reservation *ret)
{
	*ret = (struct reservation){
		.code = db_str(rows, i, "code"),
		.programme = db_str(rows, i, "programme"),
		.agency = db_str(rows, i, "agency"),
		.batch = db_str(rows, i, "batch"),
		.created_us = db_instant(rows, i, "created_at"),
		.lapsed = db_bool(rows, i, "lapsed"),
	};
	if (!db_null(rows, i, "expires_at"))
		ret->expires_us = db_instant(rows, i, "expires_at");
}

enum err
reservation_list(struct ctx *ctx, const struct reservation_list_in *in,
    struct reservation_list_out *ret)
{
	int64_t after, limit = in->page.limit;
	struct db_params p;
	struct db_rows rows;
	int n;

	TRY(cursor_parse(ctx, in->page.after, &after));
	params_begin(&p, ctx);
	db_p_str(&p, in->agency);
	db_p_str(&p, in->batch);
	params_cursor(&p, after);
	db_p_i64(&p, limit + 1);
	TRY(ctx_call(ctx, DB_READ, "reservation_list", &p, &rows));
	ret->next = page_next(ctx->arena, &rows, &n, limit, "card_id");
	ret->n = (size_t)n;
	ret->items = arena_array(ctx->arena, ret->n + 1, sizeof(*ret->items));
	for (int i = 0; i < n; i++)
		reservation_row(&rows, i, &ret->items[i]);
	return ERR_OK;
}

enum err
card_sell(struct ctx *ctx, const struct sell_in *in, struct card *ret)
{
	bool own = in->code.p != NULL;
	struct str codes[CANDIDATES];
	struct db_params p, replay;
	struct db_rows rows;
	struct programme g;
	size_t n = 1;
	int at = 0;

	if (in->amount <= 0 || in->amount > MONEY_MINOR_MAX)
		return ERR_AMOUNT_LIMIT;
	TRY(programme_get(ctx, in->programme, &g));
	codes[0] = card_code_clean(ctx->arena, in->code);
	if (own && codes[0].p == NULL)
		return fail_add(&ctx->fail, ERR_INVALID, "code", "invalid",
		    "A code has 1 to 64 letters, digits, '-', '.' or '_'.");
	for (n = own; n < CANDIDATES && !own; n++)
		codes[n] = code_make(ctx->arena, &g);
	params_begin_keyed(&replay, ctx);
	p = replay;
	db_p_strs(&p, codes, n);
	db_p_bool(&p, own);
	db_p_str(&p, g.code);
	db_p_i64(&p, in->amount);
	db_p_str(&p, str_trim(in->customer));
	db_p_str(&p, in->reference);
	db_p_bool(&p, in->reserved_only);
	TRY(ctx_call_keyed(ctx, "card_sell", &p, "card_issue_replay", &replay,
	    &rows));
	card_row(&rows, &at, ret);
	return ERR_OK;
}
