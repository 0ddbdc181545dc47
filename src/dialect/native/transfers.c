/*
 * Movements: loads, redemptions (one card or several tenders), reversals,
 * and the history. Holds are in holds.c.
 */
#include "dialect/native/native.h"

static const struct field load_fields[] = {
	F_MONEY(struct transfer_in, value, "value", REQUIRED),
	F_STR(struct transfer_in, reference, "reference", 0, 1,
	    V1_REFERENCE_MAX),
};

static const struct field redeem_fields[] = {
	F_MONEY(struct transfer_in, value, "value", REQUIRED),
	F_BOOL(struct transfer_in, partial, "partial", 0),
	F_STR(struct transfer_in, reference, "reference", 0, 1,
	    V1_REFERENCE_MAX),
};

static const struct field reverse_fields[] = {
	F_MONEY(struct transfer_in, value, "value", 0),
	F_STR(struct transfer_in, reference, "reference", 0, 1,
	    V1_REFERENCE_MAX),
};

struct tender {
	struct str	card;
	struct money	value;
	bool		partial;
};

static const struct field tender_fields[] = {
	F_STR(struct tender, card, "card", REQUIRED, 1, CARD_CODE_MAX),
	F_MONEY(struct tender, value, "value", REQUIRED),
	F_BOOL(struct tender, partial, "partial", 0),
};

struct order {
	struct field_array	tenders;
	struct str		reference;
};

static const struct field order_fields[] = {
	F_ARRAY(struct order, tenders, "tenders", REQUIRED, 1,
	    V1_TENDERS_MAX, tender_fields, struct tender),
	F_STR(struct order, reference, "reference", 0, 1, V1_REFERENCE_MAX),
};

enum err
v1_loads_make(struct call *c)
{
	struct transfer_in in = { .action = ACT_CREDIT, .kind = "load" };
	struct transfer t;

	TRY(v1_body(c, load_fields, COUNT(load_fields), &in));
	TRY(v1_arg(c, ERR_CARD_NOT_FOUND, &in.card));
	TRY(transfer_post(&c->ctx, &in, 1, &t));
	return v1_transfer_made(c, &t, NULL);
}

enum err
v1_redemptions_make(struct call *c)
{
	struct transfer_in in = { .action = ACT_DEBIT, .kind = "redeem" };
	struct transfer t;

	TRY(v1_body(c, redeem_fields, COUNT(redeem_fields), &in));
	TRY(v1_arg(c, ERR_CARD_NOT_FOUND, &in.card));
	TRY(transfer_post(&c->ctx, &in, 1, &t));
	return v1_transfer_made(c, &t, in.partial ? &in.value : NULL);
}

/* The refusal of one tender: everything else was left undone because of it. */
static enum err
tender_refused(struct call *c, enum err err, size_t i)
{
	struct str field = str_printf(c->ctx.arena, "tenders[%zu]", i);

	return fail_add(&c->ctx.fail, err, str_cstr(c->ctx.arena, field),
	    err_label(err), native_errors[err].text);
}

/* Refusals that are about one entry, not about the call. */
static bool
about_entry(enum err err)
{
	return native_errors[err].status == 404 ||
	    (native_errors[err].status == 422 && err != ERR_INVALID &&
	    err != ERR_IDEMPOTENCY_KEY_REUSED);
}

enum err
v1_tenders_redeem(struct call *c)
{
	struct order order = {0};
	const struct tender *tenders;
	struct transfer_in *in;
	struct transfer *out;
	struct json_out o;
	size_t i, culprit = 0, n;
	enum err err;

	TRY(v1_body(c, order_fields, COUNT(order_fields), &order));
	tenders = order.tenders.items;
	n = order.tenders.n;
	in = arena_array(c->ctx.arena, n, sizeof(*in));
	out = arena_array(c->ctx.arena, n, sizeof(*out));
	for (i = 0; i < n; i++)
		in[i] = (struct transfer_in){
			.action = ACT_DEBIT,
			.kind = "redeem",
			.card = tenders[i].card,
			.value = tenders[i].value,
			.partial = tenders[i].partial,
			.reference = order.reference,
		};
	err = transfer_post_all(&c->ctx, in, n, out, &culprit);
	if (err != ERR_OK)
		return about_entry(err) ? tender_refused(c, err, culprit) :
		    err;
	o = v1_reply(c, 201);
	json_obj(&o, NULL);
	json_arr(&o, "transfers");
	for (i = 0; i < n; i++)
		v1_put_transfer(c, &o, NULL, &out[i],
		    tenders[i].partial ? &tenders[i].value : NULL);
	json_arr_end(&o);
	json_obj_end(&o);
	return v1_reply_end(c);
}

enum err
v1_reversals_make(struct call *c)
{
	struct transfer_in in = { .action = ACT_REVERSE };
	struct transfer t;
	struct json_out o;

	TRY(v1_body_optional(c, reverse_fields, COUNT(reverse_fields), &in));
	TRY(v1_arg_transfer(c, ERR_TRANSFER_NOT_FOUND, &in.origin));
	TRY(transfer_post(&c->ctx, &in, 1, &t));
	if (!t.repeated)
		return v1_transfer_made(c, &t, NULL);
	/* Nothing was made: this is the reversal that was there before. */
	o = v1_reply(c, 200);
	v1_put_transfer(c, &o, NULL, &t, NULL);
	return v1_reply_end(c);
}

enum err
v1_transfers_get(struct call *c)
{
	struct transfer_id id;
	struct transfer t;
	struct json_out o;

	TRY(v1_query_none(c));
	TRY(v1_arg_transfer(c, ERR_TRANSFER_NOT_FOUND, &id));
	TRY(transfer_get(&c->ctx, id, &t));
	o = v1_reply(c, 200);
	v1_put_transfer(c, &o, NULL, &t, NULL);
	return v1_reply_end(c);
}

enum err
v1_transfers_list(struct call *c)
{
	struct page_in page;
	struct transfer_list_out out;
	struct str code;
	struct json_out o;
	size_t i;

	TRY(v1_query_list(c, &page, NULL, 0));
	TRY(v1_arg(c, ERR_CARD_NOT_FOUND, &code));
	TRY(transfer_list(&c->ctx, code, &page, &out));
	o = v1_list(c);
	for (i = 0; i < out.n; i++)
		v1_put_transfer(c, &o, NULL, &out.transfers[i], NULL);
	return v1_list_end(c, &o, out.next);
}
