/*
 * All dialects, all outcomes: each has a status, a code and a text. The
 * static_assert beside each map sees a missing end, not a hole.
 */
#include "../support/unit_test.h"

#include "dialect/dialect.h"

/* Statuses for which nginx or a client in between would act by itself. */
static bool
status_sane(enum err err, int status)
{
	if (err == ERR_OK)
		return status == 200;
	return status >= 400 && status <= 599 && status != 407 &&
	    status != 499;
}

static void
every_error_is_mapped(void **state)
{
	(void)state;
	for (size_t d = 0; d < dialects_n; d++)
		for (int e = 0; e < ERR__COUNT; e++) {
			const struct err_map *m = &dialects[d]->errors[e];

			if (m->code == NULL || m->code[0] == '\0' ||
			    m->text == NULL || !status_sane(e, m->status))
				fail_msg("%s: %s is not mapped",
				    dialects[d]->name, err_label(e));
			if (e != ERR_OK && m->text[0] == '\0')
				fail_msg("%s: %s has no text",
				    dialects[d]->name, err_label(e));
		}
}

/* Ours to repair: never told as the client's fault. */
static void
faults_of_ours_are_5xx(void **state)
{
	static const enum err ours[] = {
		ERR_UNAVAILABLE, ERR_OUTCOME_UNKNOWN, ERR_INTERNAL,
	};

	(void)state;
	for (size_t d = 0; d < dialects_n; d++)
		for (size_t i = 0; i < COUNT(ours); i++)
			assert_in_range(dialects[d]->errors[ours[i]].status,
			    500, 599);
}

static void
dialects_are_whole(void **state)
{
	(void)state;
	for (size_t d = 0; d < dialects_n; d++) {
		const struct dialect *x = dialects[d];

		assert_non_null(x->name);
		assert_non_null(x->prefixes[0]);
		for (size_t p = 0; x->prefixes[p] != NULL; p++)
			assert_true(x->prefixes[p][0] == '/');
		assert_true(x->n_routes > 0);
		assert_non_null(x->encode_error);
		for (size_t r = 0; r < x->n_routes; r++) {
			const struct route *row = &x->routes[r];

			assert_true(row->methods != 0);
			assert_non_null(row->handler);
			assert_non_null(row->pattern);
			if ((row->flags & NEED_AUTH) != 0)
				assert_non_null(x->authenticate);
		}
	}
}

/* Whose paths are whose; those of nobody are the first dialect's. */
static void
prefixes(void **state)
{
	static const struct { const char *path, *name; } cases[] = {
		{ "/v1/cards", "native" },
		{ "/V1/cards", "native" },
		{ "/", "native" },
		{ "", "native" },
		{ "/api/response.php", "cardapp" },
		{ "/api/response.php/x", "cardapp" },
		{ "/api/response.phpx", "native" },
		{ "/API/response.php", "native" },
		{ "/Core/Sales/cards/gift/x", "iwarehouse" },
		{ "/core/sales/cards/gift", "native" },
		{ "/Connection/Status", "cp_extender" },
		{ "/sso/LOGIN", "cp_extender" },
		{ "/Customer/FromId/1", "cp_extender" },
		{ "/loyalty", "cp_extender" },
		{ "/GiftCard/1/BalanceCheck", "cp_extender" },
		{ "/Authorize/", "cp_extender" },
		{ "/Loyaltyx/Earn", "native" },
		{ "/Loyal", "native" },
		{ "//Loyalty/Earn", "native" },
		{ "/Items/List", "native" },
		{ "/v1/Loyalty/Earn", "native" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct str path = str_of(cases[i].path);

		if (!str_eq(str_of(dialect_for_path(path)->name),
		    str_of(cases[i].name)))
			fail_msg("%s is not of %s", cases[i].path,
			    cases[i].name);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_error_is_mapped),
		cmocka_unit_test(faults_of_ours_are_5xx),
		cmocka_unit_test(dialects_are_whole),
		cmocka_unit_test(prefixes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
