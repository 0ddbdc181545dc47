-- sql/functions/post.sql: the one door, action by action, refusal by refusal.
BEGIN;
\ir lib/world.psql
SELECT * FROM no_plan();

-- One entry: credit and debit.
SELECT is(test.card('P-1', 1000), 'ok', 'a card of 1000');
SELECT is(test.purse('P-1'), 'active v1 1000/0', 'the opening is transfer 1');
SELECT is(test.move(test.entry('debit', 'P-1', 300)),
	'redeem -300 #2 =700/0', 'debit is a redeem by itself');
SELECT is(test.move(test.entry('credit', 'P-1', 50)),
	'load +50 #3 =750/0', 'credit is a load by itself');
SELECT is(test.move(test.entry('credit', 'P-1', 10, kind => k)),
	format('%s +10 #%s =%s/0', k, 3 + i, 750 + 10 * i), 'credit: ' || k)
	FROM unnest(ARRAY['earn', 'refund', 'adjust_up'])
	WITH ORDINALITY AS u (k, i);
SELECT is(test.move(test.entry('debit', 'P-1', 10, kind => k)),
	format('%s -10 #%s =%s/0', k, 6 + i, 780 - 10 * i), 'debit: ' || k)
	FROM unnest(ARRAY['expire', 'adjust_down'])
	WITH ORDINALITY AS u (k, i);
SELECT results_eq($$
	SELECT seq::integer, kind::text, contra::text FROM ledger.transfer
	WHERE tenant_id = test.a() AND card_id = test.id('P-1') ORDER BY seq
	$$, $$ VALUES (1, 'issue', 'funding'), (2, 'redeem', 'sales'),
	(3, 'load', 'funding'), (4, 'earn', 'reward'), (5, 'refund', 'sales'),
	(6, 'adjust_up', 'adjustment'), (7, 'expire', 'breakage'),
	(8, 'adjust_down', 'adjustment') $$, 'each kind has its other side');
SELECT ok((SELECT changed_at FROM ledger.purse WHERE tenant_id = test.a()
	AND card_id = test.id('P-1')) IS NOT NULL, 'and the change its date');
SELECT results_eq($$
	SELECT credential_id, reference, request_id IS NOT NULL
	FROM ledger.transfer WHERE tenant_id = test.a()
	AND card_id = test.id('P-1') AND seq = 2 $$,
	$$ SELECT (test.who(test.a())).credential, NULL::text, true $$,
	'a transfer knows who asked');
SELECT is((SELECT reference FROM api.post(test.who(test.a()),
	gen_random_uuid(), gen_random_uuid(), ARRAY[test.entry('debit', 'P-1',
	1, reference => 'till 7')])), 'till 7', 'and what for');

-- Value.
SELECT test.card('P-2', 100) \g /dev/null
SELECT is(test.move(test.entry('debit', 'P-2', 101)),
	'insufficient_funds, available 100', 'more than there is');
SELECT is(test.purse('P-2'), 'active v1 100/0', 'books nothing');
SELECT is(test.move(test.entry('debit', 'P-2', 101, partial => true)),
	'redeem -100 #2 =0/0', 'partial: what there is');
SELECT is(test.move(test.entry('debit', 'P-2', 1, partial => true)),
	'insufficient_funds, available 0', 'partial of nothing is refused');
SELECT is(test.move(test.entry('credit', 'P-2', 100000)),
	'load +100000 #3 =100000/0', 'a load up to the programme''s limit');
SELECT is(test.move(test.entry('credit', 'P-2', 100001)), 'amount_limit',
	'not beyond');
SELECT is(test.move(test.entry('credit', 'P-2', 100001, kind => 'refund')),
	'refund_exceeded, available 100', 'no more comes back than was taken');
SELECT is(test.move(test.entry('credit', 'P-2', 100001, kind => 'earn')),
	'earn +100001 #4 =200001/0', 'the limit is for sales of value');
SELECT is(test.move(test.entry('credit', 'P-2', 999999999799999,
	kind => 'adjust_up')), 'adjust_up +999999999799999 #5 '
	'=1000000000000000/0', 'a purse holds 10^15');
SELECT is(test.move(test.entry('credit', 'P-2', 1)), 'balance_limit',
	'and not one more');
SELECT is(test.move(test.entry('reverse', 'P-2', 1, seq => 2)),
	'balance_limit', 'nor when it comes back');
SELECT throws_ok(format($$ SELECT test.move(test.entry('debit', 'P-2',
	%s)) $$, v), '23514', NULL, format('an amount of %s does not pass', v))
	FROM unnest(ARRAY[0, -1]) v;

-- What is not there.
SELECT is(test.move(test.entry('debit', 'P-NONE', 1)), 'card_not_found',
	'an unknown card');
SELECT is(test.move(test.entry('debit', 'p-1', 1)), 'card_not_found',
	'codes are exact here');
