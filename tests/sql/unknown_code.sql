-- sql/functions/unknown_code.sql: a budget for guesses at codes.
BEGIN;
\ir lib/world.psql
SELECT * FROM no_plan();

CREATE FUNCTION test.seen(p_address inet, p_tenant integer DEFAULT test.a())
    RETURNS text
LANGUAGE sql
RETURN (SELECT status::text FROM api.unknown_code_seen(test.who(p_tenant),
	p_address, 3));
SELECT is(test.seen('192.0.2.1'), CASE WHEN i <= 3 THEN 'ok'
	ELSE 'too_many_requests' END, format('look-up %s of 3', i))
	FROM generate_series(1, 5) i;
SELECT is(test.seen('192.0.2.2'), 'ok', 'another address has its own');
SELECT is(test.seen('192.0.2.1', test.b()), 'ok', 'another tenant too');
INSERT INTO ledger.credential (tenant_id, scopes, api)
	VALUES (:a, 1, 'native') RETURNING credential_id AS other \gset
SELECT is((SELECT status::text FROM api.unknown_code_seen(ROW(:a, :other, 1,
	NULL, 'UTC', gen_random_uuid())::api.caller, '192.0.2.1', 3)), 'ok',
	'and another credential');
UPDATE ledger.unknown_code SET hour = hour - interval '1 hour'
	WHERE tenant_id = :a;
SELECT is(test.seen('192.0.2.1'), 'ok', 'the next hour has a new one');
SELECT is((SELECT count FROM ledger.unknown_code WHERE tenant_id = :a
	AND credential_id = (test.who(:a)).credential
	AND address = '192.0.2.1'), 1, 'counted from its start');

SELECT * FROM finish();
ROLLBACK;
