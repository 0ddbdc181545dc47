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
	p_address, p_right, 3, 900, NULL, NULL));
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
	    last_at = last_at - p, blocked_until = blocked_until - p
	    WHERE login = 'till.1';
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
INSERT INTO ledger.login_attempt (api, login, address, forget_at)
	SELECT 'iwarehouse', 'old' || i, '192.0.2.1', now() - interval '1 s'
	FROM generate_series(1, 6) i;
INSERT INTO ledger.login_network (api, network, failures, first_at)
	SELECT 'iwarehouse', format('2001:db8:0:%s::/64', i)::cidr, 1,
	now() - i * interval '21 minutes' FROM generate_series(1, 4) i;
SELECT test.try(p_address => '192.0.2.20') \g /dev/null
SELECT is((SELECT count(*)::integer FROM ledger.login_attempt
	WHERE login ~ '^old[1-6]$'), 2, 'four with each try');
SELECT is((SELECT count(*)::integer FROM ledger.login_network
	WHERE network <<= '2001:db8::/48'), 2, 'and networks of an hour ago');

-- ---- In a row: three, however far apart, and then a time of its own. ----

INSERT INTO ledger.credential (tenant_id, scopes, api, login)
	VALUES (:a, 3, 'cardapp', 'Ana@Example.ro')
	RETURNING credential_id AS ana \gset
INSERT INTO ledger.secret (tenant_id, credential_id, password_hash)
	VALUES (:a, :ana, 'argon');
CREATE FUNCTION test.begin(p_login text DEFAULT 'ana@example.ro',
    p_address inet DEFAULT '192.0.2.1') RETURNS text
LANGUAGE sql
RETURN (SELECT status::text FROM api.login_begin('cardapp', p_login,
	p_address, NULL, 3, 0));
CREATE FUNCTION test.end(p_right boolean,
    p_login text DEFAULT 'ana@example.ro',
    p_address inet DEFAULT '192.0.2.1') RETURNS text
LANGUAGE sql
RETURN (SELECT status::text FROM api.login_end('cardapp', p_login,
	p_address, p_right, 3, 0, 6, 'cardapp_lockout_min'));
-- One whole attempt: what is answered, and the row after it.
CREATE FUNCTION test.call(p_right boolean,
    p_login text DEFAULT 'ana@example.ro',
    p_address inet DEFAULT '192.0.2.1') RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	v	text;
BEGIN
	v := test.begin(p_login, p_address);
	IF v IN ('ok', 'unauthenticated') THEN
		v := test.end(p_right AND v = 'ok', p_login, p_address);
	END IF;
	RETURN concat_ws(' ', v, (SELECT concat(x.failures, CASE WHEN x.trusted
	    THEN ' trusted' END, ' ' || CASE x.blocked_until WHEN 'infinity'
	    THEN 'for ever' ELSE (x.blocked_until - now())::text END)
	    FROM ledger.login_attempt x WHERE x.api = 'cardapp'
	    AND x.login = lower(p_login) AND x.address = p_address));
END $$;
CREATE FUNCTION test.version() RETURNS integer
LANGUAGE sql
RETURN (SELECT version FROM ledger.credential
	WHERE api = 'cardapp' AND login = 'Ana@Example.ro');
CREATE FUNCTION test.later(p interval) RETURNS SETOF void
LANGUAGE sql
BEGIN ATOMIC
	UPDATE ledger.login_attempt SET first_at = first_at - p,
	    last_at = last_at - p, blocked_until = blocked_until - p,
	    forget_at = forget_at - p WHERE api = 'cardapp';
	UPDATE ledger.login_network SET first_at = first_at - p,
	    blocked_until = blocked_until - p WHERE api = 'cardapp';
END;

SELECT is(test.call(false), 'ok 1', 'wrong');
SELECT is(test.call(false, 'ANA@example.RO'), 'ok 2', 'twice, in any case');
SELECT is(test.call(true), 'ok 0 trusted', 'right: from the start again');
SELECT is(test.call(false), 'ok 1', 'wrong');
SELECT is(test.call(false), 'ok 2', 'twice');
SELECT test.later('400 days');
SELECT is(test.call(true, p_address => '192.0.2.3'), 'ok 0 trusted',
	'right elsewhere, a year later') FROM generate_series(1, 3);
