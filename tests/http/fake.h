/*
 * A dialect, credentials and a clock for tests of what lies around dialects:
 * the table dialects[] holds "fake" (/fake/) and "other" (/fake/other/).
 * A request authenticates with Authorization: its word decides what the
 * credential check answers.
 */
#ifndef TESTS_HTTP_FAKE_H
#define TESTS_HTTP_FAKE_H

#include "dialect/dialect.h"

/* What happened, for test_dispatch.c; reset by hand. */
struct fake_trace {
	int		authenticated, handled, forgotten, seen;
	int		stale_left;	/* handlers that find themselves stale */
	int		stills, still_stale;	/* asked; to be told so */
	bool		asked;		/* by the handler */
	bool		blocked;
	enum err	handler_says, seen_says;
	bool		replayed;
	uint8_t		key[16], print[16];
	bool		has_key;
	enum err	encoded;
	size_t		n_fail;
};

extern struct fake_trace	fake;

#endif
