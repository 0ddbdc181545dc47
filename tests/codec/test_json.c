#include "../support/unit_test.h"

#include <string.h>

#include "codec/json.h"

struct tender {
	struct str	card;
	struct money	value;
};

struct doc {
	struct str		s;
	int64_t			i;
	bool			b;
	struct money		value;
	struct date		day;
	struct str		raw;
	struct field_array	tenders, words;
	bool			has_s, has_day, has_i, has_raw;
};

static const struct field tender_fields[] = {
	F_STR(struct tender, card, "card", REQUIRED, 1, 8),
	F_MONEY(struct tender, value, "value", 0),
};

static const struct field fields[] = {
	F_PATCH_STR(struct doc, s, has_s, "s", NULLABLE, 1, 4),
	F_PATCH_I64(struct doc, i, has_i, "i", NULLABLE, -5, 100),
	F_BOOL(struct doc, b, "b", 0),
	F_MONEY(struct doc, value, "value", 0),
	F_PATCH_DATE(struct doc, day, has_day, "day", NULLABLE),
	F_PATCH_JSON(struct doc, raw, has_raw, "raw", NULLABLE),
	F_ARRAY(struct doc, tenders, "tenders", 0, 1, 2, tender_fields,
	    struct tender),
	F_STRS(struct doc, words, "words", 0, 0, 2),
};

static const struct field strict[] = {
	F_I64(struct doc, i, "i", REQUIRED, INT64_MIN, INT64_MAX),
	F_MONEY(struct doc, value, "value", REQUIRED),
};

static enum err
read(struct arena *a, struct str text, struct doc *d, struct fail *f)
{
	*d = (struct doc){ .i = 77 };
	*f = (struct fail){ 0 };
	return json_read(a, text, fields, COUNT(fields), d, f);
}

/* The findings as "field code, field code". */
static struct str
findings(struct arena *a, const struct fail *f)
{
	struct buf b;

	buf_init(&b, a, 10000);
	for (size_t i = 0; i < f->n; i++) {
		const char *t = f->items[i].text;

		buf_printf(&b, "%s%s %s", i > 0 ? ", " : "",
		    f->items[i].field, f->items[i].code);
		assert_true(*t >= 'A' && *t <= 'Z');
		assert_int_equal(t[strlen(t) - 1], '.');
	}
	return buf_str(&b);
}

static void
test_all_kinds(void **state)
{
	struct fail f;
	struct doc d;
	struct tender *t;
	struct str *w;

	assert_int_equal(read(*state, STR(" \r\n\t{\"s\" : \"\\u20ac\\n\","
	    "\"i\":-5,\"b\":true,"
	    "\"value\":{\"currency\":\"EUR\",\"amount\":1250},"
	    "\"day\":\"2025-12-31\",\"raw\":{\"a\":[1, 2.50,\"/\\u00e9\"]},"
	    "\"tenders\":[{\"card\":\"x\"},{\"value\":{\"amount\":3,"
	    "\"unit\":\"points\"},\"card\":\"y\"}],"
	    "\"words\":[\"p\",\"q\"]} "), &d, &f), ERR_OK);
	assert_int_equal(f.n, 0);
	assert_str(d.s, "\xe2\x82\xac\n");
	assert_int_equal(d.i, -5);
	assert_true(d.b);
	assert_int_equal(d.value.minor, 1250);
	assert_string_equal(d.value.unit->name, "EUR");
	assert_str(date_iso(*state, d.day), "2025-12-31");
	assert_str(d.raw, "{\"a\":[1,2.50,\"/\xc3\xa9\"]}");
	assert_int_equal(d.tenders.n, 2);
	t = d.tenders.items;
	assert_str(t[0].card, "x");
	assert_null(t[0].value.unit);
	assert_int_equal(t[1].value.minor, 3);
	assert_int_equal(t[1].value.unit->id, UNIT_POINTS);
	assert_int_equal(d.words.n, 2);
	w = d.words.items;
	assert_str(w[1], "q");
	assert_true(d.has_s && d.has_i && d.has_day && d.has_raw);
}

