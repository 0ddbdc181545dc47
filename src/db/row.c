#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "db/db.h"

/* The schema and this program disagree: no way to go on. */
static _Noreturn void
mismatch(const char *col, const char *what)
{
	fprintf(stderr, "tessera: column %s: %s\n", col, what);
	abort();
}

static int
column(const struct db_rows *r, int row, const char *col)
{
	int i = PQfnumber(r->res, col);

	if (i < 0 || row < 0 || row >= r->n)
		mismatch(col, "not in the answer");
	return i;
}

bool
db_null(const struct db_rows *r, int row, const char *col)
{
	return PQgetisnull(r->res, row, column(r, row, col));
}

struct str
db_str(const struct db_rows *r, int row, const char *col)
{
	int i = column(r, row, col);

	if (PQgetisnull(r->res, row, i))
		return STR_NONE;
	return (struct str){ PQgetvalue(r->res, row, i),
	    (size_t)PQgetlength(r->res, row, i) };
}

int64_t
db_i64(const struct db_rows *r, int row, const char *col)
{
	struct str s = db_str(r, row, col);
	int64_t v;

	if (s.p == NULL)
		return 0;
	if (!str_to_i64(s, INT64_MIN, INT64_MAX, &v))
		mismatch(col, "not a whole number");
	return v;
}

bool
db_bool(const struct db_rows *r, int row, const char *col)
{
	return str_eq(db_str(r, row, col), STR("t"));
}

struct date
db_date(const struct db_rows *r, int row, const char *col)
{
	struct str s = db_str(r, row, col);
	struct date d = { 0, 0, 0 };

	if (s.p == NULL || str_eq(s, STR("infinity")))
		return d;
	if (!date_parse_iso(s, &d))
		mismatch(col, "not a date (is DateStyle ISO?)");
	return d;
}

/* "2026-11-22 10:00:00.123456+00" is RFC 3339 but for two characters. */
int64_t
db_instant(const struct db_rows *r, int row, const char *col)
{
	struct str s = db_str(r, row, col);
	char text[40];
	int64_t us;

	if (s.p == NULL || str_eq(s, STR("infinity")))
		return 0;
	if (s.n < 22 || s.n > sizeof(text) - 1 || s.p[10] != ' ' ||
	    memcmp(s.p + s.n - 3, "+00", 3) != 0)
		mismatch(col, "not an instant in UTC (is TimeZone UTC?)");
	memcpy(text, s.p, s.n);
	text[10] = 'T';
	text[s.n - 3] = 'Z';
	if (!instant_parse((struct str){ text, s.n - 2 }, &us))
		mismatch(col, "not an instant");
	return us;
}

enum err
db_status(const struct db_rows *r, int row, const char *col)
{
	enum err e;

	return err_from_label(db_str(r, row, col), &e) ? e : ERR_INTERNAL;
}

void
db_uuid(const struct db_rows *r, int row, const char *col, uint8_t ret[16])
{
	struct str s = db_str(r, row, col);
	char hex[32];
	size_t n = 0;

	for (size_t i = 0; i < s.n && n < sizeof(hex); i++)
		if (s.p[i] != '-')
			hex[n++] = s.p[i];
	if (s.n != 36 || !str_unhex((struct str){ hex, n }, ret, 16))
		mismatch(col, "not a UUID");
}

struct str
db_bytes(struct arena *arena, const struct db_rows *r, int row,
    const char *col)
{
	struct str s = db_str(r, row, col);
	char *p;
	size_t n;

	if (s.p == NULL)
		return STR_NONE;
	if (s.n < 2 || s.n % 2 != 0 || s.p[0] != '\\' || s.p[1] != 'x')
		mismatch(col, "not bytea");
	n = s.n / 2 - 1;
	p = arena_alloc(arena, n + 1);
	if (!str_unhex(str_sub(s, 2, s.n), p, n))
		mismatch(col, "not bytea");
	return (struct str){ p, n };
}