SELECT is(test.move(test.entry('debit', 'P-1', 1, unit => 840::smallint)),
	'unit_mismatch', 'no such purse');
SELECT is(test.move(test.entry('debit', 'P-1', 1, unit => 978::smallint)),
	'redeem -1 #10 =758/0', 'the purse named');
SELECT is(test.move(test.entry('reverse', 'P-1', seq => 99)),
	'transfer_not_found', 'reverse: no such transfer');
SELECT is(test.move(test.entry('reverse', 'P-NONE', seq => 1)),
	'transfer_not_found', 'reverse: no such card');
SELECT is(test.move(test.entry(a, 'P-NONE', seq => 1)), 'hold_not_found',
	a || ': no such card') FROM unnest(ARRAY['capture', 'void', 'lapse']) a;
SELECT is(test.move(test.entry(a, 'P-1', seq => 2)), 'hold_not_found',
	a || ': a transfer that is no hold')
	FROM unnest(ARRAY['capture', 'void', 'lapse']) a;

-- Holds: authorise, capture.
SELECT test.card('H-1', 1000) \g /dev/null
SELECT is(test.move(test.entry('authorise', 'H-1', 600)),
	'authorise 600 #2 =1000/600', 'set aside');
SELECT is(test.move(test.entry('debit', 'H-1', 401)),
	'insufficient_funds, available 400', 'what is held cannot be spent');
SELECT is(test.move(test.entry('authorise', 'H-1', 401)),
	'insufficient_funds, available 400', 'nor held twice');
SELECT is(test.move(test.entry('capture', 'H-1', 601, seq => 2)),
	'hold_exceeded, available 600', 'capture at most what is held');
SELECT is(test.move(test.entry('capture', 'H-1', seq => 2)),
	'capture -600 #3 =400/0 of 2', 'capture all');
SELECT is(test.hold('H-1', 2), 'captured 600 = 0 + 600 + 0', 'it is done');
SELECT is(test.move(test.entry(a, 'H-1', seq => 2)), 'hold_not_open',
	a || ' once it is done')
	FROM unnest(ARRAY['capture', 'void', 'lapse']) a;
SELECT is(test.move(test.entry('authorise', 'H-1', 500, partial => true)),
	'authorise 400 #4 =400/400', 'authorise in part');
SELECT is(test.move(test.entry('authorise', 'H-1', 1, partial => true)),
	'insufficient_funds, available 0', 'but not nothing');
SELECT is(test.move(test.entry('capture', 'H-1', 100, seq => 4)),
	'capture -100 #5 =300/0 of 4', 'capture a part: the rest is free');
SELECT is(test.hold('H-1', 4), 'captured 400 = 0 + 100 + 300',
	'and the hold closed');
SELECT is(test.move(test.entry('authorise', 'H-1', 300)),
	'authorise 300 #6 =300/300', 'another');
SELECT is(test.move(test.entry('capture', 'H-1', 100, seq => 6,
	keep_open => true)), 'capture -100 #7 =200/200 of 6',
	'capture a part, keep the rest');
SELECT is(test.move(test.entry('capture', 'H-1', 50, seq => 6,
	keep_open => true)), 'capture -50 #8 =150/150 of 6', 'and another');
SELECT is(test.hold('H-1', 6), 'open 300 = 150 + 150 + 0', 'still open');
SELECT is(test.move(test.entry('capture', 'H-1', 151, seq => 6,
	keep_open => true)), 'hold_exceeded, available 150',
	'never more than the rest');
SELECT is(test.move(test.entry('capture', 'H-1', 150, seq => 6,
	keep_open => true)), 'capture -150 #9 =0/0 of 6',
	'the last part closes it, keep_open or not');
SELECT is(test.hold('H-1', 6), 'captured 300 = 0 + 300 + 0', 'as it says');

-- Holds: void, lapse.
SELECT test.clock('2030-03-01 12:00:00+00');
SELECT test.card('H-2', 1000) \g /dev/null
SELECT is(test.move(test.entry('authorise', 'H-2', 400)),
	'authorise 400 #2 =1000/400', 'a hold without an end');
SELECT is(test.move(test.entry('lapse', 'H-2', seq => 2)), 'hold_not_due',
	'never lapses');
SELECT is(test.move(test.entry('capture', 'H-2', 100, seq => 2,
	keep_open => true)), 'capture -100 #3 =900/300 of 2', 'a part of it');
SELECT is(test.move(test.entry('void', 'H-2', seq => 2)),
	'void 300 #4 =900/0 of 2', 'void the rest');
SELECT is(test.hold('H-2', 2), 'voided 400 = 0 + 100 + 300', 'as it says');
SELECT is(test.move(test.entry('authorise', 'H-2', 900, expires_in => 60)),
	'authorise 900 #5 =900/900', 'a hold for a minute');
