/*
 * Days and instants: what is read and written is read as the same again.
 */
#include "fuzz.h"

#include <string.h>

#include "base/date.h"

static void
check_days(struct arena *a, struct str s)
{
	struct date d, again;

	if (date_parse_iso(s, &d)) {
		CHECK(date_ok(d));
		CHECK(str_eq(date_iso(a, d), s));
	}
	if (date_parse_dmy(s, &d)) {
		CHECK(date_ok(d));
		CHECK(date_parse_iso(date_iso(a, d), &again));
		CHECK(date_cmp(d, again) == 0);
	}
}

static void
check_instant(struct arena *a, int64_t us)
{
	struct str text = instant_rfc3339(a, us);
	int64_t again;

	CHECK(text.n == 20 || text.n == 27);
	CHECK(instant_parse(text, &again));
	if (again != us)	/* cut at the ends of the calendar */
		CHECK(again < us ? text.p[0] == '9' : text.p[0] == '0');
	CHECK(str_eq(instant_rfc3339(a, again), text));
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct arena *a = fuzz_arena();
	struct str s = fuzz_str(p, n);
	int64_t us;

	check_days(a, s);
	if (instant_parse(s, &us)) {
		check_instant(a, us);
		CHECK(n >= 20);
	}
	if (instant_parse_lenient(s, &us)) {
		int64_t strict, year = 366 * INT64_C(86400000000);

		check_instant(a, us);
		if (instant_parse(s, &strict))
			CHECK(us == strict);
		CHECK(instant_years_back(us, 1) <= us);
		CHECK(instant_years_back(us, 1) >= us - year);
	} else
		CHECK(!instant_parse(s, &us));
	if (n >= 8) {
		memcpy(&us, p, 8);
		check_instant(a, us);
	}
	return 0;
}
