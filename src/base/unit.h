/*
 * What a purse counts: a currency of ISO 4217 (its numeric code is our id)
 * or one of our own units (ids from 1001). The same table stands in the
 * database (ledger.unit); tests/sql/unit.sql and the worker's start compare
 * the two.
 */
#ifndef BASE_UNIT_H
#define BASE_UNIT_H

#include "base/str.h"

struct unit {
	int16_t		 id;
	const char	*name;		/* "EUR", "points" */
	int8_t		 exponent;	/* minor units: EUR 2, JPY 0, KWD 3 */
	bool		 currency;
};

enum {
	UNIT_POINTS = 1001,
	UNIT_STAMPS = 1002,
	UNIT_REWARDS = 1003,
	UNIT_VISITS = 1004,
	UNIT_CREDITS = 1005
};

extern const struct unit	units[];
extern const size_t		units_n;

/* NULL when unknown. Names are exact: "EUR", not "eur". */
const struct unit	*unit_by_id(int);
const struct unit	*unit_by_name(struct str);

#endif
