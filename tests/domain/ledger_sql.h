/*
 * The ledger by plain SQL, for tests that have it to themselves. A wrong
 * answer fails the running test.
 */
#ifndef TESTS_DOMAIN_LEDGER_SQL_H
#define TESTS_DOMAIN_LEDGER_SQL_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>

#include "app.h"

/* False when the server refuses. */
bool	sql_run(PGconn *, const char *sql);
/* One row, one number. */
int64_t	sql_number(PGconn *, const char *sql);
/*
 * A tenant named by the seed, with a credential and three programmes: GIFT is
 * of money, POINTS and BOTH are of points that purchases earn.
 */
void	sql_tenant(PGconn *, uint64_t seed, struct principal *ret);
/* A number below `below`: the same ones for the same dice. */
uint32_t sql_draw(uint64_t *dice, uint32_t below);
/* Begin, and lock the purses of two cards in this order. */
bool	sql_lock_pair(PGconn *, int tenant, int first, int second);
/* Every file of sql/checks, below $srcdir, finds no row. */
void	sql_checks(PGconn *);
/* Of this database so far, once the sessions named here have ended. */
int64_t	sql_deadlocks(PGconn *);

#define SQL_SESSION	"tessera random"

#endif
