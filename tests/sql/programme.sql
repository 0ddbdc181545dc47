-- sql/functions/programme.sql.
BEGIN;
\ir lib/world.psql
SELECT * FROM no_plan();

CREATE FUNCTION test.make(p_code text, p_by integer DEFAULT test.a(),
    p_months smallint DEFAULT 0, p_days smallint DEFAULT 0) RETURNS text
LANGUAGE sql
RETURN (SELECT CASE status WHEN 'ok' THEN concat_ws(' ', code, name, state,
	kind, unit, prefix, alphabet, code_length, term_months, term_days,
	amount_max, settings) ELSE status::text END
	FROM api.programme_create(test.who(p_by), p_code, 'Name', 5::smallint,
	978::smallint, 'X-', '01234567', 10::smallint, p_months, p_days, 500,
	NULL));
CREATE FUNCTION test.change(p_code text, p_by integer DEFAULT test.a(),
    p_name text DEFAULT NULL, p_state text DEFAULT NULL,
    p_months smallint DEFAULT NULL, p_days smallint DEFAULT NULL,
    p_max bigint DEFAULT NULL, p_settings jsonb DEFAULT NULL) RETURNS text
LANGUAGE sql
RETURN (SELECT CASE status WHEN 'ok' THEN concat_ws(' ', code, name, state,
	prefix, alphabet, code_length, term_months, term_days, amount_max,
	settings) ELSE status::text END FROM api.programme_update(
	test.who(p_by), p_code, p_name, p_state, NULL, NULL, NULL, p_months,
	p_days, p_max, p_settings));

SELECT is(test.make('P'), 'P Name active 5 978 X- 01234567 10 0 0 500 {}',
	'make one');
SELECT is(test.make('P'), 'name_taken', 'its code is taken');
SELECT is(test.make('P', test.b()),
	'P Name active 5 978 X- 01234567 10 0 0 500 {}', 'here alone');
SELECT throws_ok($$ SELECT test.make('Q', p_months => 1::smallint,
	p_days => 1::smallint) $$, '23514', NULL, 'one kind of term');
SELECT is((SELECT code FROM api.programme_get(test.who(:a), 'P')), 'P',
	'get it');
SELECT is((SELECT code FROM api.programme_get(test.who(:a), NULL)), 'GIFT',
	'the one that the credential issues from');
SELECT is((SELECT status::text FROM api.programme_get(test.who(:a), 'N')),
	'programme_not_found', 'an unknown one');
UPDATE ledger.credential SET programme_id = NULL WHERE tenant_id = :a;
SELECT is((SELECT status::text FROM api.programme_get(test.who(:a), NULL)),
	'programme_not_found', 'the credential issues from none');
SELECT is(test.make('P2'), 'P2 Name active 5 978 X- 01234567 10 0 0 500 {}',
	'another');
SELECT results_eq($$ SELECT code FROM api.programme_list(test.who(test.a()),
	NULL, 100) $$, ARRAY['GIFT', 'P', 'P2'], 'all, in order');
SELECT results_eq($$ SELECT code FROM api.programme_list(test.who(test.a()),
	'GIFT', 1) $$, ARRAY['P'], 'a page');
SELECT is((SELECT status::text FROM api.programme_list(test.who(:a), 'N', 1)),
	'invalid', 'after one that is not there');

SELECT is(test.change('P'), 'P Name active X- 01234567 10 0 0 500 {}',
	'nothing said, nothing changed');
SELECT is(test.change('P', p_name => 'New', p_max => 7),
	'P New active X- 01234567 10 0 0 7 {}', 'a name, a limit');
SELECT is(test.change('P', p_months => 6::smallint),
	'P New active X- 01234567 10 6 0 7 {}', 'a term in months');
SELECT is(test.change('P', p_days => 9::smallint),
	'P New active X- 01234567 10 0 9 7 {}', 'in days instead');
SELECT is(test.change('P', p_months => 3::smallint, p_days => 0::smallint),
	'P New active X- 01234567 10 3 0 7 {}', 'in months again');
SELECT is(test.change('P', p_months => 3::smallint, p_days => 1::smallint),
	'invalid', 'not both');
SELECT is(test.change('P', p_months => 0::smallint),
	'P New active X- 01234567 10 0 0 7 {}', 'none');
SELECT is(test.change('P', p_settings => '{"x": 1}'),
	'P New active X- 01234567 10 0 0 7 {"x": 1}', 'settings');
SELECT is(test.change('P', p_settings => '{"x": null, "y": 2}'),
	'P New active X- 01234567 10 0 0 7 {"y": 2}', 'are merged');
SELECT is(test.change('P', p_state => 'closed'),
	'P New closed X- 01234567 10 0 0 7 {"y": 2}', 'closed');
SELECT is(test.change('GIFT', test.c(), 'theirs'),
	'GIFT theirs active  0123456789ABCDEF 16 0 0 100000 {}',
	'each its own by the same code');
SELECT is((SELECT name FROM api.programme_get(test.who(:b), 'GIFT')),
	'Gift cards', 'the reseller''s is another');
SELECT is(test.change('N'), 'programme_not_found', 'an unknown one');

SELECT * FROM finish();
ROLLBACK;
