/*
 * One worker: a process with one connection to PostgreSQL that answers one
 * request at a time. It never ends because the database is away.
 */
#ifndef WORKER_H
#define WORKER_H

#include <sys/types.h>

#include "config.h"
#include "http/metrics.h"

struct worker_env {
	const struct config	*config;
	const struct metrics	*metrics;
	struct metrics_slot	*slot;		/* this position's counters */
	int			 listen_fd;
	int			 give_fd, take_fd;	/* of struct fcgi_fds */
	int			 ready_fd;	/* gets our pid once we serve */
	pid_t			 supervisor;
};

/*
 * What a child does with its life; answers its exit status. SIGTERM, which is
 * also what the death of the supervisor brings, ends it after the requests in
 * hand. Called with SIGTERM blocked.
 */
int	worker_run(const struct worker_env *);

#endif