SELECT is((SELECT expires_at FROM ledger.hold WHERE tenant_id = test.a()
	AND card_id = test.id('H-2') AND seq = 5),
	timestamptz '2030-03-01 12:01:00+00', 'by the tenant''s clock');
SELECT test.clock('2030-03-01 12:00:59.999999+00');
SELECT is(test.move(test.entry('lapse', 'H-2', seq => 5)), 'hold_not_due',
	'not yet');
SELECT is(test.move(test.entry('debit', 'H-2', 1)),
	'insufficient_funds, available 0', 'all of it held till then');
SELECT test.clock('2030-03-01 12:01:00+00');
SELECT is((SELECT concat(balance, ' ', held, ' ', available, ' v', version)
	FROM api.card_get(test.who(test.a()), 'H-2')), '900 0 900 v5',
	'due at the instant: readers see it free');
SELECT is((SELECT concat(hold_state, ' ', remaining, ' ', released)
	FROM api.hold_get(test.who(test.a()), test.id('H-2'), 978::smallint,
	5)), 'lapsed 0 900', 'and the hold lapsed');
SELECT is(test.move(test.entry('lapse', 'H-2', seq => 5)),
	'lapse 900 #6 =900/0 of 5', 'lapse it');
SELECT is(test.hold('H-2', 5), 'lapsed 900 = 0 + 0 + 900', 'as it says');
SELECT is(test.move(test.entry('authorise', 'H-2', 500, expires_in => 10),
	test.entry('authorise', 'H-2', 400, expires_in => 20)),
	'authorise 500 #7 =900/500; authorise 400 #8 =900/900', 'two more');
SELECT test.clock('2030-03-01 12:01:10+00');
SELECT is(test.move(test.entry('capture', 'H-2', seq => 7)),
	'hold_not_open', 'a due hold is over: it lapses first');
SELECT is(test.hold('H-2', 7), 'lapsed 500 = 0 + 0 + 500',
	'though the entry was refused');
SELECT test.clock('2030-03-01 12:01:20+00');
SELECT is(test.move(test.entry('debit', 'H-2', 900)),
	'redeem -900 #11 =0/0', 'a spend gets what has come due');
SELECT results_eq($$ SELECT seq::integer, kind::text, amount::bigint, held_after,
	origin_seq
	FROM ledger.transfer WHERE tenant_id = test.a()
	AND card_id = test.id('H-2') AND seq > 8 ORDER BY seq $$,
	$$ VALUES (9, 'lapse', 500::bigint, 400::bigint, 7),
	(10, 'lapse', 400, 0, 8), (11, 'redeem', 900, 0, NULL) $$,
	'each lapse is a transfer');
SELECT test.clock(NULL);

-- Reversals.
SELECT test.card('R-1', 1000) \g /dev/null
SELECT is(test.move(test.entry('debit', 'R-1', 400)),
	'redeem -400 #2 =600/0', 'something to reverse');
SELECT is(test.move(test.entry('reverse', 'R-1', 401, seq => 2)),
	'reversal_exceeded, available 400', 'not more than was taken');
SELECT is(test.move(test.entry('reverse', 'R-1', 100, seq => 2)),
	'reversal +100 #3 =700/0 of 2', 'a part');
SELECT is(test.move(test.entry('reverse', 'R-1', 301, seq => 2)),
	'reversal_exceeded, available 300', 'not more than is left');
SELECT is(test.move(test.entry('reverse', 'R-1', seq => 2)),
	'reversal +300 #4 =1000/0 of 2', 'the rest');
SELECT is(test.move(test.entry('reverse', 'R-1', seq => 2)),
	'reversal +300 #4 =1000/0 of 2 repeated', 'again: the earlier one');
SELECT is(test.move(test.entry('reverse', 'R-1', 400, seq => 2)),
	'reversal +300 #4 =1000/0 of 2 repeated', 'also by its amount');
SELECT is(test.move(test.entry('reverse', 'R-1', 1, seq => 2)),
	'reversal_exceeded, available 0', 'but no further part');
SELECT is(test.purse('R-1'), 'active v4 1000/0', 'nothing was booked twice');
SELECT is(test.move(test.entry('reverse', 'R-1', seq => 4)),
	'not_reversible', 'a reversal stays');
SELECT is(test.move(test.entry('credit', 'R-1', 500)),
	'load +500 #5 =1500/0', 'a load');
SELECT is(test.move(test.entry('debit', 'R-1', 1200)),
	'redeem -1200 #6 =300/0', 'most of it spent');
SELECT is(test.move(test.entry('reverse', 'R-1', seq => 5)),
	'insufficient_funds, available 300', 'a load goes back if it is there');
SELECT is(test.move(test.entry('reverse', 'R-1', seq => 5, partial => true)),
	'reversal -300 #7 =0/0 of 5', 'or what is there of it');
