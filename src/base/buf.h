/*
 * A growing run of bytes in an arena with a limit given when it is made.
 * Past the limit writing stops and buf_full() says so: check it once, at the
 * end, not after each write.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/str.h"

struct buf {
	struct arena	*arena;
	char		*p;
	size_t		 n, cap, max;
	bool		 full;
};

void		buf_init(struct buf *, struct arena *, size_t max);
void		buf_put(struct buf *, struct str);
void		buf_putc(struct buf *, char);
void		buf_puts(struct buf *, const char *);
void		buf_printf(struct buf *, const char *fmt, ...)
		    __attribute__((format(printf, 2, 3)));
bool		buf_full(const struct buf *);
struct str	buf_str(const struct buf *);	/* valid until the next put */

#endif
