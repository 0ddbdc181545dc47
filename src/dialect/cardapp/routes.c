#include "base/arena.h"
#include "dialect/cardapp/cardapp.h"
#include "domain/auth.h"

#define PAGE	200	/* the most a list answers at once */

/* Codes that nobody has were asked for too often: no more look-ups. */
static enum err
may_look_up(struct call *c)
{
	return unknown_code_blocked(&c->ctx) ? ERR_TOO_MANY_REQUESTS : ERR_OK;
}

/* ---- cards and their holders ---- */

/* A programme of points, unless the shop is not to choose it. */
static bool
is_card_type(const struct programme *g)
{
	return g->unit->id == UNIT_POINTS && g->offered;
}

/* A card type by its number is one that tip_card lists. Section 6. */
static enum err
check_type(struct call *c, int64_t number)
{
	struct programme g;

	if (number == 0)
		return ERR_OK;
	TRY(programme_get_number(&c->ctx, number, &g));
	return is_card_type(&g) ? ERR_OK : ERR_PROGRAMME_NOT_FOUND;
}

static enum err
enrol(struct call *c, struct cardapp_request *r)
{
	struct cardapp_answer a;
	struct enrolled out;
	struct enrol_in in;
	enum err err;

	TRY(cardapp_decode_enrol(&c->ctx, &r->form, &in));
	TRY(check_type(c, in.programme));
	err = holder_enrol(&c->ctx, &in, &out);
	if (err == ERR_PHONE_TAKEN)
		r->other_card = out.card;
	if (err != ERR_OK)
		return err;
	a = cardapp_success(c->ctx.arena, out.card);
	cardapp_text(&a, "telefon", out.phone.n > 0 ? out.phone : STR("0"));
	cardapp_text(&a, "email", out.email);
	return cardapp_reply(c, &a);
}

static enum err
change(struct call *c, struct cardapp_request *r)
{
	struct arena *arena = c->ctx.arena;
	struct cardapp_answer a;
	struct cardapp_change in;
	struct customer out;

	TRY(cardapp_decode_change(&c->ctx, &r->form, &in));
	TRY(may_look_up(c));
	TRY(holder_update(&c->ctx, in.card, &in.person, &out));
	a = cardapp_success(arena, str_upper(arena, in.card));
	cardapp_text(&a, "first_name", in.first_name);
	cardapp_text(&a, "last_name", in.last_name);
	cardapp_text(&a, "phone", in.phone);
	cardapp_text(&a, "city", in.city);
	cardapp_text(&a, "data_nasterii", in.born_on);
	cardapp_text(&a, "newsletter", in.newsletter);
	return cardapp_reply(c, &a);
}

static enum err
suspend(struct call *c, struct cardapp_request *r)
{
	const struct card_update_in in = { .set_state = true,
		.state = STR("suspended") };
	struct cardapp_answer a;
	struct card card;

	TRY(may_look_up(c));
	TRY(card_update(&c->ctx, cardapp_param(&r->form, "nr_card"), &in,
	    &card));
	a = cardapp_success(c->ctx.arena, card.code);
	cardapp_text(&a, "status_cont", STR("suspendat"));
	return cardapp_reply(c, &a);
}

/* ---- lists ---- */

struct rows {
	struct cardapp_answer	*items;
	size_t			 n, max;
};

static struct cardapp_answer *
row_add(struct arena *a, struct rows *rows)
{
	struct cardapp_answer *wider;

	if (rows->n == rows->max) {
		rows->max = rows->max == 0 ? 16 : 2 * rows->max;
		wider = arena_array(a, rows->max, sizeof(*wider));
		for (size_t i = 0; i < rows->n; i++)
			wider[i] = rows->items[i];
		rows->items = wider;
	}
	return &rows->items[rows->n++];
}

/* The types of card that this API can sell: section 9. */
static enum err
card_types(struct call *c, struct cardapp_request *r)
{
	struct arena *arena = c->ctx.arena;
	struct page_in page = { PAGE, STR_NONE };
	struct programme_list_out out;
	struct cardapp_answer a, *row;
	struct rows rows = {0};

	(void)r;
	do {
		TRY(programme_list(&c->ctx, &page, &out));
		for (size_t i = 0; i < out.n; i++) {
			const struct programme *g = &out.items[i];

			if (!is_card_type(g) ||
			    !str_eq(g->state, STR("active")))
				continue;
			row = row_add(arena, &rows);
			cardapp_text(row, "id_grup",
			    cardapp_integer(arena, g->number));
			cardapp_text(row, "denumire", g->name);
			/* Hundredths of a percent. */
			cardapp_number(row, "valoare_bonus", money_format(
			    arena, g->earn_rate_bp, 2, MONEY_SHORT));
		}
		page.after = out.next;
	} while (page.after.p != NULL);
	a = cardapp_success(arena, STR_NONE);
	cardapp_rows(&a, "tip_card", rows.items, rows.n);
	return cardapp_reply(c, &a);
}

static enum err
stores(struct call *c, struct cardapp_request *r)
{
	struct arena *arena = c->ctx.arena;
	struct page_in page = { PAGE, STR_NONE };
	struct store_list_out out;
	struct cardapp_answer a, *row;
	struct rows rows = {0};

	(void)r;
	do {
		TRY(store_list(&c->ctx, &page, &out));
		for (size_t i = 0; i < out.n; i++) {
			if (!str_eq(out.items[i].state, STR("active")))
				continue;
			row = row_add(arena, &rows);
			cardapp_text(row, "store_id",
			    cardapp_integer(arena, out.items[i].number));
			cardapp_text(row, "denumire", out.items[i].name);
		}
		page.after = out.next;
	} while (page.after.p != NULL);
	a = cardapp_success(arena, STR_NONE);
	cardapp_rows(&a, "stores", rows.items, rows.n);
	return cardapp_reply(c, &a);
}