SELECT is(test.move(test.entry('reverse', 'R-1', 100, seq => 6)),
	'reversal +100 #8 =100/0 of 6', 'the spend comes back');
SELECT is(test.move(test.entry('reverse', 'R-1', seq => 5, partial => true)),
	'reversal -100 #9 =0/0 of 5', 'and with it more of the load');
SELECT results_eq($$ SELECT seq::integer, contra::text FROM ledger.transfer
	WHERE tenant_id = test.a() AND card_id = test.id('R-1')
	AND kind = 'reversal' ORDER BY seq $$, $$ VALUES (3, 'sales'),
	(4, 'sales'), (7, 'funding'), (8, 'sales'), (9, 'funding') $$,
	'value goes back to where it came from');
SELECT test.card('R-2', 1000) \g /dev/null
SELECT is(test.move(test.entry('authorise', 'R-2', 600)),
	'authorise 600 #2 =1000/600', 'a hold');
SELECT is(test.move(test.entry('reverse', 'R-2', seq => 2)),
	'not_reversible', 'is voided, not reversed');
SELECT is(test.move(test.entry('reverse', 'R-2', seq => 1)),
	'insufficient_funds, available 400', 'held value is not given back');
SELECT is(test.move(test.entry('capture', 'R-2', 500, seq => 2)),
	'capture -500 #3 =500/0 of 2', 'a capture');
SELECT is(test.move(test.entry('reverse', 'R-2', 200, seq => 3)),
	'reversal +200 #4 =700/0 of 3', 'is reversed');
SELECT is(test.hold('R-2', 2), 'captured 600 = 0 + 500 + 100',
	'which leaves the hold alone');
SELECT is(test.move(test.entry('reverse', 'R-2', 700, seq => 1)),
	'reversal -700 #5 =0/0 of 1', 'an opening too');

-- The card's state, under the lock.
SELECT test.card('S-1', 1000) \g /dev/null
SELECT test.move(test.entry('authorise', 'S-1', 100),
	test.entry('authorise', 'S-1', 100),
	test.entry('debit', 'S-1', 100)) \g /dev/null
SELECT is(test.state('S-1', 'suspended'), 'ok', 'a suspended card');
SELECT is(test.move(test.entry(a, 'S-1', 1, kind => k)), 'card_suspended',
	'does not ' || coalesce(k, a)) FROM (VALUES ('credit', NULL),
	('debit', NULL), ('authorise', NULL), ('debit', 'expire'),
	('credit', 'adjust_up')) AS v (a, k);
SELECT is(test.move(test.entry('capture', 'S-1', seq => 2)),
	'capture -100 #5 =800/100 of 2', 'what was promised is kept');
SELECT is(test.move(test.entry('void', 'S-1', seq => 3)),
	'void 100 #6 =800/0 of 3', 'or let go');
SELECT is(test.move(test.entry('reverse', 'S-1', seq => 4)),
	'reversal +100 #7 =900/0 of 4', 'what was wrong can be righted');
SELECT is(test.state('S-1', 'active'), 'ok', 'active again');
SELECT is(test.move(test.entry('debit', 'S-1', 1)),
	'redeem -1 #8 =899/0', 'it spends again');

SELECT test.clock('2030-06-30 12:00:00+02');
SELECT is(test.card('S-2', 1000, '2030-06-30'), 'ok', 'valid today');
SELECT test.move(test.entry('authorise', 'S-2', 100),
	test.entry('debit', 'S-2', 100)) \g /dev/null
SELECT test.clock('2030-06-30 23:59:59.999999+02');
SELECT is(test.move(test.entry('debit', 'S-2', 1)), 'redeem -1 #4 =899/100',
	'valid to the last microsecond of the day in the tenant''s zone');
SELECT test.clock('2030-07-01 00:00:00+02');
SELECT is(test.move(test.entry(a, 'S-2', 1, kind => k)), 'card_expired',
	'expired: does not ' || coalesce(k, a)) FROM (VALUES
	('credit', NULL), ('debit', NULL), ('authorise', NULL),
	('credit', 'refund'), ('credit', 'earn')) AS v (a, k);
SELECT is((SELECT state FROM api.card_get(test.who(test.a()), 'S-2')),
	'expired', 'and reads so');
SELECT is(test.move(test.entry('capture', 'S-2', seq => 2)),
	'capture -100 #5 =799/0 of 2', 'a hold from before is captured');
SELECT is(test.move(test.entry('reverse', 'S-2', seq => 3)),
	'reversal +100 #6 =899/0 of 3', 'a redeem from before is reversed');
SELECT is(test.move(test.entry('credit', 'S-2', 1, kind => 'adjust_up')),
	'adjust_up +1 #7 =900/0', 'an operator corrects');
