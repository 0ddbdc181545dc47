-- sql/checks: each finds the damage that it is for, and none without. Read
-- from the folder that psql is started in: the top of the tree.
BEGIN;
\ir lib/world.psql
SELECT * FROM no_plan();

CREATE TEMPORARY TABLE checks (name text, body text) ON COMMIT DROP;
\set names `ls sql/checks | tr '\n' ' '`
\set body `cat sql/checks/answer.sql`
INSERT INTO checks VALUES ('answer', :'body');
\set body `cat sql/checks/balance.sql`
INSERT INTO checks VALUES ('balance', :'body');
\set body `cat sql/checks/chain.sql`
INSERT INTO checks VALUES ('chain', :'body');
\set body `cat sql/checks/held.sql`
INSERT INTO checks VALUES ('held', :'body');
\set body `cat sql/checks/hold.sql`
INSERT INTO checks VALUES ('hold', :'body');
\set body `cat sql/checks/negative.sql`
INSERT INTO checks VALUES ('negative', :'body');
\set body `cat sql/checks/opening.sql`
INSERT INTO checks VALUES ('opening', :'body');
\set body `cat sql/checks/purchase.sql`
INSERT INTO checks VALUES ('purchase', :'body');
\set body `cat sql/checks/reversal.sql`
INSERT INTO checks VALUES ('reversal', :'body');
\set body `cat sql/checks/step.sql`
INSERT INTO checks VALUES ('step', :'body');
\set body `cat sql/checks/zero.sql`
INSERT INTO checks VALUES ('zero', :'body');
SELECT is((SELECT string_agg(name || '.sql ', '' ORDER BY name) FROM checks),
	:'names', 'all files are here');

CREATE FUNCTION test.rows(p_check text) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
	n	bigint;
BEGIN
	EXECUTE (SELECT format('SELECT count(*) FROM (%s) x', body)
	    FROM checks WHERE name = p_check) INTO n;
	RETURN n;
END $$;

-- Rows that the check has once the damage is done, which is undone again.
CREATE FUNCTION test.finds(p_check text, p_damage text, p_text text)
    RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	n	bigint;
BEGIN
	BEGIN
		EXECUTE p_damage;
		GET DIAGNOSTICS n = ROW_COUNT;
		IF n = 0 AND p_damage !~ ';' THEN
			RETURN fail(p_text || ': the damage hit nothing');
		END IF;
		n := test.rows(p_check);
		RAISE SQLSTATE 'TS999';
	EXCEPTION WHEN SQLSTATE 'TS999' THEN
		NULL;
	END;
	RETURN ok(n > 0, p_check || ' finds ' || p_text);
END $$;

-- A history with all there is, and a number set aside.
SELECT FROM api.card_reserve(test.who(:a), gen_random_uuid(),
	gen_random_uuid(), ARRAY['K-9'], 1, 'GIFT', NULL, 'x', NULL)
	\g /dev/null
SELECT test.card('K-1', 1000, '2090-01-01'), test.card('K-2', 0) \g /dev/null
INSERT INTO ledger.idempotency (tenant_id, key, fingerprint, request_id,
	created_at, cards) VALUES (:a, '00000000-0000-0000-0000-000000000000',
	gen_random_uuid(), gen_random_uuid(), now(), ARRAY[test.id('K-2')]);
SELECT is(test.move(test.entry('debit', 'K-1', 100),
	test.entry('reverse', 'K-1', 40, seq => 2),
	test.entry('authorise', 'K-1', 200),
	test.entry('capture', 'K-1', 50, seq => 4, keep_open => true),
	test.entry('authorise', 'K-1', 300),
	test.entry('void', 'K-1', seq => 6),
	test.entry('debit', 'K-1', 100000),
	test.entry('authorise', 'K-1', 10),
	test.entry('capture', 'K-1', 5, seq => 8),
	test.entry('credit', 'K-1', 10),
	test.entry('reverse', 'K-1', seq => 10)),
	'redeem -100 #2 =900/0; reversal +40 #3 =940/0 of 2; '
	'authorise 200 #4 =940/200; capture -50 #5 =890/150 of 4; '
	'authorise 300 #6 =890/450; void 300 #7 =890/150 of 6; '
	'insufficient_funds, available 740; authorise 10 #8 =890/160; '
	'capture -5 #9 =885/150 of 8; load +10 #10 =895/150; '
	'reversal -10 #11 =885/150 of 10', 'a history');
