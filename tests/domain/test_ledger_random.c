/*
 * Twelve workers do what comes to their mind with twelve cards, some of it
 * twice under one key at the same moment, while a thirteenth hand locks purses
 * in the wrong order, so that deadlocks are certain. Each worker keeps account
 * of what was acknowledged to it; in the end the ledger must say the same, and
 * sql/checks find nothing.
 *
 * Needs TESSERA_LEDGER_CONNINFO: the superuser of a database with the ledger
 * in it, where a tenant of the test's own is made and stays. Without it all is
 * skipped. TESSERA_LEDGER_SEED repeats a run's choices.
 */
#include "../support/unit_test.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "db/db.h"
#include "domain/purchase.h"
#include "ledger_random.h"

#define BATCH_MAX	4

void
fault(struct worker *w, const char *what, enum err err)
{
	if (w->fault[0] == '\0')
		snprintf(w->fault, sizeof(w->fault), "worker %d: %s (%s)",
		    w->n, what, err_label(err));
}

struct str
code_of(struct arena *arena, uint32_t card)
{
	return str_printf(arena, "R-%02u", card);
}

static const struct unit *
unit_of(const struct worker *w, uint32_t card)
{
	return card < POINTS_FROM ? w->test->who.currency :
	    unit_by_id(UNIT_POINTS);
}

struct ctx
begin(struct worker *w)
{
	const uint64_t key[2] = { (uint64_t)w->n + 1, ++w->keys };
	struct ctx c = { .app = &w->app, .arena = w->arena,
	    .who = &w->test->who, .channel = "test" };

	memcpy(c.request_id, key, sizeof(key));
	memcpy(c.idem_key, key, sizeof(key));
	memcpy(c.idem_print, key, sizeof(key));
	c.deadline_us = w->app.clock.mono_us(&w->app.clock) + 20000000;
	return c;
}

/* Note what was acknowledged as booked now. */
static void
account(struct worker *w, const struct transfer *t)
{
	int64_t card;

	if (t->status != ERR_OK || t->repeated)
		return;
	/* Points may be taken back that were spent. */
	if (t->held_after < 0 || (t->id.card <= POINTS_FROM &&
	    t->held_after > t->balance_after))
		fault(w, "below nothing", ERR_OK);
	if (str_eq(t->kind, STR("lapse")))
		return;
	if (t->card.n != 4 || !str_to_i64(str_sub(t->card, 2, 4), 0, CARDS - 1,
	    &card)) {
		fault(w, "a card of nobody", ERR_OK);
		return;
	}
	w->sum[card] += t->direction * t->value.minor;
	w->booked++;
	if (t->direction == 0 && str_eq(t->kind, STR("authorise")))
		w->holds[sql_draw(&w->dice, KEPT)] = t->id;
	else if (t->direction != 0)
		w->moves[sql_draw(&w->dice, KEPT)] = t->id;
}

void
judge(struct worker *w, enum err err)
{
	if (err == ERR_UNAVAILABLE)
		w->given_up++;		/* five deadlocks: nothing booked */
	else if (err == ERR_INTERNAL || err == ERR_OUTCOME_UNKNOWN ||
	    err == ERR_REPLAY || err == ERR_CREDENTIAL_STALE ||
	    err == ERR_REQUEST_IN_PROGRESS || err == ERR_INVALID ||
	    err == ERR_IDEMPOTENCY_KEY_REUSED)
		fault(w, "an answer that cannot be", err);
}

