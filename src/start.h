/*
 * What a supervisor does once, before it forks: the socket, the pid file, the
 * privileges; and its word to a service manager. Failures are logged here,
 * with what to do about them.
 */
#ifndef START_H
#define START_H

#include "config.h"

struct listener {
	int	fd;		/* non-blocking, close-on-exec */
	bool	ours;		/* not handed over by a service manager */
};

/*
 * The listening socket: the one a service manager passed (LISTEN_FDS), or
 * config->socket. One that nobody answers on is replaced; ERR_NAME_TAKEN when
 * another server lives on it. ERR_UNAVAILABLE.
 */
enum err	listener_open(const struct config *, const struct log *,
		    struct listener *ret) MUST_CHECK;
/* Refuse new connections from now on and remove the file, if it is ours. */
void		listener_shut(const struct config *, const struct listener *);

/* Do nothing when config names no file. */
enum err	pid_file_write(const struct config *, const struct log *)
		    MUST_CHECK;
void		pid_file_remove(const struct config *);

/*
 * Become config->user and group for good. Nothing when no user is named.
 * ERR_FORBIDDEN when it cannot be done, or could be undone.
 */
enum err	privileges_drop(const struct config *, const struct log *)
		    MUST_CHECK;

/* sd_notify(3): "READY=1". Nothing without NOTIFY_SOCKET. */
void		notify(const char *state);

#endif
