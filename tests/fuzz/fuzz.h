/*
 * For the libFuzzer entries: an arena that each run finds empty, and a check
 * that ends the run where a property does not hold.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/str.h"

#define CHECK(c)	do {						\
	if (!(c)) {							\
		fprintf(stderr, "%s:%d: not so: %s\n", __FILE__,	\
		    __LINE__, #c);					\
		abort();						\
	}								\
} while (0)

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* The arena, emptied. Twice in a run would free what is in use. */
static inline struct arena *
fuzz_arena(void)
{
	static struct arena *a;

	if (a == NULL)
		a = arena_new(256u << 20);
	arena_reset(a);
	return a;
}

static inline struct str
fuzz_str(const uint8_t *p, size_t n)
{
	return (struct str){ (const char *)p, n };
}

#endif
