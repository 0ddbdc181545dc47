/* What src/dialect/cp_extender reads from requests; it needs no database. */
#include "cp_world.h"

#include "base/date.h"

#define COUNTS	"\"CustomerNumber\":\"N\",\"Points\":"

/* Each of these bodies, by this decoder. */
#define EACH(list, decode, into, is)	do {				\
	for (size_t i_ = 0; i_ < COUNT(list); i_++) {			\
		enum err e_ = decode(say(list[i_]), into);		\
									\
		if (e_ != (is))						\
			fail_msg("%s: %s", list[i_], err_label(e_));	\
	}								\
} while (0)

static const char *const	unreadable[] = { "", " ", "x", "[]", "null",
	"1", "{", "{\"Ref\":}", "{\"Ref\":\"\xff\"}", "{\"Ref\":\"\\u0000\"}",
	"Ref=1", "{\"Ref\":1}}" };

static void
tokens(void **state)
{
	(void)state;
	assert_str(cp_token(STR("Bearer abc")), "abc");
	assert_str(cp_token(STR("bearer abc")), "abc");
	assert_str(cp_token(STR("  BEARER   a b  ")), "a b");
	assert_null(cp_token(STR("Bearer")).p);
	assert_null(cp_token(STR("Bearer ")).p);
	assert_null(cp_token(STR("Basic abc")).p);
	assert_null(cp_token(STR("Bearerabc")).p);
	assert_null(cp_token(STR("")).p);
	assert_null(cp_token(STR_NONE).p);
}

static void
logins(void **state)
{
	static const char *const lacking[] = { "{}", "{\"UserName\":\"a\"}",
		"{\"Password\":\"a\"}", "{\"UserName\":\" \",\"Password\":1}",
		"{\"UserName\":\"a\",\"Password\":\"\"}",
		"{\"UserName\":null,\"Password\":\"b\"}" };
	struct cp_login in;

	(void)state;
	EACH(unreadable, cp_decode_login, &in, ERR_BAD_REQUEST);
	EACH(lacking, cp_decode_login, &in, ERR_INVALID);
	assert_int_equal(cp_decode_login(say("{\"UserName\":[],"
	    "\"Password\":\"b\"}"), &in), ERR_BAD_REQUEST);
	assert_int_equal(cp_decode_login(say("{\"USERNAME\":\" a \","
	    "\"password\":\" b \",\"more\":{}}"), &in), ERR_OK);
	assert_str(in.user, "a");
	assert_str(in.password, " b ");
}

static void
earns(void **state)
{
	static const char *const bad[] = { "{" COUNTS "1.5}",
		"{" COUNTS "\"x\"}", "{" COUNTS "true}", "{" COUNTS "[1]}",
		"{" COUNTS "\"1 000\"}", "{" COUNTS "\"+1\"}",
		"{" COUNTS "1,\"Reason\":{}}", "{" COUNTS "1,\"Reason\":"
		"\"\\u0007\"}", "{\"CustomerNumber\":true,\"Points\":1}" };
	static const char *const lacking[] = { "{}", "{\"Points\":1}",
		"{\"CustomerNumber\":\"N\"}", "{" COUNTS "0}",
		"{" COUNTS "\"0\"}", "{" COUNTS "null}", "{" COUNTS "\"\"}",
		"{" COUNTS "-1}", "{" COUNTS "\"-5\"}", "{" COUNTS "-1e99}",
		"{\"CustomerNumber\":0,\"Points\":1}",
		"{\"CustomerNumber\":\"  \",\"Points\":1}" };
	static const char *const hundred[] = { "{" COUNTS "100}",
		"{" COUNTS "\"100\"}", "{" COUNTS "\" 100 \"}",
		"{" COUNTS "100.00}", "{" COUNTS "1e2}", "{" COUNTS "1.0E+2}",
		"{\"Points\":7," COUNTS "100,\"X\":[{}]}",
		"{\"points\":100,\"CUSTOMERNUMBER\":\"N\"}" };
	struct earn_in in;

	(void)state;
	EACH(unreadable, cp_decode_earn, &in, ERR_BAD_REQUEST);
	EACH(bad, cp_decode_earn, &in, ERR_BAD_REQUEST);
	EACH(lacking, cp_decode_earn, &in, ERR_INVALID);
	for (size_t i = 0; i < COUNT(hundred); i++) {
		assert_int_equal(cp_decode_earn(say(hundred[i]), &in), ERR_OK);
		assert_int_equal(in.points, 100);
		assert_str(in.number, "N");
	}
	assert_null(in.reason.p);
	assert_null(in.reference.p);
	assert_false(in.once);

	w.who.settings = STR("cp_earn_once=true");
	assert_int_equal(cp_decode_earn(say("{\"CustomerNumber\":2059378440,"
	    "\"Points\":1,\"Reason\":\" a\\nb \",\"Reference\":0012e}"), &in),
	    ERR_BAD_REQUEST);
	assert_int_equal(cp_decode_earn(say("{\"CustomerNumber\":2059378440,"
	    "\"Points\":1,\"Reason\":\" a\\nb \","
	    "\"Reference\":123456789012345678901234567890}"), &in), ERR_OK);
	assert_str(in.number, "2059378440");
	assert_str(in.reason, "a\nb");
	assert_str(in.reference, "123456789012345678901234567890");
	assert_true(in.once);
	/* More than anything is: the domain refuses it. */
	assert_int_equal(cp_decode_earn(say("{" COUNTS "1e99}"), &in), ERR_OK);
	assert_true(in.points > MONEY_MINOR_MAX);
}

