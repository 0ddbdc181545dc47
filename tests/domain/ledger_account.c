/*
 * The turns of test_ledger_random that go through accounts: value authorised
 * for a sale under a code, confirmed or cancelled, points earned.
 */
#include "../support/unit_test.h"

#include <sched.h>
#include <stdio.h>
#include <string.h>

#include "ledger_random.h"

struct str
number_of(struct arena *arena, uint32_t card)
{
	return str_printf(arena, "Member-%02u", card);
}

/* As one who pays names it, in any case. */
static struct str
ref_of(struct arena *arena, uint32_t card, bool lower)
{
	struct str s = card < POINTS_FROM ? code_of(arena, card) :
	    number_of(arena, card);

	return lower ? str_lower(arena, s) : s;
}

static struct account_ref
account_of(struct arena *arena, uint32_t card, bool lower)
{
	struct str ref = ref_of(arena, card, lower);

	return card < POINTS_FROM ? (struct account_ref){ .code = ref } :
	    (struct account_ref){ .number = ref };
}

static struct sale
draw_sale(uint64_t *dice)
{
	struct sale s = { .card = sql_draw(dice, CARDS) };

	if (s.card >= POINTS_FROM && sql_draw(dice, 2))
		s.points = 1 + (int64_t)sql_draw(dice, 60);
	else
		s.amount = 1 + (int64_t)sql_draw(dice, 4000);
	s.lapse_s = sql_draw(dice, 4) == 0 ? 1 : 0;
	return s;
}

static enum err
ask(struct ctx *c, const struct sale *s, struct str name, bool lower,
    struct authorisation *ret)
{
	const struct authorise_in in = { .account = account_of(c->arena,
	    s->card, lower), .sale = name, .points = s->points,
	    .amount = s->amount, .lapse_s = s->lapse_s };

	return authorise(c, &in, ret);
}

/* Is what was granted no more than what was asked for? */
static void
check_grant(struct worker *w, const struct sale *s,
    const struct authorisation *a)
{
	int64_t most = s->points > 0 ? s->points :
	    s->card < POINTS_FROM ? s->amount : (s->amount + 99) / 100;

	if (a->amount <= 0 || a->amount > most || a->worth <= 0)
		fault(w, "too much or nothing was granted", ERR_OK);
}

static void
ask_first(struct worker *w, struct sale *s, struct str name)
{
	struct ctx c = begin(w);
	enum err err;

	*s = draw_sale(&w->dice);
	err = ask(&c, s, name, sql_draw(&w->dice, 2), &s->a);
	judge(w, err);
	if (err != ERR_OK)
		return;
	if (s->a.repeated)
		fault(w, "a sale that was over is open", err);
	check_grant(w, s, &s->a);
	s->state = SALE_OPEN;
	w->booked++;
}

/* What lapses may have done so, and is then held anew. */
static void
ask_again(struct worker *w, struct sale *s, struct str name)
{
	struct ctx c = begin(w);
	struct authorisation a;
	enum err err = ask(&c, s, name, sql_draw(&w->dice, 2), &a);

	judge(w, err);
	if (err != ERR_OK) {
		if (err == ERR_INSUFFICIENT_FUNDS && s->lapse_s == 0)
			fault(w, "what is held was asked for in vain", err);
		return;
	}
	if (!a.repeated && s->lapse_s == 0)
		fault(w, "one sale is held twice", err);
	if (a.repeated && (memcmp(a.code, s->a.code, sizeof(a.code)) != 0 ||
	    a.amount != s->a.amount || a.worth != s->a.worth))
		fault(w, "what is held was told otherwise", err);
	if (!a.repeated) {
		s->a = a;
		w->booked++;
	}
}

/* Settled for the first time. */
static void
book(struct worker *w, const struct sale *s, bool confirm)
{
	w->booked++;
	if (confirm)
		w->sum[s->card] -= s->a.amount;
}

static void
settle_one(struct worker *w, struct sale *s)
{
	/* Cancelling what has lapsed succeeds without a trace. */
	bool confirm = s->lapse_s > 0 || sql_draw(&w->dice, 2);
	struct ctx c = begin(w);
	enum err err = settle(&c, ref_of(w->arena, s->card,
	    sql_draw(&w->dice, 2)), s->a.code, confirm), want = ERR_OK;

	judge(w, err);
	if (err == ERR_UNAVAILABLE)
		return;
	if (s->state != SALE_OPEN &&
	    confirm != (s->state == SALE_CONFIRMED))
		want = ERR_HOLD_NOT_OPEN;
	if (err != want && !(s->lapse_s > 0 && err == ERR_HOLD_NOT_OPEN))
		fault(w, "settled otherwise", err);
	if (s->state == SALE_OPEN && err == ERR_OK) {
		book(w, s, confirm);
		s->state = confirm ? SALE_CONFIRMED : SALE_CANCELLED;
	} else if (s->state == SALE_OPEN)
		s->state = SALE_NONE;	/* lapsed */
}

void
turn_sale(struct worker *w)
{
	uint32_t n = sql_draw(&w->dice, SALES), what = sql_draw(&w->dice, 8);
	struct sale *s = &w->sales[n];
	struct str name = str_printf(w->arena, "S-%d-%u", w->n, n);
	struct ctx c;

	if (s->state == SALE_NONE || (s->state != SALE_OPEN && what < 4))
		ask_first(w, s, name);
	else if (s->state == SALE_OPEN && what < 2)
		ask_again(w, s, name);
	else if (what == 2) {
		c = begin(w);
		if (settle(&c, ref_of(w->arena, (s->card + 1) % CARDS, false),
		    s->a.code, true) != ERR_HOLD_NOT_FOUND)
			fault(w, "another's account was settled", ERR_OK);
	} else
		settle_one(w, s);
}

