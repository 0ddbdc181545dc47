#include <string.h>

#include "domain/card_row.h"

struct str
card_code_clean(struct arena *arena, struct str code)
{
	struct str s = str_upper(arena, str_trim(code));

	if (s.n == 0 || s.n > CARD_CODE_MAX)
		return STR_NONE;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (!((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		    c == '-' || c == '.' || c == '_'))
			return STR_NONE;
	}
	return s;
}

static void
purse_row(const struct db_rows *rows, int i, struct card *c)
{
	struct purse *p;
	const struct unit *unit = unit_by_id((int)db_i64(rows, i, "unit"));

	if (c->n_purses == CARD_PURSES_MAX)
		return;
	/* In the units' order, whatever order they come in. */
	p = &c->purses[c->n_purses++];
	for (; p > c->purses && p[-1].unit->id > unit->id; p--)
		*p = p[-1];
	p->unit = unit;
	p->balance = db_i64(rows, i, "balance");
	p->held = db_i64(rows, i, "held");
	p->available = db_i64(rows, i, "available");
	p->version = db_i64(rows, i, "version");
	if (c->opening.unit == NULL && db_i64(rows, i, "opened") > 0)
		c->opening = (struct money){ db_i64(rows, i, "opened"), unit };
	if (!db_null(rows, i, "changed_on")) {
		struct date d = db_date(rows, i, "changed_on");

		if (c->changed_on.year == 0 || date_cmp(d, c->changed_on) > 0)
			c->changed_on = d;
	}
}

void
card_row(const struct db_rows *rows, int *at, struct card *ret)
{
	int i = *at;

	memset(ret, 0, sizeof(*ret));
	ret->id = db_i64(rows, i, "card_id");
	ret->code = db_str(rows, i, "code");
	ret->programme = db_str(rows, i, "programme");
	ret->kind = (enum programme_kind)db_i64(rows, i, "kind");
	ret->state = db_str(rows, i, "state");
	ret->usable = str_eq(ret->state, STR("active"));
	if (!db_null(rows, i, "expires_on"))
		ret->expires_on = db_date(rows, i, "expires_on");
	ret->created_us = db_instant(rows, i, "created_at");
	ret->customer = db_str(rows, i, "customer");
	ret->reference = db_str(rows, i, "reference");
	ret->note = db_str(rows, i, "note");
	ret->store = db_str(rows, i, "store");
	ret->opened_on = db_date(rows, i, "opened_on");
	for (; i < rows->n && db_i64(rows, i, "card_id") == ret->id; i++)
		purse_row(rows, i, ret);
	*at = i;
}

enum err
card_get(struct ctx *ctx, struct str code, struct card *ret)
{
	struct db_params p;
	struct db_rows rows;
	int at = 0;

	code = card_code_clean(ctx->arena, code);
	if (code.p == NULL)
		return ERR_CARD_NOT_FOUND;
	params_begin(&p, ctx);
	db_p_str(&p, code);
	TRY(ctx_call(ctx, DB_READ, "card_get", &p, &rows));
	card_row(&rows, &at, ret);
	return ERR_OK;
}
