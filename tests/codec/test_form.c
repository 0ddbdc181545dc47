#include "../support/unit_test.h"

#include "base/buf.h"
#include "codec/form.h"

#define FORM	STR("multipart/form-data; boundary=B")
#define PART(name)							\
	"--B\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n"

static void
test_urlencoded(void **state)
{
	struct form f = { 0 };

	assert_int_equal(form_read_urlencoded(*state,
	    STR("a=1&b=x+y%26&&c&=d&e==f&a=2&%C3%A9=%E2%82%AC&"), &f), ERR_OK);
	assert_int_equal(f.n, 7);
	assert_str(f.params[0].name, "a");
	assert_str(f.params[0].value, "1");
	assert_str(f.params[1].value, "x y&");
	assert_str(f.params[2].name, "c");
	assert_str(f.params[2].value, "");
	assert_str(f.params[3].name, "");
	assert_str(f.params[3].value, "d");
	assert_str(f.params[4].value, "=f");
	assert_str(f.params[6].name, "\xc3\xa9");
	assert_str(f.params[6].value, "\xe2\x82\xac");
	assert_str(form_get(&f, "a"), "1");	/* the first */
	assert_str(form_get(&f, "c"), "");
	assert_null(form_get(&f, "A").p);
	assert_str(form_get_nocase(&f, "A"), "1");
	assert_null(form_get_nocase(&f, "zz").p);
}

static void
test_urlencoded_appends(void **state)
{
	struct form f = { 0 };

	assert_int_equal(form_read_urlencoded(*state, STR("a=1"), &f), ERR_OK);
	assert_int_equal(form_read_urlencoded(*state, STR(""), &f), ERR_OK);
	assert_int_equal(form_read_urlencoded(*state, STR_NONE, &f), ERR_OK);
	assert_int_equal(form_read_urlencoded(*state, STR("a=2&b=3"), &f),
	    ERR_OK);
	assert_int_equal(f.n, 3);
	assert_str(form_get(&f, "a"), "1");
	assert_str(form_get(&f, "b"), "3");
	assert_int_equal(form_read_urlencoded(*state, STR("c=4&d=%"), &f),
	    ERR_BAD_REQUEST);
	assert_int_equal(f.n, 3);		/* untouched */
}

static void
test_urlencoded_refused(void **state)
{
	static const char *const bad[] = { "a=%", "a=%4", "a=%4x", "%zz=1",
		"a=%ff", "a=%c3", "a=%ed%a0%80", "a=\xff", "a=%00", "%00=a",
		"a=%c0%80" };
	struct form f = { 0 };

	for (size_t i = 0; i < COUNT(bad); i++)
		assert_int_equal(form_read_urlencoded(*state, str_of(bad[i]),
		    &f), ERR_BAD_REQUEST);
	assert_int_equal(form_read_urlencoded(*state, STR("a=1\0"), &f),
	    ERR_BAD_REQUEST);
	assert_int_equal(f.n, 0);
}

static void
test_urlencoded_limit(void **state)
{
	struct form f = { 0 };
	struct buf b;

	buf_init(&b, *state, 100000);
	for (int i = 0; i < FORM_PARAMS_MAX; i++)
		buf_puts(&b, "&&a=1&");
	assert_int_equal(form_read_urlencoded(*state, buf_str(&b), &f),
	    ERR_OK);
	assert_int_equal(f.n, FORM_PARAMS_MAX);
	assert_int_equal(form_read_urlencoded(*state, STR("&"), &f), ERR_OK);
	assert_int_equal(form_read_urlencoded(*state, STR("b=1"), &f),
	    ERR_BAD_REQUEST);
	f.n = 0;
	buf_puts(&b, "&b");
	assert_int_equal(form_read_urlencoded(*state, buf_str(&b), &f),
	    ERR_BAD_REQUEST);
}

