#include "../support/unit_test.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "codec/xml.h"

/* One element t with the text in a root r. */
static struct str
written(struct arena *a, struct str text)
{
	struct xml_out o;
	struct buf b;

	buf_init(&b, a, 1 << 20);
	xml_begin(&o, &b);
	xml_open(&o, "r");
	xml_text(&o, "t", text);
	xml_close(&o);
	xml_end(&o);
	return str_dup(a, buf_str(&b));
}

static void
test_shape(void **state)
{
	struct xml_out o;
	struct buf b;

	buf_init(&b, *state, 4096);
	buf_puts(&b, "|");
	xml_begin(&o, &b);
	xml_open(&o, "a_response");
	xml_text(&o, "status", STR("success"));
	xml_text(&o, "gone", STR_NONE);
	xml_open(&o, "list");
	xml_text(&o, "n", STR("5.6"));
	xml_text(&o, "empty", STR(""));
	xml_close(&o);
	xml_text(&o, "last", STR("1"));
	xml_close(&o);
	xml_end(&o);
	assert_str(buf_str(&b), "|<a_response><status>success</status><list>"
	    "<n>5.6</n><empty></empty></list><last>1</last></a_response>");
}

static void
test_escapes(void **state)
{
	struct str s;

	s = written(*state, STR("a&b<c>\"d'\te\nf\rg ]]>"));
	assert_str(s, "<r><t>a&amp;b&lt;c&gt;&quot;d'\te\nf&#13;g ]]&gt;"
	    "</t></r>");
	s = written(*state, STR("\xc8\x99\xc8\x9b\xc4\x83 "
	    "\xf0\x9f\x8e\x81\x7f\xc2\x85"));
	assert_str(s, "<r><t>\xc8\x99\xc8\x9b\xc4\x83 "
	    "\xf0\x9f\x8e\x81\x7f\xc2\x85</t></r>");
}

#define NO	"\xef\xbf\xbd"

static void
test_cannot_hold(void **state)
{
	struct str s;

	s = written(*state, STR("a\0b\x1f" "c\xff" "d\xef\xbf\xbe\xef\xbf\xbf"
	    "e\xed\xa0\x80"));
	assert_str(s, "<r><t>a" NO "b" NO "c" NO "d" NO NO "e" NO NO NO
	    "</t></r>");
}

/* Whatever is written, libxml2 reads the same text. */
static void
test_read_back(void **state)
{
	struct arena *a = *state;
	struct str doc, want;
	unsigned char text[3 * 256];
	xmlChar *got;
	xmlDocPtr xml;

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (unsigned char)(i * 7 + i / 256);
	doc = written(a, (struct str){ (char *)text, sizeof(text) });
	want = str_printable(a, (struct str){ (char *)text, sizeof(text) });
	xml = xmlReadMemory(doc.p, (int)doc.n, NULL, NULL, XML_PARSE_NONET);
	assert_non_null(xml);
	got = xmlNodeGetContent(xmlDocGetRootElement(xml)->children);
	assert_int_equal(strlen((char *)got), want.n);
	assert_memory_equal(got, want.p, want.n);
	xmlFree(got);
	xmlFreeDoc(xml);
}

/* More than libxml2 gathers at once. */
static void
test_long(void **state)
{
	struct buf b, want;
	struct xml_out o;

	buf_init(&b, *state, 4 << 20);
	buf_init(&want, *state, 4 << 20);
	xml_begin(&o, &b);
	xml_open(&o, "r");
	buf_puts(&want, "<r>");
	for (int i = 0; i < 3000; i++) {
		struct str s = str_printf(*state, "%0*d", i, 7);

		xml_text(&o, "t", str_sub(s, 0, i % 700 + 1));
		buf_puts(&want, "<t>");
		buf_put(&want, str_sub(s, 0, i % 700 + 1));
		buf_puts(&want, "</t>");
	}
	xml_close(&o);
	xml_end(&o);
	buf_puts(&want, "</r>");
	assert_true(str_eq(buf_str(&b), buf_str(&want)));
}

/* More than the buf takes: it says so, as with json_out. */
static void
test_full(void **state)
{
	struct xml_out o;
	struct buf b;

	buf_init(&b, *state, 10);
	xml_begin(&o, &b);
	xml_open(&o, "root");
	xml_text(&o, "t", STR("0123456789"));
	xml_close(&o);
	xml_end(&o);
	assert_true(buf_full(&b));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ARENA_TEST(test_shape),
		ARENA_TEST(test_escapes),
		ARENA_TEST(test_cannot_hold),
		ARENA_TEST(test_read_back),
		ARENA_TEST(test_long),
		ARENA_TEST(test_full)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
