/* What src/dialect/cardapp makes of parameters; it needs no database. */
#include "cardapp_world.h"

static const struct form *
form(const char *query)
{
	return &ask(query)->form;
}

static void
at_fault(enum err err, const char *field, const char *code)
{
	assert_int_equal(err, ERR_INVALID);
	assert_int_equal(w.call.ctx.fail.n, 1);
	assert_string_equal(w.call.ctx.fail.items[0].field, field);
	assert_string_equal(w.call.ctx.fail.items[0].code, code);
}

/* ---- parameters ---- */

static void
last_one_counts(void **state)
{
	const struct form *f;

	(void)state;
	f = form("a=1&a=2&b=%20+x+%09&A=3&c[]=4&d=&e");
	assert_str(cardapp_param(f, "a"), "2");
	assert_str(cardapp_param(f, "b"), "x");
	assert_str(cardapp_param(f, "A"), "3");
	assert_int_equal(cardapp_param(f, "c").n, 0);
	assert_int_equal(cardapp_param(f, "d").n, 0);
	assert_int_equal(cardapp_param(f, "e").n, 0);
	assert_int_equal(cardapp_param(f, "zz").n, 0);
}

static void
body_wins(void **state)
{
	const struct form *f;

	(void)state;
	w.request.method = POST;
	w.request.content_type = STR("application/x-www-form-urlencoded");
	w.request.body = STR("a=body&b=&action=creare&tip_response=xml");
	f = form("a=query&b=query&c=query&tip_response=json");
	assert_str(cardapp_param(f, "a"), "body");
	assert_int_equal(cardapp_param(f, "b").n, 0);
	assert_str(cardapp_param(f, "c"), "query");
	assert_true(cardapp_request(&w.call)->xml);
	assert_string_equal(cardapp_request(&w.call)->action->name, "creare");

	w.request.content_type = STR("application/json");
	assert_str(cardapp_param(form("a=query"), "a"), "query");
	w.request.content_type = STR("application/x-www-form-urlencoded");
	w.request.method = GET;
	assert_str(cardapp_param(form("a=query"), "a"), "query");
}

static void
read_once(void **state)
{
	struct cardapp_request *r = ask("action=stores");

	(void)state;
	w.request.query = STR("action=creare");
	assert_ptr_equal(cardapp_request(&w.call), r);
	assert_string_equal(r->action->name, "stores");
}

static void
actions(void **state)
{
	(void)state;
	assert_string_equal(ask("action=%20Refund_Points+")->action->name,
	    "refund_points");
	assert_string_equal(ask("action=CREARE")->action->root,
	    "creare_response");
	assert_string_equal(ask("action=store_id")->action->root,
	    "store_id_response");
	assert_string_equal(ask("action=stores")->action->root,
	    "stores_response");
	assert_string_equal(ask("action=refund_points")->action->root,
	    "cheltuire_puncte_response");
	assert_null(ask("action=creare_card")->action);
	assert_null(ask("Action=creare")->action);
	assert_null(ask("")->action);
	assert_true(ask("tip_response=+XML")->xml);
	assert_false(ask("tip_response=xmlx")->xml);
	assert_false(ask("tip_response=")->xml);
	assert_false(ask("tip_response=xml&tip_response=json")->xml);
}

static enum err
admit(const char *query)
{
	return cardapp_decode_action(&w.call.ctx, ask(query));
}

static void
order_of_checks(void **state)
{
	(void)state;
	at_fault(admit(""), "action", "required");
	at_fault(admit("action=+"), "action", "required");
	at_fault(admit("action=void"), "action", "unknown");
	at_fault(admit("action=creare"), "telefon", "required");
	at_fault(admit("action=creare&telefon=%20"), "telefon", "required");
	assert_int_equal(admit("action=creare&telefon=0"), ERR_OK);
	assert_int_equal(admit("action=stores"), ERR_OK);
	/* The first that is absent, though one before it is wrong. */
	at_fault(admit("action=cheltuire_puncte&nr_card=a&nr_puncte=x&suma=1"),
	    "valoare_reducere", "required");
	at_fault(admit("action=refund_points&nr_card=a&points_amount=1"
	    "&refund_amount=-1"), "details_refund", "required");

	w.who.scopes = SCOPE_CARDS_READ;
	at_fault(admit("action=void"), "action", "unknown");
	assert_int_equal(admit("action=creare"), ERR_FORBIDDEN);
	assert_int_equal(admit("action=tip_card"), ERR_OK);
}

