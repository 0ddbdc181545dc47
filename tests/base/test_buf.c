#include "../support/unit_test.h"

#include "base/buf.h"

static void
test_empty_is_present(void **state)
{
	struct buf b;

	buf_init(&b, *state, 10);
	assert_str(buf_str(&b), "");
	buf_put(&b, STR_NONE);
	buf_puts(&b, "");
	assert_str(buf_str(&b), "");
	assert_false(buf_full(&b));
}

static void
test_grows(void **state)
{
	struct buf b;

	buf_init(&b, *state, 100000);
	for (int i = 0; i < 5000; i++) {
		buf_putc(&b, 'a');
		buf_puts(&b, "bc");
		buf_printf(&b, "%d", i % 10);
	}
	assert_false(buf_full(&b));
	assert_int_equal(buf_str(&b).n, 20000);
	for (size_t i = 0; i < 5000; i++) {
		char want[] = { 'a', 'b', 'c', (char)('0' + i % 10), 0 };

		assert_str(str_sub(buf_str(&b), 4 * i, 4), want);
	}
}

static void
test_limit_is_exact(void **state)
{
	struct buf b;

	buf_init(&b, *state, 5);
	buf_puts(&b, "abc");
	buf_putc(&b, 'd');
	buf_printf(&b, "%s", "e");
	assert_false(buf_full(&b));
	assert_str(buf_str(&b), "abcde");
	buf_putc(&b, 'f');
	assert_true(buf_full(&b));
	assert_str(buf_str(&b), "abcde");
}

/* A short piece after a long one that did not fit would leave a hole. */
static void
test_nothing_after_full(void **state)
{
	struct buf b;

	buf_init(&b, *state, 5);
	buf_puts(&b, "ab");
	buf_puts(&b, "cdefgh");
	assert_true(buf_full(&b));
	buf_putc(&b, 'x');
	buf_printf(&b, "%d", 1);
	assert_str(buf_str(&b), "ab");
}

static void
test_any_bytes(void **state)
{
	struct buf b;

	buf_init(&b, *state, 10);
	buf_put(&b, STR("a\0b"));
	assert_int_equal(buf_str(&b).n, 3);
	assert_memory_equal(buf_str(&b).p, "a\0b", 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ARENA_TEST(test_empty_is_present),
		ARENA_TEST(test_grows),
		ARENA_TEST(test_limit_is_exact),
		ARENA_TEST(test_nothing_after_full),
		ARENA_TEST(test_any_bytes)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
