-- sql/functions/card_update.sql, card_get.sql, card_view.sql: what may change
-- of a card, and who sees it.
BEGIN;
\ir lib/world.psql
SELECT * FROM no_plan();

CREATE FUNCTION test.change(p_code text, p_state text DEFAULT NULL,
    p_set_expires boolean DEFAULT false, p_expires_on date DEFAULT NULL,
    p_set_customer boolean DEFAULT false, p_customer uuid DEFAULT NULL,
    p_set_note boolean DEFAULT false, p_note text DEFAULT NULL)
    RETURNS text
LANGUAGE sql
RETURN (SELECT CASE status WHEN 'ok' THEN concat_ws(' ', state, expires_on,
	customer, note) ELSE status::text END FROM api.card_update(
	test.who(test.a()), p_code, p_state IS NOT NULL, p_state,
	p_set_expires, p_expires_on, p_set_customer, p_customer, p_set_note,
	p_note));
-- The purse must say what the card says.
CREATE FUNCTION test.in_step(p_code text) RETURNS text
LANGUAGE sql
RETURN (SELECT concat_ws(' ', p.state, p.expires_at AT TIME ZONE 'UTC')
	FROM ledger.purse p WHERE p.tenant_id = test.a()
	AND p.card_id = test.id(p_code));

SELECT test.clock('2030-07-01 12:00:00+00');
SELECT test.card('U-1', 100) \g /dev/null
INSERT INTO ledger.customer (tenant_id, customer_id, public_id, created_at)
	VALUES (:a, 900, '90000000-0000-0000-0000-000000000000', now()),
	(:b, 900, '90000000-0000-0000-0000-00000000000b', now());

SELECT is(test.change('U-1'), 'active', 'nothing set, nothing changed');
SELECT is(test.change('U-1', 'suspended'), 'suspended', 'suspend');
SELECT is(test.in_step('U-1'), 'suspended', 'the purse follows');
SELECT is(test.change('U-1', 'suspended'), 'suspended', 'twice is once');
SELECT is(test.change('U-1', 'active'), 'active', 'activate');
SELECT is(test.in_step('U-1'), 'active', 'the purse follows');
SELECT is(test.change('U-1', NULL, true, '2030-07-31'), 'active 2030-07-31',
	'a last day');
SELECT is(test.in_step('U-1'), 'active 2030-07-31 22:00:00',
	'midnight of the tenant''s zone for the purse');
SELECT is(test.change('U-1', NULL, true, '2030-06-30'), 'expiry_in_past',
	'not a day that is over');
SELECT is(test.change('U-1', NULL, true, '2030-07-01'), 'active 2030-07-01',
	'today is one');
SELECT is(test.change('U-1', NULL, p_set_note => true, p_note => 'hi'),
	'active 2030-07-01 hi', 'a note');
SELECT is(test.change('U-1', NULL, p_set_customer => true,
	p_customer => '90000000-0000-0000-0000-000000000000'),
	'active 2030-07-01 90000000-0000-0000-0000-000000000000 hi',
	'an owner');
SELECT is(test.change('U-1', NULL, p_set_customer => true,
	p_customer => '90000000-0000-0000-0000-00000000000b'),
	'customer_not_found', 'not another tenant''s customer');
SELECT is(test.change('U-1', 'suspended', true, NULL, true, NULL, true, NULL),
	'suspended', 'all at once, and back to nothing');
SELECT is(test.in_step('U-1'), 'suspended', 'in step');
SELECT is(test.change('U-1', 'suspended', p_set_customer => true,
	p_customer => gen_random_uuid()), 'customer_not_found', 'a refusal');
SELECT is(test.change('U-1', 'active', true, '2020-01-01', true, NULL, true,
	'x'), 'expiry_in_past', 'of one thing');
SELECT is(test.change('U-1'), 'suspended', 'leaves all as it was');
SELECT is(test.change('U-NONE', 'active'), 'card_not_found',
	'an unknown card');
