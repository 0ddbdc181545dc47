/*
 * API keys and passwords: made, checked, hashed. libsodium only.
 *
 * An API key is "tsk_", 32 symbols (160 random bits) and 4 symbols of
 * checksum, so that a mistyped key is told without the database. Stored is
 * its BLAKE2b-256. Passwords are stored as Argon2id.
 *
 * For some APIs a tenant may bring the key that its software has already; those
 * are looked up by their BLAKE2b too. A hash that is as fast as that, and
 * without salt, is right for keys because nobody can try 2^160 of them. A
 * brought key is only as good as it was made: who gets a copy of the table
 * can try some 10^9 guesses a second, so what a person thought up is found, and
 * 16 random characters are not. There is no telling one from the other;
 * key_weak() refuses what is weak beyond doubt, and man pages ask for chance.
 */
#ifndef DOMAIN_SECRET_H
#define DOMAIN_SECRET_H

#include "base/err.h"

#define KEY_HASH_LEN	32
#define KEY_BROUGHT_MIN	16
#define KEY_BROUGHT_MAX	1000

struct str	key_make(struct arena *);
/* Prefix, length, alphabet and checksum. */
bool		key_well_formed(struct str);
/* Visible ASCII of such a length, and not "tsk_...": that is only ours. */
bool		key_brought_ok(struct str);
/* Of few different characters, or mostly in order ("...456789abc..."). */
bool		key_weak(struct str);
/* May keys of this API be brought? The table of APIs is in credential.c. */
bool		key_may_be_brought(const char *api);
void		key_hash(struct str key, uint8_t ret[KEY_HASH_LEN]);

/* 20 symbols, 100 random bits. */
struct str	password_make(struct arena *);
/* Text for the database; ERR_UNAVAILABLE when memory is short. */
enum err	password_hash(struct arena *, struct str password,
		    struct str *ret) MUST_CHECK;
bool		password_verify(struct str hash, struct str password);
/* Spend the time of a verification that nobody can pass. */
void		password_verify_nobody(struct str password);

#endif
