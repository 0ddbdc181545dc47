#include "codec/json.h"
#include "codec/json_scan.h"

enum err
json_read_members(struct arena *a, struct str text, struct json_members *ret,
    struct fail *fail)
{
	const struct json_raw_member *last;

	TRY(json_scan_members(a, text, &last, fail));
	ret->last = last;
	return ERR_OK;
}

/* Only zeros before an exponent. */
static bool
is_zero(struct str number)
{
	for (size_t i = 0; i < number.n; i++) {
		if (number.p[i] == 'e' || number.p[i] == 'E')
			break;
		if (number.p[i] >= '1' && number.p[i] <= '9')
			return false;
	}
	return true;
}

bool
json_member(struct arena *a, const struct json_members *members,
    const char *name, struct str *ret)
{
	const struct json_raw_member *m = members->last;
	struct str v = STR_NONE;

	while (m != NULL && !str_eq_nocase(m->name, str_of(name)))
		m = m->before;
	if (m == NULL || str_eq(m->value, STR("null"))) {
		*ret = STR_NONE;
		return true;
	}
	switch (m->value.p[0]) {
	case '{':
	case '[':
	case 't':
	case 'f':
		return false;
	case '"':
		v = json_scan_string(a, m->value);
		break;
	default:
		if (!is_zero(m->value))
			v = m->value;
	}
	*ret = v.n > 0 ? v : STR_NONE;
	return true;
}
