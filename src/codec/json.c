/* json-c has a type of a name that is a function here. */
#define json_bool	json_c_bool
#include <json-c/json.h>
#include <json-c/printbuf.h>
#undef json_bool

#include "codec/json.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "codec/json_scan.h"

#define ELEMENT_LEN_MAX	255	/* of FIELD_STRS */

/* One member on its way into a struct. */
struct member {
	struct arena		*arena;
	struct fail		*fail;
	const struct field	*field;
	const char		*path;
	struct json_object	*value;		/* NULL is JSON's null */
	void			*dst;		/* the member of the struct */
};

static bool	read_object(struct arena *, struct json_object *,
		    const struct field *, size_t n, void *dst,
		    const char *path, struct fail *);

/* All findings end here; false, so that a reader can return it. */
static bool
wrong(struct fail *f, const char *path, const char *code, const char *text)
{
	return fail_add(f, ERR_INVALID, path, code, text) == ERR_OK;
}

static bool
wrong_type(const struct member *m, const char *text)
{
	return wrong(m->fail, m->path, "type", text);
}

static bool
check_size(const struct member *m, int64_t n, int64_t min, int64_t max,
    const char *what)
{
	if (n < min)
		return wrong(m->fail, m->path, "too_short",
		    str_printf(m->arena, "Give at least %lld %s%s.",
		    (long long)min, what, min == 1 ? "" : "s").p);
	if (n > max)
		return wrong(m->fail, m->path, "too_long",
		    str_printf(m->arena, "Give at most %lld %s%s.",
		    (long long)max, what, max == 1 ? "" : "s").p);
	return true;
}

/* Line feeds and tabs apart, nothing of Unicode's class Cc. */
static bool
has_control(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7f)
			return true;
		if (c == 0xc2 && (unsigned char)s.p[i + 1] < 0xa0)
			return true;
	}
	return false;
}

static struct str
text_of(struct json_object *o)
{
	return (struct str){ json_object_get_string(o),
	    (size_t)json_object_get_string_len(o) };
}

static bool
read_text(const struct member *m, int64_t min, int64_t max, struct str *ret)
{
	struct str s;

	if (!json_object_is_type(m->value, json_type_string))
		return wrong_type(m, "Give a string.");
	s = text_of(m->value);
	if (!check_size(m, (int64_t)str_utf8_len(s), min, max, "character"))
		return false;
	if (has_control(s))
		return wrong(m->fail, m->path, "invalid",
		    "Remove the control characters.");
	*ret = str_dup(m->arena, s);
	return true;
}

static bool
read_i64(const struct member *m, int64_t min, int64_t max, int64_t *ret)
{
	int64_t v;

	if (!json_object_is_type(m->value, json_type_int))
		return wrong_type(m,
		    "Give a whole number without quotes, point or exponent.");
	v = json_object_get_int64(m->value);
	if (v < min || v > max)
		return wrong(m->fail, m->path, "out_of_range",
		    str_printf(m->arena, "Give a number from %lld to %lld.",
		    (long long)min, (long long)max).p);
	*ret = v;
	return true;
}

static bool
read_bool(const struct member *m)
{
	if (!json_object_is_type(m->value, json_type_boolean))
		return wrong_type(m, "Give true or false.");
	*(bool *)m->dst = json_object_get_boolean(m->value);
	return true;
}

static bool
read_date(const struct member *m)
{
	if (!json_object_is_type(m->value, json_type_string))
		return wrong_type(m, "Give a date as a string: YYYY-MM-DD.");
	if (!date_parse_iso(text_of(m->value), m->dst))
		return wrong(m->fail, m->path, "invalid",
		    "Give a day of the calendar as YYYY-MM-DD.");
	return true;
}

static bool
read_json(const struct member *m)
{
	size_t n;
	const char *p = json_object_to_json_string_length(m->value,
	    JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &n);

	*(struct str *)m->dst = str_dup(m->arena, (struct str){ p, n });
	return true;
}

/* What the currency or unit of an amount names. */
static bool
read_unit(const struct member *m, bool currency, const struct unit **ret)
{
	const struct unit *u;

	if (!json_object_is_type(m->value, json_type_string))
		return wrong_type(m, "Give a string.");
	u = unit_by_name(text_of(m->value));
	if (u == NULL || u->currency != currency)
		return wrong(m->fail, m->path, "invalid", currency ?
		    "Give a currency code of ISO 4217, such as EUR." :
		    "Give one of points, stamps, rewards, visits, credits.");
	*ret = u;
	return true;
}

