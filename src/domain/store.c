#include <string.h>

#include "domain/admin.h"
#include "domain/call.h"

static void
store_row(const struct db_rows *rows, int i, struct store *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->code = db_str(rows, i, "code");
	ret->name = db_str(rows, i, "name");
	ret->state = db_str(rows, i, "state");
	ret->number = db_i64(rows, i, "number");
	ret->created_us = db_instant(rows, i, "created_at");
}

static enum err
check(struct ctx *ctx, const struct store_in *in)
{
	if (in->set_state && !str_eq(in->state, STR("active")) &&
	    !str_eq(in->state, STR("closed")))
		return fail_add(&ctx->fail, ERR_INVALID, "state", "invalid",
		    "Choose active or closed.");
	return ERR_OK;
}

enum err
store_create(struct ctx *ctx, const struct store_in *in, struct store *ret)
{
	struct db_params p;
	struct db_rows rows;

	params_begin(&p, ctx);
	db_p_str(&p, in->code);
	db_p_str(&p, in->name);
	TRY(ctx_call(ctx, DB_WRITE, "store_create", &p, &rows));
	store_row(&rows, 0, ret);
	return ERR_OK;
}

enum err
store_get(struct ctx *ctx, struct str code, struct store *ret)
{
	struct db_params p;
	struct db_rows rows;

	params_begin(&p, ctx);
	db_p_str(&p, code);
	TRY(ctx_call(ctx, DB_READ, "store_get", &p, &rows));
	store_row(&rows, 0, ret);
	return ERR_OK;
}

enum err
store_update(struct ctx *ctx, struct str code, const struct store_in *in,
    struct store *ret)
{
	struct db_params p;
	struct db_rows rows;

	TRY(check(ctx, in));
	params_begin(&p, ctx);
	db_p_str(&p, code);
	db_p_str(&p, in->set_name ? in->name : STR_NONE);
	db_p_str(&p, in->set_state ? in->state : STR_NONE);
	TRY(ctx_call(ctx, DB_KEYED, "store_update", &p, &rows));
	store_row(&rows, 0, ret);
	return ERR_OK;
}

enum err
store_list(struct ctx *ctx, const struct page_in *page,
    struct store_list_out *ret)
{
	struct db_params p;
	struct db_rows rows;
	int n;

	params_begin(&p, ctx);
	db_p_str(&p, page->after);
	db_p_i64(&p, page->limit + 1);
	TRY(cursor_known(ctx, ctx_call(ctx, DB_READ, "store_list", &p,
	    &rows)));
	ret->next = page_next(ctx->arena, &rows, &n, page->limit, "code");
	ret->n = (size_t)n;
	ret->items = arena_array(ctx->arena, ret->n + 1, sizeof(*ret->items));
	for (int i = 0; i < n; i++)
		store_row(&rows, i, &ret->items[i]);
	return ERR_OK;
}
