#include <string.h>

#include "domain/customer_row.h"

void
customer_row(const struct db_rows *rows, int i, struct customer *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->id = db_str(rows, i, "id");
	ret->first_name = db_str(rows, i, "first_name");
	ret->last_name = db_str(rows, i, "last_name");
	ret->email = db_str(rows, i, "email");
	ret->phone = db_str(rows, i, "phone");
	ret->external_id = db_str(rows, i, "external_id");
	ret->note = db_str(rows, i, "note");
	if (!db_null(rows, i, "born_on"))
		ret->born_on = db_date(rows, i, "born_on");
	ret->city = db_str(rows, i, "city");
	ret->referrer = db_str(rows, i, "referrer");
	ret->newsletter = ANSWER_NONE;
	if (!db_null(rows, i, "newsletter"))
		ret->newsletter = db_bool(rows, i, "newsletter") ?
		    ANSWER_YES : ANSWER_NO;
	ret->email_generated = db_bool(rows, i, "email_generated");
	ret->created_us = db_instant(rows, i, "created_at");
}

void
params_newsletter(struct db_params *p, const struct customer_in *in)
{
	if (in->set_newsletter)
		db_p_bool(p, in->newsletter);
	else
		db_p_null(p);
}

/* What a customer is made of. */
void
params_person(struct db_params *p, const struct customer_in *in)
{
	db_p_str(p, in->first_name);
	db_p_str(p, in->last_name);
	db_p_str(p, in->email);
	db_p_str(p, in->phone);
	db_p_str(p, in->external_id);
	db_p_str(p, in->note);
	db_p_date(p, in->born_on);
	db_p_str(p, in->city);
	db_p_str(p, in->referrer);
	params_newsletter(p, in);
}

static enum err
taken(struct ctx *ctx, enum err e)
{
	if (e == ERR_NAME_TAKEN)
		return fail_add(&ctx->fail, e, "external_id", "taken",
		    "Another customer has this external_id.");
	return e;
}

enum err
customer_create(struct ctx *ctx, const struct customer_in *in,
    struct customer *ret)
{
	struct db_params p;
	struct db_rows rows;

	params_begin(&p, ctx);
	params_person(&p, in);
	TRY(taken(ctx, ctx_call(ctx, DB_WRITE, "customer_create", &p,
	    &rows)));
	customer_row(&rows, 0, ret);
	return ERR_OK;
}

/* One row more than wanted; id none: all that fit the filters. */
static enum err
list(struct ctx *ctx, struct str id, const struct customer_list_in *in,
    int64_t after, struct db_rows *ret)
{
	struct db_params p;

	params_begin(&p, ctx);
	db_p_str(&p, id);
	db_p_str(&p, in->email);
	db_p_str(&p, in->phone);
	db_p_str(&p, in->external_id);
	params_cursor(&p, after);
	db_p_i64(&p, in->page.limit + 1);
	return ctx_call(ctx, DB_READ, "customer_list", &p, ret);
}

enum err
customer_get(struct ctx *ctx, struct str id, struct customer *ret)
{
	const struct customer_list_in any = { 0 };
	struct db_rows rows;

	if (!uuid_ok(id))
		return ERR_CUSTOMER_NOT_FOUND;
	TRY(list(ctx, id, &any, 0, &rows));
	if (rows.n == 0)
		return ERR_CUSTOMER_NOT_FOUND;
	customer_row(&rows, 0, ret);
	return ERR_OK;
}

enum err
customer_update(struct ctx *ctx, struct str id, const struct customer_in *in,
    struct customer *ret)
{
	struct db_params p;
	struct db_rows rows;

	if (!uuid_ok(id))
		return ERR_CUSTOMER_NOT_FOUND;
	params_begin(&p, ctx);
	db_p_str(&p, id);
	db_p_bool(&p, in->set_first_name);
	db_p_str(&p, in->first_name);
	db_p_bool(&p, in->set_last_name);
	db_p_str(&p, in->last_name);
	db_p_bool(&p, in->set_email);
	db_p_str(&p, in->email);
	db_p_bool(&p, in->set_phone);
	db_p_str(&p, in->phone);
	db_p_bool(&p, in->set_external_id);
	db_p_str(&p, in->external_id);
	db_p_bool(&p, in->set_note);
	db_p_str(&p, in->note);
	db_p_bool(&p, in->set_born_on);
	db_p_date(&p, in->born_on);
	db_p_bool(&p, in->set_city);
	db_p_str(&p, in->city);
	db_p_bool(&p, in->set_referrer);
	db_p_str(&p, in->referrer);
	db_p_bool(&p, in->set_newsletter);
	params_newsletter(&p, in);
	TRY(taken(ctx, ctx_call(ctx, DB_KEYED, "customer_update", &p,
	    &rows)));
	customer_row(&rows, 0, ret);
	return ERR_OK;
}

enum err
customer_list(struct ctx *ctx, const struct customer_list_in *in,
    struct customer_list_out *ret)
{
	struct db_rows rows;
	int64_t after;
	int n;

	TRY(cursor_parse(ctx, in->page.after, &after));
	TRY(list(ctx, STR_NONE, in, after, &rows));
	ret->next = page_next(ctx->arena, &rows, &n, in->page.limit,
	    "customer_id");
	ret->n = (size_t)n;
	ret->items = arena_array(ctx->arena, ret->n + 1, sizeof(*ret->items));
	for (int i = 0; i < n; i++)
		customer_row(&rows, i, &ret->items[i]);
	return ERR_OK;
}