static void
test_absent_and_null(void **state)
{
	struct fail f;
	struct doc d;

	assert_int_equal(read(*state, STR("{}"), &d, &f), ERR_OK);
	assert_int_equal(d.i, 77);		/* the default stays */
	assert_false(d.has_s || d.has_i || d.has_day || d.has_raw);
	assert_int_equal(read(*state, STR("{\"s\":null,\"day\":null,"
	    "\"raw\":null,\"i\":null}"), &d, &f), ERR_OK);
	assert_true(d.has_s && d.has_i && d.has_day && d.has_raw);
	assert_null(d.s.p);
	assert_null(d.raw.p);
	assert_int_equal(d.day.year, 0);
	assert_int_equal(d.i, 0);
	assert_int_equal(read(*state, STR("{\"b\":null,\"value\":null,"
	    "\"tenders\":null,\"words\":[null]}"), &d, &f), ERR_INVALID);
	assert_str(findings(*state, &f),
	    "b type, value type, tenders type, words[0] type");
}

static void
test_required(void **state)
{
	struct fail f = { 0 };
	struct doc d;

	assert_int_equal(json_read(*state, STR("{}"), strict, COUNT(strict),
	    &d, &f), ERR_INVALID);
	assert_str(findings(*state, &f), "i required, value required");
}

