#include <sodium.h>
#include <string.h>

#include "domain/code.h"

struct str
code_make(struct arena *arena, const struct programme *g)
{
	size_t n = g->prefix.n + (size_t)g->code_length;
	char *p = arena_alloc(arena, n);

	if (g->prefix.n > 0)
		memcpy(p, g->prefix.p, g->prefix.n);
	for (size_t i = g->prefix.n; i < n; i++)
		do
			p[i] = g->alphabet.p[
			    randombytes_uniform((uint32_t)g->alphabet.n)];
		while (i == g->prefix.n && g->no_leading_zero && p[i] == '0');
	return (struct str){ p, n };
}
