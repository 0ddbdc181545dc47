/*
 * The only user of libfcgi. A worker holds its own connections from nginx
 * (kept alive or not) and serves them in turn: poll, one request, reply.
 */
#ifndef HTTP_FCGI_H
#define HTTP_FCGI_H

#include <signal.h>

#include "http/reply.h"
#include "http/request.h"

struct fcgi_limits {
	size_t	body_max;
	size_t	connections_max;
	int	io_timeout_ms;		/* a peer that stops reading */
};

/*
 * Serve until *stop is set and the request in hand is answered. listen_fd is
 * non-blocking and shared with the other workers. handle() is called with a
 * request whose memory is arena's; the arena is reset after the reply. idle()
 * is called at least once a second.
 */
enum err	fcgi_serve(int listen_fd, const struct fcgi_limits *,
		    const volatile sig_atomic_t *stop, struct arena *,
		    void (*handle)(void *, struct request *, struct reply *),
		    void (*idle)(void *), void *arg) MUST_CHECK;

#endif
