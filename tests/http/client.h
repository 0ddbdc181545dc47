/*
 * The web server's side of FastCGI, for tests: as small as will do, and able
 * to do wrong (half a request, a wrong length, no end).
 */
#ifndef TESTS_HTTP_CLIENT_H
#define TESTS_HTTP_CLIENT_H

#include "base/str.h"

struct client_reply {
	int	status;
	size_t	n;
	char	text[512 << 10];	/* headers and body, NUL-terminated */
	char	*body;
};

struct client_request {
	const char	*method, *path;		/* GET, "/" */
	const char	*params[24];		/* "NAME=value", NULL-ended */
	const char	*body;			/* or NULL */
	const char	*length;		/* CONTENT_LENGTH; NULL: true one */
	bool		 keep;			/* FCGI_KEEP_CONN */
	bool		 http;			/* not https */
	int		 cut;			/* bytes not sent at the end */
};

/* -1 when nobody listens. */
int	client_connect(const char *path);
/* Send it whole (or cut); false when the peer is gone. */
bool	client_send(int fd, const struct client_request *);
/* Read up to the end of the request; false when the peer closed before. */
bool	client_receive(int fd, struct client_reply *);
/* Connect, send, receive, close. */
bool	client_call(const char *path, const struct client_request *,
	    struct client_reply *);

#endif
