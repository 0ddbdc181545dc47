/* What src/dialect/cardapp answers, in both formats; it needs no database. */
#include "cardapp_world.h"

static void
codes(void **state)
{
	struct str s;

	(void)state;
	s = cardapp_code(w.arena, STR("DEMO_0A1B2C3D4E5F6"));
	assert_str(s, "DEMO_0a1b2c3d4e5f6");
	s = cardapp_code(w.arena, STR("CBW_6332C9B22F01B"));
	assert_str(s, "CBW_6332c9b22f01b");
	s = cardapp_code(w.arena, STR("CB_6332C9B22F01B"));
	assert_str(s, "CB_6332C9B22F01B");
	s = cardapp_code(w.arena, STR("DEMOS_6332C9B22F01B"));
	assert_str(s, "DEMOS_6332C9B22F01B");
	s = cardapp_code(w.arena, STR("DEMO_G332C9B22F01B"));
	assert_str(s, "DEMO_G332C9B22F01B");
	s = cardapp_code(w.arena, STR("DEMO_0A1B2C3D4E5F"));
	assert_str(s, "DEMO_0A1B2C3D4E5F");
	s = cardapp_code(w.arena, STR("D3MO_0A1B2C3D4E5F6"));
	assert_str(s, "D3MO_0A1B2C3D4E5F6");
	s = cardapp_code(w.arena, STR("XXXX_0000000000"));
	assert_str(s, "XXXX_0000000000");
}

