/*
 * Stores: a company's locations.
 */
#include "dialect/native/native.h"

#define CODE_MAX	64
#define NAME_MAX	200

static const struct field create_fields[] = {
	F_STR(struct store_in, code, "code", REQUIRED, 1, CODE_MAX),
	F_PATCH_STR(struct store_in, name, set_name, "name", REQUIRED, 1,
	    NAME_MAX),
};

static const struct field change_fields[] = {
	F_PATCH_STR(struct store_in, name, set_name, "name", 0, 1, NAME_MAX),
	F_PATCH_STR(struct store_in, state, set_state, "state", 0, 1, 16),
};

static const char *const states[] = { "active", "closed" };

static void
put_store(struct call *c, struct json_out *o, const struct store *s)
{
	json_obj(o, NULL);
	json_str(o, "code", s->code);
	json_i64(o, "number", s->number);
	json_str(o, "name", s->name);
	json_str(o, "state", s->state);
	v1_put_instant(c, o, "created_at", s->created_us);
	json_obj_end(o);
}

static enum err
store_answer(struct call *c, int status, const struct store *s)
{
	struct json_out o = v1_reply(c, status);

	put_store(c, &o, s);
	return v1_reply_end(c);
}

enum err
v1_stores_list(struct call *c)
{
	struct page_in page;
	struct store_list_out out;
	struct json_out o;
	size_t i;

	TRY(v1_query_list(c, &page, NULL, 0));
	TRY(store_list(&c->ctx, &page, &out));
	o = v1_list(c);
	for (i = 0; i < out.n; i++)
		put_store(c, &o, &out.items[i]);
	return v1_list_end(c, &o, out.next);
}

enum err
v1_stores_create(struct call *c)
{
	struct store_in in = {0};
	struct store s;

	TRY(v1_body(c, create_fields, COUNT(create_fields), &in));
	TRY(store_create(&c->ctx, &in, &s));
	v1_location(c, "/v1/stores/", s.code);
	return store_answer(c, 201, &s);
}

enum err
v1_stores_get(struct call *c)
{
	struct str code;
	struct store s;

	TRY(v1_query_none(c));
	TRY(v1_arg(c, ERR_STORE_NOT_FOUND, &code));
	TRY(store_get(&c->ctx, code, &s));
	return store_answer(c, 200, &s);
}

enum err
v1_stores_change(struct call *c)
{
	struct store_in in = {0};
	struct str code;
	struct store s;

	TRY(v1_body(c, change_fields, COUNT(change_fields), &in));
	TRY(v1_one_of(c, "state", in.state, states, COUNT(states)));
	TRY(v1_arg(c, ERR_STORE_NOT_FOUND, &code));
	TRY(store_update(&c->ctx, code, &in, &s));
	return store_answer(c, 200, &s);
}
