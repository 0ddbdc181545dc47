-- The sender's side of messages, for all tenants. One sender at a time holds
-- the lock of ops.message_lock(); what it takes is `sending`, committed before
-- anything leaves, and is taken by nobody again but by an operator's word.
-- `attempts` numbers the takes of a message and never goes back, so that what
-- a sender tells late is about its own take.

-- ops.message_lock(): true when this session is the sender now, until it ends.
CREATE OR REPLACE FUNCTION ops.message_lock() RETURNS boolean
LANGUAGE sql
RETURN pg_try_advisory_lock(hashtextextended('tessera message send', 0));

-- After how long the next attempt comes: a minute, doubled up to four hours.
-- An operator's word begins a new round of twenty.
CREATE OR REPLACE FUNCTION ledger.message_pause(p_attempts integer)
    RETURNS interval
LANGUAGE sql IMMUTABLE
RETURN least(interval '1 minute' * 2 ^ ((p_attempts - 1) % 20),
	interval '4 hours');

-- ops.message_recover(): what a sender left in the middle has an unknown end.
-- Only for who holds the lock. Answers how many these were.
CREATE OR REPLACE FUNCTION ops.message_recover()
    RETURNS TABLE (status api.status, messages integer)
LANGUAGE plpgsql AS $$
DECLARE
	m	record;
BEGIN
	status := 'ok';
	messages := 0;
	FOR m IN SELECT x.tenant_id, x.message_id, x.attempts
	    FROM ledger.message x WHERE x.state = 'sending' LOOP
		PERFORM * FROM ops.message_end(m.tenant_id, m.message_id,
		    m.attempts, 'unknown', 'the sender ended before it knew');
		messages := messages + 1;
	END LOOP;
	RETURN NEXT;
END $$;

-- Take one message, if nobody was faster; with all that its command is told.
CREATE OR REPLACE FUNCTION ops.message_take(p_tenant integer,
    p_message integer)
    RETURNS TABLE (status api.status, tenant_id integer, message_id integer,
	attempts integer, id uuid, channel text, recipient text, tenant text,
	card text, programme text, first_name text, last_name text)
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	v	text := set_config('tessera.tenant', p_tenant::text, true);
BEGIN
	UPDATE ledger.message m SET state = 'sending',
	    attempts = m.attempts + 1, error = NULL
	    WHERE m.tenant_id = p_tenant AND m.message_id = p_message
	    AND m.state = 'queued';
	IF NOT FOUND THEN
		RETURN;
	END IF;
	RETURN QUERY SELECT 'ok'::api.status, m.tenant_id, m.message_id,
	    m.attempts::integer, m.public_id, m.channel, m.recipient, t.name,
	    c.code, g.name, u.first_name, u.last_name
	FROM ledger.message m
	JOIN ledger.tenant t ON t.tenant_id = m.tenant_id
	JOIN ledger.card c ON c.tenant_id = m.tenant_id
	    AND c.card_id = m.card_id
	JOIN ledger.programme g ON g.tenant_id = c.tenant_id
	    AND g.programme_id = c.programme_id
	JOIN ledger.customer u ON u.tenant_id = m.tenant_id
	    AND u.customer_id = m.customer_id
	WHERE m.tenant_id = p_tenant AND m.message_id = p_message;
END $$;

-- ops.message_next(channel, tenant): take the message of this channel that has
-- been due longest, of the tenant that comes next after that one: they take
-- turns, so that thousands of one hold up nobody else. No row: none is due.
CREATE OR REPLACE FUNCTION ops.message_next(p_channel text,
    p_tenant integer)
    RETURNS TABLE (status api.status, tenant_id integer, message_id integer,
	attempts integer, id uuid, channel text, recipient text, tenant text,
	card text, programme text, first_name text, last_name text)
LANGUAGE plpgsql AS $$
DECLARE
	m	record;
	v_from	integer := p_tenant;
BEGIN
	LOOP
		SELECT x.tenant_id, x.message_id INTO m FROM ledger.message x
		    WHERE x.channel = p_channel AND x.state = 'queued'
		    AND x.due_at <= now()
		    AND x.tenant_id > v_from
		    ORDER BY x.tenant_id, x.due_at LIMIT 1;
		IF FOUND THEN
			RETURN QUERY SELECT * FROM ops.message_take(
			    m.tenant_id, m.message_id);
			-- Else an operator has dropped it meanwhile.
			EXIT WHEN FOUND;
		ELSIF v_from = 0 THEN
			EXIT;
		ELSE
			v_from := 0;
		END IF;
	END LOOP;
END $$;