/* Some entry. May be one that is refused. */
static struct transfer_in
entry(struct worker *w, uint64_t *dice)
{
	static const enum transfer_action acts[] = { ACT_CREDIT, ACT_DEBIT,
	    ACT_DEBIT, ACT_DEBIT, ACT_AUTHORISE, ACT_AUTHORISE, ACT_CAPTURE,
	    ACT_CAPTURE, ACT_VOID, ACT_LAPSE, ACT_REVERSE, ACT_REVERSE };
	struct transfer_in in = { .action = acts[sql_draw(dice, COUNT(acts))],
	    .value.minor = 1 + (int64_t)sql_draw(dice, 900) };
	uint32_t card = sql_draw(dice, CARDS);

	switch (in.action) {
	case ACT_CREDIT:
	case ACT_DEBIT:
	case ACT_AUTHORISE:
		in.card = code_of(w->arena, card);
		in.value.unit = sql_draw(dice, 2) ? unit_of(w, card) : NULL;
		in.partial = in.action != ACT_CREDIT && sql_draw(dice, 3) == 0;
		if (in.action == ACT_DEBIT && sql_draw(dice, 8) == 0)
			in.value.minor *= 20;
		if (in.action == ACT_AUTHORISE && sql_draw(dice, 2))
			in.expires_in_s = 1;
		break;
	case ACT_CAPTURE:
		in.keep_open = sql_draw(dice, 2);
		/* FALLTHROUGH */
	case ACT_VOID:
	case ACT_LAPSE:
		in.origin = w->holds[sql_draw(dice, KEPT)];
		if (in.action != ACT_CAPTURE || sql_draw(dice, 2))
			in.value.minor = 0;
		break;
	case ACT_REVERSE:
		in.origin = w->moves[sql_draw(dice, KEPT)];
		in.partial = sql_draw(dice, 2);
		if (sql_draw(dice, 2))
			in.value.minor = 0;
		break;
	}
	return in;
}

static void
turn_one(struct worker *w)
{
	struct transfer_in in = entry(w, &w->dice);
	struct ctx c = begin(w);
	struct transfer t = { .status = ERR_INTERNAL };

	judge(w, transfer_post(&c, &in, 1, &t));
	account(w, &t);
}

/* Tenders over several cards, all or none, in any order of cards. */
static void
turn_chain(struct worker *w)
{
	struct transfer_in in[BATCH_MAX];
	struct transfer t[BATCH_MAX];
	size_t n = 2 + sql_draw(&w->dice, BATCH_MAX - 1), culprit;
	struct ctx c = begin(w);
	enum err err;

	memset(in, 0, sizeof(in));
	for (size_t i = 0; i < n; i++) {
		in[i].action = ACT_DEBIT;
		in[i].kind = "redeem";
		in[i].card = code_of(w->arena, sql_draw(&w->dice, CARDS));
		in[i].value.minor = 1 + (int64_t)sql_draw(&w->dice, 200);
		in[i].partial = sql_draw(&w->dice, 4) == 0;
	}
	err = transfer_post_all(&c, in, n, t, &culprit);
	judge(w, err);
	for (size_t i = 0; err == ERR_OK && i < n; i++)
		account(w, &t[i]);
}

/* Entries of all sorts, some of them linked. */
static void
turn_batch(struct worker *w)
{
	struct transfer_in in[BATCH_MAX];
	struct transfer t[BATCH_MAX];
	size_t n = 2 + sql_draw(&w->dice, BATCH_MAX - 1);
	struct ctx c = begin(w);
	enum err err;

	for (size_t i = 0; i < n; i++) {
		in[i] = entry(w, &w->dice);
		in[i].linked = sql_draw(&w->dice, 2);
	}
	err = transfer_post(&c, in, n, t);
	judge(w, err);
	for (size_t i = 0; err == ERR_OK && i < n; i++) {
		judge(w, t[i].status);
		account(w, &t[i]);
	}
}

/* Read, decide, post on that version; decide again under the same key. */
static void
turn_version(struct worker *w)
{
	struct str code = code_of(w->arena, sql_draw(&w->dice, CARDS));
	struct ctx c = begin(w);
	struct transfer t = { .status = ERR_INTERNAL };
	struct transfer_in in;
	struct card card;
	enum err err;

	for (int i = 0; i < 5; i++) {
		if ((err = card_get(&c, code, &card)) != ERR_OK) {
			judge(w, err);
			return;
		}
		if (card.purses[0].available < 2)
			return;
		in = (struct transfer_in){ .action = ACT_DEBIT, .card = code,
		    .value = { (card.purses[0].available + 99) / 100,
		    card.purses[0].unit },
		    .expected_version = card.purses[0].version };
		err = transfer_post(&c, &in, 1, &t);
		judge(w, err);
		if (err == ERR_INSUFFICIENT_FUNDS)
			fault(w, "what was read was not there", err);
		if (err != ERR_VERSION_CONFLICT)
			break;
	}
	account(w, &t);
}

