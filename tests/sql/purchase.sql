-- sql/functions/purchase.sql and 03_points_view.sql: points earned, spent, given
-- back, taken back, with the purchase beside them.
BEGIN;
\ir lib/world.psql
SELECT * FROM no_plan();

INSERT INTO ledger.programme (tenant_id, kind, unit, code_length, amount_max,
	number, code, name, prefix, alphabet, settings) VALUES
	(:a, 7, 1001, 13, 100000, 2, 'P5', 'Five per cent', 'DEMO_',
	    '0123456789ABCDEF', '{"earn_rate_bp": 500}'),
	(:a, 7, 1001, 13, 100000, 3, 'P75', 'Seven and a half', 'DEMO_',
	    '0123456789ABCDEF', '{"earn_rate_bp": 750, "redeem_value": 10}'),
	(:b, 7, 1001, 13, 100000, 2, 'P5', 'Hers', 'DEMO_',
	    '0123456789ABCDEF', '{"earn_rate_bp": 500}');

CREATE FUNCTION test.points(p_code text, p_programme text DEFAULT 'P5',
    p_tenant integer DEFAULT test.a()) RETURNS text
LANGUAGE sql
BEGIN ATOMIC
	SELECT r.status::text FROM api.card_issue(test.who(p_tenant),
	    gen_random_uuid(), gen_random_uuid(), ARRAY[p_code], p_programme,
	    0, NULL, NULL, NULL, NULL, NULL, NULL, NULL) r;
END;

-- "#: spent earned = points worth", or why not.
CREATE FUNCTION test.told(r ledger.purchase_view) RETURNS text
LANGUAGE sql
RETURN CASE WHEN r.status = 'ok' THEN concat(r.spent, ' ',
	CASE WHEN r.earned > 0 THEN '+' END, r.earned, ' = ', r.points_after,
	' ', r.worth_after, CASE WHEN r.repeated THEN ' repeated' END)
	ELSE r.status::text END;

CREATE FUNCTION test.buy(p_code text, p_amount bigint,
    p_points bigint DEFAULT 0, p_discount bigint DEFAULT 0,
    p_detail text DEFAULT 'x', p_check boolean DEFAULT false,
    p_window integer DEFAULT 0, p_key uuid DEFAULT gen_random_uuid(),
    p_print uuid DEFAULT '00000000-0000-0000-0000-000000000001')
    RETURNS text
LANGUAGE sql
BEGIN ATOMIC
	SELECT test.told(r) FROM api.purchase_post(test.who(test.a()), p_key,
	    p_print, 978::smallint, 2, p_code, p_amount, p_discount, p_points, p_detail,
	    p_check, p_window) r;
END;

CREATE FUNCTION test.worth(p_code text) RETURNS text
LANGUAGE sql
BEGIN ATOMIC
	SELECT CASE WHEN r.status = 'ok' THEN concat_ws(' ', r.state, r.points,
	    r.worth, CASE WHEN r.money THEN r.unit END) ELSE r.status::text END
	    FROM api.points_get(test.who(test.a()), p_code) r;
END;

CREATE FUNCTION test.rule(p_programme text, p_settings jsonb)
    RETURNS SETOF void
LANGUAGE sql
BEGIN ATOMIC
	UPDATE ledger.programme g SET settings = g.settings || p_settings
	    WHERE g.tenant_id = test.a() AND g.code = p_programme;
END;

CREATE FUNCTION test.moves(p_code text) RETURNS text
LANGUAGE sql
RETURN (SELECT string_agg(concat(t.kind, ' ', t.direction * t.amount, ' ',
	t.contra), '; ' ORDER BY t.seq) FROM ledger.transfer t
	WHERE t.tenant_id = test.a() AND t.card_id = test.id(p_code));

