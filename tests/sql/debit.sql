-- sql/functions/debit.sql: the short way is the long way.
BEGIN;
\ir lib/world.psql
SELECT * FROM no_plan();

-- All that a movement leaves behind in tenant a.
CREATE FUNCTION test.left_behind() RETURNS jsonb
LANGUAGE sql
RETURN jsonb_build_object(
	'purse', (SELECT jsonb_agg(to_jsonb(x) ORDER BY card_id)
	    FROM ledger.purse x WHERE tenant_id = test.a()),
	'transfer', (SELECT jsonb_agg(to_jsonb(x) ORDER BY card_id, seq)
	    FROM ledger.transfer x WHERE tenant_id = test.a()),
	'hold', (SELECT jsonb_agg(to_jsonb(x) ORDER BY card_id, seq)
	    FROM ledger.hold x WHERE tenant_id = test.a()),
	'answer', (SELECT jsonb_agg(to_jsonb(x) ORDER BY key)
	    FROM ledger.idempotency x WHERE tenant_id = test.a()));

-- Does it one way, tells answer and traces, and undoes it.
CREATE FUNCTION test.way(p_short boolean, w api.caller, p_key uuid,
    t api.transfer_in) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	v	jsonb;
BEGIN
	BEGIN
		IF p_short THEN
			SELECT jsonb_agg(to_jsonb(r)) INTO v FROM api.debit(
			    w.tenant, w.credential, w.version, w.clock,
			    w.zone, w.request, p_key, p_key, t.card, t.unit,
			    t.kind::ledger.kind, t.amount, t.version,
			    t.reference) r;
		ELSE
			SELECT jsonb_agg(to_jsonb(r)) INTO v FROM api.post(w,
			    p_key, p_key, ARRAY[t]) r;
		END IF;
		v := jsonb_build_object('answer', v, 'left',
		    test.left_behind());
		RAISE SQLSTATE 'TS999';
	EXCEPTION WHEN SQLSTATE 'TS999' THEN
		NULL;
	WHEN OTHERS THEN
		v := to_jsonb(SQLSTATE);
	END;
	RETURN v;
END $$;

CREATE FUNCTION test.both(p_text text, p_say text, t api.transfer_in,
    w api.caller DEFAULT test.who(test.a()),
    p_key uuid DEFAULT gen_random_uuid()) RETURNS SETOF text
LANGUAGE plpgsql AS $$
DECLARE
	v_short	jsonb;
	v_long	jsonb;
BEGIN
	t.kind := coalesce(t.kind, 'redeem');
	v_short := test.way(true, w, p_key, t);
	v_long := test.way(false, w, p_key, t);
	RETURN NEXT is(v_short, v_long, p_text || ': the same both ways');
	RETURN NEXT is(CASE jsonb_typeof(v_short) WHEN 'object'
	    THEN test.say(jsonb_populate_record(NULL::api.transfer_row,
	    v_short -> 'answer' -> 0)) ELSE v_short #>> '{}' END, p_say,
	    p_text);
END $$;

SELECT test.clock('2030-06-01 12:00:00+00');
SELECT test.card('D-1', 1000), test.card('D-2', 1000, '2030-06-30'),
	test.card('D-0', 0) \g /dev/null

SELECT test.both('a debit', 'redeem -300 #2 =700/0',
	test.entry('debit', 'D-1', 300, unit => 978::smallint));
SELECT test.both('all of it', 'redeem -1000 #2 =0/0',
	test.entry('debit', 'D-1', 1000, unit => 978::smallint));
SELECT test.both('too much', 'insufficient_funds, available 1000',
	test.entry('debit', 'D-1', 1001, unit => 978::smallint));
SELECT test.both('of nothing', 'insufficient_funds, available 0',
	test.entry('debit', 'D-0', 1, unit => 978::smallint));
SELECT test.both('kind ' || k, k || ' -5 #2 =995/0', test.entry('debit',
	'D-1', 5, kind => k, reference => 'r', unit => 978::smallint))
	FROM unnest(ARRAY['expire', 'adjust_down']) k;
SELECT test.both('no unit', 'redeem -5 #2 =995/0',
	test.entry('debit', 'D-1', 5));
SELECT test.both('another unit', 'unit_mismatch',
	test.entry('debit', 'D-1', 5, unit => 840::smallint));
SELECT test.both('an unknown card', 'card_not_found',
	test.entry('debit', 'D-9', 5, unit => 978::smallint));
SELECT test.both('the version', 'redeem -5 #2 =995/0',
	test.entry('debit', 'D-1', 5, version => 1, unit => 978::smallint));
SELECT test.both('another version', 'version_conflict',
	test.entry('debit', 'D-1', 5, version => 2, unit => 978::smallint));
SELECT test.both('an amount of ' || v, '23514', test.entry('debit', 'D-1', v,
	unit => 978::smallint)) FROM unnest(ARRAY[0, -1]) v;

