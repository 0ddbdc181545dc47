#include <string.h>

#include "base/arena.h"
#include "cli/cli.h"
#include "domain/holder.h"

#define PAGE	200

static const struct column columns[] = {
	{ "id", CELL_TEXT }, { "number", CELL_TEXT },
	{ "first_name", CELL_TEXT }, { "last_name", CELL_TEXT },
	{ "company", CELL_TEXT }, { "category", CELL_TEXT },
	{ "email", CELL_TEXT }, { "phone", CELL_TEXT },
	{ "external_id", CELL_TEXT }, { "born_on", CELL_DATE },
	{ "address1", CELL_TEXT }, { "address2", CELL_TEXT },
	{ "postcode", CELL_TEXT }, { "city", CELL_TEXT },
	{ "region", CELL_TEXT }, { "country", CELL_TEXT },
	{ "newsletter", CELL_TEXT }, { "referrer", CELL_TEXT },
	{ "note", CELL_TEXT }, { "email_generated", CELL_BOOL },
	{ "created_at", CELL_INSTANT },
};

static const struct set_key keys[] = {
	SET_KEY(customer_in, first_name, SET_TEXT),
	SET_KEY(customer_in, last_name, SET_TEXT),
	SET_KEY(customer_in, company, SET_TEXT),
	SET_KEY(customer_in, category, SET_TEXT),
	SET_KEY(customer_in, email, SET_TEXT),
	SET_KEY(customer_in, phone, SET_TEXT),
	SET_KEY(customer_in, external_id, SET_TEXT),
	SET_KEY(customer_in, note, SET_TEXT),
	SET_KEY(customer_in, born_on, SET_DATE),
	SET_KEY(customer_in, address1, SET_TEXT),
	SET_KEY(customer_in, address2, SET_TEXT),
	SET_KEY(customer_in, postcode, SET_TEXT),
	SET_KEY(customer_in, city, SET_TEXT),
	SET_KEY(customer_in, region, SET_TEXT),
	SET_KEY(customer_in, country, SET_TEXT),
	SET_KEY(customer_in, newsletter, SET_BOOL),
	SET_KEY(customer_in, referrer, SET_TEXT),
};

/* Nobody asked: nothing. */
static struct str
answer(enum answer a)
{
	switch (a) {
	case ANSWER_NONE:
		return STR_NONE;
	case ANSWER_NO:
		return STR("no");
	case ANSWER_YES:
		return STR("yes");
	}
	return STR_NONE;
}

static void
add_row(struct table *t, const struct customer *c)
{
	table_str(t, c->id);
	table_str(t, c->number);
	table_str(t, c->first_name);
	table_str(t, c->last_name);
	table_str(t, c->company);
	table_str(t, c->category);
	table_str(t, c->email);
	table_str(t, c->phone);
	table_str(t, c->external_id);
	table_date(t, c->born_on);
	table_str(t, c->address1);
	table_str(t, c->address2);
	table_str(t, c->postcode);
	table_str(t, c->city);
	table_str(t, c->region);
	table_str(t, c->country);
	table_str(t, answer(c->newsletter));
	table_str(t, c->referrer);
	table_str(t, c->note);
	table_bool(t, c->email_generated);
	table_instant(t, c->created_us);
}

static int
show(struct cli *cli, enum err err, const struct customer *c)
{
	struct table t;

	if (err != ERR_OK)
		return cli_refused(cli, err, "customer");
	table_begin(&t, cli, columns, COUNT(columns));
	add_row(&t, c);
	return table_one(&t);
}

int
cmd_customer_add(struct cli *cli, int argc, char **argv)
{
	struct customer_in in = { .set_note = false };
	struct customer out;
	enum err err;

	if (!cli_options(cli, &argc, argv, NULL, 0, 1, 99) ||
	    !cli_set(cli, keys, COUNT(keys), &in, NULL, argc, argv))
		return cli->status;
	err = customer_create(&cli->ctx, &in, &out);
	return show(cli, err, &out);
}

/* The customer's phone as an API would keep it. False: reported. */
static bool
clean_phone(struct cli *cli, struct customer_in *person)
{
	if (person->phone.p == NULL ||
	    phone_clean(cli->arena, person->phone, &person->phone))
		return true;
	cli_fail("\"%.*s\" is not a phone number of 6 to 15 digits",
	    STR_ARG(person->phone));
	return false;
}

