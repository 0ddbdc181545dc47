/*
 * What goes back. A handler fills it; fcgi.c writes it in one go after the
 * handler has returned, so half a reply is never sent.
 */
#ifndef HTTP_REPLY_H
#define HTTP_REPLY_H

#include "base/buf.h"

#define REPLY_HEADERS_MAX	8
#define REPLY_BODY_MAX		(8u << 20)

struct reply {
	int		 status;
	const char	*content_type;
	size_t		 n_headers;
	struct { const char *name; struct str value; }
			 headers[REPLY_HEADERS_MAX];
	struct buf	 body;
};

void	reply_init(struct reply *, struct arena *);
/* Forget all that was written (an error after half a body). */
void	reply_clear(struct reply *);
/* Values with control characters are dropped whole. */
void	reply_header(struct reply *, const char *name, struct str value);

/*
 * The reply as CGI text: Status, our own headers, the handler's, a blank line
 * and the body unless the method was HEAD. A body that outgrew REPLY_BODY_MAX
 * becomes an empty 500.
 */
struct str	reply_text(struct reply *, struct arena *, bool head,
		    const uint8_t request_id[16]);

#endif
