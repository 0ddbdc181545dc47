#include "codec/json_scan.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "codec/json.h"

#define PATH_NAME_MAX	64
#define EXPONENT_DIGITS	3	/* more overflow PostgreSQL's numeric */

struct scan {
	struct arena	*arena;
	const char	*at, *end;
	size_t		 values;
	struct fail	*fail;
	bool		 refused;	/* something stands in fail */
	const char	*why;		/* the text is no use, if not syntax */
	bool		 lenient;	/* json_scan_members() */
	const struct json_raw_member *last;	/* of the outermost object */
};

/* Where the scan is, for messages; made text only when one is written. */
struct place {
	const struct place	*up;
	struct str		 name;		/* of a member, or */
	size_t			 index;		/* of an element */
};

struct key {
	struct key	*next;
	struct str	 name;
};

static bool	scan_value(struct scan *, const struct place *, int depth);

const char *
json_path(struct arena *a, const char *parent, struct str name)
{
	size_t n = 0;

	while (n < name.n && n < PATH_NAME_MAX)
		n += str_utf8_next(str_sub(name, n, name.n - n));
	name.n = n;
	return str_printf(a, "%s%s%.*s", parent, *parent != '\0' ? "." : "",
	    STR_ARG(name)).p;
}

const char *
json_path_at(struct arena *a, const char *parent, size_t index)
{
	return str_printf(a, "%s[%zu]", parent, index).p;
}

static const char *
place_path(struct arena *a, const struct place *p)
{
	if (p == NULL)
		return "";
	if (p->name.p != NULL)
		return json_path(a, place_path(a, p->up), p->name);
	return json_path_at(a, place_path(a, p->up), p->index);
}

static void
refuse(struct scan *s, const struct place *where, const char *code,
    const char *text)
{
	s->refused = true;
	if (s->fail->n < FAIL_ITEMS_MAX)
		fail_add(s->fail, ERR_INVALID, place_path(s->arena, where),
		    code, text);
}

static bool
peek(const struct scan *s, char c)
{
	return s->at < s->end && *s->at == c;
}

static bool
take(struct scan *s, char c)
{
	if (!peek(s, c))
		return false;
	s->at++;
	return true;
}

static bool
take_word(struct scan *s, const char *word)
{
	size_t n = strlen(word);

	if ((size_t)(s->end - s->at) < n || memcmp(s->at, word, n) != 0)
		return false;
	s->at += n;
	return true;
}

static void
skip_blanks(struct scan *s)
{
	while (s->at < s->end && (*s->at == ' ' || *s->at == '\t' ||
	    *s->at == '\n' || *s->at == '\r'))
		s->at++;
}

static size_t
skip_digits(struct scan *s)
{
	const char *from = s->at;

	while (s->at < s->end && *s->at >= '0' && *s->at <= '9')
		s->at++;
	return (size_t)(s->at - from);
}

static bool
scan_number(struct scan *s, const struct place *where)
{
	const char *from = s->at;
	bool whole = true;
	size_t digits;
	int64_t v;

	take(s, '-');
	if (!take(s, '0') && skip_digits(s) == 0)
		return false;
	if (take(s, '.')) {
		whole = false;
		if (skip_digits(s) == 0)
			return false;
	}
	if (take(s, 'e') || take(s, 'E')) {
		whole = false;
		if (!take(s, '+'))
			take(s, '-');
		if ((digits = skip_digits(s)) == 0)
			return false;
		if (digits > EXPONENT_DIGITS && !s->lenient)
			refuse(s, where, "out_of_range",
			    "Give a number with a smaller exponent.");
	}
	if (whole && !s->lenient && !str_to_i64((struct str){ from,
	    (size_t)(s->at - from) }, -JSON_INT_MAX, JSON_INT_MAX, &v))
		refuse(s, where, "out_of_range",
		    "Give a number of at most 18 digits.");
	return true;
}

/* Four hex digits of \uXXXX. */
static bool
take_hex4(struct scan *s, unsigned *ret)
{
	unsigned char b[2];

	if (s->end - s->at < 4 || !str_unhex((struct str){ s->at, 4 }, b, 2))
		return false;
	s->at += 4;
	*ret = (unsigned)b[0] << 8 | b[1];
	return true;
}

