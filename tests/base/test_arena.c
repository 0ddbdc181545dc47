#include "../support/unit_test.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void
test_zeroed_and_aligned(void **state)
{
	static const size_t sizes[] = { 0, 1, 15, 16, 17, 4000, 65536, 65537,
		300000, 1, 2 };

	for (int round = 0; round < 3; round++) {
		for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
			unsigned char *p = arena_alloc(*state, sizes[i]);

			assert_non_null(p);
			assert_int_equal((uintptr_t)p % 16, 0);
			for (size_t k = 0; k < sizes[i]; k++)
				assert_int_equal(p[k], 0);
			memset(p, 0xa5, sizes[i]);
		}
		arena_reset(*state);
		assert_int_equal(arena_used(*state), 0);
	}
}

static void
test_pieces_do_not_overlap(void **state)
{
	unsigned char *p[500];

	for (size_t i = 0; i < 500; i++) {
		p[i] = arena_alloc(*state, 1 + i * 7 % 900);
		memset(p[i], (int)(i % 251), 1 + i * 7 % 900);
	}
	for (size_t i = 0; i < 500; i++)
		for (size_t k = 0; k < 1 + i * 7 % 900; k++)
			assert_int_equal(p[i][k], i % 251);
}

/* The kept block is the one place where a test may look after a reset. */
static void
test_reset_wipes(void **state)
{
	unsigned char *secret = arena_alloc(*state, 32), *again;

	memset(secret, 'S', 32);
	arena_reset(*state);
	again = arena_alloc(*state, 32);
	assert_ptr_equal(again, secret);
	for (size_t i = 0; i < 32; i++)
		assert_int_equal(again[i], 0);
}

static char order[8];

static void
note(void *letter)
{
	strncat(order, letter, 1);
}

static void
test_deferred_in_reverse_and_once(void **state)
{
	char a[] = "a", b[] = "b", c[] = "c";

	memset(order, 0, sizeof(order));
	arena_defer(*state, note, a);
	arena_alloc(*state, 100000);
	arena_defer(*state, note, b);
	arena_defer(*state, note, c);
	arena_reset(*state);
	assert_string_equal(order, "cba");
	arena_reset(*state);
	assert_string_equal(order, "cba");
}

static void
test_free_runs_deferred(void **state)
{
	struct arena *a = arena_new(1 << 20);
	char x[] = "x";

	(void)state;
	memset(order, 0, sizeof(order));
	arena_defer(a, note, x);
	arena_free(a);
	assert_string_equal(order, "x");
	arena_free(NULL);
}

/* f(a) must end the process with SIGABRT. */
static void
assert_aborts(void (*f)(struct arena *), size_t max)
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		signal(SIGABRT, SIG_DFL);
		if (freopen("/dev/null", "w", stderr) == NULL)
			_exit(2);
		f(arena_new(max));
		_exit(1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGABRT);
}

static void
one_over(struct arena *a)
{
	arena_alloc(a, 1024);
	arena_alloc(a, 1);
}

static void
huge(struct arena *a)
{
	arena_alloc(a, SIZE_MAX);
}

static void
overflow(struct arena *a)
{
	arena_array(a, SIZE_MAX / 8 + 2, 8);
}

static void
test_limit_aborts(void **state)
{
	struct arena *a = arena_new(1024);

	(void)state;
	arena_alloc(a, 1000);
	arena_reset(a);
	arena_alloc(a, 1024);
	arena_free(a);
	assert_aborts(one_over, 1024);
	assert_aborts(huge, SIZE_MAX);
	assert_aborts(overflow, SIZE_MAX);
}

static void
test_used(void **state)
{
	size_t before = arena_used(*state);

	arena_alloc(*state, 100);
	assert_true(arena_used(*state) >= before + 100);
	assert_true(arena_used(*state) <= before + 128);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ARENA_TEST(test_zeroed_and_aligned),
		ARENA_TEST(test_pieces_do_not_overlap),
		ARENA_TEST(test_reset_wipes),
		ARENA_TEST(test_deferred_in_reverse_and_once),
		ARENA_TEST(test_used),
		cmocka_unit_test(test_free_runs_deferred),
		cmocka_unit_test(test_limit_aborts)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
