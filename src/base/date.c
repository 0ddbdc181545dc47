#include "base/date.h"

#include <stdio.h>

#include "base/arena.h"

#define DAY_S		INT64_C(86400)
#define SECOND_US	INT64_C(1000000)
#define YEAR_MAX	9999

static bool
leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int
month_days(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31,
		30, 31 };

	return days[month - 1] + (month == 2 && leap(year));
}

bool
date_ok(struct date d)
{
	return d.year >= 1 && d.year <= YEAR_MAX && d.month >= 1 &&
	    d.month <= 12 && d.day >= 1 && d.day <= month_days(d.year, d.month);
}

int
date_cmp(struct date a, struct date b)
{
	if (a.year != b.year)
		return a.year < b.year ? -1 : 1;
	if (a.month != b.month)
		return a.month < b.month ? -1 : 1;
	return (a.day > b.day) - (a.day < b.day);
}

/*
 * Take least..most digits from the front of s. False when there are fewer;
 * a digit more than most is left for the caller to trip over.
 */
static bool
take_digits(struct str *s, size_t least, size_t most, int *ret)
{
	size_t n = 0;
	int v = 0;

	while (n < most && n < s->n && s->p[n] >= '0' && s->p[n] <= '9')
		v = v * 10 + (s->p[n++] - '0');
	if (n < least)
		return false;
	*s = str_sub(*s, n, s->n - n);
	*ret = v;
	return true;
}

static bool
take_char(struct str *s, char c)
{
	if (s->n == 0 || *s->p != c)
		return false;
	*s = str_sub(*s, 1, s->n - 1);
	return true;
}

static bool
take_iso(struct str *s, struct date *ret)
{
	struct date d;

	if (!take_digits(s, 4, 4, &d.year) || !take_char(s, '-') ||
	    !take_digits(s, 2, 2, &d.month) || !take_char(s, '-') ||
	    !take_digits(s, 2, 2, &d.day) || !date_ok(d))
		return false;
	*ret = d;
	return true;
}

bool
date_parse_iso(struct str s, struct date *ret)
{
	struct date d;

	if (!take_iso(&s, &d) || s.n != 0)
		return false;
	*ret = d;
	return true;
}

static bool
take_mdy(struct str *s, struct date *ret)
{
	struct date d;

	if (!take_digits(s, 1, 2, &d.month) || !take_char(s, '/') ||
	    !take_digits(s, 1, 2, &d.day) || !take_char(s, '/') ||
	    !take_digits(s, 4, 4, &d.year) || !date_ok(d))
		return false;
	*ret = d;
	return true;
}

bool
date_parse_dmy(struct str s, struct date *ret)
{
	struct date d;
	char mark;

	if (!take_digits(&s, 1, 2, &d.day) || s.n == 0)
		return false;
	mark = *s.p;
	if (mark != '/' && mark != '-' && mark != '.')
		return false;
	if (!take_char(&s, mark) || !take_digits(&s, 1, 2, &d.month) ||
	    !take_char(&s, mark) || !take_digits(&s, 4, 4, &d.year) ||
	    s.n != 0 || !date_ok(d))
		return false;
	*ret = d;
	return true;
}

struct str
date_iso(struct arena *a, struct date d)
{
	return str_printf(a, "%04d-%02d-%02d", d.year, d.month, d.day);
}

/*
 * Days between 1970-01-01 and a day of the proleptic Gregorian calendar.
 * Years begin in March here, so that the leap day is a year's last; 400
 * years are 146097 days. Years are positive, so is every quotient.
 */
static int64_t
days_of(struct date d)
{
	int64_t y = d.month > 2 ? d.year : d.year - 1;
	int64_t era = y / 400, of_era = y % 400;
	int64_t month = (d.month + 9) % 12;
	int64_t of_year = (153 * month + 2) / 5 + d.day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 +
	    of_year - 719468;
}

/* The way back; days is not before 0001-01-01. */
static struct date
date_of(int64_t days)
{
	int64_t n = days + 719468;
	int64_t era = n / 146097, day = n % 146097;
	int64_t of_era = (day - day / 1460 + day / 36524 - day / 146096) / 365;
	int64_t of_year = day - (365 * of_era + of_era / 4 - of_era / 100);
	int64_t month = (5 * of_year + 2) / 153;
	struct date d;

	d.day = (int)(of_year - (153 * month + 2) / 5 + 1);
	d.month = (int)(month < 10 ? month + 3 : month - 9);
	d.year = (int)(era * 400 + of_era + (d.month <= 2));
	return d;
}

static int64_t
instant_min(void)
{
	return days_of((struct date){ 1, 1, 1 }) * DAY_S * SECOND_US;
}

static int64_t
instant_max(void)
{
	return (days_of((struct date){ YEAR_MAX, 12, 31 }) + 1) * DAY_S *
	    SECOND_US - 1;
}

