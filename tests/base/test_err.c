#include "../support/unit_test.h"

#include "base/err.h"

static void
test_labels_there_and_back(void **state)
{
	(void)state;
	for (int i = 0; i < ERR__COUNT; i++) {
		enum err e = ERR__COUNT;

		assert_true(err_from_label(str_of(err_label((enum err)i)), &e));
		assert_int_equal(e, i);	/* fails when a label stands twice */
	}
}

static void
test_unknown_label(void **state)
{
	enum err e = ERR_INVALID;

	(void)state;
	assert_false(err_from_label(STR("no_such_outcome"), &e));
	assert_false(err_from_label(STR(""), &e));
	assert_false(err_from_label(STR_NONE, &e));
	assert_false(err_from_label(STR("OK"), &e));
	assert_int_equal(e, ERR_INVALID);
}

static void
test_bad_values(void **state)
{
	(void)state;
	assert_string_equal(err_label(ERR__COUNT), "internal");
	assert_string_equal(err_label((enum err)-1), "internal");
	assert_int_equal(err_retry((enum err)-1), RETRY_LATER);
}

static void
test_retry(void **state)
{
	(void)state;
	assert_int_equal(err_retry(ERR_OK), RETRY_NEVER);
	assert_int_equal(err_retry(ERR_UNAVAILABLE), RETRY_LATER);
	assert_int_equal(err_retry(ERR_CREDENTIAL_STALE), RETRY_INSIDE);
}

static enum err
third_of_three(enum err first, int *calls)
{
	TRY(first);
	++*calls;
	return ERR_NOT_FOUND;
}

static void
test_try(void **state)
{
	int calls = 0;

	(void)state;
	assert_int_equal(third_of_three(ERR_INVALID, &calls), ERR_INVALID);
	assert_int_equal(calls, 0);
	assert_int_equal(third_of_three(ERR_OK, &calls), ERR_NOT_FOUND);
	assert_int_equal(calls, 1);
}

static void
test_fail_add(void **state)
{
	struct fail f = { 0 };

	(void)state;
	assert_int_equal(fail_add(&f, ERR_INVALID, "qty", "required", "Give."),
	    ERR_INVALID);
	for (int i = 0; i < FAIL_ITEMS_MAX + 5; i++)
		fail_add(&f, ERR_INVALID, "more", "invalid", "Again.");
	assert_int_equal(f.n, FAIL_ITEMS_MAX);
	assert_string_equal(f.items[0].field, "qty");
	assert_string_equal(f.items[0].code, "required");
	assert_string_equal(f.items[FAIL_ITEMS_MAX - 1].field, "more");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_labels_there_and_back),
		cmocka_unit_test(test_unknown_label),
		cmocka_unit_test(test_bad_values),
		cmocka_unit_test(test_retry),
		cmocka_unit_test(test_try),
		cmocka_unit_test(test_fail_add)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