static bool
read_money_member(const struct member *of, const char *name,
    struct json_object *value, struct money *ret)
{
	struct member m = *of;

	m.path = json_path(m.arena, of->path, str_of(name));
	m.value = value;
	if (strcmp(name, "amount") == 0)
		return read_i64(&m, of->field->min, of->field->max,
		    &ret->minor);
	if (strcmp(name, "currency") == 0)
		return read_unit(&m, true, &ret->unit);
	if (strcmp(name, "unit") == 0)
		return read_unit(&m, false, &ret->unit);
	return wrong(m.fail, m.path, "unknown",
	    "Remove this member: an amount has none of this name.");
}

static bool
read_money(const struct member *m)
{
	struct money v = { 0, NULL };
	bool currency, unit, ok = true;

	if (!json_object_is_type(m->value, json_type_object))
		return wrong_type(m,
		    "Give an object with amount and currency, or unit.");
	json_object_object_foreach(m->value, name, value)
		ok &= read_money_member(m, name, value, &v);
	if (!json_object_object_get_ex(m->value, "amount", NULL))
		ok = wrong(m->fail,
		    json_path(m->arena, m->path, STR("amount")), "required",
		    "Give the amount in minor units.");
	currency = json_object_object_get_ex(m->value, "currency", NULL);
	unit = json_object_object_get_ex(m->value, "unit", NULL);
	if (!currency && !unit)
		ok = wrong(m->fail,
		    json_path(m->arena, m->path, STR("currency")), "required",
		    "Give the currency, or the unit.");
	if (currency && unit)
		ok = wrong(m->fail, m->path, "invalid",
		    "Give the currency or the unit, not both.");
	if (ok)
		*(struct money *)m->dst = v;
	return ok;
}

/* An array within the limits of its field; its length. */
static bool
array_len(const struct member *m, size_t *ret)
{
	if (!json_object_is_type(m->value, json_type_array))
		return wrong_type(m, "Give an array.");
	*ret = json_object_array_length(m->value);
	return check_size(m, (int64_t)*ret, m->field->min, m->field->max,
	    "element");
}

static bool
read_array(const struct member *m)
{
	const struct field *f = m->field;
	struct field_array v;
	bool ok = true;

	if (!array_len(m, &v.n))
		return false;
	v.items = arena_array(m->arena, v.n, f->sub_size);
	for (size_t i = 0; i < v.n; i++) {
		struct member e = *m;

		e.value = json_object_array_get_idx(m->value, i);
		e.path = json_path_at(m->arena, m->path, i);
		if (!json_object_is_type(e.value, json_type_object))
			ok = wrong_type(&e, "Give an object.");
		else
			ok &= read_object(m->arena, e.value, f->sub, f->n_sub,
			    (char *)v.items + i * f->sub_size, e.path, m->fail);
	}
	if (ok)
		*(struct field_array *)m->dst = v;
	return ok;
}

static bool
read_strs(const struct member *m)
{
	struct field_array v;
	struct str *items;
	bool ok = true;

	if (!array_len(m, &v.n))
		return false;
	v.items = items = arena_array(m->arena, v.n, sizeof(*items));
	for (size_t i = 0; i < v.n; i++) {
		struct member e = *m;

		e.value = json_object_array_get_idx(m->value, i);
		e.path = json_path_at(m->arena, m->path, i);
		ok &= read_text(&e, 1, ELEMENT_LEN_MAX, &items[i]);
	}
	if (ok)
		*(struct field_array *)m->dst = v;
	return ok;
}

static bool
read_empty(const struct member *m)
{
	static const size_t sizes[] = {
		[FIELD_STR] = sizeof(struct str),
		[FIELD_I64] = sizeof(int64_t),
		[FIELD_BOOL] = sizeof(bool),
		[FIELD_MONEY] = sizeof(struct money),
		[FIELD_DATE] = sizeof(struct date),
		[FIELD_JSON] = sizeof(struct str),
		[FIELD_ARRAY] = sizeof(struct field_array),
		[FIELD_STRS] = sizeof(struct field_array)
	};

	if ((m->field->flags & NULLABLE) == 0)
		return wrong_type(m, "Give a value, or leave this member out.");
	memset(m->dst, 0, sizes[m->field->kind]);
	return true;
}

