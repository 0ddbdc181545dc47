/*
 * Holds: set value aside, then capture or release it. A hold has the id of
 * the transfer that made it.
 */
#include "dialect/native/native.h"

#define HOLD_S_MAX	(366 * 86400)

static const struct field hold_fields[] = {
	F_MONEY(struct transfer_in, value, "value", REQUIRED),
	F_BOOL(struct transfer_in, partial, "partial", 0),
	F_I64(struct transfer_in, expires_in_s, "expires_in", 0, 1,
	    HOLD_S_MAX),
	F_STR(struct transfer_in, reference, "reference", 0, 1,
	    V1_REFERENCE_MAX),
};

struct capture_in {
	struct transfer_in	post;
	bool			final;
};

static const struct field capture_fields[] = {
	F_MONEY(struct capture_in, post.value, "value", 0),
	F_BOOL(struct capture_in, final, "final", 0),
	F_STR(struct capture_in, post.reference, "reference", 0, 1,
	    V1_REFERENCE_MAX),
};

static const struct field void_fields[] = {
	F_STR(struct transfer_in, reference, "reference", 0, 1,
	    V1_REFERENCE_MAX),
};

enum err
v1_holds_make(struct call *c)
{
	struct transfer_in in = { .action = ACT_AUTHORISE };
	struct transfer t;
	struct hold h;
	struct json_out o;

	TRY(v1_body(c, hold_fields, COUNT(hold_fields), &in));
	TRY(v1_arg(c, ERR_CARD_NOT_FOUND, &in.card));
	TRY(transfer_post(&c->ctx, &in, 1, &t));
	/* From the transfer alone: a repeat must not show what came later. */
	h = (struct hold){
		.id = t.id,
		.card = t.card,
		.state = STR("open"),
		.value = t.value,
		.remaining = t.value.minor,
		.created_us = t.created_us,
		.expires_us = t.expires_us,
		.reference = t.reference,
	};
	o = v1_reply(c, 201);
	v1_location(c, "/v1/holds/", transfer_id_format(c->ctx.arena, h.id));
	v1_put_hold(c, &o, &h, in.partial ? &in.value : NULL, false);
	return v1_reply_end(c);
}

enum err
v1_holds_capture(struct call *c)
{
	struct capture_in in = {
		.post = { .action = ACT_CAPTURE },
		.final = true,
	};
	struct transfer t;

	TRY(v1_body_optional(c, capture_fields, COUNT(capture_fields), &in));
	in.post.keep_open = !in.final;
	TRY(v1_arg_transfer(c, ERR_HOLD_NOT_FOUND, &in.post.origin));
	TRY(transfer_post(&c->ctx, &in.post, 1, &t));
	return v1_transfer_made(c, &t, NULL);
}

enum err
v1_holds_void(struct call *c)
{
	struct transfer_in in = { .action = ACT_VOID };
	struct transfer t;

	TRY(v1_body_optional(c, void_fields, COUNT(void_fields), &in));
	TRY(v1_arg_transfer(c, ERR_HOLD_NOT_FOUND, &in.origin));
	TRY(transfer_post(&c->ctx, &in, 1, &t));
	return v1_transfer_made(c, &t, NULL);
}

enum err
v1_holds_get(struct call *c)
{
	struct transfer_id id;
	struct hold h;
	struct json_out o;

	TRY(v1_query_none(c));
	TRY(v1_arg_transfer(c, ERR_HOLD_NOT_FOUND, &id));
	TRY(hold_get(&c->ctx, id, &h));
	o = v1_reply(c, 200);
	v1_put_hold(c, &o, &h, NULL, true);
	return v1_reply_end(c);
}
