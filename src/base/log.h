/*
 * One JSON object a line on a descriptor, written with one write(2), so that
 * lines of several workers do not mix. Values are escaped; a value may never
 * be a secret or a whole card code (mask it with log_mask first).
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/str.h"

enum log_level { LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG };

struct log {
	int		 fd;
	enum log_level	 level;
};

/*
 * log_line(log, LOG_INFO, "worker ready", "pid", "42", NULL): event, then
 * pairs of names and values (both C strings) up to a NULL name. A NULL value
 * leaves its pair out. "time", "level" and "event" are added first.
 */
void	log_line(const struct log *, enum log_level, const char *event, ...)
	    __attribute__((sentinel));

/* First two and last two characters, stars between; short ones all stars. */
struct str	log_mask(struct arena *, struct str);

bool	log_level_parse(struct str, enum log_level *ret);

#endif
