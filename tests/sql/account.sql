-- sql/functions/account.sql and reservation.sql: a web shop's accounts.
BEGIN;
\ir lib/world.psql
SELECT * FROM no_plan();

INSERT INTO ledger.programme (tenant_id, kind, unit, code_length, amount_max,
	number, code, name, prefix, alphabet, settings) VALUES
	(:a, 7, 1001, 13, 100000, 2, 'P100', 'Harbour Club', '', '0123456789',
	    '{"redeem_points": 100, "redeem_value": 100,
	    "earning_text": "1 point per 1.00 spent"}'),
	(:a, 7, 1001, 13, 100000, 3, 'P150', 'Odd', '', '0123456789',
	    '{"redeem_points": 150, "redeem_value": 100}'),
	(:b, 7, 1001, 13, 100000, 2, 'P100', 'Hers', '', '0123456789', '{}');

CREATE FUNCTION test.member(p_number text, p_programme text,
    p_points bigint, p_tenant integer DEFAULT test.a()) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	v_who	api.caller := test.who(p_tenant);
	v	text;
BEGIN
	SELECT r.status INTO v FROM api.holder_enrol(v_who, gen_random_uuid(),
	    gen_random_uuid(), ARRAY['L-' || p_number], p_programme, NULL,
	    NULL, 'x.invalid', ARRAY['external_id'], ARRAY[p_number]) r;
	PERFORM api.post(v_who, gen_random_uuid(), gen_random_uuid(),
	    ARRAY[test.entry('credit', 'L-' || p_number, p_points,
	    kind => 'earn')]) WHERE p_points > 0;
	RETURN v;
END $$;
SELECT is(test.member('NS-1', 'P100', 650), 'ok', 'a member');
SELECT is(test.member('NS-2', 'P150', 100), 'ok', 'another');
SELECT is(test.member('NS-3', 'P100', 0, :b), 'ok', 'hers');
SELECT is((SELECT status::text FROM api.customer_create(test.who(:a),
	ARRAY['external_id', 'email'], ARRAY['NS-9', 'x@example.com'])), 'ok',
	'one without points');

-- "650 0 of 100" is balance, held; refusals by name.
CREATE FUNCTION test.account(p_number text, p_code text DEFAULT NULL)
    RETURNS text
LANGUAGE sql
RETURN (SELECT CASE WHEN r.status = 'ok' THEN concat_ws(' ', r.balance,
	r.held, r.state) ELSE r.status::text END FROM api.account_get(
	test.who(test.a()), p_number, p_code, '-infinity', 'infinity', 100) r
	LIMIT 1);
CREATE FUNCTION test.hold(p_number text, p_sale text, p_points bigint,
    p_amount bigint DEFAULT 0, p_code text DEFAULT NULL,
    p_lapse integer DEFAULT NULL, p_auth uuid DEFAULT gen_random_uuid(),
    p_key uuid DEFAULT gen_random_uuid()) RETURNS text
LANGUAGE sql
BEGIN ATOMIC
	SELECT CASE WHEN r.status = 'ok' THEN concat_ws(' ', r.amount,
	    r.worth, CASE WHEN r.code = p_auth THEN 'new' END,
	    CASE WHEN r.repeated THEN 'repeated' END) ELSE r.status::text END
	    FROM api.authorise(test.who(test.a()), p_key, p_key, p_number,
	    p_code, p_sale, p_points, p_amount, p_auth, p_lapse) r;
END;
CREATE FUNCTION test.settle(p_ref text, p_auth uuid, p_confirm boolean)
    RETURNS text
LANGUAGE sql
BEGIN ATOMIC
	SELECT r.status::text FROM api.settle(test.who(test.a()), p_ref,
	    p_auth, p_confirm) r;
END;
CREATE FUNCTION test.earn(p_number text, p_points bigint,
    p_reason text DEFAULT NULL, p_reference text DEFAULT NULL,
    p_once boolean DEFAULT false) RETURNS text
LANGUAGE sql
BEGIN ATOMIC
	SELECT test.say(r) FROM api.loyalty_earn(test.who(test.a()),
	    gen_random_uuid(), gen_random_uuid(), p_number, p_points, p_reason,
	    p_reference, p_once) r;
END;
\set x '''00000000-0000-0000-0000-00000000000a''::uuid'
\set y '''00000000-0000-0000-0000-00000000000b''::uuid'

