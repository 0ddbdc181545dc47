/*
 * A card -> the thirteen members, always all of them, always in this order.
 * Section 7. The spelling is the vendor's: DteTme in two, Date in one.
 */
#include "codec/json.h"
#include "dialect/iwarehouse/iwarehouse.h"
#include "domain/admin.h"

#define CONTENT_TYPE	"application/json; charset=utf-8"

struct str
iwarehouse_date(struct arena *a, struct date d)
{
	if (d.year == 0)
		return STR("");
	return str_printf(a, "%d/%02d/%04d", d.day, d.month, d.year);
}

/*
 * The purse that holds the card's money: of the unit it was opened in, else
 * the first of a currency.
 */
static const struct purse *
money_purse(const struct card *card)
{
	const struct purse *first = NULL;

	for (size_t i = 0; i < card->n_purses; i++) {
		const struct purse *p = &card->purses[i];

		if (!p->unit->currency)
			continue;
		if (p->unit == card->opening.unit)
			return p;
		if (first == NULL)
			first = p;
	}
	return first;
}

static struct str
text(struct str s)
{
	return s.p != NULL ? s : STR("");
}

enum err
iwarehouse_encode_card(struct call *c, const struct card *card)
{
	const struct purse *p = money_purse(card);
	struct arena *a = c->ctx.arena;
	struct json_out o;
	int64_t opening;
	int exponent;

	if (p == NULL)
		return ERR_CARD_NOT_FOUND;
	exponent = p->unit->exponent;
	opening = card->opening.unit == p->unit ? card->opening.minor : 0;

	c->reply->status = 200;
	c->reply->content_type = CONTENT_TYPE;
	json_begin(&o, &c->reply->body);
	json_obj(&o, NULL);
	json_i64(&o, "CardKey", card->id);
	json_str(&o, "CardCode", card->code);
	json_bool(&o, "CardActive", card->usable);
	json_i64(&o, "SiteKey", 0);
	json_i64(&o, "CustomerKey", 0);
	json_i64(&o, "ProductKey", 0);
	json_str(&o, "CardOpeningDteTme", iwarehouse_date(a, card->opened_on));
	json_raw(&o, "CardOpeningBalance",
	    money_format(a, opening, exponent, MONEY_SHORT));
	json_i64(&o, "CardOpeningBalanceManual", 0);
	json_str(&o, "CardBalanceDteTme", iwarehouse_date(a, card->changed_on));
	json_raw(&o, "CardBalance",
	    money_format(a, p->available, exponent, MONEY_SHORT));
	json_str(&o, "CardExpiryDate", iwarehouse_date(a, card->expires_on));
	json_str(&o, "CardNotes", text(card->note));
	json_obj_end(&o);
	return ERR_OK;
}

/*
 * No member of an error begins with "Card": a client that does not look at
 * the status must not find a code. Section 8. What a parameter lacks is said
 * for bad_request alone; all others have one text each, so that an unknown
 * code and another tenant's cannot be told apart.
 */
void
iwarehouse_encode_error(struct call *c, enum err err,
    const struct err_map *map)
{
	const struct fail *fail = &c->ctx.fail;
	const char *message = map->text;
	struct json_out o;

	if (fail->n > 0 && (err == ERR_BAD_REQUEST || err == ERR_INVALID))
		message = fail->items[0].text;
	if (c->ctx.who != NULL &&
	    setting_bool(c->ctx.who, "iwarehouse_status_200"))
		c->reply->status = 200;
	/* No Retry-After: without a key a repeat may make a second card. */
	if (err == ERR_OUTCOME_UNKNOWN && !c->ctx.has_key)
		c->reply->n_headers = 0;
	c->reply->content_type = CONTENT_TYPE;
	json_begin(&o, &c->reply->body);
	json_obj(&o, NULL);
	json_bool(&o, "Error", true);
	json_str(&o, "ErrorCode", str_of(map->code));
	json_str(&o, "ErrorMessage", str_of(message));
	json_obj_end(&o);
}