-- The check list's item 7: 5 %, one point is worth one.
SELECT is(test.points('A-1'), 'ok', 'a card of points');
SELECT is(test.worth('A-1'), 'active 0 0', 'nothing yet');
SELECT is(test.buy('A-1', 74000), '0 +37 = 37 3700', '740 earn 37');
SELECT is(test.buy('A-1', 75000), '0 +37 = 74 7400', '37.5 are 37');
SELECT is(test.buy('A-1', -75000), '0 -37 = 37 3700', 'and cancel exactly');
SELECT is(test.buy('A-1', 50000, 37, 3700), '37 0 = 0 0', 'spent');
SELECT is(test.buy('A-1', 50000, 1, 100), 'insufficient_funds', 'all gone');
SELECT is(test.buy('A-1', -74000, 37), '-37 0 = 37 3700', 'given back');
SELECT is(test.buy('A-1', -74000, 1), 'refund_exceeded', 'but once');
SELECT is(test.worth('A-1'), 'active 37 3700', 'as it is read');
SELECT is(test.moves('A-1'), 'earn 37 reward; earn 37 reward; '
	'clawback -37 reward; redeem -37 sales; refund 37 sales',
	'each through the door');
SELECT results_eq($$ SELECT amount, discount, spent, earned, points_after,
	worth_after FROM ledger.purchase WHERE tenant_id = test.a()
	ORDER BY purchase_id $$, $$ VALUES
	(74000::bigint, 0::bigint, 0::bigint, 37::bigint, 37::bigint,
	    3700::bigint), (75000, 0, 0, 37, 74, 7400),
	(-75000, 0, 0, -37, 37, 3700), (50000, 3700, 37, 0, 0, 0),
	(-74000, 0, -37, 0, 37, 3700) $$, 'and the purchase beside it');

-- A card whose type is worth less: 56 points at 0.10.
SELECT is(test.points('B-1', 'P75'), 'ok', 'another type');
SELECT is(test.buy('B-1', 74667), '0 +56 = 56 560', '7.5 % of 746.67');
SELECT is(test.buy('B-1', 1), '0 0 = 56 560', 'a small one earns nothing');
SELECT is(test.buy('B-1', 1333), '0 0 = 56 560', 'just below one point');
SELECT is(test.buy('B-1', 1334), '0 +1 = 57 570', 'and just one');
SELECT is(test.buy('B-1', -1334), '0 -1 = 56 560', 'undone');
SELECT is((SELECT count(*)::integer FROM ledger.purchase
	WHERE tenant_id = :a AND card_id = test.id('B-1')), 5,
	'all are recorded, points or not');
-- Halves of a minor unit round up, also below zero.
SELECT test.rule('P75', '{"redeem_points": 8, "redeem_value": 1}');
SELECT is(test.worth('B-1'), 'active 56 7', '56 / 8');
SELECT is((SELECT array_agg(ledger.points_worth(p, 8, 1) ORDER BY p)
	FROM unnest(ARRAY[-12, -5, -4, -3, 0, 3, 4, 5, 12]::bigint[]) p),
	ARRAY[-1, -1, 0, 0, 0, 0, 1, 1, 2]::bigint[], 'half rounds up');
SELECT is(ledger.points_worth(1000000000000000, 1, 1000000000),
	1000000000000000000, 'and nothing overflows');
SELECT is(ledger.points_worth(-1000000000000000, 1, 1000000000),
	-1000000000000000000, 'either way');
SELECT is(ledger.points_earned(1000000000000000, 1000000, 2),
	1000000000000000, 'nor what is earned');

-- Points gone before their purchase is cancelled: below zero.
SELECT is(test.points('C-1'), 'ok', 'one more card');
SELECT is(test.buy('C-1', 100000), '0 +50 = 50 5000', 'bought');
SELECT is(test.buy('C-1', 20000, 40, 4000), '40 0 = 10 1000', 'spent');
SELECT is(test.buy('C-1', -100000), '0 -50 = -40 -4000', 'cancelled');
SELECT is(test.worth('C-1'), 'active -40 -4000', 'reported as it is');
SELECT is(test.buy('C-1', 1000, 1, 100), 'insufficient_funds', 'no credit');
SELECT is(test.buy('C-1', 80000), '0 +40 = 0 0', 'back to nothing');
SELECT is(test.buy('C-1', 1000, 1, 100), 'insufficient_funds', 'still none');
SELECT is(test.buy('C-1', 2000), '0 +1 = 1 100', 'positive');
SELECT is(test.buy('C-1', 1000, 1, 100), '1 0 = 0 0', 'and spendable');