-- And a card of points, bought with, spent from, cancelled, below zero.
INSERT INTO ledger.programme (tenant_id, kind, unit, code_length, amount_max,
	number, code, name, prefix, alphabet, settings) VALUES (:a, 7, 1001,
	13, 100000, 2, 'P5', 'Points', '', '0123456789ABCDEF',
	'{"earn_rate_bp": 500, "earn_on_spend": true}');
SELECT status FROM api.card_issue(test.who(:a), gen_random_uuid(),
	gen_random_uuid(), ARRAY['K-3'], 'P5', 0, NULL, NULL, NULL, NULL, NULL,
	NULL, NULL) \g /dev/null
SELECT is((SELECT string_agg(concat(p.spent, ' ', p.earned, ' ',
	p.points_after), '; ') FROM (VALUES (20000, 0), (10000, 2), (1, 0),
	(-10000, 2), (-40000, 0)) AS v (amount, points),
	LATERAL api.purchase_post(test.who(test.a()), gen_random_uuid(),
	gen_random_uuid(), 978::smallint, 2, 'K-3', v.amount, 0, v.points, 'x', false, 0) p),
	'0 10 10; 2 5 13; 0 0 13; -2 -5 10; 0 -20 -10', 'purchases');
CREATE FUNCTION test.in_points(p_table text, p_set text, p_kind text)
    RETURNS text
LANGUAGE sql
RETURN format('UPDATE ledger.%I SET %s WHERE tenant_id = %s '
	'AND card_id = %s', p_table, p_set, test.a(), test.id('K-3'))
	|| coalesce(' AND kind = ' || quote_literal(p_kind), '');
SELECT is(test.rows(name), 0::bigint, name || ' finds nothing wrong')
	FROM checks ORDER BY name;

CREATE FUNCTION test.in_transfer(p_seq integer, p_set text) RETURNS text
LANGUAGE sql
RETURN format('UPDATE ledger.transfer SET %s WHERE tenant_id = %s '
	'AND card_id = %s AND seq = %s', p_set, test.a(), test.id('K-1'),
	p_seq);
CREATE FUNCTION test.without(p_seq integer) RETURNS text
LANGUAGE sql
RETURN format('DELETE FROM ledger.transfer WHERE tenant_id = %s '
	'AND card_id = %s AND seq = %s', test.a(), test.id('K-1'), p_seq);
CREATE FUNCTION test.in_purse(p_set text) RETURNS text
LANGUAGE sql
RETURN format('UPDATE ledger.purse SET %s WHERE tenant_id = %s '
	'AND card_id = %s', p_set, test.a(), test.id('K-1'));
CREATE FUNCTION test.in_hold(p_seq integer, p_set text) RETURNS text
LANGUAGE sql
RETURN format('UPDATE ledger.hold SET %s WHERE tenant_id = %s '
	'AND card_id = %s AND seq = %s', p_set, test.a(), test.id('K-1'),
	p_seq);
CREATE FUNCTION test.in_card(p_set text) RETURNS text
LANGUAGE sql
RETURN format('UPDATE ledger.card SET %s WHERE tenant_id = %s '
	'AND card_id = %s', p_set, test.a(), test.id('K-1'));

