/*
 * Paths of the service itself, the same for all dialects and over plain HTTP
 * too: /healthz (this worker lives), /readyz (and has a database it knows),
 * /metrics (all workers' counters). nginx decides who may see them.
 */
#ifndef BUILTIN_H
#define BUILTIN_H

#include "app.h"
#include "http/metrics.h"
#include "http/reply.h"
#include "http/request.h"

/* False, and the reply untouched, when the path is none of ours. */
bool	builtin_answer(struct app *, const struct metrics *,
	    const struct request *, struct reply *);

#endif