-- What came through another door counts: 41 were spent here, 10 redeemed there.
SELECT is(test.buy('C-1', 40000), '0 +20 = 20 2000', 'filled');
SELECT is(test.move(test.entry('debit', 'C-1', 10)),
	'redeem -10 #8 =10/0', 'redeemed through another API');
SELECT is(test.buy('C-1', -1000, 52), 'refund_exceeded', 'more than both');
SELECT is(test.buy('C-1', -1000, 11), '-11 0 = 21 2100', 'in parts');
SELECT is(test.buy('C-1', -1000, 40), '-40 0 = 61 6100', 'the rest');
SELECT is(test.buy('C-1', -1000, 1), 'refund_exceeded', 'no more');
SELECT is(test.move(test.entry('credit', 'C-1', 1, kind => 'refund')),
	'refund_exceeded, available 0', 'the door itself says so');
SELECT is(test.move(test.entry('debit', 'C-1', 10)),
	'redeem -10 #11 =51/0', 'taken');
SELECT is(test.move(test.entry('reverse', 'C-1', NULL, 11,
	unit => 1001::smallint)), 'reversal +10 #12 =61/0 of 11', 'reversed');
SELECT is(test.buy('C-1', -1000, 1), 'refund_exceeded',
	'what was reversed is not given back too');

-- Held points are neither spent nor shown; a due hold is free again.
SELECT is(test.move(test.entry('authorise', 'C-1', 60, expires_in => 60)),
	'authorise 60 #13 =61/60', 'held');
SELECT is(test.worth('C-1'), 'active 1 100', 'not there');
SELECT is(test.buy('C-1', 1000, 2, 200), 'insufficient_funds', 'not spent');
SELECT is(test.buy('C-1', -100000), '0 -50 = -49 -4900',
	'a cancelled purchase goes below what is held');
SELECT is(test.move(test.entry('capture', 'C-1', 60, 13,
	unit => 1001::smallint)), 'capture -60 #15 =-49/0 of 13',
	'the hold is good all the same');

-- What is paid beside points earns where the programme says so; and a return
-- takes back what its purchase earned.
SELECT test.rule('P5', '{"earn_on_spend": true}');
SELECT is(test.points('D-1'), 'ok', 'a card');
SELECT is(test.buy('D-1', 200000), '0 +100 = 100 10000', 'earned');
SELECT is(test.buy('D-1', 50000, 10, 2000), '10 +24 = 114 11400',
	'5 % of 480');
SELECT is(test.buy('D-1', -50000, 10), '-10 -24 = 100 10000',
	'as much goes back');
SELECT is(test.buy('D-1', 50000, 10, 60000), '10 0 = 90 9000',
	'a discount beyond the amount earns nothing');
SELECT is(test.buy('D-1', -20000, 5), '-5 -9 = 86 8600',
	'a part: 5 % of 200 less what 5 points are worth');
SELECT test.rule('P5', '{"earn_on_spend": false}');
SELECT is(test.buy('D-1', -20000, 4), '-4 0 = 90 9000', 'nor when it is off');
SELECT is(test.buy('D-1', 50000, 10, 1000), '10 0 = 80 8000', 'off');
SELECT test.rule('P5', '{"earn_on_spend": true}');
SELECT is(test.buy('D-1', -50000, 10), '-10 0 = 90 9000',
	'a purchase that earned nothing gives nothing back');
