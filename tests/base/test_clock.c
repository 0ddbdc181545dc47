#include "../support/unit_test.h"

#include <time.h>

#include "base/clock.h"

static void
test_fixed(void **state)
{
	struct clock c = clock_fixed(1234567);

	(void)state;
	assert_int_equal(c.wall_us(&c), 1234567);
	assert_int_equal(c.mono_us(&c), 1234567);
}

static void
test_system(void **state)
{
	const struct clock *c = &clock_system;
	int64_t before = (int64_t)time(NULL) * 1000000;
	int64_t wall = c->wall_us(c), mono = c->mono_us(c);

	(void)state;
	assert_true(wall >= before);
	assert_true(wall < before + INT64_C(3600000000));
	assert_true(mono > 0);
	assert_true(c->mono_us(c) >= mono);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fixed),
		cmocka_unit_test(test_system)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