/* ".123456789": what is finer than a microsecond is cut off. */
static bool
take_fraction(struct str *s, int64_t *ret_us)
{
	int64_t us = 0, worth = SECOND_US / 10;
	int digit;

	*ret_us = 0;
	if (!take_char(s, '.'))
		return true;
	if (!take_digits(s, 1, 1, &digit))
		return false;
	do {
		us += worth * digit;
		worth /= 10;
	} while (take_digits(s, 1, 1, &digit));
	*ret_us = us;
	return true;
}

static bool
take_offset(struct str *s, int64_t *ret_s)
{
	int hours, minutes, sign;

	*ret_s = 0;
	if (take_char(s, 'Z') || take_char(s, 'z'))
		return true;
	if (take_char(s, '+'))
		sign = 1;
	else if (take_char(s, '-'))
		sign = -1;
	else
		return false;
	if (!take_digits(s, 2, 2, &hours) || !take_char(s, ':') ||
	    !take_digits(s, 2, 2, &minutes) || hours > 23 || minutes > 59)
		return false;
	*ret_s = sign * (hours * 3600 + minutes * 60);
	return true;
}

/* "23:59:59.5" as microseconds since midnight. */
static bool
take_clock(struct str *s, int64_t *ret_us)
{
	int hour, minute, second;
	int64_t fraction;

	if (!take_digits(s, 2, 2, &hour) || !take_char(s, ':') ||
	    !take_digits(s, 2, 2, &minute) || !take_char(s, ':') ||
	    !take_digits(s, 2, 2, &second) || !take_fraction(s, &fraction) ||
	    hour > 23 || minute > 59 || second > 59)
		return false;
	*ret_us = (hour * 3600 + minute * 60 + second) * SECOND_US + fraction;
	return true;
}

static bool
instant_of(struct date d, int64_t clock_us, int64_t offset_s, int64_t *ret_us)
{
	int64_t us = (days_of(d) * DAY_S - offset_s) * SECOND_US + clock_us;

	if (us < instant_min() || us > instant_max())
		return false;
	*ret_us = us;
	return true;
}

bool
instant_parse(struct str s, int64_t *ret_us)
{
	int64_t clock_us, offset_s;
	struct date d;

	return take_iso(&s, &d) && (take_char(&s, 'T') || take_char(&s, 't')) &&
	    take_clock(&s, &clock_us) && take_offset(&s, &offset_s) &&
	    s.n == 0 && instant_of(d, clock_us, offset_s, ret_us);
}

bool
instant_parse_lenient(struct str s, int64_t *ret_us)
{
	int64_t clock_us = 0, offset_s = 0;
	struct str iso = s;
	struct date d;

	if (take_iso(&iso, &d))
		s = iso;
	else if (!take_mdy(&s, &d))
		return false;
	if (s.n > 0 && (!(take_char(&s, ' ') || take_char(&s, 'T') ||
	    take_char(&s, 't')) || !take_clock(&s, &clock_us)))
		return false;
	if (s.n > 0 && (!take_offset(&s, &offset_s) || s.n > 0))
		return false;
	return instant_of(d, clock_us, offset_s, ret_us);
}

/* Split an instant inside the calendar. */
static struct date
day_of(int64_t us, int64_t *ret_clock_us)
{
	us -= instant_min();
	*ret_clock_us = us % (DAY_S * SECOND_US);
	return date_of(us / (DAY_S * SECOND_US) +
	    days_of((struct date){ 1, 1, 1 }));
}

static int64_t
instant_clip(int64_t us)
{
	if (us < instant_min())
		return instant_min();
	return us > instant_max() ? instant_max() : us;
}

int64_t
instant_years_back(int64_t us, int years)
{
	int64_t clock_us;
	struct date d = day_of(instant_clip(us), &clock_us);

	d.year -= years;
	if (d.day == 29 && !date_ok(d))
		d.day = 28;
	return date_ok(d) ? days_of(d) * DAY_S * SECOND_US + clock_us :
	    instant_min();
}

size_t
instant_print(char ret[INSTANT_TEXT], int64_t us)
{
	int64_t s;
	struct date d = day_of(instant_clip(us), &us);
	int n;

	s = us / SECOND_US;
	us %= SECOND_US;
	n = snprintf(ret, INSTANT_TEXT, "%04d-%02d-%02dT%02d:%02d:%02d",
	    d.year, d.month, d.day, (int)(s / 3600), (int)(s / 60 % 60),
	    (int)(s % 60));
	if (us != 0)
		n += snprintf(ret + n, INSTANT_TEXT - (size_t)n, ".%06d",
		    (int)us);
	ret[n++] = 'Z';
	ret[n] = '\0';
	return (size_t)n;
}

struct str
instant_rfc3339(struct arena *a, int64_t us)
{
	char text[INSTANT_TEXT];
	size_t n = instant_print(text, us);

	return str_dup(a, (struct str){ text, n });
}
