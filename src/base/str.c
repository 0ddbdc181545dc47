#include "base/str.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"

struct str
str_of(const char *s)
{
	if (s == NULL)
		return STR_NONE;
	return (struct str){ s, strlen(s) };
}

bool
str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static unsigned char
lower(char c)
{
	unsigned char u = (unsigned char)c;

	return u >= 'A' && u <= 'Z' ? u + ('a' - 'A') : u;
}

static unsigned char
upper(char c)
{
	unsigned char u = (unsigned char)c;

	return u >= 'a' && u <= 'z' ? u - ('a' - 'A') : u;
}

bool
str_eq_nocase(struct str a, struct str b)
{
	return a.n == b.n && str_starts_nocase(a, b);
}

bool
str_starts_nocase(struct str s, struct str prefix)
{
	if (s.n < prefix.n)
		return false;
	for (size_t i = 0; i < prefix.n; i++)
		if (lower(s.p[i]) != lower(prefix.p[i]))
			return false;
	return true;
}

int
str_cmp(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n > 0 ? memcmp(a.p, b.p, n) : 0;

	if (c != 0)
		return c < 0 ? -1 : 1;
	return (a.n > b.n) - (a.n < b.n);
}

static bool
is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str
str_trim(struct str s)
{
	while (s.n > 0 && is_blank(s.p[s.n - 1]))
		s.n--;
	while (s.n > 0 && is_blank(s.p[0])) {
		s.p++;
		s.n--;
	}
	return s;
}

struct str
str_sub(struct str s, size_t from, size_t n)
{
	if (s.p == NULL)
		return STR_NONE;
	if (from > s.n)
		from = s.n;
	if (n > s.n - from)
		n = s.n - from;
	return (struct str){ s.p + from, n };
}

bool
str_find(struct str s, char c, size_t *ret_at)
{
	const char *at;

	if (s.n == 0 || (at = memchr(s.p, c, s.n)) == NULL)
		return false;
	*ret_at = (size_t)(at - s.p);
	return true;
}

struct str
str_dup(struct arena *a, struct str s)
{
	if (s.p == NULL)
		return STR_NONE;
	return (struct str){ str_cstr(a, s), s.n };
}

const char *
str_cstr(struct arena *a, struct str s)
{
	char *p = arena_alloc(a, s.n + 1);

	if (s.n > 0)
		memcpy(p, s.p, s.n);
	return p;
}

struct str
str_upper(struct arena *a, struct str s)
{
	char *p;

	if (s.p == NULL)
		return STR_NONE;
	p = arena_alloc(a, s.n + 1);
	for (size_t i = 0; i < s.n; i++)
		p[i] = (char)upper(s.p[i]);
	return (struct str){ p, s.n };
}

struct str
str_lower(struct arena *a, struct str s)
{
	char *p;

	if (s.p == NULL)
		return STR_NONE;
	p = arena_alloc(a, s.n + 1);
	for (size_t i = 0; i < s.n; i++)
		p[i] = (char)lower(s.p[i]);
	return (struct str){ p, s.n };
}

struct str
str_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap, again;
	char *p;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	assert(n >= 0);
	p = arena_alloc(a, (size_t)n + 1);
	vsnprintf(p, (size_t)n + 1, fmt, again);
	va_end(again);
	return (struct str){ p, (size_t)n };
}

/*
 * The first byte names the length and, for four lead bytes, a narrower range
 * of the second byte: that is what keeps out overlong forms, surrogates and
 * everything above U+10FFFF (Unicode, table 3-7).
 */
size_t
str_utf8_next(struct str s)
{
	const unsigned char *u = (const unsigned char *)s.p;
	unsigned char low = 0x80, high = 0xbf;
	size_t n;

	if (s.n == 0)
		return 0;
	if (u[0] < 0x80)
		return 1;
	if (u[0] < 0xc2 || u[0] > 0xf4)
		return 0;
	n = u[0] < 0xe0 ? 2 : u[0] < 0xf0 ? 3 : 4;
	if (u[0] == 0xe0)
		low = 0xa0;
	else if (u[0] == 0xed)
		high = 0x9f;
	else if (u[0] == 0xf0)
		low = 0x90;
	else if (u[0] == 0xf4)
		high = 0x8f;
	if (s.n < n || u[1] < low || u[1] > high)
		return 0;
	for (size_t i = 2; i < n; i++)
		if ((u[i] & 0xc0) != 0x80)
			return 0;
	return n;
}