SELECT is(test.move(test.entry('debit', 'S-2', 50, kind => 'adjust_down')),
	'adjust_down -50 #8 =850/0', 'either way');
SELECT is(test.move(test.entry('debit', 'S-2', 850, kind => 'expire')),
	'expire -850 #9 =0/0', 'and takes off what expired');
SELECT test.clock(NULL);

SELECT test.card('S-3', 1000) \g /dev/null
SELECT test.move(test.entry('authorise', 'S-3', 100, expires_in => 60),
	test.entry('debit', 'S-3', 100)) \g /dev/null
UPDATE ledger.card SET state = 'deleted' WHERE tenant_id = test.a()
	AND code = 'S-3';
UPDATE ledger.purse SET state = 'deleted' WHERE tenant_id = test.a()
	AND card_id = test.id('S-3');
SELECT is(test.move(test.entry(a, 'S-3', 1, seq => s)), 'card_deleted',
	'a deleted card: no ' || a) FROM (VALUES ('credit', NULL),
	('debit', NULL), ('authorise', NULL), ('capture', 2), ('void', 2),
	('lapse', 2), ('reverse', 3)) AS v (a, s);
SELECT test.clock('2099-01-01 00:00:00+00');
SELECT is(test.move(test.entry('debit', 'S-3', 1)), 'card_deleted',
	'also where a hold has come due');
SELECT test.clock(NULL);

-- The version expected.
SELECT test.card('V-1', 1000) \g /dev/null
SELECT is(test.move(test.entry('debit', 'V-1', 1, version => 2)),
	'version_conflict', 'another version');
SELECT is(test.move(test.entry('debit', 'V-1', 1, version => 1)),
	'redeem -1 #2 =999/0', 'the one that was read');
SELECT is(test.move(test.entry('credit', 'V-1', 1, version => 1)),
	'version_conflict', 'it is the past now');
SELECT is(test.move(test.entry('reverse', 'V-1', seq => 2, version => 2)),
	'reversal +1 #3 =1000/0 of 2', 'for every action');
SELECT is(test.move(test.entry('debit', 'V-1', 1, version => 3),
	test.entry('debit', 'V-1', 1, version => 4),
	test.entry('debit', 'V-1', 1, version => 4)),
	'redeem -1 #4 =999/0; redeem -1 #5 =998/0; version_conflict',
	'in a batch each entry is after the one before');
SELECT is(test.state('V-1', 'suspended'), 'ok', 'state goes first:');
SELECT is(test.move(test.entry('debit', 'V-1', 1, version => 1)),
	'card_suspended', 'what is wrong for good is said before');
SELECT is(test.state('V-1', 'active'), 'ok', 'active again');
-- A hold that comes due is no reason to read again: who read the purse saw
-- its value free. In a chain the lapse would be undone with the refusal, and
-- the same conflict come back for ever.
SELECT test.clock('2031-01-01 00:00:00+00');
SELECT is(test.move(test.entry('authorise', 'V-1', 998, expires_in => 60)),
	'authorise 998 #6 =998/998', 'a hold');
SELECT test.clock('2031-01-01 00:01:00+00');
SELECT is((SELECT concat(available, ' v', version)
	FROM api.card_get(test.who(test.a()), 'V-1')), '998 v6',
	'is due; read');
SELECT is(test.move(
	test.entry('debit', 'V-1', 500, version => 6, linked => true),
	test.entry('debit', 'V-1', 498)),
	'redeem -500 #8 =498/0; redeem -498 #9 =0/0',
	'decided on that version, also in a chain');
SELECT test.clock(NULL);

-- Batches and chains.
SELECT test.card('C-' || i, 100) FROM generate_series(1, 4) i \g /dev/null
SELECT is(test.move(test.entry('debit', 'C-1', 10),
	test.entry('debit', 'C-2', 101), test.entry('debit', 'C-3', 30)),
	'redeem -10 #2 =90/0; insufficient_funds, available 100; '
	'redeem -30 #2 =70/0', 'without links each stands alone');
SELECT is(test.move(test.entry('debit', 'C-1', 10, linked => true),
	test.entry('debit', 'C-2', 10, linked => true),
	test.entry('debit', 'C-3', 10)), 'redeem -10 #3 =80/0; '
	'redeem -10 #2 =90/0; redeem -10 #3 =60/0', 'a chain is all');
SELECT is(test.move(test.entry('debit', 'C-1', 10, linked => true),
	test.entry('debit', 'C-2', 91, linked => true),
	test.entry('debit', 'C-3', 10)), 'linked_transfer_failed; '
	'insufficient_funds, available 90; linked_transfer_failed',
	'or nothing, and the culprit says why');
SELECT is(test.move(test.entry('debit', 'C-NONE', 10, linked => true),
	test.entry('debit', 'C-3', 10)),
	'card_not_found; linked_transfer_failed', 'broken at its first');
