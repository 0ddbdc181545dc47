/*
 * Who calls, and how an error looks (RFC 9457).
 */
#include "dialect/native/native.h"

#include "domain/auth.h"

#define BEARER_MAX	512

enum err
v1_authenticate(struct call *c)
{
	struct str a = str_trim(c->request->authorization), key;

	if (!str_starts_nocase(a, STR("Bearer ")))
		return ERR_UNAUTHENTICATED;
	key = str_trim(str_sub(a, sizeof("Bearer ") - 1, a.n));
	if (key.n == 0 || key.n > BEARER_MAX)
		return ERR_UNAUTHENTICATED;
	return auth_key(&c->ctx, "native", key, c->request->host);
}

/* "card_not_found" -> "Card not found": made, so it cannot drift. */
static struct str
title_of(struct arena *a, const char *code)
{
	struct str s = str_of(code);
	char *t = arena_alloc(a, s.n + 1);
	size_t i;

	for (i = 0; i < s.n; i++)
		t[i] = s.p[i] == '_' ? ' ' : s.p[i];
	if (s.n > 0 && t[0] >= 'a' && t[0] <= 'z')
		t[0] = (char)(t[0] - 'a' + 'A');
	return (struct str){ t, s.n };
}

static void
put_items(struct json_out *o, const struct fail *fail)
{
	size_t i;

	json_arr(o, "errors");
	for (i = 0; i < fail->n; i++) {
		const struct fail_item *it = &fail->items[i];

		if (it->field == NULL || it->field[0] == '\0')
			continue;
		json_obj(o, NULL);
		json_str(o, "field", str_of(it->field));
		json_str(o, "code", str_of(it->code));
		json_str(o, "message", str_of(it->text));
		json_obj_end(o);
	}
	json_arr_end(o);
}

void
v1_encode_error(struct call *c, enum err err, const struct err_map *map)
{
	const struct fail *fail = &c->ctx.fail;
	const char *detail = map->text;
	struct json_out o;
	size_t i, named = 0;

	/* What a finding about the whole request says is more to the point. */
	for (i = fail->n; i-- > 0;) {
		if (fail->items[i].field != NULL &&
		    fail->items[i].field[0] != '\0')
			named++;
		else if (fail->items[i].text != NULL)
			detail = fail->items[i].text;
	}
	c->reply->status = map->status;
	/* The address exists; what a member of the body names does not. */
	if (map->status == 404 && named > 0)
		c->reply->status = 422;
	if (err == ERR_UNAUTHENTICATED)
		reply_header(c->reply, "WWW-Authenticate", STR("Bearer"));
	c->reply->content_type = "application/problem+json";

	json_begin(&o, &c->reply->body);
	json_obj(&o, NULL);
	json_str(&o, "type", str_printf(c->ctx.arena,
	    "urn:tessera:problem:%s", map->code));
	json_str(&o, "title", title_of(c->ctx.arena, map->code));
	json_i64(&o, "status", c->reply->status);
	json_str(&o, "detail", str_of(detail));
	json_str(&o, "code", str_of(map->code));
	json_str(&o, "request_id", str_hex(c->ctx.arena, c->ctx.request_id,
	    sizeof(c->ctx.request_id)));
	if (named > 0)
		put_items(&o, fail);
	json_obj_end(&o);
}