-- What one purchase earned goes once, however often its figures come.
SELECT is(test.points('D-2'), 'ok', 'another card');
SELECT is(test.buy('D-2', 200000), '0 +100 = 100 10000', 'filled');
SELECT is(test.buy('D-2', 50000, 10, 2000), '10 +24 = 114 11400', 'bought');
SELECT is(test.buy('D-2', 50000, 10, 1000), '10 +24 = 128 12800', 'twice');
SELECT test.rule('P5', '{"earn_on_spend": false}');
SELECT is(test.buy('D-2', 1000, 10, 1000), '10 0 = 118 11800', 'other');
SELECT is(test.buy('D-2', -50000, 10), '-10 -24 = 104 10400', 'returned');
SELECT is(test.buy('D-2', -50000, 10), '-10 -24 = 90 9000', 'the second');
SELECT is(test.buy('D-2', -50000, 10), '-10 0 = 100 10000', 'none is left');
SELECT test.rule('P5', '{"earn_on_spend": true}');
-- Both or neither: the second movement fails, the first goes with it.
SELECT is((SELECT count(*)::integer FROM ledger.purchase
	WHERE tenant_id = :a AND card_id = test.id('D-1')), 8, 'recorded');

-- The discount against the points.
SELECT is(test.buy('D-1', 5000, 10, 1001, p_check => true), '10 +1 = 81 8100',
	'within a hundredth');
SELECT is(test.buy('D-1', 5000, 10, 999, p_check => true), '10 +2 = 73 7300',
	'either way');
SELECT is(test.buy('D-1', 5000, 10, 1002, p_check => true), 'invalid', 'not');
SELECT is(test.buy('D-1', 5000, 10, 998, p_check => true), 'invalid', 'nor');
SELECT is(test.worth('D-1'), 'active 73 7300', 'nothing booked');

-- The same again within the window.
SELECT test.rule('P5', '{"earn_on_spend": false}');
SELECT is(test.buy('D-1', 2000, p_window => 60), '0 +1 = 74 7400', 'first');
SELECT is(test.buy('D-1', 2000, p_window => 60),
	'0 +1 = 74 7400 repeated', 'again');
SELECT is(test.buy('D-1', 4000, p_window => 60), '0 +2 = 76 7600', 'other');
SELECT is(test.buy('D-1', 2000, p_window => 60),
	'0 +1 = 74 7400 repeated', 'the first answer, whatever came since');
SELECT is(test.buy('D-1', 2000, p_detail => 'y', p_window => 60),
	'0 +1 = 77 7700', 'another text');
SELECT is(test.buy('D-1', 2000, 3, 300, p_window => 60),
	'3 0 = 74 7400', 'another act');
SELECT is(test.buy('D-1', 2000, 3, 300, p_window => 60),
	'3 0 = 74 7400 repeated', 'again');
SELECT is(test.buy('D-1', 2000), '0 +1 = 75 7500', 'without a window');
SELECT test.clock(now() + interval '61 s');
SELECT is(test.buy('D-1', 2000, p_window => 60), '0 +1 = 76 7600',
	'when it is over');
SELECT test.clock(NULL);

-- Under a key.
SELECT is(test.buy('D-1', 2000, p_key =>
	'00000000-0000-0000-0000-0000000000aa'), '0 +1 = 77 7700', 'a key');
SELECT throws_ok($$ SELECT test.buy('D-1', 2000, p_key =>
	'00000000-0000-0000-0000-0000000000aa') $$, 'TS001', NULL,
	'is used once');
SELECT is((SELECT test.told(r) FROM api.purchase_replay(test.who(:a),
	'00000000-0000-0000-0000-0000000000aa',
	'00000000-0000-0000-0000-000000000001') r), '0 +1 = 77 7700', 'replayed');
SELECT is((SELECT test.told(r) FROM api.purchase_replay(test.who(:a),
	'00000000-0000-0000-0000-0000000000aa',
	'00000000-0000-0000-0000-000000000002') r), 'idempotency_key_reused',
	'for the same request');
SELECT is(test.buy('D-1', 2000, 9999, p_key =>
	'00000000-0000-0000-0000-0000000000ab'), 'insufficient_funds', 'refused');
SELECT is((SELECT test.told(r) FROM api.purchase_replay(test.who(:a),
	'00000000-0000-0000-0000-0000000000ab',
	'00000000-0000-0000-0000-000000000001') r), 'insufficient_funds',
	'a refusal too');
SELECT is((SELECT count(*)::integer FROM api.purchase_replay(test.who(:a),
	'00000000-0000-0000-0000-0000000000ac',
	'00000000-0000-0000-0000-000000000001')), 0, 'nothing of no key');

