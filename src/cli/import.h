/*
 * tessera cards import in two passes: import_check.c reads and judges the
 * whole file, import.c stages and books it.
 */
#ifndef CLI_IMPORT_H
#define CLI_IMPORT_H

#include "cli/cli.h"

#define IMPORT_BYTES_MAX	((size_t)256 << 20)
#define IMPORT_ROWS_MAX		1000000

struct import_programme {
	int64_t			 id;
	struct str		 code;
	const struct unit	*unit;
	bool			 active;
	int64_t			 amount_max;
};

struct import_row {
	int		 line;
	int64_t		 programme, balance;
	struct str	 code;		/* upper case */
	struct date	 expires_on;
	bool		 suspended;
	struct str	 reference, note;	/* STR_NONE: none */
};

struct import {
	struct cli		*cli;
	const char		*programme;	/* for rows without, or NULL */
	const char		*path;
	struct str		 text;
	size_t			 n_programmes;
	struct import_programme	*programmes;
	size_t			 n_rows;
	struct import_row	*rows;
	size_t			 n_bad;
};

/* Pass 1. False: every mistake (the first hundred) is reported. */
bool	import_check(struct import *) MUST_CHECK;
/* Are all codes new to the tenant? False: reported. */
bool	import_check_taken(struct import *) MUST_CHECK;

#endif