#define LONG	"{" COUNTS "1,\"%s\":\"%.*s\"}"

static void
long_texts(void **state)
{
	char text[1001];
	struct earn_in in;

	(void)state;
	memset(text, 'x', sizeof(text));
	for (int more = 0; more < 2; more++) {
		enum err e = more ? ERR_BAD_REQUEST : ERR_OK;

		assert_int_equal(cp_decode_earn(say(str_printf(w.arena, LONG,
		    "Reason", 500 + more, text).p), &in), e);
		assert_int_equal(cp_decode_earn(say(str_printf(w.arena, LONG,
		    "Reference", 128 + more, text).p), &in), e);
	}
}

/* ---- histories ---- */

static void
window_is(const char *query, const char *body, const char *from,
    const char *to)
{
	struct cp_window v;

	w.request.query = str_of(query);
	assert_int_equal(cp_decode_window(say(body), &v), ERR_OK);
	assert_str(instant_rfc3339(w.arena, v.from_us), from);
	if (to == NULL)
		assert_true(v.to_us == INT64_MAX);
	else
		assert_str(instant_rfc3339(w.arena, v.to_us), to);
}

static void
windows(void **state)
{
	static const char *const bad[] = { "x", "[]", "null",
		"{\"startDate\":\"x\"}", "{\"startDate\":true}",
		"{\"endDate\":\"13/01/2030\"}", "{\"endDate\":20300101}",
		"{\"endDate\":\"2030-02-30\"}" };
	static const char *const none[] = { "", " \r\n", "{}",
		"{\"startDate\":null,\"endDate\":\"\"}", "{\"startDate\":0}",
		"{\"start\":\"x\"}" };
	struct cp_window v;

	(void)state;
	w.request.method = GET;
	EACH(bad, cp_decode_window, &v, ERR_BAD_REQUEST);
	for (size_t i = 0; i < COUNT(none); i++)
		window_is(NULL, none[i], "2030-03-05T10:00:00Z", NULL);
	window_is(NULL, "{\"startDate\":\"01/02/2019 10:15:00.000\","
	    "\"endDate\":\"07/03/2020 22:15:00.500\"}",
	    "2019-01-02T10:15:00Z", "2020-07-03T22:15:00.500000Z");
	window_is(NULL, "{\"STARTDATE\":\" 01/02/2019 \"}",
	    "2019-01-02T00:00:00Z", NULL);
	window_is(NULL, "{\"endDate\":\"2019-01-02T10:15:00Z\"}",
	    "2030-03-05T10:00:00Z", "2019-01-02T10:15:00Z");
	window_is("STARTDATE=01%2F02%2F2019+10:15:00&enddate=1/3/2019", "",
	    "2019-01-02T10:15:00Z", "2019-01-03T00:00:00Z");
	window_is("startDate=01/02/2018&endDate=x",
	    "{\"startDate\":\"\",\"endDate\":\"01/03/2019\"}",
	    "2018-01-02T00:00:00Z", "2019-01-03T00:00:00Z");
	w.request.query = STR("startDate=yesterday");
	assert_int_equal(cp_decode_window(say(""), &v), ERR_BAD_REQUEST);
	/* A clock that stands. */
	w.who.clock_us = INT64_C(1582977600000000);
	window_is("", "", "2019-02-28T12:00:00Z", NULL);
}