static void
scopes(void **state)
{
	static const struct { const char *action; unsigned scope; } rows[] = {
		{ "creare", SCOPE_CARDS_WRITE },
		{ "actualizare_date", SCOPE_CUSTOMERS },
		{ "suspend_card", SCOPE_CARDS_WRITE },
		{ "tip_card", SCOPE_CARDS_READ },
		{ "stores", SCOPE_CARDS_READ },
		{ "store_id", SCOPE_CARDS_READ },
		{ "interogare_puncte", SCOPE_CARDS_READ },
		{ "adaugare_puncte", SCOPE_VALUE_WRITE },
		{ "cheltuire_puncte", SCOPE_VALUE_WRITE },
		{ "refund_points", SCOPE_VALUE_WRITE },
	};

	(void)state;
	assert_int_equal(cardapp_actions_n, COUNT(rows));
	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *query = str_cstr(w.arena, str_printf(w.arena,
		    "action=%s", rows[i].action));

		w.who.scopes = ~rows[i].scope;
		assert_int_equal(admit(query), ERR_FORBIDDEN);
		w.who.scopes = rows[i].scope;
		assert_int_not_equal(admit(query), ERR_FORBIDDEN);
	}
}

/* ---- sales ---- */

static struct cardapp_sale sale;

static enum err
add(const char *suma)
{
	return cardapp_decode_add(&w.call.ctx, form(str_cstr(w.arena,
	    str_printf(w.arena, "nr_card=+C1&detalii_incasare=+x%%20y+"
	    "&suma=%s", suma))), &sale);
}

static void
amount_is(const char *suma, int64_t minor)
{
	assert_int_equal(add(suma), ERR_OK);
	assert_int_equal(sale.in.amount, minor);
	assert_int_equal(sale.in.points, 0);
}

static void
amounts(void **state)
{
	static const char *const bad[] = { "0", "0.00", "-0", "+5%2B", "%2B5",
		"abc", "1e3", "1.234", "1,234", ".5", "5.", ",5", "5,", "1.5,5",
		"1,5.5", "1.000,50", "1+000", "--5", "-", "5-", "0x10",
		"10000000.01", "-10000000.01", "99999999999999999999",
		"%E2%82%AC5", "%7B500%7D", "5%00", "1..5" };

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		at_fault(add(bad[i]), "suma", "invalid");
	amount_is("740", 74000);
	assert_str(sale.suma, "740");
	assert_str(sale.in.card, "C1");
	assert_str(sale.in.detail, "x y");
	amount_is("-740,5", -74050);
	assert_str(sale.suma, "-740,5");
	amount_is("+0.01", 1);
	amount_is("007.10", 710);
	assert_str(sale.suma, "007.10");
	amount_is("10000000", 1000000000);
	amount_is("-10000000.00", -1000000000);
}

static void
exponents(void **state)
{
	(void)state;
	w.who.currency = unit_by_name(STR("JPY"));
	amount_is("500", 500);
	amount_is("10000000", 10000000);
	at_fault(add("500.0"), "suma", "invalid");
	at_fault(add("10000001"), "suma", "invalid");
	w.who.currency = unit_by_name(STR("KWD"));
	amount_is("1.25", 1250);
	amount_is("-10000000.00", -INT64_C(10000000000));
	at_fault(add("1.255"), "suma", "invalid");
	at_fault(add("10000000.01"), "suma", "invalid");
}

static void
detail(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, w.arena, 1 << 16);
	buf_puts(&b, "nr_card=C1&suma=1&detalii_incasare=");
	for (int i = 0; i < 700; i++)
		buf_puts(&b, "%C8%99");
	assert_int_equal(cardapp_decode_add(&w.call.ctx,
	    form(str_cstr(w.arena, buf_str(&b))), &sale), ERR_OK);
	assert_int_equal(str_utf8_len(sale.detail), 700);
	assert_int_equal(str_utf8_len(sale.in.detail), 500);
	assert_true(str_utf8_ok(sale.in.detail));
	/* Latin-2 for "plată ș" and a control character. */
	assert_int_equal(cardapp_decode_add(&w.call.ctx, form(
	    "nr_card=C1&suma=1&detalii_incasare=plat%E3+%BA%01"), &sale),
	    ERR_OK);
	assert_str(sale.detail,
	    "plat\xef\xbf\xbd \xef\xbf\xbd\xef\xbf\xbd");
}

