-- sql/functions/card_issue.sql: cards, their first value, their last day.
BEGIN;
\ir lib/world.psql
SELECT * FROM no_plan();

-- issue(codes, ...): what tenant p_tenant gets.
CREATE FUNCTION test.issue(p_codes text[], p_amount bigint,
    p_programme text DEFAULT 'GIFT', p_unit smallint DEFAULT NULL,
    p_expires_on date DEFAULT NULL, p_months integer DEFAULT NULL,
    p_days integer DEFAULT NULL, p_customer uuid DEFAULT NULL,
    p_reference text DEFAULT NULL, p_note text DEFAULT NULL,
    p_key uuid DEFAULT gen_random_uuid(),
    p_tenant integer DEFAULT test.a()) RETURNS SETOF ledger.card_view
LANGUAGE sql
BEGIN ATOMIC
	SELECT r FROM api.card_issue(test.who(p_tenant), p_key, p_key,
	    p_codes, p_programme, p_amount, p_unit, p_expires_on, p_months,
	    p_days, p_customer, p_reference, p_note) r;
END;
CREATE FUNCTION test.refused(p_programme text DEFAULT 'GIFT',
    p_amount bigint DEFAULT 1, p_unit smallint DEFAULT NULL,
    p_expires_on date DEFAULT NULL, p_customer uuid DEFAULT NULL)
    RETURNS text
LANGUAGE sql
RETURN (SELECT status::text FROM test.issue(ARRAY[upper(
	gen_random_uuid()::text)], p_amount, p_programme, p_unit,
	p_expires_on, p_customer => p_customer));

SELECT test.clock('2030-01-15 12:00:00+00');
SELECT results_eq($$ SELECT code, programme, kind, state, expires_on, created_at,
	opened_on, changed_on, customer, reference, note, unit, opened, balance,
	held, available, version FROM test.issue(ARRAY['A-1'], 2500,
	p_reference => 'order 5', p_note => 'for Ann') $$,
	$$ VALUES ('A-1', 'GIFT', 5::smallint, 'active', NULL::date,
	timestamptz '2030-01-15 12:00:00+00', date '2030-01-15', NULL::date,
	NULL::uuid, 'order 5', 'for Ann', 978::smallint, 2500::bigint,
	2500::bigint, 0::bigint, 2500::bigint, 1) $$, 'a card');
SELECT is((SELECT concat(kind, ' ', direction, ' ', seq, ' ', amount, ' ',
	balance_after, ' ', reference) FROM ledger.transfer
	WHERE tenant_id = test.a() AND card_id = test.id('A-1')),
	'issue 1 1 2500 2500 order 5', 'and its first transfer');
SELECT is((SELECT issued_by FROM ledger.card WHERE tenant_id = test.a()
	AND code = 'A-1'), (test.who(test.a())).credential,
	'the card knows who issued it');
SELECT is((SELECT concat(status, ' ', opened, ' ', balance, ' v', version)
	FROM test.issue(ARRAY['A-0'], 0)), 'ok 0 0 v0', 'an empty card');
SELECT is_empty($$ SELECT FROM ledger.transfer WHERE tenant_id = test.a()
	AND card_id = test.id('A-0') $$, 'has no transfer yet');
SELECT is(test.move(test.entry('credit', 'A-0', 10)), 'load +10 #1 =10/0',
	'its first load is number 1');
SELECT is((SELECT code FROM test.issue(ARRAY['A-2'], 1, NULL)), 'A-2',
	'no programme named: the credential''s own');
SELECT ok((SELECT card_id FROM ledger.card WHERE tenant_id = test.a()
	AND code = 'A-1') < (SELECT card_id FROM ledger.card
	WHERE tenant_id = test.a() AND code = 'A-2'), 'ids ascend');

-- Refusals, kept under their key too.
SELECT is(test.refused('NONE'), 'programme_not_found', 'no such programme');
INSERT INTO ledger.programme (tenant_id, kind, unit, code_length, amount_max,
	number, code, name, prefix, alphabet, state) VALUES (:a, 5, 978, 16, 100, 2, 'OLD',
	'Old', '', '01234567', 'closed'), (:b, 5, 978, 16, 100, 2, 'HERS', 'Hers',
	'', '01234567', 'active');
