#include <assert.h>

#include "domain/card_row.h"
#include "domain/transfer_row.h"

#define POST_MAX	100
/* Bytes of one entry in the parameter, escapes included. */
#define ENTRY_MAX	4096

static const char *const actions[] = {
	[ACT_CREDIT] = "credit", [ACT_DEBIT] = "debit",
	[ACT_AUTHORISE] = "authorise", [ACT_CAPTURE] = "capture",
	[ACT_VOID] = "void", [ACT_LAPSE] = "lapse", [ACT_REVERSE] = "reverse",
};

static void
rec_i64_or_null(struct db_records *r, int64_t v)
{
	if (v != 0)
		db_rec_i64(r, v);
	else
		db_rec_null(r);
}

/* One api.transfer_in, its columns in the type's order. */
static enum err
entry(struct db_records *r, struct ctx *ctx, const struct transfer_in *t)
{
	bool by_card = t->action == ACT_CREDIT || t->action == ACT_DEBIT ||
	    t->action == ACT_AUTHORISE;
	struct str code = STR_NONE;

	if (by_card) {
		code = card_code_clean(ctx->arena, t->card);
		/* What cannot be a code is nobody's: let the ledger say so in
		 * its place of the batch. */
		if (code.p == NULL)
			code = STR("?");
		if (t->value.minor <= 0)
			return fail_add(&ctx->fail, ERR_INVALID, "value",
			    "out_of_range", "The amount must be above zero.");
	}
	if (t->value.minor < 0 || t->value.minor > MONEY_MINOR_MAX)
		return ERR_AMOUNT_LIMIT;
	db_rec_row(r);
	db_rec_str(r, str_of(actions[t->action]));
	db_rec_str(r, code);
	rec_i64_or_null(r, by_card ? 0 : t->origin.card);
	if (by_card)
		rec_i64_or_null(r, t->value.unit ? t->value.unit->id : 0);
	else
		db_rec_i64(r, t->origin.unit);
	rec_i64_or_null(r, by_card ? 0 : t->origin.seq);
	db_rec_str(r, str_of(t->kind));
	rec_i64_or_null(r, t->value.minor);
	db_rec_bool(r, t->partial);
	db_rec_bool(r, t->linked);
	db_rec_bool(r, t->keep_open);
	rec_i64_or_null(r, t->expected_version);
	rec_i64_or_null(r, t->expires_in_s);
	db_rec_str(r, t->reference);
	db_rec_str(r, t->reason);
	return ERR_OK;
}

/* A value named for a hold or a reversal must be in the origin's unit. */
static bool
unit_fits(const struct transfer_in *t)
{
	return t->action == ACT_CREDIT || t->action == ACT_DEBIT ||
	    t->action == ACT_AUTHORISE || t->value.unit == NULL ||
	    t->value.unit->id == t->origin.unit;
}

/* One whole debit of a known unit: the ledger has a shorter way for it. */
static bool
is_plain_debit(const struct transfer_in *t)
{
	return t->action == ACT_DEBIT && !t->partial &&
	    t->reason.p == NULL && t->value.unit != NULL &&
	    t->value.minor > 0 && t->value.minor <= MONEY_MINOR_MAX;
}

static enum err
debit(struct ctx *ctx, const struct transfer_in *t, struct db_rows *ret)
{
	const struct principal *who = ctx->who;
	struct str code = card_code_clean(ctx->arena, t->card);
	struct db_params p, replay;

	db_params_init(&p, ctx->arena);
	db_p_i64(&p, who->tenant);
	params_cursor(&p, who->credential);
	db_p_i64(&p, who->version);
	db_p_instant(&p, who->clock_us);
	db_p_str(&p, who->time_zone);
	db_p_uuid(&p, ctx->request_id);
	db_p_uuid(&p, ctx->idem_key);
	db_p_uuid(&p, ctx->idem_print);
	db_p_str(&p, code.p != NULL ? code : STR("?"));
	db_p_i64(&p, t->value.unit->id);
	db_p_str(&p, str_of(t->kind != NULL ? t->kind : "redeem"));
	db_p_i64(&p, t->value.minor);
	params_cursor(&p, t->expected_version);
	db_p_str(&p, t->reference);
	params_begin_keyed(&replay, ctx);
	return ctx_call_keyed(ctx, "debit", &p, "post_replay", &replay, ret);
}

static enum err
post(struct ctx *ctx, const struct transfer_in *in, size_t n,
    struct transfer *ret)
{
	struct db_params p, replay;
	struct db_records rec;
	struct db_rows rows;

	assert(n >= 1 && n <= POST_MAX);
	if (n == 1 && is_plain_debit(&in[0])) {
		TRY(debit(ctx, &in[0], &rows));
	} else {
		db_rec_begin(&rec, ctx->arena, n * ENTRY_MAX);
		for (size_t i = 0; i < n; i++) {
			if (!unit_fits(&in[i]))
				return ERR_UNIT_MISMATCH;
			TRY(entry(&rec, ctx, &in[i]));
		}
		params_begin_keyed(&replay, ctx);
		p = replay;
		db_p_records(&p, &rec);
		TRY(ctx_call_keyed(ctx, "post", &p, "post_replay", &replay,
		    &rows));
	}
	if ((size_t)rows.n != n)
		return ERR_INTERNAL;
	for (size_t i = 0; i < n; i++)
		transfer_row(&rows, (int)i, &ret[i]);
	return ERR_OK;
}

/* What would have been possible, for who must decide what to do next. */
static enum err
explain(struct ctx *ctx, const struct transfer *t)
{
	const struct unit *u = t->value.unit;
	const char *what;

	if (t->status == ERR_INSUFFICIENT_FUNDS)
		what = "available on the card";
	else if (t->status == ERR_HOLD_EXCEEDED)
		what = "still held";
	else if (t->status == ERR_REVERSAL_EXCEEDED)
		what = "left to reverse";
	else
		return t->status;
	if (u == NULL)
		return t->status;
	return fail_add(&ctx->fail, t->status, "", err_label(t->status),
	    str_cstr(ctx->arena, str_printf(ctx->arena,
	    "%.*s %s is %s; ask for that or less.",
	    STR_ARG(money_format(ctx->arena, t->available, u->exponent,
	    MONEY_FIXED)), u->name, what)));
}

enum err
transfer_post(struct ctx *ctx, const struct transfer_in *in, size_t n,
    struct transfer *ret)
{
	TRY(post(ctx, in, n, ret));
	return n == 1 ? explain(ctx, &ret[0]) : ERR_OK;
}

enum err
transfer_post_all(struct ctx *ctx, struct transfer_in *in, size_t n,
    struct transfer *ret, size_t *ret_culprit)
{
	for (size_t i = 0; i < n; i++)
		in[i].linked = i + 1 < n;
	*ret_culprit = 0;
	TRY(post(ctx, in, n, ret));
	for (size_t i = 0; i < n; i++) {
		if (ret[i].status != ERR_OK &&
		    ret[i].status != ERR_LINKED_FAILED) {
			*ret_culprit = i;
			return explain(ctx, &ret[i]);
		}
	}
	return ERR_OK;
}