SELECT is(test.move(test.entry('debit', 'C-1', 10, linked => true),
	test.entry('debit', 'C-2', 10, linked => true),
	test.entry('reverse', 'C-3', seq => 99)), 'linked_transfer_failed; '
	'linked_transfer_failed; transfer_not_found', 'broken at its last');
SELECT is(test.purse('C-1') || ' ' || test.purse('C-2') || ' ' ||
	test.purse('C-3'), 'active v3 80/0 active v2 90/0 active v3 60/0',
	'of broken chains nothing stays');
SELECT is(test.move(test.entry('debit', 'C-1', 1, linked => true),
	test.entry('debit', 'C-2', 1), test.entry('debit', 'C-3', 1,
	linked => true), test.entry('debit', 'C-4', 1)),
	'redeem -1 #4 =79/0; redeem -1 #3 =89/0; redeem -1 #4 =59/0; '
	'redeem -1 #2 =99/0', 'two chains');
SELECT is(test.move(test.entry('debit', 'C-1', 1, linked => true),
	test.entry('debit', 'C-2', 500), test.entry('debit', 'C-3', 1,
	linked => true), test.entry('debit', 'C-4', 1)),
	'linked_transfer_failed; insufficient_funds, available 89; '
	'redeem -1 #5 =58/0; redeem -1 #3 =98/0', 'the first broken');
SELECT is(test.move(test.entry('debit', 'C-1', 1, linked => true),
	test.entry('debit', 'C-2', 1), test.entry('debit', 'C-3', 500,
	linked => true), test.entry('debit', 'C-4', 1),
	test.entry('debit', 'C-4', 2)),
	'redeem -1 #5 =78/0; redeem -1 #4 =88/0; '
	'insufficient_funds, available 58; linked_transfer_failed; '
	'redeem -2 #4 =96/0', 'the second, and one alone after it');
SELECT is(test.move(test.entry('authorise', 'C-4', 96, linked => true),
	test.entry('capture', 'C-4', 90, seq => 5, linked => true),
	test.entry('debit', 'C-4', 6, linked => true),
	test.entry('reverse', 'C-4', seq => 6)),
	'authorise 96 #5 =96/96; capture -90 #6 =6/0 of 5; '
	'redeem -6 #7 =0/0; reversal +90 #8 =90/0 of 6',
	'a chain over one card sees itself');
SELECT is(test.move(test.entry('authorise', 'C-4', 90, linked => true),
	test.entry('capture', 'C-4', 50, seq => 9, linked => true),
	test.entry('debit', 'C-4', 1000)), 'linked_transfer_failed; '
	'linked_transfer_failed; insufficient_funds, available 40',
	'broken: its hold is gone too');
SELECT is(test.hold('C-4', 9), NULL, 'without a trace');
SELECT is(test.move(test.entry('debit', 'C-4', 1, linked => true)),
	'redeem -1 #9 =89/0', 'a link with nothing after it is none');
SELECT throws_ok($$ SELECT * FROM api.post(test.who(test.a()),
	gen_random_uuid(), gen_random_uuid(), ARRAY[ROW('open', NULL,
	test.id('C-1'), 840, NULL, NULL, 100, NULL, NULL, NULL, NULL, NULL,
	NULL, NULL)::api.transfer_in]) $$, '22004', NULL,
	'a purse cannot be opened from outside');
SELECT throws_ok($$ SELECT test.move(test.entry('steal', 'C-1', 1)) $$,
	'20000', NULL, 'an unknown action is no movement');

-- Idempotency. first and again compare column by column, all but replayed.
CREATE FUNCTION test.answer(r api.transfer_row) RETURNS jsonb
LANGUAGE sql RETURN to_jsonb(r) - 'replayed';
CREATE FUNCTION test.same(p_key uuid, p_text text, p_say text,
    VARIADIC p_entries api.transfer_in[]) RETURNS SETOF text
LANGUAGE plpgsql AS $$
DECLARE
	v_first	jsonb;
	v_say	text;
BEGIN
	SELECT jsonb_agg(test.answer(r)), string_agg(test.say(r), '; ')
	    INTO v_first, v_say
	    FROM test.keyed(p_key, p_key, VARIADIC p_entries) r;
	RETURN NEXT is(v_say, p_say, p_text);
	RETURN NEXT throws_ok(format('SELECT * FROM test.keyed(%L, %L, '
	    'VARIADIC %L::api.transfer_in[])', p_key, p_key, p_entries),
	    'TS001', NULL, p_text || ': the key was used');
	RETURN NEXT is((SELECT jsonb_agg(test.answer(r)) FROM
	    api.post_replay(test.who(test.a()), p_key, p_key) r), v_first,
	    p_text || ': the same answer again');
	RETURN NEXT ok((SELECT bool_and(r.replayed) FROM
	    api.post_replay(test.who(test.a()), p_key, p_key) r),
	    p_text || ': which is said');
