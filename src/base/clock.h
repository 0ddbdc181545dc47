/*
 * Time, as a struct of functions so that tests can stand still. The clock of
 * the ledger is PostgreSQL's; this one serves deadlines, caches and logs.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

struct clock {
	int64_t	(*wall_us)(const struct clock *);	/* since 1970 UTC */
	int64_t	(*mono_us)(const struct clock *);	/* never goes back */
	int64_t	  fixed_us;		/* for clock_fixed */
};

extern const struct clock	clock_system;

struct clock	clock_fixed(int64_t us);	/* both answer us */

#endif