/* What each document is refused for. */
static const struct {
	const char *text, *findings;
} invalid[] = {
	{ "{\"x\":1}", "x unknown" },
	{ "{\"S\":\"a\"}", "S unknown" },
	{ "{\"\":1}", " unknown" },
	{ "{\"s\":\"\"}", "s too_short" },
	{ "{\"s\":\"12345\"}", "s too_long" },
	{ "{\"s\":\"\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac"
	    "\xe2\x82\xac\"}", "s too_long" },
	{ "{\"s\":1}", "s type" },
	{ "{\"s\":\"a\\u0007\"}", "s invalid" },
	{ "{\"s\":\"a\\r\"}", "s invalid" },
	{ "{\"s\":\"\\u007f\"}", "s invalid" },
	{ "{\"s\":\"\\u0085\"}", "s invalid" },
	{ "{\"s\":\"a\\u0000\"}", "s invalid" },
	{ "{\"raw\":[\"\\u0000\"]}", "raw[0] invalid" },
	{ "{\"s\\u0000\":\"a\"}", " invalid" },
	{ "{\"i\":-6}", "i out_of_range" },
	{ "{\"i\":101}", "i out_of_range" },
	{ "{\"i\":\"5\"}", "i type" },
	{ "{\"i\":5.0}", "i type" },
	{ "{\"i\":12.50}", "i type" },
	{ "{\"i\":1e1}", "i type" },
	{ "{\"i\":true}", "i type" },
	{ "{\"i\":9223372036854775808}", "i out_of_range" },
	{ "{\"i\":18446744073709551616}", "i out_of_range" },
	{ "{\"i\":-100000000000000000000}", "i out_of_range" },
	{ "{\"raw\":[1,{\"a\":1000000000000000001}]}",
	    "raw[1].a out_of_range" },
	{ "{\"raw\":1e9999}", "raw out_of_range" },
	{ "{\"b\":1}", "b type" },
	{ "{\"b\":\"true\"}", "b type" },
	{ "{\"day\":\"2025-02-30\"}", "day invalid" },
	{ "{\"day\":\"31/12/2025\"}", "day invalid" },
	{ "{\"day\":\"\"}", "day invalid" },
	{ "{\"day\":20251231}", "day type" },
	{ "{\"value\":1250}", "value type" },
	{ "{\"value\":\"12.50\"}", "value type" },
	{ "{\"value\":{}}", "value.amount required, value.currency required" },
	{ "{\"value\":{\"amount\":5}}", "value.currency required" },
	{ "{\"value\":{\"currency\":\"EUR\"}}", "value.amount required" },
	{ "{\"value\":{\"amount\":null,\"currency\":null}}",
	    "value.amount type, value.currency type" },
	{ "{\"value\":{\"amount\":5,\"currency\":\"EUR\","
	    "\"unit\":\"points\"}}", "value invalid" },
	{ "{\"value\":{\"amount\":5,\"currency\":\"EUR\",\"Amount\":6}}",
	    "value.Amount unknown" },
	{ "{\"value\":{\"amount\":5,\"currency\":\"eur\"}}",
	    "value.currency invalid" },
	{ "{\"value\":{\"amount\":5,\"currency\":\"points\"}}",
	    "value.currency invalid" },
	{ "{\"value\":{\"amount\":5,\"unit\":\"EUR\"}}",
	    "value.unit invalid" },
	{ "{\"value\":{\"amount\":5,\"currency\":978}}",
	    "value.currency type" },
	{ "{\"value\":{\"amount\":0,\"currency\":\"EUR\"}}",
	    "value.amount out_of_range" },
	{ "{\"value\":{\"amount\":-1,\"currency\":\"EUR\"}}",
	    "value.amount out_of_range" },
	{ "{\"value\":{\"amount\":1000000000000001,\"currency\":\"EUR\"}}",
	    "value.amount out_of_range" },
	{ "{\"value\":{\"amount\":12.50,\"currency\":\"EUR\"}}",
	    "value.amount type" },
	{ "{\"value\":{\"amount\":\"1250\",\"currency\":\"EUR\"}}",
	    "value.amount type" },
	{ "{\"value\":{\"amount\":1e3,\"currency\":\"EUR\"}}",
	    "value.amount type" },
	{ "{\"tenders\":[]}", "tenders too_short" },
	{ "{\"tenders\":[{\"card\":\"a\"},{\"card\":\"b\"},"
	    "{\"card\":\"c\"}]}", "tenders too_long" },
	{ "{\"tenders\":{}}", "tenders type" },
	{ "{\"tenders\":[1,{\"crad\":\"b\"}]}", "tenders[0] type, "
	    "tenders[1].crad unknown, tenders[1].card required" },
	{ "{\"tenders\":[{\"card\":\"a\",\"value\":{\"amount\":1}}]}",
	    "tenders[0].value.currency required" },
	{ "{\"words\":[\"a\",\"\"]}", "words[1] too_short" },
	{ "{\"words\":[\"a\",\"b\",\"c\"]}", "words too_long" },
	{ "{\"words\":[1]}", "words[0] type" },
	{ "{\"words\":\"a\"}", "words type" },
	/* twice, in whatever disguise */
	{ "{\"i\":1,\"i\":1}", "i duplicate" },
	{ "{\"i\":1,\"\\u0069\":2}", "i duplicate" },
	{ "{\"i\":1,\"b\":true,\"s\":\"a\",\"i\":2}", "i duplicate" },
	{ "{\"value\":{\"amount\":5,\"amount\":50,\"currency\":\"EUR\"}}",
	    "value.amount duplicate" },
	{ "{\"raw\":[0,{\"a\":{\"b\":1,\"b\":1}}]}", "raw[1].a.b duplicate" },
	{ "{\"raw\":{\"\\ud83c\\udf81\":1,\"\xf0\x9f\x8e\x81\":1}}",
	    "raw.\xf0\x9f\x8e\x81 duplicate" },
};

static void
test_invalid(void **state)
{
	struct fail f;
	struct doc d;

	for (size_t i = 0; i < COUNT(invalid); i++) {
		enum err e = read(*state, str_of(invalid[i].text), &d, &f);

		if (e != ERR_INVALID)
			fail_msg("%s: %s", invalid[i].text, err_label(e));
		assert_str(findings(*state, &f), invalid[i].findings);
	}
}

