-- Transfers as histories show them: as the door answered, and the purchase
-- that caused them. Columns are only ever added, at the end.
CREATE OR REPLACE VIEW ledger.transfer_view AS
SELECT 'ok'::api.status AS status, false AS replayed,
	'ok'::api.status AS outcome, x.card_id, x.unit,
	x.seq::integer AS seq, c.code AS card, x.kind,
	x.direction::smallint AS direction, x.amount::bigint AS amount,
	x.balance_after, x.held_after, x.created_at, x.origin_seq,
	h.expires_at, NULL::bigint AS available, x.reference,
	NULL::boolean AS repeated, x.tenant_id, x.purchase_id,
	s.amount AS purchase_amount, s.discount AS purchase_discount,
	s.currency AS purchase_currency, s.detail AS purchase_detail, x.reason
	FROM ledger.transfer x
	JOIN ledger.card c ON c.tenant_id = x.tenant_id
	    AND c.card_id = x.card_id
	LEFT JOIN ledger.hold h ON h.tenant_id = x.tenant_id
	    AND h.card_id = x.card_id AND h.unit = x.unit AND h.seq = x.seq
	LEFT JOIN ledger.purchase s ON s.tenant_id = x.tenant_id
	    AND s.card_id = x.card_id AND s.purchase_id = x.purchase_id;

-- api.transfer_get(who, card_id, unit, seq): one movement.
CREATE OR REPLACE FUNCTION api.transfer_get(p_who api.caller,
    p_card_id integer, p_unit smallint, p_seq integer)
    RETURNS SETOF ledger.transfer_view
LANGUAGE plpgsql SECURITY DEFINER STABLE AS $$
DECLARE
	r	ledger.transfer_view;
BEGIN
	IF NOT ledger.enter(p_who) THEN
		r.status := 'credential_stale';
		RETURN NEXT r;
		RETURN;
	END IF;
	RETURN QUERY SELECT v.* FROM ledger.transfer_view v
	    WHERE v.tenant_id = p_who.tenant AND v.card_id = p_card_id
	    AND v.unit = p_unit AND v.seq = p_seq;
	IF NOT FOUND THEN
		r.status := 'transfer_not_found';
		RETURN NEXT r;
	END IF;
END $$;

-- api.transfer_list(who, code, after..., limit): a card's history over all its
-- purses, newest first. after: created_at, unit and seq of the last one seen.
CREATE OR REPLACE FUNCTION api.transfer_list(p_who api.caller, p_code text,
    p_after timestamptz, p_after_unit smallint, p_after_seq integer,
    p_limit integer)
    RETURNS SETOF ledger.transfer_view
LANGUAGE plpgsql SECURITY DEFINER STABLE AS $$
DECLARE
	r	ledger.transfer_view;
	v_card	integer;
BEGIN
	IF ledger.enter(p_who) THEN
		SELECT c.card_id INTO v_card FROM ledger.card c
		    WHERE c.tenant_id = p_who.tenant AND c.code = p_code
		    AND c.state NOT IN ('deleted', 'reserved');
		r.status := CASE WHEN v_card IS NULL
		    THEN 'card_not_found' ELSE 'ok' END;
	ELSE
		r.status := 'credential_stale';
	END IF;
	IF r.status <> 'ok' THEN
		RETURN NEXT r;
		RETURN;
	END IF;
	-- Each purse gives its newest, in key order; few are merged.
	RETURN QUERY SELECT v.*
	    FROM ledger.purse p
	    CROSS JOIN LATERAL (SELECT t.tenant_id, t.card_id, t.unit, t.seq
		FROM ledger.transfer t
		WHERE t.tenant_id = p.tenant_id AND t.card_id = p.card_id
		AND t.unit = p.unit
		AND (p_after_seq IS NULL OR CASE
		    WHEN p.unit = p_after_unit THEN t.seq < p_after_seq
		    ELSE (t.created_at, t.unit) < (p_after, p_after_unit) END)
		ORDER BY t.seq DESC LIMIT p_limit) x
	    JOIN ledger.transfer_view v ON v.tenant_id = x.tenant_id
	    AND v.card_id = x.card_id AND v.unit = x.unit AND v.seq = x.seq
	    WHERE p.tenant_id = p_who.tenant AND p.card_id = v_card
	    ORDER BY v.created_at DESC, v.unit DESC, v.seq DESC
	    LIMIT p_limit;
END $$;

-- api.hold_get(who, card_id, unit, seq): a hold as it is now (one that is due
-- shows as lapsed), in the first row, and its transfers, oldest first.
CREATE OR REPLACE FUNCTION api.hold_get(p_who api.caller,
    p_card_id integer, p_unit smallint, p_seq integer)
    RETURNS TABLE (status api.status, hold_state text, remaining bigint,
	captured bigint, released bigint, hold_expires_at timestamptz,
	replayed boolean, outcome api.status, card_id integer, unit smallint,
	seq integer, card text, kind ledger.kind, direction smallint,
	amount bigint, balance_after bigint, held_after bigint,
	created_at timestamptz, origin_seq integer, expires_at timestamptz,
	available bigint, reference text, repeated boolean)
LANGUAGE plpgsql SECURITY DEFINER STABLE AS $$
BEGIN
	IF NOT ledger.enter(p_who) THEN
		status := 'credential_stale';
		RETURN NEXT;
		RETURN;
	END IF;
	RETURN QUERY SELECT 'ok'::api.status,
	    CASE WHEN h.due THEN 'lapsed' ELSE h.state::text END,
	    CASE WHEN h.due THEN 0 ELSE h.remaining END, h.captured,
	    h.released + CASE WHEN h.due THEN h.remaining ELSE 0 END,
	    h.expires_at, false, 'ok'::api.status, x.card_id, x.unit,
	    x.seq::integer, c.code, x.kind, x.direction::smallint,
	    x.amount::bigint, x.balance_after,
	    x.held_after, x.created_at, x.origin_seq,
	    CASE WHEN x.seq = h.seq THEN h.expires_at END, NULL::bigint,
	    x.reference, NULL::boolean
	    FROM (SELECT *, q.state = 'open' AND q.expires_at IS NOT NULL
		    AND q.expires_at <= ledger.now() AS due
		FROM ledger.hold q
		WHERE q.tenant_id = p_who.tenant AND q.card_id = p_card_id
		AND q.unit = p_unit AND q.seq = p_seq) h
	    JOIN ledger.card c ON c.tenant_id = h.tenant_id
	    AND c.card_id = h.card_id
	    CROSS JOIN LATERAL (
		SELECT * FROM ledger.transfer t
		WHERE t.tenant_id = h.tenant_id AND t.card_id = h.card_id
		AND t.unit = h.unit AND t.seq = h.seq
		UNION ALL
		SELECT * FROM ledger.transfer t
		WHERE t.tenant_id = h.tenant_id AND t.card_id = h.card_id
		AND t.unit = h.unit AND t.origin_seq = h.seq
		AND t.kind IN ('capture', 'void', 'lapse')) x
	    ORDER BY x.seq;
	IF NOT FOUND THEN
		status := 'hold_not_found';
		RETURN NEXT;
	END IF;
END $$;
