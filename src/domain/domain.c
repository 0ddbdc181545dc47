#include <assert.h>

#include "domain/domain.h"

/* Same order as the SCOPE_* bits. */
static const char *const scope_names[] = {
	"cards:read", "cards:write", "value:write", "customers", "reports",
	"admin"
};

static const char *const kind_names[] = {
	[KIND_STAMP] = "stamp", [KIND_CASHBACK] = "cashback",
	[KIND_MULTIPASS] = "multipass", [KIND_COUPON] = "coupon",
	[KIND_DISCOUNT] = "discount", [KIND_GIFT] = "gift",
	[KIND_MEMBERSHIP] = "membership", [KIND_REWARD] = "reward",
};
static_assert(COUNT(kind_names) == KIND__COUNT, "name every kind");

static bool
scope_bit(struct str name, unsigned *ret)
{
	for (unsigned i = 0; i < COUNT(scope_names); i++) {
		if (str_eq(name, str_of(scope_names[i]))) {
			*ret = 1u << i;
			return true;
		}
	}
	return false;
}

enum err
scopes_parse(struct ctx *ctx, struct str s, unsigned *ret)
{
	unsigned bits = 0, bit;
	size_t at;

	while (s.n > 0) {
		if (!str_find(s, ',', &at))
			at = s.n;
		if (!scope_bit(str_trim(str_sub(s, 0, at)), &bit))
			return fail_add(&ctx->fail, ERR_INVALID, "scopes",
			    "invalid", "Choose from cards:read, cards:write, "
			    "value:write, customers, reports, admin.");
		bits |= bit;
		s = str_sub(s, at + 1, s.n);
	}
	*ret = bits;
	return ERR_OK;
}

struct str
scopes_format(struct arena *arena, unsigned bits)
{
	struct str s = STR("");

	for (unsigned i = 0; i < COUNT(scope_names); i++)
		if (bits & (1u << i))
			s = str_printf(arena, "%.*s%s%s", STR_ARG(s),
			    s.n > 0 ? "," : "", scope_names[i]);
	return s;
}

const char *
kind_name(enum programme_kind k)
{
	return (unsigned)k < KIND__COUNT ? kind_names[k] : "";
}

bool
kind_from_name(struct str s, enum programme_kind *ret)
{
	for (unsigned i = 0; i < KIND__COUNT; i++) {
		if (str_eq(s, str_of(kind_names[i]))) {
			*ret = (enum programme_kind)i;
			return true;
		}
	}
	return false;
}
