/* The parts of src/dialect/iwarehouse that need no database. */
#include "../support/unit_test.h"

#include "dialect/iwarehouse/iwarehouse.h"

#define MAX_MINOR	1000000

static struct arena *arena;
static struct fail fail;
static struct iwarehouse_in in;

static int
setup(void **state)
{
	(void)state;
	arena = arena_new(1 << 20);
	fail = (struct fail){0};
	in = (struct iwarehouse_in){0};
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static enum err
decode_in(const char *unit, const char *query)
{
	struct form f = {0};

	assert_int_equal(form_read_urlencoded(arena, str_of(query), &f),
	    ERR_OK);
	fail = (struct fail){0};
	return iwarehouse_decode(&f, unit_by_name(str_of(unit)), MAX_MINOR,
	    &fail, &in);
}

static enum err
decode(const char *query)
{
	return decode_in("EUR", query);
}

static void
refused(const char *query, const char *field)
{
	assert_int_equal(decode(query), ERR_BAD_REQUEST);
	assert_int_equal(fail.n, 1);
	assert_string_equal(fail.items[0].field, field);
}

static void
dates(void **state)
{
	struct str s;

	(void)state;
	s = iwarehouse_date(arena, (struct date){ 2019, 3, 4 });
	assert_str(s, "4/03/2019");
	s = iwarehouse_date(arena, (struct date){ 2031, 12, 25 });
	assert_str(s, "25/12/2031");
	s = iwarehouse_date(arena, (struct date){0});
	assert_true(s.p != NULL && s.n == 0);
}

static void
operation(void **state)
{
	(void)state;
	assert_int_equal(decode("qty=100"), ERR_OK);
	assert_true(in.create);
	assert_int_equal(in.issue.value.minor, 10000);
	assert_ptr_equal(in.issue.value.unit, unit_by_name(STR("EUR")));
	assert_null(in.issue.programme.p);

	assert_int_equal(decode("card=GC1"), ERR_OK);
	assert_false(in.create);
	assert_int_equal(decode("QTY=100&Card=GC1"), ERR_OK);
	assert_false(in.create);
	assert_int_equal(decode("qty=abc&card=GC1"), ERR_OK);
	assert_int_equal(decode("qty=1&card=%20"), ERR_OK);
	assert_false(in.create);
	assert_int_equal(decode("qty=1&card="), ERR_OK);
	assert_true(in.create);

	refused("", "");
	refused("qty=&card=", "");
	refused("qty=&qty=5", "");
}

static void
amounts(void **state)
{
	static const char *const bad[] = {
		"qty=0", "qty=0.00", "qty=-5", "qty=%2B5", "qty=abc",
		"qty=1e3", "qty=100,00", "qty=1.234", "qty=.5", "qty=%20",
		"qty=5%20", "qty=10000.01", "qty=99999999999999999999",
		"qty=1%202", "qty=0x10", "qty=%E2%82%AC5",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		refused(bad[i], "qty");

	assert_int_equal(decode("qty=49.95"), ERR_OK);
	assert_int_equal(in.issue.value.minor, 4995);
	assert_int_equal(decode("qty=12.5&qty=7"), ERR_OK);
	assert_int_equal(in.issue.value.minor, 1250);
	assert_int_equal(decode("qty=10000"), ERR_OK);
	assert_int_equal(in.issue.value.minor, MAX_MINOR);
}

static void
exponents(void **state)
{
	(void)state;
	assert_int_equal(decode_in("JPY", "qty=100"), ERR_OK);
	assert_int_equal(in.issue.value.minor, 100);
	assert_int_equal(decode_in("JPY", "qty=1.5"), ERR_BAD_REQUEST);
	assert_int_equal(decode_in("KWD", "qty=1.25"), ERR_OK);
	assert_int_equal(in.issue.value.minor, 1250);
	assert_int_equal(decode_in("KWD", "qty=1.255"), ERR_BAD_REQUEST);
	assert_int_equal(decode_in("KWD", "qty=1000000000000000"),
	    ERR_BAD_REQUEST);
}

static void
expiry(void **state)
{
	(void)state;
	assert_int_equal(decode("qty=1&expiresyears=3"), ERR_OK);
	assert_int_equal(in.issue.term_months, 36);
	assert_int_equal(decode("qty=1&expiresmonths=1200"), ERR_OK);
	assert_int_equal(in.issue.term_months, 1200);
	assert_int_equal(decode("qty=1&expiresdays=36525"), ERR_OK);
	assert_int_equal(in.issue.term_days, 36525);
	assert_int_equal(decode("qty=1&expires=25/12/2030"), ERR_OK);
	assert_int_equal(date_cmp(in.issue.expires_on,
	    (struct date){ 2030, 12, 25 }), 0);
	assert_int_equal(decode("qty=1&expires=2030-12-25"), ERR_OK);
	assert_int_equal(date_cmp(in.issue.expires_on,
	    (struct date){ 2030, 12, 25 }), 0);

	refused("qty=1&expires=12/25/2030", "expires");
	refused("qty=1&expires=31/02/2030", "expires");
	refused("qty=1&expiresyears=101", "expiresyears");
	refused("qty=1&expiresmonths=1201", "expiresmonths");
	refused("qty=1&expiresdays=36526", "expiresdays");
	refused("qty=1&expiresdays=0", "expiresdays");
	refused("qty=1&expiresdays=-1", "expiresdays");
	refused("qty=1&expiresdays=1.5", "expiresdays");
	refused("qty=1&expiresyears=x", "expiresyears");
}

static void
expiry_precedence(void **state)
{
	(void)state;
	assert_int_equal(decode("qty=1&expiresdays=1&expiresmonths=2"
	    "&expiresyears=3&expires=25/12/2030"), ERR_OK);
	assert_int_equal(in.issue.expires_on.year, 2030);
	assert_int_equal(in.issue.term_months, 0);
	assert_int_equal(in.issue.term_days, 0);
	assert_int_equal(decode("qty=1&expiresdays=1&expiresmonths=2"
	    "&expiresyears=3&expires="), ERR_OK);
	assert_int_equal(in.issue.term_months, 36);
	assert_int_equal(decode("qty=1&expiresdays=1&ExpiresMonths=2"),
	    ERR_OK);
	assert_int_equal(in.issue.term_months, 2);
	assert_int_equal(in.issue.term_days, 0);
	/* The first that is there decides, even where it is wrong. */
	refused("qty=1&expiresdays=1&expiresyears=x", "expiresyears");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(dates, setup, teardown),
		cmocka_unit_test_setup_teardown(operation, setup, teardown),
		cmocka_unit_test_setup_teardown(amounts, setup, teardown),
		cmocka_unit_test_setup_teardown(exponents, setup, teardown),
		cmocka_unit_test_setup_teardown(expiry, setup, teardown),
		cmocka_unit_test_setup_teardown(expiry_precedence, setup,
		    teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
