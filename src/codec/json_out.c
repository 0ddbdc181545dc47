#include <assert.h>

#include "codec/json.h"

static void
start(struct json_out *o, const char *key)
{
	if (o->comma)
		buf_putc(o->buf, ',');
	o->comma = true;
	if (key != NULL) {
		buf_putc(o->buf, '"');
		buf_puts(o->buf, key);
		buf_put(o->buf, STR("\":"));
	}
}

static void
opening(struct json_out *o, const char *key, char c)
{
	start(o, key);
	buf_putc(o->buf, c);
	o->comma = false;
}

static void
closing(struct json_out *o, char c)
{
	buf_putc(o->buf, c);
	o->comma = true;
}

void
json_begin(struct json_out *o, struct buf *b)
{
	*o = (struct json_out){ b, false };
}

void
json_obj(struct json_out *o, const char *key)
{
	opening(o, key, '{');
}

void
json_obj_end(struct json_out *o)
{
	closing(o, '}');
}

void
json_arr(struct json_out *o, const char *key)
{
	opening(o, key, '[');
}

void
json_arr_end(struct json_out *o)
{
	closing(o, ']');
}

void
json_str(struct json_out *o, const char *key, struct str s)
{
	if (s.p == NULL)
		return;
	start(o, key);
	buf_putc(o->buf, '"');
	json_escape(o->buf, s);
	buf_putc(o->buf, '"');
}

void
json_i64(struct json_out *o, const char *key, int64_t v)
{
	char text[20], *end = text + sizeof(text), *p = end;
	uint64_t u = v < 0 ? -(uint64_t)v : (uint64_t)v;

	start(o, key);
	do {
		*--p = (char)('0' + u % 10);
		u /= 10;
	} while (u > 0);
	if (v < 0)
		*--p = '-';
	buf_put(o->buf, (struct str){ p, (size_t)(end - p) });
}

void
json_bool(struct json_out *o, const char *key, bool v)
{
	start(o, key);
	buf_puts(o->buf, v ? "true" : "false");
}

void
json_raw(struct json_out *o, const char *key, struct str s)
{
	if (s.p == NULL)
		return;
	assert(s.n > 0);
	start(o, key);
	buf_put(o->buf, s);
}

void
json_money(struct json_out *o, const char *key, struct money m)
{
	if (m.unit == NULL)
		return;
	json_obj(o, key);
	json_i64(o, "amount", m.minor);
	json_str(o, m.unit->currency ? "currency" : "unit",
	    str_of(m.unit->name));
	json_obj_end(o);
}

/* What a byte needs: 0 nothing, 'u' \u00xx, '8' a look at the UTF-8, else
 * a backslash and this letter. */
static const char escapes[256] = {
	[0x00] = 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u',
	[0x08] = 'b', 't', 'n', 'u', 'f', 'r', 'u', 'u',
	[0x10] = 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u',
	[0x18] = 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u',
	['"'] = '"', ['\\'] = '\\', [0x7f] = 'u',
#define EIGHT	'8', '8', '8', '8', '8', '8', '8', '8'
	[0x80] = EIGHT, EIGHT, EIGHT, EIGHT, EIGHT, EIGHT, EIGHT, EIGHT,
	[0xc0] = EIGHT, EIGHT, EIGHT, EIGHT, EIGHT, EIGHT, EIGHT, EIGHT
#undef EIGHT
};

static void
put_escape(struct buf *b, unsigned char c)
{
	static const char digits[] = "0123456789abcdef";
	char e = escapes[c];
	char text[6] = { '\\', e, '0', '0', digits[c >> 4], digits[c & 15] };

	if (e == '8')
		buf_put(b, STR("\xef\xbf\xbd"));
	else
		buf_put(b, (struct str){ text, e == 'u' ? 6 : 2 });
}

/* Runs that need nothing are copied in one go. */
void
json_escape(struct buf *b, struct str s)
{
	size_t from = 0, i = 0, n;

	while (i < s.n) {
		unsigned char c = (unsigned char)s.p[i];

		if (escapes[c] == 0) {
			i++;
			continue;
		}
		if (escapes[c] == '8' &&
		    (n = str_utf8_next(str_sub(s, i, s.n - i))) > 0) {
			i += n;
			continue;
		}
		buf_put(b, str_sub(s, from, i - from));
		put_escape(b, c);
		from = ++i;
	}
	buf_put(b, str_sub(s, from, s.n - from));
}