static void
test_bad_request(void **state)
{
	static const char *const bad[] = { "", " ", "null", "[]", "\"a\"",
		"1", "true", "{", "}", "{]", "{}x", "{}{}", "{} ,", "{\"i\"}",
		"{\"i\":}", "{\"i\":1,}", "{,}", "{i:1}", "{'i':1}",
		"{\"i\" 1}", "{\"i\":01}", "{\"i\":+1}", "{\"i\":-}",
		"{\"i\":.5}", "{\"i\":1.}", "{\"i\":1e}", "{\"i\":1e+}",
		"{\"i\":0x1}", "{\"i\":NaN}", "{\"i\":Infinity}",
		"{\"i\":-Infinity}", "{\"i\":nan}", "{\"b\":True}",
		"{\"b\":TRUE}", "{\"b\":tru}", "{\"b\":truee}", "{\"s\":Null}",
		"{\"s\":\"a}", "{\"s\":\"\\x\"}", "{\"s\":\"\\u12g4\"}",
		"{\"s\":\"\\u12\"}", "{\"s\":\"\\", "{\"s\":\"\\u",
		"{\"s\":\"a\nb\"}", "{\"s\":\"a\tb\"}", "{\"s\":\"\\ud800\"}",
		"{\"s\":\"\\ud800x\"}", "{\"s\":\"\\udc00\"}",
		"{\"s\":\"\\ud800\\u0041\"}", "{\"s\":\"\xff\"}",
		"{\"s\":\"\xc0\x80\"}", "{\"s\":\"\xed\xa0\x80\"}",
		"\xef\xbb\xbf{}", "{/**/}", "//\n{}", "{\"raw\":[1,]}",
		"{\"raw\":[,1]}", "{\"raw\":[1 2]}", "{\"raw\":[1}",
		"{\"i\":1,\"i\":2", "{\v}", "{\"i\":1 000}" };
	struct fail f;
	struct doc d;

	for (size_t i = 0; i < COUNT(bad); i++) {
		enum err e = read(*state, str_of(bad[i]), &d, &f);

		if (e != ERR_BAD_REQUEST)
			fail_msg("%s: %s", bad[i], err_label(e));
		assert_int_equal(f.n, 1);
	}
	assert_int_equal(read(*state, STR("{}\0"), &d, &f), ERR_BAD_REQUEST);
	assert_int_equal(read(*state, STR("{\"s\":\"\0\"}"), &d, &f),
	    ERR_BAD_REQUEST);
	assert_int_equal(read(*state, STR_NONE, &d, &f), ERR_BAD_REQUEST);
}

static void
test_whole_range(void **state)
{
	struct fail f = { 0 };
	struct doc d;

	assert_int_equal(json_read(*state, STR("{\"i\":1000000000000000000,"
	    "\"value\":{\"amount\":1000000000000000,\"currency\":\"KWD\"}}"),
	    strict, COUNT(strict), &d, &f), ERR_OK);
	assert_int_equal(d.i, INT64_C(1000000000000000000));
	assert_int_equal(d.value.minor, MONEY_MINOR_MAX);
	assert_int_equal(json_read(*state, STR("{\"i\":-1000000000000000000,"
	    "\"value\":{\"amount\":1,\"currency\":\"KWD\"}}"),
	    strict, COUNT(strict), &d, &f), ERR_OK);
	assert_int_equal(d.i, INT64_C(-1000000000000000000));
	assert_int_equal(json_read(*state, STR("{\"i\":1000000000000000001,"
	    "\"value\":{\"amount\":1,\"currency\":\"KWD\"}}"),
	    strict, COUNT(strict), &d, &f), ERR_INVALID);
	assert_str(findings(*state, &f), "i out_of_range");
}

static const char *nested_why;	/* it was refused */

