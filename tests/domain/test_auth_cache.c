/* What a worker remembers of verified credentials. */
#include "../support/unit_test.h"

#include <sodium.h>
#include <string.h>

#include "domain/auth_cache.h"

#define SECOND	INT64_C(1000000)

/* A cache of one set, so that places are scarce; and a clock by hand. */
struct fixture {
	struct auth_cache	*cache;
	struct clock		 clock;
};

static int
setup(void **state)
{
	static struct fixture f;

	f.cache = auth_cache_new(4);
	f.clock = clock_fixed(1000 * SECOND);
	*state = &f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	auth_cache_free(f->cache);
	return 0;
}

static void
tag_of(const struct fixture *f, const char *secret, uint8_t tag[AUTH_TAG_LEN])
{
	const struct str s[] = { STR("native"), str_of(secret) };

	auth_tag(f->cache, s, COUNT(s), tag);
}

static struct auth_entry *
put(struct fixture *f, const char *secret, int32_t tenant, int64_t ttl_us,
    int64_t live_until_us)
{
	char zone[] = "Europe/Berlin";
	const struct principal who = { .tenant = tenant, .credential = 7,
	    .version = 3, .time_zone = str_of(zone),
	    .programme = STR_NONE, .settings = STR("a=1\nb=2") };
	struct auth_entry *e;
	uint8_t tag[AUTH_TAG_LEN];

	tag_of(f, secret, tag);
	e = auth_cache_put(f->cache, &f->clock, tag, &who, ttl_us,
	    live_until_us);
	memset(zone, 'x', sizeof(zone) - 1);	/* it must have a copy */
	return e;
}

static struct auth_entry *
find(struct fixture *f, const char *secret)
{
	uint8_t tag[AUTH_TAG_LEN];

	tag_of(f, secret, tag);
	return auth_cache_find(f->cache, &f->clock, tag);
}

static void
test_remembers(void **state)
{
	struct fixture *f = *state;
	struct auth_entry *e;
	uint64_t hits, misses;

	assert_null(find(f, "a"));
	put(f, "a", 1, 60 * SECOND, 0);
	assert_null(find(f, "b"));
	e = find(f, "a");
	assert_non_null(e);
	assert_int_equal(e->who.tenant, 1);
	assert_int_equal(e->who.credential, 7);
	assert_int_equal(e->who.version, 3);
	assert_str(e->who.time_zone, "Europe/Berlin");
	assert_str(e->who.settings, "a=1\nb=2");
	assert_null(e->who.programme.p);
	assert_ptr_equal(auth_cache_entry(f->cache, &e->who), e);
	auth_cache_counts(f->cache, &hits, &misses);
	assert_int_equal(hits, 1);
	assert_int_equal(misses, 2);
}

static void
test_forgets_in_time(void **state)
{
	struct fixture *f = *state;

	put(f, "a", 1, 60 * SECOND, 0);
	put(f, "b", 2, 60 * SECOND, 1030 * SECOND);
	f->clock = clock_fixed(1030 * SECOND - 1);
	assert_non_null(find(f, "a"));
	assert_non_null(find(f, "b"));
	f->clock = clock_fixed(1030 * SECOND);
	assert_non_null(find(f, "a"));
	assert_null(find(f, "b"));	/* its secret ran out by itself */
	f->clock = clock_fixed(1060 * SECOND - 1);
	assert_non_null(find(f, "a"));
	f->clock = clock_fixed(1060 * SECOND);
	assert_null(find(f, "a"));
}

/* Nothing is believed for no time at all. */
static void
test_switched_off(void **state)
{
	struct fixture *f = *state;
	struct auth_entry *e = put(f, "a", 1, 0, 0);

	assert_int_equal(e->who.tenant, 1);
	assert_null(find(f, "a"));
}

static void
test_replaces(void **state)
{
	struct fixture *f = *state;

	put(f, "a", 1, 60 * SECOND, 0);
	put(f, "a", 2, 60 * SECOND, 0);
	assert_int_equal(find(f, "a")->who.tenant, 2);
	put(f, "b", 3, 60 * SECOND, 0);
	put(f, "c", 4, 60 * SECOND, 0);
	put(f, "d", 5, 60 * SECOND, 0);
	assert_int_equal(find(f, "a")->who.tenant, 2);	/* all four fit */
}

static void
test_oldest_gives_way(void **state)
{
	struct fixture *f = *state;
	static const char *const names[] = { "a", "b", "c", "d", "e" };

	for (int i = 0; i < 5; i++) {
		put(f, names[i], i + 1, 60 * SECOND, 0);
		f->clock = clock_fixed((1001 + i) * SECOND);
	}
	assert_null(find(f, "a"));
	for (int i = 1; i < 5; i++)
		assert_int_equal(find(f, names[i])->who.tenant, i + 1);
}

/* What stood there says nothing of who is verified anew. */
static void
test_starts_anew(void **state)
{
	struct fixture *f = *state;

	put(f, "a", 1, 60 * SECOND, 0)->blocked_until_us = 77;
	assert_int_equal(find(f, "a")->blocked_until_us, 77);
	assert_int_equal(put(f, "a", 1, 60 * SECOND, 0)->blocked_until_us, 0);
}

static void
test_clear(void **state)
{
	struct fixture *f = *state;
	const struct principal stranger = { .tenant = 1 };

	auth_entry_clear(put(f, "a", 1, 60 * SECOND, 0));
	assert_null(find(f, "a"));
	assert_null(auth_cache_entry(f->cache, &stranger));
	assert_null(auth_cache_entry(f->cache, NULL));
}

static void
test_tags(void **state)
{
	struct fixture *f = *state;
	const struct str lists[][3] = {
		{ STR("a"), STR("bc"), STR("") },
		{ STR("ab"), STR("c"), STR("") },
		{ STR("abc"), STR(""), STR("") },
		{ STR(""), STR("abc"), STR("") },
		{ STR("a"), STR("b"), STR("c") },
		{ STR("a"), STR("bd"), STR("") },
	};
	uint8_t tags[COUNT(lists)][AUTH_TAG_LEN], again[AUTH_TAG_LEN];
	struct auth_cache *other = auth_cache_new(4);

	for (size_t i = 0; i < COUNT(lists); i++) {
		auth_tag(f->cache, lists[i], 3, tags[i]);
		auth_tag(f->cache, lists[i], 3, again);
		assert_memory_equal(tags[i], again, AUTH_TAG_LEN);
		for (size_t j = 0; j < i; j++)
			assert_memory_not_equal(tags[i], tags[j],
			    AUTH_TAG_LEN);
	}
	/* Each process has a key of its own. */
	auth_tag(other, lists[0], 3, again);
	assert_memory_not_equal(tags[0], again, AUTH_TAG_LEN);
	auth_cache_free(other);
}

#define CACHE_TEST(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CACHE_TEST(test_remembers),
		CACHE_TEST(test_forgets_in_time),
		CACHE_TEST(test_switched_off),
		CACHE_TEST(test_replaces),
		CACHE_TEST(test_oldest_gives_way),
		CACHE_TEST(test_starts_anew),
		CACHE_TEST(test_clear),
		CACHE_TEST(test_tags)
	};

	if (sodium_init() < 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