SELECT is(test.refused('OLD'), 'programme_closed', 'a closed one');
SELECT is(test.refused('HERS'), 'programme_not_found', 'another tenant''s');
SELECT is(test.refused(p_unit => 840::smallint), 'unit_mismatch',
	'another currency than the programme''s');
SELECT is(test.refused(p_unit => 978::smallint), 'ok', 'its own');
SELECT is(test.refused(p_amount => 100001), 'amount_limit',
	'more than it allows');
SELECT is(test.refused(p_amount => 100000), 'ok', 'as much as it allows');
SELECT is(test.refused(p_expires_on => '2030-01-14'), 'expiry_in_past',
	'a last day that is over');
SELECT is(test.refused(p_expires_on => '2030-01-15'), 'ok', 'today is not');
SELECT is(test.refused(p_customer => gen_random_uuid()),
	'customer_not_found', 'no such customer');
SELECT is((SELECT status::text FROM test.issue(ARRAY['A-1'], 1)),
	'code_taken', 'a code that is in use');
SELECT is((SELECT code FROM test.issue(ARRAY['A-1', 'A-2', 'A-3'], 1)),
	'A-3', 'the first candidate that is free');
SELECT is((SELECT status::text FROM test.issue(ARRAY['A-1'], 1,
	p_tenant => test.b())), 'ok', 'codes are each tenant''s own');
SELECT is((SELECT status::text FROM test.issue(ARRAY['K-1'], 1, 'NONE',
	p_key => '10000000-0000-0000-0000-000000000001')),
	'programme_not_found', 'a refusal');
SELECT throws_ok($$ SELECT * FROM test.issue(ARRAY['K-1'], 1,
	p_key => '10000000-0000-0000-0000-000000000001') $$, 'TS001', NULL,
	'is kept under its key');
SELECT is((SELECT status::text FROM api.card_issue_replay(
	test.who(test.a()), '10000000-0000-0000-0000-000000000001',
	'10000000-0000-0000-0000-000000000001')), 'programme_not_found',
	'and answered again');

-- The last day.
CREATE FUNCTION test.until(p_months integer, p_days integer DEFAULT NULL,
    p_on date DEFAULT NULL) RETURNS date
LANGUAGE sql
RETURN (SELECT expires_on FROM test.issue(ARRAY[upper(
	gen_random_uuid()::text)], 1, p_expires_on => p_on,
	p_months => p_months, p_days => p_days));
CREATE FUNCTION test.last_instant(p_tenant integer, p_on date)
    RETURNS timestamptz
LANGUAGE plpgsql AS $$
DECLARE
	v_code	text := upper(gen_random_uuid()::text);
BEGIN
	PERFORM test.issue(ARRAY[v_code], 1, p_expires_on => p_on,
	    p_tenant => p_tenant);
	RETURN (SELECT p.expires_at FROM ledger.purse p
	    WHERE p.tenant_id = p_tenant
	    AND p.card_id = test.id(v_code, p_tenant));
END $$;
SELECT is(test.until(NULL), NULL, 'the programme has no term: for ever');
SELECT test.clock('2030-01-31 12:00:00+00');
SELECT is(test.until(1), date '2030-02-28', '31 January and a month');
SELECT is(test.until(13), date '2031-02-28', 'and thirteen');
SELECT is(test.until(2), date '2030-03-31', 'and two');
SELECT is(test.until(1200), date '2130-01-31', 'and a hundred years');
SELECT test.clock('2028-02-29 12:00:00+00');
SELECT is(test.until(12), date '2029-02-28', '29 February and a year');
SELECT is(test.until(48), date '2032-02-29', 'and four');
SELECT is(test.until(NULL, 1), date '2028-03-01', 'and a day');
SELECT is(test.until(6, NULL, '2028-04-01'), date '2028-04-01',
	'a day named goes first');
SELECT test.clock('2030-12-31 12:00:00+00');
SELECT is(test.until(NULL, 1), date '2031-01-01', '31 December and a day');
SELECT is(test.until(0, 0), NULL, 'terms of nothing are none');
UPDATE ledger.programme SET term_months = 2 WHERE tenant_id = :a
	AND code = 'GIFT';
SELECT is(test.until(NULL), date '2031-02-28', 'the programme''s months');
SELECT is(test.until(1), date '2031-01-31', 'give way to one''s own');
UPDATE ledger.programme SET term_months = 0, term_days = 10
	WHERE tenant_id = :a AND code = 'GIFT';
