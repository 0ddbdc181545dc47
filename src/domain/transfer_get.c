#include <string.h>

#include "domain/card_row.h"
#include "domain/transfer_row.h"

/*
 * A transfer's public id: its three numbers, "12-978-3". Opaque to clients;
 * numbers of one tenant only, so they tell nothing of others.
 */
struct str
transfer_id_format(struct arena *arena, struct transfer_id id)
{
	return str_printf(arena, "%lld-%lld-%lld", (long long)id.card,
	    (long long)id.unit, (long long)id.seq);
}

bool
transfer_id_parse(struct str s, struct transfer_id *ret)
{
	struct transfer_id id;
	struct str rest;
	size_t a, b;

	if (!str_find(s, '-', &a))
		return false;
	rest = str_sub(s, a + 1, s.n);
	if (!str_find(rest, '-', &b) ||
	    !str_to_i64(str_sub(s, 0, a), 1, INT32_MAX, &id.card) ||
	    !str_to_i64(str_sub(rest, 0, b), 1, INT16_MAX, &id.unit) ||
	    !str_to_i64(str_sub(rest, b + 1, rest.n), 1, INT32_MAX, &id.seq))
		return false;
	*ret = id;
	return true;
}

const char *
transfer_direction(int direction)
{
	if (direction == 0)
		return "none";
	return direction > 0 ? "in" : "out";
}

static int64_t
i64_or(const struct db_rows *rows, int i, const char *col, int64_t other)
{
	return db_null(rows, i, col) ? other : db_i64(rows, i, col);
}

void
transfer_row(const struct db_rows *rows, int i, struct transfer *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->status = db_status(rows, i, "outcome");
	ret->id.card = i64_or(rows, i, "card_id", 0);
	ret->id.unit = i64_or(rows, i, "unit", 0);
	ret->id.seq = i64_or(rows, i, "seq", 0);
	ret->card = db_str(rows, i, "card");
	ret->kind = db_str(rows, i, "kind");
	ret->direction = (int)i64_or(rows, i, "direction", 0);
	ret->value.minor = i64_or(rows, i, "amount", 0);
	ret->value.unit = unit_by_id((int)ret->id.unit);
	ret->balance_after = i64_or(rows, i, "balance_after", 0);
	ret->held_after = i64_or(rows, i, "held_after", 0);
	ret->available = i64_or(rows, i, "available", 0);
	ret->reference = db_str(rows, i, "reference");
	if (!db_null(rows, i, "created_at"))
		ret->created_us = db_instant(rows, i, "created_at");
	if (!db_null(rows, i, "expires_at"))
		ret->expires_us = db_instant(rows, i, "expires_at");
	if (!db_null(rows, i, "repeated"))
		ret->repeated = db_bool(rows, i, "repeated");
	if (!db_null(rows, i, "origin_seq")) {
		ret->origin = ret->id;
		ret->origin.seq = db_i64(rows, i, "origin_seq");
	}
}

/* The same of a history: with the purchase that caused it. */
static void
history_row(const struct db_rows *rows, int i, struct transfer *ret)
{
	const struct unit *unit;

	transfer_row(rows, i, ret);
	ret->reason = db_str(rows, i, "reason");
	ret->purchase_id = i64_or(rows, i, "purchase_id", 0);
	if (db_null(rows, i, "purchase_amount"))
		return;
	unit = unit_by_id((int)db_i64(rows, i, "purchase_currency"));
	ret->purchase_amount = (struct money){
		db_i64(rows, i, "purchase_amount"), unit };
	ret->purchase_discount = (struct money){
		db_i64(rows, i, "purchase_discount"), unit };
	ret->purchase_detail = db_str(rows, i, "purchase_detail");
}

static void
params_id(struct db_params *p, struct transfer_id id)
{
	db_p_i64(p, id.card);
	db_p_i64(p, id.unit);
	db_p_i64(p, id.seq);
}

enum err
transfer_get(struct ctx *ctx, struct transfer_id id, struct transfer *ret)
{
	struct db_params p;
	struct db_rows rows;

	params_begin(&p, ctx);
	params_id(&p, id);
	TRY(ctx_call(ctx, DB_READ, "transfer_get", &p, &rows));
	history_row(&rows, 0, ret);
	return ERR_OK;
}

/* A history's cursor: microseconds, unit and seq of the last one seen. */
static enum err
params_after(struct db_params *p, struct ctx *ctx, struct str s)
{
	struct transfer_id after;
	int64_t us;
	size_t at;

	if (s.p == NULL) {
		db_p_null(p);
		db_p_null(p);
		db_p_null(p);
		return ERR_OK;
	}
	if (!str_find(s, '-', &at) ||
	    !str_to_i64(str_sub(s, 0, at), 1, INT64_MAX, &us) ||
	    !transfer_id_parse(str_sub(s, at + 1, s.n), &after))
		return fail_add(&ctx->fail, ERR_INVALID, "cursor", "invalid",
		    "Use the next_cursor of the page before, unchanged.");
	db_p_instant(p, us);
	db_p_i64(p, after.unit);
	db_p_i64(p, after.seq);
	return ERR_OK;
}

enum err
transfer_list(struct ctx *ctx, struct str code, const struct page_in *page,
    struct transfer_list_out *ret)
{
	struct db_params p;
	struct db_rows rows;
	struct transfer *last;

	code = card_code_clean(ctx->arena, code);
	if (code.p == NULL)
		return ERR_CARD_NOT_FOUND;
	params_begin(&p, ctx);
	db_p_str(&p, code);
	TRY(params_after(&p, ctx, page->after));
	db_p_i64(&p, page->limit + 1);
	TRY(ctx_call(ctx, DB_READ, "transfer_list", &p, &rows));
	ret->n = (size_t)rows.n;
	ret->transfers = arena_array(ctx->arena, ret->n + 1,
	    sizeof(*ret->transfers));
	for (int i = 0; i < rows.n; i++)
		history_row(&rows, i, &ret->transfers[i]);
	ret->next = STR_NONE;
	if (rows.n > page->limit) {
		ret->n = (size_t)page->limit;
		last = &ret->transfers[ret->n - 1];
		ret->next = str_printf(ctx->arena, "%lld-%.*s",
		    (long long)last->created_us,
		    STR_ARG(transfer_id_format(ctx->arena, last->id)));
	}
	return ERR_OK;
}

enum err
hold_get(struct ctx *ctx, struct transfer_id id, struct hold *ret)
{
	struct db_params p;
	struct db_rows rows;
	struct transfer *t;

	params_begin(&p, ctx);
	params_id(&p, id);
	TRY(ctx_call(ctx, DB_READ, "hold_get", &p, &rows));
	memset(ret, 0, sizeof(*ret));
	t = arena_array(ctx->arena, (size_t)rows.n, sizeof(*t));
	for (int i = 0; i < rows.n; i++)
		transfer_row(&rows, i, &t[i]);
	ret->n_history = (size_t)rows.n;
	ret->history = t;
	ret->id = t[0].id;
	ret->card = t[0].card;
	ret->value = t[0].value;
	ret->created_us = t[0].created_us;
	ret->expires_us = t[0].expires_us;
	ret->reference = t[0].reference;
	ret->state = db_str(&rows, 0, "hold_state");
	ret->remaining = db_i64(&rows, 0, "remaining");
	ret->captured = db_i64(&rows, 0, "captured");
	ret->released = db_i64(&rows, 0, "released");
	return ERR_OK;
}
