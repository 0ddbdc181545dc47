/*
 * Amounts: whole numbers of minor units, never floating point. All arithmetic
 * on amounts in C is here, checked; decimal text becomes an amount and an
 * amount becomes text here and nowhere else.
 */
#ifndef BASE_MONEY_H
#define BASE_MONEY_H

#include "base/err.h"
#include "base/unit.h"

/* No amount or balance is larger; the database repeats it as a CHECK. */
#define MONEY_MINOR_MAX	INT64_C(1000000000000000)

struct money {
	int64_t			 minor;
	const struct unit	*unit;
};

/* Checked; false (and *ret untouched) beyond +-MONEY_MINOR_MAX. */
bool	money_add(int64_t a, int64_t b, int64_t *ret) MUST_CHECK;
bool	money_sub(int64_t a, int64_t b, int64_t *ret) MUST_CHECK;
bool	money_mul(int64_t a, int64_t b, int64_t *ret) MUST_CHECK;

/* a * num / den rounded as named; den > 0. False beyond the limit. */
bool	money_muldiv_floor(int64_t a, int64_t num, int64_t den,
	    int64_t *ret) MUST_CHECK;		/* toward minus infinity */
bool	money_muldiv_half_even(int64_t a, int64_t num, int64_t den,
	    int64_t *ret) MUST_CHECK;

/*
 * The same value with fewer decimals, from >= to; half a unit rounds up, toward
 * plus infinity. Never beyond what it was given.
 */
int64_t	money_fewer_decimals(int64_t minor, int from, int to);

/*
 * Decimal text to minor units with `exponent` decimals: digits, at most one
 * '.', at most `exponent` decimals after it, at least one digit before it
 * unless bare_point (".5") is allowed by the dialect; no sign, no blanks, no
 * exponent, no grouping. "12.5" with exponent 2 is 1250. ERR_INVALID
 * otherwise, ERR_AMOUNT_LIMIT beyond the limit.
 */
enum err	money_parse(struct str, int exponent, int64_t *ret_minor)
		    MUST_CHECK;

/*
 * A number as JSON writes it, or the same text from elsewhere, to minor units:
 * "-12.50", "1e2", also with needless zeros ("007", "5.000"). ERR_INVALID: it
 * is none, or finer than a minor unit; ERR_AMOUNT_LIMIT.
 */
enum err	money_parse_number(struct str, int exponent,
		    int64_t *ret_minor) MUST_CHECK;

enum money_style {
	MONEY_FIXED,		/* always all decimals: 100.00, 12.50 */
	MONEY_SHORT		/* no trailing zeros: 100, 12.5 */
};

/* Text of an amount, '-' in front of a negative one. */
struct str	money_format(struct arena *, int64_t minor, int exponent,
		    enum money_style);

#endif
