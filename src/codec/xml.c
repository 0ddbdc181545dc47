#include "codec/xml.h"

#include <libxml/xmlwriter.h>
#include <stdlib.h>

#include "base/arena.h"

/*
 * libxml2 says no for two reasons: memory is short, which ends the process as
 * it does in an arena; or we closed more than we opened.
 */
static void
must(bool ok)
{
	if (!ok)
		abort();
}

static void
free_buffer(void *p)
{
	xmlBufferFree(p);
}

static void
free_writer(void *p)
{
	xmlFreeTextWriter(p);
}

void
xml_begin(struct xml_out *o, struct buf *b)
{
	xmlBufferPtr text = xmlBufferCreate();

	must(text != NULL);
	arena_defer(b->arena, free_buffer, text);
	o->buf = b;
	o->text = text;
	o->writer = xmlNewTextWriterMemory(text, 0);
	must(o->writer != NULL);
	/* Freed first: it writes what it still holds into the buffer. */
	arena_defer(b->arena, free_writer, o->writer);
}

void
xml_open(struct xml_out *o, const char *name)
{
	must(xmlTextWriterStartElement(o->writer, BAD_CAST name) >= 0);
}

void
xml_text(struct xml_out *o, const char *name, struct str s)
{
	struct arena *a = o->buf->arena;

	if (s.p == NULL)
		return;
	must(xmlTextWriterWriteElement(o->writer, BAD_CAST name,
	    BAD_CAST str_cstr(a, str_printable(a, s))) >= 0);
}

void
xml_close(struct xml_out *o)
{
	must(xmlTextWriterEndElement(o->writer) >= 0);
}

void
xml_end(struct xml_out *o)
{
	xmlBufferPtr text = o->text;

	must(xmlTextWriterFlush(o->writer) >= 0);
	buf_put(o->buf, (struct str){ (const char *)xmlBufferContent(text),
	    (size_t)xmlBufferLength(text) });
}
