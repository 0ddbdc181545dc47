#include <sodium.h>
#include <string.h>

#include "base/arena.h"
#include "domain/code.h"
#include "domain/secret.h"

#define KEY_PREFIX	"tsk_"
#define KEY_RANDOM	32
#define KEY_CHECK	4
#define KEY_LEN		(sizeof(KEY_PREFIX) - 1 + KEY_RANDOM + KEY_CHECK)
#define KEY_DIFFERENT	10	/* characters in one that is brought */
#define PASSWORD_LEN	20

/*
 * Argon2id with 19 MiB and two passes: what OWASP names as the least, about
 * 25 ms here. A worker verifies rarely (see auth.c), and eight of them at
 * once stay below 160 MiB.
 */
#define PW_OPS		2
#define PW_MEM		(19u << 20)

static void
draw(char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		p[i] = CODE_ALPHABET[randombytes_uniform(32)];
}

static void
checksum(const char *key, char ret[KEY_CHECK])
{
	uint8_t h[crypto_generichash_BYTES_MIN];

	crypto_generichash(h, sizeof(h), (const uint8_t *)key,
	    KEY_LEN - KEY_CHECK, NULL, 0);
	for (size_t i = 0; i < KEY_CHECK; i++)
		ret[i] = CODE_ALPHABET[h[i] & 31];
	sodium_memzero(h, sizeof(h));
}

struct str
key_make(struct arena *arena)
{
	char *p = arena_alloc(arena, KEY_LEN);

	memcpy(p, KEY_PREFIX, sizeof(KEY_PREFIX) - 1);
	draw(p + sizeof(KEY_PREFIX) - 1, KEY_RANDOM);
	checksum(p, p + KEY_LEN - KEY_CHECK);
	return (struct str){ p, KEY_LEN };
}

bool
key_well_formed(struct str key)
{
	char sum[KEY_CHECK];

	if (key.n != KEY_LEN || memcmp(key.p, KEY_PREFIX,
	    sizeof(KEY_PREFIX) - 1) != 0)
		return false;
	checksum(key.p, sum);
	return sodium_memcmp(sum, key.p + KEY_LEN - KEY_CHECK,
	    KEY_CHECK) == 0;
}

bool
key_brought_ok(struct str key)
{
	for (size_t i = 0; i < key.n; i++)
		if (key.p[i] <= ' ' || key.p[i] > '~')
			return false;
	return key.n >= KEY_BROUGHT_MIN && key.n <= KEY_BROUGHT_MAX &&
	    memcmp(key.p, KEY_PREFIX, sizeof(KEY_PREFIX) - 1) != 0;
}

bool
key_weak(struct str key)
{
	bool seen[256] = { false };
	size_t different = 0, in_order = 0;
	uint8_t c, last = 0;

	for (size_t i = 0; i < key.n; i++, last = c) {
		c = (uint8_t)key.p[i];
		different += !seen[c];
		seen[c] = true;
		in_order += i > 0 && c <= last + 1 && last <= c + 1;
	}
	return different < KEY_DIFFERENT || 2 * in_order >= key.n;
}

void
key_hash(struct str key, uint8_t ret[KEY_HASH_LEN])
{
	crypto_generichash(ret, KEY_HASH_LEN, (const uint8_t *)key.p, key.n,
	    NULL, 0);
}

struct str
password_make(struct arena *arena)
{
	char *p = arena_alloc(arena, PASSWORD_LEN);

	draw(p, PASSWORD_LEN);
	return (struct str){ p, PASSWORD_LEN };
}

enum err
password_hash(struct arena *arena, struct str password, struct str *ret)
{
	char *p = arena_alloc(arena, crypto_pwhash_STRBYTES);

	if (crypto_pwhash_str_alg(p, password.p, password.n, PW_OPS, PW_MEM,
	    crypto_pwhash_ALG_ARGON2ID13) != 0)
		return ERR_UNAVAILABLE;
	*ret = str_of(p);
	return ERR_OK;
}

bool
password_verify(struct str hash, struct str password)
{
	char h[crypto_pwhash_STRBYTES] = { 0 };
	bool right;

	if (hash.n >= sizeof(h))
		return false;
	memcpy(h, hash.p, hash.n);
	right = crypto_pwhash_str_verify(h, password.p, password.n) == 0;
	sodium_memzero(h, sizeof(h));
	return right;
}

void
password_verify_nobody(struct str password)
{
	uint8_t out[16], salt[crypto_pwhash_SALTBYTES] = { 0 };

	if (crypto_pwhash(out, sizeof(out), password.p, password.n, salt,
	    PW_OPS, PW_MEM, crypto_pwhash_ALG_ARGON2ID13) != 0)
		return;		/* no memory: nothing to pretend with */
	sodium_memzero(out, sizeof(out));
}
