/*
 * Who is calling. A credential is an API key or a login with password of one
 * tenant for one dialect ("native", "iwarehouse", ...).
 *
 * A verified credential is remembered by the worker under a keyed hash for
 * config->credential_cache_s; every api call carries the credential's version
 * and answers CREDENTIAL_STALE when it has changed, so a rotation, lock or
 * disabling takes effect on the next request all the same. A wrong password
 * changes it too if workers may remember the login for that address.
 */
#ifndef DOMAIN_AUTH_H
#define DOMAIN_AUTH_H

#include "domain/domain.h"

struct auth_cache;

struct auth_cache	*auth_cache_new(size_t entries);
void			 auth_cache_free(struct auth_cache *);	/* wipes */
/* Look-ups so far that found something, and that did not. */
void	auth_cache_counts(const struct auth_cache *, uint64_t *ret_hits,
	    uint64_t *ret_misses);

/*
 * Verify and set ctx->who. host: of the request; a host bound to another
 * tenant is refused. UNAUTHENTICATED for anything unknown, foreign, wrong,
 * disabled, expired, blocked or from an address not listed, in one answer
 * and about one timing; TOO_MANY_REQUESTS, for right passwords too, after too
 * many wrong ones of this login from this address, or of any from its network
 * (the limits of each API stand in auth.c); UNAVAILABLE.
 */
enum err	auth_key(struct ctx *, const char *api, struct str key,
		    struct str host) MUST_CHECK;
enum err	auth_login(struct ctx *, const char *api, struct str login,
		    struct str password, struct str host) MUST_CHECK;

/*
 * Is ctx->who, perhaps remembered, still what was verified? CREDENTIAL_STALE
 * if not. For a request that is refused before an operation has asked: until
 * then a lock-out may have come that has to be answered first. dispatch() sees
 * to that for errors; who puts a refusal into a reply of its own calls this.
 * One call of the database.
 */
enum err	auth_still(struct ctx *) MUST_CHECK;

/*
 * A token for the credential in ctx->who, such as auth_key() takes, that ends
 * after so many seconds.
 */
enum err	session_open(struct ctx *, int64_t seconds,
		    struct str *ret_token) MUST_CHECK;

/* The settings of the tenant that is bound to this host, in a principal that is
 * good for setting_*() alone; defaults when nobody is. */
enum err	host_settings(struct ctx *, struct str host,
		    struct principal *ret) MUST_CHECK;

/* After CREDENTIAL_STALE: forget what the last auth_* of ctx remembered. */
void		auth_forget(struct ctx *);

/*
 * The budget of unknown codes (per credential and address and hour).
 * unknown_code_blocked(): has this worker seen it spent? unknown_code_seen():
 * count one in the database; TOO_MANY_REQUESTS when that was over the budget.
 */
bool		unknown_code_blocked(struct ctx *);
enum err	unknown_code_seen(struct ctx *) MUST_CHECK;

#endif
