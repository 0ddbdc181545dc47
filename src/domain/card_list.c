#include "domain/card_row.h"

enum err
card_list(struct ctx *ctx, const struct card_list_in *in,
    struct card_list_out *ret)
{
	struct db_params p;
	struct db_rows rows;
	struct card *cards;
	int64_t after, limit = in->page.limit;
	size_t n = 0;
	int at = 0;

	TRY(cursor_parse(ctx, in->page.after, &after));
	if (in->customer.p != NULL && !uuid_ok(in->customer))
		return fail_add(&ctx->fail, ERR_INVALID, "customer", "invalid",
		    "Give a customer's id as it was answered.");
	params_begin(&p, ctx);
	db_p_str(&p, in->customer);
	db_p_str(&p, in->programme);
	db_p_str(&p, in->state);
	params_cursor(&p, after);
	db_p_i64(&p, limit + 1);
	TRY(ctx_call(ctx, DB_READ, "card_list", &p, &rows));
	cards = arena_array(ctx->arena, (size_t)limit + 1, sizeof(*cards));
	while (at < rows.n)
		card_row(&rows, &at, &cards[n++]);
	ret->next = STR_NONE;
	if (n > (size_t)limit) {
		n = (size_t)limit;
		ret->next = cursor_format(ctx->arena, cards[n - 1].id);
	}
	ret->n = n;
	ret->cards = cards;
	return ERR_OK;
}
