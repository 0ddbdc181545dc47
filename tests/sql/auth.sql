-- sql/functions/auth.sql: finding a credential before its tenant is known.
BEGIN;
\ir lib/world.psql
SELECT * FROM no_plan();

-- A key is found by its hash; here the hash of "x" is thirty-two x.
CREATE FUNCTION test.hash(p text) RETURNS bytea
LANGUAGE sql RETURN convert_to(repeat(p, 32), 'UTF8');
INSERT INTO ledger.secret (tenant_id, credential_id, key_hash)
	SELECT :a, (test.who(:a)).credential, test.hash('a');
INSERT INTO ledger.secret (tenant_id, credential_id, key_hash)
	SELECT :b, (test.who(:b)).credential, test.hash('b');
INSERT INTO ledger.secret (tenant_id, credential_id, key_hash)
	SELECT :c, (test.who(:c)).credential, test.hash('c');
CREATE FUNCTION test.find(p text, p_address inet DEFAULT '192.0.2.1',
    p_host text DEFAULT NULL, p_api text DEFAULT 'native') RETURNS text
LANGUAGE sql
RETURN (SELECT CASE status WHEN 'ok' THEN name ELSE concat(status, tenant,
	credential, version, scopes, f.time_zone, f.settings) END
	FROM api.key_find(p_api, test.hash(p), p_address, p_host) f
	LEFT JOIN ledger.tenant t ON t.tenant_id = f.tenant);

SELECT is(test.find('a'), 'pgTAP a', 'a key finds its tenant');
SELECT is(test.find('b'), 'pgTAP b', 'each its own');
SELECT results_eq($$ SELECT tenant, credential, version, scopes, reseller,
	clock, currency, time_zone, programme, live_until FROM
	api.key_find('native', test.hash('b'), '192.0.2.1', NULL) $$,
	$$ SELECT test.b(), (test.who(test.b())).credential, 1, 63, true,
	NULL::timestamptz, 978::smallint, 'America/New_York', 'GIFT',
	NULL::timestamptz $$, 'with all that a worker must know');
SELECT matches((SELECT settings FROM api.key_find('native', test.hash('a'),
	NULL, NULL)), '(^|\n)iwarehouse_amount_max=10000(\n|$)',
	'and the settings in force');
SELECT is(test.find('z'), 'unauthenticated', 'an unknown key');
SELECT is(test.find('a', p_api => 'iwarehouse'), 'unauthenticated',
	'a key of another API');

-- The secret's end, the credential's end, and what a worker hears of it.
UPDATE ledger.secret SET expires_at = now() + interval '1 hour'
	WHERE tenant_id = :a;
SELECT is(test.find('a'), 'pgTAP a', 'a secret that will end');
SELECT is((SELECT live_until FROM api.key_find('native', test.hash('a'),
	NULL, NULL)), now() + interval '1 hour', 'which is said');
UPDATE ledger.credential SET expires_at = now() + interval '1 minute'
	WHERE tenant_id = :a;
SELECT is((SELECT live_until FROM api.key_find('native', test.hash('a'),
	NULL, NULL)), now() + interval '1 minute', 'the earlier end counts');
UPDATE ledger.credential SET expires_at = now() WHERE tenant_id = :a;
SELECT is(test.find('a'), 'unauthenticated', 'a credential at its end');
UPDATE ledger.credential SET expires_at = NULL WHERE tenant_id = :a;
UPDATE ledger.secret SET expires_at = now() WHERE tenant_id = :a;
SELECT is(test.find('a'), 'unauthenticated', 'a secret at its end');
INSERT INTO ledger.secret (tenant_id, credential_id, key_hash)
	SELECT :a, (test.who(:a)).credential, test.hash('A');
SELECT is(test.find('A'), 'pgTAP a', 'the one after it');
UPDATE ledger.secret SET expires_at = NULL WHERE tenant_id = :a;
SELECT is(test.find('a') || test.find('A'), 'pgTAP apgTAP a',
	'two at a time while they overlap');

-- States.
UPDATE ledger.credential SET state = 'disabled' WHERE tenant_id = :a;
SELECT is(test.find('a'), 'unauthenticated', 'a disabled credential');
UPDATE ledger.credential SET state = 'active' WHERE tenant_id = :a;
UPDATE ledger.tenant SET state = 'blocked' WHERE tenant_id = :a;
SELECT is(test.find('a'), 'unauthenticated', 'a blocked tenant');
UPDATE ledger.tenant SET state = 'active' WHERE tenant_id = :a;
SELECT is(test.find('c'), 'pgTAP c', 'a company of a reseller');
UPDATE ledger.tenant SET state = 'blocked' WHERE tenant_id = :b;
SELECT is(test.find('c'), 'unauthenticated', 'goes with its reseller');
UPDATE ledger.tenant SET state = 'active' WHERE tenant_id = :b;
SELECT is(test.find('c'), 'pgTAP c', 'and comes back with it');

