/*
 * Companies: the caller's own and, for a reseller, those it owns.
 */
#include "dialect/native/native.h"

#define TENANT_NAME_MAX	200
#define HOST_MAX	253
#define ZONE_MAX	64

static const struct field create_fields[] = {
	F_PATCH_STR(struct tenant_in, name, set_name, "name", REQUIRED, 1,
	    TENANT_NAME_MAX),
	F_PATCH_STR(struct tenant_in, host, set_host, "host", 0, 1, HOST_MAX),
	F_STR(struct tenant_in, time_zone, "time_zone", REQUIRED, 1,
	    ZONE_MAX),
	F_STR(struct tenant_in, currency, "currency", REQUIRED, 3, 3),
	F_PATCH_JSON(struct tenant_in, settings, set_settings, "settings", 0),
};

static const struct field change_fields[] = {
	F_PATCH_STR(struct tenant_in, name, set_name, "name", 0, 1,
	    TENANT_NAME_MAX),
	F_PATCH_STR(struct tenant_in, host, set_host, "host", NULLABLE, 1,
	    HOST_MAX),
	F_PATCH_STR(struct tenant_in, state, set_state, "state", 0, 1, 16),
	F_PATCH_JSON(struct tenant_in, settings, set_settings, "settings", 0),
};

static const char *const states[] = { "active", "blocked" };

enum err
v1_tenants_list(struct call *c)
{
	struct page_in page;
	struct tenant_list_out out;
	struct json_out o;
	size_t i;

	TRY(v1_query_list(c, &page, NULL, 0));
	TRY(tenant_list(&c->ctx, &page, &out));
	o = v1_list(c);
	for (i = 0; i < out.n; i++)
		v1_put_tenant(c, &o, NULL, &out.tenants[i]);
	return v1_list_end(c, &o, out.next);
}

static enum err
tenant_answer(struct call *c, int status, const struct tenant *t)
{
	struct json_out o = v1_reply(c, status);

	v1_put_tenant(c, &o, NULL, t);
	return v1_reply_end(c);
}

enum err
v1_tenants_create(struct call *c)
{
	struct tenant_in in = {0};
	const struct unit *unit;
	struct tenant t;

	TRY(v1_body(c, create_fields, COUNT(create_fields), &in));
	unit = unit_by_name(in.currency);
	if (unit == NULL || !unit->currency)
		return fail_add(&c->ctx.fail, ERR_INVALID, "currency",
		    "invalid", "Use a currency code of ISO 4217, like EUR.");
	TRY(v1_settings(c, in.settings));
	TRY(tenant_create(&c->ctx, &in, &t));
	v1_location(c, "/v1/tenants/", t.id);
	return tenant_answer(c, 201, &t);
}

enum err
v1_tenants_get(struct call *c)
{
	struct str id;
	struct tenant t;

	TRY(v1_query_none(c));
	TRY(v1_arg(c, ERR_TENANT_NOT_FOUND, &id));
	TRY(tenant_get(&c->ctx, id, &t));
	return tenant_answer(c, 200, &t);
}

enum err
v1_tenants_change(struct call *c)
{
	struct tenant_in in = {0};
	struct str id;
	struct tenant t;

	TRY(v1_body(c, change_fields, COUNT(change_fields), &in));
	TRY(v1_one_of(c, "state", in.state, states, COUNT(states)));
	TRY(v1_settings(c, in.settings));
	TRY(v1_arg(c, ERR_TENANT_NOT_FOUND, &id));
	TRY(tenant_update(&c->ctx, id, &in, &t));
	return tenant_answer(c, 200, &t);
}

/*
 * A till's key may see whose it is, not the company's settings: so less than
 * GET /v1/tenants shows.
 */
enum err
v1_me(struct call *c)
{
	struct me me;
	struct json_out o;

	TRY(v1_query_none(c));
	TRY(me_get(&c->ctx, &me));
	o = v1_reply(c, 200);
	json_obj(&o, NULL);
	json_obj(&o, "tenant");
	json_str(&o, "id", me.tenant.id);
	json_str(&o, "name", me.tenant.name);
	json_str(&o, "time_zone", me.tenant.time_zone);
	if (me.tenant.currency != NULL)
		json_str(&o, "currency", str_of(me.tenant.currency->name));
	json_bool(&o, "reseller", me.tenant.reseller);
	json_obj_end(&o);
	json_obj(&o, "credential");
	json_str(&o, "id", me.credential.id);
	json_str(&o, "label", me.credential.label);
	json_str(&o, "programme", me.credential.programme);
	v1_put_instant(c, &o, "expires_at", me.credential.expires_us);
	json_obj_end(&o);
	v1_put_split(&o, "scopes", scopes_format(c->ctx.arena,
	    me.credential.scopes));
	json_str(&o, "api", me.credential.api);
	json_obj_end(&o);
	return v1_reply_end(c);
}
