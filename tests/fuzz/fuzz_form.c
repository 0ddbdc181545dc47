/*
 * Query strings and urlencoded bodies: a list that was read, coded anew, is
 * read as the same list. The text serves as a content type too.
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

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct arena *a = fuzz_arena();
	struct str s = fuzz_str(p, n), param;
	struct form f = { 0 }, again = { 0 };
	struct buf b;

	media_type(a, s);
	param = media_param(a, s, "boundary");
	CHECK(param.n <= n);
	if (form_read_urlencoded(a, s, &f) != ERR_OK) {
		CHECK(f.n == 0);
		return 0;
	}
	CHECK(f.n <= FORM_PARAMS_MAX);
	buf_init(&b, a, 16u << 20);
	for (size_t i = 0; i < f.n; i++) {
		CHECK(str_utf8_ok(f.params[i].name));
		CHECK(str_utf8_ok(f.params[i].value));
		put_coded(&b, f.params[i].name);
		buf_putc(&b, '=');
		put_coded(&b, f.params[i].value);
		buf_putc(&b, '&');
	}
	CHECK(form_read_urlencoded(a, buf_str(&b), &again) == ERR_OK);
	CHECK(again.n == f.n);
	for (size_t i = 0; i < f.n; i++) {
		CHECK(str_eq(again.params[i].name, f.params[i].name));
		CHECK(str_eq(again.params[i].value, f.params[i].value));
	}
	return 0;
}
