#include "domain/message.h"

#include <string.h>

#include "domain/call.h"

const char *const message_states[MESSAGE_STATES] = {
	"queued", "sending", "sent", "failed", "unknown", "dropped"
};

static int64_t
instant_or_0(const struct db_rows *rows, int i, const char *col)
{
	return db_null(rows, i, col) ? 0 : db_instant(rows, i, col);
}

static void
message_row(const struct db_rows *rows, int i, struct message *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->id = db_str(rows, i, "id");
	ret->card = db_str(rows, i, "card");
	ret->customer = db_str(rows, i, "customer");
	ret->channel = db_str(rows, i, "channel");
	ret->to = db_str(rows, i, "recipient");
	ret->state = db_str(rows, i, "state");
	ret->attempts = db_i64(rows, i, "attempts");
	ret->error = db_str(rows, i, "error");
	ret->created_us = db_instant(rows, i, "created_at");
	ret->due_us = instant_or_0(rows, i, "due_at");
	ret->ended_us = instant_or_0(rows, i, "ended_at");
}

enum err
message_get(struct ctx *ctx, struct str id, struct message *ret)
{
	struct db_params p;
	struct db_rows rows;

	if (!uuid_ok(id))
		return ERR_MESSAGE_NOT_FOUND;
	params_begin(&p, ctx);
	db_p_str(&p, id);
	db_p_null(&p);
	db_p_null(&p);
	db_p_i64(&p, 1);
	TRY(ctx_call(ctx, DB_READ, "message_list", &p, &rows));
	if (rows.n == 0)
		return ERR_MESSAGE_NOT_FOUND;
	message_row(&rows, 0, ret);
	return ERR_OK;
}

enum err
message_list(struct ctx *ctx, const struct message_list_in *in,
    struct message_list_out *ret)
{
	struct db_params p;
	struct db_rows rows;
	int n;

	TRY(cursor_uuid(ctx, in->page.after));
	params_begin(&p, ctx);
	db_p_null(&p);
	db_p_str(&p, in->state);
	db_p_str(&p, in->page.after);
	db_p_i64(&p, in->page.limit + 1);
	TRY(cursor_known(ctx, ctx_call(ctx, DB_READ, "message_list", &p,
	    &rows)));
	ret->next = page_next(ctx->arena, &rows, &n, in->page.limit, "id");
	ret->n = (size_t)n;
	ret->items = arena_array(ctx->arena, ret->n + 1, sizeof(*ret->items));
	for (int i = 0; i < n; i++)
		message_row(&rows, i, &ret->items[i]);
	return ERR_OK;
}