SELECT is(test.until(NULL), date '2031-01-10', 'the programme''s days');
UPDATE ledger.programme SET term_days = 0 WHERE tenant_id = :a;
-- Today is the tenant's.
SELECT test.clock('2031-01-01 03:00:00+00');
SELECT results_eq($$ SELECT t.zone, r.opened_on FROM (VALUES
	('Berlin', test.a()), ('New York', test.b())) AS t (zone, id),
	LATERAL test.issue(ARRAY['Z-1'], 1, p_tenant => t.id) r $$,
	$$ VALUES ('Berlin', date '2031-01-01'),
	('New York', date '2030-12-31') $$, 'one instant, two days');
SELECT is((SELECT expires_on FROM test.issue(ARRAY['Z-2'], 1, p_days => 1,
	p_tenant => test.b())), date '2031-01-01', 'a term counts from its');
-- A day ends at the tenant's midnight, summer or winter.
SELECT test.clock('2021-03-01 12:00:00+00');
SELECT is(test.last_instant(test.a(), d), t, 'Berlin: the end of ' || d)
	FROM (VALUES (date '2021-03-27', timestamptz '2021-03-27 23:00:00+00'),
	('2021-03-28', '2021-03-28 22:00:00+00'),
	('2021-10-30', '2021-10-30 22:00:00+00'),
	('2021-10-31', '2021-10-31 23:00:00+00')) AS v (d, t);
SELECT is(test.last_instant(test.b(), d), t, 'New York: the end of ' || d)
	FROM (VALUES (date '2021-03-13', timestamptz '2021-03-14 05:00:00+00'),
	('2021-03-14', '2021-03-15 04:00:00+00')) AS v (d, t);
UPDATE ledger.tenant SET time_zone = 'Asia/Beirut' WHERE tenant_id = :c;
SELECT is(test.last_instant(test.c(), '2021-03-27'),
	timestamptz '2021-03-27 22:00:00+00',
	'Beirut: a midnight that the clocks leave out');
SELECT test.clock(NULL);

-- The first answer again, whatever became of the card.
INSERT INTO ledger.customer (tenant_id, customer_id, public_id, created_at)
	VALUES (:a, 900, '90000000-0000-0000-0000-000000000000', now()),
	(:a, 901, '90000000-0000-0000-0000-000000000001', now());
CREATE TEMPORARY TABLE first ON COMMIT DROP AS
	SELECT * FROM test.issue(ARRAY['K-2'], 500, p_reference => 'r',
	p_note => 'n', p_days => 30,
	p_customer => '90000000-0000-0000-0000-000000000000',
	p_key => '10000000-0000-0000-0000-000000000002');
CREATE FUNCTION test.again() RETURNS SETOF ledger.card_view
LANGUAGE sql
BEGIN ATOMIC
	SELECT r FROM api.card_issue_replay(test.who(test.a()),
	    '10000000-0000-0000-0000-000000000002',
	    '10000000-0000-0000-0000-000000000002') r;
END;
SELECT results_eq('SELECT * FROM test.again()', 'SELECT * FROM first',
	'the same answer at once');
SELECT is(test.move(test.entry('debit', 'K-2', 200),
	test.entry('authorise', 'K-2', 100), test.entry('credit', 'K-2', 7)),
	'redeem -200 #2 =300/0; authorise 100 #3 =300/100; '
	'load +7 #4 =307/100', 'the card is used');
SELECT is((SELECT status::text FROM api.card_update(test.who(test.a()),
	'K-2', true, 'suspended', true, NULL, true,
	'90000000-0000-0000-0000-000000000001', true, 'other')), 'ok',
	'and changed in all that can');
SELECT results_eq('SELECT * FROM test.again()', 'SELECT * FROM first',
	'the same answer then');
UPDATE ledger.programme SET amount_max = 1, term_days = 3, state = 'closed'
	WHERE tenant_id = :a AND code = 'GIFT';
SELECT results_eq('SELECT * FROM test.again()', 'SELECT * FROM first',
	'and when the programme is another');
SELECT throws_ok($$ SELECT * FROM test.issue(ARRAY['K-3'], 500,
	p_key => '10000000-0000-0000-0000-000000000002') $$, 'TS001', NULL,
	'the key is used, though it would be refused now');
