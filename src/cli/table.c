#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "cli/cli.h"
#include "codec/json.h"

#define OUTPUT_MAX	((size_t)512 << 20)

void
table_begin(struct table *t, struct cli *cli, const struct column *columns,
    size_t n)
{
	memset(t, 0, sizeof(*t));
	t->cli = cli;
	t->columns = columns;
	t->n_columns = n;
}

static struct cell *
add(struct table *t)
{
	struct cell *more;

	if (t->n_cells == t->cap) {
		t->cap = t->cap == 0 ? 8 * t->n_columns : 2 * t->cap;
		more = arena_array(t->cli->arena, t->cap, sizeof(*more));
		if (t->n_cells > 0)
			memcpy(more, t->cells, t->n_cells * sizeof(*more));
		t->cells = more;
	}
	return &t->cells[t->n_cells++];
}

void
table_str(struct table *t, struct str s)
{
	add(t)->text = str_dup(t->cli->arena, s);
}

void
table_i64(struct table *t, int64_t v)
{
	struct cell *c = add(t);

	c->number = v;
	c->text = str_printf(t->cli->arena, "%lld", (long long)v);
}

void
table_bool(struct table *t, bool v)
{
	struct cell *c = add(t);

	c->number = v;
	c->text = v ? STR("yes") : STR("no");
}

void
table_money(struct table *t, struct money m)
{
	struct cell *c = add(t);

	c->money = m;
	if (m.unit != NULL)
		c->text = str_printf(t->cli->arena, "%.*s %s",
		    STR_ARG(money_format(t->cli->arena, m.minor,
		    m.unit->exponent, MONEY_FIXED)), m.unit->name);
}

void
table_date(struct table *t, struct date d)
{
	struct cell *c = add(t);

	if (d.year != 0)
		c->text = date_iso(t->cli->arena, d);
}

void
table_instant(struct table *t, int64_t us)
{
	struct cell *c = add(t);

	if (us != 0)
		c->text = instant_rfc3339(t->cli->arena, us);
}

static void
json_row(struct json_out *o, const char *key, const struct table *t,
    size_t first)
{
	json_obj(o, key);
	for (size_t i = 0; i < t->n_columns; i++) {
		const struct column *col = &t->columns[i];
		const struct cell *c = &t->cells[first + i];

		if (c->text.p == NULL)
			continue;
		switch (col->kind) {
		case CELL_TEXT:
		case CELL_DATE:
		case CELL_INSTANT:
			json_str(o, col->key, c->text);
			break;
		case CELL_I64:
			json_i64(o, col->key, c->number);
			break;
		case CELL_BOOL:
			json_bool(o, col->key, c->number != 0);
			break;
		case CELL_MONEY:
			json_money(o, col->key, c->money);
			break;
		case CELL_JSON:
			json_raw(o, col->key, c->text);
			break;
		}
	}
	json_obj_end(o);
}

static int
json_print(struct table *t, bool list)
{
	struct buf buf;
	struct json_out o;

	buf_init(&buf, t->cli->arena, OUTPUT_MAX);
	json_begin(&o, &buf);
	if (list)
		json_arr(&o, NULL);
	for (size_t i = 0; i < t->n_cells; i += t->n_columns)
		json_row(&o, NULL, t, i);
	if (list)
		json_arr_end(&o);
	if (buf_full(&buf))
		return cli_fail("that is more than can be printed at once");
	printf("%.*s\n", STR_ARG(buf_str(&buf)));
	return CLI_OK;
}

/* Text from outside must not move the cursor of a terminal. */
static void
print_text(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		putchar((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7f ? ' ' :
		    s.p[i]);
}

static size_t
width_of(struct str s)
{
	return str_utf8_ok(s) ? str_utf8_len(s) : s.n;
}

static void
print_padded(struct str s, size_t width, bool right, bool last)
{
	size_t n = width_of(s), pad = width > n ? width - n : 0;

	if (right)
		printf("%*s", (int)pad, "");
	print_text(s);
	if (!right && !last)
		printf("%*s", (int)pad, "");
	fputs(last ? "\n" : "  ", stdout);
}

static bool
to_the_right(enum cell_kind kind)
{
	return kind == CELL_MONEY || kind == CELL_I64;
}

int
table_list(struct table *t)
{
	size_t *width = arena_array(t->cli->arena, t->n_columns + 1,
	    sizeof(*width));
	struct str head;

	if (t->cli->json)
		return json_print(t, true);
	for (size_t i = 0; i < t->n_columns; i++)
		width[i] = strlen(t->columns[i].key);
	for (size_t i = 0; i < t->n_cells; i++)
		if (width_of(t->cells[i].text) > width[i % t->n_columns])
			width[i % t->n_columns] = width_of(t->cells[i].text);
	for (size_t i = 0; i < t->n_columns; i++) {
		head = str_upper(t->cli->arena, str_of(t->columns[i].key));
		print_padded(head, width[i], to_the_right(t->columns[i].kind),
		    i + 1 == t->n_columns);
	}
	for (size_t i = 0; i < t->n_cells; i++)
		print_padded(t->cells[i].text, width[i % t->n_columns],
		    to_the_right(t->columns[i % t->n_columns].kind),
		    (i + 1) % t->n_columns == 0);
	return CLI_OK;
}

int
table_one(struct table *t)
{
	size_t width = 0;

	if (t->cli->json)
		return json_print(t, false);
	for (size_t i = 0; i < t->n_columns; i++)
		if (strlen(t->columns[i].key) > width)
			width = strlen(t->columns[i].key);
	for (size_t i = 0; i < t->n_columns; i++) {
		if (t->cells[i].text.p == NULL)
			continue;
		print_padded(str_of(t->columns[i].key), width, false, false);
		print_text(t->cells[i].text);
		putchar('\n');
	}
	return CLI_OK;
}
