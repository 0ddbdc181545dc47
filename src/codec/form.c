#include "codec/form.h"

#include <string.h>

#include "base/arena.h"

/* RFC 2046, section 5.1.1. */
#define BOUNDARY_MAX	70

/* Room behind the n parameters a form has for add more. */
static enum err
form_grow(struct arena *a, struct form *f, size_t add)
{
	struct form_param *params;

	if (add > FORM_PARAMS_MAX || f->n > FORM_PARAMS_MAX - add)
		return ERR_BAD_REQUEST;
	params = arena_array(a, f->n + add, sizeof(*params));
	if (f->n > 0)
		memcpy(params, f->params, f->n * sizeof(*params));
	f->params = params;
	return ERR_OK;
}

static bool
decode(struct arena *a, struct str raw, struct str *ret)
{
	return str_percent(a, raw, true, ret) && str_utf8_ok(*ret);
}

/* What stands before the next c; s is left with what stands behind it. */
static struct str
cut(struct str *s, char c)
{
	struct str head = *s;
	size_t at;

	if (str_find(*s, c, &at)) {
		head.n = at;
		*s = str_sub(*s, at + 1, s->n);
	} else
		*s = str_sub(*s, s->n, 0);
	return head;
}

/* Pairs between '&', those of "&&" not counted; stops beyond the limit. */
static size_t
count_pairs(struct str s)
{
	size_t n = 0;

	while (s.n > 0 && n <= FORM_PARAMS_MAX)
		n += cut(&s, '&').n > 0;
	return n;
}

enum err
form_read_urlencoded(struct arena *a, struct str s, struct form *form)
{
	struct form f = *form;

	TRY(form_grow(a, &f, count_pairs(s)));
	while (s.n > 0) {
		struct str value = cut(&s, '&'), name;
		struct form_param *p;

		if (value.n == 0)
			continue;
		p = &f.params[f.n++];
		name = cut(&value, '=');
		if (!decode(a, name, &p->name) || !decode(a, value, &p->value))
			return ERR_BAD_REQUEST;
	}
	*form = f;
	return ERR_OK;
}

/*
 * What stands between quotes, without its backslashes; s is left with what
 * follows. Room is taken for the text alone: a line of a million of them must
 * not ask for a million times its length.
 */
static bool
unquote(struct arena *a, struct str *s, struct str *ret)
{
	size_t n = 0, end = 1;
	char *p;

	while (end < s->n && s->p[end] != '"')
		end += s->p[end] == '\\' && end + 1 < s->n ? 2 : 1;
	if (end >= s->n)
		return false;
	p = arena_alloc(a, end);
	for (size_t i = 1; i < end; i++) {
		if (s->p[i] == '\\')
			i++;
		p[n++] = s->p[i];
	}
	*ret = (struct str){ p, n };
	*s = str_sub(*s, end + 1, s->n);
	return true;
}

/*
 * A header's value after the media type: the next "; name=value", a quoted
 * value without quotes and backslashes. False at the end or where the text
 * makes no sense.
 */
static bool
next_param(struct arena *a, struct str *s, struct str *ret_name,
    struct str *ret_value)
{
	size_t i = 0;

	cut(s, ';');
	*s = str_trim(*s);
	if (!str_find(*s, '=', &i))
		return false;
	*ret_name = str_trim(cut(s, '='));
	*s = str_trim(*s);
	if (s->n > 0 && *s->p == '"')
		return unquote(a, s, ret_value);
	i = 0;
	while (i < s->n && s->p[i] != ';')
		i++;
	*ret_value = str_trim(str_sub(*s, 0, i));
	*s = str_sub(*s, i, s->n);
	return true;
}

struct str
media_type(struct arena *a, struct str content_type)
{
	return str_lower(a, str_trim(cut(&content_type, ';')));
}

struct str
media_param(struct arena *a, struct str content_type, const char *wanted)
{
	struct str name, value;

	while (next_param(a, &content_type, &name, &value))
		if (str_eq_nocase(name, str_of(wanted)))
			return value;
	return STR_NONE;
}

