/*
 * XML out, written by libxml2: elements with text, no attributes, no
 * namespaces, no declaration. A cursor over a buf like struct json_out; it
 * escapes, and what XML 1.0 cannot hold (control characters, U+FFFE, bytes that
 * are not UTF-8) becomes U+FFFD. Names are static ASCII. A struct str that is
 * STR_NONE leaves its element out.
 */
#ifndef CODEC_XML_H
#define CODEC_XML_H

#include "base/buf.h"

struct xml_out {
	struct buf	*buf;
	void		*writer, *text;	/* libxml2's, freed with the arena */
};

void	xml_begin(struct xml_out *, struct buf *);
/* <name>; <name>text</name>; and the end of what was opened last. */
void	xml_open(struct xml_out *, const char *name);
void	xml_text(struct xml_out *, const char *name, struct str);
void	xml_close(struct xml_out *);
void	xml_end(struct xml_out *);	/* all closed: into the buf */

#endif