static enum err
spend(const char *points, const char *discount, const char *suma)
{
	return cardapp_decode_spend(&w.call.ctx, form(str_cstr(w.arena,
	    str_printf(w.arena, "nr_card=C1&detalii_incasare=x&nr_puncte=%s"
	    "&valoare_reducere=%s&suma=%s", points, discount, suma))), &sale);
}

static void
spends(void **state)
{
	static const char *const bad[] = { "0", "0.0", "-1", "%2B1", "1.5",
		"37.000", "37.", ".0", "37,0", "x", "1+2", "37.0.0",
		"1000000000001", "99999999999999999999" };

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		at_fault(spend(bad[i], "1", "1"), "nr_puncte", "invalid");
	assert_int_equal(spend("37", "37", "500"), ERR_OK);
	assert_int_equal(sale.in.points, 37);
	assert_int_equal(sale.in.discount, 3700);
	assert_int_equal(sale.in.amount, 50000);
	assert_str(sale.suma, "500");
	assert_int_equal(spend("37.0", "0", "0"), ERR_OK);
	assert_int_equal(sale.in.points, 37);
	assert_int_equal(spend("+37.00", "0,5", "-0"), ERR_OK);
	assert_int_equal(sale.in.points, 37);
	assert_int_equal(sale.in.discount, 50);
	assert_int_equal(sale.in.amount, 0);
	at_fault(spend("1", "-0.01", "1"), "valoare_reducere", "invalid");
	at_fault(spend("1", "x", "1"), "valoare_reducere", "invalid");
	at_fault(spend("1", "1", "-1"), "suma", "invalid");
	/* In the order of the table. */
	at_fault(spend("x", "x", "x"), "nr_puncte", "invalid");
	at_fault(spend("1", "x", "x"), "valoare_reducere", "invalid");
}

static enum err
refund(const char *points, const char *amount)
{
	return cardapp_decode_refund(&w.call.ctx, form(str_cstr(w.arena,
	    str_printf(w.arena, "nr_card=C1&details_refund=+r+"
	    "&points_amount=%s&refund_amount=%s", points, amount))), &sale);
}

static void
refunds(void **state)
{
	static const char *const bad[] = { "0", "-1", "%2B%2B1", "%2B", "1.5",
		"%2B+1", "x" };

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		at_fault(refund(bad[i], "-1"), "points_amount", "invalid");
	assert_int_equal(refund("20", "-500"), ERR_OK);
	assert_int_equal(sale.in.points, 20);
	assert_int_equal(sale.in.amount, -50000);
	assert_int_equal(sale.in.discount, 0);
	assert_str(sale.suma, "500");
	assert_str(sale.detail, "r");
	assert_int_equal(refund("%2B20", "-0,50"), ERR_OK);
	assert_int_equal(sale.in.points, 20);
	assert_str(sale.suma, "0,50");
	assert_int_equal(refund("+20.0", "-1"), ERR_OK);
	assert_int_equal(sale.in.points, 20);
	at_fault(refund("1", "500"), "refund_amount", "invalid");
	at_fault(refund("1", "0"), "refund_amount", "invalid");
	at_fault(refund("1", "-0"), "refund_amount", "invalid");
	at_fault(refund("1", "x"), "refund_amount", "invalid");
}

/* ---- people ---- */

static struct enrol_in in;

static enum err
enrol(const char *query)
{
	return cardapp_decode_enrol(&w.call.ctx, form(query), &in);
}