-- Addresses.
UPDATE ledger.credential SET addresses = '{192.0.2.0/28,2001:db8::/32}'
	WHERE tenant_id = :a;
SELECT is(test.find('a', v), CASE WHEN i <= 3 THEN 'pgTAP a'
	ELSE 'unauthenticated' END, 'from ' || v) FROM unnest(ARRAY[
	'192.0.2.0', '192.0.2.15', '2001:db8::7', '192.0.2.16', '198.51.100.1',
	'2001:db9::7', '::']::inet[]) WITH ORDINALITY AS u (v, i);
SELECT is(test.find('a', NULL), 'unauthenticated', 'from nowhere');
UPDATE ledger.credential SET addresses = NULL WHERE tenant_id = :a;
SELECT is(test.find('a', '198.51.100.1'), 'pgTAP a', 'no list, no limit');

-- Host names.
UPDATE ledger.tenant SET host = 'a.example' WHERE tenant_id = :a;
UPDATE ledger.tenant SET host = 'b.example' WHERE tenant_id = :b;
SELECT is(test.find(k, p_host => h), w, format('%s at %s', k, h))
	FROM (VALUES ('a', 'a.example', 'pgTAP a'),
	('a', 'b.example', 'unauthenticated'), ('b', 'b.example', 'pgTAP b'),
	('b', 'a.example', 'unauthenticated'), ('a', 'c.example', 'pgTAP a'),
	('c', 'b.example', 'unauthenticated'), ('a', '127.0.0.1', 'pgTAP a'),
	('a', '', 'pgTAP a')) AS v (k, h, w);

-- Passwords: counted before they are compared.
INSERT INTO ledger.credential (tenant_id, scopes, api, login)
	VALUES (:a, 3, 'iwarehouse', 'Till.1') RETURNING credential_id AS till
	\gset
INSERT INTO ledger.secret (tenant_id, credential_id, password_hash)
	VALUES (:a, :till, 'argon');
CREATE FUNCTION test.try(p_login text DEFAULT 'till.1',
    p_address inet DEFAULT '192.0.2.1', p_host text DEFAULT NULL)
    RETURNS text
LANGUAGE sql
RETURN (SELECT concat_ws(' ', status, tenant - test.a(), password_hash,
	scopes) FROM api.login_begin('iwarehouse', p_login, p_address, p_host,
	3, 900));
CREATE FUNCTION test.done(p_right boolean, p_login text DEFAULT 'till.1',
    p_address inet DEFAULT '192.0.2.1') RETURNS text
LANGUAGE sql
RETURN (SELECT status::text FROM api.login_end('iwarehouse', p_login,
	p_address, p_right));
CREATE FUNCTION test.count(p_login text DEFAULT 'till.1',
    p_address inet DEFAULT '192.0.2.1') RETURNS text
LANGUAGE sql
RETURN (SELECT concat(failures, '+', pending) FROM ledger.login_attempt
	WHERE api = 'iwarehouse' AND login = p_login AND address = p_address);
-- The limits look at the clock; inside one transaction it stands still, so
-- the rows are moved instead.
CREATE FUNCTION test.ago(p interval) RETURNS SETOF void
LANGUAGE sql
BEGIN ATOMIC
	UPDATE ledger.login_attempt SET first_at = first_at - p,
	    last_at = last_at - p WHERE login = 'till.1';
END;

SELECT is(test.try(), 'ok 0 argon 3', 'a login gives the hash to compare');
SELECT is(test.count(), '0+1', 'and is reserved');
SELECT is(test.done(true), 'ok', 'it was right');
SELECT is(test.count(), '0+0', 'nothing is counted');
SELECT is(test.try('TILL.1'), 'ok 0 argon 3', 'case does not matter');
SELECT is(test.done(false, 'TILL.1'), 'ok', 'a wrong one');
SELECT is(test.count(), '1+0', 'counts');
SELECT test.try(), test.done(false) \g /dev/null
SELECT is(test.try(), 'ok 0 argon 3', 'the third try');
SELECT is(test.try(), 'request_in_progress',
	'a fourth beside it must wait: the third might be wrong');
