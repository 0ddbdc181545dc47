-- sql/functions/holder.sql: a customer and a card as one thing.
BEGIN;
\ir lib/world.psql
SELECT * FROM no_plan();

INSERT INTO ledger.programme (tenant_id, kind, unit, code_length, amount_max,
	number, code, name, prefix, alphabet, state, settings) VALUES
	(:a, 7, 1001, 13, 100000, 2, 'P', 'Points', '', '0123456789', 'active',
	    '{}'),
	(:a, 7, 1001, 13, 100000, 3, 'W', 'Welcome', '', '0123456789',
	    'active', '{"welcome_points": 25}'),
	(:a, 7, 1001, 13, 100000, 4, 'X', 'Closed', '', '0123456789',
	    'closed', '{}');
INSERT INTO ledger.store (tenant_id, store_id, code, name, state, created_at)
	VALUES (:a, 1, 'S1', 'One', 'active', now()),
	(:a, 2, 'S2', 'Two', 'closed', now()),
	(:b, 3, 'S3', 'Hers', 'active', now());

CREATE FUNCTION test.enrol(p_codes text[], p_programme text DEFAULT 'P',
    p_phone text DEFAULT NULL, p_email text DEFAULT NULL,
    p_store integer DEFAULT NULL, p_channel text DEFAULT NULL,
    p_referrer text DEFAULT NULL, p_external text DEFAULT NULL,
    p_key uuid DEFAULT gen_random_uuid(), p_tenant integer DEFAULT test.a())
    RETURNS text
LANGUAGE sql
BEGIN ATOMIC
	SELECT concat_ws(' ', r.status, r.code, r.phone, r.email,
	    CASE WHEN r.queued THEN 'queued' END,
	    CASE WHEN r.customer IS NULL THEN 'nobody' END)
	    FROM api.holder_enrol(test.who(p_tenant), p_key, p_key, p_codes,
	    p_programme, p_store, p_channel, 'mail.invalid',
	    ARRAY['first_name', 'last_name', 'email', 'phone', 'external_id',
	    'born_on', 'city', 'referrer', 'newsletter'], ARRAY['Ana', 'Pop',
	    p_email, p_phone, p_external, '1990-02-28', 'Cluj', p_referrer,
	    'true']) r;
END;
CREATE FUNCTION test.holder(p_code text) RETURNS text
LANGUAGE sql
RETURN (SELECT concat_ws(' ', u.first_name, u.last_name, u.phone, u.email,
	u.email_generated, u.born_on, u.city, u.newsletter)
	FROM ledger.card c JOIN ledger.customer u USING (tenant_id,
	customer_id) WHERE c.tenant_id = test.a() AND c.code = p_code);

SELECT is(test.enrol(ARRAY['E-1'], p_phone => '0711111111', p_email =>
	'ana@example.com'), 'ok E-1 0711111111 ana@example.com', 'enrolled');
SELECT is(test.holder('E-1'), 'Ana Pop 0711111111 ana@example.com f '
	'1990-02-28 Cluj t', 'all of her');
SELECT is((SELECT concat_ws(' ', state, balance, unit) FROM api.card_get(
	test.who(:a), 'E-1')), 'active 0 1001', 'an empty, active card');
SELECT is((SELECT (card).customer = (SELECT public_id FROM ledger.customer
	WHERE tenant_id = test.a() AND phone = '0711111111')
	FROM (SELECT api.card_get(test.who(:a), 'E-1') AS card) c), true,
	'which /v1 knows as hers');

-- Phones.
SELECT is(test.enrol(ARRAY['E-2'], p_phone => '0711111111'),
	'phone_taken E-1 0711111111 nobody', 'hers already');
SELECT is((SELECT count(*)::integer FROM ledger.card WHERE tenant_id = :a
	AND code = 'E-2'), 0, 'no second card');
SELECT is((SELECT count(*)::integer FROM ledger.customer
	WHERE tenant_id = :a), 1, 'nor a second customer');
SELECT is(test.enrol(ARRAY['E-3']), 'ok E-3 e-3@mail.invalid', 'no phone');
SELECT is(test.enrol(ARRAY['E-4']), 'ok E-4 e-4@mail.invalid',
	'is nobody else''s no phone');
SELECT is(test.holder('E-4'), 'Ana Pop e-4@mail.invalid t 1990-02-28 Cluj t',
	'an address that was made up');