/* Buy, pay with points, cancel, return. */
static void
turn_purchase(struct worker *w)
{
	uint32_t card = sql_draw(&w->dice, CARDS), what = sql_draw(&w->dice, 8);
	int64_t scale = card < POINTS_FROM ? 100 : 1;
	struct ctx c = begin(w);
	struct purchase_in in = { .card = code_of(w->arena, card),
	    .amount = 1 + (int64_t)sql_draw(&w->dice, 90000),
	    .detail = STR("bought") };
	struct purchase p;
	enum err err;

	if (what < 4) {
		in.points = 1 + (int64_t)sql_draw(&w->dice, 30);
		in.discount = sql_draw(&w->dice, 5000);
	} else if (what == 4) {
		in.points = 1 + (int64_t)sql_draw(&w->dice, 30);
		in.amount = -in.amount;
	} else if (what == 5) {
		in.amount = -in.amount;
	}
	err = purchase_post(&c, &in, &p);
	judge(w, err);
	if (err != ERR_OK)
		return;
	w->sum[card] += (p.earned - p.spent) * scale;
	w->booked += (p.earned != 0) + (p.spent != 0);
}

static void
turn_suspend(struct worker *w)
{
	struct str code = code_of(w->arena, sql_draw(&w->dice, CARDS));
	struct card_update_in in = { .set_state = true };
	struct card card;

	in.state = STR("suspended");
	for (int i = 0; i < 2; i++) {
		struct ctx c = begin(w);
		enum err err = card_update(&c, code, &in, &card);

		if (err != ERR_OK && err != ERR_UNAVAILABLE)
			fault(w, "a card could not be changed", err);
		in.state = STR("active");
	}
}

/*
 * The same request under the same key as the neighbour, at the same moment:
 * one of the two is done, both get its answer.
 */
static void
turn_twin(struct worker *w, int round)
{
	uint64_t dice = w->test->seed * 31 + (uint64_t)(w->n / 2) * 1009 +
	    (uint64_t)round * 7919 + 1;
	const uint64_t key[2] = { UINT64_C(1000000) + (uint64_t)(w->n / 2),
	    (uint64_t)round };
	struct told *told = &w->test->told[w->n][round];
	struct transfer_in in = { .action = sql_draw(&dice, 2) ? ACT_DEBIT :
	    ACT_AUTHORISE, .expires_in_s = 1 };
	struct transfer t = { .status = ERR_INTERNAL };
	struct ctx c = begin(w);
	uint32_t card;

	card = sql_draw(&dice, CARDS);
	in.value.minor = 1 + (int64_t)sql_draw(&dice, 2000);
	in.value.unit = sql_draw(&dice, 2) ? unit_of(w, card) : NULL;
	in.partial = sql_draw(&dice, 2);
	c.has_key = true;
	memcpy(c.idem_key, key, sizeof(key));
	memcpy(c.idem_print, key, sizeof(key));
	pthread_barrier_wait(&w->test->pair[w->n / 2]);
	do {
		arena_reset(w->arena);
		(void)sched_yield();
		in.card = code_of(w->arena, card);
		told->err = transfer_post(&c, &in, 1, &t);
	} while (told->err == ERR_REQUEST_IN_PROGRESS ||
	    told->err == ERR_UNAVAILABLE);
	judge(w, told->err);
	told->fresh = !c.replayed;
	if (told->fresh)
		account(w, &t);
	told->t = t;
	told->t.card = told->t.kind = told->t.reference = STR_NONE;
}

