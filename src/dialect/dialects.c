#include "dialect/dialect.h"

#include "dialect/cardapp/cardapp.h"
#include "dialect/cp_extender/cp_extender.h"
#include "dialect/iwarehouse/iwarehouse.h"
#include "dialect/native/native.h"

/* THE table of dialects. The first row answers for paths of nobody. */
const struct dialect *const dialects[] = {
	&dialect_native,
	&dialect_iwarehouse,
	&dialect_cardapp,
	&dialect_cp_extender,
};
const size_t dialects_n = COUNT(dialects);

static bool
fits(struct str path, struct str prefix, bool nocase)
{
	struct str head = str_sub(path, 0, prefix.n);

	if (nocase ? !str_eq_nocase(head, prefix) : !str_eq(head, prefix))
		return false;
	return prefix.p[prefix.n - 1] == '/' || path.n == prefix.n ||
	    path.p[prefix.n] == '/';
}

const struct dialect *
dialect_for_path(struct str path)
{
	const struct dialect *best = dialects[0];
	size_t i, k, longest = 0;

	for (i = 0; i < dialects_n; i++)
		for (k = 0; dialects[i]->prefixes[k] != NULL; k++) {
			struct str prefix = str_of(dialects[i]->prefixes[k]);

			if (prefix.n > longest && fits(path, prefix,
			    dialects[i]->prefix_nocase)) {
				best = dialects[i];
				longest = prefix.n;
			}
		}
	return best;
}
