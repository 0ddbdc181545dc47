/*
 * One worker's connection to PostgreSQL and calls of api.* functions on it.
 *
 * There is no SQL text here or above: a call is SELECT * FROM api.<name>($1,
 * ... $n). It is prepared under its name on first use and again after a
 * reconnect. A function's first column is `status`; any label but ok becomes
 * that enum err, with the rest of the row still readable.
 *
 * What may be repeated is repeated here and nowhere else: deadlocks and
 * serialization failures always, a lost connection when the call is a read
 * or carries an idempotency key; bounded by the deadline.
 */
#ifndef DB_DB_H
#define DB_DB_H

#include "base/buf.h"
#include "base/clock.h"
#include "base/date.h"
#include "base/err.h"
#include "base/log.h"
#include "db/schema.h"

struct db;
struct arena;

struct db_options {
	const char	*conninfo;
	bool		 prepare;
	int		 statement_timeout_ms;
	struct clock	 clock;
	struct log	 log;
	/* Called about every 50 ms while the server is waited for; or NULL. */
	void		(*waiting)(void *);
	void		*waiting_arg;
};

struct db	*db_new(const struct db_options *);	/* connects lazily */
void		 db_free(struct db *);			/* NULL is fine */
/* Connected, and the schema is one that we know? Reconnects with back-off. */
enum err	 db_ready(struct db *) MUST_CHECK;
uint64_t	 db_reconnects(const struct db *);	/* for metrics */

/* Parameters, all sent as text; built in the arena. */
#define DB_PARAMS_MAX	40

struct db_params {
	struct arena	*arena;
	int		 n;
	bool		 bad;		/* a text held a NUL, which PostgreSQL
					 * cannot: db_call says ERR_INVALID */
	const char	*v[DB_PARAMS_MAX];
};

void	db_params_init(struct db_params *, struct arena *);
void	db_p_null(struct db_params *);
void	db_p_i64(struct db_params *, int64_t);
void	db_p_bool(struct db_params *, bool);
void	db_p_str(struct db_params *, struct str);	/* STR_NONE: null */
void	db_p_bytes(struct db_params *, const void *, size_t);	/* bytea */
void	db_p_uuid(struct db_params *, const uint8_t [16]);
void	db_p_date(struct db_params *, struct date);	/* year 0: null */
void	db_p_instant(struct db_params *, int64_t us);	/* 0: null */
/* Arrays; a STR_NONE element is null. */
void	db_p_strs(struct db_params *, const struct str *, size_t n);
void	db_p_i64s(struct db_params *, const int64_t *, size_t n);

/*
 * One parameter that is an array of a composite type: begin, then a row and
 * its columns in the type's order as often as needed, then db_p_records.
 * Growing past max is our bug: it aborts.
 */
struct db_records {
	struct buf	 buf;
	bool		 bad;		/* as in db_params */
	bool		 in_row;	/* a row is open */
	bool		 comma;		/* before the next column */
};

void	db_rec_begin(struct db_records *, struct arena *, size_t max);
void	db_rec_row(struct db_records *);
void	db_rec_null(struct db_records *);
void	db_rec_i64(struct db_records *, int64_t);
void	db_rec_bool(struct db_records *, bool);
void	db_rec_str(struct db_records *, struct str);	/* STR_NONE: null */
void	db_rec_date(struct db_records *, struct date);	/* year 0: null */
void	db_p_records(struct db_params *, struct db_records *);

enum db_kind {
	DB_READ,	/* repeatable */
	DB_WRITE,	/* not repeatable after a lost connection */
	DB_KEYED	/* a write under an idempotency key: repeatable */
};

struct db_rows {
	void	*res;		/* PGresult, freed with the arena */
	int	 n;
};

/*
 * Call api.<name>, or name as it stands when it holds a dot. name must be a
 * literal (it is the cache key). No row at all is ERR_OK. Errors: the status
 * of the first row; ERR_UNAVAILABLE (no database, statement or lock timeout;
 * nothing was booked), ERR_OUTCOME_UNKNOWN (the connection was lost after a
 * DB_WRITE was sent, or after a DB_KEYED and repeating it did not tell by the
 * deadline), ERR_REPLAY (SQLSTATE TS001: this idempotency key was used
 * before), ERR_INVALID (a text PostgreSQL cannot hold), ERR_INTERNAL
 * (anything else, logged).
 */
enum err	db_call(struct db *, struct arena *, int64_t deadline_us,
		    enum db_kind, const char *name, const struct db_params *,
		    struct db_rows *ret) MUST_CHECK;

/* Columns by name. Asking for one that is not there is our bug: it aborts. */
bool		db_null(const struct db_rows *, int row, const char *col);
struct str	db_str(const struct db_rows *, int row, const char *col);
int64_t		db_i64(const struct db_rows *, int row, const char *col);
bool		db_bool(const struct db_rows *, int row, const char *col);
struct date	db_date(const struct db_rows *, int row, const char *col);
int64_t		db_instant(const struct db_rows *, int row, const char *col);
enum err	db_status(const struct db_rows *, int row, const char *col);
void		db_uuid(const struct db_rows *, int row, const char *col,
		    uint8_t ret[16]);
/* bytea; the slice lives in the arena given. */
struct str	db_bytes(struct arena *, const struct db_rows *, int row,
		    const char *col);

#endif
