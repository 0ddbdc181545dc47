/*
 * Inside src/db only: the connection under the calls. conn.c opens, watches
 * and closes it; call.c speaks over it.
 */
#ifndef DB_CONN_H
#define DB_CONN_H

#include <libpq-fe.h>

#include "db/db.h"

#define CONN_PREPARED_MAX	256

struct db {
	struct db_options	 opt;
	PGconn			*conn;		/* NULL: not connected */
	bool			 doomed;	/* the server said good-bye */
	bool			 outage;	/* and it is logged */
	int64_t			 next_try_us;	/* not before */
	int64_t			 backoff_us;
	uint64_t		 connects;
	uint32_t		 dice;
	size_t			 n_prepared;	/* on this connection */
	const char		*prepared[CONN_PREPARED_MAX];
	char			 why[256];	/* of the last failure */
};

int64_t		conn_now(const struct db *);
/* A number in [1, max] for back-off; not for secrets. */
int64_t		conn_dice(struct db *, int64_t max);

/*
 * Connected, alive as far as one can see without a round trip, and of a
 * schema we know. ERR_UNAVAILABLE at once while a back-off runs.
 */
enum err	conn_open(struct db *, int64_t deadline_us) MUST_CHECK;
void		conn_close(struct db *);

/*
 * Send what is queued and read until the server is ready again. An error
 * result wins over others: rows count only once the commit after them has
 * succeeded. NULL: connection lost or deadline passed.
 */
PGresult	*conn_finish(struct db *, int64_t deadline_us);

/* First line of libpq's or the server's message, in buf. */
const char	*conn_first_line(const char *, char *buf, size_t n);

#endif