/* ---- authorisations ---- */

static enum err
loyalty(struct call *c, struct authorise_in *ret)
{
	return cp_decode_authorise(c, CP_LOYALTY, ret);
}

static enum err
giftcard(struct call *c, struct authorise_in *ret)
{
	return cp_decode_authorise(c, CP_GIFTCARD, ret);
}

#define ORDER(type)	"\"Type\":\"" type "\",\"Ref\":\"R\",\"SaleId\":\"S\","

static void
authorisations(void **state)
{
	static const char *const bad[] = {
		"{\"RequestedPoints\":1.5}", "{\"RequestedAmount\":\"x\"}",
		"{\"RequestedAmount\":1.005}", "{\"Type\":{}}",
		"{\"Ref\":true}", "{" ORDER("x") "\"RequestedPoints\":\"1x\"}" };
	static const char *const lacking[] = { "{}",
		"{" ORDER("loyalty") "\"x\":1}",
		"{" ORDER("loyalty") "\"RequestedPoints\":0}",
		"{" ORDER("loyalty") "\"RequestedPoints\":-1}",
		"{" ORDER("loyalty") "\"RequestedPoints\":-1,"
		    "\"RequestedAmount\":1}",
		"{" ORDER("loyalty") "\"RequestedPoints\":1,"
		    "\"RequestedAmount\":-1e30}",
		"{" ORDER("loyalty") "\"RequestedAmount\":0.00}",
		"{" ORDER("nothing") "\"RequestedAmount\":\"0\"}",
		"{" ORDER("") "\"RequestedPoints\":1}",
		"{" ORDER(" ") "\"RequestedPoints\":1}",
		"{\"Ref\":\"R\",\"SaleId\":\"S\",\"RequestedPoints\":1}",
		"{\"Type\":\"x\",\"SaleId\":\"S\",\"RequestedPoints\":1}",
		"{\"Type\":\"x\",\"Ref\":\"R\",\"RequestedPoints\":1}" };
	static const char *const types[] = {
		"{" ORDER("giftcard") "\"RequestedPoints\":1}",
		"{" ORDER("loyal") "\"RequestedPoints\":1}",
		"{" ORDER("1") "\"RequestedAmount\":1}" };
	struct authorise_in in;

	(void)state;
	EACH(unreadable, loyalty, &in, ERR_BAD_REQUEST);
	EACH(bad, loyalty, &in, ERR_BAD_REQUEST);
	EACH(lacking, loyalty, &in, ERR_INVALID);
	EACH(types, loyalty, &in, ERR_UNIT_MISMATCH);
	assert_int_equal(loyalty(say("{" ORDER(" LoyalTy ")
	    "\"RequestedPoints\":\"300\"}"), &in), ERR_OK);
	assert_str(in.account.number, "R");
	assert_null(in.account.code.p);
	assert_str(in.sale, "S");
	assert_int_equal(in.points, 300);
	assert_int_equal(in.amount, 0);
	assert_int_equal(in.lapse_s, 0);
	w.who.settings = STR("cp_hold_min=15");
	assert_int_equal(loyalty(say("{\"type\":\"loyalty\",\"REF\":42,"
	    "\"saleid\":77,\"requestedamount\":10.5,\"RequestedPoints\":1e99}"),
	    &in), ERR_OK);
	assert_str(in.account.number, "42");
	assert_str(in.sale, "77");
	assert_true(in.points == MONEY_MINOR_MAX);
	assert_int_equal(in.amount, 1050);
	assert_int_equal(in.lapse_s, 900);
}

