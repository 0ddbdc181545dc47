/*
 * One request from arrival to reply. The only place that acts on route
 * flags, knows the order of checks and counts requests: nginx-made error,
 * queue deadline, route, https, body size, budget of unknown codes,
 * authentication, scope, idempotency key, handler; a stale credential is
 * verified anew and the handler run again.
 */
#ifndef HTTP_DISPATCH_H
#define HTTP_DISPATCH_H

#include "http/route.h"

/* Fills reply; never fails: a failure is an error reply. */
void	dispatch(struct app *, struct arena *, struct request *,
	    struct reply *);

#endif
