/*
 * Calendar days and instants. Days have no time zone; which day "today" is
 * for a tenant is the database's business. Instants are microseconds since
 * 1970-01-01 UTC.
 */
#ifndef BASE_DATE_H
#define BASE_DATE_H

#include "base/err.h"

struct date {
	int	year, month, day;	/* year 0 = no date */
};

bool		date_ok(struct date);		/* 1..9999, real day */
int		date_cmp(struct date, struct date);

/* "2025-12-31", exactly ten characters. */
bool		date_parse_iso(struct str, struct date *ret) MUST_CHECK;
/* Day first: d/m/yyyy, dd/mm/yyyy, also with '-' or '.'; one separator. */
bool		date_parse_dmy(struct str, struct date *ret) MUST_CHECK;
struct str	date_iso(struct arena *, struct date);

/*
 * RFC 3339 with 'Z' or an offset, fraction up to 6 digits used. No leap
 * seconds: our instants have none.
 */
bool		instant_parse(struct str, int64_t *ret_us) MUST_CHECK;
/*
 * What people write: a day, "MM/DD/YYYY" (month first) or "YYYY-MM-DD", alone
 * (then its midnight) or with a blank or 'T' and "HH:MM:SS", fraction and zone
 * as above. Without a zone it is UTC.
 */
bool		instant_parse_lenient(struct str, int64_t *ret_us) MUST_CHECK;
/* The same time of the same day, years earlier; 28 February for the 29th. */
int64_t		instant_years_back(int64_t us, int years);
/*
 * RFC 3339 UTC with microseconds only when there are any. Instants outside
 * the years 1..9999 (PostgreSQL's infinities) become the nearest inside.
 */
struct str	instant_rfc3339(struct arena *, int64_t us);

/* The same without an arena: a NUL-terminated text; its length. */
#define INSTANT_TEXT	32
size_t		instant_print(char ret[INSTANT_TEXT], int64_t us);

#endif
