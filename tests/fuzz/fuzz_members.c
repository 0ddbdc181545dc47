/*
 * Members of an object, read leniently: what json_read() takes is read as the
 * same; every text is well-formed; what was read, written and read again is
 * the same.
 */
#include "fuzz.h"

#include "codec/json.h"
#include "codec/json_scan.h"

struct doc {
	struct str	s;
	int64_t		i;
	struct str	raw;
};

static const struct field fields[] = {
	F_STR(struct doc, s, "s", NULLABLE, 0, 1 << 20),
	F_I64(struct doc, i, "i", NULLABLE, INT64_MIN, INT64_MAX),
	F_JSON(struct doc, raw, "r", NULLABLE),
};

static void
check_strict(struct arena *a, struct str text, const struct json_members *m)
{
	struct fail f = { 0 };
	struct doc d = { 0 };
	struct str s;
	int64_t i = 0;

	if (json_read(a, text, fields, COUNT(fields), &d, &f) != ERR_OK)
		return;
	CHECK(m != NULL);
	CHECK(json_member(a, m, "s", &s));
	CHECK(str_eq(s, d.s.n > 0 ? d.s : STR_NONE));
	CHECK(json_member(a, m, "i", &s));
	CHECK(d.i == 0 || str_to_i64(s, INT64_MIN, INT64_MAX, &i));
	CHECK(i == d.i);
}

static void
check_again(struct arena *a, struct str name, struct str value)
{
	struct json_members m;
	struct fail f = { 0 };
	struct json_out o;
	struct str again;
	struct buf b;

	buf_init(&b, a, 16u << 20);
	json_begin(&o, &b);
	json_obj(&o, NULL);
	json_str(&o, "s", value);
	json_obj_end(&o);
	CHECK(!buf_full(&b));
	CHECK(json_read_members(a, buf_str(&b), &m, &f) == ERR_OK);
	CHECK(json_member(a, &m, "S", &again));
	CHECK(str_eq(again, value));
	CHECK(json_member(a, &m, str_cstr(a, name), &again));
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct arena *a = fuzz_arena();
	const struct json_raw_member *r;
	struct json_members m;
	struct fail f = { 0 };
	struct str s;
	enum err e = json_read_members(a, fuzz_str(p, n), &m, &f);
	int many = 0;

	CHECK(e == ERR_OK || e == ERR_BAD_REQUEST);
	CHECK((e == ERR_OK) == (f.n == 0));
	check_strict(a, fuzz_str(p, n), e == ERR_OK ? &m : NULL);
	if (e != ERR_OK)
		return 0;
	for (r = m.last; r != NULL && many++ < 20; r = r->before) {
		CHECK(str_utf8_ok(r->name) && r->value.n > 0);
		if (!json_member(a, &m, str_cstr(a, r->name), &s))
			continue;
		CHECK(s.p == NULL || (s.n > 0 && str_utf8_ok(s)));
		check_again(a, r->name, s);
	}
	return 0;
}
