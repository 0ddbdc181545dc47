/*
 * Credentials: API keys of this API, logins of the others, some of which take
 * keys too. A secret is in the answer that made it and nowhere else.
 */
#include "dialect/native/native.h"

#define OVERLAP_H_DEFAULT	24
#define OVERLAP_H_MAX		720
#define SCOPES_DEFAULT	(SCOPE_CARDS_READ | SCOPE_CARDS_WRITE | \
	SCOPE_VALUE_WRITE)

struct create_in {
	struct credential_in	made;
	struct field_array	scopes, addresses;
	struct str		expires_at;
};

static const struct field create_fields[] = {
	F_STR(struct create_in, made.tenant, "tenant", 0, 1, V1_ID_MAX),
	F_STR(struct create_in, made.api, "api", 0, 1, 32),
	F_STR(struct create_in, made.login, "login", 0, 1, 64),
	F_STR(struct create_in, made.password, "password", 0, 8, 128),
	F_STR(struct create_in, made.key, "key", 0, 16, 1000),
	F_STR(struct create_in, made.label, "label", 0, 1, 128),
	F_STR(struct create_in, made.programme, "programme", 0, 1, 64),
	F_STRS(struct create_in, scopes, "scopes", 0, 1, 16),
	F_STRS(struct create_in, addresses, "addresses", 0, 1, 32),
	F_STR(struct create_in, expires_at, "expires_at", 0, 1, 40),
};

struct rotate_in {
	struct credential_rotate_in	made;
	int64_t				overlap_hours;
};

static const struct field rotate_fields[] = {
	F_I64(struct rotate_in, overlap_hours, "overlap_hours", 0, 0,
	    OVERLAP_H_MAX),
	F_STR(struct rotate_in, made.password, "password", 0, 8, 128),
	F_STR(struct rotate_in, made.key, "key", 0, 16, 1000),
};

enum err
v1_credentials_list(struct call *c)
{
	struct page_in page;
	struct credential_list_out out;
	struct json_out o;
	size_t i;

	TRY(v1_query_list(c, &page, NULL, 0));
	TRY(credential_list(&c->ctx, &page, &out));
	o = v1_list(c);
	for (i = 0; i < out.n; i++)
		v1_put_credential(c, &o, NULL, &out.items[i]);
	return v1_list_end(c, &o, out.next);
}

static enum err
decode_create(struct call *c, struct create_in *in)
{
	struct str scopes = STR_NONE;

	TRY(v1_body(c, create_fields, COUNT(create_fields), in));
	TRY(v1_join(c, "scopes", &in->scopes, &scopes));
	TRY(v1_join(c, "addresses", &in->addresses, &in->made.addresses));
	if (scopes.p != NULL)
		TRY(scopes_parse(&c->ctx, scopes, &in->made.scopes));
	if (in->expires_at.p != NULL &&
	    !instant_parse(in->expires_at, &in->made.expires_us))
		return fail_add(&c->ctx.fail, ERR_INVALID, "expires_at",
		    "invalid", "Use a time of RFC 3339, like "
		    "2030-01-31T12:00:00Z.");
	return ERR_OK;
}

static enum err
credential_answer(struct call *c, int status, const struct credential *k)
{
	struct json_out o = v1_reply(c, status);

	v1_put_credential(c, &o, NULL, k);
	return v1_reply_end(c);
}

enum err
v1_credentials_create(struct call *c)
{
	struct create_in in = {
		.made = { .api = STR("native"), .scopes = SCOPES_DEFAULT },
	};
	struct credential k;
	enum err err;

	TRY(decode_create(c, &in));
	err = credential_create(&c->ctx, &in.made, &k);
	err = v1_body_ref(c, err, ERR_TENANT_NOT_FOUND, "tenant");
	TRY(v1_body_ref(c, err, ERR_PROGRAMME_NOT_FOUND, "programme"));
	return credential_answer(c, 201, &k);
}

enum err
v1_credentials_disable(struct call *c)
{
	struct str id;

	TRY(v1_query_none(c));
	TRY(v1_arg(c, ERR_CREDENTIAL_NOT_FOUND, &id));
	TRY(credential_disable(&c->ctx, id));
	return v1_no_content(c);
}

enum err
v1_credentials_rotate(struct call *c)
{
	struct rotate_in in = { .overlap_hours = OVERLAP_H_DEFAULT };
	struct str id;
	struct credential k;

	TRY(v1_body_optional(c, rotate_fields, COUNT(rotate_fields), &in));
	TRY(v1_arg(c, ERR_CREDENTIAL_NOT_FOUND, &id));
	in.made.overlap_s = in.overlap_hours * 3600;
	TRY(credential_rotate(&c->ctx, id, &in.made, &k));
	return credential_answer(c, 200, &k);
}

enum err
v1_credentials_unlock(struct call *c)
{
	struct str id;

	TRY(v1_body_optional(c, NULL, 0, NULL));
	TRY(v1_arg(c, ERR_CREDENTIAL_NOT_FOUND, &id));
	TRY(credential_unlock(&c->ctx, id));
	return v1_no_content(c);
}
