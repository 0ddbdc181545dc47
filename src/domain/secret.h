/*
 * API keys and passwords: made, checked, hashed. libsodium only.
 *
 * An API key is "tsk_", 32 symbols (160 random bits) and 4 symbols of
 * checksum, so that a mistyped key is told without the database. Stored is
 * its BLAKE2b-256. Passwords are stored as Argon2id.
 */
#ifndef DOMAIN_SECRET_H
#define DOMAIN_SECRET_H

#include "base/err.h"

#define KEY_HASH_LEN	32

struct str	key_make(struct arena *);
/* Prefix, length, alphabet and checksum. */
bool		key_well_formed(struct str);
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