static void
test_multipart(void **state)
{
	struct form f = { 0 };

	assert_int_equal(form_read_multipart(*state, FORM, STR(
	    "preamble\r\n"
	    PART("a") "1\r\n"
	    "--B  \t\r\nCONTENT-disposition:form-data;name=b\r\n"
	    "Content-Type: text/plain; charset=utf-8\r\n"
	    "Content-Transfer-Encoding: 8BIT\r\nX-Other: y\r\n\r\n"
	    "line\r\n--not B\r\n\r\n"
	    PART("q\\\"\\\\u\xc3\xa9") "\r\n"
	    "--B--\r\nepilogue"), &f), ERR_OK);
	assert_int_equal(f.n, 3);
	assert_str(form_get(&f, "a"), "1");
	assert_str(form_get(&f, "b"), "line\r\n--not B\r\n");
	assert_str(f.params[2].name, "q\"\\u\xc3\xa9");
	assert_str(f.params[2].value, "");
}

static void
test_multipart_refused(void **state)
{
	static const char *const bad[] = {
		"",
		"--B",
		"--B\r\n",
		"--B\r\n--B--",
		PART("a") "1",
		PART("a") "1\r\n--B",
		PART("a") "1\r\n--Bx\r\n",
		PART("a") "1\n--B--",
		"--B\r\n\r\n1\r\n--B--",		/* no headers */
		"--B\r\nContent-Type: text/plain\r\n\r\n1\r\n--B--",
		"--B\r\nContent-Disposition: form-data\r\n\r\n1\r\n--B--",
		"--B\r\nContent-Disposition: attachment; name=a\r\n\r\n"
		    "1\r\n--B--",
		"--B\r\nno colon\r\n\r\n1\r\n--B--",
		"--B\r\nContent-Disposition: form-data; name=\"a\r\n\r\n"
		    "1\r\n--B--",
		"--B\r\nContent-Disposition: form-data; name=a; "
		    "filename=\"x\"\r\n\r\n1\r\n--B--",
		"--B\r\nContent-Disposition: form-data; name=a; "
		    "filename*=utf-8''x\r\n\r\n1\r\n--B--",
		"--B\r\nContent-Disposition: form-data; name=a\r\n"
		    "Content-Disposition: form-data; name=b\r\n\r\n1\r\n--B--",
		"--B\r\nContent-Disposition: form-data; name=a\r\n"
		    "Content-Transfer-Encoding: base64\r\n\r\n1\r\n--B--",
		"--B\r\nContent-Disposition: form-data; name=a\r\n"
		    "Content-Type: multipart/mixed; boundary=C\r\n\r\n"
		    "1\r\n--B--",
		PART("a") "\xff\r\n--B--",
		PART("\xff") "1\r\n--B--",
	};
	struct form f = { 0 };

	for (size_t i = 0; i < COUNT(bad); i++)
		if (form_read_multipart(*state, FORM, str_of(bad[i]), &f) !=
		    ERR_BAD_REQUEST)
			fail_msg("taken: %s", bad[i]);
	assert_int_equal(form_read_multipart(*state, FORM,
	    STR(PART("a") "1\0\r\n--B--"), &f), ERR_BAD_REQUEST);
	assert_int_equal(f.n, 0);
}

static void
test_boundaries(void **state)
{
	static const char *const bad[] = { "multipart/form-data",
		"multipart/form-data; boundary=",
		"multipart/form-data; boundary=\"",
		"multipart/form-data; boundary=\"\"",
		"multipart/form-data; boundary=\"B",
		"multipart/form-data; boundaries=B" };
	struct str body = STR(PART("a") "1\r\n--B--");
	struct form f = { 0 };

	for (size_t i = 0; i < COUNT(bad); i++)
		assert_int_equal(form_read_multipart(*state, str_of(bad[i]),
		    body, &f), ERR_BAD_REQUEST);
	assert_int_equal(form_read_multipart(*state,
	    STR("Multipart/Form-Data; charset=utf-8; BOUNDARY=\"B\""), body,
	    &f), ERR_OK);
	assert_int_equal(f.n, 1);
}

/* One part between boundaries of n characters. */
static enum err
read_bounded(struct arena *a, int n)
{
	struct form f = { 0 };
	char b[100] = { 0 };

	for (int i = 0; i < n; i++)
		b[i] = 'b';
	return form_read_multipart(a,
	    str_printf(a, "multipart/form-data; boundary=%s", b),
	    str_printf(a, "--%s\r\nContent-Disposition: form-data; name=a"
	    "\r\n\r\n1\r\n--%s--", b, b), &f);
}

