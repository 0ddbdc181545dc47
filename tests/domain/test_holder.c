/* Phones as people write them and as they are kept. */
#include "../support/unit_test.h"

#include "base/arena.h"
#include "domain/holder.h"

static const struct {
	const char	*text;
	const char	*kept;		/* NULL: refused */
	bool		 sms;
} phones[] = {
	{ "0712345678", "0712345678", true },
	{ "07 1234-5678", "0712345678", true },
	{ "(0712) 345.678", "0712345678", true },
	{ "+40712345678", "0712345678", true },
	{ "+40 712 345 678", "0712345678", true },
	{ "0040712345678", "0712345678", true },
	{ "40712345678", "0712345678", true },
	/* A '+' that a query string made a blank. */
	{ " 40712345678", "0712345678", true },
	/* Romanian, but no mobile. */
	{ "+40213123456", "0213123456", false },
	{ "0213123456", "0213123456", false },
	/* Abroad: as given. */
	{ "+4915112345678", "+4915112345678", false },
	{ "004915112345678", "004915112345678", false },
	{ "436641234567", "436641234567", false },
	{ "123456", "123456", false },
	{ "+123456", "+123456", false },
	{ "123456789012345", "123456789012345", false },
	{ "+123456789012345", "+123456789012345", false },
	{ "00123456789012345", "00123456789012345", false },
	/* One digit more or less than Romania's. */
	{ "071234567", "071234567", false },
	{ "07123456789", "07123456789", false },
	{ "+4071234567", "+4071234567", false },
	{ "+407123456789", "+407123456789", false },
	{ "12345", NULL, false },
	{ "+12345", NULL, false },
	{ "0012345", NULL, false },
	{ "1234567890123456", NULL, false },
	{ "+1234567890123456", NULL, false },
	{ "", NULL, false },
	{ "0", NULL, false },
	{ "+", NULL, false },
	{ "- . ( )", NULL, false },
	{ "0712x45678", NULL, false },
	{ "0712+345678", NULL, false },
	{ "++40712345678", NULL, false },
	{ "{0712345678}", NULL, false },
	{ "07\xc2\xa0" "12345678", NULL, false },
};

static void
test_phones(void **state)
{
	struct arena *arena = arena_new((size_t)1 << 16);

	(void)state;
	for (size_t i = 0; i < COUNT(phones); i++) {
		struct str kept = STR_NONE;
		bool ok = phone_clean(arena, str_of(phones[i].text), &kept);

		if (ok != (phones[i].kept != NULL) ||
		    (ok && !str_eq(kept, str_of(phones[i].kept))))
			fail_msg("\"%s\" is kept as \"%.*s\"", phones[i].text,
			    STR_ARG(kept));
		if (ok && phone_takes_sms(kept) != phones[i].sms)
			fail_msg("\"%s\": SMS %d", phones[i].text,
			    phone_takes_sms(kept));
	}
	assert_false(phone_takes_sms(STR_NONE));
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_phones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
