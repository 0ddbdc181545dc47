#include "../support/unit_test.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"

/* What was written: a file, so that nothing has to be read in time. */
static FILE *file;
static char text[16384];

static struct log
log_open(enum log_level level)
{
	file = tmpfile();
	assert_non_null(file);
	return (struct log){ fileno(file), level };
}

static const char *
log_text(void)
{
	ssize_t n = pread(fileno(file), text, sizeof(text) - 1, 0);

	assert_true(n >= 0);
	text[n] = '\0';
	fclose(file);
	return text;
}

/* After {"time":"...", which differs. */
static const char *
after_time(const char *line)
{
	static const char head[] = "{\"time\":\"2";
	const char *p;

	assert_memory_equal(line, head, sizeof(head) - 1);
	p = strstr(line, "Z\",");
	assert_non_null(p);
	return p + 3;
}

static void
test_line(void **state)
{
	struct log log = log_open(LOG_INFO);

	(void)state;
	log_line(&log, LOG_INFO, "worker ready", "pid", "42", "none",
	    (const char *)NULL, "host", "a\"b\\c\n\x01\x7f", NULL);
	assert_string_equal(after_time(log_text()), "\"level\":\"info\","
	    "\"event\":\"worker ready\",\"pid\":\"42\","
	    "\"host\":\"a\\\"b\\\\c\\n\\u0001\\u007f\"}\n");
}

static void
test_levels(void **state)
{
	struct log log = log_open(LOG_WARNING);

	(void)state;
	log_line(&log, LOG_INFO, "no", NULL);
	log_line(&log, LOG_DEBUG, "no", NULL);
	log_line(&log, LOG_WARNING, "yes", NULL);
	assert_string_equal(after_time(log_text()),
	    "\"level\":\"warning\",\"event\":\"yes\"}\n");
}

static void
test_utf8(void **state)
{
	struct log log = log_open(LOG_INFO);

	(void)state;
	log_line(&log, LOG_ERROR, "e", "a", "\xc3\xa9\xff\xed\xa0\x80z", NULL);
	assert_string_equal(after_time(log_text()), "\"level\":\"error\","
	    "\"event\":\"e\",\"a\":\"\xc3\xa9\xef\xbf\xbd\xef\xbf\xbd"
	    "\xef\xbf\xbd\xef\xbf\xbdz\"}\n");
}

static void
test_long_values_are_cut(void **state)
{
	static const char end[] = ",\"truncated\":true}\n";
	struct log log = log_open(LOG_INFO);
	char big[9000];
	const char *line;

	(void)state;
	memset(big, 'x', sizeof(big) - 1);
	big[sizeof(big) - 1] = '\0';
	log_line(&log, LOG_INFO, "e", "a", big, "b", big, "c", big, "d", big,
	    "e", big, "last", "short", NULL);
	line = log_text();
	assert_true(strlen(line) <= 4096);
	assert_non_null(strstr(line, ",\"last\":\"short\""));
	assert_null(strstr(line, "\"e\":"));
	assert_string_equal(line + strlen(line) - sizeof(end) + 1, end);
	assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
}

/* Six bytes for each of a control character: the line must still hold. */
static void
test_worst_escapes(void **state)
{
	struct log log = log_open(LOG_INFO);
	char big[2000];
	const char *line;

	(void)state;
	memset(big, 1, sizeof(big) - 1);
	big[sizeof(big) - 1] = '\0';
	log_line(&log, LOG_INFO, big, big, big, "ok", "1", NULL);
	line = log_text();
	assert_true(strlen(line) <= 4096);
	assert_string_equal(after_time(line),
	    "\"level\":\"info\",\"ok\":\"1\",\"truncated\":true}\n");
}

static void
test_mask(void **state)
{
	assert_str(log_mask(*state, STR("GC7K2M9XQ4")), "GC******Q4");
	assert_str(log_mask(*state, STR("12345678")), "12****78");
	assert_str(log_mask(*state, STR("1234567")), "*******");
	assert_str(log_mask(*state, STR("")), "");
	assert_null(log_mask(*state, STR_NONE).p);
}

static void
test_level_parse(void **state)
{
	enum log_level l = LOG_ERROR;

	(void)state;
	assert_true(log_level_parse(STR("debug"), &l));
	assert_int_equal(l, LOG_DEBUG);
	assert_true(log_level_parse(STR("error"), &l));
	assert_int_equal(l, LOG_ERROR);
	assert_false(log_level_parse(STR("Debug"), &l));
	assert_false(log_level_parse(STR(""), &l));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_line),
		cmocka_unit_test(test_levels),
		cmocka_unit_test(test_utf8),
		cmocka_unit_test(test_long_values_are_cut),
		cmocka_unit_test(test_worst_escapes),
		ARENA_TEST(test_mask),
		cmocka_unit_test(test_level_parse)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
