/*
 * Cards: issue, batch, read, list, change.
 */
#include "dialect/native/native.h"

/* An explicit 0 makes an empty card, to be loaded later. */
#define F_OPENING(s, m, name)						\
	F_(s, m, struct money, FIELD_MONEY, name, REQUIRED, 0,		\
	    MONEY_MINOR_MAX)

static const struct field issue_fields[] = {
	F_STR(struct card_issue_in, programme, "programme", REQUIRED, 1, 64),
	F_OPENING(struct card_issue_in, value, "value"),
	F_STR(struct card_issue_in, code, "code", 0, 1, CARD_CODE_MAX),
	F_DATE(struct card_issue_in, expires_on, "expires_on", 0),
	F_STR(struct card_issue_in, customer, "customer", 0, 1, V1_ID_MAX),
	F_STR(struct card_issue_in, store, "store", 0, 1, V1_ID_MAX),
	F_STR(struct card_issue_in, reference, "reference", 0, 1,
	    V1_REFERENCE_MAX),
	F_STR(struct card_issue_in, note, "note", 0, 1, V1_NOTE_MAX),
};

struct batch_in {
	struct card_issue_in	like;
	int64_t			count;
};

static const struct field batch_fields[] = {
	F_STR(struct batch_in, like.programme, "programme", REQUIRED, 1, 64),
	F_OPENING(struct batch_in, like.value, "value"),
	F_I64(struct batch_in, count, "count", REQUIRED, 1, CARD_BATCH_MAX),
	F_DATE(struct batch_in, like.expires_on, "expires_on", 0),
	F_STR(struct batch_in, like.store, "store", 0, 1, V1_ID_MAX),
	F_STR(struct batch_in, like.reference, "reference", 0, 1,
	    V1_REFERENCE_MAX),
	F_STR(struct batch_in, like.note, "note", 0, 1, V1_NOTE_MAX),
};

static const struct field change_fields[] = {
	F_PATCH_STR(struct card_update_in, state, set_state, "state", 0,
	    1, 16),
	F_PATCH_DATE(struct card_update_in, expires_on, set_expires_on,
	    "expires_on", NULLABLE),
	F_PATCH_STR(struct card_update_in, customer, set_customer,
	    "customer", NULLABLE, 1, V1_ID_MAX),
	F_PATCH_STR(struct card_update_in, note, set_note, "note", NULLABLE,
	    1, V1_NOTE_MAX),
};

static const char *const settable_states[] = { "active", "suspended" };
static const char *const listed_states[] = {
	"active", "suspended", "expired", "deleted"
};

/* What the body of an issue or batch refers to, when it does not exist. */
static enum err
issue_refs(struct call *c, enum err err)
{
	err = v1_body_ref(c, err, ERR_PROGRAMME_NOT_FOUND, "programme");
	err = v1_body_ref(c, err, ERR_STORE_NOT_FOUND, "store");
	return v1_body_ref(c, err, ERR_CUSTOMER_NOT_FOUND, "customer");
}

enum err
v1_cards_issue(struct call *c)
{
	struct card_issue_in in = {0};
	struct card card;
	struct json_out o;

	TRY(v1_body(c, issue_fields, COUNT(issue_fields), &in));
	TRY(issue_refs(c, card_issue(&c->ctx, &in, &card)));
	o = v1_reply(c, 201);
	v1_location(c, "/v1/cards/", card.code);
	v1_put_card(c, &o, &card);
	return v1_reply_end(c);
}

enum err
v1_cards_batch(struct call *c)
{
	struct batch_in in = {0};
	struct card_batch_out out;
	struct json_out o;
	size_t i;

	TRY(v1_body(c, batch_fields, COUNT(batch_fields), &in));
	TRY(issue_refs(c, card_issue_batch(&c->ctx, &in.like, in.count,
	    &out)));
	o = v1_reply(c, 201);
	json_obj(&o, NULL);
	json_i64(&o, "count", (int64_t)out.n);
	json_arr(&o, "codes");
	for (i = 0; i < out.n; i++)
		json_str(&o, NULL, out.codes[i]);
	json_arr_end(&o);
	json_obj_end(&o);
	return v1_reply_end(c);
}

enum err
v1_cards_list(struct call *c)
{
	struct card_list_in in = {0};
	struct card_list_out out;
	const struct v1_param filters[] = {
		{ "customer", &in.customer },
		{ "programme", &in.programme },
		{ "state", &in.state },
	};
	struct json_out o;
	size_t i;

	TRY(v1_query_list(c, &in.page, filters, COUNT(filters)));
	TRY(v1_one_of(c, "state", in.state, listed_states,
	    COUNT(listed_states)));
	TRY(card_list(&c->ctx, &in, &out));
	o = v1_list(c);
	for (i = 0; i < out.n; i++)
		v1_put_card(c, &o, &out.cards[i]);
	return v1_list_end(c, &o, out.next);
}

static enum err
card_answer(struct call *c, const struct card *card)
{
	struct json_out o = v1_reply(c, 200);

	v1_put_card(c, &o, card);
	return v1_reply_end(c);
}

enum err
v1_cards_get(struct call *c)
{
	struct str code;
	struct card card;

	TRY(v1_query_none(c));
	TRY(v1_arg(c, ERR_CARD_NOT_FOUND, &code));
	TRY(card_get(&c->ctx, code, &card));
	return card_answer(c, &card);
}

enum err
v1_cards_change(struct call *c)
{
	struct card_update_in in = {0};
	struct str code;
	struct card card;

	TRY(v1_body(c, change_fields, COUNT(change_fields), &in));
	TRY(v1_one_of(c, "state", in.state, settable_states,
	    COUNT(settable_states)));
	TRY(v1_arg(c, ERR_CARD_NOT_FOUND, &code));
	TRY(v1_body_ref(c, card_update(&c->ctx, code, &in, &card),
	    ERR_CUSTOMER_NOT_FOUND, "customer"));
	return card_answer(c, &card);
}
