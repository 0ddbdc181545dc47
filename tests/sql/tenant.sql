-- sql/functions/tenant.sql: oneself, and the companies of a reseller.
BEGIN;
\ir lib/world.psql
SELECT * FROM no_plan();

CREATE FUNCTION test.public(p_tenant integer) RETURNS uuid
LANGUAGE sql
RETURN (SELECT public_id FROM ledger.tenant WHERE tenant_id = p_tenant);
CREATE FUNCTION test.make(p_by integer, p_name text, p_host text DEFAULT NULL,
    p_zone text DEFAULT 'Europe/Berlin', p_currency smallint DEFAULT 978,
    p_settings jsonb DEFAULT NULL) RETURNS text
LANGUAGE sql
RETURN (SELECT CASE status WHEN 'ok' THEN concat_ws(' ', name, host,
	time_zone, state, currency, reseller, settings) ELSE status::text END
	FROM api.tenant_create(test.who(p_by), p_name, p_host, p_zone,
	p_currency, p_settings));
CREATE FUNCTION test.change(p_by integer, p_id uuid,
    p_name text DEFAULT NULL, p_set_host boolean DEFAULT false,
    p_host text DEFAULT NULL, p_state text DEFAULT NULL,
    p_settings jsonb DEFAULT NULL) RETURNS text
LANGUAGE sql
RETURN (SELECT CASE status WHEN 'ok' THEN concat_ws(' ', name, host, state,
	settings) ELSE status::text END FROM api.tenant_update(
	test.who(p_by), p_id, p_name IS NOT NULL, p_name, p_set_host, p_host,
	p_state IS NOT NULL, p_state, p_settings));
CREATE FUNCTION test.fresh(p_who api.caller) RETURNS boolean
LANGUAGE sql
RETURN (SELECT status = 'ok' FROM api.me(p_who));

-- Making one.
SELECT is(test.make(:b, 'pgTAP d', 'D.example'),
	'pgTAP d d.example Europe/Berlin active 978 f {}',
	'a reseller makes a company');
SELECT is((SELECT parent_id FROM ledger.tenant WHERE name = 'pgTAP d'), :b,
	'which is its own');
SELECT is(test.make(:a, 'pgTAP e'), 'forbidden', 'who is none may not');
SELECT is(test.make(:c, 'pgTAP e'), 'forbidden', 'nor may a company');
SELECT is(test.make(:b, 'pgTAP d'), 'name_taken', 'the name is taken');
SELECT is(test.make(:b, 'pgTAP e', 'd.EXAMPLE'), 'name_taken',
	'or the host');
SELECT is(test.make(:b, 'pgTAP a'),
	'pgTAP a Europe/Berlin active 978 f {}',
	'names are free under another parent');
SELECT is(test.make(:b, 'pgTAP e', p_zone => 'Europe/Nowhere'), 'invalid',
	'no such zone');
SELECT is(test.make(:b, 'pgTAP e', p_currency => 999::smallint), 'invalid',
	'no such currency');
SELECT is(test.make(:b, 'pgTAP e', p_currency => 1001::smallint), 'invalid',
	'points are none');
-- It works at once: its numbers begin at one.
INSERT INTO ledger.programme (tenant_id, kind, unit, code_length, amount_max,
	number, code, name, prefix, alphabet) SELECT tenant_id, 5, 978, 16, 100, 1,
	'GIFT', 'Gift', '', '01234567' FROM ledger.tenant
	WHERE name = 'pgTAP d';
INSERT INTO ledger.credential (tenant_id, scopes, api)
	SELECT tenant_id, 63, 'native' FROM ledger.tenant
	WHERE name = 'pgTAP d';
SELECT tenant_id AS d FROM ledger.tenant WHERE name = 'pgTAP d' \gset
SELECT is(test.card('D-1', 5, NULL, :d), 'ok', 'its first card');
SELECT is(test.id('D-1', :d), 1, 'is number 1');

-- Seeing.
SELECT is((SELECT name FROM api.tenant_get(test.who(:a), NULL)), 'pgTAP a',
	'oneself');
SELECT is((SELECT name FROM api.tenant_get(test.who(:b), test.public(:c))),
	'pgTAP c', 'one''s own');
