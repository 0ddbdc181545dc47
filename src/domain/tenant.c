#include <string.h>

#include "domain/admin.h"
#include "domain/call.h"

static void
tenant_row(const struct db_rows *rows, int i, struct tenant *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->id = db_str(rows, i, "id");
	ret->name = db_str(rows, i, "name");
	ret->host = db_str(rows, i, "host");
	ret->time_zone = db_str(rows, i, "time_zone");
	ret->state = db_str(rows, i, "state");
	ret->currency = unit_by_id((int)db_i64(rows, i, "currency"));
	ret->reseller = db_bool(rows, i, "reseller");
	ret->settings = db_str(rows, i, "settings");
	ret->created_us = db_instant(rows, i, "created_at");
}

enum err
tenant_create(struct ctx *ctx, const struct tenant_in *in, struct tenant *ret)
{
	const struct unit *currency = unit_by_name(in->currency);
	struct db_params p;
	struct db_rows rows;
	enum err e;

	if (currency == NULL || !currency->currency)
		return fail_add(&ctx->fail, ERR_INVALID, "currency", "invalid",
		    "Give the three letters of an ISO 4217 currency.");
	if (in->settings.p != NULL)
		TRY(setting_check(ctx, "tenant", in->settings));
	params_begin(&p, ctx);
	db_p_str(&p, in->name);
	db_p_str(&p, in->host);
	db_p_str(&p, in->time_zone);
	db_p_i64(&p, currency->id);
	db_p_str(&p, in->settings);
	e = ctx_call(ctx, DB_WRITE, "tenant_create", &p, &rows);
	if (e == ERR_INVALID)
		return fail_add(&ctx->fail, e, "time_zone", "invalid",
		    "Give a time zone's name such as Europe/Berlin.");
	if (e == ERR_NAME_TAKEN)
		return fail_add(&ctx->fail, e, "name", "taken",
		    "Another company has this name or host.");
	TRY(e);
	tenant_row(&rows, 0, ret);
	return ERR_OK;
}

enum err
tenant_get(struct ctx *ctx, struct str id, struct tenant *ret)
{
	struct db_params p;
	struct db_rows rows;

	if (id.p != NULL && !uuid_ok(id))
		return ERR_TENANT_NOT_FOUND;
	params_begin(&p, ctx);
	db_p_str(&p, id);
	TRY(ctx_call(ctx, DB_READ, "tenant_get", &p, &rows));
	tenant_row(&rows, 0, ret);
	return ERR_OK;
}

enum err
tenant_update(struct ctx *ctx, struct str id, const struct tenant_in *in,
    struct tenant *ret)
{
	struct db_params p;
	struct db_rows rows;

	if (!uuid_ok(id))
		return ERR_TENANT_NOT_FOUND;
	if (in->set_state && !str_eq(in->state, STR("active")) &&
	    !str_eq(in->state, STR("blocked")))
		return fail_add(&ctx->fail, ERR_INVALID, "state", "invalid",
		    "Choose active or blocked.");
	if (in->set_settings)
		TRY(setting_check(ctx, "tenant", in->settings));
	params_begin(&p, ctx);
	db_p_str(&p, id);
	db_p_bool(&p, in->set_name);
	db_p_str(&p, in->name);
	db_p_bool(&p, in->set_host);
	db_p_str(&p, in->host);
	db_p_bool(&p, in->set_state);
	db_p_str(&p, in->state);
	db_p_str(&p, in->set_settings ? in->settings : STR_NONE);
	TRY(ctx_call(ctx, DB_KEYED, "tenant_update", &p, &rows));
	tenant_row(&rows, 0, ret);
	return ERR_OK;
}

enum err
tenant_list(struct ctx *ctx, const struct page_in *page,
    struct tenant_list_out *ret)
{
	struct db_params p;
	struct db_rows rows;
	int n;

	TRY(cursor_uuid(ctx, page->after));
	params_begin(&p, ctx);
	db_p_str(&p, page->after);
	db_p_i64(&p, page->limit + 1);
	TRY(cursor_known(ctx, ctx_call(ctx, DB_READ, "tenant_list", &p,
	    &rows)));
	ret->next = page_next(ctx->arena, &rows, &n, page->limit, "id");
	ret->n = (size_t)n;
	ret->tenants = arena_array(ctx->arena, ret->n + 1,
	    sizeof(*ret->tenants));
	for (int i = 0; i < n; i++)
		tenant_row(&rows, i, &ret->tenants[i]);
	return ERR_OK;
}