SELECT test.finds(v.name, v.damage, v.text) FROM (VALUES
	('answer', test.without(5), 'an answer whose transfer is gone'),
	('answer', format('UPDATE ledger.idempotency SET refs[3] = 0 '
	    'WHERE tenant_id = %s AND refs IS NOT NULL', :a),
	    'an answer that was ok and names nothing'),
	('answer', format('UPDATE ledger.idempotency SET cards = ARRAY[99] '
	    'WHERE tenant_id = %s AND cards IS NOT NULL', :a),
	    'an answer whose card is gone'),
	('answer', format('DELETE FROM ledger.purchase WHERE tenant_id = %s '
	    'AND amount = 1', :a), 'an answer whose purchase is gone'),
	('purchase', format('DELETE FROM ledger.purchase WHERE tenant_id = %s '
	    'AND amount = 10000', :a), 'movements of a purchase that is gone'),
	('purchase', test.in_points('transfer', 'purchase_id = NULL',
	    'refund'), 'a purchase whose movement is not its own'),
	('purchase', test.in_points('transfer', 'kind = ''adjust_up''',
	    'earn'), 'a movement that no purchase makes'),
	('purchase', test.in_points('transfer', 'amount = amount + 1',
	    'clawback'), 'more taken back than it says'),
	('purchase', test.in_points('purchase', 'earned = earned + 1', NULL),
	    'more earned than was booked'),
	('negative', test.in_points('purse', 'floor = -26', NULL),
	    'a floor below what was taken back'),
	('negative', test.in_points('transfer', 'kind = ''adjust_down''',
	    'clawback'), 'a balance below zero for no reason'),
	('balance', test.in_purse('balance = balance + 1'),
	    'a balance that was touched'),
	('balance', test.in_purse('version = version + 1'),
	    'a version that was touched'),
	('balance', test.without(3), 'a transfer that is gone'),
	('balance', test.without(11), 'the newest transfer gone'),
	('balance', test.in_transfer(2, 'amount = 99'),
	    'an amount that was touched'),
	('balance', test.in_transfer(2, 'direction = 1'),
	    'a direction that was touched'),
	('chain', test.in_transfer(2, 'amount = 99'),
	    'an amount that was touched'),
	('chain', test.in_transfer(3, 'balance_after = 941'),
	    'a balance after that was touched'),
	('chain', test.in_transfer(5, 'held_after = 149'),
	    'held after a capture'),
	('chain', test.in_transfer(6, 'held_after = 451'),
	    'held after an authorise'),
	('chain', test.in_transfer(7, 'held_after = 151'),
	    'held after a void'),
	('chain', test.in_transfer(11, 'held_after = 151'),
	    'held that is not the purse''s'),
	('chain', test.in_transfer(3, 'seq = 99'), 'a number out of turn'),
	('chain', test.without(7), 'a gap'),
	('chain', test.in_transfer(4, 'created_at = created_at - '
	    'interval ''1 hour'''), 'a date that goes back'),
	('chain', test.in_purse('unit = 840'), 'a history without a purse'),
	('held', test.in_purse('held = held - 1'), 'held that was touched'),
	('held', test.in_hold(4, 'remaining = remaining - 1, '
	    'captured = captured + 1'), 'a hold that was touched'),
	('held', test.in_hold(4, 'remaining = 0, state = ''captured'', '
	    'captured = captured + remaining'), 'a hold that was closed'),
	('hold', test.in_hold(4, 'remaining = remaining - 1, '
	    'captured = captured + 1'), 'captured that was not booked'),
	('hold', test.in_hold(4, 'remaining = remaining + 5, '
	    'amount = amount + 5'), 'an amount that was not authorised'),
	('hold', test.in_hold(8, 'state = ''lapsed'''), 'a lapse of nothing'),
	('hold', test.in_hold(6, 'state = ''captured'''),
	    'a void that does not show'),
	('hold', test.in_hold(4, 'seq = 3'), 'a hold of a redeem'),
	('hold', test.in_transfer(10, 'kind = ''authorise'''),
	    'an authorise without a hold'),
	('opening', test.in_purse('opened = opened + 1'),
	    'an opening that was touched'),
	('opening', test.in_transfer(1, 'kind = ''load'''),
	    'an opening that was none'),
	('reversal', test.in_transfer(3, 'amount = 101'),
	    'more given back than was taken'),
	('reversal', test.in_transfer(3, 'direction = -1'),
	    'a reversal in the same direction'),
	('reversal', test.in_transfer(3, 'origin_seq = 4'),
	    'a reversal of a hold'),
	('reversal', test.in_transfer(3, 'origin_seq = 11'),
	    'a reversal of a reversal'),
	('reversal', test.in_transfer(3, 'origin_seq = 77'),
	    'a reversal of nothing'),
	('step', test.in_purse('state = ''suspended'''),
	    'a purse that is suspended'),
	('step', test.in_card('state = ''suspended'''),
	    'a card that is'),
	('step', test.in_purse('expires_at = NULL'),
	    'a purse that never expires'),
	('step', test.in_card('expires_on = expires_on + 1'),
	    'a card that does later'),
	('step', format('UPDATE ledger.tenant SET time_zone = ''Asia/Tokyo'' '
	    'WHERE tenant_id = %s', :a), 'days that end at another hour'),
	('step', format('DELETE FROM ledger.purse WHERE tenant_id = %s '
	    'AND card_id = %s', :a, test.id('K-2')),
	    'a card without a purse'),
	('step', test.in_card('state = ''reserved'''),
	    'a number set aside that has a purse'),
	('step', format('DELETE FROM ledger.reservation WHERE tenant_id = %s',
	    :a), 'one that is set aside for nobody'),
	('zero', test.in_transfer(2, 'contra = ''none'''),
	    'value that went nowhere')) AS v (name, damage, text);

