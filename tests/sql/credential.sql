-- sql/functions/credential.sql: made, rotated, disabled, unlocked.
BEGIN;
\ir lib/world.psql
SELECT * FROM no_plan();

CREATE FUNCTION test.hash(p text) RETURNS bytea
LANGUAGE sql RETURN convert_to(repeat(p, 32), 'UTF8');
CREATE FUNCTION test.public(p_tenant integer) RETURNS uuid
LANGUAGE sql
RETURN (SELECT public_id FROM ledger.tenant WHERE tenant_id = p_tenant);
CREATE FUNCTION test.make(p_login text, p_by integer DEFAULT test.a(),
    p_in uuid DEFAULT NULL, p_programme text DEFAULT NULL,
    p_addresses text[] DEFAULT NULL, p_key bytea DEFAULT NULL,
    p_api text DEFAULT 'iwarehouse') RETURNS text
LANGUAGE sql
RETURN (SELECT CASE status WHEN 'ok' THEN concat_ws(' ', name, c.api, login,
	c.state, scopes, programme, addresses, secrets) ELSE status::text END
	FROM api.credential_create(test.who(p_by), p_in, p_api, p_login,
	'label', 7, p_programme, p_addresses, NULL, p_key,
	CASE WHEN p_key IS NULL THEN 'argon' END) c
	LEFT JOIN ledger.tenant t ON t.tenant_id = c.tenant_id);
CREATE FUNCTION test.live(p text) RETURNS text
LANGUAGE sql
RETURN (SELECT status::text FROM api.key_find('native', test.hash(p),
	NULL, NULL));
CREATE FUNCTION test.cred(p_label text) RETURNS uuid
LANGUAGE sql
RETURN (SELECT public_id FROM ledger.credential WHERE label = p_label
	AND tenant_id IN (test.a(), test.b(), test.c()));

SELECT is(test.make('T1'), 'pgTAP a iwarehouse T1 active 7 1', 'a login');
SELECT is(test.make('t1'), 'name_taken', 'is unique without case');
SELECT is(test.make('T1', test.b()), 'name_taken', 'for all tenants');
SELECT is(test.make('T1', p_api => 'other'),
	'pgTAP a other T1 active 7 1', 'but each API has its own');
SELECT is(test.make(NULL, p_key => test.hash('k'), p_api => 'native',
	p_programme => 'GIFT', p_addresses => '{192.0.2.0/24,::1}'),
	'pgTAP a native active 7 GIFT 192.0.2.0/24,::1/128 1', 'a key');
SELECT is(test.make(NULL, p_key => test.hash('l'), p_api => 'native',
	p_programme => 'NONE'), 'programme_not_found', 'no such programme');
SELECT is(test.make('T2', p_addresses => ARRAY[v]), 'invalid',
	'no address: ' || v) FROM unnest(ARRAY['192.0.2.1/24', '192.0.2.256',
	'x', '']) v;
SELECT is(test.make('T3', p_in => test.public(:b)), 'tenant_not_found',
	'not in a tenant that is not one''s own');
SELECT is(test.make('T3', p_in => gen_random_uuid()), 'tenant_not_found',
	'nor in one that is not there');
SELECT is(test.make('T3', test.b(), test.public(:c)),
	'pgTAP c iwarehouse T3 active 7 1', 'a reseller makes them for its own');
SELECT is(test.make('T4', test.c(), test.public(:b)), 'tenant_not_found',
	'not the other way round');
SELECT is(test.make('T5', test.b(), test.public(:c), 'GIFT'),
	'pgTAP c iwarehouse T5 active 7 GIFT 1', 'the programme is the company''s');

-- Lists and oneself.
SELECT results_eq($$ SELECT login, api FROM api.credential_list(
	test.who(test.a()), NULL, NULL, 100) OFFSET 1 $$, $$ VALUES
	('T1', 'iwarehouse'), ('T1', 'other'), (NULL, 'native') $$,
	'all, in order');
SELECT results_eq($$ SELECT login FROM api.credential_list(
	test.who(test.a()), NULL, (SELECT public_id FROM ledger.credential
	WHERE credential_id = (test.who(test.a())).credential), 1) $$,
	ARRAY['T1'], 'a page');
SELECT is((SELECT status::text FROM api.credential_list(test.who(:a), NULL,
	v.id, 1)), 'invalid', v.text) FROM (VALUES
	(gen_random_uuid(), 'after one that is not there'),
	((SELECT public_id FROM ledger.credential WHERE login = 'T3'),
	'nor another tenant''s')) AS v (id, text);
SELECT is((SELECT login FROM api.credential_list(test.who(test.c()),
	(SELECT public_id FROM ledger.credential WHERE login = 'T3'), NULL,
	1)), 'T3', 'one by its id');