SELECT is((SELECT status::text FROM api.customer_update(test.who(:a),
	(SELECT customer FROM api.card_get(test.who(:a), 'E-4')),
	ARRAY['email'], ARRAY['real@example.com'])), 'ok', 'a real one');
SELECT is(test.holder('E-4'), 'Ana Pop real@example.com f 1990-02-28 Cluj t',
	'is not made up');
SELECT is(test.state('E-1', 'suspended'), 'ok', 'a suspended card');
SELECT is(test.enrol(ARRAY['E-5'], p_phone => '0711111111'),
	'ok E-5 0711111111 e-5@mail.invalid', 'frees its phone');
SELECT is(test.state('E-5', 'active', '2031-01-01'), 'ok', 'an expired');
SELECT test.clock('2031-02-01');
SELECT is(test.enrol(ARRAY['E-6'], p_phone => '0711111111'),
	'ok E-6 0711111111 e-6@mail.invalid', 'one too');
SELECT test.clock(NULL);
SELECT is((SELECT status::text FROM api.customer_create(test.who(:a),
	ARRAY['phone'], ARRAY['+40722222222'])), 'ok',
	'through /v1, with a prefix');
SELECT is(test.card('G-1', 100), 'ok', 'a gift card');
SELECT is((SELECT status::text FROM api.card_update(test.who(:a), 'G-1',
	false, NULL, false, NULL, true, (SELECT public_id FROM ledger.customer
	WHERE tenant_id = :a AND phone = '+40722222222'), false, NULL)), 'ok',
	'of theirs');
SELECT is(test.enrol(ARRAY['E-7'], p_phone => '0722222222'),
	'ok E-7 0722222222 e-7@mail.invalid', 'is no card of points');
SELECT is((SELECT status::text FROM api.card_issue(test.who(:a),
	gen_random_uuid(), gen_random_uuid(), ARRAY['G-2'], 'P', 0, NULL, NULL,
	NULL, NULL, (SELECT public_id FROM ledger.customer WHERE tenant_id = :a
	AND phone = '+40722222222'), NULL, NULL, 'S1')), 'ok',
	'one of points, though');
SELECT is(test.state('E-7', 'suspended'), 'ok', 'alone');
SELECT is(test.enrol(ARRAY['E-8'], p_phone => '0722222222'),
	'phone_taken G-2 0722222222 nobody', 'is known by its short number');
SELECT is((SELECT store FROM api.card_get(test.who(:a), 'G-2')), 'S1',
	'and by its store');

-- Programmes, stores, codes.
SELECT is(test.enrol(ARRAY['E-9'], 'NONE'), 'programme_not_found nobody',
	'no such programme');
SELECT is(test.enrol(ARRAY['E-9'], 'X'), 'programme_closed nobody', 'closed');
SELECT is(test.enrol(ARRAY['E-9'], p_store => 1),
	'ok E-9 e-9@mail.invalid', 'in a store');
SELECT is((SELECT store FROM api.card_get(test.who(:a), 'E-9')), 'S1', 'told');
SELECT is(test.enrol(ARRAY['E-10'], p_store => 2), 'store_not_found nobody',
	'a closed one');
SELECT is(test.enrol(ARRAY['E-10'], p_store => 3), 'store_not_found nobody',
	'another tenant''s');
SELECT is(test.enrol(ARRAY['E-9', 'E-10']), 'ok E-10 e-10@mail.invalid',
	'the first code that is free');
SELECT throws_ok($$ SELECT test.enrol(ARRAY['E-9', 'E-10']) $$, 'TS003', NULL,
	'none is');
SELECT is(test.enrol(ARRAY['W-1'], 'W'), 'ok W-1 w-1@mail.invalid',
	'with a welcome');
SELECT is((SELECT concat(r.kind, ' ', r.amount, ' ', r.balance_after)
	FROM api.transfer_list(test.who(:a), 'W-1', NULL, NULL, NULL, 9) r),
	'earn 25 25', 'of points');

-- Who brought them.
CREATE FUNCTION test.brought(p_code text) RETURNS text
LANGUAGE sql
RETURN (SELECT concat_ws(' ', u.referrer, (SELECT x.code FROM ledger.card x
	WHERE x.tenant_id = u.tenant_id AND x.customer_id = u.referrer_id
	ORDER BY x.card_id LIMIT 1)) FROM ledger.card c
	JOIN ledger.customer u USING (tenant_id, customer_id)
	WHERE c.tenant_id = test.a() AND c.code = p_code);