END $$;
SELECT test.card('I-' || i, 1000) FROM generate_series(1, 3) i \g /dev/null
SELECT test.same('00000000-0000-0000-0000-000000000001', 'debit',
	'redeem -100 #2 =900/0', test.entry('debit', 'I-1', 100,
	reference => 'x'));
SELECT is(test.purse('I-1'), 'active v2 900/0', 'booked once');
SELECT test.same('00000000-0000-0000-0000-000000000002', 'authorise',
	'authorise 100 #3 =900/100', test.entry('authorise', 'I-1', 100,
	expires_in => 600));
SELECT test.same('00000000-0000-0000-0000-000000000003', 'capture',
	'capture -40 #4 =860/0 of 3', test.entry('capture', 'I-1', 40,
	seq => 3));
SELECT test.same('00000000-0000-0000-0000-000000000004', 'partial debit',
	'redeem -860 #5 =0/0', test.entry('debit', 'I-1', 2000,
	partial => true));
SELECT test.same('00000000-0000-0000-0000-000000000005', 'refused debit',
	'insufficient_funds, available 0', test.entry('debit', 'I-1', 1));
SELECT test.move(test.entry('credit', 'I-1', 500)) \g /dev/null
SELECT is((SELECT test.say(r) FROM api.post_replay(test.who(test.a()),
	'00000000-0000-0000-0000-000000000005',
	'00000000-0000-0000-0000-000000000005') r),
	'insufficient_funds, available 0', 'a refusal stands, come what may');
SELECT test.same('00000000-0000-0000-0000-000000000006', 'reversal',
	'reversal +100 #7 =600/0 of 2', test.entry('reverse', 'I-1',
	seq => 2));
SELECT test.same('00000000-0000-0000-0000-000000000007', 'repeated reversal',
	'reversal +100 #7 =600/0 of 2 repeated', test.entry('reverse', 'I-1',
	seq => 2));
SELECT test.same('00000000-0000-0000-0000-000000000008',
	'a repeated reversal that is not the first entry',
	'redeem -1 #8 =599/0; reversal +100 #7 =600/0 of 2 repeated',
	test.entry('debit', 'I-1', 1), test.entry('reverse', 'I-1', seq => 2));
SELECT test.same('00000000-0000-0000-0000-000000000009', 'a mixed batch',
	'redeem -1 #9 =598/0; card_not_found; hold_not_found; '
	'linked_transfer_failed; insufficient_funds, available 1000',
	test.entry('debit', 'I-1', 1), test.entry('debit', 'I-NONE', 1),
	test.entry('void', 'I-1', seq => 2),
	test.entry('debit', 'I-2', 1, linked => true),
	test.entry('debit', 'I-3', 9999));
SELECT is((SELECT r.status::text FROM api.post_replay(test.who(test.a()),
	'00000000-0000-0000-0000-000000000001', gen_random_uuid()) r),
	'idempotency_key_reused', 'the same key for something else');
SELECT is_empty($$ SELECT * FROM api.post_replay(test.who(test.a()),
	gen_random_uuid(), gen_random_uuid()) $$, 'a key nobody used');
SELECT is_empty($$ SELECT * FROM api.post_replay(test.who(test.b()),
	'00000000-0000-0000-0000-000000000001',
	'00000000-0000-0000-0000-000000000001') $$,
	'keys are each tenant''s own');
SELECT is((SELECT test.say(r) FROM api.post(test.who(test.b()),
	'00000000-0000-0000-0000-000000000001',
	'00000000-0000-0000-0000-000000000001',
	ARRAY[test.entry('debit', 'I-1', 1)]) r), 'card_not_found',
	'and so are codes');
-- A version that had changed is for the caller to decide on again.
SELECT is((SELECT test.say(r) FROM test.keyed(
	'00000000-0000-0000-0000-00000000000a', gen_random_uuid(),
	test.entry('debit', 'I-2', 1, version => 9)) r), 'version_conflict',
	'a version conflict');
SELECT is_empty($$ SELECT FROM ledger.idempotency WHERE tenant_id = test.a()
	AND key = '00000000-0000-0000-0000-00000000000a' $$, 'is not kept');
SELECT test.same('00000000-0000-0000-0000-00000000000a',
	'decided anew under the same key', 'redeem -1 #2 =999/0',
	test.entry('debit', 'I-2', 1, version => 1));
SELECT is((SELECT test.say(r) FROM test.keyed(
	'00000000-0000-0000-0000-00000000000b', gen_random_uuid(),
	test.entry('debit', 'I-2', 1, linked => true),
	test.entry('debit', 'I-3', 1, version => 9)) r OFFSET 1),
	'version_conflict', 'a conflict in a chain');