-- The contract's first worked example, step by step.
SELECT is(test.account('NS-1'), '650 0 active', 'start');
SELECT is(test.earn('ns-1', 250, 'Product review', 'RV-8812'),
	'earn +250 #2 =900/0', 'earn, the number in any case');
SELECT is(test.hold('NS-1', 'W-1', 300, p_auth => :x), '300 300 new', '2');
SELECT is(test.account('NS-1'), '900 300 active', 'set aside');
SELECT is(test.hold('NS-1', 'W-1', 300), '300 300 repeated', '3, the same');
SELECT is((SELECT code FROM api.authorise(test.who(:a), gen_random_uuid(),
	gen_random_uuid(), 'NS-1', NULL, 'W-1', 300, 0, gen_random_uuid(),
	NULL)), :x, 'with the same code');
SELECT is(test.account('NS-1'), '900 300 active', 'nothing twice');
SELECT is(test.hold('NS-1', 'W-2', 0, 1000, p_auth => :y), '600 600 new',
	'4, a part');
SELECT is(test.hold('NS-1', 'W-3', 1), 'insufficient_funds', '5');
SELECT is(test.settle('NS-1', :y, false), 'ok', '6');
SELECT is(test.account('NS-1'), '900 300 active', 'released');
SELECT is(test.settle('NS-1', :x, true), 'ok', '7');
SELECT is(test.account('NS-1'), '600 0 active', 'taken');
SELECT is(test.settle('NS-1', :x, true), 'ok', '8');
SELECT is(test.account('NS-1'), '600 0 active', 'once');
SELECT is(test.settle('NS-1', :x, false), 'hold_not_open', '9');
SELECT is(test.settle('NS-1', :y, true), 'hold_not_open', '10');
SELECT is(test.settle('NS-1', :y, false), 'ok', 'cancelled twice');
SELECT is(test.settle('NS-2', :x, true), 'hold_not_found', '11');
SELECT is(test.settle('NS-1', gen_random_uuid(), true), 'hold_not_found',
	'no such code');
SELECT is(test.account('NS-1'), '600 0 active', 'all the same');

-- The second: 150 points are 1.00.
CREATE FUNCTION test.odd(p_points bigint, p_amount bigint) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	v	text;
	v_auth	uuid := gen_random_uuid();
BEGIN
	v := test.hold('NS-2', 'O', p_points, p_amount, p_auth => v_auth);
	PERFORM test.settle('NS-2', v_auth, false);
	RETURN v;
END $$;
SELECT is(test.odd(100, 0), '100 66 new', 'points down to the cent');
SELECT is(test.odd(0, 50), '75 50 new', 'an amount exactly');
SELECT is(test.odd(0, 33), '50 33 new', 'points up');
SELECT is(test.odd(0, 500), '100 66 new', 'a part');
SELECT is(test.odd(1, 0), 'insufficient_funds', 'worth less than a cent');
SELECT is(test.odd(2, 0), '2 1 new', 'worth one');
SELECT is(test.odd(0, 1), '2 1 new', 'one cent');
SELECT is(test.odd(7, 99), '7 4 new', 'points decide');
SELECT is((SELECT array_agg(ledger.points_needed(m, 150, 100) = ceil(m * 1.5)
	AND ledger.points_cash(m, 150, 100) = floor(m / 1.5)) FROM
	generate_series(1, 500) m), array_fill(true, ARRAY[500]), 'any of them');

-- Who is meant.
SELECT is(test.account('nobody'), 'customer_not_found', 'nobody');
SELECT is(test.account('NS-9'), 'not_enrolled', 'without points');
SELECT is(test.account('NS-3'), 'customer_not_found', 'not hers');
SELECT is(test.earn('NS-9', 1), 'call: not_enrolled', 'nor earns');
SELECT is(test.hold('NS-9', 'A', 1), 'not_enrolled', 'nor holds');
SELECT is((SELECT concat_ws(' ', status, number) FROM api.customer_find(
	test.who(:a), 'ns-9', NULL)), 'ok NS-9', 'by number');
SELECT is((SELECT concat_ws(' ', status, number) FROM api.customer_find(
	test.who(:a), NULL, 'X@example.com')), 'ok NS-9', 'by e-mail');
SELECT is((SELECT status::text FROM api.customer_find(test.who(:a), NULL,
	'y@example.com')), 'customer_not_found', 'or not');