static void
gift_authorisations(void **state)
{
	static const char *const right[] = {
		"{" ORDER("giftcard") "\"RequestedAmount\":20}",
		"{" ORDER("GIFT CARD") "\"RequestedAmount\":20.00}",
		"{" ORDER("Gift_Card") "\"RequestedAmount\":\"20.0\","
		    "\"RequestedPoints\":5}" };
	static const char *const types[] = {
		"{" ORDER("loyalty") "\"RequestedAmount\":1}",
		"{" ORDER("gift-card") "\"RequestedAmount\":1}" };
	struct authorise_in in;

	(void)state;
	EACH(types, giftcard, &in, ERR_UNIT_MISMATCH);
	assert_int_equal(giftcard(say("{" ORDER("giftcard")
	    "\"RequestedPoints\":5}"), &in), ERR_INVALID);
	for (size_t i = 0; i < COUNT(right); i++) {
		assert_int_equal(giftcard(say(right[i]), &in), ERR_OK);
		assert_str(in.account.code, "R");
		assert_null(in.account.number.p);
		assert_int_equal(in.amount, 2000);
		assert_int_equal(in.points, 0);
	}
}

static void
settlements(void **state)
{
	static const char *const lacking[] = { "{}", "{\"Ref\":\"R\"}",
		"{\"AuthCode\":\"G\"}", "{\"Ref\":\"R\",\"AuthCode\":null}" };
	static const char *const none[] = {
		"{\"Ref\":\"R\",\"AuthCode\":\"G\"}",
		"{\"Ref\":\"R\",\"AuthCode\":7}",
		"{\"Ref\":\"R\",\"AuthCode\":\"DA17E1614ABBA6596E5B3BA3781B339"
		    "B0\"}",
		"{\"Ref\":\"R\",\"AuthCode\":\"GDA17E1614ABBA6596E5B3BA3781B33"
		    "9\"}",
		"{\"Ref\":\"R\",\"AuthCode\":\"GXA17E1614ABBA6596E5B3BA3781B33"
		    "9B\"}" };
	static const uint8_t code[16] = { 0xda, 0x17, 0xe1, 0x61, 0x4a, 0xbb,
		0xa6, 0x59, 0x6e, 0x5b, 0x3b, 0xa3, 0x78, 0x1b, 0x33, 0x9b };
	struct cp_settle in;

	(void)state;
	EACH(unreadable, cp_decode_settle, &in, ERR_BAD_REQUEST);
	EACH(lacking, cp_decode_settle, &in, ERR_INVALID);
	EACH(none, cp_decode_settle, &in, ERR_HOLD_NOT_FOUND);
	assert_int_equal(cp_decode_settle(say("{\"ref\":\" R \",\"authcode\":"
	    "\" gda17E1614ABBA6596E5B3BA3781B339b \"}"), &in), ERR_OK);
	assert_str(in.ref, "R");
	assert_memory_equal(in.code, code, 16);
	assert_str(cp_auth_code(w.arena, code),
	    "GDA17E1614ABBA6596E5B3BA3781B339B");
}

/* ---- gift cards ---- */

static void
reservations(void **state)
{
	static const char *const lacking[] = { "{}", "{\"RequestName\":\"a\"}",
		"{\"Agency\":\"\"}",
		"{\"Agency\":\"A\",\"RequestType\":\"pool\"}",
		"{\"Agency\":\"A\",\"RequestType\":\"pool\",\"PoolCount\":0}",
		"{\"Agency\":\"A\",\"RequestType\":\"pool\",\"PoolCount\":-3}",
		"{\"Agency\":\"A\",\"RequestType\":\"pool\","
		    "\"PoolCount\":-1e30}" };
	static const char *const bad[] = { "{\"Agency\":[]}",
		"{\"Agency\":\"A\",\"RequestType\":\"pools\"}",
		"{\"Agency\":\"A\",\"RequestType\":\"pool\",\"PoolCount\":1.5}",
		"{\"Agency\":\"A\",\"RequestType\":\"pool\","
		    "\"PoolCount\":\"x\"}" };
	static const struct { const char *count; int64_t n; } counts[] = {
		{ "1", 1 }, { "\"500\"", 500 }, { "501", 500 },
		{ "1e30", 500 },
	};
	struct reserve_in in;

	(void)state;
	EACH(unreadable, cp_decode_reserve, &in, ERR_BAD_REQUEST);
	EACH(lacking, cp_decode_reserve, &in, ERR_INVALID);
	EACH(bad, cp_decode_reserve, &in, ERR_BAD_REQUEST);
	assert_int_equal(cp_decode_reserve(say("{\"Agency\":\"A\","
	    "\"RequestType\":\"SINGLE\",\"PoolCount\":\"x\"}"), &in), ERR_OK);
	assert_int_equal(in.n, 1);
	assert_int_equal(in.lapse_s, 3600);
	assert_str(in.agency, "A");
	assert_null(in.batch.p);
	assert_null(in.programme.p);
	for (size_t i = 0; i < COUNT(counts); i++) {
		assert_int_equal(cp_decode_reserve(say(str_printf(w.arena,
		    "{\"Agency\":7,\"RequestName\":\"b\",\"requesttype\":"
		    "\"Pool\",\"POOLCOUNT\":%s}", counts[i].count).p), &in),
		    ERR_OK);
		assert_int_equal(in.n, counts[i].n);
		assert_int_equal(in.lapse_s, 0);
		assert_str(in.batch, "b");
	}
}

