-- sql/functions/message.sql and ops_message.sql.
BEGIN;
\ir lib/world.psql
SELECT * FROM no_plan();

-- Nobody else's messages stand in line here.
UPDATE ledger.message SET state = 'dropped' WHERE state IN ('queued', 'sending');

-- A message about a card, due some seconds ago.
CREATE FUNCTION test.queue(p_name text, p_ago integer,
    p_tenant integer DEFAULT test.a(), p_channel text DEFAULT 'sms')
    RETURNS SETOF void
LANGUAGE plpgsql AS $$
DECLARE
	v_customer integer;
BEGIN
	INSERT INTO ledger.customer (tenant_id, customer_id, first_name,
	    created_at)
	SELECT p_tenant, coalesce(max(u.customer_id), 0) + 1, p_name, now()
	    FROM ledger.customer u WHERE u.tenant_id = p_tenant
	RETURNING customer_id INTO v_customer;
	PERFORM test.card('C-' || upper(p_name), 100, NULL, p_tenant);
	INSERT INTO ledger.message (tenant_id, card_id, customer_id, channel,
	    recipient, created_at, due_at)
	VALUES (p_tenant, test.id('C-' || upper(p_name), p_tenant), v_customer,
	    p_channel, 'to ' || p_name, now(),
	    now() - p_ago * interval '1 second');
END $$;
CREATE FUNCTION test.message(p_name text) RETURNS ledger.message
LANGUAGE sql
RETURN (SELECT m FROM ledger.message m WHERE m.recipient = 'to ' || p_name);
-- What became of it, in short.
CREATE FUNCTION test.state(p_name text) RETURNS text
LANGUAGE sql
RETURN (SELECT concat_ws(' ', m.state, m.attempts, m.error,
	CASE WHEN m.state = 'queued' THEN 'in '
	    || extract(epoch FROM m.due_at - now())::integer END,
	CASE WHEN m.ended_at IS NOT NULL THEN 'over' END)
	FROM test.message(p_name) m);
CREATE FUNCTION test.list(p_state text DEFAULT NULL,
    p_after text DEFAULT NULL, p_limit integer DEFAULT 100,
    p_by integer DEFAULT test.a()) RETURNS text
LANGUAGE sql
RETURN (SELECT string_agg(coalesce(substring(recipient FROM 4),
	status::text), ' ') FROM api.message_list(test.who(p_by), NULL,
	p_state, (test.message(p_after)).public_id, p_limit));
-- As the operator's command, whose role sees all.
CREATE FUNCTION test.next(p_channel text DEFAULT 'sms',
    p_after integer DEFAULT 0) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	v	text;
BEGIN
	SET LOCAL ROLE tessera_admin;
	SELECT concat_ws(' ', n.recipient, n.card, n.attempts) INTO v
	    FROM ops.message_next(p_channel, p_after) n;
	RESET ROLE;
	RETURN v;
END $$;
CREATE FUNCTION test.end(p_name text, p_attempt integer, p_outcome text,
    p_error text DEFAULT NULL) RETURNS text
LANGUAGE sql
RETURN (SELECT concat_ws(' ', e.status, e.state) FROM test.message(p_name) m,
	ops.message_end(m.tenant_id, m.message_id, p_attempt, p_outcome,
	p_error) e);
CREATE FUNCTION test.decide(p_name text, p_retry boolean,
    p_tenant integer DEFAULT test.a()) RETURNS text
LANGUAGE sql
RETURN (SELECT concat_ws(' ', d.status, d.state) FROM ops.message_decide(
	p_tenant, (test.message(p_name)).public_id, p_retry) d);

-- ---- reading ----

SELECT is(test.list(), NULL, 'no messages');
SELECT test.queue('Ann', 30), test.queue('Bob', 20),
	test.queue('Cem', 10, p_channel => 'email'),
	test.queue('Dee', 40, :b), test.queue('Eva', -60) \g /dev/null
SELECT is(test.list(), 'Eva Cem Bob Ann', 'newest first');
SELECT is(test.list(p_limit => 2), 'Eva Cem', 'a page');
SELECT is(test.list(p_limit => 2, p_after => 'Cem'), 'Bob Ann', 'the next');
SELECT is(test.list(p_after => 'Dee'), 'invalid',
	'not after another tenant''s');
SELECT is(test.list(p_by => :b), 'Dee', 'each its own');
SELECT results_eq($$ SELECT status::text, id, card, customer, channel,
	recipient, state, attempts::integer, error, ended_at
	FROM api.message_list(test.who(test.a()),
	(test.message('Ann')).public_id, NULL, NULL, 10) $$,
	$$ SELECT 'ok', m.public_id, 'C-ANN', u.public_id, 'sms', 'to Ann',
	'queued', 0, NULL::text, NULL::timestamptz FROM test.message('Ann') m
	JOIN ledger.customer u USING (tenant_id, customer_id) $$,
	'one by its id');
SELECT is_empty($$ SELECT FROM api.message_list(test.who(test.a()),
	(test.message('Dee')).public_id, NULL, NULL, 10) $$,
	'not another tenant''s');
SELECT is((SELECT string_agg(recipient, ' ') FROM ops.message_list(NULL,
	'queued', NULL, 100)), 'to Eva to Dee to Cem to Bob to Ann',
	'the operator sees all');
SELECT is((SELECT string_agg(tenant || ' ' || recipient, ' ')
	FROM ops.message_list(:b, NULL, NULL, 100)), 'pgTAP b to Dee',
	'or one tenant''s');

-- ---- taking ----