/* Up to where the mark begins; s is left with what follows it. */
static bool
cut_at(struct str *s, struct str mark, struct str *ret)
{
	const char *at = s->n == 0 ? NULL :
	    memmem(s->p, s->n, mark.p, mark.n);

	if (at == NULL)
		return false;
	*ret = (struct str){ s->p, (size_t)(at - s->p) };
	*s = str_sub(*s, ret->n + mark.n, s->n);
	return true;
}

/* The name of a part; a file, or coding we do not undo, is refused. */
static enum err
part_header(struct arena *a, struct str line, struct str *ret_name)
{
	struct str name, value, type;
	size_t at;

	if (!str_find(line, ':', &at))
		return ERR_BAD_REQUEST;
	name = str_trim(cut(&line, ':'));
	value = str_trim(line);
	type = media_type(a, value);
	if (str_eq_nocase(name, STR("Content-Transfer-Encoding")))
		return str_eq(type, STR("7bit")) || str_eq(type, STR("8bit")) ||
		    str_eq(type, STR("binary")) ? ERR_OK : ERR_BAD_REQUEST;
	if (str_eq_nocase(name, STR("Content-Type")))
		return str_starts_nocase(type, STR("multipart/")) ?
		    ERR_BAD_REQUEST : ERR_OK;
	if (!str_eq_nocase(name, STR("Content-Disposition")))
		return ERR_OK;
	if (ret_name->p != NULL || !str_eq(type, STR("form-data")) ||
	    media_param(a, value, "filename").p != NULL ||
	    media_param(a, value, "filename*").p != NULL)
		return ERR_BAD_REQUEST;
	*ret_name = media_param(a, value, "name");
	return ret_name->p != NULL ? ERR_OK : ERR_BAD_REQUEST;
}

/* Headers and an empty line; part is left with the value behind them. */
static enum err
read_headers(struct arena *a, struct str *part, struct str *ret_name)
{
	struct str line, name = STR_NONE;

	for (;;) {
		if (!cut_at(part, STR("\r\n"), &line))
			return ERR_BAD_REQUEST;
		if (line.n == 0)
			break;
		TRY(part_header(a, line, &name));
	}
	if (name.p == NULL)
		return ERR_BAD_REQUEST;
	*ret_name = name;
	return ERR_OK;
}

static enum err
read_part(struct arena *a, struct str part, struct form_param *ret)
{
	struct str name;

	TRY(read_headers(a, &part, &name));
	if (!str_utf8_ok(name) || !str_utf8_ok(part))
		return ERR_BAD_REQUEST;
	*ret = (struct form_param){ str_dup(a, name), str_dup(a, part) };
	return ERR_OK;
}

/*
 * Parts stand between lines of "--boundary", the last one "--boundary--"; what
 * stands before the first and after the last means nothing. Finds what ends a
 * part, and leaves body behind the first boundary.
 */
static enum err
first_part(struct arena *a, struct str content_type, struct str *body,
    struct str *ret_mark)
{
	struct str boundary = media_param(a, content_type, "boundary");
	struct str mark, first, before;

	if (boundary.n == 0 || boundary.n > BOUNDARY_MAX ||
	    !str_utf8_ok(boundary))
		return ERR_BAD_REQUEST;
	mark = str_printf(a, "\r\n--%.*s", STR_ARG(boundary));
	first = str_sub(mark, 2, mark.n);
	if (body->n >= first.n && str_eq(str_sub(*body, 0, first.n), first))
		*body = str_sub(*body, first.n, body->n);
	else if (!cut_at(body, mark, &before))
		return ERR_BAD_REQUEST;
	*ret_mark = mark;
	return ERR_OK;
}

/* The part that follows; no *ret_more: there is none. */
static enum err
next_part(struct str *body, struct str mark, bool *ret_more,
    struct str *ret_part)
{
	struct str line;

	*ret_more = !str_eq(str_sub(*body, 0, 2), STR("--"));
	if (!*ret_more)
		return ERR_OK;
	if (!cut_at(body, STR("\r\n"), &line) || str_trim(line).n != 0)
		return ERR_BAD_REQUEST;
	/* The line's end may be the mark's beginning: an empty part has
	 * neither headers nor a value. */
	return cut_at(body, mark, ret_part) ? ERR_OK : ERR_BAD_REQUEST;
}

enum err
form_read_multipart(struct arena *a, struct str content_type, struct str body,
    struct form *form)
{
	struct form f = *form;
	struct str mark, part;
	bool more;