SELECT is(test.call(false), 'ok 3 01:00:00', 'thrice: blocked for an hour');
SELECT is(test.call(true), 'too_many_requests 3 01:00:00', 'right or not');
SELECT is(test.call(false), 'too_many_requests 3 01:00:00',
	'which does not extend it');
SELECT is(test.begin('ANA@EXAMPLE.RO'), 'too_many_requests',
	'in any case of the login');
SELECT is(test.call(true, p_address => '192.0.2.2'), 'ok 0 trusted',
	'another address may');
SELECT test.later('59 minutes 59 s');
SELECT is(test.call(true), 'too_many_requests 3 00:00:01', 'a second before');
SELECT test.later('2 s');
SELECT is(test.call(false), 'ok 1', 'a second after: a new count');
SELECT is(test.call(true), 'ok 0 trusted', 'and right');

-- What workers remember goes with a failure after it, and only then.
SELECT test.version() AS v \gset
SELECT is(test.call(false, p_address => '198.51.100.1'), 'ok 1',
	'wrong, where it never was right');
SELECT is(test.version(), :v, 'no worker is bothered');
SELECT is(test.call(false), 'ok 1', 'wrong where it was right');
SELECT is(test.version(), :v + 1, 'they ask again');
SELECT is(test.call(false), 'ok 2', 'wrong again');
SELECT is(test.version(), :v + 1, 'they have asked already');
SELECT is(test.call(true), 'ok 0 trusted', 'right');
SELECT is(test.version(), :v + 1, 'and remembered');
SELECT is(test.begin() || ', ' || test.begin(), 'ok, ok', 'two at once');
SELECT is(test.end(true) || ', ' || test.end(false), 'ok, ok',
	'the right one ends first');
SELECT is(test.version(), :v + 2, 'is not remembered');
SELECT is(test.begin() || ', ' || test.begin(), 'ok, ok', 'two at once');
SELECT is(test.begin(), 'request_in_progress', 'no more than can fail');
SELECT is(test.end(false) || ', ' || test.end(true), 'ok, ok',
	'the right one ends last');
SELECT is(test.call(false), 'ok 1', 'has ended the count');
SELECT is(test.version(), :v + 3, 'and was remembered until now');
SELECT test.later('1 hour 1 s'), test.call(true) \g /dev/null

-- One so slow that its reservation was given up and others failed instead.
SELECT is(test.begin(), 'ok', 'slow');
SELECT test.later('11 s');
SELECT is(test.call(false), 'ok 1', 'one') UNION ALL
SELECT is(test.call(false), 'ok 2', 'two') UNION ALL
SELECT is(test.call(false), 'ok 3 01:00:00', 'three');
SELECT is(test.end(true), 'too_many_requests', 'right, but too late');
SELECT is(test.call(true), 'too_many_requests 3 01:00:00', 'it stays so');
SELECT test.later('2 hours');

-- The tenant's own time; none: until an operator comes.
CREATE FUNCTION test.minutes(p text) RETURNS SETOF void
LANGUAGE sql
BEGIN ATOMIC
	UPDATE ledger.tenant SET settings = CASE WHEN p IS NULL THEN '{}'
	    ELSE jsonb_build_object('cardapp_lockout_min', p::integer) END
	    WHERE tenant_id = test.a();
END;
CREATE FUNCTION test.thrice(p_login text, p_address inet) RETURNS text
LANGUAGE sql
BEGIN ATOMIC
	SELECT test.call(false, p_login, p_address);
	SELECT test.call(false, p_login, p_address);
	SELECT test.call(false, p_login, p_address);
END;
SELECT test.minutes('5');
SELECT is(test.thrice('ana@example.ro', '192.0.2.30'), 'ok 3 00:05:00',
	'five minutes');
SELECT is(test.thrice('nobody@example.ro', '192.0.2.31'), 'ok 3 01:00:00',
	'nobody''s login: an hour');
SELECT is(test.call(true, 'nobody@example.ro', '192.0.2.31'),
	'too_many_requests 3 01:00:00', 'and then it looks the same');
SELECT is(test.thrice('', '192.0.2.31'), 'ok 3 01:00:00', 'no login at all');
SELECT test.minutes('0');
SELECT is(test.thrice('ana@example.ro', '192.0.2.32'), 'ok 3 for ever',
	'until it is lifted');
SELECT test.minutes(NULL);
SELECT test.later('10 years');
SELECT is(test.call(false, p_address => '192.0.2.33'), 'ok 1', 'another')
	FROM generate_series(1, 1);
