/*
 * The one closed list of outcomes. SQL statuses, dialect error maps and the
 * native API's "code" are all this list; err.def holds it.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include "base/str.h"

#define MUST_CHECK	__attribute__((warn_unused_result))
#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))

enum err {
#define ERR(name, label, retry)	ERR_##name,
#include "base/err.def"
#undef ERR
	ERR__COUNT
};

enum err_retry { RETRY_NEVER, RETRY_LATER, RETRY_INSIDE };

/* Return early with whatever f answers unless it is ERR_OK. */
#define TRY(f)	do {							\
	enum err try_err_ = (f);					\
	if (try_err_ != ERR_OK)						\
		return try_err_;					\
} while (0)

/* The label of an outcome, a static string; "internal" for a bad value. */
const char	*err_label(enum err);

/* Whether and by whom the request may be repeated. */
enum err_retry	 err_retry(enum err);

/* The outcome with this label. False when there is none. */
bool		 err_from_label(struct str, enum err *ret_err) MUST_CHECK;

/*
 * What went wrong in words, filled by the function that found it and read by
 * the dialect that reports it. field: the parameter or member at fault, ""
 * when it is the request as a whole. text: one English sentence saying what
 * to do next; never a secret, never more than the client sent or may see.
 */
struct fail_item {
	const char	*field;		/* arena or static */
	const char	*code;		/* stable word: required, invalid... */
	const char	*text;
};

#define FAIL_ITEMS_MAX	16

struct fail {
	size_t			 n;
	struct fail_item	 items[FAIL_ITEMS_MAX];
};

/* Note one finding; those beyond FAIL_ITEMS_MAX are dropped. Answers err. */
enum err	 fail_add(struct fail *, enum err, const char *field,
		    const char *code, const char *text);

#endif