/* UTF-8 of u at p; the number of bytes. */
static size_t
utf8_put(char *p, unsigned u)
{
	size_t n = u < 0x80 ? 1 : u < 0x800 ? 2 : u < 0x10000 ? 3 : 4;
	static const unsigned char lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };

	for (size_t i = n; i-- > 1; u >>= 6)
		p[i] = (char)(0x80 | (u & 0x3f));
	p[0] = (char)(lead[n] | u);
	return n;
}

/*
 * What follows a backslash, as UTF-8 in p (at most 4 bytes, never more than
 * were read). 0 when it is wrong.
 */
static size_t
take_escape(struct scan *s, char *p)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *known;
	unsigned u, low;
	char c;

	if (s->at == s->end)
		return 0;
	c = *s->at++;
	if (c != 'u') {
		known = memchr(from, c, sizeof(from) - 1);
		if (known == NULL)
			return 0;
		*p = to[known - from];
		return 1;
	}
	if (!take_hex4(s, &u))
		return 0;
	if (u >= 0xd800 && u <= 0xdfff) {
		if (u >= 0xdc00 || !take_word(s, "\\u") ||
		    !take_hex4(s, &low) || low < 0xdc00 || low > 0xdfff)
			return 0;
		u = 0x10000 + ((u & 0x3ff) << 10 | (low & 0x3ff));
	}
	return utf8_put(p, u);
}

/*
 * A string, its opening quote next. With ret_text the decoded text is
 * wanted: a slice of the input, or a copy where there are escapes. *ret_nul:
 * it holds \u0000.
 */
static bool
scan_string(struct scan *s, struct str *ret_text, bool *ret_nul)
{
	const char *from = s->at + 1;
	char *copy = NULL, bytes[4];
	size_t n = 0, add;

	*ret_nul = false;
	if (!take(s, '"'))
		return false;
	for (; s->at < s->end && *s->at != '"';) {
		if ((unsigned char)*s->at < 0x20)
			return false;
		if (*s->at != '\\') {
			if (copy != NULL)
				copy[n] = *s->at;
			n++;
			s->at++;
			continue;
		}
		if (ret_text != NULL && copy == NULL) {
			copy = arena_alloc(s->arena, (size_t)(s->end - from));
			memcpy(copy, from, n);
		}
		s->at++;
		if ((add = take_escape(s, bytes)) == 0)
			return false;
		if (bytes[0] == '\0')
			*ret_nul = true;
		if (copy != NULL)
			memcpy(copy + n, bytes, add);
		n += add;
	}
	if (ret_text != NULL)
		*ret_text = (struct str){ copy != NULL ? copy : from, n };
	return take(s, '"');
}