static void
numbers(void **state)
{
	static const struct { const char *unit; int64_t minor;
		const char *text; } rows[] = {
		{ "RON", 13700, "137" }, { "RON", 560, "5.6" },
		{ "RON", -5, "-0.05" }, { "RON", 0, "0" },
		{ "JPY", 137, "137" }, { "KWD", 5600, "5.6" },
		{ "KWD", 1005, "1.01" }, { "KWD", 1004, "1" },
		{ "KWD", -1005, "-1" }, { "KWD", -1006, "-1.01" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct money m = { rows[i].minor,
		    unit_by_name(str_of(rows[i].unit)) };
		struct str s = cardapp_money(w.arena, m);

		assert_str(s, rows[i].text);
	}
}

static void
body_is(const char *text)
{
	assert_str(buf_str(&w.reply.body), text);
	reply_clear(&w.reply);
}

static struct cardapp_answer
sample(void)
{
	struct cardapp_answer a = cardapp_success(w.arena,
	    STR("DEMO_0A1B2C3D4E5F6"));

	cardapp_text(&a, "suma", STR("740"));
	cardapp_number(&a, "puncte_utilizate", cardapp_integer(w.arena, 37));
	cardapp_text(&a, "gone", STR_NONE);
	cardapp_text(&a, "detalii_incasare", STR("a \"b\" <c>&\r\n\xc8\x99"));
	cardapp_number(&a, "valoare_totala_puncte_lei", STR("5.6"));
	return a;
}

static void
both_formats(void **state)
{
	struct cardapp_answer a = sample();

	(void)state;
	ask("action=refund_points");
	assert_int_equal(cardapp_reply(&w.call, &a), ERR_OK);
	assert_int_equal(w.reply.status, 200);
	assert_string_equal(w.reply.content_type,
	    "application/json; charset=utf-8");
	body_is("{\"status\":\"success\",\"nr_card\":\"DEMO_0a1b2c3d4e5f6\","
	    "\"suma\":\"740\",\"puncte_utilizate\":37,"
	    "\"detalii_incasare\":\"a \\\"b\\\" <c>&\\r\\n\xc8\x99\","
	    "\"valoare_totala_puncte_lei\":5.6}");
	ask("action=refund_points&tip_response=xml");
	assert_int_equal(cardapp_reply(&w.call, &a), ERR_OK);
	assert_string_equal(w.reply.content_type,
	    "application/xml; charset=utf-8");
	body_is("<cheltuire_puncte_response><status>success</status>"
	    "<nr_card>DEMO_0a1b2c3d4e5f6</nr_card><suma>740</suma>"
	    "<puncte_utilizate>37</puncte_utilizate><detalii_incasare>"
	    "a &quot;b&quot; &lt;c&gt;&amp;&#13;\n\xc8\x99</detalii_incasare>"
	    "<valoare_totala_puncte_lei>5.6</valoare_totala_puncte_lei>"
	    "</cheltuire_puncte_response>");
}

static void
lists(void **state)
{
	struct cardapp_answer rows[2] = {0}, a;

	(void)state;
	for (int i = 0; i < 2; i++) {
		cardapp_text(&rows[i], "id_grup",
		    cardapp_integer(w.arena, i + 1));
		cardapp_number(&rows[i], "valoare_bonus", STR("7.5"));
	}
	a = cardapp_success(w.arena, STR_NONE);
	cardapp_rows(&a, "tip_card", rows, 2);
	cardapp_write(&w.reply.body, false, "r", &a);
	body_is("{\"status\":\"success\",\"tip_card\":["
	    "{\"id_grup\":\"1\",\"valoare_bonus\":7.5},"
	    "{\"id_grup\":\"2\",\"valoare_bonus\":7.5}]}");
	cardapp_write(&w.reply.body, true, "r", &a);
	body_is("<r><status>success</status>"
	    "<tip_card><id_grup>1</id_grup>"
	    "<valoare_bonus>7.5</valoare_bonus></tip_card>"
	    "<tip_card><id_grup>2</id_grup>"
	    "<valoare_bonus>7.5</valoare_bonus></tip_card></r>");
	a = cardapp_success(w.arena, STR_NONE);
	cardapp_rows(&a, "stores", NULL, 0);
	cardapp_write(&w.reply.body, false, "r", &a);
	body_is("{\"status\":\"success\",\"stores\":[]}");
	cardapp_write(&w.reply.body, true, "r", &a);
	body_is("<r><status>success</status></r>");
}

/* ---- errors ---- */

/* As dispatch() does it. */
static void
fails(enum err err, const char *query, int status, const char *body)
{
	const struct err_map *row = &cardapp_errors[err];

	ask(query);
	reply_clear(&w.reply);
	w.reply.status = row->status;
	cardapp_encode_error(&w.call, err, row);
	assert_int_equal(w.reply.status, status);
	body_is(body);
}

#define E(code, message)						\
	"{\"status\":\"error\",\"code\":\"" code "\",\"message\":\""	\
	message "\"}"
#define X(root, code, message)						\
	"<" root "><status>error</status><code>" code "</code><message>"	\
	message "</message></" root ">"

static void
errors(void **state)
{
	(void)state;
	fails(ERR_CARD_NOT_FOUND, "action=interogare_puncte", 200,
	    E("card_not_found", "Cardul nu exista"));
	fails(ERR_CARD_NOT_FOUND, "action=Refund_points&tip_response=xml",
	    200, X("cheltuire_puncte_response", "card_not_found",
	    "Cardul nu exista"));
	fails(ERR_CARD_NOT_FOUND, "action=unknown&tip_response=xml", 200,
	    X("response", "card_not_found", "Cardul nu exista"));
	fails(ERR_METHOD_NOT_ALLOWED, "", 405,
	    E("method_not_allowed", "Folositi POST sau GET"));
	fails(ERR_HTTPS_REQUIRED, "", 403,
	    E("https_required", "Folositi HTTPS"));
	fails(ERR_TOO_LARGE, "", 413,
	    E("payload_too_large", "Cererea este prea mare"));
	fails(ERR_UNAVAILABLE, "", 503, E("internal",
	    "Serviciul nu este disponibil; nu s-a inregistrat nimic"));
	fails(ERR_NOT_FOUND, "", 404,
	    E("not_found", "Nu exista nimic la aceasta adresa"));
	fails(ERR_FORBIDDEN, "action=stores", 200,
	    E("forbidden", "Contul nu are dreptul la aceasta actiune"));
	/* Before it is known who asks the root names no action. */
	w.call.ctx.who = NULL;
	fails(ERR_UNAUTHENTICATED, "action=creare&tip_response=xml", 200,
	    X("response", "auth_failed", "Autentificare esuata"));
	fails(ERR_TOO_MANY_REQUESTS, "action=creare", 200,
	    E("blocked", "Acces blocat temporar; incercati mai tarziu"));
}

static void
errors_of_parameters(void **state)
{
	(void)state;
	ask("");
	(void)fail_add(&w.call.ctx.fail, ERR_INVALID, "suma", "required", "");
	cardapp_encode_error(&w.call, ERR_INVALID,
	    &cardapp_errors[ERR_INVALID]);
	body_is(E("param_missing", "Lipseste parametrul suma"));
	w.call.ctx.fail.items[0].code = "invalid";
	cardapp_encode_error(&w.call, ERR_INVALID,
	    &cardapp_errors[ERR_INVALID]);
	body_is(E("param_invalid", "Parametrul suma nu este valid"));
	w.call.ctx.fail.items[0].field = "action";
	cardapp_encode_error(&w.call, ERR_INVALID,
	    &cardapp_errors[ERR_INVALID]);
	body_is(E("action_unknown", "Actiune necunoscuta"));
	w.call.ctx.fail.items[0].code = "required";
	cardapp_encode_error(&w.call, ERR_INVALID,
	    &cardapp_errors[ERR_INVALID]);
	body_is(E("action_missing", "Lipseste parametrul action"));
}

static void
statuses(void **state)
{
	(void)state;
	w.who.settings = STR("cardapp_status_200=false");
	fails(ERR_CARD_NOT_FOUND, "", 404,
	    E("card_not_found", "Cardul nu exista"));
	fails(ERR_INSUFFICIENT_FUNDS, "", 422,
	    E("insufficient_points", "Puncte insuficiente pe card"));
	w.call.ctx.who = NULL;
	fails(ERR_UNAUTHENTICATED, "", 200,
	    E("auth_failed", "Autentificare esuata"));
}

static void
phone_exists(void **state)
{
	(void)state;
	ask("action=creare&tip_response=xml")->other_card =
	    STR("DEMO_0A1B2C3D4E5F6");
	cardapp_encode_error(&w.call, ERR_PHONE_TAKEN,
	    &cardapp_errors[ERR_PHONE_TAKEN]);
	body_is("<creare_response><status>error</status>"
	    "<code>phone_exists</code>"
	    "<message>Exista deja un card cu acest telefon</message>"
	    "<nr_card>DEMO_0a1b2c3d4e5f6</nr_card></creare_response>");
	fails(ERR_PHONE_TAKEN, "action=actualizare_date", 200,
	    E("phone_exists", "Exista deja un card cu acest telefon"));
}

/* Retry-After means nothing beside 200, and invites to book twice. */
static void
retry_after(void **state)
{
	(void)state;
	ask("");
	reply_header(&w.reply, "Retry-After", STR("60"));
	cardapp_encode_error(&w.call, ERR_TOO_MANY_REQUESTS,
	    &cardapp_errors[ERR_TOO_MANY_REQUESTS]);
	assert_int_equal(w.reply.n_headers, 0);
	reply_clear(&w.reply);
	w.reply.status = 500;
	reply_header(&w.reply, "Retry-After", STR("2"));
	cardapp_encode_error(&w.call, ERR_OUTCOME_UNKNOWN,
	    &cardapp_errors[ERR_OUTCOME_UNKNOWN]);
	assert_int_equal(w.reply.n_headers, 0);
	reply_clear(&w.reply);
	w.reply.status = 503;
	reply_header(&w.reply, "Retry-After", STR("2"));
	cardapp_encode_error(&w.call, ERR_UNAVAILABLE,
	    &cardapp_errors[ERR_UNAVAILABLE]);
	assert_int_equal(w.reply.n_headers, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(codes),
		TEST(numbers),
		TEST(both_formats),
		TEST(lists),
		TEST(errors),
		TEST(errors_of_parameters),
		TEST(statuses),
		TEST(phone_exists),
		TEST(retry_after),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