static void *
work(void *arg)
{
	struct worker *w = arg;
	enum err err = db_ready(w->app.db);

	if (err != ERR_OK)
		fault(w, "no connection", err);
	pthread_barrier_wait(&w->test->start);
	for (int i = 0; i < TURNS; i++) {
		uint32_t what = sql_draw(&w->dice, 100);

		if (i % TWIN_EACH == TWIN_EACH - 1)
			turn_twin(w, i / TWIN_EACH);
		else if (i % TWIN_EACH == 0)
			turn_twin_sale(w, i / TWIN_EACH);
		else if (what < 25)
			turn_one(w);
		else if (what < 37)
			turn_chain(w);
		else if (what < 47)
			turn_batch(w);
		else if (what < 54)
			turn_version(w);
		else if (what < 72)
			turn_purchase(w);
		else if (what < 90)
			turn_sale(w);
		else if (what < 93)
			turn_earn(w);
		else if (what < 97)
			turn_look(w);
		else
			turn_suspend(w);
		arena_reset(w->arena);
	}
	db_free(w->app.db);
	arena_free(w->arena);
	return NULL;
}

/* ---- the thirteenth hand, and what all need ---- */

static void *
lock_wrongly(void *arg)
{
	struct test *t = arg;
	PGconn *conn = PQconnectdb(t->conninfo);
	uint64_t dice = t->seed + 13;

	/* Others shall find the deadlock, and one of them give way. */
	(void)sql_run(conn, "SET deadlock_timeout = '1s'");
	pthread_barrier_wait(&t->start);
	while (!atomic_load(&t->over)) {
		int high = 2 + (int)sql_draw(&dice, CARDS - 1);
		int low = 1 + (int)sql_draw(&dice, (uint32_t)high - 1);
		bool ok = sql_lock_pair(conn, t->who.tenant, high, low);

		t->wrong_order++;
		t->victim += !ok;
		(void)sql_run(conn, "ROLLBACK");
	}
	PQfinish(conn);
	return NULL;
}

static void
make_worker(struct worker *w, struct test *t, int n)
{
	struct db_options opt = { .prepare = true,
	    .statement_timeout_ms = 15000, .clock = clock_system,
	    .log = { 2, LOG_ERROR } };

	snprintf(w->conninfo, sizeof(w->conninfo), "%s user=tessera_app "
	    "application_name='" SQL_SESSION "'", t->conninfo);
	opt.conninfo = w->conninfo;
	w->test = t;
	w->n = n;
	w->dice = t->seed + (uint64_t)n * UINT64_C(0x9e3779b97f4a7c15) + 1;
	w->arena = arena_new((size_t)16 << 20);
	w->app.clock = clock_system;
	w->app.log = opt.log;
	w->app.db = db_new(&opt);
}

static void
make_cards(struct worker *w)
{
	for (uint32_t i = 0; i < CARDS; i++) {
		struct ctx c = begin(w);
		struct card_issue_in in = { .programme = str_of(
		    i < POINTS_FROM ? "GIFT" : i % 2 ? "POINTS" : "BOTH"),
		    .value = { i < POINTS_FROM ? OPENING : POINTS,
		    unit_of(w, i) },
		    .code = code_of(w->arena, i) };
		struct customer_in whose = { .set_external_id = true,
		    .external_id = number_of(w->arena, i) };
		struct customer customer;
		struct card card;

		if (i >= POINTS_FROM) {
			assert_int_equal(customer_create(&c, &whose,
			    &customer), ERR_OK);
			in.customer = customer.id;
		}
		assert_int_equal(card_issue(&c, &in, &card), ERR_OK);
		assert_int_equal(card.id, i + 1);
	}
}

/* ---- what must be so in the end ---- */

static void
compare_sums(struct test *t, const struct worker *w)
{
	char sql[256];
	int64_t booked = CARDS;

	for (int card = 0; card < CARDS; card++) {
		int64_t sum = card < POINTS_FROM ? OPENING : POINTS;

		for (int i = 0; i < WORKERS; i++)
			sum += w[i].sum[card];
		snprintf(sql, sizeof(sql), "SELECT balance FROM ledger.purse "
		    "WHERE tenant_id = %d AND card_id = %d",
		    (int)t->who.tenant, card + 1);
		assert_int_equal(sql_number(t->super, sql), sum);
	}
	for (int i = 0; i < WORKERS; i++)
		booked += w[i].booked;
	snprintf(sql, sizeof(sql), "SELECT count(*) FROM ledger.transfer "
	    "WHERE tenant_id = %d AND kind <> 'lapse'", (int)t->who.tenant);
	assert_int_equal(sql_number(t->super, sql), booked);
}

