#include <string.h>

#include "base/arena.h"
#include "cli/csv.h"

void
csv_begin(struct csv *c, struct arena *arena, struct str text)
{
	memset(c, 0, sizeof(*c));
	c->arena = arena;
	c->text = text;
	c->line = 1;
	if (text.n >= 3 && memcmp(text.p, "\xef\xbb\xbf", 3) == 0)
		c->at = 3;
}

static bool
at_end(const struct csv *c)
{
	return c->at >= c->text.n;
}

/* Step over a line's end; false when there is none here. */
static bool
skip_eol(struct csv *c)
{
	size_t at = c->at;

	if (at < c->text.n && c->text.p[at] == '\r')
		at++;
	if (at >= c->text.n || c->text.p[at] != '\n')
		return false;
	c->at = at + 1;
	c->line++;
	return true;
}

/* After the opening quote. */
static struct str
quoted(struct csv *c, const char **error)
{
	char *out;
	size_t from = c->at, to = from, n = 0;

	/* Find the end first, to know how much memory it takes. */
	while (to < c->text.n && (c->text.p[to] != '"' ||
	    (to + 1 < c->text.n && c->text.p[to + 1] == '"')))
		to += c->text.p[to] == '"' ? 2 : 1;
	if (to >= c->text.n) {
		*error = "a quote is not closed";
		c->at = c->text.n;
		return STR_NONE;
	}
	out = arena_alloc(c->arena, to - from + 1);
	for (size_t i = from; i < to; i++) {
		if (c->text.p[i] == '\n')
			c->line++;
		if (c->text.p[i] == '"')
			i++;
		out[n++] = c->text.p[i];
	}
	c->at = to + 1;
	return (struct str){ out, n };
}

static struct str
plain(struct csv *c, const char **error)
{
	size_t from = c->at;

	while (!at_end(c) && c->text.p[c->at] != ',' &&
	    c->text.p[c->at] != '\n') {
		if (c->text.p[c->at] == '"')
			*error = "a quote inside a field that is not quoted";
		c->at++;
	}
	if (c->at > from && !at_end(c) && c->text.p[c->at] == '\n' &&
	    c->text.p[c->at - 1] == '\r')
		c->at--;
	return (struct str){ c->text.p + from, c->at - from };
}

static void
skip_line(struct csv *c)
{
	while (!at_end(c) && c->text.p[c->at] != '\n')
		c->at++;
	(void)skip_eol(c);
}

bool
csv_next(struct csv *c, struct csv_record *ret)
{
	struct str field;

	while (skip_eol(c))
		;
	memset(ret, 0, sizeof(*ret));
	ret->line = c->line;
	if (at_end(c))
		return false;
	for (;;) {
		if (!at_end(c) && c->text.p[c->at] == '"') {
			c->at++;
			field = quoted(c, &ret->error);
		} else
			field = plain(c, &ret->error);
		if (ret->n == CSV_FIELDS_MAX)
			ret->error = "too many fields";
		else
			ret->fields[ret->n++] = field;
		if (at_end(c) || skip_eol(c))
			break;
		if (c->text.p[c->at] != ',') {
			ret->error = "text after a closing quote";
			skip_line(c);
			break;
		}
		c->at++;
	}
	return true;
}

void
csv_put(struct buf *b, struct str s, bool last)
{
	bool quote = false;

	for (size_t i = 0; i < s.n; i++)
		if (strchr("\",\r\n", s.p[i]) != NULL)
			quote = true;
	if (quote)
		buf_putc(b, '"');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"')
			buf_putc(b, '"');
		buf_putc(b, s.p[i]);
	}
	if (quote)
		buf_putc(b, '"');
	buf_puts(b, last ? "\r\n" : ",");
}