-- States.
SELECT is(test.state('D-1', 'suspended'), 'ok', 'suspended');
SELECT is(test.buy('D-1', 2000), 'card_suspended', 'earns nothing');
SELECT is(test.buy('D-1', 1), 'card_suspended', 'nor records');
SELECT is(test.buy('D-1', 2000, 1), 'card_suspended', 'nor spends');
SELECT is(test.buy('D-1', -2000, 1), 'card_suspended', 'nor takes back');
SELECT is(test.worth('D-1'), 'suspended 77 7700', 'but tells');
SELECT is(test.state('D-1', 'active', '2031-01-01'), 'ok', 'active');
SELECT test.clock('2031-01-03');
SELECT is(test.buy('D-1', 2000), 'card_expired', 'expired');
SELECT is(test.worth('D-1'), 'expired 77 7700', 'it tells');
SELECT test.clock(NULL);
SELECT is(test.buy('NONE', 2000), 'card_not_found', 'nobody''s');
SELECT is(test.points('H-1', 'P5', :b), 'ok', 'hers');
SELECT is(test.buy('H-1', 2000), 'card_not_found', 'is nobody''s');
SELECT is(test.worth('H-1'), 'card_not_found', 'either way');

-- A card of money: a point is one whole unit, and worth it.
SELECT is(test.card('M-1', 5050), 'ok', 'a gift card');
SELECT is(test.worth('M-1'), 'active 50 5050 978', '50 points and a half');
SELECT is(test.buy('M-1', 10000, 20, 2000, p_check => true),
	'20 0 = 30 3050', 'spent by points');
SELECT is(test.buy('M-1', 10000), '0 0 = 30 3050', 'earns nothing');
SELECT is(test.buy('M-1', -10000, 20), '-20 0 = 50 5050', 'given back');
SELECT is(test.buy('M-1', 10000, 51), 'insufficient_funds', 'whole ones');
SELECT is(test.moves('M-1'), 'issue 5050 funding; redeem -2000 sales; '
	'refund 2000 sales', 'in its money');

-- The short way against the long one: two cards with the same past, the same
-- asked of both, and the same answers, rows and keys.
CREATE FUNCTION test.long(p_code text, p_amount bigint, p_discount bigint,
    p_points bigint) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	who	api.caller := test.who(test.a());
BEGIN
	IF NOT ledger.enter(who) THEN
		RETURN 'stale';
	END IF;
	RETURN test.told(ledger.purchase(who, gen_random_uuid(),
	    '00000000-0000-0000-0000-000000000001', 978::smallint, 2, p_code,
	    p_amount, p_discount, p_points, 'x', false, 0));
END $$;
CREATE FUNCTION test.rows_of(p_code text) RETURNS text
LANGUAGE sql
RETURN (SELECT concat((SELECT jsonb_agg(to_jsonb(q) - 'card_id' - 'changed_at'
	|| jsonb_build_object('changed', q.changed_at IS NOT NULL))
	FROM ledger.purse q WHERE q.tenant_id = test.a()
	AND q.card_id = test.id(p_code)),
	(SELECT jsonb_agg(to_jsonb(t) - 'card_id' - 'created_at'
	    - 'request_id' || jsonb_build_object('purchase_id', (SELECT count(*)
	    FROM ledger.purchase x WHERE x.tenant_id = t.tenant_id
	    AND x.card_id = t.card_id AND x.purchase_id <= t.purchase_id))
	    ORDER BY t.seq)
	FROM ledger.transfer t WHERE t.tenant_id = test.a()
	AND t.card_id = test.id(p_code)),
	(SELECT jsonb_agg(to_jsonb(x) - 'card_id' - 'created_at'
	    - 'request_id' - 'purchase_id' ORDER BY x.purchase_id)
	FROM ledger.purchase x WHERE x.tenant_id = test.a()
	AND x.card_id = test.id(p_code)),
	(SELECT jsonb_agg(jsonb_build_array(i.refs[2:], i.outcomes,
	    (i.detail ->> 'purchase') IS NULL, i.detail ->> 'repeated')
	    ORDER BY i.refs[3])
	FROM ledger.idempotency i WHERE i.tenant_id = test.a()
	AND (i.detail ->> 'card')::integer = test.id(p_code)),
	(SELECT bool_and(x.created_at = t.created_at
	    AND x.request_id = t.request_id) FROM ledger.purchase x
	JOIN ledger.transfer t USING (tenant_id, card_id, purchase_id)
	WHERE x.tenant_id = test.a() AND x.card_id = test.id(p_code))));