static bool
same_id(struct transfer_id a, struct transfer_id b)
{
	return a.card == b.card && a.unit == b.unit && a.seq == b.seq;
}

static void
compare_twins(const struct test *t)
{
	for (int n = 0; n < WORKERS; n += 2) {
		for (int i = 0; i < TWINS; i++) {
			const struct told *a = &t->told[n][i],
			    *b = &t->told[n + 1][i];

			assert_int_equal(a->err, b->err);
			assert_int_equal(a->fresh + b->fresh, 1);
			assert_true(same_id(a->t.id, b->t.id));
			assert_int_equal(a->t.status, b->t.status);
			assert_int_equal(a->t.direction, b->t.direction);
			assert_int_equal(a->t.value.minor, b->t.value.minor);
			assert_int_equal(a->t.balance_after,
			    b->t.balance_after);
			assert_int_equal(a->t.held_after, b->t.held_after);
			assert_int_equal(a->t.created_us, b->t.created_us);
			assert_int_equal(a->t.expires_us, b->t.expires_us);
			assert_int_equal(a->t.available, b->t.available);
		}
	}
}

static void
run_all(struct test *t, struct worker *w)
{
	pthread_t threads[WORKERS], hand;

	/* Their sessions shall find deadlocks soon; no other's, so the role's
	 * setting goes as soon as they are there. */
	assert_true(sql_run(t->super, "DO $$ BEGIN EXECUTE format('ALTER ROLE "
	    "tessera_app IN DATABASE %I SET deadlock_timeout = ''5ms''', "
	    "current_database()); END $$"));
	for (int i = 0; i < WORKERS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, work,
		    &w[i]), 0);
	assert_int_equal(pthread_create(&hand, NULL, lock_wrongly, t), 0);
	pthread_barrier_wait(&t->start);
	assert_true(sql_run(t->super, "DO $$ BEGIN EXECUTE format('ALTER ROLE "
	    "tessera_app IN DATABASE %I RESET deadlock_timeout', "
	    "current_database()); END $$"));
	for (int i = 0; i < WORKERS; i++)
		pthread_join(threads[i], NULL);
	atomic_store(&t->over, true);
	pthread_join(hand, NULL);
}

static void
test_random(void **state)
{
	static struct test t;
	static struct worker w[WORKERS], first;
	const char *seed = getenv("TESSERA_LEDGER_SEED");
	int64_t before, after;
	int given_up = 0, v = 0;
	int64_t fixed;

	(void)state;
	if ((t.conninfo = getenv("TESSERA_LEDGER_CONNINFO")) == NULL)
		skip();
	t.seed = (uint64_t)clock_system.wall_us(&clock_system);
	if (seed != NULL && str_to_i64(str_of(seed), 1, INT64_MAX, &fixed))
		t.seed = (uint64_t)fixed;
	print_message("# seed %llu\n", (unsigned long long)t.seed);
	t.super = PQconnectdb(t.conninfo);
	assert_int_equal(PQstatus(t.super), CONNECTION_OK);
	pthread_barrier_init(&t.start, NULL, WORKERS + 2);
	for (int i = 0; i < WORKERS / 2; i++)
		pthread_barrier_init(&t.pair[i], NULL, 2);
	sql_tenant(t.super, t.seed, &t.who);
	make_worker(&first, &t, WORKERS);
	make_cards(&first);
	db_free(first.app.db);
	arena_free(first.arena);
	before = sql_deadlocks(t.super);
	for (int i = 0; i < WORKERS; i++)
		make_worker(&w[i], &t, i);
	run_all(&t, w);
	after = sql_deadlocks(t.super);
	for (int i = 0; i < WORKERS; i++) {
		if (w[i].fault[0] != '\0')
			fail_msg("%s", w[i].fault);
		given_up += w[i].given_up;
		v += (int)w[i].booked;
	}
	print_message("# %d booked; %lld deadlocks, %u of %u of the wrong "
	    "hand's; %d given up\n", v, (long long)(after - before), t.victim,
	    t.wrong_order, given_up);
	compare_sums(&t, w);
	compare_twins(&t);
	compare_sales(&t);
	sql_checks(t.super);
	assert_true(after > before);
	PQfinish(t.super);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