SELECT is(test.count(), '2+1', 'and reserves nothing');
SELECT is(test.done(false), 'ok', 'it was');
SELECT is(test.try(), 'too_many_requests', 'locked');
SELECT is(test.try(), 'too_many_requests', 'still');
SELECT is(test.count(), '3+0', 'those refused do not count');
SELECT is(test.try(p_address => '192.0.2.2'), 'ok 0 argon 3',
	'another address may');
SELECT is(test.done(true, p_address => '192.0.2.2'), 'ok', 'and is right');
SELECT is(test.try(), 'too_many_requests', 'which does not unlock the first');
SELECT test.ago('899 s');
SELECT is(test.try(), 'too_many_requests', 'a second before the time is over');
SELECT test.ago('2 s');
SELECT is(test.try(), 'ok 0 argon 3', 'a second after');
SELECT is(test.done(false), 'ok', 'wrong again');
SELECT is(test.count(), '1+0', 'is the first of a new count');
SELECT is(test.try(), 'ok 0 argon 3', 'another');
SELECT is(test.done(true), 'ok', 'that is right');
SELECT is(test.count(), '0+0', 'ends the count');

-- Several at once, one of which never came back.
SELECT is(test.try() || ', ' || test.try() || ', ' || test.try() || ', ' ||
	test.try(), 'ok 0 argon 3, ok 0 argon 3, ok 0 argon 3, '
	'request_in_progress', 'three at once, not four');
SELECT is(test.done(true), 'ok', 'one is right');
SELECT is(test.count(), '0+2', 'two to go');
SELECT is(test.done(true), 'ok', 'another');
SELECT test.ago('9 s');
SELECT is(test.count(), '0+1', 'one is not heard of');
SELECT test.try() \g /dev/null
SELECT is(test.count(), '0+2', 'for a while it counts');
SELECT test.ago('11 s');
SELECT is(test.try(), 'ok 0 argon 3', 'then it is given up');
SELECT is(test.count(), '0+1', 'and forgotten');
SELECT is(test.done(true) || test.done(true), 'okok', 'late ends');
SELECT is(test.count(), '0+0', 'do not go below nothing');

-- Logins of nobody look the same.
SELECT is(test.try('nobody'), 'unauthenticated', 'an unknown login');
SELECT is(test.done(false, 'nobody'), 'ok', 'ends as any other');
SELECT test.try('nobody'), test.done(false, 'nobody'), test.try('nobody'),
	test.done(false, 'nobody') \g /dev/null
SELECT is(test.try('nobody'), 'too_many_requests', 'and is locked as any');

-- What holds for keys holds here.
SELECT is(test.try(p_host => 'b.example'), 'unauthenticated',
	'another tenant''s host');
UPDATE ledger.credential SET addresses = '{198.51.100.0/24}'
	WHERE credential_id = :till;
SELECT is(test.try(p_address => '192.0.2.9'), 'unauthenticated',
	'an address that is not listed');
SELECT is(test.try(p_address => '198.51.100.9'), 'ok 0 argon 3',
	'one that is');
UPDATE ledger.credential SET addresses = NULL, state = 'disabled'
	WHERE credential_id = :till;
SELECT is(test.try(p_address => '192.0.2.10'), 'unauthenticated',
	'a disabled one');
UPDATE ledger.credential SET state = 'active' WHERE credential_id = :till;
UPDATE ledger.tenant SET state = 'blocked' WHERE tenant_id = :a;
SELECT is(test.try(p_address => '192.0.2.11'), 'unauthenticated',
	'a blocked tenant');
UPDATE ledger.tenant SET state = 'active' WHERE tenant_id = :a;
UPDATE ledger.secret SET expires_at = now() WHERE credential_id = :till;
SELECT is(test.try(p_address => '192.0.2.12'), 'unauthenticated',
	'a password at its end');
UPDATE ledger.secret SET expires_at = NULL WHERE credential_id = :till;

-- Old rows go.
INSERT INTO ledger.login_attempt (api, login, address, last_at)
	SELECT 'iwarehouse', 'old' || i, '192.0.2.1', now() - interval '3 days'
	FROM generate_series(1, 6) i;
SELECT test.try(p_address => '192.0.2.20') \g /dev/null
SELECT is((SELECT count(*)::integer FROM ledger.login_attempt
	WHERE login ~ '^old[1-6]$'), 2, 'four with each try');

SELECT * FROM finish();
ROLLBACK;
