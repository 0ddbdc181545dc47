/*
 * Memory of one request. Everything a request allocates lives here and goes
 * at once when the reply is sent; nothing is freed one by one. Sizes are
 * bounded before (body limit, row limits), so allocation never returns NULL:
 * true exhaustion ends the process and the supervisor starts another.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

struct arena;

/* max: bytes the arena may ever hold; asking for more aborts. */
struct arena	*arena_new(size_t max);
void		 arena_free(struct arena *);	/* NULL is fine */

/* Zeroed memory, aligned for any type. */
void		*arena_alloc(struct arena *, size_t n);
/* The same for an array; an overflow of n * size aborts. */
void		*arena_array(struct arena *, size_t n, size_t size);

/*
 * Call fn(ptr) at the next reset, in reverse order of registration. Use it
 * in the line after a PGresult, json_object or the like was made.
 */
void		 arena_defer(struct arena *, void (*fn)(void *), void *ptr);

/* Run the deferred calls, wipe the used bytes, keep one block for reuse. */
void		 arena_reset(struct arena *);

/* Bytes handed out since the last reset. */
size_t		 arena_used(const struct arena *);

#endif
