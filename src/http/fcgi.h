/*
 * The only user of libfcgi. A worker holds its own connections from nginx
 * (kept alive or not) and serves them in turn: wait, one request, reply. A
 * kept connection is never given up while a request may be under way on it.
 */
#ifndef HTTP_FCGI_H
#define HTTP_FCGI_H

#include "http/reply.h"
#include "http/request.h"

struct fcgi_limits {
	size_t	body_max;
	size_t	connections_max;
	int	io_timeout_ms;		/* a peer that stops reading or sends
					 * half a request */
};

/* Descriptors; give and take are both -1 where there are no siblings. */
struct fcgi_fds {
	int	listen;		/* non-blocking, shared with the siblings */
	int	stop;		/* readable: leave */
	int	give, take;	/* ends of a datagram pair that all share: kept
				 * connections pass from who leaves to who stays */
};

/*
 * Serve until fds->stop becomes readable and the request in hand is answered.
 * Signals must be blocked: one would cut a read or a reply in two. Kept
 * connections are given to a sibling, unopened; when none can be given they
 * are closed, each when it is least likely to be in use.
 *
 * handle() is called with a whole request whose memory is arena's; the arena
 * is reset after the reply. A body over the limit is handed over as
 * nginx_error 413 without its bytes; what is cut short is dropped and never
 * handed over. idle() is called at least once a second when nothing is to do.
 * ERR_INTERNAL: a system call that must not fail did.
 */
struct fcgi_server;
enum err	fcgi_serve(const struct fcgi_fds *, const struct fcgi_limits *,
		    struct arena *,
		    void (*handle)(void *, struct request *, struct reply *),
		    void (*idle)(void *), void *arg,
		    struct fcgi_server **ret_self) MUST_CHECK;

/*
 * For handle() and idle() when they have to wait for somebody: requests on
 * the other kept connections need not wait with them, siblings get those. May
 * be called again and again; does nothing where there are no siblings.
 * *ret_self of fcgi_serve() is set before either runs.
 */
void		fcgi_give_others(struct fcgi_server *);

#endif