SELECT is(test.enrol(ARRAY['R-1'], p_phone => '0733333333',
	p_referrer => 'e-3'), 'ok R-1 0733333333 r-1@mail.invalid', 'by a card');
SELECT is(test.brought('R-1'), 'e-3 E-3', 'linked');
SELECT is(test.enrol(ARRAY['R-2'], p_referrer => '+40 733 333-333'),
	'ok R-2 r-2@mail.invalid', 'by a phone');
SELECT is(test.brought('R-2'), '+40 733 333-333 R-1', 'linked');
SELECT is(test.enrol(ARRAY['R-3'], p_referrer => 'a friend'),
	'ok R-3 r-3@mail.invalid', 'by somebody');
SELECT is(test.brought('R-3'), 'a friend', 'kept');

-- Messages.
SELECT is(test.enrol(ARRAY['M-1'], p_phone => '0744444444',
	p_channel => 'sms'), 'ok M-1 0744444444 m-1@mail.invalid queued', 'SMS');
SELECT is(test.enrol(ARRAY['M-2'], p_email => 'm@example.com',
	p_channel => 'email'), 'ok M-2 m@example.com queued', 'e-mail');
SELECT results_eq($$ SELECT code, channel, recipient, m.state, attempts::integer
	FROM ledger.message m JOIN ledger.card USING (tenant_id, card_id)
	WHERE tenant_id = test.a() ORDER BY message_id $$, $$ VALUES
	('M-1', 'sms', '0744444444', 'queued', 0),
	('M-2', 'email', 'm@example.com', 'queued', 0) $$, 'two are queued');
SELECT is(test.enrol(ARRAY['M-3'], p_phone => '0744444444',
	p_channel => 'sms'), 'phone_taken M-1 0744444444 nobody', 'refused');
SELECT is((SELECT count(*)::integer FROM ledger.message
	WHERE tenant_id = :a), 2, 'is not told');

-- Under a key.
SELECT is(test.enrol(ARRAY['K-1'], p_phone => '0755555555',
	p_key => '00000000-0000-0000-0000-0000000000aa'),
	'ok K-1 0755555555 k-1@mail.invalid', 'a key');
SELECT throws_ok($$ SELECT test.enrol(ARRAY['K-2'],
	p_key => '00000000-0000-0000-0000-0000000000aa') $$, 'TS001', NULL,
	'is used once');
SELECT is((SELECT concat_ws(' ', r.status, r.code, r.phone, r.email, r.queued)
	FROM api.holder_enrol_replay(test.who(:a),
	'00000000-0000-0000-0000-0000000000aa',
	'00000000-0000-0000-0000-0000000000aa') r),
	'ok K-1 0755555555 k-1@mail.invalid f', 'and answered again');
SELECT is((SELECT r.status::text FROM api.holder_enrol_replay(test.who(:a),
	'00000000-0000-0000-0000-0000000000aa',
	'00000000-0000-0000-0000-0000000000ab') r), 'idempotency_key_reused',
	'the same request');
SELECT is(test.enrol(ARRAY['K-3'], p_phone => '0755555555',
	p_key => '00000000-0000-0000-0000-0000000000ac'),
	'phone_taken K-1 0755555555 nobody', 'a refusal');
SELECT is((SELECT concat_ws(' ', r.status, r.code)
	FROM api.holder_enrol_replay(test.who(:a),
	'00000000-0000-0000-0000-0000000000ac',
	'00000000-0000-0000-0000-0000000000ac') r), 'phone_taken K-1', 'too');
SELECT is(test.enrol(ARRAY['K-4'], p_external => 'x'),
	'ok K-4 k-4@mail.invalid', 'an id of the shop''s');
SELECT is(test.enrol(ARRAY['K-5'], p_external => 'x'), 'name_taken nobody',
	'is one person''s');

-- Changes.
CREATE FUNCTION test.change(p_code text, p_what jsonb) RETURNS text
LANGUAGE sql
BEGIN ATOMIC
	SELECT r.status::text FROM api.holder_update(test.who(test.a()),
	    p_code, ARRAY(SELECT key FROM jsonb_each_text(p_what) ORDER BY key),
	    ARRAY(SELECT value FROM jsonb_each_text(p_what) ORDER BY key)) r;
