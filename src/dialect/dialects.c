#include "dialect/dialect.h"

#include "dialect/cardapp/cardapp.h"
#include "dialect/iwarehouse/iwarehouse.h"
#include "dialect/native/native.h"

/* THE table of dialects. The first row answers for paths of nobody. */
const struct dialect *const dialects[] = {
	&dialect_native,
	&dialect_iwarehouse,
	&dialect_cardapp,
};
const size_t dialects_n = COUNT(dialects);

const struct dialect *
dialect_for_path(struct str path)
{
	const struct dialect *best = dialects[0];
	size_t i, longest = 0;

	for (i = 0; i < dialects_n; i++) {
		struct str prefix = str_of(dialects[i]->prefix);
		struct str head = str_sub(path, 0, prefix.n);
		bool fits = dialects[i]->prefix_nocase ?
		    str_eq_nocase(head, prefix) : str_eq(head, prefix);

		if (fits && prefix.n > longest) {
			best = dialects[i];
			longest = prefix.n;
		}
	}
	return best;
}
