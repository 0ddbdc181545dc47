#include "codec/xml.h"

#include <assert.h>
#include <libxml/entities.h>
#include <libxml/tree.h>
#include <stdlib.h>

#include "base/arena.h"

/* What libxml2 gathers before it is passed on; a usual answer is less. */
#define CHUNK	1000

/* libxml2 says no when memory is short, which ends the process as in an arena. */
static void
must(bool ok)
{
	if (!ok)
		abort();
}

static void
free_text(void *p)
{
	xmlBufferFree(p);
}

void
xml_begin(struct xml_out *o, struct buf *b)
{
	*o = (struct xml_out){ .buf = b, .text = xmlBufferCreateSize(CHUNK) };
	must(o->text != NULL);
	arena_defer(b->arena, free_text, o->text);
}

static void
put(struct xml_out *o, const void *text)
{
	must(xmlBufferCat(o->text, text) == 0);
}

static void
pass_on(struct xml_out *o)
{
	buf_put(o->buf, (struct str){ (const char *)xmlBufferContent(o->text),
	    (size_t)xmlBufferLength(o->text) });
	xmlBufferEmpty(o->text);
}

void
xml_open(struct xml_out *o, const char *name)
{
	assert(o->depth < XML_DEPTH_MAX);
	o->open[o->depth++] = name;
	put(o, "<");
	put(o, name);
	put(o, ">");
}

void
xml_close(struct xml_out *o)
{
	assert(o->depth > 0);
	put(o, "</");
	put(o, o->open[--o->depth]);
	put(o, ">");
	if (xmlBufferLength(o->text) > CHUNK / 2)
		pass_on(o);
}

void
xml_text(struct xml_out *o, const char *name, struct str s)
{
	struct arena *a = o->buf->arena;
	xmlChar *escaped;

	if (s.p == NULL)
		return;
	xml_open(o, name);
	escaped = xmlEncodeSpecialChars(NULL,
	    (const xmlChar *)str_cstr(a, str_printable(a, s)));
	must(escaped != NULL);
	put(o, escaped);
	xmlFree(escaped);
	xml_close(o);
}

void
xml_end(struct xml_out *o)
{
	assert(o->depth == 0);
	pass_on(o);
}