UPDATE ledger.programme SET amount_max = 100000, term_days = 0,
	state = 'active' WHERE tenant_id = :a AND code = 'GIFT';
SELECT throws_ok($$ SELECT * FROM test.issue(ARRAY['K-3'], 500,
	p_key => '10000000-0000-0000-0000-000000000002') $$, 'TS001', NULL,
	'nor is another card made');
SELECT is(test.id('K-3'), NULL, 'indeed not');
SELECT is((SELECT status::text FROM api.card_issue_replay(
	test.who(test.a()), '10000000-0000-0000-0000-000000000002',
	gen_random_uuid())), 'idempotency_key_reused', 'for something else');
SELECT is_empty($$ SELECT * FROM api.card_issue_replay(test.who(test.b()),
	'10000000-0000-0000-0000-000000000002',
	'10000000-0000-0000-0000-000000000002') $$, 'or by someone else');

-- Batches.
CREATE FUNCTION test.batch(p_codes text[], p_count integer,
    p_key uuid DEFAULT gen_random_uuid(), p_amount bigint DEFAULT 100)
    RETURNS text
LANGUAGE sql
RETURN (SELECT string_agg(concat(status, ' ', code), ', ')
	FROM api.card_batch(test.who(test.a()), p_key, p_key, p_codes,
	p_count, 'GIFT', p_amount, NULL, NULL, NULL, 'b', NULL));
CREATE FUNCTION test.batch_again(p_key uuid, p_print uuid DEFAULT NULL)
    RETURNS text
LANGUAGE sql
RETURN (SELECT string_agg(concat(status, ' ', code), ', ')
	FROM api.card_batch_replay(test.who(test.a()), p_key,
	coalesce(p_print, p_key)));
SELECT is(test.batch(ARRAY['B-1', 'B-2', 'B-3', 'B-4'], 3,
	'10000000-0000-0000-0000-000000000003'), 'ok B-1, ok B-2, ok B-3',
	'three of four codes');
SELECT is(test.batch_again('10000000-0000-0000-0000-000000000003'),
	'ok B-1, ok B-2, ok B-3', 'the same again');
SELECT throws_ok($$ SELECT test.batch(ARRAY['B-7', 'B-8', 'B-9'], 3,
	'10000000-0000-0000-0000-000000000003') $$, 'TS001', NULL,
	'the key was used');
SELECT is(test.batch_again('10000000-0000-0000-0000-000000000003',
	gen_random_uuid()), 'idempotency_key_reused ', 'for something else');
SELECT is(test.batch(ARRAY['B-1', 'B-5', 'B-2', 'B-6', 'B-4'], 3),
	'ok B-5, ok B-6, ok B-4', 'spares step in for what is taken');
SELECT is(test.batch(ARRAY['D-1', 'D-1', 'D-2', 'D-2', 'D-3'], 3),
	'ok D-1, ok D-2, ok D-3', 'and for what was drawn twice');
SELECT throws_ok($$ SELECT test.batch(ARRAY['B-1', 'E-1', 'E-2'], 3) $$,
	'TS003', NULL, 'too few spares');
SELECT is(test.id('E-1'), NULL, 'make no card at all');
SELECT is(test.batch(ARRAY['E-1'], 1,
	'10000000-0000-0000-0000-000000000004', 100001), 'amount_limit ',
	'a refusal');
SELECT is(test.batch_again('10000000-0000-0000-0000-000000000004'),
	'amount_limit ', 'is kept');
SELECT is(test.purse('D-2'), 'active v1 100/0', 'each with its value');
SELECT is(test.batch((SELECT array_agg('F-' || i ORDER BY i)
	FROM generate_series(1, 300) i), 300), (SELECT string_agg('ok F-' || i,
	', ' ORDER BY i) FROM generate_series(1, 300) i),
	'many, in the order given');
SELECT is((SELECT count(*)::integer FROM ledger.purse p JOIN ledger.card c
	USING (tenant_id, card_id) JOIN ledger.transfer x
	USING (tenant_id, card_id, unit) WHERE tenant_id = test.a()
	AND c.code ~ '^F-' AND x.seq = 1 AND x.amount = 100 AND p.opened = 100),
	300, 'each booked once');

SELECT * FROM finish();
ROLLBACK;
