/*
 * Customers: people who hold cards.
 */
#include "dialect/native/native.h"

#define F_TEXT(m, max)							\
	F_PATCH_STR(struct customer_in, m, set_##m, #m, NULLABLE, 1, max)

/* Creation and change read the same members; null empties one. */
static const struct field customer_fields[] = {
	F_TEXT(first_name, 100),
	F_TEXT(last_name, 100),
	F_TEXT(company, 100),
	F_TEXT(category, 64),
	F_PATCH_STR(struct customer_in, email, set_email, "email", NULLABLE,
	    3, 254),
	F_TEXT(phone, 32),
	F_TEXT(external_id, 128),
	F_TEXT(note, V1_NOTE_MAX),
	F_PATCH_DATE(struct customer_in, born_on, set_born_on, "born_on",
	    NULLABLE),
	F_TEXT(address1, 200),
	F_TEXT(address2, 200),
	F_TEXT(postcode, 20),
	F_TEXT(city, 100),
	F_TEXT(region, 100),
	F_TEXT(country, 100),
	F_PATCH_BOOL(struct customer_in, newsletter, set_newsletter,
	    "newsletter", 0),
	F_TEXT(referrer, 128),
};

static void
put_customer(struct call *c, struct json_out *o, const struct customer *p)
{
	json_obj(o, NULL);
	json_str(o, "id", p->id);
	json_str(o, "number", p->number);
	json_str(o, "first_name", p->first_name);
	json_str(o, "last_name", p->last_name);
	json_str(o, "company", p->company);
	json_str(o, "category", p->category);
	json_str(o, "email", p->email);
	json_str(o, "phone", p->phone);
	json_str(o, "external_id", p->external_id);
	json_str(o, "note", p->note);
	v1_put_date(c, o, "born_on", p->born_on);
	json_str(o, "address1", p->address1);
	json_str(o, "address2", p->address2);
	json_str(o, "postcode", p->postcode);
	json_str(o, "city", p->city);
	json_str(o, "region", p->region);
	json_str(o, "country", p->country);
	if (p->newsletter != ANSWER_NONE)
		json_bool(o, "newsletter", p->newsletter == ANSWER_YES);
	json_str(o, "referrer", p->referrer);
	if (p->email_generated)
		json_bool(o, "email_generated", true);
	v1_put_instant(c, o, "created_at", p->created_us);
	json_obj_end(o);
}

static enum err
customer_answer(struct call *c, int status, const struct customer *p)
{
	struct json_out o = v1_reply(c, status);

	put_customer(c, &o, p);
	return v1_reply_end(c);
}

enum err
v1_customers_list(struct call *c)
{
	struct customer_list_in in = {0};
	struct customer_list_out out;
	const struct v1_param filters[] = {
		{ "email", &in.email },
		{ "phone", &in.phone },
		{ "external_id", &in.external_id },
	};
	struct json_out o;
	size_t i;

	TRY(v1_query_list(c, &in.page, filters, COUNT(filters)));
	TRY(customer_list(&c->ctx, &in, &out));
	o = v1_list(c);
	for (i = 0; i < out.n; i++)
		put_customer(c, &o, &out.items[i]);
	return v1_list_end(c, &o, out.next);
}

/* At least an '@' between two characters: more only a letter can prove. */
static enum err
email_check(struct call *c, struct str email)
{
	size_t at;

	if (email.p == NULL || email.n == 0 ||
	    (str_find(email, '@', &at) && at > 0 && at + 1 < email.n))
		return ERR_OK;
	return fail_add(&c->ctx.fail, ERR_INVALID, "email", "invalid",
	    "Send an address like name@example.com.");
}

enum err
v1_customers_create(struct call *c)
{
	struct customer_in in = {0};
	struct customer p;

	TRY(v1_body(c, customer_fields, COUNT(customer_fields), &in));
	TRY(email_check(c, in.email));
	TRY(customer_create(&c->ctx, &in, &p));
	v1_location(c, "/v1/customers/", p.id);
	return customer_answer(c, 201, &p);
}

enum err
v1_customers_get(struct call *c)
{
	struct str id;
	struct customer p;

	TRY(v1_query_none(c));
	TRY(v1_arg(c, ERR_CUSTOMER_NOT_FOUND, &id));
	TRY(customer_get(&c->ctx, id, &p));
	return customer_answer(c, 200, &p);
}

enum err
v1_customers_change(struct call *c)
{
	struct customer_in in = {0};
	struct str id;
	struct customer p;

	TRY(v1_body(c, customer_fields, COUNT(customer_fields), &in));
	TRY(email_check(c, in.email));
	TRY(v1_arg(c, ERR_CUSTOMER_NOT_FOUND, &id));
	TRY(customer_update(&c->ctx, id, &in, &p));
	return customer_answer(c, 200, &p);
}
