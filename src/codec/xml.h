/*
 * XML out, by libxml2: elements with text, no attributes, no namespaces, no
 * declaration. A cursor over a buf like struct json_out; texts are escaped, and
 * what XML 1.0 cannot hold (control characters, U+FFFE, bytes that are not
 * UTF-8) becomes U+FFFD. Names are static ASCII.
 *
 * It stands on libxml2's buffer and its function that escapes, which its own
 * xmlTextWriter uses too: that one builds a document around them and costs a
 * worker four times as much, a tenth of a whole request.
 */
#ifndef CODEC_XML_H
#define CODEC_XML_H

#include "base/buf.h"

#define XML_DEPTH_MAX	8

struct xml_out {
	struct buf	*buf;
	void		*text;		/* libxml2's, freed with the arena */
	const char	*open[XML_DEPTH_MAX];
	size_t		 depth;
};

void	xml_begin(struct xml_out *, struct buf *);
/* <name>; the end of what was opened last. */
void	xml_open(struct xml_out *, const char *name);
void	xml_close(struct xml_out *);
/* <name>text</name>; nothing for STR_NONE. */
void	xml_text(struct xml_out *, const char *name, struct str);
/* All is closed: the rest goes into the buf. */
void	xml_end(struct xml_out *);

#endif
