#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "cli/csv.h"
#include "cli/import.h"
#include "domain/card.h"

#define SHOWN_MAX	100
#define REFERENCE_MAX	128	/* code points, as in the native API */
#define NOTE_MAX	1000

enum field { F_CODE, F_BALANCE, F_PROGRAMME, F_EXPIRES_ON, F_STATE,
	F_REFERENCE, F_NOTE, FIELDS };

static const char *const names[FIELDS] = { "code", "balance", "programme",
	"expires_on", "state", "reference", "note" };

struct check {
	struct import	*im;
	int		 at[FIELDS];	/* column of the file, -1: not there */
	int		 n_columns;
};

static void	bad(struct import *, int line, const char *fmt, ...)
		    __attribute__((format(printf, 3, 4)));

static void
bad(struct import *im, int line, const char *fmt, ...)
{
	va_list ap;

	if (im->n_bad++ >= SHOWN_MAX)
		return;
	fprintf(stderr, "%s:%d: ", im->path, line);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

static bool
read_header(struct check *c, const struct csv_record *r)
{
	int found;

	for (int f = 0; f < FIELDS; f++)
		c->at[f] = -1;
	c->n_columns = r->n;
	for (int i = 0; i < r->n; i++) {
		found = -1;
		for (int f = 0; f < FIELDS; f++)
			if (str_eq(str_trim(r->fields[i]), str_of(names[f])))
				found = f;
		if (found == -1 || c->at[found] != -1) {
			bad(c->im, r->line, "the column \"%.*s\" is %s; "
			    "columns are code, balance, programme, "
			    "expires_on, state, reference, note",
			    STR_ARG(r->fields[i]), found == -1 ? "unknown" :
			    "there twice");
			return false;
		}
		c->at[found] = i;
	}
	if (c->at[F_CODE] != -1 && c->at[F_BALANCE] != -1)
		return true;
	bad(c->im, r->line, "the first line should name the columns: "
	    "code,balance and what else there is");
	return false;
}

/* A field trimmed; STR_NONE when it is empty or not there. */
static struct str
get(const struct check *c, const struct csv_record *r, enum field f)
{
	struct str s;

	if (c->at[f] < 0)
		return STR_NONE;
	s = str_trim(r->fields[c->at[f]]);
	return s.n > 0 ? s : STR_NONE;
}

static const struct import_programme *
programme(struct import *im, const struct csv_record *r, struct str code)
{
	const struct import_programme *g;

	if (code.p == NULL)
		code = str_of(im->programme);
	if (code.p == NULL) {
		bad(im, r->line, "of which programme? Name it in a column "
		    "or with --programme");
		return NULL;
	}
	for (size_t i = 0; i < im->n_programmes; i++) {
		g = &im->programmes[i];
		if (!str_eq(g->code, code))
			continue;
		if (g->active)
			return g;
		bad(im, r->line, "the programme \"%.*s\" is closed",
		    STR_ARG(code));
		return NULL;
	}
	bad(im, r->line, "there is no programme \"%.*s\"", STR_ARG(code));
	return NULL;
}

static bool
code_ok(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!((s.p[i] >= '0' && s.p[i] <= '9') ||
		    (s.p[i] >= 'A' && s.p[i] <= 'Z') ||
		    strchr("-._", s.p[i]) != NULL))
			return false;
	return s.n >= 1 && s.n <= CARD_CODE_MAX;
}

static void
balance(struct import *im, const struct csv_record *r,
    const struct import_programme *g, struct str text, int64_t *ret)
{
	if (text.p == NULL)
		bad(im, r->line, "the balance is missing");
	else if (money_parse(text, g->unit->exponent, ret) != ERR_OK)
		bad(im, r->line, "\"%.*s\" is not an amount of %s with at "
		    "most %d decimals and a point", STR_ARG(text),
		    g->unit->name, g->unit->exponent);
	else if (*ret > g->amount_max)
		bad(im, r->line, "%.*s is above the programme's amount_max",
		    STR_ARG(text));
}

static void
text_ok(struct import *im, const struct csv_record *r, const char *name,
    struct str s, size_t max)
{
	if (str_utf8_len(s) > max)
		bad(im, r->line, "the %s is longer than %zu characters", name,
		    max);
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < ' ' && s.p[i] != '\n' &&
		    s.p[i] != '\r' && s.p[i] != '\t') {
			bad(im, r->line, "the %s holds a control character",
			    name);
			return;
		}
}

