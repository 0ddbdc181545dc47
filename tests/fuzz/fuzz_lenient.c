/*
 * Parameters as PHP reads them: the first line is the content type, the body
 * follows; the whole text is a query string too. Nothing is refused, every
 * text is one that JSON and XML can hold, a list that is coded anew is read as
 * the same list, and what the strict readers take is read as they read it.
 */
#include "fuzz.h"

#include "base/buf.h"
#include "codec/form.h"

static void
put_coded(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		buf_printf(b, "%%%02X", (unsigned char)s.p[i]);
}

static void
check_same(struct arena *a, const struct form *f, const struct form *g)
{
	CHECK(g->n == f->n);
	for (size_t i = 0; i < f->n; i++) {
		CHECK(str_eq(str_printable(a, g->params[i].name),
		    f->params[i].name));
		CHECK(str_eq(str_printable(a, g->params[i].value),
		    f->params[i].value));
	}
}

static void
check(struct arena *a, const struct form *f)
{
	struct form again = { 0 };
	struct buf b;

	CHECK(f->n <= FORM_PARAMS_MAX);
	buf_init(&b, a, 16u << 20);
	for (size_t i = 0; i < f->n; i++) {
		const struct form_param *p = &f->params[i];

		CHECK(str_utf8_ok(p->name) && str_utf8_ok(p->value));
		CHECK(str_printable(a, p->name).p == p->name.p);
		CHECK(str_printable(a, p->value).p == p->value.p);
		put_coded(&b, p->name);
		buf_putc(&b, '=');
		put_coded(&b, p->value);
		buf_putc(&b, '&');
	}
	form_lenient_body(a, STR("application/x-www-form-urlencoded"),
	    buf_str(&b), &again);
	check_same(a, f, &again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct arena *a = fuzz_arena();
	struct str all = fuzz_str(p, n), type, body;
	struct form f = { 0 }, strict = { 0 };
	size_t at;

	form_lenient_urlencoded(a, all, &f);
	check(a, &f);
	if (form_read_urlencoded(a, all, &strict) == ERR_OK)
		check_same(a, &f, &strict);
	if (!str_find(all, '\n', &at))
		return 0;
	type = str_sub(all, 0, at);
	body = str_sub(all, at + 1, n);
	f = strict = (struct form){ 0 };
	form_lenient_body(a, type, body, &f);
	check(a, &f);
	if (form_read_body(a, type, body, &strict) == ERR_OK)
		check_same(a, &f, &strict);
	return 0;
}
