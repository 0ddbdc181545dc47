/* What src/dialect/cp_extender writes, byte for byte. */
#include "cp_world.h"

static void
wrote(enum err err, int status, const char *body)
{
	assert_int_equal(err, ERR_OK);
	assert_int_equal(w.reply.status, status);
	assert_str(buf_str(&w.reply.body), body);
	if (status == 204)
		assert_null(w.reply.content_type);
	else
		assert_string_equal(w.reply.content_type,
		    "application/json; charset=utf-8");
	reply_clear(&w.reply);
}

static struct str
money(int64_t minor, const char *unit)
{
	return cp_money(w.arena, (struct money){ minor,
	    unit_by_name(str_of(unit)) });
}

static void
amounts(void **state)
{
	(void)state;
	assert_str(money(0, "EUR"), "0.00");
	assert_str(money(300, "EUR"), "3.00");
	assert_str(money(1250, "EUR"), "12.50");
	assert_str(money(-2000, "EUR"), "-20.00");
	assert_str(money(-5, "EUR"), "-0.05");
	assert_str(money(MONEY_MINOR_MAX, "EUR"), "10000000000000.00");
	assert_str(money(1250, "JPY"), "1250.00");
	assert_str(money(-7, "JPY"), "-7.00");
	assert_str(money(12509, "KWD"), "12.50");
	assert_str(money(-12501, "KWD"), "-12.51");
	assert_str(money(9, "KWD"), "0.00");
}

static void
dates(void **state)
{
	(void)state;
	assert_str(cp_date(w.arena, NOW_US), "03/05/2031");
	assert_str(cp_date(w.arena, 0), "01/01/1970");
	assert_str(cp_date(w.arena, INT64_C(1582934400000000) - 1),
	    "02/28/2020");
	assert_str(cp_date(w.arena, INT64_C(1582934400000000)), "02/29/2020");
	assert_str(cp_day(w.arena, (struct date){ 2031, 12, 1 }),
	    "12/01/2031");
	assert_null(cp_day(w.arena, (struct date){ 0, 0, 0 }).p);
}

static void
request_ids(void **state)
{
	static const uint8_t zero[16], ones[16] = { 255, 255, 255, 255, 255,
		255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255 };

	(void)state;
	assert_str(cp_request_id(w.arena, zero),
	    "00000000-0000-4000-8000-000000000000");
	assert_str(cp_request_id(w.arena, ones),
	    "ffffffff-ffff-4fff-bfff-ffffffffffff");
}

static void
descriptions(void **state)
{
	const struct unit *eur = unit_by_name(STR("EUR"));

	(void)state;
	assert_null(cp_earning_text(w.arena, 0).p);
	assert_str(cp_earning_text(w.arena, 10000), "1 point per 1.00 spent");
	assert_str(cp_earning_text(w.arena, 30000), "3 points per 1.00 spent");
	assert_str(cp_earning_text(w.arena, 100), "1 point per 100.00 spent");
	assert_str(cp_earning_text(w.arena, 750),
	    "7.5 points per 100.00 spent");
	assert_str(cp_redemption_text(w.arena, 100,
	    (struct money){ 100, eur }), "100 points = 1.00");
	assert_str(cp_redemption_text(w.arena, 1,
	    (struct money){ 5, eur }), "1 point = 0.05");
	assert_null(cp_redemption_text(w.arena, 1, (struct money){ 0, eur }).p);
}

static void
connection(void **state)
{
	(void)state;
	wrote(cp_encode_status(&w.call, &w.who), 200, "{\"Status\":\"Ok\","
	    "\"GlobalDefaults\":{\"eCommerceControlDefaults\":{\"StrId\":"
	    "\"42\",\"DrwId\":\"7\"},\"installationSettings\":{\"UsrId\":"
	    "\"WEBUSR\",\"MgGcProductType\":\"giftcard\",\"CpGcItemNo\":"
	    "\"GC-ITEM\"}}}");
	wrote(cp_encode_version(&w.call), 200, "{\"Version\":\"1.0.0.0\"}");
	wrote(cp_encode_token(&w.call, STR("abc")), 200,
	    "{\"APItoken\":\"abc\"}");
	wrote(cp_nothing(&w.call), 204, "");
}

#define PERSON	"\"FullName\":\"Ada Birch\",\"FirstName\":\"Ada\"," \
		"\"LastName\":\"Birch\""
#define PLACE	"{" PERSON ",\"Address1\":\"7 Quay St\",\"City\":\"Salem\"," \
		"\"State\":\"MA\",\"ZipCode\":\"01970\"}"

