-- Between tenants, and around the workers' role.
BEGIN;
\ir lib/world.psql
SELECT * FROM no_plan();

-- ---- What is another tenant's is as unknown as what is nowhere. ----

-- b has one of everything; a calls with its names, and with names of nothing.
INSERT INTO ledger.programme (tenant_id, kind, unit, code_length, amount_max,
	number, code, name, prefix, alphabet) VALUES
	(:b, 5, 978, 16, 100000, 2, 'HERS', 'Hers', '', '01234567'),
	(:b, 7, 1001, 16, 100000, 3, 'HERPOINTS', 'Hers', '', '01234567');
INSERT INTO ledger.store (tenant_id, store_id, code, name, created_at) VALUES
	(:b, 2, 'HERSTORE', 'Hers', now());
INSERT INTO ledger.customer (tenant_id, customer_id, created_at)
	VALUES (:b, 900, now());
SELECT test.card('MINE', 100), test.card('W-' || i, 1000, NULL, :b)
	FROM generate_series(1, 3) i \g /dev/null
INSERT INTO ledger.message (tenant_id, card_id, customer_id, channel,
	recipient, created_at, due_at)
	VALUES (:b, test.id('W-1', :b), 900, 'sms', 'W-9', now(), now());
CREATE TEMPORARY TABLE name (word text, hers text, nothing text)
	ON COMMIT DROP;
