/* API keys and passwords: form, checksum, hashes. */
#include "../support/unit_test.h"

#include <sodium.h>
#include <string.h>

#include "domain/code.h"
#include "domain/secret.h"

static void
test_key_form(void **state)
{
	struct str key = key_make(*state);

	assert_int_equal(key.n, 4 + 32 + 4);
	assert_memory_equal(key.p, "tsk_", 4);
	for (size_t i = 4; i < key.n; i++)
		assert_non_null(memchr(CODE_ALPHABET, key.p[i], 32));
	assert_true(key_well_formed(key));
}

static void
test_keys_differ(void **state)
{
	struct str keys[100];

	for (size_t i = 0; i < COUNT(keys); i++) {
		keys[i] = key_make(*state);
		assert_true(key_well_formed(keys[i]));
		for (size_t j = 0; j < i; j++)
			assert_false(str_eq(keys[i], keys[j]));
	}
}

/* A wrong symbol passes once in a million. */
static void
test_key_mistyped(void **state)
{
	char key[64];
	struct str s = { key, 40 };
	int missed = 0;

	memcpy(key, key_make(*state).p, s.n);
	for (size_t i = 0; i < s.n; i++) {
		char was = key[i];

		for (size_t j = 0; j < 32; j++) {
			if (CODE_ALPHABET[j] == was)
				continue;
			key[i] = CODE_ALPHABET[j];
			missed += key_well_formed(s);
		}
		key[i] = was;
	}
	assert_true(key_well_formed(s));
	/* 1240 tries: three that pass are one in ten million runs. */
	assert_in_range(missed, 0, 2);
}

static void
test_key_bad(void **state)
{
	struct str key = key_make(*state);
	struct str lower = str_lower(*state, key);
	struct str upper = str_upper(*state, key);

	assert_false(key_well_formed(STR_NONE));
	assert_false(key_well_formed(STR("")));
	assert_false(key_well_formed(STR("tsk_")));
	assert_false(key_well_formed(str_sub(key, 0, key.n - 1)));
	assert_false(key_well_formed(str_printf(*state, "%.*s0",
	    STR_ARG(key))));
	assert_false(key_well_formed(lower));
	assert_false(key_well_formed(upper));
}

/* BLAKE2b with 32 bytes and no key, so that others could compute it too. */
static void
test_key_hash(void **state)
{
	static const char want[] = "0e5751c026e543b2e8ab2eb06099daa1"
	    "d1e5df47778f7787faab45cdf12fe3a8";	/* of nothing at all */
	uint8_t hash[KEY_HASH_LEN], other[KEY_HASH_LEN];
	struct str key = key_make(*state);

	key_hash(STR(""), hash);
	assert_str(str_hex(*state, hash, sizeof(hash)), want);
	key_hash(key, hash);
	key_hash(key, other);
	assert_memory_equal(hash, other, sizeof(hash));
	key_hash(str_sub(key, 0, key.n - 1), other);
	assert_memory_not_equal(hash, other, sizeof(hash));
}

static void
test_password(void **state)
{
	struct str hash, again, password = password_make(*state);

	assert_int_equal(password.n, 20);
	assert_false(str_eq(password, password_make(*state)));
	assert_int_equal(password_hash(*state, password, &hash), ERR_OK);
	assert_int_equal(password_hash(*state, password, &again), ERR_OK);
	assert_false(str_eq(hash, again));	/* salted */
	assert_memory_equal(hash.p, "$argon2id$", 10);
	assert_true(password_verify(hash, password));
	assert_true(password_verify(again, password));
	assert_false(password_verify(hash, STR("")));
	assert_false(password_verify(hash, str_sub(password, 0, 19)));
	assert_false(password_verify(STR(""), password));
	assert_false(password_verify(STR("argon"), password));
	assert_false(password_verify(str_printf(*state, "%0200d", 0),
	    password));
}

/* Any bytes are a password; none is cut at a NUL. */
static void
test_password_bytes(void **state)
{
	struct str hash;

	assert_int_equal(password_hash(*state, STR("a\0b"), &hash), ERR_OK);
	assert_true(password_verify(hash, STR("a\0b")));
	assert_false(password_verify(hash, STR("a\0c")));
	assert_false(password_verify(hash, STR("a")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ARENA_TEST(test_key_form),
		ARENA_TEST(test_keys_differ),
		ARENA_TEST(test_key_mistyped),
		ARENA_TEST(test_key_bad),
		ARENA_TEST(test_key_hash),
		ARENA_TEST(test_password),
		ARENA_TEST(test_password_bytes)
	};

	if (sodium_init() < 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