SELECT test.later('3 days');
SELECT test.call(true, p_address => '192.0.2.34') FROM generate_series(1, 9)
	\g /dev/null
SELECT is(test.call(true, p_address => '192.0.2.32'),
	'too_many_requests 3 for ever', 'ten years later');
SELECT is(test.call(false, p_address => '192.0.2.33'), 'ok 2',
	'nor is a begun count forgotten');
SELECT is_empty($$ SELECT FROM ledger.login_attempt
	WHERE login = 'nobody@example.ro' $$, 'nobody''s is');

-- Strangers with many addresses.
INSERT INTO ledger.login_attempt (api, login, address, failures, forget_at)
	SELECT 'cardapp', 'ana@example.ro', '10.0.0.0'::inet + i, 1, 'infinity'
	FROM generate_series(1, 1000 - (SELECT count(*)
	FROM ledger.login_attempt WHERE login = 'ana@example.ro'
	AND forget_at = 'infinity')::integer - 1) i;
SELECT test.minutes('0');
SELECT is(test.thrice('ana@example.ro', '192.0.2.40'), 'ok 3 for ever',
	'a thousand are kept');
SELECT is(test.thrice('ana@example.ro', '192.0.2.41'), 'ok 3 1 day',
	'one more: a day');
SELECT is((SELECT forget_at FROM ledger.login_attempt
	WHERE address = '192.0.2.41' AND api = 'cardapp'),
	now() + interval '3 days', 'and then it goes');
SELECT is(test.call(false, p_address => '10.0.0.1'), 'ok 2',
	'one of those kept');
SELECT is((SELECT forget_at FROM ledger.login_attempt
	WHERE address = '10.0.0.1'), 'infinity', 'stays kept');
SELECT test.minutes(NULL);

-- ---- Networks: six failures an hour here, whatever the login. ----

SELECT is(api.network_of(v), w, 'network of ' || v) FROM (VALUES
	('192.0.2.7'::inet, '192.0.2.7/32'::cidr),
	('2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'), ('::', '::/64'))
	AS n (v, w);
SELECT is(test.call(true, p_address => '2001:db8:1:2::1'), 'ok 0 trusted',
	'right from here');
SELECT test.version() AS v \gset
SELECT is(test.call(false, 'x' || i, '2001:db8:1:2::2'), 'ok 1', 'x' || i)
	FROM generate_series(1, 5) i;
SELECT is(test.version(), :v, 'five are none too many');
SELECT is(test.begin(p_address => '2001:db8:1:2::3'), 'ok', 'one slow');
SELECT is(test.call(false, 'x6', '2001:db8:1:2::4'), 'ok 1', 'the sixth');
SELECT is(test.version(), :v + 1, 'those remembered ask again');
SELECT is(test.call(true, p_address => '2001:db8:1:2::1'),
	'too_many_requests 0', 'and are refused');
SELECT is(test.end(true, p_address => '2001:db8:1:2::3'),
	'too_many_requests', 'so is the slow one');
SELECT is(test.call(false, 'x7', '2001:db8:1:2::5'), 'too_many_requests',
	'and leaves no row');
SELECT is(test.call(true, p_address => '2001:db8:1:3::1'), 'ok 0 trusted',
	'the network beside it may');
SELECT is((SELECT failures FROM ledger.login_network
	WHERE network = '2001:db8:1:2::/64'), 6, 'refused ones do not count');
SELECT test.later('59 minutes 59 s');
SELECT is(test.call(true, p_address => '2001:db8:1:2::1'),
	'too_many_requests 0', 'within an hour of the first');
SELECT test.later('2 s');
SELECT is(test.call(true, p_address => '2001:db8:1:2::1'), 'ok 0 trusted',
	'after it');
SELECT is(test.call(false, 'x8', '2001:db8:1:2::5'), 'ok 1', 'a new count');
SELECT is((SELECT concat(failures, ' ', first_at = now(), blocked_until)
	FROM ledger.login_network WHERE network = '2001:db8:1:2::/64'), '1 t',
	'from one');
SELECT is_empty($$ SELECT FROM ledger.login_network
	WHERE api = 'iwarehouse' AND network = '192.0.2.1' $$,
	'none is kept for who has no such limit');

-- ---- Lifted. ----

