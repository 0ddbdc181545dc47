/*
 * Counters of all workers, in memory they share: made by the supervisor
 * before it forks, one slot a worker's position, so what a worker counted
 * outlives it. Only its own process adds to a slot (two for a moment while
 * one replaces the other), without locks; who answers /metrics sums them.
 *
 * To add a counter: one name in enum metric, one row in metrics.c.
 */
#ifndef HTTP_METRICS_H
#define HTTP_METRICS_H

#include "base/buf.h"

/* Dialects told apart; row 0 is what belongs to none (built-in paths). */
#define METRICS_DIALECTS_MAX	9

enum metric {
	METRIC_REQUESTS,		/* dialect, status class 0..5 */
	METRIC_DURATION,		/* dialect; metrics_duration() */
	METRIC_DB_ERRORS,
	METRIC_DB_RECONNECTS,
	METRIC_CREDENTIAL_HITS,
	METRIC_CREDENTIAL_MISSES,
	METRIC_WORKER_RESTARTS,		/* the supervisor's, as the next */
	METRIC_WORKERS_ALIVE,
	METRIC__COUNT
};

struct metrics;
struct metrics_slot;

/* NULL when the system gives no memory. Never freed: it is the process's. */
struct metrics		*metrics_new(size_t slots);
struct metrics_slot	*metrics_slot(struct metrics *, size_t i);

/* Count n more; row is a dialect, column a status class; 0 elsewhere. */
void	metrics_add(struct metrics_slot *, enum metric, size_t row,
	    size_t column, uint64_t n);
void	metrics_duration(struct metrics_slot *, size_t row, int64_t us);
/* A gauge is set, not added to. */
void	metrics_set(struct metrics_slot *, enum metric, uint64_t value);

/* The sum over all slots of one cell. */
uint64_t	metrics_sum(const struct metrics *, enum metric, size_t row,
		    size_t column);

/* Prometheus text; names[i] is dialect i + 1. */
void	metrics_text(const struct metrics *, const char *const *names, size_t n,
	    struct buf *);

#endif
