/*
 * Any text, written as XML and read by libxml2's own parser, is the same text
 * but for what XML cannot hold.
 */
#include "fuzz.h"

#include <libxml/parser.h>
#include <libxml/tree.h>

#include "codec/xml.h"

static struct str
written(struct arena *a, struct str text)
{
	struct xml_out o;
	struct buf b;

	buf_init(&b, a, 64u << 20);
	xml_begin(&o, &b);
	xml_open(&o, "root");
	xml_text(&o, "before", STR("1"));
	xml_text(&o, "text", text);
	xml_close(&o);
	xml_end(&o);
	CHECK(!buf_full(&b));
	return buf_str(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct arena *a = fuzz_arena();
	struct str text = fuzz_str(p, n), want = str_printable(a, text), doc;
	xmlNodePtr root, node;
	xmlDocPtr xml;
	xmlChar *got;

	doc = written(a, text);
	xml = xmlReadMemory(doc.p, (int)doc.n, NULL, NULL, XML_PARSE_NONET);
	CHECK(xml != NULL);
	root = xmlDocGetRootElement(xml);
	CHECK(str_eq(str_of((const char *)root->name), STR("root")));
	node = root->children->next;
	CHECK(node != NULL && node->next == NULL && node->properties == NULL);
	got = xmlNodeGetContent(node);
	CHECK(str_eq(str_of((const char *)got), want));
	xmlFree(got);
	xmlFreeDoc(xml);
	return 0;
}