void
turn_earn(struct worker *w)
{
	uint32_t card = POINTS_FROM + sql_draw(&w->dice, CARDS - POINTS_FROM);
	struct ctx c = begin(w);
	const struct earn_in in = { .number = number_of(w->arena, card),
	    .points = 1 + (int64_t)sql_draw(&w->dice, 90),
	    .reason = STR("review") };
	enum err err = loyalty_earn(&c, &in);

	judge(w, err);
	if (err != ERR_OK)
		return;
	w->sum[card] += in.points;
	w->booked++;
}

void
turn_look(struct worker *w)
{
	struct ctx c = begin(w);
	int64_t now = w->app.clock.wall_us(&w->app.clock), lines = 0, open = 0;
	uint32_t card = sql_draw(&w->dice, CARDS);
	const struct account_ref ref = account_of(w->arena, card, true);
	struct account a;
	enum err err = account_get(&c, &ref,
	    now - (int64_t)sql_draw(&w->dice, 3000000), now + 60000000, &a);

	judge(w, err);
	if (err != ERR_OK)
		return;
	for (size_t i = 0; i < a.n_lines; i++) {
		if (str_eq(a.lines[i].kind, STR("pending")))
			open += a.lines[i].amount;
		else
			lines += a.lines[i].amount;
	}
	if (lines != a.balance || open != a.held)
		fault(w, "the lines of an account do not add up", err);
}

/* Keys of its own on even rounds, the neighbour's too on odd ones. */
static void
ask_both(struct worker *w, int round, const struct sale *s,
    struct told_sale *told)
{
	const uint64_t key[2] = { UINT64_C(2000000) + (uint64_t)(w->n / 2),
	    (uint64_t)round };
	struct ctx c = begin(w);

	if (round % 2) {
		c.has_key = true;
		memcpy(c.idem_key, key, sizeof(key));
		memcpy(c.idem_print, key, sizeof(key));
	}
	pthread_barrier_wait(&w->test->pair[w->n / 2]);
	do {
		arena_reset(w->arena);
		(void)sched_yield();
		told->err = ask(&c, s, str_printf(w->arena, "T-%d-%d",
		    w->n / 2, round), w->n % 2, &told->a);
	} while (told->err == ERR_REQUEST_IN_PROGRESS ||
	    told->err == ERR_UNAVAILABLE);
	judge(w, told->err);
	told->fresh = told->err == ERR_OK && !told->a.repeated && !c.replayed;
	if (told->fresh) {
		check_grant(w, s, &told->a);
		w->booked++;
	}
}

void
turn_twin_sale(struct worker *w, int round)
{
	uint64_t dice = w->test->seed * 37 + (uint64_t)(w->n / 2) * 2003 +
	    (uint64_t)round * 104729 + 1;
	struct sale s = draw_sale(&dice);
	struct told_sale *told = &w->test->sold[w->n][round],
	    *other = &w->test->sold[w->n ^ 1][round];
	bool confirm = sql_draw(&dice, 2), alike = sql_draw(&dice, 2);
	struct ctx c;

	s.lapse_s = 0;
	ask_both(w, round, &s, told);
	pthread_barrier_wait(&w->test->pair[w->n / 2]);
	if (told->err != ERR_OK && other->err != ERR_OK)
		return;
	s.a = told->err == ERR_OK ? told->a : other->a;
	if (!alike && w->n % 2)
		confirm = !confirm;
	do {
		arena_reset(w->arena);
		c = begin(w);
		told->settled = settle(&c, ref_of(w->arena, s.card, false),
		    s.a.code, confirm);
	} while (told->settled == ERR_UNAVAILABLE);
	judge(w, told->settled);
	/* Both succeed where they do the same: one keeps the books. */
	if (told->settled == ERR_OK && (!alike || w->n % 2 == 0))
		book(w, &s, confirm);
}

static void
compare_pair(struct test *t, int n, int round)
{
	const struct told_sale *a = &t->sold[n][round],
	    *b = &t->sold[n + 1][round];
	bool held = a->err == ERR_OK || b->err == ERR_OK;
	char sql[400];

	/* Under one key all is one; else the card may change between. */
	if (round % 2)
		assert_int_equal(a->err, b->err);
	assert_int_equal(a->fresh + b->fresh, held);
	if (a->err == ERR_OK && b->err == ERR_OK) {
		assert_memory_equal(a->a.code, b->a.code, 16);
		assert_int_equal(a->a.amount, b->a.amount);
		assert_int_equal(a->a.worth, b->a.worth);
	}
	if (held && a->settled != b->settled)
		assert_true((a->settled == ERR_OK &&
		    b->settled == ERR_HOLD_NOT_OPEN) ||
		    (b->settled == ERR_OK &&
		    a->settled == ERR_HOLD_NOT_OPEN));
	else if (held)
		assert_int_equal(a->settled, ERR_OK);
	snprintf(sql, sizeof(sql), "SELECT count(*) FROM ledger.hold h "
	    "JOIN ledger.transfer s USING (tenant_id, card_id, unit, seq) "
	    "WHERE h.tenant_id = %d AND h.code IS NOT NULL "
	    "AND h.state <> 'open' AND s.reference = 'T-%d-%d'",
	    (int)t->who.tenant, n / 2, round);
	assert_int_equal(sql_number(t->super, sql), held);
}

void
compare_sales(struct test *t)
{
	for (int n = 0; n < WORKERS; n += 2)
		for (int round = 0; round < TWINS; round++)
			compare_pair(t, n, round);
}
