#include "base/money.h"

#include <assert.h>

#include "base/arena.h"

/* Enough for any int64_t, so that printing never depends on the limit. */
#define EXPONENT_MAX	18
#define NUMBER_EXPONENT_MAX	999

__extension__ typedef __int128 wide;

static bool
within(int64_t v)
{
	return v >= -MONEY_MINOR_MAX && v <= MONEY_MINOR_MAX;
}

bool
money_add(int64_t a, int64_t b, int64_t *ret)
{
	int64_t v;

	if (__builtin_add_overflow(a, b, &v) || !within(v))
		return false;
	*ret = v;
	return true;
}

bool
money_sub(int64_t a, int64_t b, int64_t *ret)
{
	int64_t v;

	if (__builtin_sub_overflow(a, b, &v) || !within(v))
		return false;
	*ret = v;
	return true;
}

bool
money_mul(int64_t a, int64_t b, int64_t *ret)
{
	int64_t v;

	if (__builtin_mul_overflow(a, b, &v) || !within(v))
		return false;
	*ret = v;
	return true;
}

/*
 * Quotient toward minus infinity and the rest, 0 <= rest < den. The product
 * of two int64_t always fits 128 bits.
 */
static wide
divide(int64_t a, int64_t num, int64_t den, int64_t *ret_rest)
{
	wide product = (wide)a * num;
	wide q = product / den;
	wide rest = product % den;

	assert(den > 0);
	if (rest < 0) {
		rest += den;
		q--;
	}
	*ret_rest = (int64_t)rest;
	return q;
}

static bool
narrow(wide v, int64_t *ret)
{
	if (v < -MONEY_MINOR_MAX || v > MONEY_MINOR_MAX)
		return false;
	*ret = (int64_t)v;
	return true;
}

bool
money_muldiv_floor(int64_t a, int64_t num, int64_t den, int64_t *ret)
{
	int64_t rest;

	return narrow(divide(a, num, den, &rest), ret);
}

bool
money_muldiv_half_even(int64_t a, int64_t num, int64_t den, int64_t *ret)
{
	int64_t rest;
	wide q = divide(a, num, den, &rest);
	wide twice = (wide)rest * 2;

	if (twice > den || (twice == den && q % 2 != 0))
		q++;
	return narrow(q, ret);
}

int64_t
money_fewer_decimals(int64_t minor, int from, int to)
{
	int64_t den = 1, rest, q;

	assert(to >= 0 && to <= from && from <= EXPONENT_MAX);
	for (int i = to; i < from; i++)
		den *= 10;
	q = minor / den;
	rest = minor % den;
	if (rest < 0) {
		rest += den;
		q--;
	}
	return q + (den > 1 && rest >= den / 2);
}

/*
 * Append a digit. Once beyond the limit the value stays just beyond it: the
 * rest of the text must still be checked, for wrong syntax comes first.
 */
static int64_t
push_digit(int64_t v, int digit)
{
	v = v * 10 + digit;
	return v > MONEY_MINOR_MAX ? MONEY_MINOR_MAX + 1 : v;
}

enum err
money_parse(struct str s, int exponent, int64_t *ret_minor)
{
	bool point = false;
	int decimals = 0;
	int64_t v = 0;

	assert(exponent >= 0 && exponent <= EXPONENT_MAX);
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '.') {
			if (point || i == 0 || i + 1 == s.n)
				return ERR_INVALID;
			point = true;
			continue;
		}
		if (s.p[i] < '0' || s.p[i] > '9')
			return ERR_INVALID;
		if (point && ++decimals > exponent)
			return ERR_INVALID;
		v = push_digit(v, s.p[i] - '0');
	}
	if (s.n == 0)
		return ERR_INVALID;
	for (; decimals < exponent; decimals++)
		v = push_digit(v, 0);
	if (v > MONEY_MINOR_MAX)
		return ERR_AMOUNT_LIMIT;
	*ret_minor = v;
	return ERR_OK;
}

static size_t
digits_at(struct str s, size_t at)
{
	size_t n = 0;

	while (at + n < s.n && s.p[at + n] >= '0' && s.p[at + n] <= '9')
		n++;
	return n;
}

/* What the text of a number is made of. */
struct number {
	bool		negative;
	struct str	whole, fraction;	/* digits */
	int64_t		exponent;
};

static bool
number_split(struct str s, struct number *ret)
{
	size_t at = 0;

	*ret = (struct number){ .negative = s.n > 0 && s.p[0] == '-' };
	at += ret->negative;
	ret->whole = str_sub(s, at, digits_at(s, at));
	at += ret->whole.n;
	if (at < s.n && s.p[at] == '.') {
		ret->fraction = str_sub(s, at + 1, digits_at(s, at + 1));
		at += 1 + ret->fraction.n;
		if (ret->fraction.n == 0)
			return false;
	}
	if (at < s.n && (s.p[at] == 'e' || s.p[at] == 'E')) {
		bool plus = at + 1 < s.n && s.p[at + 1] == '+';

		if (!str_to_i64(str_sub(s, at + 1 + plus, s.n),
		    plus ? 0 : -NUMBER_EXPONENT_MAX, NUMBER_EXPONENT_MAX,
		    &ret->exponent))
			return false;
		at = s.n;
	}
	return ret->whole.n > 0 && at == s.n;
}

enum err
money_parse_number(struct str s, int exponent, int64_t *ret_minor)
{
	struct number x;
	int64_t before, i, n, v = 0;

	assert(exponent >= 0 && exponent <= EXPONENT_MAX);
	if (!number_split(s, &x))
		return ERR_INVALID;
	/* So many of the digits stand before the point of the minor units. */
	before = (int64_t)x.whole.n + x.exponent + exponent;
	n = (int64_t)(x.whole.n + x.fraction.n);
	for (i = 0; i < n || i < before; i++) {
		size_t at = (size_t)i;
		int digit = 0;

		if (at < x.whole.n)
			digit = x.whole.p[at] - '0';
		else if (i < n)
			digit = x.fraction.p[at - x.whole.n] - '0';
		if (i < before)
			v = push_digit(v, digit);
		else if (digit != 0)
			return ERR_INVALID;
	}
	if (v > MONEY_MINOR_MAX)
		return ERR_AMOUNT_LIMIT;
	*ret_minor = x.negative ? -v : v;
	return ERR_OK;
}

/* Written from the last digit to the first. */
struct str
money_format(struct arena *a, int64_t minor, int exponent,
    enum money_style style)
{
	char text[24], *end = text + sizeof(text), *p = end;
	uint64_t u = minor < 0 ? -(uint64_t)minor : (uint64_t)minor;
	bool keep = style == MONEY_FIXED;

	assert(exponent >= 0 && exponent <= EXPONENT_MAX);
	for (int i = 0; i < exponent; i++) {
		keep = keep || u % 10 != 0;
		if (keep)
			*--p = (char)('0' + u % 10);
		u /= 10;
	}
	if (p != end)
		*--p = '.';
	do {
		*--p = (char)('0' + u % 10);
		u /= 10;
	} while (u > 0);
	if (minor < 0)
		*--p = '-';
	return str_dup(a, (struct str){ p, (size_t)(end - p) });
}
