#include <string.h>

#include "domain/customer_row.h"

enum member_kind { MEMBER_TEXT, MEMBER_DATE, MEMBER_ANSWER };

struct member {
	const char		*name;		/* of the column */
	enum member_kind	 kind;
	size_t			 value;		/* in struct customer */
	size_t			 flag, given;	/* in struct customer_in */
};

#define MEMBER(m, kind)							\
	{ #m, kind, offsetof(struct customer, m),			\
	  offsetof(struct customer_in, set_##m),			\
	  offsetof(struct customer_in, m) }

/* THE table of what a customer is made of. */
static const struct member members[] = {
	MEMBER(first_name, MEMBER_TEXT),
	MEMBER(last_name, MEMBER_TEXT),
	MEMBER(email, MEMBER_TEXT),
	MEMBER(phone, MEMBER_TEXT),
	MEMBER(external_id, MEMBER_TEXT),
	MEMBER(note, MEMBER_TEXT),
	MEMBER(city, MEMBER_TEXT),
	MEMBER(referrer, MEMBER_TEXT),
	MEMBER(company, MEMBER_TEXT),
	MEMBER(category, MEMBER_TEXT),
	MEMBER(address1, MEMBER_TEXT),
	MEMBER(address2, MEMBER_TEXT),
	MEMBER(region, MEMBER_TEXT),
	MEMBER(postcode, MEMBER_TEXT),
	MEMBER(country, MEMBER_TEXT),
	MEMBER(born_on, MEMBER_DATE),
	MEMBER(newsletter, MEMBER_ANSWER),
};

static void
read_member(const struct db_rows *rows, int i, const struct member *m,
    struct customer *ret)
{
	char *at = (char *)ret + m->value;

	if (db_null(rows, i, m->name))
		return;			/* zero is none in all kinds */
	switch (m->kind) {
	case MEMBER_TEXT:
		*(struct str *)(void *)at = db_str(rows, i, m->name);
		break;
	case MEMBER_DATE:
		*(struct date *)(void *)at = db_date(rows, i, m->name);
		break;
	case MEMBER_ANSWER:
		*(enum answer *)(void *)at = db_bool(rows, i, m->name) ?
		    ANSWER_YES : ANSWER_NO;
		break;
	}
}

void
customer_row(const struct db_rows *rows, int i, struct customer *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->id = db_str(rows, i, "id");
	ret->number = db_str(rows, i, "number");
	for (size_t m = 0; m < COUNT(members); m++)
		read_member(rows, i, &members[m], ret);
	ret->email_generated = db_bool(rows, i, "email_generated");
	ret->created_us = db_instant(rows, i, "created_at");
}

/* As text; none takes it away. */
static struct str
given(struct arena *arena, const struct member *m,
    const struct customer_in *in)
{
	const void *at = (const char *)in + m->given;
	struct date day;
	struct str s;

	switch (m->kind) {
	case MEMBER_TEXT:
		s = *(const struct str *)at;
		return s.n > 0 ? s : STR_NONE;
	case MEMBER_DATE:
		day = *(const struct date *)at;
		return day.year != 0 ? date_iso(arena, day) : STR_NONE;
	case MEMBER_ANSWER:
		return *(const bool *)at ? STR("true") : STR("false");
	}
	return STR_NONE;
}

void
params_person(struct db_params *p, const struct customer_in *in)
{
	struct str names[COUNT(members)], values[COUNT(members)];
	size_t n = 0;

	for (size_t i = 0; i < COUNT(members); i++) {
		if (!*(const bool *)((const char *)in + members[i].flag))
			continue;
		names[n] = str_of(members[i].name);
		values[n++] = given(p->arena, &members[i], in);
	}
	db_p_strs(p, names, n);
	db_p_strs(p, values, n);
}

static enum err
taken(struct ctx *ctx, enum err e)
{
	if (e == ERR_NAME_TAKEN)
		return fail_add(&ctx->fail, e, "external_id", "taken",
		    "Another customer has this external_id.");
	return e;
}

enum err
customer_create(struct ctx *ctx, const struct customer_in *in,
    struct customer *ret)
{
	struct db_params p;
	struct db_rows rows;

	params_begin(&p, ctx);
	params_person(&p, in);
	TRY(taken(ctx, ctx_call(ctx, DB_WRITE, "customer_create", &p,
	    &rows)));
	customer_row(&rows, 0, ret);
	return ERR_OK;
}

/* One row more than wanted; id none: all that fit the filters. */
static enum err
list(struct ctx *ctx, struct str id, const struct customer_list_in *in,
    int64_t after, struct db_rows *ret)
{
	struct db_params p;

	params_begin(&p, ctx);
	db_p_str(&p, id);
	db_p_str(&p, in->email);
	db_p_str(&p, in->phone);
	db_p_str(&p, in->external_id);
	params_cursor(&p, after);
	db_p_i64(&p, in->page.limit + 1);
	return ctx_call(ctx, DB_READ, "customer_list", &p, ret);
}

enum err
customer_get(struct ctx *ctx, struct str id, struct customer *ret)
{
	const struct customer_list_in any = { 0 };
	struct db_rows rows;

	if (!uuid_ok(id))
		return ERR_CUSTOMER_NOT_FOUND;
	TRY(list(ctx, id, &any, 0, &rows));
	if (rows.n == 0)
		return ERR_CUSTOMER_NOT_FOUND;
	customer_row(&rows, 0, ret);
	return ERR_OK;
}

enum err
customer_update(struct ctx *ctx, struct str id, const struct customer_in *in,
    struct customer *ret)
{
	struct db_params p;
	struct db_rows rows;

	if (!uuid_ok(id))
		return ERR_CUSTOMER_NOT_FOUND;
	params_begin(&p, ctx);
	db_p_str(&p, id);
	params_person(&p, in);
	TRY(taken(ctx, ctx_call(ctx, DB_KEYED, "customer_update", &p,
	    &rows)));
	customer_row(&rows, 0, ret);
	return ERR_OK;
}

enum err
customer_list(struct ctx *ctx, const struct customer_list_in *in,
    struct customer_list_out *ret)
{
	struct db_rows rows;
	int64_t after;
	int n;

	TRY(cursor_parse(ctx, in->page.after, &after));
	TRY(list(ctx, STR_NONE, in, after, &rows));
	ret->next = page_next(ctx->arena, &rows, &n, in->page.limit,
	    "customer_id");
	ret->n = (size_t)n;
	ret->items = arena_array(ctx->arena, ret->n + 1, sizeof(*ret->items));
	for (int i = 0; i < n; i++)
		customer_row(&rows, i, &ret->items[i]);
	return ERR_OK;
}
