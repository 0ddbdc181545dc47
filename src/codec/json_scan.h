/*
 * A first look at a JSON text, before json-c builds a tree of it. It holds
 * the text to RFC 8259 to the letter and refuses what json-c would change
 * without a word: of a member given twice it keeps the last, numbers beyond
 * 64 bits it clamps, a name it cuts off at a NUL, half a surrogate pair it
 * replaces. None of that may happen to an amount.
 */
#ifndef CODEC_JSON_SCAN_H
#define CODEC_JSON_SCAN_H

#include "base/err.h"

/* Whole numbers beyond it are refused, wherever they stand. */
#define JSON_INT_MAX	INT64_C(1000000000000000000)

/*
 * The document in text without the white space around it. ERR_BAD_REQUEST:
 * not JSON, not UTF-8, too deep or too many values. ERR_INVALID: items of
 * fail say where (codes: duplicate, out_of_range, invalid).
 */
enum err	json_scan(struct arena *, struct str text, struct str *ret_doc,
		    struct fail *) MUST_CHECK;

/*
 * The members of the object in text, the last one first; the same bounds and
 * syntax, but names may occur again, numbers be of any size, and a byte order
 * mark stand before it. ERR_BAD_REQUEST also for what is no object and for NUL
 * in a string.
 */
struct json_raw_member {
	const struct json_raw_member	*before;
	struct str			 name;	/* decoded */
	struct str			 value;	/* its text, slice of the input */
};

enum err	json_scan_members(struct arena *, struct str text,
		    const struct json_raw_member **ret, struct fail *)
		    MUST_CHECK;

/* What stands in a string, quotes and escapes included, of a scanned text. */
struct str	json_scan_string(struct arena *, struct str quoted);

/*
 * A member's name for fail: "tenders[1].card" from ("tenders[1]", "card").
 * Long names are cut: they only help a person to find the place.
 */
const char	*json_path(struct arena *, const char *parent, struct str name);
const char	*json_path_at(struct arena *, const char *parent, size_t index);

#endif