bool
str_utf8_ok(struct str s)
{
	size_t n;

	while (s.n > 0) {
		if (*s.p == '\0' || (n = str_utf8_next(s)) == 0)
			return false;
		s.p += n;
		s.n -= n;
	}
	return true;
}

size_t
str_utf8_len(struct str s)
{
	size_t len = 0;

	for (size_t i = 0; i < s.n; i++)
		len += ((unsigned char)s.p[i] & 0xc0) != 0x80;
	return len;
}

struct str
str_utf8_head(struct str s, size_t n)
{
	size_t i = 0;

	while (i < s.n && (((unsigned char)s.p[i] & 0xc0) == 0x80 || n-- > 0))
		i++;
	return str_sub(s, 0, i);
}

/* Bytes of the first character if it may stay, else 0. */
static size_t
printable(struct str s)
{
	const unsigned char *u = (const unsigned char *)s.p;

	if (u[0] < 0x20)
		return u[0] == '\t' || u[0] == '\n' || u[0] == '\r';
	if (u[0] < 0x80)
		return 1;
	/* U+FFFE and U+FFFF. */
	if (u[0] == 0xef && s.n >= 3 && u[1] == 0xbf && u[2] >= 0xbe)
		return 0;
	return str_utf8_next(s);
}

/* Bytes that may stay before the first that may not. */
static size_t
printable_run(struct str s)
{
	size_t i = 0, n;

	while (i < s.n && (n = printable(str_sub(s, i, s.n))) > 0)
		i += n;
	return i;
}

struct str
str_printable(struct arena *a, struct str s)
{
	size_t run = printable_run(s), n = 0;
	char *p;

	if (run == s.n)
		return s;
	/* U+FFFD has three bytes. */
	p = arena_array(a, s.n + 1, 3);
	for (;;) {
		memcpy(p + n, s.p, run);
		n += run;
		if (run == s.n)
			return (struct str){ p, n };
		memcpy(p + n, "\xef\xbf\xbd", 3);
		n += 3;
		/* Of U+FFFE and U+FFFF all bytes go, of others one. */
		run += str_utf8_next(str_sub(s, run, s.n)) == 3 ? 3 : 1;
		s = str_sub(s, run, s.n);
		run = printable_run(s);
	}
}

/* Counts downwards, because INT64_MIN has no positive counterpart. */
bool
str_to_i64(struct str s, int64_t min, int64_t max, int64_t *ret)
{
	bool negative = s.n > 0 && s.p[0] == '-';
	int64_t v = 0;

	if (s.n == (size_t)negative)
		return false;
	for (size_t i = negative; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9' ||
		    __builtin_mul_overflow(v, 10, &v) ||
		    __builtin_sub_overflow(v, s.p[i] - '0', &v))
			return false;
	}
	if (!negative && __builtin_sub_overflow(0, v, &v))
		return false;
	if (v < min || v > max)
		return false;
	*ret = v;
	return true;
}

struct str
str_hex(struct arena *a, const void *bytes, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *u = bytes;
	char *p;

	assert(n < SIZE_MAX / 2);
	p = arena_alloc(a, 2 * n + 1);
	for (size_t i = 0; i < n; i++) {
		p[2 * i] = digits[u[i] >> 4];
		p[2 * i + 1] = digits[u[i] & 15];
	}
	return (struct str){ p, 2 * n };
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)lower(c);
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

bool
str_unhex(struct str s, void *ret, size_t n)
{
	unsigned char *u = ret;

	if (s.n % 2 != 0 || s.n / 2 != n)
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (hex_digit(s.p[i]) < 0)
			return false;
	for (size_t i = 0; i < n; i++)
		u[i] = (unsigned char)(hex_digit(s.p[2 * i]) << 4 |
		    hex_digit(s.p[2 * i + 1]));
	return true;
}

bool
str_percent(struct arena *a, struct str s, bool plus, struct str *ret)
{
	char *p = arena_alloc(a, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '%') {
			if (!str_unhex(str_sub(s, i + 1, 2), &p[n], 1))
				return false;
			i += 2;
		} else if (s.p[i] == '+' && plus)
			p[n] = ' ';
		else
			p[n] = s.p[i];
		n++;
	}
	*ret = (struct str){ p, n };
	return true;
}

bool
str_eq_consttime(struct str a, struct str b)
{
	volatile unsigned char differ = 0;

	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		differ |= (unsigned char)a.p[i] ^ (unsigned char)b.p[i];
	return differ == 0;
}