SELECT is((SELECT status::text FROM api.tenant_get(test.who(v.by),
	test.public(v.id))), 'tenant_not_found', v.text) FROM (VALUES
	(:a, :b, 'not another''s'), (:a, :c, 'not another''s company'),
	(:c, :b, 'not one''s reseller'), (:c, :d, 'not a sister')) AS
	v (by, id, text);
SELECT is((SELECT string_agg(name, ', ') FROM api.tenant_list(test.who(:b),
	NULL, 100)), 'pgTAP b, pgTAP c, pgTAP d, pgTAP a', 'a reseller''s list');
SELECT is((SELECT string_agg(name, ', ') FROM api.tenant_list(test.who(:b),
	test.public(:c), 1)), 'pgTAP d', 'a page of it');
SELECT is((SELECT status::text FROM api.tenant_list(test.who(:b), v.id, 1)),
	'invalid', v.text) FROM (VALUES
	(gen_random_uuid(), 'after one that is not there'),
	(test.public(:a), 'nor another''s')) AS v (id, text);
SELECT is((SELECT string_agg(name, ', ') FROM api.tenant_list(test.who(:c),
	NULL, 100)), 'pgTAP c', 'a company''s list');

-- Changing.
SELECT is(test.change(:a, test.public(:a), 'pgTAP a2'),
	'pgTAP a2 active {}', 'its own name');
SELECT is(test.change(:b, test.public(:c), 'pgTAP d'), 'name_taken',
	'not a sister''s');
SELECT is(test.change(:b, test.public(:c), p_set_host => true,
	p_host => 'd.example'), 'name_taken', 'nor its host');
SELECT is(test.change(:a, test.public(:b), 'x'), 'tenant_not_found',
	'not another''s');
SELECT is(test.change(:c, test.public(:b), 'x'), 'tenant_not_found',
	'not one''s reseller''s');
SELECT is(test.change(:c, test.public(:c), p_state => 'blocked'),
	'forbidden', 'nobody blocks itself');
SELECT is(test.change(:b, test.public(:b), p_set_host => true,
	p_host => 'b.example'), 'forbidden', 'or binds a host');
SELECT is(test.change(:b, test.public(:c), p_set_host => true,
	p_host => 'C.example'), 'pgTAP c c.example active {}',
	'the reseller does');
SELECT is(test.change(:b, test.public(:c), p_set_host => true),
	'pgTAP c active {}', 'and takes it away');
SELECT is(test.change(:a, test.public(:a),
	p_settings => '{"iwarehouse_status_200": true}'),
	'pgTAP a2 active {"iwarehouse_status_200": true}', 'a setting');
SELECT is(test.change(:a, test.public(:a),
	p_settings => '{"iwarehouse_amount_max": 5}'), 'pgTAP a2 active '
	'{"iwarehouse_amount_max": 5, "iwarehouse_status_200": true}',
	'another beside it');
SELECT is(test.change(:a, test.public(:a), p_settings =>
	'{"iwarehouse_status_200": null, "iwarehouse_amount_max": null}'),
	'pgTAP a2 active {}', 'null is the default again');

-- Who it concerns notices at once.
CREATE TEMPORARY TABLE callers ON COMMIT DROP AS SELECT test.who(:a) AS a,
	test.who(:b) AS b, test.who(:c) AS c, test.who(:d) AS d;
SELECT is(test.change(:b, test.public(:c), p_state => 'blocked'),
	'pgTAP c blocked {}', 'a company is blocked');
SELECT results_eq($$ SELECT test.fresh(a), test.fresh(b), test.fresh(c),
	test.fresh(d) FROM callers $$, $$ VALUES (true, true, false, true) $$,
	'its callers are stale, others not');
SELECT is(test.change(:b, test.public(:c), p_state => 'active'),
	'pgTAP c active {}', 'let in again');
DELETE FROM callers;
INSERT INTO callers SELECT test.who(:a), test.who(:b), test.who(:c),
	test.who(:d);
SELECT is(test.change(:b, test.public(:b), 'pgTAP b2'), 'pgTAP b2 active {}',
	'a change of a reseller');
SELECT results_eq($$ SELECT test.fresh(a), test.fresh(b), test.fresh(c),
	test.fresh(d) FROM callers $$, $$ VALUES (true, false, false, false) $$,
	'reaches its companies');

SELECT * FROM finish();
ROLLBACK;