static void
test_boundary_length(void **state)
{
	assert_int_equal(read_bounded(*state, 1), ERR_OK);
	assert_int_equal(read_bounded(*state, 70), ERR_OK);
	assert_int_equal(read_bounded(*state, 71), ERR_BAD_REQUEST);
}

static void
test_multipart_limit(void **state)
{
	struct form f = { 0 };
	struct buf b;

	buf_init(&b, *state, 100000);
	for (int i = 0; i < FORM_PARAMS_MAX; i++)
		buf_puts(&b, PART("a") "1\r\n");
	buf_puts(&b, "--B--");
	assert_int_equal(form_read_multipart(*state, FORM, buf_str(&b), &f),
	    ERR_OK);
	assert_int_equal(f.n, FORM_PARAMS_MAX);
	f.n = 1;
	assert_int_equal(form_read_multipart(*state, FORM, buf_str(&b), &f),
	    ERR_BAD_REQUEST);
	assert_int_equal(f.n, 1);
}

static void
test_body(void **state)
{
	struct form f = { 0 };

	assert_int_equal(form_read_body(*state, STR(
	    "Application/X-WWW-Form-Urlencoded ; charset=UTF-8"), STR("a=1"),
	    &f), ERR_OK);
	assert_int_equal(form_read_body(*state, FORM,
	    STR(PART("b") "2\r\n--B--"), &f), ERR_OK);
	assert_int_equal(form_read_body(*state, STR("text/html"), STR(""),
	    &f), ERR_OK);
	assert_int_equal(form_read_body(*state, STR_NONE, STR_NONE, &f),
	    ERR_OK);
	assert_int_equal(form_read_body(*state, STR_NONE, STR("c=3"), &f),
	    ERR_UNSUPPORTED_MEDIA_TYPE);
	assert_int_equal(form_read_body(*state, STR("application/json"),
	    STR("{}"), &f), ERR_UNSUPPORTED_MEDIA_TYPE);
	assert_int_equal(f.n, 2);
	assert_str(form_get(&f, "b"), "2");
}

/* A line of many quoted texts asks for no more room than it has. */
static void
test_multipart_quotes(void **state)
{
	struct form f = { 0 };
	struct buf b;

	buf_init(&b, *state, 1 << 20);
	buf_puts(&b, "--B\r\nContent-Disposition: form-data");
	for (int i = 0; i < 150000; i++)
		buf_puts(&b, ";a=\"\"");
	buf_puts(&b, ";name=x\r\n\r\n1\r\n--B--");
	assert_int_equal(form_read_multipart(*state, FORM, buf_str(&b), &f),
	    ERR_OK);
	assert_str(form_get(&f, "x"), "1");
	assert_true(arena_used(*state) < 16u << 20);
}

#define NO	"\xef\xbf\xbd"

static void
test_lenient(void **state)
{
	struct form f = { 0 };

	form_lenient_urlencoded(*state, STR("a=%&b=%4&c=%zz%41&d=x+y%2B&&=e&"
	    "f&g=%ff%00%01%0a&%ba=1&a=%e2%82%ac=&h=\xe3"), &f);
	assert_int_equal(f.n, 10);
	assert_str(form_get(&f, "a"), "%");
	assert_str(form_get_last(&f, "a"), "\xe2\x82\xac=");
	assert_str(form_get(&f, "b"), "%4");
	assert_str(form_get(&f, "c"), "%zzA");
	assert_str(form_get(&f, "d"), "x y+");
	assert_str(form_get(&f, ""), "e");
	assert_str(form_get(&f, "f"), "");
	assert_str(form_get(&f, "g"), NO NO NO "\n");
	assert_str(form_get(&f, NO), "1");
	assert_str(form_get(&f, "h"), NO);
	assert_null(form_get_last(&f, "A").p);
	form_lenient_urlencoded(*state, STR_NONE, &f);
	assert_int_equal(f.n, 10);
}

