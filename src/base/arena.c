#include "base/arena.h"

#include <assert.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN	1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define ARENA_ASAN	1
#endif

/* Under the sanitizer bytes not handed out cannot be touched. */
#ifdef ARENA_ASAN
#include <sanitizer/asan_interface.h>
#define POISON(p, n)	ASAN_POISON_MEMORY_REGION((p), (n))
#define UNPOISON(p, n)	ASAN_UNPOISON_MEMORY_REGION((p), (n))
#else
#define POISON(p, n)	((void)(p), (void)(n))
#define UNPOISON(p, n)	((void)(p), (void)(n))
#endif

#define ALIGN		((size_t)16)
#define BLOCK_FIRST	((size_t)64 << 10)
#define BLOCK_MAX	((size_t)1 << 20)

static_assert(alignof(max_align_t) <= ALIGN, "arena: raise ALIGN");

struct block {
	alignas(ALIGN) struct block	*next;	/* older */
	size_t				 size, used;
	alignas(ALIGN) unsigned char	 data[];
};

struct deferred {
	struct deferred	 *next;		/* registered before this one */
	void		(*fn)(void *);
	void		 *ptr;
};

struct arena {
	struct block	*head;		/* filled at present */
	struct block	*first;		/* kept by a reset */
	struct deferred	*deferred;
	size_t		 max, used;
};

static void	die(const char *) __attribute__((noreturn));

static void
die(const char *why)
{
	fprintf(stderr, "arena: %s\n", why);
	abort();
}

static struct block *
block_new(size_t size)
{
	struct block *b = calloc(1, sizeof(*b) + size);

	if (b == NULL)
		die("out of memory");
	b->size = size;
	POISON(b->data, size);
	return b;
}

/* Clean for reuse: all zero again, nothing of the last request left. */
static void
block_wipe(struct block *b)
{
	UNPOISON(b->data, b->size);
	explicit_bzero(b->data, b->used);
	b->used = 0;
}

struct arena *
arena_new(size_t max)
{
	struct arena *a = calloc(1, sizeof(*a));

	if (a == NULL)
		die("out of memory");
	a->max = max;
	a->first = a->head = block_new(BLOCK_FIRST);
	return a;
}

void
arena_free(struct arena *a)
{
	if (a == NULL)
		return;
	arena_reset(a);
	UNPOISON(a->first->data, a->first->size);
	free(a->first);
	free(a);
}

/*
 * A block with room for n bytes. What is larger than a usual block gets one
 * of its own behind the head, so that the head's free bytes stay in use.
 */
static struct block *
block_for(struct arena *a, size_t n)
{
	struct block *b = a->head;
	size_t size;

	if (b->size - b->used >= n)
		return b;
	if (n > BLOCK_FIRST) {
		b = block_new(n);
		b->next = a->head->next;
		a->head->next = b;
		return b;
	}
	size = b->size < BLOCK_MAX ? 2 * b->size : BLOCK_MAX;
	b = block_new(size);
	b->next = a->head;
	a->head = b;
	return b;
}

void *
arena_alloc(struct arena *a, size_t n)
{
	struct block *b;
	size_t room;
	void *p;

	if (n > a->max || n > SIZE_MAX - ALIGN)
		die("a request holds more memory than it may");
	room = n == 0 ? ALIGN : (n + ALIGN - 1) & ~(ALIGN - 1);
	if (room > a->max - a->used)
		die("a request holds more memory than it may");
	b = block_for(a, room);
	p = b->data + b->used;
	b->used += room;
	a->used += room;
	UNPOISON(p, n);
	return p;
}

void *
arena_array(struct arena *a, size_t n, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		die("size of an array overflows");
	return arena_alloc(a, bytes);
}

void
arena_defer(struct arena *a, void (*fn)(void *), void *ptr)
{
	struct deferred *d = arena_alloc(a, sizeof(*d));

	*d = (struct deferred){ a->deferred, fn, ptr };
	a->deferred = d;
}

void
arena_reset(struct arena *a)
{
	struct block *b, *next;

	while (a->deferred != NULL) {
		struct deferred *d = a->deferred;

		a->deferred = d->next;
		d->fn(d->ptr);
	}
	for (b = a->head; b != NULL; b = next) {
		next = b->next;
		block_wipe(b);
		if (b != a->first)
			free(b);
	}
	a->first->next = NULL;
	POISON(a->first->data, a->first->size);
	a->head = a->first;
	a->used = 0;
}

size_t
arena_used(const struct arena *a)
{
	return a->used;
}