-- ops.message_end(tenant, message, attempt, outcome, error): what came of a
-- take: sent, again (later, unless this was the last of its round), failed or
-- unknown. It holds also for a message that was called unknown meanwhile; that
-- it was sent, for one that an operator has queued again since.
-- message_not_found: an operator has decided already, or that was not the last
-- take. Repeatable: `state` is what it is afterwards.
CREATE OR REPLACE FUNCTION ops.message_end(p_tenant integer,
    p_message integer, p_attempt integer, p_outcome text, p_error text)
    RETURNS TABLE (status api.status, state text)
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	v_state	text;
	v	text := set_config('tessera.tenant', p_tenant::text, true);
BEGIN
	v_state := CASE WHEN p_outcome <> 'again' THEN p_outcome
	    WHEN p_attempt % 20 = 0 THEN 'failed' ELSE 'queued' END;
	UPDATE ledger.message m SET state = v_state, error = p_error,
	    due_at = CASE v_state WHEN 'queued'
		THEN now() + ledger.message_pause(p_attempt)
		ELSE m.due_at END,
	    ended_at = CASE WHEN v_state IN ('sent', 'failed') THEN now() END
	    WHERE m.tenant_id = p_tenant AND m.message_id = p_message
	    AND m.attempts = p_attempt
	    AND (m.state IN ('sending', 'unknown', v_state)
		OR v_state = 'sent' AND m.state = 'queued');
	IF FOUND THEN
		status := 'ok';
		state := v_state;
	ELSE
		status := 'message_not_found';
	END IF;
	RETURN NEXT;
END $$;

-- ops.message_find(tenant, what): the message with this id, of one tenant or
-- (null) of any.
CREATE OR REPLACE FUNCTION ops.message_find(p_tenant integer, p_what text)
    RETURNS TABLE (status api.status, tenant_id integer, id uuid)
LANGUAGE sql STABLE
BEGIN ATOMIC
	SELECT 'ok'::api.status, m.tenant_id, m.public_id
	FROM ledger.message m
	WHERE (p_tenant IS NULL OR m.tenant_id = p_tenant)
	    AND m.public_id::text = lower(p_what);
END;

-- ops.message_decide(tenant, id, retry): the operator's word on a message that
-- waits or has failed, or whose end is not known: queue it now, or drop it.
-- invalid: it was sent or dropped, or is being sent; `state` says what.
CREATE OR REPLACE FUNCTION ops.message_decide(p_tenant integer, p_id uuid,
    p_retry boolean) RETURNS TABLE (status api.status, state text)
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	v	text := set_config('tessera.tenant', p_tenant::text, true);
BEGIN
	SELECT m.state INTO state FROM ledger.message m
	    WHERE m.tenant_id = p_tenant AND m.public_id = p_id FOR UPDATE;
	IF NOT FOUND THEN
		status := 'message_not_found';
	ELSIF state NOT IN ('queued', 'failed', 'unknown') THEN
		status := 'invalid';
	ELSE
		UPDATE ledger.message m SET
		    state = CASE WHEN p_retry THEN 'queued' ELSE 'dropped' END,
		    due_at = now(),
		    ended_at = CASE WHEN NOT p_retry THEN now() END
		    WHERE m.tenant_id = p_tenant AND m.public_id = p_id;
		status := 'ok';
		state := CASE WHEN p_retry THEN 'queued' ELSE 'dropped' END;
	END IF;
	RETURN NEXT;
END $$;

-- ops.message_list(tenant, state, after, limit): all tenants' (tenant null),
-- newest first, before the one with that number.
CREATE OR REPLACE FUNCTION ops.message_list(p_tenant integer, p_state text,
    p_after integer, p_limit integer)
    RETURNS TABLE (status api.status, message_id integer, tenant text,
	id uuid, card text, channel text, recipient text, state text,
	attempts smallint, error text, created_at timestamptz,
	due_at timestamptz, ended_at timestamptz)
LANGUAGE sql STABLE
BEGIN ATOMIC
	SELECT 'ok'::api.status, v.message_id, t.name, v.id, v.card,
	    v.channel, v.recipient, v.state, v.attempts, v.error,
	    v.created_at, v.due_at, v.ended_at
	FROM ledger.message_view v
	JOIN ledger.tenant t ON t.tenant_id = v.tenant_id
	WHERE (p_tenant IS NULL OR v.tenant_id = p_tenant)
	    AND (p_state IS NULL OR v.state = p_state)
	    AND (p_after IS NULL OR v.message_id < p_after)
	ORDER BY v.message_id DESC LIMIT p_limit;
END;