SELECT is((SELECT status::text FROM api.customer_create(test.who(:a),
	ARRAY['email'], ARRAY['X@example.com'])), 'ok', 'a second with it');
SELECT is((SELECT number FROM api.customer_find(test.who(:a), NULL,
	'x@example.com')), 'NS-9', 'the one with a number');
SELECT is((SELECT concat_ws(' ', status, email) FROM api.customer_find(
	test.who(:a), (SELECT max(customer_id)::text FROM ledger.customer
	WHERE tenant_id = :a), NULL)), 'ok X@example.com', 'by our number');
SELECT is((SELECT status::text FROM api.customer_create(test.who(:a),
	ARRAY['external_id', 'email'], ARRAY[n, 'x@example.com'])), 'ok', n)
	FROM unnest(ARRAY['NS-10', 'ns-8']) n;
SELECT is((SELECT number FROM api.customer_find(test.who(:a), NULL,
	'x@example.com')), 'ns-8', 'the lowest number');
SELECT is(test.state('L-NS-2', 'suspended'), 'ok', 'suspended');
SELECT is(test.account('NS-2'), '100 0 suspended', 'it tells');
SELECT is(test.hold('NS-2', 'A', 1), 'card_suspended', 'holds nothing');
SELECT is(test.earn('NS-2', 1), 'card_suspended', 'earns nothing');

-- Earned once, where that is asked for.
SELECT is(test.earn('NS-1', 5, 'r', 'd', true), 'earn +5 #7 =605/0', 'once');
SELECT is(test.earn('NS-1', 9, 'r', 'd', true),
	'earn +5 #7 =605/0 repeated', 'is enough');
SELECT is(test.earn('NS-1', 5, 'r', NULL, true), 'earn +5 #8 =610/0', 'other');
SELECT is(test.earn('NS-1', 5, 'r', NULL, true), 'earn +5 #9 =615/0',
	'nothing tells it from the next');