static int
show_enrolled(struct cli *cli, const struct enrolled *e)
{
	static const struct column enrolled_columns[] = {
		{ "card", CELL_TEXT }, { "customer", CELL_TEXT },
		{ "phone", CELL_TEXT }, { "email", CELL_TEXT },
		{ "queued", CELL_BOOL },
	};
	struct table t;

	table_begin(&t, cli, enrolled_columns, COUNT(enrolled_columns));
	table_str(&t, e->card);
	table_str(&t, e->customer);
	table_str(&t, e->phone);
	table_str(&t, e->email);
	table_bool(&t, e->queued);
	return table_one(&t);
}

int
cmd_customer_enrol(struct cli *cli, int argc, char **argv)
{
	const char *programme = NULL, *store = NULL;
	struct enrol_in in = { .send = NULL };
	const struct opt opts[] = {
		{ "programme", OPT_TEXT, &programme },
		{ "store", OPT_TEXT, &store }, { "send", OPT_TEXT, &in.send },
	};
	struct enrolled out;
	struct store s;
	enum err err = ERR_OK;

	if (!cli_options(cli, &argc, argv, opts, COUNT(opts), 0, 99) ||
	    !cli_set(cli, keys, COUNT(keys), &in.person, NULL, argc, argv))
		return cli->status;
	if (programme == NULL)
		return cli_misuse(cli, "which --programme?");
	if (in.send != NULL && strcmp(in.send, "sms") != 0 &&
	    strcmp(in.send, "email") != 0)
		return cli_misuse(cli, "--send needs sms or email");
	if (!clean_phone(cli, &in.person))
		return CLI_FAILED;
	in.programme_code = str_of(programme);
	if (store != NULL) {
		err = store_get(&cli->ctx, str_of(store), &s);
		in.store = err == ERR_OK ? s.number : 0;
	}
	if (err == ERR_OK)
		err = holder_enrol(&cli->ctx, &in, &out);
	if (err == ERR_PHONE_TAKEN)
		return cli_fail("customer enrol: the holder of card %.*s has "
		    "this phone", STR_ARG(out.card));
	if (err != ERR_OK)
		return cli_refused(cli, err, "customer enrol");
	return show_enrolled(cli, &out);
}

int
cmd_customer_list(struct cli *cli, int argc, char **argv)
{
	const char *email = NULL, *phone = NULL, *external = NULL;
	const struct opt opts[] = {
		{ "email", OPT_TEXT, &email }, { "phone", OPT_TEXT, &phone },
		{ "external-id", OPT_TEXT, &external },
	};
	struct customer_list_in in = { .page = { .limit = PAGE } };
	struct customer_list_out out;
	struct table t;
	enum err err;

	if (!cli_options(cli, &argc, argv, opts, COUNT(opts), 0, 0))
		return cli->status;
	in.email = str_of(email);
	in.phone = str_of(phone);
	in.external_id = str_of(external);
	table_begin(&t, cli, columns, COUNT(columns));
	do {
		err = customer_list(&cli->ctx, &in, &out);
		if (err != ERR_OK)
			return cli_refused(cli, err, "customer list");
		for (size_t i = 0; i < out.n; i++)
			add_row(&t, &out.items[i]);
		in.page.after = out.next;
	} while (in.page.after.p != NULL);
	return table_list(&t);
}

int
cmd_customer_show(struct cli *cli, int argc, char **argv)
{
	struct customer out;
	enum err err;

	if (!cli_options(cli, &argc, argv, NULL, 0, 1, 1))
		return cli->status;
	err = customer_get(&cli->ctx, str_of(argv[0]), &out);
	return show(cli, err, &out);
}

int
cmd_customer_set(struct cli *cli, int argc, char **argv)
{
	struct customer_in in = { .set_note = false };
	struct customer out;
	enum err err;

	if (!cli_options(cli, &argc, argv, NULL, 0, 2, 99) ||
	    !cli_set(cli, keys, COUNT(keys), &in, NULL, argc - 1, argv + 1))
		return cli->status;
	err = customer_update(&cli->ctx, str_of(argv[0]), &in, &out);
	return show(cli, err, &out);
}