SELECT is_empty($$ SELECT FROM ledger.idempotency WHERE tenant_id = test.a()
	AND key = '00000000-0000-0000-0000-00000000000b' $$,
	'is not kept either');
SELECT test.same('00000000-0000-0000-0000-00000000000c',
	'a conflict beside something booked',
	'redeem -1 #3 =998/0; version_conflict',
	test.entry('debit', 'I-2', 1), test.entry('debit', 'I-3', 1,
	version => 9));

-- Another transaction works under the key. Its lock is another session's.
CREATE EXTENSION IF NOT EXISTS dblink;
SELECT dblink_connect('other', format('host=%s port=%s dbname=%s user=%s',
	split_part(current_setting('unix_socket_directories'), ',', 1),
	current_setting('port'), current_database(), current_user))
	\g /dev/null
SELECT * FROM dblink('other', format('SELECT pg_advisory_lock('
	'uuid_hash_extended(%L, %s))::text',
	'00000000-0000-0000-0000-00000000000d', test.a())) AS x (v text)
	\g /dev/null
SELECT is((SELECT test.say(r) FROM test.keyed(
	'00000000-0000-0000-0000-00000000000d', gen_random_uuid(),
	test.entry('debit', 'I-3', 1)) r), 'call: request_in_progress',
	'a key under which another works right now');
SELECT is((SELECT status::text FROM api.card_issue(test.who(test.a()),
	'00000000-0000-0000-0000-00000000000d', gen_random_uuid(),
	ARRAY['I-9'], 'GIFT', 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL)),
	'request_in_progress', 'issuing too');
SELECT is((SELECT status::text FROM api.card_batch(test.who(test.a()),
	'00000000-0000-0000-0000-00000000000d', gen_random_uuid(),
	ARRAY['I-9'], 1, 'GIFT', 1, NULL, NULL, NULL, NULL, NULL)),
	'request_in_progress', 'and a batch of cards');
SELECT dblink_disconnect('other') \g /dev/null
SELECT is(test.purse('I-3'), 'active v1 1000/0', 'which books nothing');

-- Who asks has changed since.
UPDATE ledger.credential SET version = version + 1
	WHERE tenant_id = test.a();
SELECT is((SELECT status::text FROM api.post(ROW(test.a(),
	(test.who(test.a())).credential, 1, NULL, 'UTC', gen_random_uuid())
	::api.caller, gen_random_uuid(), gen_random_uuid(),
	ARRAY[test.entry('debit', 'I-3', 1)])), 'credential_stale',
	'a credential that changed books nothing');
SELECT is((SELECT status::text FROM api.post_replay(ROW(test.a(),
	(test.who(test.a())).credential, 1, NULL, 'UTC', gen_random_uuid())
	::api.caller, '00000000-0000-0000-0000-000000000001',
	'00000000-0000-0000-0000-000000000001')), 'credential_stale',
	'nor does it read what was');

-- History, one movement, one hold.
SELECT results_eq($$ SELECT seq FROM api.transfer_list(test.who(test.a()),
	'C-4', NULL, NULL, NULL, 3) $$, ARRAY[9, 8, 7], 'newest first');
SELECT results_eq($$ SELECT l.seq FROM ledger.transfer x,
	LATERAL api.transfer_list(test.who(test.a()), 'C-4', x.created_at,
	x.unit, x.seq, 3) l WHERE x.tenant_id = test.a()
	AND x.card_id = test.id('C-4') AND x.seq = 7 $$, ARRAY[6, 5, 4],
	'and on from there');
SELECT is((SELECT status::text FROM api.transfer_list(test.who(test.a()),
	'C-NONE', NULL, NULL, NULL, 3)), 'card_not_found',
	'no history of an unknown card');
SELECT is((SELECT concat_ws(' ', kind, direction * amount, seq,
	balance_after, held_after, origin_seq) FROM api.transfer_get(
	test.who(test.a()), test.id('C-4'), 978::smallint, 6)),
	'capture -90 6 6 0 5',
	'one movement');
SELECT is((SELECT status::text FROM api.transfer_get(test.who(test.a()),
	test.id('C-4'), 978::smallint, 99)), 'transfer_not_found',
	'that is not there');
SELECT results_eq($$ SELECT hold_state, remaining, captured, released, seq,
	kind::text FROM api.hold_get(test.who(test.a()), test.id('C-4'),
	978::smallint, 5) $$, $$ VALUES
	('captured', 0::bigint, 90::bigint, 6::bigint, 5, 'authorise'),
	('captured', 0, 90, 6, 6, 'capture') $$,
	'a hold with its transfers, without their reversals');
SELECT is((SELECT status::text FROM api.hold_get(test.who(test.a()),
	test.id('C-4'), 978::smallint, 7)), 'hold_not_found',
	'a redeem is no hold');

SELECT * FROM finish();
ROLLBACK;