static void
customers(void **state)
{
	struct customer u = { .number = STR("NS-200417"),
	    .category = STR("RETAIL"), .first_name = STR("Ada"),
	    .last_name = STR("Birch"), .email = STR("ada@example.org"),
	    .newsletter = ANSWER_NO, .address1 = STR("7 Quay St"),
	    .address2 = STR(""), .city = STR("Salem"), .region = STR("MA"),
	    .postcode = STR("01970") };

	(void)state;
	wrote(cp_encode_customer(&w.call, &u), 200, "{\"CustomerInfo\":{"
	    "\"CPCustomerID\":\"NS-200417\",\"Category\":\"RETAIL\"," PERSON
	    ",\"Email\":\"ada@example.org\",\"NewsletterSubscribe\":\"no\","
	    "\"BillAddress\":" PLACE ",\"ShipAddress\":" PLACE "}}");
	u = (struct customer){ .number = STR("7"), .last_name = STR("Birch"),
	    .company = STR("Quay"), .email = STR("7@no-mail.invalid"),
	    .email_generated = true, .newsletter = ANSWER_YES };
	wrote(cp_encode_customer(&w.call, &u), 200, "{\"CustomerInfo\":{"
	    "\"CPCustomerID\":\"7\",\"Company\":\"Quay\",\"FullName\":"
	    "\"Birch\",\"LastName\":\"Birch\",\"NewsletterSubscribe\":\"yes\","
	    "\"BillAddress\":{\"Company\":\"Quay\",\"FullName\":\"Birch\","
	    "\"LastName\":\"Birch\"},\"ShipAddress\":{\"Company\":\"Quay\","
	    "\"FullName\":\"Birch\",\"LastName\":\"Birch\"}}}");
}

#define DAY(n)	(NOW_US + (n) * INT64_C(86400000000))

static void
loyalty(void **state)
{
	struct account_line lines[] = {
		{ STR("summary"), DAY(-752), 650, STR_NONE, STR_NONE },
		{ STR("earn"), DAY(-1), 250, STR("RV-8812"),
		    STR("Product review") },
		{ STR("pending"), DAY(0), 300, STR("W-5501"), STR_NONE },
		{ STR("capture"), DAY(0), -100, STR("W-5500"), STR_NONE },
		{ STR("issue"), DAY(0), 5, STR_NONE, STR_NONE },
		{ STR("adjust_down"), DAY(0), -5, STR_NONE, STR_NONE },
		{ STR("refund"), DAY(0), 1, STR_NONE, STR("as agreed") },
	};
	struct account a = { .customer = STR("NS-200417"),
	    .programme_name = STR("Harbour Club"), .state = STR("active"),
	    .earning_text = STR("1 point per 1.00 spent"),
	    .redemption_text = STR("100 points = 1.00"),
	    .unit = unit_by_id(UNIT_POINTS), .balance = 900, .held = 300,
	    .n_lines = 3, .lines = lines };

	(void)state;
	/* The contract's own example, byte for byte. */
	wrote(cp_encode_loyalty(&w.call, &a), 200, "{\"Loyalty\":{"
	    "\"CustomerNumber\":\"NS-200417\",\"ProgramName\":\"Harbour Club\","
	    "\"EarningDescription\":\"1 point per 1.00 spent\","
	    "\"RedemptionDescription\":\"100 points = 1.00\",\"Status\":"
	    "\"active\",\"PointBalance\":900,\"OpenAuthorizations\":300,"
	    "\"PendingPointsEarned\":0,\"AvailablePointBalance\":600,"
	    "\"History\":[{\"Activity\":\"Historical Summary\",\"Date\":"
	    "\"02/11/2029\",\"PointAmount\":650},{\"Date\":\"03/04/2031\","
	    "\"PointAmount\":250,\"Document\":\"RV-8812\",\"Reason\":"
	    "\"Product review\"},{\"Activity\":\"Pending Charge\",\"Date\":"
	    "\"03/05/2031\",\"PointAmount\":300,\"Location\":\"Web Order\","
	    "\"Document\":\"W-5501\"}]}}");
	a = (struct account){ .customer = STR("7"), .state = STR("suspended"),
	    .programme_name = STR("P"), .earning_text = STR(""),
	    .unit = unit_by_id(UNIT_POINTS), .balance = -4, .held = 0,
	    .n_lines = 4, .lines = lines + 3 };
	wrote(cp_encode_loyalty(&w.call, &a), 200, "{\"Loyalty\":{"
	    "\"CustomerNumber\":\"7\",\"ProgramName\":\"P\",\"Status\":"
	    "\"inactive\",\"PointBalance\":-4,\"OpenAuthorizations\":0,"
	    "\"PendingPointsEarned\":0,\"AvailablePointBalance\":-4,"
	    "\"History\":[{\"Activity\":\"Charge\",\"Date\":\"03/05/2031\","
	    "\"PointAmount\":-100,\"Location\":\"Web Order\",\"Document\":"
	    "\"W-5500\"},{\"Date\":\"03/05/2031\",\"PointAmount\":5},{"
	    "\"Date\":\"03/05/2031\",\"PointAmount\":-5,\"Reason\":"
	    "\"Adjustment\"},{\"Date\":\"03/05/2031\",\"PointAmount\":1,"
	    "\"Reason\":\"as agreed\"}]}}");
}

