-- Here and wherever a code is looked up a subquery finds the card, not a join:
-- that leaves the planner no choice but the keys. A plan made while tables are
-- small may join them the wrong way round, is kept while they grow, and takes
-- seconds then.

-- api.card_get(who, code): the card with that exact code, one row a purse, in no
-- promised order (a sort would cost every read, and most cards have one);
-- card_not_found for what is unknown, deleted or another tenant's.
CREATE OR REPLACE FUNCTION api.card_get(p_who api.caller, p_code text)
    RETURNS SETOF ledger.card_view
LANGUAGE plpgsql SECURITY DEFINER STABLE AS $$
DECLARE
	r	ledger.card_view;
BEGIN
	IF NOT ledger.enter(p_who) THEN
		r.status := 'credential_stale';
		RETURN NEXT r;
		RETURN;
	END IF;
	RETURN QUERY SELECT v.*
	    FROM ledger.card_view v
	    WHERE v.tenant_id = p_who.tenant
	    AND v.card_id = (SELECT y.card_id FROM ledger.card y
		WHERE y.tenant_id = p_who.tenant AND y.code = p_code)
	    AND v.stored_state <> 'deleted';
	IF NOT FOUND THEN
		r.status := 'card_not_found';
		RETURN NEXT r;
	END IF;
END $$;

-- api.card_list(who, customer, programme, state, after, limit): newest first;
-- after is the card_id of the last card seen, limit counts cards. Absent
-- filters are null. state also takes `expired`.
CREATE OR REPLACE FUNCTION api.card_list(p_who api.caller, p_customer uuid,
    p_programme text, p_state text, p_after integer, p_limit integer)
    RETURNS SETOF ledger.card_view
LANGUAGE plpgsql SECURITY DEFINER STABLE AS $$
DECLARE
	r	ledger.card_view;
	v_customer integer;
	v_programme integer;
BEGIN
	IF NOT ledger.enter(p_who) THEN
		r.status := 'credential_stale';
		RETURN NEXT r;
		RETURN;
	END IF;
	IF p_customer IS NOT NULL THEN
		SELECT u.customer_id INTO v_customer FROM ledger.customer u
		    WHERE u.tenant_id = p_who.tenant
		    AND u.public_id = p_customer;
		IF NOT FOUND THEN
			RETURN;
		END IF;
	END IF;
	IF p_programme IS NOT NULL THEN
		SELECT g.programme_id INTO v_programme FROM ledger.programme g
		    WHERE g.tenant_id = p_who.tenant AND g.code = p_programme;
		IF NOT FOUND THEN
			RETURN;
		END IF;
	END IF;
	RETURN QUERY SELECT v.*
	    FROM ledger.card_view v
	    WHERE v.tenant_id = p_who.tenant AND v.card_id IN (
		SELECT w.card_id FROM ledger.card w
		    JOIN LATERAL (SELECT q.expires_at FROM ledger.purse q
			WHERE q.tenant_id = w.tenant_id
			AND q.card_id = w.card_id LIMIT 1) q ON true
		    WHERE w.tenant_id = p_who.tenant
		    AND (p_after IS NULL OR w.card_id < p_after)
		    AND (v_customer IS NULL OR w.customer_id = v_customer)
		    AND (v_programme IS NULL OR w.programme_id = v_programme)
		    AND w.state <> 'deleted'
		    AND (p_state IS NULL OR p_state = CASE
			WHEN w.state = 'active' AND q.expires_at <= ledger.now()
			THEN 'expired' ELSE w.state::text END)
		    ORDER BY w.card_id DESC LIMIT p_limit)
	    ORDER BY v.card_id DESC, v.unit;
END $$;
