#include "base/buf.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"

#define BUF_FIRST	((size_t)256)

void
buf_init(struct buf *b, struct arena *a, size_t max)
{
	assert(max < SIZE_MAX / 2);
	*b = (struct buf){ .arena = a, .max = max };
}

/*
 * Room for n more bytes and a NUL behind them (vsnprintf writes one). The
 * outgrown copy stays in the arena until that is wiped.
 */
static bool
buf_room(struct buf *b, size_t n)
{
	size_t cap = b->cap;
	char *p;

	if (b->full || n > b->max - b->n) {
		b->full = true;
		return false;
	}
	if (b->p != NULL && n <= cap - b->n)
		return true;
	if (cap == 0)
		cap = BUF_FIRST;
	while (cap - b->n < n)
		cap *= 2;
	if (cap > b->max)
		cap = b->max;
	p = arena_alloc(b->arena, cap + 1);
	if (b->n > 0)
		memcpy(p, b->p, b->n);
	b->p = p;
	b->cap = cap;
	return true;
}

void
buf_put(struct buf *b, struct str s)
{
	if (s.n == 0 || !buf_room(b, s.n))
		return;
	memcpy(b->p + b->n, s.p, s.n);
	b->n += s.n;
}

void
buf_putc(struct buf *b, char c)
{
	if (buf_room(b, 1))
		b->p[b->n++] = c;
}

void
buf_puts(struct buf *b, const char *s)
{
	buf_put(b, str_of(s));
}

void
buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap, again;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	assert(n >= 0);
	if (buf_room(b, (size_t)n)) {
		vsnprintf(b->p + b->n, (size_t)n + 1, fmt, again);
		b->n += (size_t)n;
	}
	va_end(again);
}

bool
buf_full(const struct buf *b)
{
	return b->full;
}

struct str
buf_str(const struct buf *b)
{
	return (struct str){ b->p != NULL ? b->p : "", b->n };
}
