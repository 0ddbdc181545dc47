/*
 * What comes in: bodies, queries, path arguments, and the checks that no
 * field table can express.
 */
#include "dialect/native/native.h"

#include <assert.h>

#include "codec/form.h"

static enum err
body_read(struct call *c, const struct field *fields, size_t n, void *dst)
{
	struct str type = media_type(c->ctx.arena, c->request->content_type);

	if (!str_eq(type, STR("application/json")))
		return ERR_UNSUPPORTED_MEDIA_TYPE;
	return json_read(c->ctx.arena, c->request->body, fields, n, dst,
	    &c->ctx.fail);
}

enum err
v1_body(struct call *c, const struct field *fields, size_t n, void *dst)
{
	TRY(v1_query_none(c));
	if (c->request->body.n == 0)
		return fail_add(&c->ctx.fail, ERR_BAD_REQUEST, "", "required",
		    "The body is empty; send one JSON object.");
	return body_read(c, fields, n, dst);
}

enum err
v1_body_optional(struct call *c, const struct field *fields, size_t n,
    void *dst)
{
	TRY(v1_query_none(c));
	if (c->request->body.n == 0)
		return ERR_OK;
	return body_read(c, fields, n, dst);
}

static enum err
query_fault(struct call *c, struct str name, const char *code,
    const char *text)
{
	/* A parameter's name is the client's text: it is quoted bounded. */
	return fail_add(&c->ctx.fail, ERR_INVALID,
	    str_cstr(c->ctx.arena, str_sub(name, 0, V1_ID_MAX)), code, text);
}

static enum err
query_take(struct call *c, const struct form_param *p,
    const struct v1_param *params, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (!str_eq(p->name, str_of(params[i].name)))
			continue;
		if (params[i].value->p != NULL)
			return query_fault(c, p->name, "duplicate",
			    "Send this parameter once.");
		if (p->value.n == 0)
			return query_fault(c, p->name, "too_short",
			    "Leave this parameter out or give it a value.");
		if (p->value.n > V1_CURSOR_MAX)
			return query_fault(c, p->name, "too_long",
			    "Give this parameter a shorter value.");
		*params[i].value = p->value;
		return ERR_OK;
	}
	return query_fault(c, p->name, "unknown",
	    "This call has no such query parameter; leave it out.");
}

/* All parameters are looked at, so that one answer names every fault. */
static enum err
query_read(struct call *c, const struct v1_param *params, size_t n)
{
	struct form form = {0};
	enum err err = ERR_OK;
	size_t i;

	TRY(form_read_urlencoded(c->ctx.arena, c->request->query, &form));
	for (i = 0; i < form.n; i++) {
		enum err one = query_take(c, &form.params[i], params, n);

		if (one != ERR_OK)
			err = one;
	}
	return err;
}

enum err
v1_query_none(struct call *c)
{
	return query_read(c, NULL, 0);
}

enum err
v1_query_list(struct call *c, struct page_in *page,
    const struct v1_param *filters, size_t n)
{
	struct v1_param params[8];
	struct str limit = STR_NONE;
	size_t i;

	assert(n + 2 <= COUNT(params));
	page->limit = V1_LIMIT_DEFAULT;
	page->after = STR_NONE;
	params[0] = (struct v1_param){ "limit", &limit };
	params[1] = (struct v1_param){ "cursor", &page->after };
	for (i = 0; i < n; i++)
		params[i + 2] = filters[i];
	TRY(query_read(c, params, n + 2));
	if (limit.p != NULL &&
	    !str_to_i64(limit, 1, V1_LIMIT_MAX, &page->limit))
		return query_fault(c, STR("limit"), "out_of_range",
		    "Use a whole number from 1 to 200.");
	return ERR_OK;
}

enum err
v1_arg(struct call *c, enum err unknown, struct str *ret)
{
	struct str arg = c->request->args[0];

	if (arg.n == 0 || arg.n > V1_ID_MAX || !str_utf8_ok(arg))
		return unknown;
	*ret = arg;
	return ERR_OK;
}

enum err
v1_arg_transfer(struct call *c, enum err unknown, struct transfer_id *ret)
{
	if (!transfer_id_parse(c->request->args[0], ret))
		return unknown;
	return ERR_OK;
}

enum err
v1_one_of(struct call *c, const char *field, struct str s,
    const char *const *words, size_t n)
{
	struct buf text;
	size_t i;

	if (s.p == NULL)
		return ERR_OK;
	for (i = 0; i < n; i++)
		if (str_eq(s, str_of(words[i])))
			return ERR_OK;
	buf_init(&text, c->ctx.arena, 256);
	buf_puts(&text, "Use one of: ");
	for (i = 0; i < n; i++)
		buf_printf(&text, "%s%s", words[i], i + 1 < n ? ", " : ".");
	return fail_add(&c->ctx.fail, ERR_INVALID, field, "invalid",
	    str_cstr(c->ctx.arena, buf_str(&text)));
}

enum err
v1_join(struct call *c, const char *field, const struct field_array *list,
    struct str *ret)
{
	const struct str *items = list->items;
	struct buf text;
	size_t i, at;

	if (list->n == 0)
		return ERR_OK;
	buf_init(&text, c->ctx.arena, 16384);
	for (i = 0; i < list->n; i++) {
		if (str_find(items[i], ',', &at))
			return fail_add(&c->ctx.fail, ERR_INVALID, field,
			    "invalid", "Give each element a string of its "
			    "own, without commas.");
		if (i > 0)
			buf_putc(&text, ',');
		buf_put(&text, items[i]);
	}
	*ret = buf_str(&text);
	return ERR_OK;
}

enum err
v1_settings(struct call *c, struct str json)
{
	if (json.p == NULL)
		return ERR_OK;
	if (json.n == 0 || json.p[0] != '{')
		return fail_add(&c->ctx.fail, ERR_INVALID, "settings", "type",
		    "Send an object.");
	if (json.n > V1_SETTINGS_MAX)
		return fail_add(&c->ctx.fail, ERR_INVALID, "settings",
		    "too_long", "Send an object of at most 16384 bytes.");
	return ERR_OK;
}

enum err
v1_body_ref(struct call *c, enum err err, enum err unknown, const char *field)
{
	if (err != unknown)
		return err;
	return fail_add(&c->ctx.fail, err, field, err_label(err),
	    native_errors[err].text);
}