static bool
read_member(const struct member *m)
{
	const struct field *f = m->field;

	if (m->value == NULL)
		return read_empty(m);
	switch (f->kind) {
	case FIELD_STR:
		return read_text(m, f->min, f->max, m->dst);
	case FIELD_I64:
		return read_i64(m, f->min, f->max, m->dst);
	case FIELD_BOOL:
		return read_bool(m);
	case FIELD_MONEY:
		return read_money(m);
	case FIELD_DATE:
		return read_date(m);
	case FIELD_JSON:
		return read_json(m);
	case FIELD_ARRAY:
		return read_array(m);
	case FIELD_STRS:
		return read_strs(m);
	}
	abort();
}

static const struct field *
field_find(const struct field *fields, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(fields[i].name, name) == 0)
			return &fields[i];
	return NULL;
}

static bool
read_object(struct arena *a, struct json_object *o, const struct field *fields,
    size_t n, void *dst, const char *path, struct fail *fail)
{
	bool ok = true;

	json_object_object_foreach(o, name, value) {
		const struct field *f = field_find(fields, n, name);
		struct member m = { a, fail, f, NULL, value, NULL };

		/* Most are top members and right: no text is made for them. */
		m.path = f != NULL && *path == '\0' ? f->name :
		    json_path(a, path, str_of(name));
		if (f == NULL) {
			ok = wrong(fail, m.path, "unknown",
			    "Remove this member: there is none of this name.");
			continue;
		}
		m.dst = (char *)dst + f->offset;
		if (!read_member(&m))
			ok = false;
		else if (f->present != FIELD_NO_PRESENT)
			*(bool *)((char *)dst + f->present) = true;
	}
	for (size_t i = 0; i < n; i++)
		if ((fields[i].flags & REQUIRED) != 0 &&
		    !json_object_object_get_ex(o, fields[i].name, NULL))
			ok = wrong(fail,
			    json_path(a, path, str_of(fields[i].name)),
			    "required", "Give this member.");
	return ok;
}

/* Strings may be passwords: none stays behind in the heap. */
static void
wipe(struct json_object *o)
{
	struct str s;

	if (json_object_is_type(o, json_type_object)) {
		json_object_object_foreach(o, name, value) {
			(void)name;
			wipe(value);
		}
	} else if (json_object_is_type(o, json_type_array)) {
		for (size_t i = 0; i < json_object_array_length(o); i++)
			wipe(json_object_array_get_idx(o, i));
	} else if (json_object_is_type(o, json_type_string)) {
		s = text_of(o);
		explicit_bzero((void *)(uintptr_t)s.p, s.n);
	}
}

static void
discard(void *o)
{
	wipe(o);
	json_object_put(o);
}

/*
 * The tree of a scanned document, NULL if json-c will not have it. Its depth
 * counts the values inside the innermost container too.
 */
static struct json_object *
parse(struct arena *a, struct str doc)
{
	struct json_tokener *tok = json_tokener_new_ex(JSON_DEPTH_MAX + 1);
	struct json_object *o;
	enum json_tokener_error e;

	if (tok == NULL)
		abort();
	json_tokener_set_flags(tok,
	    JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	o = json_tokener_parse_ex(tok, doc.p, (int)doc.n);
	e = json_tokener_get_error(tok);
	explicit_bzero(tok->pb->buf, (size_t)tok->pb->size);
	json_tokener_free(tok);
	if (o != NULL)
		arena_defer(a, discard, o);
	return e == json_tokener_success ? o : NULL;
}

enum err
json_read(struct arena *a, struct str text, const struct field *fields,
    size_t n, void *dst, struct fail *fail)
{
	struct str doc;
	struct json_object *o;

	if (text.n > INT_MAX)
		return fail_add(fail, ERR_BAD_REQUEST, "", "too_long",
		    "Send a smaller document.");
	TRY(json_scan(a, text, &doc, fail));
	o = parse(a, doc);
	if (!json_object_is_type(o, json_type_object))
		return fail_add(fail, ERR_BAD_REQUEST, "", "type",
		    "Send a JSON object.");
	return read_object(a, o, fields, n, dst, "", fail) ? ERR_OK :
	    ERR_INVALID;
}
