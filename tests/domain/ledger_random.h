/*
 * What the files of test_ledger_random share: who works with which cards, what
 * each was told and keeps books of.
 */
#ifndef TESTS_DOMAIN_LEDGER_RANDOM_H
#define TESTS_DOMAIN_LEDGER_RANDOM_H

#include <pthread.h>
#include <stdatomic.h>

#include "app.h"
#include "domain/account.h"
#include "domain/transfer.h"
#include "ledger_sql.h"

#define CARDS		12
#define POINTS_FROM	8		/* these hold points, not money, each
					 * of a customer */
#define WORKERS		12
#define TURNS		200
#define TWIN_EACH	5		/* turns, then one with the neighbour */
#define TWINS		(TURNS / TWIN_EACH)
#define OPENING		20000
#define POINTS		500		/* opening of those that hold points */
#define KEPT		32
#define SALES		6		/* of a worker at a time */

/* What one of two with the same key was told. */
struct told {
	enum err	err;
	bool		fresh;
	struct transfer	t;		/* without its strs */
};

/* What one of two with the same sale was told, and then did. */
struct told_sale {
	enum err		err, settled;
	bool			fresh;
	struct authorisation	a;
};

struct test {
	const char		*conninfo;
	PGconn			*super;
	uint64_t		 seed;
	struct principal	 who;
	pthread_barrier_t	 start, pair[WORKERS / 2];
	atomic_bool		 over;
	unsigned		 wrong_order, victim;	/* of the 13th hand */
	struct told		 told[WORKERS][TWINS];
	struct told_sale	 sold[WORKERS][TWINS];
};

/* A sale that something was authorised for. */
struct sale {
	enum { SALE_NONE, SALE_OPEN, SALE_CONFIRMED, SALE_CANCELLED } state;
	uint32_t		card;
	int64_t			points, amount, lapse_s;
	struct authorisation	a;
};

struct worker {
	struct test		*test;
	int			 n;
	uint64_t		 dice, keys;
	struct app		 app;
	struct arena		*arena;
	int64_t			 sum[CARDS];	/* of what was acknowledged */
	int64_t			 booked;	/* transfers but lapses */
	int			 given_up;
	struct transfer_id	 holds[KEPT], moves[KEPT];
	struct sale		 sales[SALES];
	char			 fault[256];
	char			 conninfo[1024];
};

/* ---- test_ledger_random.c ---- */

/* The first that a worker has to say. */
void		fault(struct worker *, const char *what, enum err);
struct str	code_of(struct arena *, uint32_t card);
/* A new operation of a worker, under a key that is its own. */
struct ctx	begin(struct worker *);
/* Was that an answer that may come? Lost ones must not. */
void		judge(struct worker *, enum err);

/* ---- ledger_account.c ---- */

/* Number of the customer of a card of points. */
struct str	number_of(struct arena *, uint32_t card);
/* Authorise, ask again, confirm, cancel, try it the other way. */
void		turn_sale(struct worker *);
void		turn_earn(struct worker *);
/* An account is of one moment: its lines add up. */
void		turn_look(struct worker *);
/*
 * The same sale as the neighbour, at the same moment: one hold, which both
 * settle, at the same moment, each as it likes.
 */
void		turn_twin_sale(struct worker *, int round);
void		compare_sales(struct test *);

#endif
