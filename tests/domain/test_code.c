/* Codes of cards, names of movements, scopes and kinds: texts of the domain. */
#include "../support/unit_test.h"

#include <sodium.h>
#include <string.h>

#include "domain/card_row.h"
#include "domain/code.h"
#include "domain/transfer.h"

static void
test_code_make(void **state)
{
	const struct programme g = { .prefix = STR("GC-"),
	    .alphabet = STR("01234567"), .code_length = 12 };
	int seen[8] = {0};

	for (int i = 0; i < 1000; i++) {
		struct str code = code_make(*state, &g);

		assert_int_equal(code.n, 15);
		assert_memory_equal(code.p, "GC-", 3);
		for (size_t j = 3; j < code.n; j++) {
			assert_in_range(code.p[j], '0', '7');
			seen[code.p[j] - '0']++;
		}
	}
	/* 12000 draws of 8: each 1500, give or take eight deviations. */
	for (int i = 0; i < 8; i++)
		assert_in_range(seen[i], 1200, 1800);
}

static void
test_code_preset(void **state)
{
	const struct programme g = { .prefix = STR_NONE,
	    .alphabet = STR(CODE_ALPHABET), .code_length = 16 };
	struct str code = code_make(*state, &g);

	assert_int_equal(strlen(CODE_ALPHABET), 32);
	assert_int_equal(code.n, 16);
	assert_false(str_eq(code, code_make(*state, &g)));
	assert_true(str_eq(card_code_clean(*state, code), code));
}

static void
test_code_clean(void **state)
{
	static const struct { const char *in, *out; } cases[] = {
		{ "ABC-1._2", "ABC-1._2" },
		{ "abc", "ABC" },
		{ "  abc\t\r\n", "ABC" },
		{ "a", "A" },
		{ "", NULL }, { "   ", NULL }, { "A B", NULL },
		{ "A/B", NULL }, { "A%B", NULL }, { "A'B", NULL },
		{ "\xc3\xa4", NULL }, { "A\n\xe2\x80\x8b", NULL },
		{ "?", NULL },
	};
	char longest[CARD_CODE_MAX + 1];

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct str got = card_code_clean(*state, str_of(cases[i].in));

		if (cases[i].out != NULL)
			assert_str(got, cases[i].out);
		else
			assert_null(got.p);
	}
	memset(longest, 'x', sizeof(longest));
	assert_int_equal(card_code_clean(*state, (struct str){ longest,
	    CARD_CODE_MAX }).n, CARD_CODE_MAX);
	assert_null(card_code_clean(*state, (struct str){ longest,
	    CARD_CODE_MAX + 1 }).p);
	assert_null(card_code_clean(*state, STR("A\0B")).p);
	assert_null(card_code_clean(*state, STR_NONE).p);
}

static void
test_transfer_id(void **state)
{
	static const struct transfer_id good[] = {
		{ 1, 1, 1 }, { 12, 978, 3 },
		{ INT32_MAX, INT16_MAX, INT32_MAX },
	};
	static const char *const bad[] = { "", "1", "1-", "1-2", "1-2-",
	    "-1-2-3", "0-1-1", "1-0-1", "1-1-0", "1-2-3-4", "1-2--3",
	    "1--2-3", " 1-2-3", "1-2-3 ", "1-2-x", "2147483648-1-1",
	    "1-32768-1", "1-1-2147483648", "1-1-99999999999999999999",
	    "1.0-2-3", "+1-2-3" };
	struct transfer_id id = { 7, 8, 9 };

	for (size_t i = 0; i < COUNT(good); i++) {
		assert_true(transfer_id_parse(transfer_id_format(*state,
		    good[i]), &id));
		assert_memory_equal(&id, &good[i], sizeof(id));
	}
	assert_str(transfer_id_format(*state, good[1]), "12-978-3");
	for (size_t i = 0; i < COUNT(bad); i++)
		if (transfer_id_parse(str_of(bad[i]), &id))
			fail_msg("\"%s\" is taken", bad[i]);
	assert_false(transfer_id_parse(STR_NONE, &id));
	assert_memory_equal(&id, &good[2], sizeof(id));
}

static void
test_scopes(void **state)
{
	struct ctx c = { .arena = *state };
	unsigned bits = 99;

	assert_int_equal(scopes_parse(&c, STR("cards:read,value:write"),
	    &bits), ERR_OK);
	assert_int_equal(bits, SCOPE_CARDS_READ | SCOPE_VALUE_WRITE);
	assert_int_equal(scopes_parse(&c, STR(" admin , admin"), &bits),
	    ERR_OK);
	assert_int_equal(bits, SCOPE_ADMIN);
	assert_int_equal(scopes_parse(&c, STR(""), &bits), ERR_OK);
	assert_int_equal(bits, 0);
	for (bits = 0; bits < 64; bits++) {
		unsigned back;

		assert_int_equal(scopes_parse(&c, scopes_format(*state, bits),
		    &back), ERR_OK);
		assert_int_equal(back, bits);
	}
	assert_str(scopes_format(*state, 63), "cards:read,cards:write,"
	    "value:write,customers,reports,admin");
	assert_str(scopes_format(*state, 0), "");
}

static void
test_scopes_bad(void **state)
{
	static const char *const bad[] = { "all", "Admin", ",admin",
	    "admin,,reports", "cards", "cards:read value:write", "*" };
	unsigned bits = 99;

	for (size_t i = 0; i < COUNT(bad); i++) {
		struct ctx c = { .arena = *state };

		assert_int_equal(scopes_parse(&c, str_of(bad[i]), &bits),
		    ERR_INVALID);
		assert_int_equal(bits, 99);
		assert_int_equal(c.fail.n, 1);
		assert_string_equal(c.fail.items[0].field, "scopes");
	}
}

static void
test_kinds(void **state)
{
	enum programme_kind kind;

	(void)state;
	for (int i = 0; i < KIND__COUNT; i++) {
		assert_true(kind_from_name(str_of(kind_name(
		    (enum programme_kind)i)), &kind));
		assert_int_equal(kind, i);
	}
	assert_string_equal(kind_name(KIND_GIFT), "gift");
	assert_int_equal(KIND_GIFT, 5);
	assert_string_equal(kind_name(KIND__COUNT), "");
	assert_false(kind_from_name(STR("Gift"), &kind));
	assert_false(kind_from_name(STR(""), &kind));
	assert_false(kind_from_name(STR_NONE, &kind));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ARENA_TEST(test_code_make),
		ARENA_TEST(test_code_preset),
		ARENA_TEST(test_code_clean),
		ARENA_TEST(test_transfer_id),
		ARENA_TEST(test_scopes),
		ARENA_TEST(test_scopes_bad),
		ARENA_TEST(test_kinds)
	};

	if (sodium_init() < 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