SELECT test.both('another''s credential', 'call: credential_stale',
	test.entry('debit', 'D-1', 5, unit => 978::smallint), ROW(:a,
	(test.who(:b)).credential, 1, NULL, 'UTC', gen_random_uuid()));
SELECT test.both('an old credential', 'call: credential_stale',
	test.entry('debit', 'D-1', 5, unit => 978::smallint), ROW(:a,
	(test.who(:a)).credential, 0, NULL, 'UTC', gen_random_uuid()));
SELECT test.both('the operator', 'redeem -5 #2 =995/0',
	test.entry('debit', 'D-1', 5, unit => 978::smallint), ROW(:a, NULL,
	NULL, '2030-06-01 12:00:00+00', 'UTC', gen_random_uuid()));

-- Holds, open and due.
SELECT is(test.move(test.entry('authorise', 'D-1', 600, expires_in => 60)),
	'authorise 600 #2 =1000/600', 'a hold');
SELECT test.both('beside a hold', 'redeem -400 #3 =600/600',
	test.entry('debit', 'D-1', 400, unit => 978::smallint));
SELECT test.both('of what is held', 'insufficient_funds, available 400',
	test.entry('debit', 'D-1', 401, unit => 978::smallint));
SELECT test.clock('2030-06-01 12:01:00+00');
SELECT test.both('beside one that is due', 'redeem -400 #4 =600/0',
	test.entry('debit', 'D-1', 400, unit => 978::smallint));
SELECT test.both('beside one that is due, on the version read',
	'redeem -400 #4 =600/0', test.entry('debit', 'D-1', 400,
	version => 2, unit => 978::smallint));
SELECT test.both('of what is due', 'redeem -1000 #4 =0/0',
	test.entry('debit', 'D-1', 1000, unit => 978::smallint));

-- State and expiry, to the instant.
SELECT is(test.state('D-1', 'suspended'), 'ok', 'suspend');
SELECT test.both('suspended', 'card_suspended',
	test.entry('debit', 'D-1', 5, unit => 978::smallint));
SELECT test.clock('2030-06-30 21:59:59.999999+00');
SELECT test.both('on the last day', 'redeem -5 #2 =995/0',
	test.entry('debit', 'D-2', 5, unit => 978::smallint));
SELECT test.clock('2030-06-30 22:00:00+00');
SELECT test.both('after it', 'card_expired',
	test.entry('debit', 'D-2', 5, unit => 978::smallint));
SELECT test.both('after it, by an operator', 'expire -5 #2 =995/0',
	test.entry('debit', 'D-2', 5, kind => 'expire',
	unit => 978::smallint));
UPDATE ledger.purse SET state = 'deleted' WHERE tenant_id = :a
	AND card_id = test.id('D-2');
SELECT test.both('deleted', 'card_deleted',
	test.entry('debit', 'D-2', 5, unit => 978::smallint));

-- Under a key that was used.
SELECT is(test.state('D-1', 'active'), 'ok', 'active');
SELECT is((SELECT test.say(r) FROM api.debit(:a, (test.who(:a)).credential, 1,
	'2030-06-30 22:00:00+00', 'UTC', gen_random_uuid(),
	'80000000-0000-0000-0000-000000000001',
	'80000000-0000-0000-0000-000000000001', 'D-1', 978::smallint,
	'redeem', 100, 2, 'x') r), 'redeem -100 #4 =900/0', 'a debit');
SELECT is((SELECT test.say(r) FROM api.post_replay(test.who(:a),
	'80000000-0000-0000-0000-000000000001',
	'80000000-0000-0000-0000-000000000001') r),
	'redeem -100 #4 =900/0 replayed', 'its answer again');
SELECT test.both(v.text, 'TS001', test.entry('debit', v.code, v.amount,
	version => v.version, unit => 978::smallint),
	p_key => '80000000-0000-0000-0000-000000000001') FROM (VALUES
	('the same', 'D-1', 100, 2), ('less', 'D-1', 1, NULL),
	('too much', 'D-1', 10000, NULL), ('unknown', 'D-9', 1, NULL))
	AS v (text, code, amount, version);
SELECT is(test.purse('D-1'), 'active v4 900/0', 'booked once');

CREATE EXTENSION IF NOT EXISTS dblink;
SELECT dblink_connect('other', format('host=%s port=%s dbname=%s user=%s',
	split_part(current_setting('unix_socket_directories'), ',', 1),
	current_setting('port'), current_database(), current_user))
	\g /dev/null
SELECT * FROM dblink('other', format('SELECT pg_advisory_lock('
	'uuid_hash_extended(%L, %s))::text',
	'80000000-0000-0000-0000-000000000002', test.a())) AS x (v text)
	\g /dev/null
SELECT test.both('while another works under the key',
	'call: request_in_progress', test.entry('debit', 'D-1', 1,
	unit => 978::smallint), p_key =>
	'80000000-0000-0000-0000-000000000002');
SELECT dblink_disconnect('other') \g /dev/null

SELECT * FROM finish();
ROLLBACK;
