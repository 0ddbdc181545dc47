/*
 * Amounts. The first byte chooses the exponent and the text follows; sixteen
 * bytes and more are numbers for the rounding too.
 */
#include "fuzz.h"

#include <string.h>

#include "base/money.h"

__extension__ typedef __int128 wide;

static void
check_text(struct arena *a, struct str s, int exponent)
{
	int64_t v = -1, again = -1;
	enum err e = money_parse(s, exponent, &v);

	if (e != ERR_OK) {
		CHECK(e == ERR_INVALID || e == ERR_AMOUNT_LIMIT);
		CHECK(v == -1);
		return;
	}
	CHECK(v >= 0 && v <= MONEY_MINOR_MAX);
	for (int style = MONEY_FIXED; style <= MONEY_SHORT; style++) {
		struct str t = money_format(a, v, exponent,
		    (enum money_style)style);

		CHECK(money_parse(t, exponent, &again) == ERR_OK);
		CHECK(again == v);
	}
}

/* What money_parse() takes, it takes as the same; never more than it says. */
static void
check_number(struct arena *a, struct str s, int exponent)
{
	int64_t v = INT64_MIN, again = INT64_MIN, strict;
	enum err e = money_parse_number(s, exponent, &v);

	if (money_parse(s, exponent, &strict) == ERR_OK)
		CHECK(e == ERR_OK && v == strict);
	if (e != ERR_OK) {
		CHECK(e == ERR_INVALID || e == ERR_AMOUNT_LIMIT);
		CHECK(v == INT64_MIN);
		return;
	}
	CHECK(v >= -MONEY_MINOR_MAX && v <= MONEY_MINOR_MAX);
	CHECK(money_parse_number(money_format(a, v, exponent, MONEY_FIXED),
	    exponent, &again) == ERR_OK && again == v);
	CHECK(money_parse_number(str_printf(a, "%llde-%d", (long long)v,
	    exponent), exponent, &again) == ERR_OK && again == v);
}

static void
check_rounding(const uint8_t *p)
{
	int64_t a, num, v;
	int32_t half;
	wide den, rest;

	memcpy(&a, p, 8);
	memcpy(&half, p + 8, 4);
	num = half;
	memcpy(&half, p + 12, 4);
	den = half > 0 ? half : -(int64_t)half + 1;
	if (money_muldiv_floor(a, num, (int64_t)den, &v)) {
		rest = (wide)a * num - v * den;
		CHECK(rest >= 0 && rest < den);
	}
	if (money_muldiv_half_even(a, num, (int64_t)den, &v)) {
		rest = ((wide)a * num - v * den) * 2;
		CHECK(rest >= -den && rest <= den);
		CHECK((rest != den && rest != -den) || v % 2 == 0);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct arena *a = fuzz_arena();

	if (n == 0)
		return 0;
	check_text(a, fuzz_str(p + 1, n - 1), p[0] % 5);
	check_number(a, fuzz_str(p + 1, n - 1), p[0] % 5);
	if (n >= 16)
		check_rounding(p);
	return 0;
}
