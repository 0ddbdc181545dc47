-- Messages to people: what is queued beside the act that it tells of, and what
-- became of it. tessera message send takes them from here (ops_message.sql).

-- What api.message_list answers; columns are only ever added, at the end.
-- Its reader's rights count: the operator sees all tenants'.
CREATE OR REPLACE VIEW ledger.message_view WITH (security_invoker = true) AS
SELECT 'ok'::api.status AS status,
	m.tenant_id, m.message_id, m.public_id AS id, c.code AS card,
	u.public_id AS customer, m.channel, m.recipient, m.state, m.attempts,
	m.error, m.created_at,
	CASE m.state WHEN 'queued' THEN m.due_at END AS due_at, m.ended_at
	FROM ledger.message m
	JOIN ledger.card c ON c.tenant_id = m.tenant_id
	    AND c.card_id = m.card_id
	JOIN ledger.customer u ON u.tenant_id = m.tenant_id
	    AND u.customer_id = m.customer_id;

-- api.message_list(who, id, state, after, limit): one by its id, or those in
-- a state or all, newest first, after the one with that id.
CREATE OR REPLACE FUNCTION api.message_list(p_who api.caller, p_id uuid,
    p_state text, p_after uuid, p_limit integer)
    RETURNS SETOF ledger.message_view
LANGUAGE plpgsql SECURITY DEFINER STABLE AS $$
DECLARE
	r	ledger.message_view;
BEGIN
	IF NOT ledger.enter(p_who) THEN
		r.status := 'credential_stale';
	ELSIF p_after IS NOT NULL AND NOT EXISTS (SELECT
	    FROM ledger.message m
	    WHERE m.tenant_id = p_who.tenant AND m.public_id = p_after) THEN
		r.status := 'invalid';
	END IF;
	IF r.status IS NOT NULL THEN
		RETURN NEXT r;
		RETURN;
	END IF;
	RETURN QUERY SELECT v.* FROM ledger.message_view v
	    WHERE v.tenant_id = p_who.tenant
	    AND (p_id IS NULL OR v.id = p_id)
	    AND (p_state IS NULL OR v.state = p_state)
	    AND (p_after IS NULL OR v.message_id < (SELECT m.message_id
		FROM ledger.message m WHERE m.tenant_id = p_who.tenant
		AND m.public_id = p_after))
	    ORDER BY v.message_id DESC LIMIT p_limit;
END $$;
