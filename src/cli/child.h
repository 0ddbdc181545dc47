/*
 * One run of a command that the operator configured: a program and its words,
 * without a shell. What it is told comes on its standard input; its standard
 * output goes nowhere; of its standard error the first line is kept.
 *
 * It runs in a process group of its own, so that a key of the terminal does
 * not reach it, and all of it can be killed. What it leaves in the background
 * when it ends is let live.
 */
#ifndef CLI_CHILD_H
#define CLI_CHILD_H

#include <signal.h>

#include "base/str.h"

#define CHILD_LINE_MAX	200

struct child {
	char		**argv;		/* ends with NULL */
	struct str	  input;
	int64_t		  timeout_ms;
	const char	 *env;		/* "NAME=value", besides ours */
};

enum child_how {
	CHILD_EXITED,		/* code: its status */
	CHILD_KILLED,		/* code: the signal */
	CHILD_TIMED_OUT,	/* and was killed */
	CHILD_NOT_STARTED	/* code: errno */
};

struct child_end {
	enum child_how	how;
	int		code;
	char		line[CHILD_LINE_MAX + 1];	/* printable UTF-8; "" */
};

/* The signals that come through while ... */
struct child_masks {
	sigset_t	usual;		/* nothing is run: as it was before */
	sigset_t	running;	/* no SIGTERM, no SIGINT */
};

/*
 * Once in a process, before the first run: SIGPIPE is ignored; SIGCHLD, SIGTERM
 * and SIGINT are blocked but in the functions below.
 */
void	child_setup(struct child_masks *ret);

/* Run it to its end. SIGTERM and SIGINT stay pending meanwhile. */
void	child_run(const struct child_masks *, const struct child *,
	    struct child_end *ret);

/* Wait so long, less when SIGTERM or SIGINT comes. True: one has come. */
bool	child_pause(const struct child_masks *, int64_t ms);

#endif
