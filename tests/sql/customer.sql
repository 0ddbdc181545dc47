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
	ARRAY['first_name', 'last_name', 'email', 'phone', 'external_id',
	'born_on'], ARRAY[p_first, 'Last', p_email, '+49 1', p_external,
	'1990-02-28']));
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

CREATE FUNCTION test.change(p_first text, p_what jsonb) RETURNS text
LANGUAGE sql
RETURN (SELECT concat_ws(' ', status, first_name, last_name, email, phone,
	external_id, note, born_on, city, newsletter, referrer,
	email_generated, company, category, address1, address2, region,
	postcode, country) FROM api.customer_update(test.who(test.a()),
	test.public(p_first), ARRAY(SELECT key FROM jsonb_each_text(p_what)
	ORDER BY key), ARRAY(SELECT value FROM jsonb_each_text(p_what)
	ORDER BY key)));
SELECT is(test.change('Ann', '{"first_name": "Anne", "last_name": null,
	"email": "a@b", "phone": "+49 3", "external_id": "x9",
	"note": "nice, \"{\\", "born_on": "1991-01-01", "city": "Ulm",
	"newsletter": false, "referrer": "Bob", "company": "C", "category": "R",
	"address1": "1", "address2": "2", "region": "BW", "postcode": "89073",
	"country": "DE"}'), 'ok Anne a@b +49 3 x9 nice, "{\ 1991-01-01 Ulm f '
	'Bob f C R 1 2 BW 89073 DE', 'change all');
SELECT is(test.change('Anne', '{}'), 'ok Anne a@b +49 3 x9 nice, "{\ '
	'1991-01-01 Ulm f Bob f C R 1 2 BW 89073 DE', 'change nothing');
SELECT is(test.change('Anne', '{"note": null, "born_on": null,
	"newsletter": null, "company": null}'),
	'ok Anne a@b +49 3 x9 Ulm Bob f R 1 2 BW 89073 DE', 'take away');
SELECT is((SELECT status::text FROM api.customer_update(test.who(:a),
	test.public('Bob'), ARRAY['external_id'], ARRAY['x9'])), 'name_taken',
	'not another''s external id');
SELECT is((SELECT status::text FROM api.customer_update(test.who(:a),
	test.public('Dee'), ARRAY['first_name'], ARRAY['x'])),
	'customer_not_found', 'not another tenant''s');
SELECT is(test.list(test.b()), 'Dee', 'which is as it was');

SELECT * FROM finish();
ROLLBACK;
