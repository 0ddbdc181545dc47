/*
 * RFC 4180, read in one pass over text in memory: quoted fields may hold
 * commas, quotes (doubled) and line ends; lines end in LF or CRLF; a BOM is
 * skipped. And written.
 */
#ifndef CLI_CSV_H
#define CLI_CSV_H

#include "base/buf.h"

#define CSV_FIELDS_MAX	16

struct csv {
	struct arena	*arena;
	struct str	 text;
	size_t		 at;
	int		 line;		/* on which the next record begins */
};

struct csv_record {
	int		 line;
	int		 n;
	struct str	 fields[CSV_FIELDS_MAX];
	const char	*error;		/* what is wrong with it, or NULL */
};

void	csv_begin(struct csv *, struct arena *, struct str text);
/* False at the end. Empty lines are skipped. */
bool	csv_next(struct csv *, struct csv_record *ret);

/* One field, quoted when it must be; an absent one is empty. */
void	csv_put(struct buf *, struct str, bool last);

#endif