	TRY(first_part(a, content_type, &body, &mark));
	TRY(form_grow(a, &f, FORM_PARAMS_MAX - f.n));
	for (;;) {
		TRY(next_part(&body, mark, &more, &part));
		if (!more)
			break;
		if (f.n == FORM_PARAMS_MAX)
			return ERR_BAD_REQUEST;
		TRY(read_part(a, part, &f.params[f.n]));
		f.n++;
	}
	*form = f;
	return ERR_OK;
}

enum err
form_read_body(struct arena *a, struct str content_type, struct str body,
    struct form *f)
{
	struct str type = media_type(a, content_type);

	if (body.n == 0)
		return ERR_OK;
	if (str_eq(type, STR("application/x-www-form-urlencoded")))
		return form_read_urlencoded(a, body, f);
	if (str_eq(type, STR("multipart/form-data")))
		return form_read_multipart(a, content_type, body, f);
	return ERR_UNSUPPORTED_MEDIA_TYPE;
}

/* Undo %xx and '+'; what is no escape stays as it is. */
static struct str
unescape(struct arena *a, struct str s)
{
	char *p = arena_alloc(a, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++, n++) {
		if (s.p[i] == '%' && str_unhex(str_sub(s, i + 1, 2), &p[n], 1))
			i += 2;
		else
			p[n] = s.p[i] == '+' ? ' ' : s.p[i];
	}
	return str_printable(a, (struct str){ p, n });
}

/* Each text has a limit of its own: one must not push out the other. */
static void
lenient_room(struct arena *a, struct form *f, size_t add)
{
	struct form_param *params =
	    arena_array(a, f->n + add, sizeof(*params));

	if (f->n > 0)
		memcpy(params, f->params, f->n * sizeof(*params));
	f->params = params;
}

void
form_lenient_urlencoded(struct arena *a, struct str s, struct form *f)
{
	size_t max = count_pairs(s), n = 0;

	if (max > FORM_PARAMS_MAX)
		max = FORM_PARAMS_MAX;
	lenient_room(a, f, max);
	while (n < max) {
		struct str value = cut(&s, '&'), name;

		if (value.n == 0)
			continue;
		name = cut(&value, '=');
		f->params[f->n++] = (struct form_param){ unescape(a, name),
		    unescape(a, value) };
		n++;
	}
}

void
form_lenient_multipart(struct arena *a, struct str content_type,
    struct str body, struct form *f)
{
	struct str mark, part, name;
	bool more;

	if (first_part(a, content_type, &body, &mark) != ERR_OK)
		return;
	lenient_room(a, f, FORM_PARAMS_MAX);
	for (size_t n = 0; n < FORM_PARAMS_MAX; ) {
		if (next_part(&body, mark, &more, &part) != ERR_OK || !more)
			return;
		if (read_headers(a, &part, &name) != ERR_OK)
			continue;
		f->params[f->n++] = (struct form_param){
		    str_printable(a, str_dup(a, name)),
		    str_printable(a, str_dup(a, part)) };
		n++;
	}
}

void
form_lenient_body(struct arena *a, struct str content_type, struct str body,
    struct form *f)
{
	struct str type = media_type(a, content_type);

	if (str_eq(type, STR("application/x-www-form-urlencoded")))
		form_lenient_urlencoded(a, body, f);
	else if (str_eq(type, STR("multipart/form-data")))
		form_lenient_multipart(a, content_type, body, f);
}

struct str
form_get(const struct form *f, const char *name)
{
	for (size_t i = 0; i < f->n; i++)
		if (str_eq(f->params[i].name, str_of(name)))
			return f->params[i].value;
	return STR_NONE;
}

struct str
form_get_nocase(const struct form *f, const char *name)
{
	for (size_t i = 0; i < f->n; i++)
		if (str_eq_nocase(f->params[i].name, str_of(name)))
			return f->params[i].value;
	return STR_NONE;
}

struct str
form_get_last(const struct form *f, const char *name)
{
	for (size_t i = f->n; i > 0; i--)
		if (str_eq(f->params[i - 1].name, str_of(name)))
			return f->params[i - 1].value;
	return STR_NONE;
}