END;
SELECT is(test.change('K-1', '{"city": "Iasi"}'), 'ok', 'one thing');
SELECT is(test.holder('K-1'), 'Ana Pop 0755555555 k-1@mail.invalid t '
	'1990-02-28 Iasi t', 'changes alone');
SELECT is(test.change('K-1', '{"first_name": "Eva", "last_name": "Ion",
	"phone": "0766666666", "born_on": "1991-03-01", "newsletter": false}'), 'ok', 'many');
SELECT is(test.holder('K-1'), 'Eva Ion 0766666666 k-1@mail.invalid t '
	'1991-03-01 Iasi f', 'others');
SELECT is(test.change('K-1', '{"phone": "0766666666"}'), 'ok', 'one''s own');
SELECT is(test.change('K-1', '{"phone": "0733333333"}'), 'phone_taken',
	'another''s');
SELECT is(test.change('K-1', '{"external_id": "x"}'), 'name_taken', 'nor this');
SELECT is(test.change('K-1', '{"phone": null, "city": null}'), 'ok', 'empty');
SELECT is(test.holder('K-1'), 'Eva Ion k-1@mail.invalid t 1991-03-01 f',
	'takes away');
SELECT is(test.change('K-1', '{"email": "eva@example.com"}'), 'ok', 'e-mail');
SELECT is(test.holder('K-1'), 'Eva Ion eva@example.com f 1991-03-01 f',
	'is real');
SELECT is(test.enrol(ARRAY['K-6'], p_phone => '0755555555'),
	'ok K-6 0755555555 k-6@mail.invalid', 'what she gave up is free');
SELECT is(test.change('G-1', '{"phone": "0722222222"}'), 'ok',
	'a phone of her other card');
SELECT is(test.card('G-3', 100), 'ok', 'a card of nobody');
SELECT is(test.change('G-3', '{"first_name": "New"}'), 'ok', 'gets a holder');
SELECT is(test.holder('G-3'), 'New f', 'who is new');
SELECT is(test.change('NONE', '{"first_name": "New"}'), 'card_not_found', 'no card');
SELECT is(test.change('E-1', '{"first_name": "New"}'), 'card_suspended', 'a suspended one');
SELECT test.clock('2031-02-01');
SELECT is(test.change('E-5', '{"first_name": "New"}'), 'card_expired', 'an expired one');
SELECT test.clock(NULL);

-- Stores and numbers.
CREATE FUNCTION test.store(p_code text, p_tenant integer DEFAULT test.a())
    RETURNS text
LANGUAGE sql
BEGIN ATOMIC
	SELECT concat_ws(' ', r.status, r.number, r.code, r.name, r.state)
	    FROM api.store_create(test.who(p_tenant), p_code, 'Shop') r;
END;
SELECT is(test.store('A'), 'ok 3 A Shop active', 'the next number');
SELECT is(test.store('A'), 'name_taken', 'a code is one store''s');
SELECT is(test.store('A', :c), 'ok 1 A Shop active', 'in each tenant');
SELECT is((SELECT string_agg(code, ' ') FROM api.store_list(test.who(:a),
	NULL, 10)), 'S1 S2 A', 'in order');
SELECT is((SELECT string_agg(code, ' ') FROM api.store_list(test.who(:a),
	'S1', 1)), 'S2', 'a page');
SELECT is((SELECT string_agg(status::text, ' ') FROM api.store_list(
	test.who(:a), 'S3', 1)), 'invalid', 'after none of ours');
SELECT is((SELECT concat_ws(' ', status, name, state) FROM api.store_update(
	test.who(:a), 'A', 'Other', NULL)), 'ok Other active', 'renamed');
SELECT is((SELECT concat_ws(' ', status, name, state) FROM api.store_update(
	test.who(:a), 'A', NULL, 'closed')), 'ok Other closed', 'closed');
SELECT is((SELECT status::text FROM api.store_get(test.who(:a), 'S3')),
	'store_not_found', 'not hers');
SELECT is((SELECT concat_ws(' ', status, number) FROM api.programme_create(
	test.who(:a), 'N', 'New', 7::smallint, 1001::smallint, '', '01234567',
	8::smallint, 0::smallint, 0::smallint, 1, '{"earn_rate_bp": null}')),
	'ok 5', 'programmes count too');
SELECT is((SELECT concat_ws(' ', code, number, settings, earn_rate_bp)
	FROM api.programme_get(test.who(:a), NULL, 5)), 'N 5 {} 0',
	'and are found by it');

SELECT * FROM finish();
ROLLBACK;