SELECT is(test.call(true), 'ok 0 trusted', 'all is well here');
SELECT is(test.call(false, 'y' || i), CASE WHEN i < 7 THEN 'ok 1' ELSE
	'too_many_requests' END, 'y' || i) FROM generate_series(1, 7) i;
SELECT is(test.call(true), 'too_many_requests 0', 'until others fail');
SELECT set_eq($$ SELECT tenant, login, address, failures, blocked_until
	FROM ops.login_blocked(test.a(), 100) WHERE address !~ '^10\.' $$,
	$$ VALUES ('pgTAP a', 'Ana@Example.ro', '192.0.2.32', 3,
	NULL::timestamptz), ('pgTAP a', 'Ana@Example.ro', '192.0.2.40', 3,
	NULL), ('pgTAP a', 'Ana@Example.ro', '192.0.2.41', 3,
	now() + interval '22 hours 59 minutes 59 s'),
	(NULL, NULL, '192.0.2.1', 6, now() + interval '1 hour') $$,
	'an operator sees it');
SELECT is_empty($$ SELECT FROM ops.login_blocked(test.b(), 100) $$,
	'another tenant has no part in it');
SELECT set_has($$ SELECT login FROM ops.login_blocked(NULL, 1000) $$,
	$$ SELECT login FROM ops.login_blocked(test.a(), 1000) $$,
	'among all');
SELECT is((SELECT count(*)::integer FROM ops.login_blocked(NULL, 2)), 2,
	'no more than wanted');
SELECT api.login_clear('cardapp', 'ANA@example.ro') \g /dev/null
SELECT is(test.call(true, p_address => v), 'ok 0 trusted', 'lifted: ' || v)
	FROM unnest(ARRAY['192.0.2.1', '192.0.2.32', '192.0.2.40',
	'192.0.2.41']::inet[]) v;
SELECT is_empty($$ SELECT FROM ops.login_blocked(test.a(), 100) $$,
	'nothing to see');
SELECT is(test.end(true, p_address => '192.0.2.50'), 'ok',
	'one under way when its row went');
SELECT test.version() AS v \gset
SELECT is(test.call(false, p_address => '192.0.2.50'), 'ok 1', 'then wrong');
SELECT is(test.version(), :v + 1, 'was remembered as any');

-- By address.
SELECT is(test.thrice('z' || i, ('2001:db8:1:9::' || i)::inet), 'ok 3 01:00:00',
	'z' || i) FROM generate_series(1, 2) i;
SELECT is(test.call(true, p_address => '2001:db8:1:9::1'),
	'too_many_requests', 'a network blocked');
SELECT is((SELECT concat(status, ' ', lifted)
	FROM ops.address_unlock('2001:db8:1:9::1')), 'ok 2',
	'an address and its network');
SELECT is(test.call(false, 'z1', '2001:db8:1:9::1'), 'ok 1', 'lifted');
SELECT is(test.call(false, 'z2', '2001:db8:1:9::2'),
	'too_many_requests 3 01:00:00', 'its neighbour not');
SELECT test.call(true, p_address => '2001:db8:1:9::3') \g /dev/null
SELECT is((SELECT concat(status, ' ', lifted)
	FROM ops.address_unlock('2001:db8:1:9::/64')), 'ok 3', 'a whole network');
SELECT is(test.call(false, 'z2', '2001:db8:1:9::2'), 'ok 1', 'all of it');
SELECT is((SELECT trusted FROM ledger.login_attempt
	WHERE address = '2001:db8:1:9::3'), true, 'what is trusted stays known');
SELECT is((SELECT status::text FROM ops.address_unlock(v)), 'invalid',
	'no address: ' || v) FROM unnest(ARRAY['x', '', '192.0.2.256']) v;

-- Who logs in anew hears of the unknown codes asked for this hour.
INSERT INTO ledger.unknown_code (tenant_id, credential_id, address, hour,
	count) VALUES (:a, :ana, '192.0.2.1', date_trunc('hour', now()), 61),
	(:a, :ana, '192.0.2.2', date_trunc('hour', now()) - interval '1 hour',
	61);
SELECT is((SELECT unknown_codes FROM api.login_begin('cardapp',
	'ana@example.ro', v, NULL, 3, 0)), CASE v WHEN '192.0.2.1' THEN 61
	ELSE 0 END, 'unknown codes from ' || v) FROM unnest(ARRAY['192.0.2.1',
	'192.0.2.2', '192.0.2.3']::inet[]) v;

SELECT * FROM finish();
ROLLBACK;