SELECT is_empty($$ SELECT * FROM api.credential_list(test.who(test.a()),
	(SELECT public_id FROM ledger.credential WHERE login = 'T3'), NULL,
	1) $$, 'not another tenant''s');
SELECT is((SELECT credential_id FROM api.me(test.who(test.a()))),
	(test.who(test.a())).credential, 'oneself');

-- Rotation of a key.
UPDATE ledger.credential SET label = 'main'
	WHERE tenant_id = :a AND credential_id = (test.who(:a)).credential;
INSERT INTO ledger.secret (tenant_id, credential_id, key_hash)
	SELECT :a, (test.who(:a)).credential, test.hash('1');
CREATE FUNCTION test.rotate(p_key text, p_overlap integer,
    p_label text DEFAULT 'main', p_by integer DEFAULT test.a())
    RETURNS text
LANGUAGE sql
RETURN (SELECT concat(status, ' ', secrets) FROM api.credential_rotate(
	test.who(p_by), test.cred(p_label), test.hash(p_key), NULL,
	p_overlap));
CREATE FUNCTION test.lives() RETURNS text
LANGUAGE sql
RETURN (SELECT string_agg(k, '') FROM unnest(ARRAY['1', '2', '3', '4', '5',
	'6'])
	k WHERE test.live(k) = 'ok');
SELECT is(test.lives(), '1', 'one key');
CREATE TEMPORARY TABLE was ON COMMIT DROP AS
	SELECT (test.who(test.a())).version;
SELECT is(test.rotate('2', 3600), 'ok 2', 'rotate, the old one lives on');
SELECT is(test.lives(), '12', 'both live');
SELECT is((test.who(:a)).version, (SELECT version + 1 FROM was),
	'workers notice at once');
SELECT is((SELECT live_until FROM api.key_find('native', test.hash('1'),
	NULL, NULL)), now() + interval '1 hour', 'the old one for an hour');
SELECT is(test.rotate('3', 7200), 'ok 2', 'rotate again');
SELECT is(test.lives(), '23', 'two at most');
UPDATE ledger.secret SET expires_at = now() + interval '1 minute'
	WHERE key_hash = test.hash('3');
SELECT is(test.rotate('4', 7200), 'ok 2', 'one that ends sooner');
SELECT is((SELECT live_until FROM api.key_find('native', test.hash('3'),
	NULL, NULL)), now() + interval '1 minute', 'is not made to live longer');
SELECT is(test.rotate('5', 0), 'ok 1', 'rotate without overlap');
SELECT is(test.lives(), '5', 'the old ones end at once');
SELECT is(test.rotate('6', 0, p_by => test.b()), 'credential_not_found ',
	'not by another tenant');

-- No key twice, whoever has it; it is free once its credential is disabled.
SELECT is(test.rotate('6', 3600), 'ok 2', 'two live');
SELECT is(test.rotate('6', 60), 'name_taken ', 'the one that it has');
SELECT is(test.rotate('k', 0), 'name_taken ', 'another credential''s');
SELECT is(test.lives(), '56', 'both live on');
SELECT is((SELECT live_until FROM api.key_find('native', test.hash('5'),
	NULL, NULL)), now() + interval '1 hour', 'as long as before');
SELECT is(test.rotate('6', 0), 'ok 1', 'its own again');
SELECT is(test.lives(), '6', 'is kept');
SELECT is(test.rotate('5', 0), 'ok 1', 'and one that it had before');
SELECT is(test.make(NULL, test.b(), p_key => test.hash('k'),
	p_api => 'cp_extender'), 'name_taken', 'nor by another tenant');
SELECT is(test.make(NULL, p_key => test.hash('m'), p_api => 'cp_extender'),
	'pgTAP a cp_extender active 7 1', 'a key of its own');
SELECT is(test.make('T6', p_api => 'cp_extender'),
	'pgTAP a cp_extender T6 active 7 1', 'or a login');
SELECT is((SELECT status::text FROM api.key_find(v, test.hash('m'), NULL,
	NULL)), w, 'the key opens its API alone: ' || v)
	FROM (VALUES ('cp_extender', 'ok'), ('native', 'unauthenticated'))
	x (v, w);
SELECT is((SELECT status::text FROM api.credential_disable(test.who(:a), v.id)),
	'ok', 'disable') FROM api.credential_list(test.who(:a), NULL, NULL,
	100) v WHERE api = 'cp_extender' AND login IS NULL;
SELECT is(test.make(NULL, test.b(), p_key => test.hash('m'),
	p_api => 'cp_extender'), 'pgTAP b cp_extender active 7 1',
	'then it is free');

