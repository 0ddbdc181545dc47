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

/* n times the visible characters from '!' on, in turn. */
static struct str
visible(struct arena *arena, size_t n)
{
	char *p = arena_alloc(arena, n + 1);

	for (size_t i = 0; i < n; i++)
		p[i] = (char)('!' + i % 94);
	return (struct str){ p, n };
}

static void
test_key_brought(void **state)
{
	static const struct { size_t n; bool ok; } lengths[] = {
		{ 0, false }, { 15, false }, { 16, true }, { 1000, true },
		{ 1001, false },
	};
	char text[] = "eyJhbGciOi.eyJ1bmlx.c2ln";
	struct str s = str_of(text);

	for (size_t i = 0; i < COUNT(lengths); i++)
		assert_int_equal(key_brought_ok(visible(*state,
		    lengths[i].n)), lengths[i].ok);
	assert_false(key_brought_ok(STR_NONE));
	assert_false(key_brought_ok(key_make(*state)));
	assert_false(key_brought_ok(STR("tsk_0123456789ABCDEF")));
	assert_true(key_brought_ok(STR("tsk-0123456789ABCDEF")));
	for (int c = 0; c < 256; c++) {
		text[3] = (char)c;
		assert_int_equal(key_brought_ok(s), c > ' ' && c < 0x7f);
	}
}

static void
test_key_weak(void **state)
{
	static const char *const weak[] = {
		"aaaaaaaaaaaaaaaa", "passwordpassword", "0123456789abcdef",
		"ponmlkjihgfedcba", "Password12345678", "12345678901234567890",
		"abcabcabdabcabcabcefgh", "", "121212121212121212",
	};
	static const char *const strong[] = {
		"eyJhbGciOi.eyJ1bmlx.c2ln", "D4IYtVvvsjdCuwRn",
		"0cb3fb5b-6b65-4d52-860e-33297f97fa2e",
		"5f0c2b7e93a14d0e8c551b6f2a7d90e4", "8407195260381759264",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(weak); i++)
		assert_true(key_weak(str_of(weak[i])));
	for (size_t i = 0; i < COUNT(strong); i++)
		assert_false(key_weak(str_of(strong[i])));
}

/* What we make is not weak, and could be brought but for its beginning. */
static void
test_key_ours_strong(void **state)
{
	for (size_t i = 0; i < 1000; i++)
		assert_false(key_weak(key_make(*state)));
}

static void
test_key_whose(void **state)
{
	(void)state;
	assert_true(key_may_be_brought("cp_extender"));
	assert_false(key_may_be_brought("native"));
	assert_false(key_may_be_brought("cardapp"));
	assert_false(key_may_be_brought("iwarehouse"));
	assert_false(key_may_be_brought("fax"));
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
		ARENA_TEST(test_key_brought),
		ARENA_TEST(test_key_weak),
		ARENA_TEST(test_key_ours_strong),
		ARENA_TEST(test_key_whose),
		ARENA_TEST(test_key_hash),
		ARENA_TEST(test_password),
		ARENA_TEST(test_password_bytes)
	};

	if (sodium_init() < 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