static void
sales(void **state)
{
	static const char *const lacking[] = { "{}",
		"{\"GiftCardValue\":null}", "{\"GiftCardValue\":0}",
		"{\"GiftCardValue\":\"0.00\"}", "{\"GiftCardValue\":-0.01}" };
	static const char *const bad[] = { "{\"GiftCardValue\":1.001}",
		"{\"GiftCardValue\":\"1,00\"}", "{\"GiftCardValue\":true}",
		"{\"GiftCardValue\":\"$5\"}", "{\"GiftCardValue\":1,"
		    "\"GiftCardId\":\"123456789012345678901\"}",
		"{\"GiftCardValue\":1,\"SaleId\":{}}" };
	struct sell_in in;

	(void)state;
	EACH(unreadable, cp_decode_sell, &in, ERR_BAD_REQUEST);
	EACH(lacking, cp_decode_sell, &in, ERR_INVALID);
	EACH(bad, cp_decode_sell, &in, ERR_BAD_REQUEST);
	assert_int_equal(cp_decode_sell(say("{\"GiftCardValue\":75.00}"), &in),
	    ERR_OK);
	assert_int_equal(in.amount, 7500);
	assert_null(in.code.p);
	assert_null(in.programme.p);
	assert_null(in.customer.p);
	assert_null(in.reference.p);
	assert_false(in.reserved_only);
	w.who.settings = STR("cp_reserved_only=true");
	assert_int_equal(cp_decode_sell(say("{\"CustomerNumber\":9,"
	    "\"GiftCardId\":\" 42-70318264951827364 \",\"giftcardcode\":\"gc\","
	    "\"GiftCardValue\":\"75\",\"SaleId\":\"W-1\",\"Note\":\"x\"}"),
	    &in), ERR_OK);
	assert_str(in.customer, "9");
	assert_str(in.code, "42-70318264951827364");
	assert_str(in.programme, "gc");
	assert_int_equal(in.amount, 7500);
	assert_str(in.reference, "W-1");
	assert_true(in.reserved_only);
}

/* Currencies that have other decimals than the wire. */
static void
exponents(void **state)
{
	struct sell_in in;

	(void)state;
	w.who.currency = unit_by_name(STR("JPY"));
	assert_int_equal(cp_decode_sell(say("{\"GiftCardValue\":75.00}"), &in),
	    ERR_OK);
	assert_int_equal(in.amount, 75);
	assert_int_equal(cp_decode_sell(say("{\"GiftCardValue\":75.5}"), &in),
	    ERR_BAD_REQUEST);
	w.who.currency = unit_by_name(STR("KWD"));
	assert_int_equal(cp_decode_sell(say("{\"GiftCardValue\":75.05}"), &in),
	    ERR_OK);
	assert_int_equal(in.amount, 75050);
	assert_int_equal(cp_decode_sell(say("{\"GiftCardValue\":75.005}"),
	    &in), ERR_BAD_REQUEST);
	assert_int_equal(cp_decode_sell(say("{\"GiftCardValue\":1e13}"), &in),
	    ERR_OK);
	assert_true(in.amount > MONEY_MINOR_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(tokens),
		TEST(logins),
		TEST(earns),
		TEST(long_texts),
		TEST(windows),
		TEST(authorisations),
		TEST(gift_authorisations),
		TEST(settlements),
		TEST(reservations),
		TEST(sales),
		TEST(exponents)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
