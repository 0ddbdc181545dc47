/*
 * What a worker remembers of verified credentials, under a keyed hash of all
 * that was presented (secret, host, address): the secret itself is not kept.
 * Four places a set; the oldest gives way.
 */
#ifndef DOMAIN_AUTH_CACHE_H
#define DOMAIN_AUTH_CACHE_H

#include "domain/auth.h"

#define AUTH_TAG_LEN	16

struct auth_entry {
	uint8_t			 tag[AUTH_TAG_LEN];
	int64_t			 until_mono_us;		/* 0: free */
	int64_t			 live_until_us;		/* wall; 0: open */
	int64_t			 blocked_until_us;	/* wall; unknown codes */
	struct principal	 who;
	char			*text;	/* what the strs of who point to */
	size_t			 text_n;
};

/* The tag for a list of strings. */
void	auth_tag(const struct auth_cache *, const struct str *, size_t n,
	    uint8_t ret[AUTH_TAG_LEN]);

/* The live entry with this tag, or NULL. Counts a hit or a miss. */
struct auth_entry	*auth_cache_find(struct auth_cache *,
			    const struct clock *, const uint8_t [AUTH_TAG_LEN]);

/*
 * Remember who for ttl_us; live_until_us (wall) ends it earlier. The
 * principal's strings are copied.
 */
struct auth_entry	*auth_cache_put(struct auth_cache *,
			    const struct clock *, const uint8_t [AUTH_TAG_LEN],
			    const struct principal *, int64_t ttl_us,
			    int64_t live_until_us);

/* The entry that holds this principal, or NULL. */
struct auth_entry	*auth_cache_entry(struct auth_cache *,
			    const struct principal *);

void	auth_entry_clear(struct auth_entry *);

#endif