SELECT is(test.purse('U-1'), 'suspended v1 100/0',
	'a change is no movement');

-- Expired cards can be revived.
SELECT is(test.change('U-1', 'active', true, '2030-07-01'),
	'active 2030-07-01', 'until today');
SELECT test.clock('2030-07-02 12:00:00+00');
SELECT is(test.change('U-1'), 'expired 2030-07-01', 'the next day');
SELECT is(test.move(test.entry('debit', 'U-1', 1)), 'card_expired',
	'it is over');
SELECT is(test.change('U-1', NULL, true, '2030-08-01'), 'active 2030-08-01',
	'until a later day');
SELECT is(test.move(test.entry('debit', 'U-1', 1)), 'redeem -1 #2 =99/0',
	'and it goes on');

-- Deleted ones cannot.
UPDATE ledger.card SET state = 'deleted' WHERE tenant_id = :a
	AND code = 'U-1';
UPDATE ledger.purse SET state = 'deleted' WHERE tenant_id = :a
	AND card_id = test.id('U-1');
SELECT is(test.change('U-1', 'active'), 'card_not_found', 'a deleted card');
SELECT is((SELECT status::text FROM api.card_get(test.who(test.a()),
	'U-1')), 'card_not_found', 'is not there to read');
SELECT is((SELECT status::text FROM api.transfer_list(test.who(test.a()),
	'U-1', NULL, NULL, NULL, 1)), 'card_not_found', 'nor its history');
SELECT is((SELECT status::text FROM test.card('U-1', 1) AS status),
	'code_taken', 'and its code is not given out again');

-- Reading one, and lists.
SELECT test.clock('2030-07-02 12:00:00+00');
SELECT test.card('L-' || i, 10 * i) FROM generate_series(1, 5) i \g /dev/null
SELECT test.change('L-2', 'suspended'), test.change('L-3', NULL, true,
	'2030-07-02'), test.change('L-4', NULL, p_set_customer => true,
	p_customer => '90000000-0000-0000-0000-000000000000') \g /dev/null
SELECT test.clock('2030-07-03 12:00:00+00');
CREATE FUNCTION test.list(p_customer uuid DEFAULT NULL,
    p_programme text DEFAULT NULL, p_state text DEFAULT NULL,
    p_after integer DEFAULT NULL, p_limit integer DEFAULT 100)
    RETURNS text
LANGUAGE sql
RETURN (SELECT string_agg(code, ' ') FROM api.card_list(test.who(test.a()),
	p_customer, p_programme, p_state, p_after, p_limit));
SELECT is((SELECT concat_ws(' ', status, code, state, expires_on, balance)
	FROM api.card_get(test.who(test.a()), 'L-3')),
	'ok L-3 expired 2030-07-02 30', 'one, its state judged now');
SELECT is(test.list(), 'L-5 L-4 L-3 L-2 L-1', 'newest first, none deleted');
SELECT is(test.list(p_limit => 2), 'L-5 L-4', 'a page');
SELECT is(test.list(p_limit => 2, p_after => test.id('L-4')), 'L-3 L-2',
	'the next');
SELECT is(test.list(p_state => 'active'), 'L-5 L-4 L-1', 'active ones');
SELECT is(test.list(p_state => 'suspended'), 'L-2', 'suspended ones');
SELECT is(test.list(p_state => 'expired'), 'L-3', 'expired ones');
SELECT is(test.list(p_state => 'deleted'), NULL, 'never deleted ones');
SELECT is(test.list(p_programme => 'GIFT', p_limit => 1), 'L-5',
	'of a programme');
SELECT is(test.list(p_programme => 'NONE'), NULL, 'an unknown one has none');
SELECT is(test.list(p_customer => '90000000-0000-0000-0000-000000000000'),
	'L-4', 'of a customer');
SELECT is(test.list(p_customer => '90000000-0000-0000-0000-00000000000b'),
	NULL, 'not of another tenant''s');

SELECT * FROM finish();
ROLLBACK;
