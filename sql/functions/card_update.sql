-- api.card_update(who, code, set flags and values): change what may change.
-- The purses are locked first, in order, and follow in the same transaction,
-- so that a spend sees either the card before or the card after.
CREATE OR REPLACE FUNCTION api.card_update(p_who api.caller, p_code text,
    p_set_state boolean, p_state text, p_set_expires boolean,
    p_expires_on date, p_set_customer boolean, p_customer uuid,
    p_set_note boolean, p_note text)
    RETURNS SETOF ledger.card_view
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	r	ledger.card_view;
	c	ledger.card;
	v_customer integer;
BEGIN
	IF NOT ledger.enter(p_who) THEN
		r.status := 'credential_stale';
		RETURN NEXT r;
		RETURN;
	END IF;
	PERFORM FROM ledger.purse p WHERE p.tenant_id = p_who.tenant
	    AND p.card_id = (SELECT y.card_id FROM ledger.card y
		WHERE y.tenant_id = p_who.tenant AND y.code = p_code)
	    ORDER BY p.unit FOR UPDATE OF p;
	SELECT * INTO c FROM ledger.card x
	    WHERE x.tenant_id = p_who.tenant AND x.code = p_code
	    FOR UPDATE;
	r.status := CASE
	    WHEN c.card_id IS NULL OR c.state IN ('deleted', 'reserved')
		THEN 'card_not_found'
	    WHEN p_set_expires AND p_expires_on < ledger.today()
		THEN 'expiry_in_past'
	    ELSE 'ok' END;
	v_customer := c.customer_id;
	IF r.status = 'ok' AND p_set_customer THEN
		v_customer := NULL;
		IF p_customer IS NOT NULL THEN
			SELECT u.customer_id INTO v_customer
			    FROM ledger.customer u
			    WHERE u.tenant_id = p_who.tenant
			    AND u.public_id = p_customer;
			IF NOT FOUND THEN
				r.status := 'customer_not_found';
			END IF;
		END IF;
	END IF;
	IF r.status <> 'ok' THEN
		RETURN NEXT r;
		RETURN;
	END IF;
	UPDATE ledger.card x SET
	    state = CASE WHEN p_set_state THEN p_state::ledger.card_state
		ELSE x.state END,
	    expires_on = CASE WHEN p_set_expires THEN p_expires_on
		ELSE x.expires_on END,
	    customer_id = v_customer,
	    note = CASE WHEN p_set_note THEN p_note ELSE x.note END
	    WHERE x.tenant_id = p_who.tenant AND x.card_id = c.card_id
	    RETURNING * INTO c;
	IF p_set_state OR p_set_expires THEN
		UPDATE ledger.purse p SET state = c.state,
		    expires_at = ledger.expiry_instant(c.expires_on)
		    WHERE p.tenant_id = p_who.tenant AND p.card_id = c.card_id;
	END IF;
	RETURN QUERY SELECT v.*
	    FROM ledger.card_view v
	    WHERE v.tenant_id = p_who.tenant AND v.card_id = c.card_id
	    ORDER BY v.unit;
END $$;