/* {"raw":[[...]]} with n arrays in each other; braces or brackets. */
static enum err
read_nested(struct arena *a, int n, const char *open, const char *close)
{
	struct fail f;
	struct doc d;
	struct buf b;
	enum err e;

	buf_init(&b, a, 1 << 20);
	buf_puts(&b, "{\"raw\":");
	for (int i = 0; i < n; i++)
		buf_puts(&b, open);
	buf_puts(&b, "1");
	for (int i = 0; i < n; i++)
		buf_puts(&b, close);
	buf_puts(&b, "}");
	e = read(a, buf_str(&b), &d, &f);
	nested_why = f.n > 0 ? f.items[0].text : "";
	return e;
}

static void
test_depth(void **state)
{
	int most = JSON_DEPTH_MAX - 1;	/* the document is one */

	assert_int_equal(read_nested(*state, most, "[", "]"), ERR_OK);
	assert_int_equal(read_nested(*state, most, "{\"a\":", "}"), ERR_OK);
	assert_int_equal(read_nested(*state, most + 1, "[", "]"),
	    ERR_BAD_REQUEST);
	assert_int_equal(read_nested(*state, most + 1, "{\"a\":", "}"),
	    ERR_BAD_REQUEST);
	/* Told by us, before json-c or the stack would tell. */
	assert_int_equal(read_nested(*state, 100000, "[", "]"),
	    ERR_BAD_REQUEST);
	assert_non_null(strstr(nested_why, "less deeply"));
}

static void
test_number_of_values(void **state)
{
	struct fail f;
	struct doc d;
	struct buf b;

	buf_init(&b, *state, 1 << 20);
	buf_puts(&b, "{\"raw\":[0");
	for (int i = 0; i < JSON_VALUES_MAX - 3; i++)
		buf_puts(&b, ",{}");
	buf_puts(&b, "]}");
	assert_int_equal(read(*state, buf_str(&b), &d, &f), ERR_OK);
	b.n -= 2;
	buf_puts(&b, ",0]}");
	assert_int_equal(read(*state, buf_str(&b), &d, &f), ERR_BAD_REQUEST);
}

/* Findings beyond the limit are dropped, not the refusal. */
static void
test_many_findings(void **state)
{
	struct fail f;
	struct doc d;
	struct buf b;

	buf_init(&b, *state, 1 << 20);
	buf_puts(&b, "{\"x\":0");
	for (int i = 0; i < 1000; i++)
		buf_printf(&b, ",\"x%d\":1", i);
	buf_puts(&b, "}");
	assert_int_equal(read(*state, buf_str(&b), &d, &f), ERR_INVALID);
	assert_int_equal(f.n, FAIL_ITEMS_MAX);
	b.n--;
	buf_puts(&b, ",\"x\":1}");
	assert_int_equal(read(*state, buf_str(&b), &d, &f), ERR_INVALID);
	assert_str(findings(*state, &f), "x duplicate");
}

static void
test_long_name_is_cut(void **state)
{
	struct fail f;
	struct doc d;
	struct buf b;

	buf_init(&b, *state, 1 << 20);
	buf_puts(&b, "{\"");
	for (int i = 0; i < 1000; i++)
		buf_puts(&b, "\xe2\x82\xac");
	buf_puts(&b, "\":1}");
	assert_int_equal(read(*state, buf_str(&b), &d, &f), ERR_INVALID);
	assert_true(strlen(f.items[0].field) < 80);
	assert_true(str_utf8_ok(str_of(f.items[0].field)));
}

/* ---- writing ---- */

