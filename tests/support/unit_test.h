/*
 * For tests with cmocka: its many includes, a comparison of slices, and an
 * arena for each test made with ARENA_TEST (it is *state).
 */
#ifndef SUPPORT_UNIT_TEST_H
#define SUPPORT_UNIT_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/str.h"

#define ARENA_TEST(f)							\
	cmocka_unit_test_setup_teardown(f, test_arena_new, test_arena_free)

#define assert_str(s, text)	do {					\
	struct str got_ = (s), want_ = str_of(text);			\
	if (!str_eq(got_, want_))					\
		fail_msg("got \"%.*s\", not \"%.*s\"", STR_ARG(got_),	\
		    STR_ARG(want_));					\
	assert_non_null(got_.p);					\
} while (0)

static inline int
test_arena_new(void **state)
{
	*state = arena_new(64u << 20);
	return 0;
}

static inline int
test_arena_free(void **state)
{
	arena_free(*state);
	return 0;
}

#endif
