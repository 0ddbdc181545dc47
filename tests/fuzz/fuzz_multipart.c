/*
 * multipart/form-data: the first line is the content type, the body follows.
 * A list that was read is put in parts anew and read as the same list.
 */
#include "fuzz.h"

#include <string.h>

#include "base/buf.h"
#include "codec/form.h"

#define MARK	"tessera.fuzz.mark"

static void
put_part(struct buf *b, const struct form_param *p)
{
	buf_puts(b, "--" MARK "\r\nContent-Disposition: form-data; name=\"");
	for (size_t i = 0; i < p->name.n; i++) {
		if (p->name.p[i] == '"' || p->name.p[i] == '\\')
			buf_putc(b, '\\');
		buf_putc(b, p->name.p[i]);
	}
	buf_puts(b, "\"\r\n\r\n");
	buf_put(b, p->value);
	buf_puts(b, "\r\n");
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct arena *a = fuzz_arena();
	struct str body = fuzz_str(p, n), type;
	struct form f = { 0 }, again = { 0 };
	struct buf b;
	size_t at;

	if (!str_find(body, '\n', &at))
		return 0;
	type = str_sub(body, 0, at);
	body = str_sub(body, at + 1, n);
	if (form_read_multipart(a, type, body, &f) != ERR_OK) {
		CHECK(f.n == 0);
		return 0;
	}
	if (memmem(p, n, MARK, strlen(MARK)) != NULL)
		return 0;
	buf_init(&b, a, 16u << 20);
	for (size_t i = 0; i < f.n; i++) {
		CHECK(str_utf8_ok(f.params[i].name));
		CHECK(str_utf8_ok(f.params[i].value));
		put_part(&b, &f.params[i]);
	}
	buf_puts(&b, "--" MARK "--\r\n");
	CHECK(form_read_body(a, STR("multipart/form-data; boundary=" MARK),
	    buf_str(&b), &again) == ERR_OK);
	CHECK(again.n == f.n);
	for (size_t i = 0; i < f.n; i++) {
		CHECK(str_eq(again.params[i].name, f.params[i].name));
		CHECK(str_eq(again.params[i].value, f.params[i].value));
	}
	return 0;
}
