#include "domain/card_row.h"
#include "domain/code.h"

/* A collision is one in 2^40 and the number of cards: three tries suffice. */
#define CANDIDATES	3
/* Spare codes of a batch. */
#define SPARES		64

/* What single and batch issue have in common after the codes. */
static void
params_terms(struct db_params *p, const struct card_issue_in *in)
{
	db_p_str(p, in->programme);
	db_p_i64(p, in->value.minor);
	if (in->value.unit != NULL)
		db_p_i64(p, in->value.unit->id);
	else
		db_p_null(p);
	db_p_date(p, in->expires_on);
}

static enum err
check(struct ctx *ctx, const struct card_issue_in *in)
{
	if (in->value.minor < 0 || in->value.minor > MONEY_MINOR_MAX)
		return ERR_AMOUNT_LIMIT;
	if (in->customer.p != NULL && !uuid_ok(in->customer))
		return ERR_CUSTOMER_NOT_FOUND;
	if (in->term_months > 1200 || in->term_days > 36600)
		return fail_add(&ctx->fail, ERR_INVALID, "expires_on",
		    "out_of_range", "A card is valid for 100 years at most.");
	return ERR_OK;
}

enum err
card_issue(struct ctx *ctx, const struct card_issue_in *in, struct card *ret)
{
	struct str codes[CANDIDATES];
	struct db_params p, replay;
	struct db_rows rows;
	struct programme g;
	size_t n = 1;
	int at = 0;

	TRY(check(ctx, in));
	if (in->code.p != NULL) {
		codes[0] = card_code_clean(ctx->arena, in->code);
		if (codes[0].p == NULL)
			return fail_add(&ctx->fail, ERR_INVALID, "code",
			    "invalid", "A code has 1 to 64 letters, digits, "
			    "'-', '.' or '_'.");
	} else {
		TRY(programme_get(ctx, in->programme, &g));
		for (n = 0; n < CANDIDATES; n++)
			codes[n] = code_make(ctx->arena, &g);
	}
	params_begin_keyed(&replay, ctx);
	p = replay;
	db_p_strs(&p, codes, n);
	params_terms(&p, in);
	db_p_i64(&p, in->term_months);
	db_p_i64(&p, in->term_days);
	db_p_str(&p, in->customer);
	db_p_str(&p, in->reference);
	db_p_str(&p, in->note);
	db_p_str(&p, in->store);
	TRY(ctx_call_keyed(ctx, "card_issue", &p, "card_issue_replay", &replay,
	    &rows));
	card_row(&rows, &at, ret);
	return ERR_OK;
}

enum err
card_issue_batch(struct ctx *ctx, const struct card_issue_in *in, int64_t n,
    struct card_batch_out *ret)
{
	struct db_params p, replay;
	struct db_rows rows;
	struct programme g;
	struct str *codes;
	size_t n_codes = (size_t)n + SPARES;

	TRY(check(ctx, in));
	TRY(programme_get(ctx, in->programme, &g));
	codes = arena_array(ctx->arena, n_codes, sizeof(*codes));
	for (size_t i = 0; i < n_codes; i++)
		codes[i] = code_make(ctx->arena, &g);
	params_begin_keyed(&replay, ctx);
	p = replay;
	db_p_strs(&p, codes, n_codes);
	db_p_i64(&p, n);
	params_terms(&p, in);
	db_p_str(&p, in->customer);
	db_p_str(&p, in->reference);
	db_p_str(&p, in->note);
	db_p_str(&p, in->store);
	TRY(ctx_call_keyed(ctx, "card_batch", &p, "card_batch_replay", &replay,
	    &rows));
	ret->n = (size_t)rows.n;
	ret->codes = arena_array(ctx->arena, ret->n, sizeof(*ret->codes));
	for (int i = 0; i < rows.n; i++)
		ret->codes[i] = db_str(&rows, i, "code");
	return ERR_OK;
}