-- Rotation of a password: the old one ends.
CREATE FUNCTION test.passwords() RETURNS text
LANGUAGE sql
RETURN (SELECT string_agg(s.password_hash, ' ') FROM ledger.secret s
	JOIN ledger.credential c USING (tenant_id, credential_id)
	WHERE c.login = 'T3');
SELECT is((SELECT concat(status, ' ', secrets) FROM api.credential_rotate(
	test.who(test.c()), (SELECT public_id FROM ledger.credential
	WHERE login = 'T3'), NULL, 'argon2', 3600)), 'ok 1', 'a new password');
SELECT is(test.passwords(), 'argon2', 'the old one is gone');

-- Unlock.
INSERT INTO ledger.login_attempt (api, login, address, failures)
	VALUES ('iwarehouse', 't3', '192.0.2.1', 9),
	('iwarehouse', 't3', '192.0.2.2', 9),
	('iwarehouse', 't5', '192.0.2.2', 9),
	('other', 't3', '192.0.2.2', 9);
UPDATE ledger.login_attempt SET blocked_until = 'infinity',
	forget_at = 'infinity' WHERE api = 'iwarehouse' AND login = 't3';
INSERT INTO ledger.login_network (api, network, failures, first_at,
	blocked_until) SELECT v, w, 100, now(), now() + interval '1 hour'
	FROM unnest(ARRAY['iwarehouse', 'other']) v,
	unnest(ARRAY['192.0.2.1', '192.0.2.2', '192.0.2.3']::cidr[]) w;
INSERT INTO ledger.unknown_code (tenant_id, credential_id, address, hour,
	count) SELECT tenant_id, credential_id, '192.0.2.1', now(), 99
	FROM ledger.credential WHERE login IN ('T3', 'T5');
CREATE FUNCTION test.unlock(p_login text, p_by integer) RETURNS text
LANGUAGE sql
RETURN (SELECT status::text FROM api.credential_unlock(test.who(p_by),
	(SELECT public_id FROM ledger.credential WHERE login = p_login
	AND api = 'iwarehouse')));
SELECT is(test.unlock('T3', test.a()), 'credential_not_found',
	'not by another tenant');
SELECT is(test.unlock('T3', test.b()), 'credential_not_found',
	'nor by the reseller');
SELECT is((SELECT count(*)::integer FROM ledger.login_attempt
	WHERE login = 't3'), 3, 'nothing is forgotten');
SELECT is(test.unlock('T3', test.c()), 'ok', 'unlock');
SELECT results_eq($$ SELECT api, login FROM ledger.login_attempt
	WHERE login IN ('t3', 't5') ORDER BY api $$, $$ VALUES
	('iwarehouse', 't5'), ('other', 't3') $$, 'all addresses, this login');
SELECT results_eq($$ SELECT api, host(network) FROM ledger.login_network
	WHERE network <<= '192.0.2.0/24' ORDER BY api, network $$, $$ VALUES
	('iwarehouse', '192.0.2.3'), ('other', '192.0.2.1'),
	('other', '192.0.2.2'), ('other', '192.0.2.3') $$,
	'and the networks it failed from');
SELECT results_eq($$ SELECT login FROM ledger.unknown_code
	JOIN ledger.credential USING (tenant_id, credential_id)
	WHERE tenant_id = test.c() $$, ARRAY['T5'], 'and its unknown codes');
SELECT is((SELECT version FROM ledger.credential WHERE login = 'T3'), 3,
	'workers notice');

-- Disable.
CREATE FUNCTION test.disable(p_by integer) RETURNS text
LANGUAGE sql
RETURN (SELECT status::text FROM api.credential_disable(test.who(p_by),
	(SELECT public_id FROM ledger.credential WHERE label = 'main'
	AND tenant_id = test.a())));
SELECT is(test.disable(test.b()), 'credential_not_found',
	'not by another tenant');
SELECT is(test.lives(), '5', 'it lives');
CREATE TEMPORARY TABLE caller ON COMMIT DROP AS
	SELECT test.who(test.a()) AS who;
SELECT is(test.disable(test.a()), 'ok', 'disable oneself');
SELECT is(test.lives(), NULL, 'it is found no more');
SELECT is_empty($$ SELECT FROM ledger.secret WHERE tenant_id = test.a()
	AND credential_id = (SELECT (who).credential FROM caller) $$,
	'nor kept');
SELECT is((SELECT status::text FROM api.me((SELECT who FROM caller))),
	'credential_stale', 'and a worker that knew it is refused');
SELECT is((SELECT status::text FROM api.credential_rotate(
	test.who(test.a()), test.cred('main'), test.hash('7'), NULL, 0)),
	'credential_not_found', 'for good');

SELECT * FROM finish();
ROLLBACK;