static void
enrols(void **state)
{
	(void)state;
	assert_int_equal(enrol("telefon=0712+345-678&email=ana@example.ro"
	    "&nume=Pop&prenume=Ana&data_nastere=1990-02-28&localitate=Cluj"
	    "&referrer=DEMO_1&card_type_id=2&store_id=3&send_card=sms"),
	    ERR_OK);
	assert_true(in.person.set_phone && in.person.set_email &&
	    in.person.set_last_name && in.person.set_first_name &&
	    in.person.set_born_on && in.person.set_city &&
	    in.person.set_referrer);
	assert_str(in.person.phone, "0712345678");
	assert_str(in.person.email, "ana@example.ro");
	assert_str(in.person.last_name, "Pop");
	assert_str(in.person.first_name, "Ana");
	assert_str(in.person.city, "Cluj");
	assert_str(in.person.referrer, "DEMO_1");
	assert_int_equal(in.person.born_on.day, 28);
	assert_int_equal(in.programme, 2);
	assert_int_equal(in.store, 3);
	assert_string_equal(in.send, "sms");
	assert_str(in.programme_code, "loyalty");
}

static void
enrols_little(void **state)
{
	(void)state;
	assert_int_equal(enrol("telefon=0&email=&nume=+&prenume=&localitate="
	    "&data_nastere=0000-00-00&referrer=&card_type_id=&store_id="
	    "&send_card="), ERR_OK);
	assert_false(in.person.set_phone || in.person.set_email ||
	    in.person.set_last_name || in.person.set_first_name ||
	    in.person.set_born_on || in.person.set_city ||
	    in.person.set_referrer);
	assert_null(in.person.phone.p);
	assert_null(in.person.email.p);
	assert_null(in.person.last_name.p);
	assert_null(in.person.referrer.p);
	assert_int_equal(in.person.born_on.year, 0);
	assert_int_equal(in.programme, 0);
	assert_int_equal(in.store, 0);
	assert_null(in.send);
}

static void
phones(void **state)
{
	(void)state;
	assert_int_equal(enrol("telefon=%2B40712345678"), ERR_OK);
	assert_str(in.person.phone, "0712345678");
	assert_int_equal(enrol("telefon=+40712345678"), ERR_OK);
	assert_str(in.person.phone, "0712345678");
	assert_int_equal(enrol("telefon=0040(712)345.678"), ERR_OK);
	assert_str(in.person.phone, "0712345678");
	assert_int_equal(enrol("telefon=%2B4930123456"), ERR_OK);
	assert_str(in.person.phone, "+4930123456");
	at_fault(enrol("telefon=12345"), "telefon", "invalid");
	at_fault(enrol("telefon=00"), "telefon", "invalid");
	at_fault(enrol("telefon=0712x45678"), "telefon", "invalid");
	at_fault(enrol("telefon=1234567890123456"), "telefon", "invalid");
}

static void
emails(void **state)
{
	static const char *const bad[] = { "ana", "@example.ro", "ana@",
		"a@b@c", "a+b@c", "-oQ@x.ro", "a@b%0Ac", "a@b%7F" };

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		at_fault(enrol(str_cstr(w.arena, str_printf(w.arena,
		    "telefon=0&email=%s", bad[i]))), "email", "invalid");
	assert_int_equal(enrol("telefon=0&email=a@b"), ERR_OK);
	assert_int_equal(enrol("telefon=0&email=a%2Bb@c.ro"), ERR_OK);
	assert_str(in.person.email, "a+b@c.ro");
}

static void
words_and_ids(void **state)
{
	(void)state;
	assert_int_equal(enrol("telefon=0&send_card=Email"), ERR_OK);
	assert_string_equal(in.send, "email");
	assert_int_equal(enrol("telefon=0&send_card=FARA"), ERR_OK);
	assert_null(in.send);
	assert_int_equal(enrol("telefon=0&send_card=none"), ERR_OK);
	assert_null(in.send);
	at_fault(enrol("telefon=0&send_card=POST"), "send_card", "invalid");
	at_fault(enrol("telefon=0&data_nastere=31.12.1990"), "data_nastere",
	    "invalid");
	at_fault(enrol("telefon=0&data_nastere=1990-02-30"), "data_nastere",
	    "invalid");
	assert_int_equal(enrol("telefon=0&card_type_id=GOLD"),
	    ERR_PROGRAMME_NOT_FOUND);
	assert_int_equal(enrol("telefon=0&card_type_id=0"),
	    ERR_PROGRAMME_NOT_FOUND);
	assert_int_equal(enrol("telefon=0&card_type_id=99999999999"),
	    ERR_PROGRAMME_NOT_FOUND);
	assert_int_equal(enrol("telefon=0&store_id=-1"), ERR_STORE_NOT_FOUND);
	/* Formats come before what is not there. */
	at_fault(enrol("telefon=1&card_type_id=x"), "telefon", "invalid");
}