static void
gift(void **state)
{
	struct account_line lines[] = {
		{ STR("issue"), DAY(0), 7500, STR("W-5502"), STR_NONE },
		{ STR("pending"), DAY(1), 2000, STR("W-5510"), STR_NONE },
		{ STR("redeem"), DAY(1), -50, STR_NONE, STR_NONE },
	};
	struct account a = { .customer = STR("NS-200417"),
	    .code = STR("42-70318264951827364"), .programme = STR("GC"),
	    .state = STR("active"), .reference = STR("W-5502"),
	    .unit = unit_by_name(STR("EUR")), .balance = 7500, .held = 2000,
	    .opened = 7500, .created_us = NOW_US, .n_lines = 2,
	    .lines = lines };

	(void)state;
	wrote(cp_encode_gift(&w.call, &a), 200, "{\"GiftCard\":{"
	    "\"GiftCardId\":\"42-70318264951827364\",\"GiftCardCode\":\"GC\","
	    "\"Status\":\"active\",\"OriginalValue\":75.00,\"Balance\":75.00,"
	    "\"OpenAuthorizations\":20.00,\"AvailableBalance\":55.00,"
	    "\"History\":[{\"Activity\":\"Issued\",\"Date\":\"03/05/2031\","
	    "\"Amount\":75.00,\"Document\":\"W-5502\"},{\"Activity\":"
	    "\"Pending Charge\",\"Date\":\"03/06/2031\",\"Amount\":20.00,"
	    "\"Location\":\"Web Order\",\"Document\":\"W-5510\"}]}}");
	wrote(cp_encode_certificate(&w.call, &a), 200, "{\"Certificate\":{"
	    "\"GiftCardId\":\"42-70318264951827364\",\"GiftCardValue\":75.00,"
	    "\"Balance\":75.00,\"IssueDate\":\"03/05/2031\","
	    "\"CustomerNumber\":\"NS-200417\",\"SaleId\":\"W-5502\"}}");
	a.state = STR("suspended");
	a.customer = a.reference = STR_NONE;
	a.expires_on = (struct date){ 2032, 1, 31 };
	a.balance = 7450;
	a.held = 0;
	a.n_lines = 1;
	a.lines = lines + 2;
	wrote(cp_encode_gift(&w.call, &a), 200, "{\"GiftCard\":{"
	    "\"GiftCardId\":\"42-70318264951827364\",\"GiftCardCode\":\"GC\","
	    "\"Status\":\"inactive\",\"OriginalValue\":75.00,"
	    "\"Balance\":74.50,\"OpenAuthorizations\":0.00,"
	    "\"AvailableBalance\":74.50,\"ExpirationDate\":\"01/31/2032\","
	    "\"History\":[{\"Activity\":\"Charge\",\"Date\":\"03/06/2031\","
	    "\"Amount\":-0.50}]}}");
	wrote(cp_encode_certificate(&w.call, &a), 200, "{\"Certificate\":{"
	    "\"GiftCardId\":\"42-70318264951827364\",\"GiftCardValue\":75.00,"
	    "\"Balance\":74.50,\"IssueDate\":\"03/05/2031\"}}");
}

static void
cards(void **state)
{
	struct str codes[] = { STR("42-1"), STR("42-2") };
	const struct card_batch_out out = { 2, codes };
	const struct card card = { .code = STR("42-1"),
	    .programme = STR("GC") };
	struct sell_in in = { .amount = 7500, .reference = STR("W-5502") };

	(void)state;
	wrote(cp_encode_reserved(&w.call, &out), 200,
	    "{\"GiftCards\":[\"42-1\",\"42-2\"]}");
	wrote(cp_encode_sold(&w.call, &in, &card), 200, "{\"GiftCard\":{"
	    "\"GiftCardId\":\"42-1\",\"GiftCardCode\":\"GC\",\"Status\":"
	    "\"active\",\"GiftCardValue\":75.00,\"SaleId\":\"W-5502\"}}");
	in.reference = STR_NONE;
	wrote(cp_encode_sold(&w.call, &in, &card), 200, "{\"GiftCard\":{"
	    "\"GiftCardId\":\"42-1\",\"GiftCardCode\":\"GC\",\"Status\":"
	    "\"active\",\"GiftCardValue\":75.00}}");
}