static int
key_cmp(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static void
refuse_duplicates(struct scan *s, const struct place *where,
    const struct key *keys, size_t n)
{
	struct str *names;
	size_t i = 0;

	if (n < 2)
		return;
	names = arena_array(s->arena, n, sizeof(*names));
	for (const struct key *k = keys; k != NULL; k = k->next)
		names[i++] = k->name;
	qsort(names, n, sizeof(*names), key_cmp);
	for (i = 1; i < n; i++) {
		struct place p = { .up = where, .name = names[i] };

		if (str_eq(names[i - 1], names[i]))
			refuse(s, &p, "duplicate", "Send this member once.");
	}
}

/* A member of the outermost object, its value from `from` to here. */
static void
keep_member(struct scan *s, struct str name, const char *from)
{
	struct json_raw_member *m = arena_alloc(s->arena, sizeof(*m));

	m->before = s->last;
	m->name = name;
	m->value = str_trim((struct str){ from, (size_t)(s->at - from) });
	s->last = m;
}

static bool
scan_object(struct scan *s, const struct place *where, int depth)
{
	struct key *keys = NULL, *k;
	const char *value;
	size_t n = 0;
	bool nul;

	s->at++;
	skip_blanks(s);
	if (take(s, '}'))
		return true;
	do {
		struct place p = { .up = where };

		skip_blanks(s);
		if (!scan_string(s, &p.name, &nul))
			return false;
		if (nul)
			refuse(s, where, "invalid",
			    "Remove the NUL from the member's name.");
		k = arena_alloc(s->arena, sizeof(*k));
		*k = (struct key){ keys, p.name };
		keys = k;
		n++;
		skip_blanks(s);
		if (!take(s, ':'))
			return false;
		value = s->at;
		if (!scan_value(s, &p, depth))
			return false;
		if (s->lenient && depth == 1)
			keep_member(s, p.name, value);
	} while (take(s, ','));
	if (!take(s, '}'))
		return false;
	if (!s->lenient)
		refuse_duplicates(s, where, keys, n);
	return true;
}

static bool
scan_array(struct scan *s, const struct place *where, int depth)
{
	struct place p = { .up = where };

	s->at++;
	skip_blanks(s);
	if (take(s, ']'))
		return true;
	do {
		if (!scan_value(s, &p, depth))
			return false;
		p.index++;
	} while (take(s, ','));
	return take(s, ']');
}

/* A value and the white space around it. */
static bool
scan_value(struct scan *s, const struct place *where, int depth)
{
	bool ok, nul = false;

	skip_blanks(s);
	if (s->at == s->end)
		return false;
	if (++s->values > JSON_VALUES_MAX) {
		s->why = "Send fewer values in one document.";
		return false;
	}
	if (depth == JSON_DEPTH_MAX && (peek(s, '{') || peek(s, '['))) {
		s->why = "Send a document that is nested less deeply.";
		return false;
	}
	switch (*s->at) {
	case '{':
		ok = scan_object(s, where, depth + 1);
		break;
	case '[':
		ok = scan_array(s, where, depth + 1);
		break;
	case '"':
		ok = scan_string(s, NULL, &nul);
		if (nul)
			refuse(s, where, "invalid",
			    "Remove the NUL from this text.");
		break;
	case 't':
		ok = take_word(s, "true");
		break;
	case 'f':
		ok = take_word(s, "false");
		break;
	case 'n':
		ok = take_word(s, "null");
		break;
	default:
		ok = scan_number(s, where);
	}
	skip_blanks(s);
	return ok;
}

static enum err
unreadable(struct scan *s, size_t before, const char *why)
{
	s->fail->n = before;
	return fail_add(s->fail, ERR_BAD_REQUEST, "", "invalid", why);
}

/* The document in text, bounds and syntax checked. */
static enum err
scan_document(struct scan *s, struct str text, struct str *ret_doc)
{
	size_t before = s->fail->n;
	const char *from;

	if (!str_utf8_ok(text))
		return unreadable(s, before, "Send JSON in UTF-8.");
	if (text.n == 0)
		return unreadable(s, before, "Send a JSON object.");
	s->at = text.p;
	s->end = text.p + text.n;
	skip_blanks(s);
	from = s->at;
	if (!scan_value(s, NULL, 0) || s->at != s->end)
		return unreadable(s, before, s->why != NULL ? s->why :
		    str_printf(s->arena, "Send one well-formed JSON "
		    "document: it goes wrong at byte %zu.",
		    (size_t)(s->at - text.p) + 1).p);
	*ret_doc = str_trim((struct str){ from, (size_t)(s->end - from) });
	return ERR_OK;
}

enum err
json_scan(struct arena *a, struct str text, struct str *ret_doc,
    struct fail *fail)
{
	struct scan s = { .arena = a, .fail = fail };
	struct str doc;

	TRY(scan_document(&s, text, &doc));
	if (s.refused)
		return ERR_INVALID;
	*ret_doc = doc;
	return ERR_OK;
}

enum err
json_scan_members(struct arena *a, struct str text,
    const struct json_raw_member **ret, struct fail *fail)
{
	struct scan s = { .arena = a, .fail = fail, .lenient = true };
	size_t before = fail->n;
	struct str doc;

	if (str_eq(str_sub(text, 0, 3), STR("\xef\xbb\xbf")))
		text = str_sub(text, 3, text.n);
	TRY(scan_document(&s, text, &doc));
	if (s.refused || doc.p[0] != '{')
		return unreadable(&s, before,
		    "Send a JSON object without NUL in its texts.");
	*ret = s.last;
	return ERR_OK;
}

struct str
json_scan_string(struct arena *a, struct str quoted)
{
	struct scan s = { .arena = a, .at = quoted.p,
	    .end = quoted.p + quoted.n };
	struct str text = STR("");
	bool nul;

	if (!scan_string(&s, &text, &nul))
		abort();
	return text;
}
