#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "domain/auth_cache.h"

#define WAYS	4

struct auth_cache {
	uint8_t			 key[crypto_generichash_KEYBYTES];
	size_t			 n_sets;
	uint64_t		 hits, misses;
	struct auth_entry	 entries[];	/* n_sets * WAYS */
};

struct auth_cache *
auth_cache_new(size_t entries)
{
	size_t n_sets = entries / WAYS > 0 ? entries / WAYS : 1;
	struct auth_cache *c = calloc(1, sizeof(*c) +
	    n_sets * WAYS * sizeof(c->entries[0]));

	if (c == NULL)
		abort();
	c->n_sets = n_sets;
	randombytes_buf(c->key, sizeof(c->key));
	return c;
}

void
auth_entry_clear(struct auth_entry *e)
{
	if (e->text != NULL) {
		sodium_memzero(e->text, e->text_n);
		free(e->text);
	}
	sodium_memzero(e, sizeof(*e));
}

void
auth_cache_free(struct auth_cache *c)
{
	if (c == NULL)
		return;
	for (size_t i = 0; i < c->n_sets * WAYS; i++)
		auth_entry_clear(&c->entries[i]);
	sodium_memzero(c->key, sizeof(c->key));
	free(c);
}

void
auth_cache_counts(const struct auth_cache *c, uint64_t *ret_hits,
    uint64_t *ret_misses)
{
	*ret_hits = c->hits;
	*ret_misses = c->misses;
}

void
auth_tag(const struct auth_cache *c, const struct str *s, size_t n,
    uint8_t ret[AUTH_TAG_LEN])
{
	crypto_generichash_state st;

	crypto_generichash_init(&st, c->key, sizeof(c->key), AUTH_TAG_LEN);
	for (size_t i = 0; i < n; i++) {
		uint64_t len = s[i].n;	/* so that "a","bc" is not "ab","c" */

		crypto_generichash_update(&st, (const uint8_t *)&len,
		    sizeof(len));
		crypto_generichash_update(&st, (const uint8_t *)s[i].p,
		    s[i].n);
	}
	crypto_generichash_final(&st, ret, AUTH_TAG_LEN);
	sodium_memzero(&st, sizeof(st));
}

static struct auth_entry *
set_of(struct auth_cache *c, const uint8_t tag[AUTH_TAG_LEN])
{
	uint32_t h;

	memcpy(&h, tag, sizeof(h));
	return &c->entries[h % c->n_sets * WAYS];
}

struct auth_entry *
auth_cache_find(struct auth_cache *c, const struct clock *clock,
    const uint8_t tag[AUTH_TAG_LEN])
{
	struct auth_entry *e = set_of(c, tag);

	for (size_t i = 0; i < WAYS; i++, e++) {
		if (e->until_mono_us > clock->mono_us(clock) &&
		    sodium_memcmp(e->tag, tag, AUTH_TAG_LEN) == 0 &&
		    (e->live_until_us == 0 ||
		    e->live_until_us > clock->wall_us(clock))) {
			c->hits++;
			return e;
		}
	}
	c->misses++;
	return NULL;
}

static struct str
keep(char **at, struct str s)
{
	struct str kept = s;

	if (s.n > 0) {
		memcpy(*at, s.p, s.n);
		kept.p = *at;
		*at += s.n;
	}
	return kept;
}

struct auth_entry *
auth_cache_put(struct auth_cache *c, const struct clock *clock,
    const uint8_t tag[AUTH_TAG_LEN], const struct principal *who,
    int64_t ttl_us, int64_t live_until_us)
{
	struct auth_entry *set = set_of(c, tag), *e = set;
	char *at;

	for (size_t i = 0; i < WAYS; i++) {
		if (sodium_memcmp(set[i].tag, tag, AUTH_TAG_LEN) == 0) {
			e = &set[i];
			break;
		}
		if (set[i].until_mono_us < e->until_mono_us)
			e = &set[i];
	}
	auth_entry_clear(e);
	memcpy(e->tag, tag, AUTH_TAG_LEN);
	e->until_mono_us = clock->mono_us(clock) + ttl_us;
	e->live_until_us = live_until_us;
	e->text_n = who->time_zone.n + who->programme.n + who->settings.n + 1;
	at = e->text = malloc(e->text_n);
	if (at == NULL)
		abort();
	e->who = *who;
	e->who.time_zone = keep(&at, who->time_zone);
	e->who.programme = keep(&at, who->programme);
	e->who.settings = keep(&at, who->settings);
	return e;
}

struct auth_entry *
auth_cache_entry(struct auth_cache *c, const struct principal *who)
{
	uintptr_t at = (uintptr_t)who, first = (uintptr_t)&c->entries[0].who;
	size_t i = (at - first) / sizeof(c->entries[0]);

	if (at < first || i >= c->n_sets * WAYS || &c->entries[i].who != who)
		return NULL;
	return &c->entries[i];
}
