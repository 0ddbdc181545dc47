#include "domain/card_row.h"

enum err
card_update(struct ctx *ctx, struct str code, const struct card_update_in *in,
    struct card *ret)
{
	struct db_params p;
	struct db_rows rows;
	int at = 0;

	code = card_code_clean(ctx->arena, code);
	if (code.p == NULL)
		return ERR_CARD_NOT_FOUND;
	if (in->set_state && !str_eq(in->state, STR("active")) &&
	    !str_eq(in->state, STR("suspended")))
		return fail_add(&ctx->fail, ERR_INVALID, "state", "invalid",
		    "Choose active or suspended.");
	if (in->set_customer && in->customer.p != NULL &&
	    !uuid_ok(in->customer))
		return ERR_CUSTOMER_NOT_FOUND;
	params_begin(&p, ctx);
	db_p_str(&p, code);
	db_p_bool(&p, in->set_state);
	db_p_str(&p, in->state);
	db_p_bool(&p, in->set_expires_on);
	db_p_date(&p, in->expires_on);
	db_p_bool(&p, in->set_customer);
	db_p_str(&p, in->customer);
	db_p_bool(&p, in->set_note);
	db_p_str(&p, in->note);
	/* Setting a value twice is the same as once: repeatable. */
	TRY(ctx_call(ctx, DB_KEYED, "card_update", &p, &rows));
	card_row(&rows, &at, ret);
	return ERR_OK;
}
