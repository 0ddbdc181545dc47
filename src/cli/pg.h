/*
 * A plain connection of the operator's role for what is not a call of a
 * function: migrations, checks, COPY. Failures are reported here.
 */
#ifndef CLI_PG_H
#define CLI_PG_H

#include <libpq-fe.h>

#include "cli/cli.h"

/* Freed when the process ends. NULL: reported. */
PGconn		*pg_connect(struct cli *) MUST_CHECK;
/* Connect the same one anew after it was lost; false, and not a word, when
 * that is not possible now. */
bool		 pg_again(PGconn *) MUST_CHECK;
/* Text without parameters, several statements allowed. */
bool		 pg_run(PGconn *, const char *sql) MUST_CHECK;
/* One statement with text parameters; NULL: reported. */
PGresult	*pg_ask(PGconn *, const char *sql, int n,
		    const char *const *params) MUST_CHECK;
/* The same; true when it succeeded, the rows are dropped. */
bool		 pg_do(PGconn *, const char *sql, int n,
		    const char *const *params) MUST_CHECK;
bool		 pg_sqlstate(const PGresult *, const char *);
/* Report a failure; where: what was being done. */
void		 pg_report(const PGresult *, const char *where);

#endif
