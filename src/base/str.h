/*
 * Slices of bytes with a length, never NUL-terminated by promise. A struct
 * str owns nothing; what it points to lives in an arena, a literal or the
 * request. {NULL, 0} is "absent", {"", 0} is "present and empty".
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

struct str {
	const char	*p;
	size_t		 n;
};

#define STR(lit)	((struct str){ "" lit, sizeof(lit) - 1 })
#define STR_NONE	((struct str){ NULL, 0 })
/* For printf's "%.*s". */
#define STR_ARG(s)	(int)(s).n, ((s).p != NULL ? (s).p : "")

struct str	 str_of(const char *);		/* NULL becomes STR_NONE */
bool		 str_eq(struct str, struct str);
bool		 str_eq_nocase(struct str, struct str);	/* ASCII only */
bool		 str_starts_nocase(struct str, struct str prefix);
int		 str_cmp(struct str, struct str);
struct str	 str_trim(struct str);		/* ASCII white space */
struct str	 str_sub(struct str, size_t from, size_t n);	/* clipped */
bool		 str_find(struct str, char, size_t *ret_at);

/* Copies in the arena. str_cstr adds a NUL (n bytes may hold others). */
struct str	 str_dup(struct arena *, struct str);
const char	*str_cstr(struct arena *, struct str);
struct str	 str_upper(struct arena *, struct str);	/* ASCII only */
struct str	 str_lower(struct arena *, struct str);	/* ASCII only */
struct str	 str_printf(struct arena *, const char *fmt, ...)
		    __attribute__((format(printf, 2, 3)));

/* Well-formed UTF-8 (no surrogates, no overlong forms) without NUL. */
bool		 str_utf8_ok(struct str);
/* Bytes of the first code point of s; 0 when it is malformed or s empty. */
size_t		 str_utf8_next(struct str);
/* Number of code points of well-formed UTF-8. */
size_t		 str_utf8_len(struct str);
/* The first n code points of well-formed UTF-8, or all. */
struct str	 str_utf8_head(struct str, size_t n);
/*
 * With U+FFFD for each byte that is not UTF-8 and each character that XML 1.0
 * does not know: U+0000 to U+001F but tab and line ends, U+FFFE, U+FFFF. What
 * needs nothing is answered as it is, not copied.
 */
struct str	 str_printable(struct arena *, struct str);

/* Decimal digits only, whole text, within [min, max]. False otherwise. */
bool		 str_to_i64(struct str, int64_t min, int64_t max,
		    int64_t *ret);	/* an optional leading '-' */

/* Lower-case hex. str_unhex: exactly 2*n digits of any case, else false. */
struct str	 str_hex(struct arena *, const void *, size_t n);
bool		 str_unhex(struct str, void *ret, size_t n);

/*
 * Undo %xx (and '+' for a blank if plus). False on a bad escape. The result
 * may hold any byte: check it with str_utf8_ok.
 */
bool		 str_percent(struct arena *, struct str, bool plus,
		    struct str *ret);

/* Same bytes? Takes a time that depends on the lengths alone. */
bool		 str_eq_consttime(struct str, struct str);

#endif
