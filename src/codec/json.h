/*
 * JSON <-> structs, on json-c. Reading is strict: UTF-8, one document, at
 * most JSON_DEPTH_MAX deep, at most JSON_VALUES_MAX values (a tree takes up to
 * a thousand bytes for each), unknown members refused, members given twice
 * refused, integers beyond +-10^18 refused (json-c clamps them), floats never
 * taken for integers, NUL in a string refused.
 */
#ifndef CODEC_JSON_H
#define CODEC_JSON_H

#include "base/buf.h"
#include "codec/field.h"

#define JSON_DEPTH_MAX	16
#define JSON_VALUES_MAX	20000

/*
 * Read the object in text into dst by the table. ERR_BAD_REQUEST: not JSON
 * or not an object. ERR_INVALID: each wrong member is one item of fail
 * (field "value.amount", "tenders[1].card"; codes: required, unknown, type,
 * too_short, too_long, out_of_range, invalid, duplicate).
 */
enum err	json_read(struct arena *, struct str text,
		    const struct field *, size_t n, void *dst,
		    struct fail *) MUST_CHECK;

/*
 * Reading for APIs that take what their clients send: members are asked for by
 * name. Names compare without case, the last of a name counts, those that
 * nobody asks for do not matter. Bounds and syntax are those of json_read().
 */
struct json_members {
	const void	*last;
};

/* ERR_BAD_REQUEST: not JSON, not an object, or NUL in a text. */
enum err	json_read_members(struct arena *, struct str text,
		    struct json_members *ret, struct fail *) MUST_CHECK;

/*
 * The text of a string, or a number as it is written: "12.50" and 12.50 are the
 * same, and no digit is lost. Absent (STR_NONE) are also null, "" and a number
 * that is zero. False: an object, an array, true or false.
 */
bool		json_member(struct arena *, const struct json_members *,
		    const char *name, struct str *ret) MUST_CHECK;

/*
 * Writing: a cursor over a buf that takes care of commas and escapes. No
 * tree is built. Keys are static ASCII. A struct str that is STR_NONE leaves
 * its member out ("absent, never null").
 */
struct json_out {
	struct buf	*buf;
	bool		 comma;
};

void	json_begin(struct json_out *, struct buf *);
void	json_obj(struct json_out *, const char *key);	/* key NULL: no name */
void	json_obj_end(struct json_out *);
void	json_arr(struct json_out *, const char *key);
void	json_arr_end(struct json_out *);
void	json_str(struct json_out *, const char *key, struct str);
void	json_i64(struct json_out *, const char *key, int64_t);
void	json_bool(struct json_out *, const char *key, bool);
/* Text that is already JSON (a number's decimal text, a stored object).
 * STR_NONE here and a unit of NULL below leave their member out too. */
void	json_raw(struct json_out *, const char *key, struct str);
/* {"amount": n, "currency": "EUR"} or {"amount": n, "unit": "points"} */
void	json_money(struct json_out *, const char *key, struct money);

/* Escape s as the inside of a JSON string. Invalid UTF-8 becomes U+FFFD. */
void	json_escape(struct buf *, struct str);

#endif
