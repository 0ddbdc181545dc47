#include "base/log.h"

#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/date.h"

/* A pipe takes this much in one piece. */
#define LINE_MAX_BYTES	4096
#define VALUE_MAX	1024
/* Kept free for the mark of a shortened line and its end. */
static const char closing[] = ",\"truncated\":true}\n";

struct line {
	char	text[LINE_MAX_BYTES];
	size_t	n;
	bool	truncated;
};

static const char *const level_names[] = {
	[LOG_ERROR] = "error",
	[LOG_WARNING] = "warning",
	[LOG_INFO] = "info",
	[LOG_DEBUG] = "debug"
};

static bool
put(struct line *l, const char *p, size_t n)
{
	if (n > sizeof(l->text) - sizeof(closing) - l->n) {
		l->truncated = true;
		return false;
	}
	memcpy(l->text + l->n, p, n);
	l->n += n;
	return true;
}

/* One code point, or one byte of what is not UTF-8. */
static bool
put_escaped(struct line *l, const char *p, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char c = (unsigned char)*p;
	char u[6] = { '\\', 'u', '0', '0', digits[c >> 4], digits[c & 15] };

	if (n == 0)
		return put(l, "\xef\xbf\xbd", 3);
	if (c == '"' || c == '\\')
		return put(l, (char[]){ '\\', *p }, 2);
	if (c == '\n')
		return put(l, "\\n", 2);
	if (c < 0x20 || c == 0x7f)
		return put(l, u, sizeof(u));
	return put(l, p, n);
}

static bool
put_string(struct line *l, const char *value)
{
	struct str s = str_of(value);

	if (s.n > VALUE_MAX) {
		s.n = VALUE_MAX;
		l->truncated = true;
	}
	if (!put(l, "\"", 1))
		return false;
	while (s.n > 0) {
		size_t n = str_utf8_next(s), step = n > 0 ? n : 1;

		if (!put_escaped(l, s.p, n))
			return false;
		s = str_sub(s, step, s.n - step);
	}
	return put(l, "\"", 1);
}

/* A pair that does not fit is left out whole: the line stays JSON. */
static void
put_pair(struct line *l, const char *name, const char *value)
{
	size_t before = l->n;

	if (!put(l, l->n == 0 ? "{" : ",", 1) || !put_string(l, name) ||
	    !put(l, ":", 1) || !put_string(l, value))
		l->n = before;
}

void
log_line(const struct log *log, enum log_level level, const char *event, ...)
{
	struct line l = { .n = 0 };
	char now[INSTANT_TEXT];
	const char *name, *value;
	va_list ap;
	ssize_t done;

	if (level > log->level)
		return;
	instant_print(now, clock_system.wall_us(&clock_system));
	put_pair(&l, "time", now);
	put_pair(&l, "level", level_names[level]);
	put_pair(&l, "event", event);
	va_start(ap, event);
	while ((name = va_arg(ap, const char *)) != NULL) {
		value = va_arg(ap, const char *);
		if (value != NULL)
			put_pair(&l, name, value);
	}
	va_end(ap);
	if (l.truncated) {
		memcpy(l.text + l.n, closing, sizeof(closing) - 1);
		l.n += sizeof(closing) - 1;
	} else {
		memcpy(l.text + l.n, "}\n", 2);
		l.n += 2;
	}
	/* A log that cannot be written has nowhere to complain. */
	done = write(log->fd, l.text, l.n);
	(void)done;
}

struct str
log_mask(struct arena *a, struct str s)
{
	char *p;

	if (s.p == NULL)
		return STR_NONE;
	p = arena_alloc(a, s.n + 1);
	memset(p, '*', s.n);
	if (s.n >= 8) {
		memcpy(p, s.p, 2);
		memcpy(p + s.n - 2, s.p + s.n - 2, 2);
	}
	return (struct str){ p, s.n };
}

bool
log_level_parse(struct str s, enum log_level *ret)
{
	for (size_t i = 0; i < sizeof(level_names) / sizeof(*level_names);
	    i++) {
		if (str_eq(s, str_of(level_names[i]))) {
			*ret = (enum log_level)i;
			return true;
		}
	}
	return false;
}
