/*
 * Parameters: query strings, urlencoded bodies and multipart/form-data, all
 * as one list in the order of arrival.
 */
#ifndef CODEC_FORM_H
#define CODEC_FORM_H

#include "base/err.h"

#define FORM_PARAMS_MAX	256

struct form_param {
	struct str	name, value;	/* decoded, arena */
};

struct form {
	size_t			 n;
	struct form_param	*params;	/* arena */
};

/*
 * Append the parameters of an urlencoded text ("a=1&b=2"; '+' is a blank).
 * ERR_BAD_REQUEST: a bad %-escape, more than FORM_PARAMS_MAX, or text that is
 * not UTF-8 without NUL.
 */
enum err	form_read_urlencoded(struct arena *, struct str, struct form *)
		    MUST_CHECK;

/* The same for multipart/form-data (RFC 7578); files are refused. */
enum err	form_read_multipart(struct arena *, struct str content_type,
		    struct str body, struct form *) MUST_CHECK;

/*
 * The body by its content type. An empty body is fine with any type; other
 * types than the two are ERR_UNSUPPORTED_MEDIA_TYPE.
 */
enum err	form_read_body(struct arena *, struct str content_type,
		    struct str body, struct form *) MUST_CHECK;

/*
 * The same as PHP reads it, for clients that grew up with it: nothing is
 * refused. A bad %-escape stays as it is; bytes that are not UTF-8 and
 * characters that no document can hold become U+FFFD (str_printable()). Files,
 * parts that make no sense, parameters beyond FORM_PARAMS_MAX of a text, a part
 * whose end did not arrive and bodies of other types count as absent.
 */
void		form_lenient_urlencoded(struct arena *, struct str,
		    struct form *);
void		form_lenient_multipart(struct arena *, struct str content_type,
		    struct str body, struct form *);
void		form_lenient_body(struct arena *, struct str content_type,
		    struct str body, struct form *);

/* First or last value of a name; STR_NONE when absent. */
struct str	form_get(const struct form *, const char *name);
struct str	form_get_nocase(const struct form *, const char *name);
struct str	form_get_last(const struct form *, const char *name);

/* Media type without parameters, lower case; parameter value by name. */
struct str	media_type(struct arena *, struct str content_type);
struct str	media_param(struct arena *, struct str content_type,
		    const char *name);

#endif