INSERT INTO name VALUES
	('code', '''W-2''', '''W-NONE'''),
	('card', test.id('W-2', :b)::text, '77777'),
	('seq', '2', '2'),
	('programme', '''HERS''', '''NONE'''),
	('store', '''HERSTORE''', '''NONE'''),
	('number', '2', '99'),
	('phone', '''0711111111''', '''0722222222'''),
	('member', '''HERMEMBER''', '''NONE'''),
	('reserved', '''W-6''', '''W-NONE'''),
	('auth_key', '''70000000-0000-0000-0000-000000000006''::uuid',
	    '''70000000-0000-0000-0000-000000000099''::uuid'),
	('auth', '''70000000-0000-0000-0000-000000000007''::uuid',
	    '''70000000-0000-0000-0000-000000000099''::uuid'),
	('purchase_key', '''70000000-0000-0000-0000-000000000004''::uuid',
	    '''70000000-0000-0000-0000-000000000099''::uuid'),
	('enrol_key', '''70000000-0000-0000-0000-000000000005''::uuid',
	    '''70000000-0000-0000-0000-000000000099''::uuid'),
	('key', '''70000000-0000-0000-0000-000000000001''::uuid',
	    '''70000000-0000-0000-0000-000000000099''::uuid'),
	('issue_key', '''70000000-0000-0000-0000-000000000002''::uuid',
	    '''70000000-0000-0000-0000-000000000099''::uuid'),
	('batch_key', '''70000000-0000-0000-0000-000000000003''::uuid',
	    '''70000000-0000-0000-0000-000000000099''::uuid'),
	('customer', (SELECT format('%L::uuid', public_id)
	    FROM ledger.customer WHERE tenant_id = :b),
	    '''70000000-0000-0000-0000-000000000088''::uuid'),
	('credential', (SELECT format('%L::uuid', public_id)
	    FROM ledger.credential WHERE tenant_id = :b),
	    '''70000000-0000-0000-0000-000000000088''::uuid'),
	('message', (SELECT format('%L::uuid', public_id)
	    FROM ledger.message WHERE tenant_id = :b),
	    '''70000000-0000-0000-0000-000000000088''::uuid'),
	('tenant', (SELECT format('%L::uuid', public_id)
	    FROM ledger.tenant WHERE tenant_id = :b),
	    '''70000000-0000-0000-0000-000000000088''::uuid');
SELECT isnt(test.id('MINE'), test.id('W-2', :b), 'numbers that differ');
SELECT is((SELECT string_agg(test.say(r), '; ') FROM api.post(test.who(:b),
	'70000000-0000-0000-0000-000000000001',
	'70000000-0000-0000-0000-000000000001', ARRAY[
	test.entry('authorise', 'W-2', 10), test.entry('debit', 'W-2', 10)])
	r), 'authorise 10 #2 =1000/10; redeem -10 #3 =990/10', 'she has moved');
SELECT is((SELECT status::text FROM api.card_issue(test.who(:b),
	'70000000-0000-0000-0000-000000000002',
	'70000000-0000-0000-0000-000000000002', ARRAY['W-8'], 'HERS', 1, NULL,
	NULL, NULL, NULL, NULL, NULL, NULL)), 'ok', 'and issued');
SELECT is((SELECT status::text FROM api.card_batch(test.who(:b),
	'70000000-0000-0000-0000-000000000003',
	'70000000-0000-0000-0000-000000000003', ARRAY['W-9'], 1, 'HERS', 1,
	NULL, NULL, NULL, NULL, NULL)), 'ok', 'one and many');

SELECT is((SELECT status::text FROM api.purchase_post(test.who(:b),
	'70000000-0000-0000-0000-000000000004',
	'70000000-0000-0000-0000-000000000004', 978::smallint, 2, 'W-2', 100,
	0, 1, 'hers', false, 0)), 'ok', 'and bought');
SELECT is((SELECT status::text FROM api.holder_enrol(test.who(:b),
	'70000000-0000-0000-0000-000000000005',
	'70000000-0000-0000-0000-000000000005', ARRAY['W-7'], 'HERPOINTS', 2,
	NULL, 'x.example', ARRAY['phone'], ARRAY['0711111111'])), 'ok',
	'and enrolled');

UPDATE ledger.customer SET external_id = 'HERMEMBER',
	email = 'hers@example.com' WHERE tenant_id = :b AND phone = '0711111111';
SELECT is((SELECT status::text FROM api.authorise(test.who(:b),
	'70000000-0000-0000-0000-000000000006',
	'70000000-0000-0000-0000-000000000006', NULL, 'W-2', 'S', 0, 1,
	'70000000-0000-0000-0000-000000000007', NULL)), 'ok', 'and held');
SELECT is((SELECT status::text FROM api.card_reserve(test.who(:b),
	gen_random_uuid(), gen_random_uuid(), ARRAY['W-6'], 1, 'HERS', NULL,
	'x', 'x')), 'ok', 'and set aside');

-- Every api function of a caller, with every name that it takes.
CREATE TEMPORARY TABLE call (text text) ON COMMIT DROP;
INSERT INTO call VALUES
	('card_get({who}, {code})'),
	('card_list({who}, {customer}, NULL, NULL, NULL, 10)'),
	('card_list({who}, NULL, {programme}, NULL, NULL, 10)'),
	('card_list({who}, NULL, NULL, NULL, {card} + 1, 10)'),
	('card_update({who}, {code}, true, ''suspended'', true, NULL, false,
	    NULL, true, ''x'')'),
	('card_update({who}, ''MINE'', false, NULL, false, NULL, true,
	    {customer}, false, NULL)'),
	('card_issue({who}, {new}, {new}, ARRAY[''N-1''], {programme}, 1, NULL,
	    NULL, NULL, NULL, NULL, NULL, NULL)'),
	('card_issue({who}, {new}, {new}, ARRAY[''N-1''], ''GIFT'', 1, NULL,
	    NULL, NULL, NULL, {customer}, NULL, NULL)'),
	('card_issue_replay({who}, {issue_key}, {issue_key})'),
	('card_batch({who}, {new}, {new}, ARRAY[''N-1''], 1, {programme}, 1,
	    NULL, NULL, NULL, NULL, NULL)'),
	('card_batch({who}, {new}, {new}, ARRAY[''N-1''], 1, ''GIFT'', 1,
	    NULL, NULL, {customer}, NULL, NULL)'),
	('card_batch_replay({who}, {batch_key}, {batch_key})'),
	('post({who}, {new}, {new}, ARRAY[ROW(''credit'', {code}, NULL, NULL,
	    NULL, NULL, 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL)
	    ::api.transfer_in])'),
	('post({who}, {new}, {new}, ARRAY[ROW(''debit'', {code}, NULL, 978,
	    NULL, NULL, 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL)
	    ::api.transfer_in])'),
	('post({who}, {new}, {new}, ARRAY[ROW(''authorise'', {code}, NULL,
	    840, NULL, NULL, 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL)
	    ::api.transfer_in])'),
	('post({who}, {new}, {new}, ARRAY[ROW(''capture'', NULL, {card}, 978,
	    {seq}, NULL, 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL)
	    ::api.transfer_in])'),
	('post({who}, {new}, {new}, ARRAY[ROW(''void'', NULL, {card}, 978,
	    {seq}, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)
	    ::api.transfer_in])'),
	('post({who}, {new}, {new}, ARRAY[ROW(''lapse'', NULL, {card}, 978,
	    {seq}, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)
	    ::api.transfer_in])'),
	('post({who}, {new}, {new}, ARRAY[ROW(''reverse'', NULL, {card}, 978,
	    3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)
	    ::api.transfer_in, ROW(''debit'', {code}, NULL, NULL, NULL, NULL,
	    1, NULL, NULL, NULL, NULL, NULL, NULL, NULL)::api.transfer_in])'),
	('debit(({who}).tenant, ({who}).credential, ({who}).version, NULL,
	    ''UTC'', {new}, {new}, {new}, {code}, 978::smallint, ''redeem'',
	    1, NULL, NULL)'),
	('post_replay({who}, {key}, {key})'),
	('transfer_get({who}, {card}, 978::smallint, {seq})'),
	('transfer_list({who}, {code}, NULL, NULL, NULL, 10)'),
	('hold_get({who}, {card}, 978::smallint, {seq})'),
	('credential_create({who}, {tenant}, ''native'', NULL, NULL, 1, NULL,
	    NULL, NULL, NULL, ''x'')'),
	('credential_create({who}, NULL, ''native'', NULL, NULL, 1,
	    {programme}, NULL, NULL, NULL, ''x'')'),
	('credential_list({who}, {credential}, NULL, 10)'),
	('credential_list({who}, NULL, {credential}, 10)'),
	('credential_disable({who}, {credential})'),
	('credential_rotate({who}, {credential}, NULL, ''x'', 0)'),
	('credential_unlock({who}, {credential})'),
	('credential_still({who})'),
	('me({who})'),
	('tenant_create({who}, ''x'', NULL, ''UTC'', 978::smallint, NULL)'),
	('tenant_get({who}, {tenant})'),
	('tenant_list({who}, NULL, 10)'),
	('tenant_list({who}, {tenant}, 10)'),
	('tenant_update({who}, {tenant}, true, ''x'', true, ''x'', true,
	    ''blocked'', ''{}'')'),
	('programme_create({who}, {programme}, ''x'', 5::smallint,
	    978::smallint, '''', ''01234567'', 8::smallint, 0::smallint,
	    0::smallint, 1, NULL)'),
	('programme_get({who}, {programme})'),
	('programme_list({who}, NULL, 10)'),
	('programme_list({who}, {programme}, 10)'),
	('programme_update({who}, {programme}, ''x'', ''closed'', NULL, NULL,
	    NULL, NULL, NULL, NULL, NULL)'),
	('customer_create({who}, ARRAY[''referrer'', ''phone''],
	    ARRAY[{code}, {phone}])'),
	('customer_list({who}, {customer}, NULL, NULL, NULL, NULL, 10)'),
	('message_list({who}, {message}, NULL, NULL, 10)'),
	('message_list({who}, NULL, NULL, {message}, 10)'),
	('message_list({who}, NULL, ''queued'', NULL, 10)'),
	('customer_update({who}, {customer}, ARRAY[''first_name''],
	    ARRAY[''x''])'),
	('setting_check({who}, ''tenant'', ''{}'')'),
	('store_create({who}, {store}, ''x'')'),
	('store_get({who}, {store})'),
	('store_update({who}, {store}, ''x'', ''closed'')'),
	('store_list({who}, {store}, 10)'),
	('store_list({who}, NULL, 10)'),
	('programme_get({who}, NULL, {number})'),
	('card_issue({who}, {new}, {new}, ARRAY[''N-1''], ''GIFT'', 1, NULL,
	    NULL, NULL, NULL, NULL, NULL, NULL, {store})'),
	('points_get({who}, {code})'),
	('purchase_post({who}, {new}, {new}, 978::smallint, 2, {code}, 100,
	    0, 1, ''x'', false, 0)'),
	('purchase_replay({who}, {purchase_key}, {purchase_key})'),
	('purchase_list({who}, {code}, NULL, 10)'),
	('holder_enrol({who}, {new}, {new}, ARRAY[''N-1''], {programme}, NULL,
	    NULL, ''x.example'', ''{}'', ''{}'')'),
	('holder_enrol({who}, {new}, {new}, ARRAY[''N-1''], ''GIFT'',
	    {number}, NULL, ''x.example'', ''{}'', ''{}'')'),
	('holder_enrol({who}, {new}, {new}, ARRAY[''N-1''], ''GIFT'', NULL,
	    NULL, ''x.example'', ARRAY[''phone'', ''referrer''],
	    ARRAY[{phone}, {code}])'),
	('holder_enrol_replay({who}, {enrol_key}, {enrol_key})'),
	('holder_update({who}, {code}, ARRAY[''first_name''],
	    ARRAY[''x''])'),
	('holder_update({who}, ''MINE'', ARRAY[''phone''], ARRAY[{phone}])'),
	('customer_find({who}, {member}, NULL)'),
	('customer_find({who}, NULL, ''hers@example.com'')'),
	('account_get({who}, {member}, NULL, ''-infinity'', ''infinity'', 9)'),
	('account_get({who}, NULL, {code}, ''-infinity'', ''infinity'', 9)'),
	('authorise({who}, {new}, {new}, {member}, NULL, ''S'', 1, 0, {new},
	    NULL)'),
	('authorise({who}, {new}, {new}, NULL, {code}, ''S'', 0, 1, {new},
	    NULL)'),
	('authorise_replay({who}, {auth_key}, {auth_key})'),
	('settle({who}, {code}, {auth}, true)'),
	('settle({who}, {member}, {auth}, false)'),
	('loyalty_earn({who}, {new}, {new}, {member}, 1, ''x'', ''x'', true)'),
	('card_reserve({who}, {new}, {new}, ARRAY[''N-1''], 1, {programme},
	    NULL, ''x'', ''x'')'),
	('card_sell({who}, {new}, {new}, ARRAY[''N-1''], true, {programme}, 1,
	    NULL, NULL, false)'),
	('card_sell({who}, {new}, {new}, ARRAY[''N-1''], true, ''GIFT'', 1,
	    {member}, NULL, false)'),
	('card_sell({who}, {new}, {new}, ARRAY[{reserved}], true, ''GIFT'', 1,
	    NULL, NULL, true)'),
	('reservation_list({who}, NULL, NULL, NULL, 10)'),
	('reservation_list({who}, ''x'', ''x'', {card} + 99, 10)'),
	('session_open({who}, decode(repeat(''ab'', 32), ''hex''), 1)'),
	('unknown_code_seen({who}, ''192.0.2.1'', 5)');
-- These come before there is a caller.
CREATE TEMPORARY TABLE open (name text) ON COMMIT DROP;
INSERT INTO open VALUES ('schema_version'), ('host_settings'), ('host_settings'), ('key_find'), ('login_begin'),
	('login_end'), ('login_clear'), ('credential_usable'),
	('login_failed'), ('network_failed'), ('network_of');
SELECT set_eq($$ SELECT proname::text FROM pg_proc
	WHERE pronamespace = 'api'::regnamespace $$,
	$$ SELECT substring(text FROM '^[a-z_]+') FROM call
	UNION SELECT name FROM open $$, 'no api function is left out');

-- What a call answers, undone again. Numbers and names made anew differ by
-- nature; so do the names asked for.
CREATE FUNCTION test.outcome(p_text text, p_hers boolean) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	n	record;
	v_sql	text := p_text;
	v_out	text;
BEGIN
	FOR n IN SELECT * FROM name LOOP
		v_sql := replace(v_sql, '{' || n.word || '}',
		    CASE WHEN p_hers THEN n.hers ELSE n.nothing END);
	END LOOP;
	v_sql := replace(v_sql, '{who}', 'test.who(test.a())');
	v_sql := replace(v_sql, '{new}', 'gen_random_uuid()');
	BEGIN
		EXECUTE format('SELECT string_agg(f::text, ''|'') '
		    'FROM api.%s f', v_sql) INTO v_out;
		RAISE SQLSTATE 'TS999';
	EXCEPTION WHEN SQLSTATE 'TS999' THEN
		NULL;
	WHEN OTHERS THEN
		v_out := 'error ' || SQLSTATE;
	END;
	FOR n IN SELECT trim(both '''' FROM split_part(hers, '::', 1)) AS hers,
	    trim(both '''' FROM split_part(nothing, '::', 1)) AS nothing
	    FROM name WHERE word NOT IN ('seq', 'number') LOOP
		v_out := replace(v_out, n.hers, n.nothing);
	END LOOP;
	RETURN coalesce(v_out, 'no row');
END $$;
CREATE FUNCTION test.digest(p_tenant integer) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	t	regclass;
	v	text;
	v_all	text := '';
BEGIN
	FOR t IN SELECT attrelid::regclass FROM pg_attribute
	    JOIN pg_class c ON c.oid = attrelid
	    WHERE relnamespace = 'ledger'::regnamespace AND relkind = 'r'
	    AND attname = 'tenant_id' ORDER BY 1 LOOP
		EXECUTE format('SELECT md5(string_agg(x::text, ''|'' '
		    'ORDER BY x::text)) FROM %s x WHERE tenant_id = %s', t,
		    p_tenant) INTO v;
		v_all := concat(v_all, t, ' ', v, E'\n');
	END LOOP;
	RETURN v_all;
END $$;
SELECT test.digest(:b) AS digest \gset
-- A card's numbers begin at one in each tenant, and what is made takes one.
SELECT is(test.outcome(text, true), test.outcome(text, false),
	regexp_replace(text, '\s+', ' ', 'g')) FROM call
	WHERE text ~ '\{(code|card|programme|key|issue_key|batch_key|customer'
	'|credential|tenant|store|number|message|purchase_key|enrol_key|member'
	'|reserved|auth_key|auth)\}'
	AND text !~ '^(programme|store)_create' AND text !~ '\{phone\}'
	AND text !~ '\{card\} \+ 1';
SELECT unalike(test.outcome(text, true), 'error%',
	'answered: ' || regexp_replace(text, '\s+', ' ', 'g')) FROM call;
SELECT alike(test.outcome(text, true), '(ok,%',
	'ok, here too: ' || regexp_replace(text, '\s+', ' ', 'g')) FROM call
	WHERE text ~ '^(programme|store)_create' OR text ~ '\{phone\}';
SELECT unalike(test.outcome(text, true), v, format('no %s in %s', v, text))
	FROM call, (SELECT '%' || public_id || '%' FROM ledger.tenant
	WHERE tenant_id IN (:b, :c) UNION ALL SELECT '%' || public_id || '%'
	FROM ledger.credential WHERE tenant_id IN (:b, :c)
	UNION ALL VALUES ('%W-_%'), ('%pgTAP b%')) AS w (v)
	WHERE text ~ '^(me|tenant_list|programme_list|card_list|'
	'credential_list|customer_list|store_list|message_list|'
	'reservation_list)';
SELECT is(test.digest(:b), :'digest', 'and nothing of hers has changed');

-- ---- Who asks. ----

-- Runs as a worker would, whose session is tessera_app's; a SQLSTATE, or what
-- comes out.
CREATE FUNCTION test.as_role(p_role text, p_sql text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	v	text := 'done';
BEGIN
	BEGIN
		EXECUTE 'SET LOCAL SESSION AUTHORIZATION ' || p_role;
		IF p_sql ~* '^ *select' THEN
			EXECUTE p_sql INTO v;
		ELSE
			EXECUTE p_sql;
		END IF;
		RAISE SQLSTATE 'TS999';
	EXCEPTION WHEN SQLSTATE 'TS999' THEN
		NULL;
	WHEN OTHERS THEN
		v := SQLSTATE;
	END;
	RETURN v;
END $$;
CREATE FUNCTION test.caller(p_tenant integer, p_credential integer,
    p_version integer) RETURNS text
LANGUAGE sql
RETURN quote_literal(ROW(p_tenant, p_credential, p_version, NULL, 'UTC',
	gen_random_uuid())::api.caller) || '::api.caller';
SELECT is(test.as_role('tessera_app', format('SELECT status FROM
	api.card_get(%s, ''W-1'')', who)), want, text) FROM (VALUES
	(test.caller(:b, (test.who(:b)).credential, 1), 'ok',
	    'a caller that is right'),
	(test.caller(:b, (test.who(:b)).credential, 2), 'credential_stale',
	    'another version'),
	(test.caller(:b, (test.who(:a)).credential, 1), 'credential_stale',
	    'another tenant''s credential'),
	(test.caller(:b, (test.who(:b)).credential, NULL), 'credential_stale',
	    'no version'),
	(test.caller(NULL, (test.who(:b)).credential, 1), 'credential_stale',
	    'no tenant'),
	(test.caller(:b, NULL, NULL), 'credential_stale',
	    'a worker is not the operator'),
	('NULL', 'credential_stale', 'nobody')) AS v (who, want, text);
SELECT is(test.as_role('tessera_admin', format('SELECT status FROM
	api.card_get(%s, ''W-1'')', test.caller(:b, NULL, NULL))), 'ok',
	'the operator is');
-- Without a fresh credential nothing is answered by any of them.
UPDATE ledger.credential SET version = 5 WHERE tenant_id = :a;
CREATE FUNCTION test.stale() RETURNS api.caller
LANGUAGE sql
RETURN (SELECT ROW((w).tenant, (w).credential, 4, NULL, 'UTC',
	(w).request)::api.caller FROM test.who(test.a()) w);
SELECT matches(test.outcome(replace(text, '{who}', 'test.stale()'), true),
	'^\(?credential_stale,?[,f]*\)?$', 'stale: ' ||
	substring(text FROM '^[a-z_]+'))
	FROM (SELECT DISTINCT ON (substring(text FROM '^[a-z_]+')) text
	FROM call ORDER BY substring(text FROM '^[a-z_]+')) x;

-- ---- The workers' role. ----

SELECT is(test.as_role('tessera_app', sql), '42501', 'a worker may not: ' ||
	sql) FROM (
	SELECT format(f, t.oid::regclass) AS sql FROM pg_class t,
	    unnest(ARRAY['SELECT count(*) FROM %s', 'INSERT INTO %s DEFAULT '
	    'VALUES', 'DELETE FROM %s', 'TRUNCATE %s']) f
	    WHERE relnamespace = 'ledger'::regnamespace AND relkind = 'r'
	UNION ALL SELECT format('UPDATE %s SET %I = %I', attrelid::regclass,
	    attname, attname) FROM pg_attribute JOIN pg_class c
	    ON c.oid = attrelid WHERE relnamespace = 'ledger'::regnamespace
	    AND relkind = 'r' AND attnum = 1
	UNION ALL SELECT format('SELECT count(*) FROM %s', oid::regclass)
	    FROM pg_class WHERE relnamespace = 'ledger'::regnamespace
	    AND relkind = 'v'
	UNION ALL VALUES
	    ('SELECT ledger.tenant()'), ('SELECT ledger.now()'),
	    ('SELECT ops.tenant_list(NULL, 1)'),
	    ('SELECT api.login_clear(''native'', ''x'')'),
	    ('SELECT api.credential_usable(1, 1, NULL, NULL)'),
	    ('SET ROLE tessera_owner'), ('SET ROLE tessera_auth'),
	    ('SET ROLE tessera_ops'), ('SET ROLE tessera_admin'),
	    ('CREATE SCHEMA mine'), ('CREATE TABLE public.mine (n integer)'),
	    ('CREATE TABLE api.mine (n integer)'),
	    ('CREATE TEMPORARY TABLE mine (n integer)'),
	    ('CREATE FUNCTION api.mine() RETURNS integer RETURN 1'),
	    ('SET row_security = off; SELECT count(*) FROM ledger.card'))
	x;
SELECT is_empty($$ SELECT c.oid::regclass FROM pg_class c
	WHERE relnamespace IN ('ledger'::regnamespace, 'api'::regnamespace,
	'ops'::regnamespace) AND relkind IN ('r', 'v', 'S', 'm', 'p')
	AND CASE relkind WHEN 'S' THEN has_sequence_privilege('tessera_app',
	c.oid, 'USAGE, SELECT, UPDATE') ELSE has_table_privilege('tessera_app',
	c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
	OR has_any_column_privilege('tessera_app', c.oid,
	'SELECT, INSERT, UPDATE, REFERENCES') END $$,
	'no right on anything that holds rows');
SELECT is_empty($$ SELECT p.oid::regprocedure FROM pg_proc p
	WHERE pronamespace IN ('ledger'::regnamespace, 'ops'::regnamespace)
	AND has_function_privilege('tessera_app', p.oid, 'EXECUTE')
	AND p.oid <> 'ledger.tenant()'::regprocedure $$,
	'no function beside api');
SELECT results_eq($$ SELECT n, has_schema_privilege('tessera_app', n, 'USAGE'),
	has_schema_privilege('tessera_app', n, 'CREATE')
	FROM unnest(ARRAY['api', 'ledger', 'ops', 'public']) n $$,
	$$ VALUES ('api', true, false), ('ledger', false, false),
	('ops', false, false), ('public', true, false) $$, 'nor the schemas');
SELECT set_eq($$ SELECT proname::text FROM pg_proc
	WHERE pronamespace = 'api'::regnamespace
	AND NOT has_function_privilege('tessera_app', oid, 'EXECUTE') $$,
	ARRAY['login_clear', 'credential_usable', 'login_failed',
	'network_failed', 'network_of'],
	'of api all but what serves its other functions');
SELECT is_empty($$ SELECT FROM pg_proc WHERE pronamespace IN
	('api'::regnamespace, 'ops'::regnamespace, 'ledger'::regnamespace)
	AND oid <> 'ledger.tenant()'::regprocedure
	AND has_function_privilege('public', oid, 'EXECUTE') $$,
	'nothing is everyone''s');

-- ---- How it is built. ----

SELECT is_empty($$ SELECT p.oid::regprocedure FROM pg_proc p
	WHERE pronamespace = 'api'::regnamespace
	AND proname NOT IN ('credential_usable', 'login_failed',
	'network_failed', 'network_of') AND NOT prosecdef $$,
	'api functions have the owner''s rights, not the caller''s');
SELECT is_empty($$ SELECT p.oid::regprocedure FROM pg_proc p
	WHERE pronamespace = 'api'::regnamespace
	AND (pronargs = 0 OR proargtypes[0] <> 'api.caller'::regtype)
	AND proname <> 'debit' AND proname NOT IN (SELECT name FROM open) $$,
	'and begin with a caller');
SELECT is((SELECT array_to_string(proargnames[1:6], ' ') FROM pg_proc
	WHERE oid = 'api.debit'::regproc),
	'p_tenant p_credential p_version p_clock p_zone p_request',
	'or with what one consists of');
SELECT set_eq($$ SELECT proname::text FROM pg_proc WHERE pronamespace IN
	('api'::regnamespace, 'ops'::regnamespace, 'ledger'::regnamespace)
	AND proowner <> 'tessera_owner'::regrole $$, ARRAY['key_find',
	'login_begin', 'login_end', 'login_clear', 'credential_usable',
	'host_settings',
	'login_failed', 'network_failed', 'network_of'],
	'those that see all credentials are few');
SELECT set_eq($$ SELECT proname::text FROM pg_proc WHERE pronamespace IN
	('api'::regnamespace, 'ops'::regnamespace, 'ledger'::regnamespace)
	AND proowner <> 'tessera_owner'::regrole
	AND proowner = 'tessera_auth'::regrole $$, ARRAY['key_find',
	'login_begin', 'login_end', 'login_clear', 'credential_usable',
	'host_settings',
	'login_failed', 'network_failed', 'network_of'],
	'and not a superuser''s');
SELECT is_empty($$ SELECT FROM pg_roles WHERE rolname ~ '^tessera_'
	AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb
	OR rolreplication) $$, 'no role may look past the walls');
SELECT ok('enable_seqscan=off' = ANY (s.setconfig),
	'a worker never reads tables whole') FROM pg_db_role_setting s
	WHERE s.setrole = 'tessera_app'::regrole AND s.setdatabase = (SELECT oid
	FROM pg_database WHERE datname = current_database());
SELECT is_empty($$ SELECT FROM pg_auth_members
	WHERE member = 'tessera_app'::regrole $$,
	'the worker''s is a member of none');
SELECT is_empty($$ SELECT c.oid::regclass FROM pg_class c
	WHERE relnamespace = 'ledger'::regnamespace AND relkind = 'r'
	AND EXISTS (SELECT FROM pg_attribute WHERE attrelid = c.oid
	AND attname = 'tenant_id') AND NOT (relrowsecurity
	AND relforcerowsecurity) $$, 'row level security is forced');
SELECT is_empty($$ SELECT a.attrelid::regclass FROM pg_attribute a
	JOIN pg_class c ON c.oid = a.attrelid
	WHERE relnamespace = 'ledger'::regnamespace AND relkind = 'r'
	AND attname = 'tenant_id' AND attstattarget <> 0 $$,
	'no statistics of tenants');
SELECT is_empty($$ SELECT tgrelid::regclass FROM pg_trigger t
	JOIN pg_class c ON c.oid = tgrelid
	WHERE relnamespace = 'ledger'::regnamespace AND NOT tgisinternal $$,
	'no triggers');
SELECT set_eq($$ SELECT i.indexrelid::regclass::text FROM pg_index i
	JOIN pg_class c ON c.oid = i.indrelid JOIN pg_attribute a
	ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
	WHERE relnamespace = 'ledger'::regnamespace
	AND a.attname <> 'tenant_id' AND EXISTS (SELECT FROM pg_attribute t
	WHERE t.attrelid = c.oid AND t.attname = 'tenant_id') $$,
	ARRAY['ledger.credential_login', 'ledger.secret_key_hash_key',
	'ledger.tenant_host_key', 'ledger.tenant_parent_id_name_key',
	'ledger.tenant_public_id_key'], 'the tenant leads every other key');

-- The owner's functions are behind the walls as well.
CREATE FUNCTION test.owner_sees(p_tenant integer) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	t	regclass;
	n	bigint;
	v	text := '';
BEGIN
	PERFORM set_config('tessera.tenant', coalesce(p_tenant::text, ''),
	    true);
	FOR t IN SELECT c.oid FROM pg_class c JOIN pg_attribute
	    ON attrelid = c.oid WHERE relnamespace = 'ledger'::regnamespace
	    AND relkind = 'r' AND attname = 'tenant_id'
	    AND relname <> 'tenant' LOOP
		SET LOCAL ROLE tessera_owner;
		EXECUTE format('SELECT count(*) FROM %s WHERE tenant_id '
		    'IS DISTINCT FROM %L', t, p_tenant) INTO n;
		RESET ROLE;
		IF n > 0 THEN
			v := concat(v, t, ' ', n, ' ');
		END IF;
	END LOOP;
	RETURN v;
END $$;
SELECT is(test.owner_sees(NULL), '', 'without a tenant it sees nothing');
SELECT is(test.owner_sees(:a), '', 'with one nothing else');
SELECT set_config('tessera.tenant', :'a', true) \g /dev/null
CREATE FUNCTION test.as_owner(p_sql text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	n	bigint;
	v	text;
BEGIN
	SET LOCAL ROLE tessera_owner;
	BEGIN
		EXECUTE p_sql;
		GET DIAGNOSTICS n = ROW_COUNT;
		v := n || ' rows';
		RAISE SQLSTATE 'TS999';
	EXCEPTION WHEN SQLSTATE 'TS999' THEN
		NULL;
	WHEN OTHERS THEN
		v := SQLSTATE;
	END;
	RESET ROLE;
	RETURN v;
END $$;
SELECT is(test.as_owner(format('UPDATE ledger.card SET note = ''x'' '
	'WHERE tenant_id = %s', :b)), '0 rows', 'nor does it write there');
SELECT is(test.as_owner(format('UPDATE ledger.card SET note = ''x'' '
	'WHERE tenant_id = %s', :a)), '1 rows', 'but here');
SELECT is(test.as_owner(format('UPDATE ledger.programme SET tenant_id = %s',
	:b)), '42501', 'rows do not change sides');
SELECT is(test.as_owner(format('INSERT INTO ledger.unknown_code VALUES (%s, '
	'1, ''::1'', now(), 1)', :b)), '42501', 'or begin there');
-- History stays.
SELECT is(test.as_owner(sql), '42501', 'the owner may not: ' || sql)
	FROM unnest(ARRAY['UPDATE ledger.transfer SET reference = ''x''',
	'DELETE FROM ledger.transfer', 'TRUNCATE ledger.transfer',
	'UPDATE ledger.idempotency SET detail = NULL',
	'DELETE FROM ledger.idempotency', 'TRUNCATE ledger.idempotency']) sql;
SELECT is_empty($$ SELECT r.rolname, t FROM pg_roles r,
	unnest(ARRAY['ledger.transfer', 'ledger.idempotency']) t
	WHERE r.rolname ~ '^tessera_'
	AND has_table_privilege(r.oid, t, 'UPDATE, DELETE, TRUNCATE') $$,
	'nor may any other of ours');
SELECT is_empty($$ SELECT c.oid::regclass FROM pg_class c
	WHERE relnamespace = 'ledger'::regnamespace AND relkind = 'r'
	AND has_table_privilege('tessera_ops', c.oid,
	'INSERT, UPDATE, DELETE, TRUNCATE')
	AND relname <> 'tenant' $$, 'who may read all writes nothing of it');

SELECT * FROM finish();
ROLLBACK;