static void
authorisations(void **state)
{
	const struct authorisation x = { .code = { 0x0c }, .amount = 300,
	    .worth = 299 };

	(void)state;
	wrote(cp_encode_authorisation(&w.call, CP_LOYALTY, &x), 200,
	    "{\"RequestId\":\"00000000-0000-4000-8000-000000000000\","
	    "\"Type\":\"loyalty\",\"AuthorizedAmount\":2.99,"
	    "\"AuthorizedPoints\":300,\"AuthCode\":"
	    "\"G0C000000000000000000000000000000\"}");
	wrote(cp_encode_authorisation(&w.call, CP_GIFTCARD, &x), 200,
	    "{\"RequestId\":\"00000000-0000-4000-8000-000000000000\","
	    "\"Type\":\"giftcard\",\"AuthorizedAmount\":2.99,\"AuthCode\":"
	    "\"G0C000000000000000000000000000000\"}");
}

static void
switches(void **state)
{
	(void)state;
	assert_int_equal(cp_token_s(&w.who), 86400);
	assert_int_equal(cp_hold_s(&w.who), 0);
	w.who.settings = STR("cp_token_h=1\ncp_hold_min=30");
	assert_int_equal(cp_token_s(&w.who), 3600);
	assert_int_equal(cp_hold_s(&w.who), 1800);
}

/* ---- errors ---- */

#define MESSAGE(text)	"{\"Message\":\"" text "\"}"

static void
says(enum err err, int status, const char *body)
{
	reply_clear(&w.reply);
	cp_encode_error(&w.call, err, &cp_errors[err]);
	wrote(ERR_OK, status, body);
}

static void
errors(void **state)
{
	(void)state;
	says(ERR_BAD_REQUEST, 400, MESSAGE("Bad Request"));
	says(ERR_FORBIDDEN, 401, MESSAGE("Not Authorized"));
	says(ERR_NOT_FOUND, 404, MESSAGE("Not Found"));
	says(ERR_TOO_MANY_REQUESTS, 429, MESSAGE("Too Many Requests"));
	says(ERR_UNAVAILABLE, 500, MESSAGE("Internal Server Error"));
	says(ERR_HOLD_NOT_FOUND, 404, MESSAGE("Id not found"));
	says(ERR_HOLD_NOT_OPEN, 400, MESSAGE("Bad Request"));

	says(ERR_CUSTOMER_NOT_FOUND, 404, MESSAGE("Id not found"));
	says(ERR_NOT_ENROLLED, 400, MESSAGE("Not enrolled in Loyalty"));
	says(ERR_INVALID, 400, MESSAGE("Bad Request"));
	cp_at(&w.call, CP_EARN);
	says(ERR_CUSTOMER_NOT_FOUND, 404, MESSAGE("CustomerNumber Not Found"));
	says(ERR_NOT_ENROLLED, 400, MESSAGE("Not enrolled in Loyalty"));
	says(ERR_CARD_SUSPENDED, 400, MESSAGE("Bad Request"));
	cp_at(&w.call, CP_LOYALTY_BALANCE);
	says(ERR_CUSTOMER_NOT_FOUND, 404, MESSAGE("Id not found"));
	says(ERR_NOT_ENROLLED, 404, MESSAGE("Id not found"));
	cp_at(&w.call, CP_AUTHORISE);
	says(ERR_INVALID, 400, MESSAGE("Required: Type, Ref, SaleId, and "
	    "(RequestedAmount or RequestedPoints)"));
	says(ERR_UNIT_MISMATCH, 400, MESSAGE("Type is not valid"));
	says(ERR_BAD_REQUEST, 400, MESSAGE("Bad Request"));
	says(ERR_CUSTOMER_NOT_FOUND, 400, MESSAGE("Not enrolled in Loyalty"));
	says(ERR_CARD_NOT_FOUND, 404, MESSAGE("Id not found"));
	says(ERR_CARD_SUSPENDED, 400, MESSAGE("No Balance Remaining"));
	says(ERR_CARD_EXPIRED, 400, MESSAGE("No Balance Remaining"));
	says(ERR_INSUFFICIENT_FUNDS, 400, MESSAGE("No Balance Remaining"));
	cp_at(&w.call, CP_RESERVE);
	says(ERR_CODE_TAKEN, 500, MESSAGE("Internal Server Error"));
	cp_at(&w.call, CP_CREATE);
	says(ERR_CODE_TAKEN, 400, MESSAGE("Bad Request"));
	says(ERR_CUSTOMER_NOT_FOUND, 404, MESSAGE("CustomerNumber Not Found"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(amounts),
		TEST(dates),
		TEST(request_ids),
		TEST(descriptions),
		TEST(connection),
		TEST(customers),
		TEST(loyalty),
		TEST(gift),
		TEST(cards),
		TEST(authorisations),
		TEST(switches),
		TEST(errors)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
