/*
 * What goes out: the frame of every answer.
 */
#include "dialect/native/native.h"

struct json_out
v1_reply(struct call *c, int status)
{
	struct json_out o;

	c->reply->status = status;
	c->reply->content_type = "application/json";
	json_begin(&o, &c->reply->body);
	return o;
}

enum err
v1_reply_end(struct call *c)
{
	return buf_full(&c->reply->body) ? ERR_INTERNAL : ERR_OK;
}

enum err
v1_no_content(struct call *c)
{
	c->reply->status = 204;
	c->reply->content_type = NULL;
	return ERR_OK;
}

static bool
unreserved(char ch)
{
	return (ch >= '0' && ch <= '9') || (ch >= 'A' && ch <= 'Z') ||
	    (ch >= 'a' && ch <= 'z') || ch == '-' || ch == '.' ||
	    ch == '_' || ch == '~';
}

void
v1_location(struct call *c, const char *prefix, struct str name)
{
	struct buf b;
	size_t i;

	buf_init(&b, c->ctx.arena, 1024);
	buf_puts(&b, prefix);
	for (i = 0; i < name.n; i++) {
		if (unreserved(name.p[i]))
			buf_putc(&b, name.p[i]);
		else
			buf_printf(&b, "%%%02X", (unsigned char)name.p[i]);
	}
	if (!buf_full(&b))
		reply_header(c->reply, "Location", buf_str(&b));
}

struct json_out
v1_list(struct call *c)
{
	struct json_out o = v1_reply(c, 200);

	json_obj(&o, NULL);
	json_arr(&o, "items");
	return o;
}

enum err
v1_list_end(struct call *c, struct json_out *o, struct str next)
{
	json_arr_end(o);
	json_str(o, "next_cursor", next);
	json_obj_end(o);
	return v1_reply_end(c);
}

void
v1_put_instant(struct call *c, struct json_out *o, const char *key,
    int64_t us)
{
	if (us != 0)
		json_str(o, key, instant_rfc3339(c->ctx.arena, us));
}

void
v1_put_date(struct call *c, struct json_out *o, const char *key,
    struct date d)
{
	if (d.year != 0)
		json_str(o, key, date_iso(c->ctx.arena, d));
}

void
v1_put_unit(struct json_out *o, const struct unit *u)
{
	json_str(o, u->currency ? "currency" : "unit", str_of(u->name));
}

void
v1_put_split(struct json_out *o, const char *key, struct str list)
{
	size_t at;

	if (list.p == NULL)
		return;
	json_arr(o, key);
	while (list.n > 0) {
		if (!str_find(list, ',', &at))
			at = list.n;
		json_str(o, NULL, str_sub(list, 0, at));
		list = str_sub(list, at + 1, list.n);
	}
	json_arr_end(o);
}