/* What is too much is left out, and pushes out nothing that comes later. */
static void
test_lenient_limit(void **state)
{
	struct form f = { 0 };
	struct buf b;

	buf_init(&b, *state, 100000);
	for (int i = 0; i < FORM_PARAMS_MAX; i++)
		buf_puts(&b, "a=1&");
	buf_puts(&b, "b=2");
	form_lenient_urlencoded(*state, buf_str(&b), &f);
	assert_int_equal(f.n, FORM_PARAMS_MAX);
	assert_null(form_get(&f, "b").p);
	form_lenient_body(*state, STR("application/x-www-form-urlencoded"),
	    STR("b=3&a=2"), &f);
	assert_int_equal(f.n, FORM_PARAMS_MAX + 2);
	assert_str(form_get(&f, "b"), "3");
	assert_str(form_get_last(&f, "a"), "2");
	buf_init(&b, *state, 100000);
	for (int i = 0; i <= FORM_PARAMS_MAX; i++)
		buf_puts(&b, PART("c") "1\r\n");
	buf_puts(&b, "--B--");
	form_lenient_body(*state, FORM, buf_str(&b), &f);
	assert_int_equal(f.n, 2 * FORM_PARAMS_MAX + 2);
}

static void
test_lenient_multipart(void **state)
{
	struct form f = { 0 };

	form_lenient_body(*state, FORM, STR(
	    PART("a") "1\r\n"
	    "--B\r\nContent-Disposition: form-data; name=file; "
	    "filename=\"x.txt\"\r\nContent-Type: text/plain\r\n\r\nfile\r\n"
	    "--B\r\nno colon\r\n\r\nlost\r\n"
	    PART("b") "\xba\x01\r\n"
	    PART("a") "2\r\n"
	    PART("c") "cut of"), &f);
	assert_int_equal(f.n, 3);
	assert_str(form_get(&f, "a"), "1");
	assert_str(form_get_last(&f, "a"), "2");
	assert_str(form_get(&f, "b"), NO NO);
	assert_null(form_get(&f, "c").p);
	assert_null(form_get(&f, "file").p);
}

static void
test_lenient_nothing(void **state)
{
	struct form f = { 0 };

	form_lenient_body(*state, STR("application/json"), STR("{}"), &f);
	form_lenient_body(*state, STR_NONE, STR("a=1"), &f);
	form_lenient_body(*state, STR("multipart/form-data"),
	    STR(PART("a") "1\r\n--B--"), &f);
	form_lenient_body(*state, FORM, STR("a=1"), &f);
	form_lenient_body(*state, FORM, STR_NONE, &f);
	assert_int_equal(f.n, 0);
}

static void
test_media(void **state)
{
	struct str ct = STR(" Text/HTML ;a=1; b = \"x;\\\"y\" ; C=z;d");

	assert_str(media_type(*state, ct), "text/html");
	assert_null(media_type(*state, STR_NONE).p);
	assert_str(media_type(*state, STR("a/b")), "a/b");
	assert_str(media_param(*state, ct, "A"), "1");
	assert_str(media_param(*state, ct, "b"), "x;\"y");
	assert_str(media_param(*state, ct, "c"), "z");
	assert_null(media_param(*state, ct, "d").p);
	assert_null(media_param(*state, STR_NONE, "a").p);
	assert_null(media_param(*state, STR("a=1"), "a").p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ARENA_TEST(test_urlencoded),
		ARENA_TEST(test_urlencoded_appends),
		ARENA_TEST(test_urlencoded_refused),
		ARENA_TEST(test_urlencoded_limit),
		ARENA_TEST(test_multipart),
		ARENA_TEST(test_multipart_refused),
		ARENA_TEST(test_boundaries),
		ARENA_TEST(test_boundary_length),
		ARENA_TEST(test_multipart_limit),
		ARENA_TEST(test_body),
		ARENA_TEST(test_multipart_quotes),
		ARENA_TEST(test_lenient),
		ARENA_TEST(test_lenient_limit),
		ARENA_TEST(test_lenient_multipart),
		ARENA_TEST(test_lenient_nothing),
		ARENA_TEST(test_media)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
