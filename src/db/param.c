#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "db/db.h"

/* Text form of arrays and records: PostgreSQL manual 8.15.6 and 8.16.6. */

#define ARRAY_MAX	(64u << 20)

void
db_params_init(struct db_params *p, struct arena *arena)
{
	memset(p, 0, sizeof(*p));
	p->arena = arena;
}

static void
add(struct db_params *p, const char *v)
{
	assert(p->n < DB_PARAMS_MAX);
	p->v[p->n++] = v;
}

static bool
has_nul(struct str s)
{
	return s.n > 0 && memchr(s.p, '\0', s.n) != NULL;
}

void
db_p_null(struct db_params *p)
{
	add(p, NULL);
}

void
db_p_i64(struct db_params *p, int64_t v)
{
	add(p, str_cstr(p->arena, str_printf(p->arena, "%lld",
	    (long long)v)));
}

void
db_p_bool(struct db_params *p, bool v)
{
	add(p, v ? "t" : "f");
}

void
db_p_str(struct db_params *p, struct str s)
{
	if (has_nul(s))
		p->bad = true;
	add(p, s.p == NULL ? NULL : str_cstr(p->arena, s));
}

void
db_p_bytes(struct db_params *p, const void *bytes, size_t n)
{
	struct str hex = str_hex(p->arena, bytes, n);
	char *v = arena_alloc(p->arena, hex.n + 3);

	v[0] = '\\';
	v[1] = 'x';
	if (hex.n > 0)
		memcpy(v + 2, hex.p, hex.n);
	add(p, v);
}

void
db_p_uuid(struct db_params *p, const uint8_t uuid[16])
{
	/* PostgreSQL takes 32 digits without hyphens. */
	add(p, str_cstr(p->arena, str_hex(p->arena, uuid, 16)));
}

void
db_p_date(struct db_params *p, struct date d)
{
	if (d.year == 0)
		add(p, NULL);
	else
		add(p, str_cstr(p->arena, date_iso(p->arena, d)));
}

void
db_p_instant(struct db_params *p, int64_t us)
{
	if (us == 0)
		add(p, NULL);
	else
		add(p, str_cstr(p->arena, instant_rfc3339(p->arena, us)));
}

/* s with '\' before each '"' and '\', itself in quotes. */
static void
put_quoted(struct buf *b, struct str s)
{
	buf_putc(b, '"');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"' || s.p[i] == '\\')
			buf_putc(b, '\\');
		buf_putc(b, s.p[i]);
	}
	buf_putc(b, '"');
}

void
db_p_strs(struct db_params *p, const struct str *s, size_t n)
{
	struct buf b;

	buf_init(&b, p->arena, ARRAY_MAX);
	buf_putc(&b, '{');
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_putc(&b, ',');
		if (has_nul(s[i]))
			p->bad = true;
		if (s[i].p == NULL)
			buf_puts(&b, "NULL");
		else
			put_quoted(&b, s[i]);
	}
	buf_putc(&b, '}');
	assert(!buf_full(&b));
	add(p, str_cstr(p->arena, buf_str(&b)));
}

void
db_p_i64s(struct db_params *p, const int64_t *v, size_t n)
{
	struct buf b;

	buf_init(&b, p->arena, ARRAY_MAX);
	buf_putc(&b, '{');
	for (size_t i = 0; i < n; i++)
		buf_printf(&b, "%s%lld", i > 0 ? "," : "", (long long)v[i]);
	buf_putc(&b, '}');
	assert(!buf_full(&b));
	add(p, str_cstr(p->arena, buf_str(&b)));
}

void
db_rec_begin(struct db_records *r, struct arena *arena, size_t max)
{
	memset(r, 0, sizeof(*r));
	buf_init(&r->buf, arena, max);
	buf_putc(&r->buf, '{');
}

void
db_rec_row(struct db_records *r)
{
	buf_puts(&r->buf, r->in_row ? ")\",\"(" : "\"(");
	r->in_row = true;
	r->comma = false;
}

static void
column(struct db_records *r)
{
	assert(r->in_row);
	if (r->comma)
		buf_putc(&r->buf, ',');
	r->comma = true;
}

void
db_rec_null(struct db_records *r)
{
	column(r);
}

void
db_rec_i64(struct db_records *r, int64_t v)
{
	column(r);
	buf_printf(&r->buf, "%lld", (long long)v);
}

void
db_rec_bool(struct db_records *r, bool v)
{
	column(r);
	buf_putc(&r->buf, v ? 't' : 'f');
}

void
db_rec_str(struct db_records *r, struct str s)
{
	column(r);
	if (s.p == NULL)
		return;
	if (has_nul(s))
		r->bad = true;
	/*
	 * Two layers at once: the record doubles quotes and backslashes, the
	 * array puts a backslash before each character of the outcome.
	 */
	buf_puts(&r->buf, "\\\"");
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"')
			buf_puts(&r->buf, "\\\"\\\"");
		else if (s.p[i] == '\\')
			buf_puts(&r->buf, "\\\\\\\\");
		else
			buf_putc(&r->buf, s.p[i]);
	}
	buf_puts(&r->buf, "\\\"");
}

void
db_rec_date(struct db_records *r, struct date d)
{
	column(r);
	if (d.year != 0)
		buf_printf(&r->buf, "%04d-%02d-%02d", d.year, d.month, d.day);
}

void
db_p_records(struct db_params *p, struct db_records *r)
{
	buf_puts(&r->buf, r->in_row ? ")\"}" : "}");
	assert(!buf_full(&r->buf));
	if (r->bad)
		p->bad = true;
	add(p, str_cstr(p->arena, buf_str(&r->buf)));
}