static void
lengths(void **state)
{
	const char *a100 = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
	const char *q;

	(void)state;
	q = str_cstr(w.arena, str_printf(w.arena, "telefon=0&nume=%s"
	    "&referrer=%s%s%s", a100, a100, a100, a100));
	assert_int_equal(enrol(q), ERR_OK);
	assert_int_equal(in.person.last_name.n, 100);
	assert_int_equal(in.person.referrer.n, 200);
	q = str_cstr(w.arena, str_printf(w.arena, "telefon=0&localitate=%sb",
	    a100));
	at_fault(enrol(q), "localitate", "invalid");
}

static struct cardapp_change change;

static enum err
update(const char *query)
{
	return cardapp_decode_change(&w.call.ctx, form(query), &change);
}

static void
updates(void **state)
{
	const struct customer_in *p = &change.person;

	(void)state;
	assert_int_equal(update("nr_card=C1&first_name=Pop&last_name=Ana"
	    "&phone=%2B40712345678&city=Cluj&data_nasterii=1990-02-28"
	    "&newsletter=da"), ERR_OK);
	assert_str(change.card, "C1");
	assert_true(p->set_last_name && p->set_first_name && p->set_phone &&
	    p->set_city && p->set_born_on && p->set_newsletter);
	assert_str(p->last_name, "Pop");
	assert_str(p->first_name, "Ana");
	assert_str(p->phone, "0712345678");
	assert_true(p->newsletter);
	assert_str(change.first_name, "Pop");
	assert_str(change.last_name, "Ana");
	assert_str(change.phone, "0712345678");
	assert_str(change.city, "Cluj");
	assert_str(change.born_on, "1990-02-28");
	assert_str(change.newsletter, "DA");
}

static void
updates_in_part(void **state)
{
	const struct customer_in *p = &change.person;

	(void)state;
	assert_int_equal(update("nr_card=C1&first_name=&last_name=Ana&phone="
	    "&city=&data_nasterii=0000-00-00&newsletter=&email=x"), ERR_OK);
	assert_false(p->set_last_name || p->set_phone || p->set_city ||
	    p->set_born_on || p->set_newsletter || p->set_email);
	assert_null(p->last_name.p);
	assert_null(p->phone.p);
	assert_null(change.first_name.p);
	assert_null(change.phone.p);
	assert_null(change.city.p);
	assert_null(change.born_on.p);
	assert_null(change.newsletter.p);
	assert_str(change.last_name, "Ana");

	assert_int_equal(update("nr_card=C1&phone=0&newsletter=Nu"), ERR_OK);
	assert_true(p->set_phone && p->set_newsletter && !p->newsletter);
	assert_str(p->phone, "");
	assert_str(change.phone, "0");
	assert_str(change.newsletter, "NU");

	at_fault(update("nr_card=C1&phone=x"), "phone", "invalid");
	at_fault(update("nr_card=C1&newsletter=yes"), "newsletter",
	    "invalid");
	at_fault(update("nr_card=C1&data_nasterii=x"), "data_nasterii",
	    "invalid");
}

static void
names_swapped(void **state)
{
	(void)state;
	w.who.settings = STR(SWAPPED);
	assert_int_equal(update("nr_card=C1&first_name=Ana"), ERR_OK);
	assert_str(change.person.first_name, "Ana");
	assert_false(change.person.set_last_name);
	assert_str(change.first_name, "Ana");
	assert_null(change.last_name.p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(last_one_counts),
		TEST(body_wins),
		TEST(read_once),
		TEST(actions),
		TEST(order_of_checks),
		TEST(scopes),
		TEST(amounts),
		TEST(exponents),
		TEST(detail),
		TEST(spends),
		TEST(refunds),
		TEST(enrols),
		TEST(enrols_little),
		TEST(phones),
		TEST(emails),
		TEST(words_and_ids),
		TEST(lengths),
		TEST(updates),
		TEST(updates_in_part),
		TEST(names_swapped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
