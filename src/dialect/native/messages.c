/*
 * Messages to customers: what was queued, and what became of it.
 */
#include "dialect/native/native.h"
#include "domain/message.h"

static void
put_message(struct call *c, struct json_out *o, const struct message *m)
{
	json_obj(o, NULL);
	json_str(o, "id", m->id);
	json_str(o, "card", m->card);
	json_str(o, "customer", m->customer);
	json_str(o, "channel", m->channel);
	json_str(o, "to", m->to);
	json_str(o, "state", m->state);
	json_i64(o, "attempts", m->attempts);
	json_str(o, "error", m->error);
	v1_put_instant(c, o, "created_at", m->created_us);
	v1_put_instant(c, o, "due_at", m->due_us);
	v1_put_instant(c, o, "ended_at", m->ended_us);
	json_obj_end(o);
}

enum err
v1_messages_list(struct call *c)
{
	struct message_list_in in = {0};
	struct message_list_out out;
	const struct v1_param filters[] = { { "state", &in.state } };
	struct json_out o;
	size_t i;

	TRY(v1_query_list(c, &in.page, filters, COUNT(filters)));
	TRY(v1_one_of(c, "state", in.state, message_states, MESSAGE_STATES));
	TRY(message_list(&c->ctx, &in, &out));
	o = v1_list(c);
	for (i = 0; i < out.n; i++)
		put_message(c, &o, &out.items[i]);
	return v1_list_end(c, &o, out.next);
}

enum err
v1_messages_get(struct call *c)
{
	struct str id;
	struct message m;
	struct json_out o;

	TRY(v1_query_none(c));
	TRY(v1_arg(c, ERR_MESSAGE_NOT_FOUND, &id));
	TRY(message_get(&c->ctx, id, &m));
	o = v1_reply(c, 200);
	put_message(c, &o, &m);
	return v1_reply_end(c);
}