static void
test_writing(void **state)
{
	struct json_out o;
	struct buf b;

	buf_init(&b, *state, 10000);
	json_begin(&o, &b);
	json_obj(&o, NULL);
	json_str(&o, "none", STR_NONE);
	json_str(&o, "empty", STR(""));
	json_str(&o, "none", STR_NONE);
	json_i64(&o, "least", INT64_MIN);
	json_i64(&o, "most", INT64_MAX);
	json_i64(&o, "zero", 0);
	json_bool(&o, "yes", true);
	json_bool(&o, "no", false);
	json_obj(&o, "eo");
	json_obj_end(&o);
	json_arr(&o, "ea");
	json_arr_end(&o);
	json_arr(&o, "a");
	json_i64(&o, NULL, 1);
	json_str(&o, NULL, STR("x"));
	json_obj(&o, NULL);
	json_raw(&o, "n", STR("12.5"));
	json_obj_end(&o);
	json_arr(&o, NULL);
	json_arr_end(&o);
	json_arr_end(&o);
	json_money(&o, "m", (struct money){ 1250, unit_by_id(978) });
	json_money(&o, "p", (struct money){ -1, unit_by_id(UNIT_POINTS) });
	json_money(&o, "none", (struct money){ 1, NULL });
	json_raw(&o, "none", STR_NONE);
	json_raw(&o, "r", STR("{\"k\":null}"));
	json_obj_end(&o);
	assert_str(buf_str(&b), "{\"empty\":\"\",\"least\":"
	    "-9223372036854775808,\"most\":9223372036854775807,\"zero\":0,"
	    "\"yes\":true,\"no\":false,\"eo\":{},\"ea\":[],"
	    "\"a\":[1,\"x\",{\"n\":12.5},[]],"
	    "\"m\":{\"amount\":1250,\"currency\":\"EUR\"},"
	    "\"p\":{\"amount\":-1,\"unit\":\"points\"},\"r\":{\"k\":null}}");
	assert_false(buf_full(&b));
}

static void
test_escapes(void **state)
{
	struct buf b;

	buf_init(&b, *state, 10000);
	json_escape(&b, STR("a\"b\\c/\b\t\n\f\r\0\x1f\x7f"));
	assert_str(buf_str(&b),
	    "a\\\"b\\\\c/\\b\\t\\n\\f\\r\\u0000\\u001f\\u007f");
	b.n = 0;
	json_escape(&b, STR("\xc3\xa9\xe2\x82\xac\xf0\x9f\x8e\x81"));
	assert_str(buf_str(&b), "\xc3\xa9\xe2\x82\xac\xf0\x9f\x8e\x81");
	b.n = 0;
	json_escape(&b, STR("a\xff" "b\xed\xa0\x80\xc3"));
	assert_str(buf_str(&b), "a\xef\xbf\xbd" "b\xef\xbf\xbd\xef\xbf\xbd"
	    "\xef\xbf\xbd\xef\xbf\xbd");
	b.n = 0;
	json_escape(&b, STR_NONE);
	assert_str(buf_str(&b), "");
}

/* Any byte survives, but those that are not UTF-8. */
static void
test_escapes_read_back(void **state)
{
	static const struct field one[] = {
		F_JSON(struct doc, raw, "raw", REQUIRED)
	};

	for (int c = 1; c < 256; c++) {
		char text[] = { 'a', (char)c, 'z', 0 };
		struct fail f = { 0 };
		struct doc d;
		struct buf b;
		struct json_out o;

		buf_init(&b, *state, 100);
		json_begin(&o, &b);
		json_obj(&o, NULL);
		json_str(&o, "raw", str_of(text));
		json_obj_end(&o);
		assert_int_equal(json_read(*state, buf_str(&b), one, 1, &d,
		    &f), ERR_OK);
		assert_true(d.raw.n >= 5);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ARENA_TEST(test_all_kinds),
		ARENA_TEST(test_absent_and_null),
		ARENA_TEST(test_required),
		ARENA_TEST(test_invalid),
		ARENA_TEST(test_bad_request),
		ARENA_TEST(test_whole_range),
		ARENA_TEST(test_depth),
		ARENA_TEST(test_number_of_values),
		ARENA_TEST(test_many_findings),
		ARENA_TEST(test_long_name_is_cut),
		ARENA_TEST(test_writing),
		ARENA_TEST(test_escapes),
		ARENA_TEST(test_escapes_read_back)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