/* ---- points ---- */

static enum err
read_points(struct call *c, struct cardapp_request *r)
{
	struct arena *arena = c->ctx.arena;
	struct cardapp_answer a;
	struct points out;

	TRY(may_look_up(c));
	TRY(points_get(&c->ctx, cardapp_param(&r->form, "nr_card"), &out));
	a = cardapp_success(arena, out.card);
	cardapp_number(&a, "puncte", cardapp_integer(arena, out.points));
	cardapp_number(&a, "valoare_totala_puncte_lei",
	    cardapp_money(arena, out.worth));
	return cardapp_reply(c, &a);
}

static enum err
post(struct call *c, struct cardapp_sale *sale, struct purchase *ret)
{
	const struct principal *who = c->ctx.who;
	enum err err;

	TRY(may_look_up(c));
	sale->in.check_discount = sale->in.amount >= 0 &&
	    sale->in.points > 0 && setting_bool(who, "cardapp_discount_check");
	sale->in.repeat_window_s =
	    setting_i64(who, "cardapp_duplicate_window_s");
	err = purchase_post(&c->ctx, &sale->in, ret);
	if (err != ERR_INVALID)
		return err;
	c->ctx.fail.n = 0;
	return fail_add(&c->ctx.fail, err, "valoare_reducere", "invalid", "");
}

/* One answer for all three; the points go by two names. Sections 12 to 14. */
static enum err
answer_sale(struct call *c, const struct cardapp_sale *sale,
    const struct purchase *p, const char *points_name, int64_t points)
{
	struct arena *arena = c->ctx.arena;
	struct cardapp_answer a = cardapp_success(arena, p->card);

	cardapp_text(&a, "suma", sale->suma);
	cardapp_number(&a, points_name, cardapp_integer(arena, points));
	cardapp_text(&a, "detalii_incasare", sale->detail);
	cardapp_number(&a, "valoare_totala_puncte_lei",
	    cardapp_money(arena, p->worth_after));
	return cardapp_reply(c, &a);
}

static enum err
add(struct call *c, struct cardapp_request *r)
{
	struct cardapp_sale sale;
	struct purchase p;

	TRY(cardapp_decode_add(&c->ctx, &r->form, &sale));
	TRY(post(c, &sale, &p));
	return answer_sale(c, &sale, &p, "puncte_adaugate", p.earned);
}

static enum err
spend(struct call *c, struct cardapp_request *r)
{
	struct cardapp_sale sale;
	struct purchase p;

	TRY(cardapp_decode_spend(&c->ctx, &r->form, &sale));
	TRY(post(c, &sale, &p));
	return answer_sale(c, &sale, &p, "puncte_utilizate", p.spent);
}

static enum err
refund(struct call *c, struct cardapp_request *r)
{
	struct cardapp_sale sale;
	struct purchase p;

	TRY(cardapp_decode_refund(&c->ctx, &r->form, &sale));
	TRY(post(c, &sale, &p));
	return answer_sale(c, &sale, &p, "puncte_utilizate", -p.spent);
}

/*
 * THE table of actions. Two have two names (section 10: each with its own
 * root), and one has another's root (section 14).
 */
const struct cardapp_action cardapp_actions[] = {
	{ "creare", "creare_response", SCOPE_CARDS_WRITE,
	    { "telefon" }, enrol },
	{ "actualizare_date", "actualizare_date_response", SCOPE_CUSTOMERS,
	    { "nr_card" }, change },
	{ "suspend_card", "suspend_card_response", SCOPE_CARDS_WRITE,
	    { "nr_card" }, suspend },
	{ "tip_card", "tip_card_response", SCOPE_CARDS_READ,
	    { NULL }, card_types },
	{ "stores", "stores_response", SCOPE_CARDS_READ, { NULL }, stores },
	{ "store_id", "store_id_response", SCOPE_CARDS_READ, { NULL },
	    stores },
	{ "interogare_puncte", "interogare_puncte_response", SCOPE_CARDS_READ,
	    { "nr_card" }, read_points },
	{ "adaugare_puncte", "adaugare_puncte_response", SCOPE_VALUE_WRITE,
	    { "nr_card", "suma", "detalii_incasare" }, add },
	{ "cheltuire_puncte", "cheltuire_puncte_response", SCOPE_VALUE_WRITE,
	    { "nr_card", "nr_puncte", "valoare_reducere", "suma",
	    "detalii_incasare" }, spend },
	{ "refund_points", "cheltuire_puncte_response", SCOPE_VALUE_WRITE,
	    { "nr_card", "points_amount", "refund_amount", "details_refund" },
	    refund },
};
const size_t cardapp_actions_n = COUNT(cardapp_actions);

static enum err
response(struct call *c)
{
	struct cardapp_request *r = cardapp_request(c);

	TRY(cardapp_decode_action(&c->ctx, r));
	return r->action->run(c, r);
}

/*
 * The one address. What an action needs in scopes, and whether it looks up a
 * card, its row above says.
 */
const struct route cardapp_routes[1] = {
	{ GET | POST, "/api/response.php", NEED_AUTH | OPEN_WHEN_BLOCKED, 0,
	    response },
};
