/*
 * JSON by a table with every kind of field: a document that was read is
 * written and read as the same. Any bytes, escaped, are a string again.
 */
#include "fuzz.h"

#include "codec/json.h"

struct item {
	struct str	name;
	struct money	value;
};

struct doc {
	struct str		s;
	int64_t			i;
	bool			b;
	struct money		value;
	struct date		day;
	struct str		raw;
	struct field_array	items, words;
};

static const struct field item_fields[] = {
	F_STR(struct item, name, "name", REQUIRED, 0, 8),
	F_MONEY(struct item, value, "value", 0),
};

static const struct field fields[] = {
	F_STR(struct doc, s, "s", NULLABLE, 0, 100),
	F_I64(struct doc, i, "i", NULLABLE, INT64_MIN, INT64_MAX),
	F_BOOL(struct doc, b, "b", NULLABLE),
	F_MONEY(struct doc, value, "value", NULLABLE),
	F_DATE(struct doc, day, "day", NULLABLE),
	F_JSON(struct doc, raw, "raw", NULLABLE),
	F_ARRAY(struct doc, items, "items", NULLABLE, 0, 100, item_fields,
	    struct item),
	F_STRS(struct doc, words, "words", NULLABLE, 0, 100),
};

static enum err
read_doc(struct arena *a, struct str text, struct doc *d)
{
	struct fail f = { 0 };
	enum err e;

	*d = (struct doc){ 0 };
	e = json_read(a, text, fields, COUNT(fields), d, &f);
	CHECK(e == ERR_OK || e == ERR_INVALID || e == ERR_BAD_REQUEST);
	CHECK((e == ERR_OK) == (f.n == 0));
	for (size_t i = 0; i < f.n; i++) {
		CHECK(str_utf8_ok(str_of(f.items[i].field)));
		CHECK(f.items[i].code[0] != '\0');
		CHECK(f.items[i].text[0] != '\0');
	}
	return e;
}

static struct str
write_doc(struct arena *a, struct buf *b, const struct doc *d)
{
	const struct item *items = d->items.items;
	const struct str *words = d->words.items;
	struct json_out o;

	buf_init(b, a, 16u << 20);
	json_begin(&o, b);
	json_obj(&o, NULL);
	json_str(&o, "s", d->s);
	json_i64(&o, "i", d->i);
	json_bool(&o, "b", d->b);
	json_money(&o, "value", d->value);
	if (d->day.year != 0)
		json_str(&o, "day", date_iso(a, d->day));
	json_raw(&o, "raw", d->raw);
	json_arr(&o, "items");
	for (size_t i = 0; i < d->items.n; i++) {
		json_obj(&o, NULL);
		json_str(&o, "name", items[i].name);
		json_money(&o, "value", items[i].value);
		json_obj_end(&o);
	}
	json_arr_end(&o);
	json_arr(&o, "words");
	for (size_t i = 0; i < d->words.n; i++)
		json_str(&o, NULL, words[i]);
	json_arr_end(&o);
	json_obj_end(&o);
	CHECK(!buf_full(b));
	return buf_str(b);
}

static void
check_escape(struct arena *a, struct str s)
{
	struct doc d;
	struct buf b;

	buf_init(&b, a, 16u << 20);
	buf_puts(&b, "{\"raw\":\"");
	json_escape(&b, s);
	buf_puts(&b, "\"}");
	/* NUL is well-formed as \u0000, and refused all the same. */
	if (!str_find(s, '\0', &(size_t){ 0 }))
		CHECK(read_doc(a, buf_str(&b), &d) == ERR_OK);
	else
		CHECK(read_doc(a, buf_str(&b), &d) == ERR_INVALID);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct arena *a = fuzz_arena();
	struct doc d, again;
	struct str text, twice;
	struct buf b, c;

	check_escape(a, fuzz_str(p, n));
	if (read_doc(a, fuzz_str(p, n), &d) != ERR_OK)
		return 0;
	text = write_doc(a, &b, &d);
	CHECK(read_doc(a, text, &again) == ERR_OK);
	twice = write_doc(a, &c, &again);
	CHECK(str_eq(text, twice));
	CHECK(again.i == d.i && again.b == d.b);
	CHECK(again.value.minor == d.value.minor);
	CHECK(again.value.unit == d.value.unit);
	CHECK(date_cmp(again.day, d.day) == 0);
	CHECK(str_eq(again.s, d.s));
	return 0;
}
