-- sql/functions/customer.sql.
BEGIN;
\ir lib/world.psql
SELECT * FROM no_plan();

CREATE FUNCTION test.make(p_first text, p_email text, p_external text,
    p_by integer DEFAULT test.a()) RETURNS text
LANGUAGE sql
RETURN (SELECT CASE status WHEN 'ok' THEN concat_ws(' ', customer_id,
	first_name, last_name, email, phone, external_id, note, born_on)
	ELSE status::text END FROM api.customer_create(test.who(p_by),
	p_first, 'Last', p_email, '+49 1', p_external, NULL, '1990-02-28'));
CREATE FUNCTION test.list(p_by integer DEFAULT test.a(),
    p_id uuid DEFAULT NULL, p_email text DEFAULT NULL,
    p_phone text DEFAULT NULL, p_external text DEFAULT NULL,
    p_after integer DEFAULT NULL, p_limit integer DEFAULT 100) RETURNS text
LANGUAGE sql
RETURN (SELECT string_agg(first_name, ' ') FROM api.customer_list(
	test.who(p_by), p_id, p_email, p_phone, p_external, p_after,
	p_limit));
CREATE FUNCTION test.public(p_first text) RETURNS uuid
LANGUAGE sql
RETURN (SELECT public_id FROM ledger.customer WHERE first_name = p_first
	AND tenant_id IN (test.a(), test.b()));

SELECT is(test.make('Ann', 'Ann@example.org', 'x1'),
	'1 Ann Last Ann@example.org +49 1 x1 1990-02-28', 'make one');
SELECT is(test.make('Bob', 'bob@example.org', 'x1'), 'name_taken',
	'an external id is one customer''s');
SELECT is(test.make('Bob', 'ann@example.org', NULL),
	'3 Bob Last ann@example.org +49 1 1990-02-28', 'an e-mail is not');
SELECT is(test.make('Cem', NULL, NULL), '4 Cem Last +49 1 1990-02-28',
	'and none is fine');
SELECT is(test.make('Dee', 'ann@example.org', 'x1', test.b()),
	'1 Dee Last ann@example.org +49 1 x1 1990-02-28',
	'each tenant has its own');

SELECT is(test.list(), 'Cem Bob Ann', 'newest first');
SELECT is(test.list(p_limit => 1), 'Cem', 'a page');
SELECT is(test.list(p_limit => 1, p_after => 4), 'Bob', 'the next');
SELECT is(test.list(p_email => 'ANN@example.org'), 'Bob Ann',
	'e-mail without case');
SELECT is(test.list(p_email => 'ANN@example.org', p_external => 'x1'),
	'Ann', 'all that is asked must fit');
SELECT is(test.list(p_phone => '+49 2'), NULL, 'nobody');
SELECT is(test.list(p_id => test.public('Bob')), 'Bob', 'one by its id');
SELECT is(test.list(p_id => test.public('Dee')), NULL,
	'not another tenant''s');

SELECT is((SELECT concat_ws(' ', status, first_name, last_name, email, phone,
	external_id, note, born_on) FROM api.customer_update(test.who(:a),
	test.public('Ann'), true, 'Anne', true, NULL, true, 'a@b', true,
	'+49 3', true, 'x9', true, 'nice', true, '1991-01-01')),
	'ok Anne a@b +49 3 x9 nice 1991-01-01', 'change all');
SELECT is((SELECT concat_ws(' ', status, first_name, last_name, email, phone,
	external_id, note, born_on) FROM api.customer_update(test.who(:a),
	test.public('Anne'), false, 'x', false, 'x', false, 'x', false, 'x',
	false, 'x', false, 'x', false, '2000-01-01')),
	'ok Anne a@b +49 3 x9 nice 1991-01-01', 'change nothing');
SELECT is((SELECT status::text FROM api.customer_update(test.who(:a),
	test.public('Bob'), false, NULL, false, NULL, false, NULL, false, NULL,
	true, 'x9', false, NULL, false, NULL)), 'name_taken',
	'not another''s external id');
SELECT is((SELECT status::text FROM api.customer_update(test.who(:a),
	test.public('Dee'), true, 'x', false, NULL, false, NULL, false, NULL,
	false, NULL, false, NULL, false, NULL)), 'customer_not_found',
	'not another tenant''s');
SELECT is(test.list(test.b()), 'Dee', 'which is as it was');

SELECT * FROM finish();
ROLLBACK;