SELECT is(test.next(), 'to Ann C-ANN 1', 'the one due longest');
SELECT is(test.state('Ann'), 'sending 1', 'is being sent');
SELECT is(test.next(p_after => :a), 'to Dee C-DEE 1', 'tenants take turns');
SELECT is(test.next(p_after => :b), 'to Bob C-BOB 1', 'round and round');
SELECT is(test.next(), NULL, 'what is not due yet is not taken');
SELECT is(test.next('email'), 'to Cem C-CEM 1', 'each channel by itself');
SELECT is(test.state('Eva'), 'queued 0 in 60', 'it waits');
SELECT is((SELECT concat_ws(' ', tenant, programme, first_name)
	FROM ops.message_take(:a, (test.message('Eva')).message_id)),
	'pgTAP a Gift cards Eva', 'what a command is told');
SELECT is_empty($$ SELECT FROM ops.message_take(test.a(),
	(test.message('Eva')).message_id) $$, 'no one is taken twice');

-- ---- what came of it ----

SELECT is(test.end('Ann', 1, 'sent'), 'ok sent', 'sent');
SELECT is(test.state('Ann'), 'sent 1 over', 'for good');
SELECT is(test.end('Ann', 1, 'sent'), 'ok sent', 'said twice');
SELECT is(test.end('Ann', 1, 'failed'), 'message_not_found',
	'sent is not undone');
SELECT is(test.end('Bob', 1, 'again', 'busy'), 'ok queued', 'later');
SELECT is(test.state('Bob'), 'queued 1 busy in 60', 'in a minute');
SELECT is(test.end('Cem', 1, 'failed', 'no such address'), 'ok failed',
	'failed');
SELECT is(test.state('Cem'), 'failed 1 no such address over', 'so it says');
SELECT is(test.end('Dee', 1, 'unknown', 'timeout'), 'ok unknown', 'unknown');
SELECT is(test.state('Dee'), 'unknown 1 timeout', 'is not the end');
SELECT is(test.end('Dee', 2, 'sent'), 'message_not_found',
	'another take''s end is not this one''s');
SELECT is(test.end('Dee', 1, 'sent'), 'ok sent', 'it was sent after all');
SELECT is(test.end('Eva', 1, 'again', 'busy'), 'ok queued',
	'one that waits again');

-- Attempts come ever later, and every twentieth is the last of a round.
SELECT results_eq($$ SELECT extract(epoch FROM ledger.message_pause(n))::integer
	FROM unnest(ARRAY[1, 2, 3, 8, 9, 19, 21, 22]) n $$,
	ARRAY[60, 120, 240, 7680, 14400, 14400, 60, 120], 'pauses');
UPDATE ledger.message SET attempts = 19, state = 'sending'
	WHERE recipient = 'to Bob';
SELECT is(test.end('Bob', 19, 'again', 'busy'), 'ok queued', 'one more');
UPDATE ledger.message SET attempts = 20, state = 'sending'
	WHERE recipient = 'to Bob';
SELECT is(test.end('Bob', 20, 'again', 'busy'), 'ok failed', 'no more');
SELECT is(test.state('Bob'), 'failed 20 busy over', 'given up');

-- ---- the operator decides ----

SELECT is(test.decide('Bob', true), 'ok queued', 'once more');
SELECT is(test.state('Bob'), 'queued 20 busy in 0', 'at once');
SELECT is(test.next(), 'to Bob C-BOB 21', 'it is taken');
SELECT is(test.decide('Bob', true), 'invalid sending', 'not while it runs');
SELECT is(test.end('Bob', 21, 'again', 'busy'), 'ok queued', 'a new round');
SELECT is(test.state('Bob'), 'queued 21 busy in 60', 'of pauses too');
SELECT is(test.decide('Bob', false), 'ok dropped', 'dropped');
SELECT is(test.state('Bob'), 'dropped 21 busy over', 'for good');
SELECT is(test.decide('Bob', true), 'invalid dropped', 'it stays so');
SELECT is(test.decide('Ann', true), 'invalid sent',
	'what was sent is not sent again');
SELECT is(test.decide('Eva', true, :b), 'message_not_found',
	'not under another tenant');
SELECT is((SELECT tenant_id FROM ops.message_find(NULL,
	upper((test.message('Eva')).public_id::text))), :a, 'whose it is');
SELECT is_empty($$ SELECT FROM ops.message_find(test.b(),
	(test.message('Eva')).public_id::text) $$, 'not another''s');
SELECT is_empty($$ SELECT FROM ops.message_find(NULL, 'x') $$, 'nobody''s');

-- ---- a sender that died ----

SELECT test.queue('Fay', 5), test.queue('Gus', 5, :c) \g /dev/null
SELECT is(test.next('sms', :b), 'to Gus C-GUS 1', 'taken');
SELECT is(test.next(), 'to Fay C-FAY 1', 'taken');
SELECT is((SELECT messages FROM ops.message_recover()), 2, 'both are found');
SELECT is(test.state('Fay'), 'unknown 1 the sender ended before it knew',
	'nobody knows');
SELECT is(test.next(), NULL, 'and nobody takes it again');
SELECT is(test.decide('Fay', true), 'ok queued', 'unless told to');
SELECT is(test.end('Fay', 1, 'failed', 'x'), 'message_not_found',
	'a late failure changes nothing then');
SELECT is(test.end('Fay', 1, 'sent'), 'ok sent',
	'but that it was sent saves it from going twice');
SELECT is((SELECT messages FROM ops.message_recover()), 0, 'nothing is left');

SELECT * FROM finish();
ROLLBACK;
