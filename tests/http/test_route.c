/* Which row a method and a path find, and what its arguments are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"
#include "http/route.h"

static enum err
nothing(struct call *c)
{
	(void)c;
	return ERR_OK;
}

static const struct route rows[] = {
	{ GET | POST, "/v1/cards", 0, 0, nothing },
	{ POST, "/v1/cards/batch", 0, 0, nothing },
	{ GET | PATCH, "/v1/cards/{card}", 0, 0, nothing },
	{ POST, "/v1/{a}/x/{b}", 0, 0, nothing },
	{ GET, "/core/gift_api.asp", PATH_NOCASE, 0, nothing },
	{ GET, "/", 0, 0, nothing },
	{ GET, "/a/{x}/b", PATH_SLASH | PATH_NOCASE, 0, nothing },
	{ GET, "/a/b/{x}", PATH_SLASH, 0, nothing },
};

static const struct {
	enum method	 method;
	const char	*path;
	enum err	 err;
	int		 row;		/* with ERR_OK */
	unsigned	 allowed;	/* with ERR_METHOD_NOT_ALLOWED */
	const char	*args[2];
} cases[] = {
	{ GET, "/v1/cards", ERR_OK, 0, 0, { NULL } },
	{ POST, "/v1/cards", ERR_OK, 0, 0, { NULL } },
	{ DELETE, "/v1/cards", ERR_METHOD_NOT_ALLOWED, 0, GET | POST,
	    { NULL } },
	{ METHOD_OTHER, "/v1/cards", ERR_METHOD_NOT_ALLOWED, 0, GET | POST,
	    { NULL } },
	{ POST, "/v1/cards/batch", ERR_OK, 1, 0, { NULL } },
	{ GET, "/v1/cards/batch", ERR_OK, 2, 0, { "batch" } },
	{ PUT, "/v1/cards/batch", ERR_METHOD_NOT_ALLOWED, 0,
	    POST | GET | PATCH, { NULL } },
	{ GET, "/v1/cards/A%2fB%20C", ERR_OK, 2, 0, { "A/B C" } },
	{ GET, "/v1/cards/%C3%A4+", ERR_OK, 2, 0, { "\303\244+" } },
	{ GET, "/v1/cards/", ERR_NOT_FOUND, 0, 0, { NULL } },
	{ GET, "/v1/cards//", ERR_NOT_FOUND, 0, 0, { NULL } },
	{ GET, "/v1/%63ards", ERR_OK, 0, 0, { NULL } },
	{ GET, "/V1/cards", ERR_NOT_FOUND, 0, 0, { NULL } },
	{ POST, "/v1/1/x/2", ERR_OK, 3, 0, { "1", "2" } },
	{ GET, "/CORE/Gift_API.asp", ERR_OK, 4, 0, { NULL } },
	{ GET, "/core/gift_api.asp/", ERR_NOT_FOUND, 0, 0, { NULL } },
	{ GET, "/core", ERR_NOT_FOUND, 0, 0, { NULL } },
	{ GET, "/", ERR_OK, 5, 0, { NULL } },
	{ GET, "/A/1/B", ERR_OK, 6, 0, { "1" } },
	{ GET, "/a/1/b/", ERR_OK, 6, 0, { "1" } },
	{ GET, "/a/1/b//", ERR_NOT_FOUND, 0, 0, { NULL } },
	{ GET, "/a//b/", ERR_NOT_FOUND, 0, 0, { NULL } },
	{ GET, "/a/b/1/", ERR_OK, 7, 0, { "1" } },
	{ GET, "/a/b/b", ERR_OK, 6, 0, { "b" } },
	{ GET, "/a/b/", ERR_NOT_FOUND, 0, 0, { NULL } },
	{ GET, "/a/b", ERR_NOT_FOUND, 0, 0, { NULL } },
	{ GET, "/a/1%2f/b/%2f", ERR_NOT_FOUND, 0, 0, { NULL } },
	{ POST, "/a/1/b/", ERR_METHOD_NOT_ALLOWED, 0, GET, { NULL } },
	{ GET, "", ERR_NOT_FOUND, 0, 0, { NULL } },
	{ GET, "*", ERR_NOT_FOUND, 0, 0, { NULL } },
	{ GET, "/v1/cards/%", ERR_BAD_REQUEST, 0, 0, { NULL } },
	{ GET, "/v1/cards/%4", ERR_BAD_REQUEST, 0, 0, { NULL } },
	{ GET, "/v1/cards/%zz", ERR_BAD_REQUEST, 0, 0, { NULL } },
	{ GET, "/v1/cards/%00", ERR_BAD_REQUEST, 0, 0, { NULL } },
	{ GET, "/v1/cards/%ff", ERR_BAD_REQUEST, 0, 0, { NULL } },
	{ GET, "/v1/cards/%c0%af", ERR_BAD_REQUEST, 0, 0, { NULL } },
	{ GET, "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17", ERR_NOT_FOUND,
	    0, 0, { NULL } },
};

static void
finds(void **state)
{
	struct arena *arena = arena_new(1 << 20);
	size_t i, k;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		struct request req = { .method = cases[i].method,
		    .path = str_of(cases[i].path) };
		const struct route *row = NULL;
		unsigned allowed = 0;
		enum err err;

		err = route_match(arena, rows, COUNT(rows), &req, &row,
		    &allowed);
		if (err != cases[i].err)
			fail_msg("%s: %s", cases[i].path, err_label(err));
		assert_int_equal(allowed, cases[i].allowed);
		if (err != ERR_OK)
			continue;
		assert_ptr_equal(row, &rows[cases[i].row]);
		for (k = 0; k < 2 && cases[i].args[k] != NULL; k++)
			assert_true(k < req.n_args && str_eq(req.args[k],
			    str_of(cases[i].args[k])));
		assert_int_equal(req.n_args, k);
	}
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(finds) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