SELECT test.rule('P5', '{"redeem_points": 3, "redeem_value": 50}');
SELECT is(test.points('T-1'), test.points('T-2'), 'twins');
SELECT is(test.buy('T-1', v.amount, v.points, v.discount),
	test.long('T-2', v.amount, v.discount, v.points),
	format('the same answer to %s', v)) FROM (VALUES
	(100000, 0, 0), (1999, 0, 0), (0, 1, 0), (12345, 20, 1), (12345, 31, 0),
	(12345, 30, 1), (12345, 1, 0), (2000, 0, 0), (0, 1, 100),
	(99999999999, 0, 0)) AS v (amount, points, discount);
-- Which of them go the short way: those that succeed with the long one gone.
CREATE FUNCTION test.short(p_amount bigint, p_points bigint,
    p_check boolean DEFAULT false) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
	v	boolean := false;
BEGIN
	BEGIN
		ALTER FUNCTION ledger.purchase RENAME TO gone;
		v := test.buy('T-1', p_amount, p_points,
		    p_check => p_check) ~ '=';
		RAISE SQLSTATE 'TS999';
	EXCEPTION WHEN SQLSTATE 'TS999' OR undefined_function THEN
		NULL;
	END;
	RETURN v;
END $$;
SELECT is(test.short(v.amount, v.points, v.checks), v.short, v::text)
	FROM (VALUES (100000, 0, false, true), (1, 0, false, false),
	(100, 1, false, true), (0, 1, false, true), (-100000, 0, false, false),
	(-100, 1, false, false), (100, 1, true, false))
	AS v (amount, points, checks, short);
SELECT is(replace(test.rows_of('T-1'), 'T-1', 'T-2'), test.rows_of('T-2'),
	'and the same rows');
SELECT is(test.state('T-1', 'suspended'), test.state('T-2', 'suspended'),
	'suspended');
SELECT is(test.buy('T-1', v, 0, 0), test.long('T-2', v, 0, 0), 'refused')
	FROM unnest(ARRAY[100000, 1]::bigint[]) v;

-- Histories.
SELECT results_eq($$ SELECT kind::text, purchase_id IS NOT NULL,
	purchase_amount, purchase_discount, purchase_currency, purchase_detail
	FROM api.transfer_list(test.who(test.a()), 'M-1', NULL, NULL, NULL, 9)
	$$, $$ VALUES ('refund', true, -10000::bigint, 0::bigint,
	978::smallint, 'x'), ('redeem', true, 10000, 2000, 978::smallint, 'x'),
	('issue', false, NULL, NULL, NULL, NULL) $$, 'of transfers');
SELECT results_eq($$ SELECT test.told(r) FROM api.purchase_list(
	test.who(test.a()), 'M-1', NULL, 2) r $$, $$ VALUES
	('-20 0 = 50 5050'), ('0 0 = 30 3050') $$, 'of purchases');
SELECT is((SELECT test.told(r) FROM api.purchase_list(test.who(:a), 'M-1',
	(SELECT min(purchase_id) + 1 FROM ledger.purchase
	WHERE tenant_id = :a AND card_id = test.id('M-1')), 2) r),
	'20 0 = 30 3050', 'the next page');
SELECT is((SELECT test.told(r) FROM api.purchase_list(test.who(:a), 'H-1',
	NULL, 2) r), 'card_not_found', 'not hers');
SELECT throws_ok($$ SET LOCAL ROLE tessera_owner; UPDATE ledger.purchase
	SET amount = 1 $$, '42501', NULL, 'a purchase is immutable');

SELECT * FROM finish();
ROLLBACK;