-- The table itself does not allow these.
SELECT throws_ok(test.in_purse(v), '23514', NULL, 'refused: ' || v)
	FROM unnest(ARRAY['balance = -1', 'held = -1', 'held = balance + 1'])
	v;
CREATE FUNCTION test.undone() RETURNS text
LANGUAGE sql
RETURN (SELECT string_agg(format('ALTER TABLE ledger.purse DROP CONSTRAINT '
	'%I;', conname), ' ') FROM pg_constraint
	WHERE conrelid = 'ledger.purse'::regclass AND contype = 'c');
SELECT test.finds('negative', test.undone() || test.in_purse(v), v)
	FROM unnest(ARRAY['balance = -1', 'held = -1', 'held = balance + 1'])
	v;
SELECT is(test.rows(name), 0::bigint, name || ' finds nothing afterwards')
	FROM checks ORDER BY name;

-- As `tessera verify` reads: what it may see is all, and then it finds it.
GRANT USAGE ON SCHEMA test TO tessera_ops;
GRANT SELECT ON checks TO tessera_ops;
CREATE FUNCTION test.seen_by_ops(p_check text) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
	v_body	text := (SELECT body FROM checks WHERE name = p_check);
	n	bigint;
BEGIN
	SET LOCAL ROLE tessera_ops;
	EXECUTE format('SELECT count(*) FROM (%s) x', v_body) INTO n;
	RESET ROLE;
	RETURN n;
END $$;
DO $$ BEGIN
	EXECUTE test.in_transfer(2, 'contra = ''none'', amount = 300, '
	    'direction = 1, balance_after = 5');
	EXECUTE test.in_hold(4, 'amount = 300, remaining = 250');
	EXECUTE test.in_purse('opened = 3, state = ''suspended''');
	EXECUTE format('UPDATE ledger.idempotency SET refs[3] = 99 '
	    'WHERE tenant_id = %s AND refs IS NOT NULL', test.a());
	EXECUTE test.in_points('purchase', 'spent = spent + 1', NULL);
END $$;
SELECT ok(test.seen_by_ops(name) > 0, name || ' finds it as tessera_ops')
	FROM checks WHERE name <> 'negative' ORDER BY name;

SELECT * FROM finish();
ROLLBACK;