-- Under a key.
\set k '''00000000-0000-0000-0000-0000000000aa''::uuid'
SELECT is(test.hold('NS-1', 'K', 10, p_key => :k), '10 10 new', 'a key');
SELECT throws_ok($$ SELECT test.hold('NS-1', 'K', 10, p_key =>
	'00000000-0000-0000-0000-0000000000aa') $$, 'TS001', NULL, 'used once');
SELECT is((SELECT concat_ws(' ', status, amount, worth, h.code IS NOT NULL)
	FROM api.authorise_replay(test.who(:a), :k, :k) h), 'ok 10 10 t',
	'answered again');
SELECT is((SELECT status::text FROM api.authorise_replay(test.who(:a), :k,
	:x)), 'idempotency_key_reused', 'for the same request');

-- Lapse.
SELECT is(test.hold('NS-1', 'T', 20, p_lapse => 60, p_auth =>
	'00000000-0000-0000-0000-00000000000c'), '20 20 new', 'a minute');
SELECT test.clock(now() + interval '61 s');
SELECT is(test.account('NS-1'), '615 10 active', 'is over');
SELECT is(test.settle('NS-1', '00000000-0000-0000-0000-00000000000c', true),
	'hold_not_open', 'not to be had');
SELECT is(test.settle('NS-1', '00000000-0000-0000-0000-00000000000c', false),
	'ok', 'nor to be cancelled');
SELECT is(test.hold('NS-1', 'T', 20, p_lapse => 60), '20 20 new',
	'a new one for the same sale');
SELECT test.clock(NULL);

-- History: the sum rules, for windows of all kinds.
CREATE FUNCTION test.sums(p_number text, p_from timestamptz,
    p_max integer DEFAULT 100) RETURNS text
LANGUAGE sql
RETURN (SELECT concat_ws(' ', min(r.balance), min(r.held),
	coalesce(sum(r.amount) FILTER (WHERE r.line <> 'pending'), 0),
	coalesce(sum(r.amount) FILTER (WHERE r.line = 'pending'), 0))
	FROM api.account_get(test.who(test.a()), p_number, NULL, p_from,
	'infinity', p_max) r);
SELECT is(test.sums('NS-1', x.at, n), '615 30 615 30',
	format('from %s, at most %s', x.seq, n))
	FROM (SELECT seq, created_at AS at FROM ledger.transfer
	WHERE tenant_id = :a AND card_id = test.id('L-NS-1')
	UNION ALL VALUES (0, '-infinity'::timestamptz), (99, 'infinity')) x,
	unnest(ARRAY[1, 2, 100]) n;
SELECT results_eq($$ SELECT line, amount, document, reason
	FROM api.account_get(test.who(test.a()), 'NS-1', NULL, '-infinity',
	'infinity', 100) $$, $$ VALUES
	('earn', 650::bigint, NULL, NULL), ('earn', 250, 'RV-8812',
	    'Product review'), ('capture', -300, 'W-1', NULL),
	('earn', 5, 'd', 'r'), ('earn', 5, NULL, 'r'), ('earn', 5, NULL, 'r'),
	('pending', 10, 'K', NULL), ('pending', 20, 'T', NULL) $$, 'its lines');
SELECT is((SELECT string_agg(concat_ws(' ', line, amount), '; ')
	FROM api.account_get(test.who(:a), 'NS-1', NULL, 'infinity',
	'-infinity', 100)), 'summary 615', 'an empty window');
SELECT is((SELECT string_agg(concat_ws(' ', balance, line), '; ')
	FROM api.account_get(test.who(:b), 'NS-3', NULL, '-infinity',
	'infinity', 100)), '0', 'nothing yet');

-- Gift cards: numbers set aside, cards made of them.
CREATE FUNCTION test.reserve(p_codes text[], p_count integer,
    p_lapse integer DEFAULT NULL) RETURNS text
LANGUAGE sql
BEGIN ATOMIC
	SELECT string_agg(coalesce(r.code, r.status::text), ' ')
	    FROM api.card_reserve(test.who(test.a()), gen_random_uuid(),
	    gen_random_uuid(), p_codes, p_count, 'GIFT', p_lapse, 'PrintCo',
	    NULL) r;
END;
CREATE FUNCTION test.sell(p_code text, p_amount bigint,
    p_customer text DEFAULT NULL, p_sale text DEFAULT NULL,
    p_reserved boolean DEFAULT false, p_own boolean DEFAULT true,
    p_key uuid DEFAULT gen_random_uuid()) RETURNS text
LANGUAGE sql
BEGIN ATOMIC
	SELECT concat_ws(' ', r.status, r.code, r.state, r.balance,
	    r.reference, CASE WHEN r.customer IS NOT NULL THEN 'hers' END)
	    FROM api.card_sell(test.who(test.a()), p_key, p_key,
	    ARRAY[p_code], p_own, 'GIFT', p_amount, p_customer, p_sale,
	    p_reserved) r;
END;
SELECT is(test.reserve(ARRAY['42-1', '42-2', '42-3'], 2), '42-1 42-2', 'two');
SELECT is(test.reserve(ARRAY['42-1', '42-3', '42-4'], 1, 3600), '42-3',
	'never the same');
SELECT throws_ok($$ SELECT test.reserve(ARRAY['42-1', '42-2'], 1) $$, 'TS003',
	NULL, 'all taken');
SELECT is(test.card('42-1', 100), 'code_taken', 'others are kept from them');
SELECT is(test.account(NULL, '42-1'), 'card_not_found', 'it is no card');
SELECT is((SELECT status::text FROM api.card_get(test.who(:a), '42-1')),
	'card_not_found', 'for nobody');
SELECT is(test.move(test.entry('credit', '42-1', 5)), 'card_not_found',
	'not even the ledger');
SELECT is(test.state('42-1', 'active'), 'card_not_found', 'nor is made one');
SELECT is(test.sell('42-1', 7500, 'ns-1', 'W-5502'),
	'ok 42-1 active 7500 W-5502 hers', 'until it is sold');
SELECT is(test.account(NULL, '42-1'), '7500 0 active', 'then it is');
SELECT is(test.sell('42-1', 7500, 'NS-1', 'W-5502'),
	'ok 42-1 active 7500 W-5502 hers', 'the same again');
SELECT is(test.move(test.entry('debit', '42-1', 500)),
	'redeem -500 #2 =7000/0', 'spent from');
SELECT is(test.sell('42-1', 7500, 'NS-1', 'W-5502'),
	'ok 42-1 active 7500 W-5502 hers', 'as it was made');
SELECT is(test.purse('42-1'), 'active v2 7000/0', 'no second opening');
SELECT is(test.sell('42-1', v.amount, v.customer, v.sale), 'code_taken',
	'other figures') FROM (VALUES (7501, 'NS-1', 'W-5502'),
	(7500, NULL, 'W-5502'), (7500, 'NS-1', 'W-5503'), (7500, 'NS-1', NULL))
	AS v (amount, customer, sale);
SELECT is(test.sell('42-9', 100), 'ok 42-9 active 100', 'not set aside');
SELECT is(test.sell('42-8', 100, p_reserved => true), 'code_taken',
	'where that is asked for');
SELECT test.clock(now() + interval '3599 s');
SELECT is(test.sell('42-3', 100, p_reserved => true), 'ok 42-3 active 100',
	'within the hour');
SELECT is(test.reserve(ARRAY['42-5'], 1, 3600), '42-5', 'one more');
SELECT test.clock(now() + interval '7200 s');
SELECT is(test.sell('42-5', 100, p_reserved => true), 'code_taken', 'over');
SELECT is(test.reserve(ARRAY['42-5', '42-6'], 1, 3600), '42-6',
	'nor drawn again');
SELECT is(test.sell('42-5', 100), 'ok 42-5 active 100', 'but sold');
SELECT test.clock(NULL);
SELECT is(test.sell('42-7', 100, 'nobody'), 'customer_not_found', 'to nobody');
SELECT is(test.sell('42-7', 100001), 'amount_limit', 'too much');
SELECT is(test.sell('42-1', 100, p_own => false), 'code_taken',
	'a number drawn is never somebody''s');
SELECT is(test.sell('42-2', 100, p_own => false), 'code_taken',
	'nor one set aside');
SELECT is(test.hold(NULL, 'S', 0, 2000, '42-1', p_auth =>
	'00000000-0000-0000-0000-00000000000d'), '2000 2000 new', 'held');
SELECT is(test.hold(NULL, 'S2', 0, 9000, '42-1'), '5000 5000 new', 'the rest');
SELECT is(test.hold(NULL, 'S3', 0, 1, '42-1'), 'insufficient_funds', 'none');
SELECT is(test.settle('NS-1', '00000000-0000-0000-0000-00000000000d', true),
	'hold_not_found', 'a card''s is by its number');
SELECT is(test.settle('42-1', '00000000-0000-0000-0000-00000000000d', true),
	'ok', 'confirmed');
SELECT is(test.account(NULL, '42-1'), '5000 5000 active', 'taken');

-- Money of another currency is none that a shop could tell from its own.
INSERT INTO ledger.programme (tenant_id, kind, unit, code_length, amount_max,
	number, code, name, prefix, alphabet) VALUES
	(:a, 5, 840, 16, 100000, 9, 'USD', 'Dollars', '', '0123456789');
SELECT is((SELECT status::text FROM api.card_issue(test.who(:a),
	gen_random_uuid(), gen_random_uuid(), ARRAY['US-1'], 'USD', 500, NULL,
	NULL, NULL, NULL, NULL, NULL, NULL)), 'ok', 'of dollars');
SELECT is(test.account(NULL, 'US-1'), 'card_not_found', 'not seen');
SELECT is(test.hold(NULL, 'S', 0, 100, 'US-1'), 'card_not_found', 'nor held');

-- Tokens.
SELECT is((SELECT status::text FROM api.session_open(test.who(:a),
	decode(repeat('ab', 32), 'hex'), 60)), 'ok', 'a token');
SELECT is((SELECT status::text FROM api.key_find('native',
	decode(repeat('ab', 32), 'hex'), '192.0.2.1', NULL)), 'ok', 'logs in');
UPDATE ledger.secret SET expires_at = now() WHERE tenant_id = :a AND session;
SELECT is((SELECT status::text FROM api.key_find('native',
	decode(repeat('ab', 32), 'hex'), '192.0.2.1', NULL)), 'unauthenticated',
	'until it ends');
SELECT is((SELECT status::text FROM api.session_open(test.who(:a),
	decode(repeat('cd', 32), 'hex'), 60)), 'ok', 'the next one');
SELECT is((SELECT count(*)::integer FROM ledger.secret WHERE tenant_id = :a
	AND session), 1, 'takes its place');
SELECT is((SELECT secrets FROM api.me(test.who(:a))), 0, 'and is no key');
SELECT matches((SELECT settings FROM api.host_settings('nowhere.example')),
	'cp_store=1', 'what nobody has set');

SELECT * FROM finish();
ROLLBACK;
