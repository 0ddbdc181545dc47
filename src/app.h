/*
 * The only context there is. struct app lives as long as a process and is
 * made in main(); struct ctx is one operation; struct call is one request.
 * There are no other globals but const tables and signal flags.
 */
#ifndef APP_H
#define APP_H

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"

struct config;
struct db;
struct auth_cache;
struct metrics_slot;

struct app {
	const struct config	*config;
	struct clock		 clock;
	struct log		 log;
	struct db		*db;		/* made after the fork */
	struct auth_cache	*auth_cache;	/* domain/auth.h */
	struct metrics_slot	*metrics;	/* this worker's counters */
};

/* Who is asking: a verified credential. See domain/auth.h. */
struct principal {
	int32_t		 tenant;
	int32_t		 credential;
	int32_t		 version;	/* changes with every rotation, lock,
					 * disable or setting */
	unsigned	 scopes;	/* SCOPE_* bits */
	bool		 reseller;
	int64_t		 clock_us;	/* sandbox: the tenant's standing
					 * clock; 0 = real time */
	const struct unit *currency;	/* the tenant's */
	struct str	 time_zone;
	struct str	 programme;	/* code of the programme the
					 * credential issues from, or none */
	struct str	 settings;	/* JSON object text, domain/setting.h */
};

struct ctx {
	struct app		*app;
	struct arena		*arena;
	const struct principal	*who;		/* NULL before authentication */
	uint8_t			 request_id[16];
	struct str		 address;	/* of the client */
	uint8_t			 idem_key[16];	/* hashed key; set if has_key */
	uint8_t			 idem_print[16];/* fingerprint of the request */
	bool			 has_key;
	bool			 replayed;	/* set by operations */
	bool			 asked;		/* so does ctx_call: the database
						 * has judged who */
	const char		*channel;	/* dialect's name */
	int64_t			 deadline_us;	/* monotonic */
	struct fail		 fail;
};

#endif