static void
read_row(struct check *c, const struct csv_record *r)
{
	struct import *im = c->im;
	struct import_row *row = &im->rows[im->n_rows];
	const struct import_programme *g;
	struct str state = get(c, r, F_STATE), day = get(c, r, F_EXPIRES_ON);

	if (r->error != NULL || r->n != c->n_columns) {
		if (r->error != NULL)
			bad(im, r->line, "%s", r->error);
		else
			bad(im, r->line, "%d fields where the first line has "
			    "%d", r->n, c->n_columns);
		return;
	}
	memset(row, 0, sizeof(*row));
	row->line = r->line;
	row->code = str_upper(im->cli->arena, get(c, r, F_CODE));
	if (!code_ok(row->code))
		bad(im, r->line, "the code should be 1 to %d letters A-Z, "
		    "digits, '-', '.' or '_'", CARD_CODE_MAX);
	g = programme(im, r, get(c, r, F_PROGRAMME));
	if (g != NULL) {
		row->programme = g->id;
		balance(im, r, g, get(c, r, F_BALANCE), &row->balance);
	}
	if (day.p != NULL && !date_parse_iso(day, &row->expires_on))
		bad(im, r->line, "\"%.*s\" is not a day like 2025-12-31",
		    STR_ARG(day));
	row->suspended = str_eq(state, STR("suspended"));
	if (state.p != NULL && !row->suspended &&
	    !str_eq(state, STR("active")))
		bad(im, r->line, "the state \"%.*s\" should be active or "
		    "suspended", STR_ARG(state));
	row->reference = get(c, r, F_REFERENCE);
	row->note = get(c, r, F_NOTE);
	text_ok(im, r, "reference", row->reference, REFERENCE_MAX);
	text_ok(im, r, "note", row->note, NOTE_MAX);
	im->n_rows++;
}

static int
by_code(const void *a, const void *b)
{
	const struct import_row *const *x = a, *const *y = b;
	int order = str_cmp((*x)->code, (*y)->code);

	return order != 0 ? order : (*x)->line - (*y)->line;
}

static void
check_twice(struct import *im)
{
	const struct import_row **sorted = arena_array(im->cli->arena,
	    im->n_rows + 1, sizeof(*sorted));

	for (size_t i = 0; i < im->n_rows; i++)
		sorted[i] = &im->rows[i];
	qsort(sorted, im->n_rows, sizeof(*sorted), by_code);
	for (size_t i = 1; i < im->n_rows; i++)
		if (str_eq(sorted[i]->code, sorted[i - 1]->code))
			bad(im, sorted[i]->line, "the code %.*s is already in "
			    "line %d", STR_ARG(sorted[i]->code),
			    sorted[i - 1]->line);
}

static bool
report(const struct import *im)
{
	if (im->n_bad == 0)
		return true;
	if (im->n_bad > SHOWN_MAX)
		fprintf(stderr, "and %zu more\n", im->n_bad - SHOWN_MAX);
	cli_fail("%zu mistake%s in %s; nothing was imported", im->n_bad,
	    im->n_bad > 1 ? "s" : "", im->path);
	return false;
}

/* An upper limit: each record ends a line. */
static size_t
count_lines(struct str text)
{
	size_t n = 1;

	for (size_t i = 0; i < text.n; i++)
		n += text.p[i] == '\n';
	return n;
}

bool
import_check(struct import *im)
{
	struct check c = { .im = im };
	struct csv_record r;
	struct csv csv;
	size_t lines = count_lines(im->text);

	if (!str_utf8_ok(im->text)) {
		cli_fail("%s is not UTF-8", im->path);
		return false;
	}
	im->rows = arena_array(im->cli->arena, lines, sizeof(*im->rows));
	csv_begin(&csv, im->cli->arena, im->text);
	if (!csv_next(&csv, &r)) {
		cli_fail("%s is empty", im->path);
		return false;
	}
	if (read_header(&c, &r)) {
		while (csv_next(&csv, &r))
			read_row(&c, &r);
		check_twice(im);
		if (im->n_bad == 0 && (im->n_rows == 0 ||
		    im->n_rows > IMPORT_ROWS_MAX)) {
			cli_fail("%s should hold 1 to %d cards, not %zu",
			    im->path, IMPORT_ROWS_MAX, im->n_rows);
			return false;
		}
	}
	return report(im);
}

#define TAKEN_AT_ONCE	((size_t)10000)

static const struct import_row *
find_code(struct import *im, struct str code)
{
	for (size_t i = 0; i < im->n_rows; i++)
		if (str_eq(im->rows[i].code, code))
			return &im->rows[i];
	return NULL;
}

bool
import_check_taken(struct import *im)
{
	struct str *codes = arena_array(im->cli->arena, im->n_rows,
	    sizeof(*codes));
	const struct import_row *row;
	struct str code;
	struct db_params p;
	struct db_rows rows;
	size_t n;
	enum err err;

	for (size_t i = 0; i < im->n_rows; i++)
		codes[i] = im->rows[i].code;
	for (size_t i = 0; i < im->n_rows; i += n) {
		n = im->n_rows - i < TAKEN_AT_ONCE ? im->n_rows - i :
		    TAKEN_AT_ONCE;
		db_params_init(&p, im->cli->arena);
		db_p_i64(&p, im->cli->who.tenant);
		db_p_strs(&p, codes + i, n);
		err = cli_call(im->cli, DB_READ, "ops.cards_taken", &p, &rows);
		if (err != ERR_OK) {
			cli_refused(im->cli, err, "cards import");
			return false;
		}
		for (int k = 0; k < rows.n; k++) {
			/* Beyond what is shown only the number matters. */
			code = db_str(&rows, k, "code");
			row = im->n_bad < SHOWN_MAX ? find_code(im, code) :
			    NULL;
			bad(im, row != NULL ? row->line : 0, "the code %.*s "
			    "is %s", STR_ARG(code),
			    db_bool(&rows, k, "reserved") ? "set aside, see "
			    "tessera reservation list" : "taken");
		}
	}
	return report(im);
}
