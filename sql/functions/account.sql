-- Accounts: the points of a customer, or a gift card, as a web shop sees them:
-- balance, history, authorisations that are confirmed or cancelled by a code.

-- The card that keeps a customer's points: the oldest, active ones first; null
-- when they are in no programme of points.
CREATE OR REPLACE FUNCTION ledger.loyalty_card(p_tenant integer,
    p_customer integer) RETURNS integer
LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_id	integer;
BEGIN
	SELECT c.card_id INTO v_id FROM ledger.card c
	    WHERE c.tenant_id = p_tenant AND c.customer_id = p_customer
	    AND c.state <> 'deleted' AND EXISTS (SELECT FROM ledger.purse q
		WHERE q.tenant_id = p_tenant AND q.card_id = c.card_id
		AND q.unit = 1001)
	    ORDER BY c.state <> 'active', c.card_id LIMIT 1;
	RETURN v_id;
END $$;

-- The purse that a number (of a customer, its points) or a code (of a card, its
-- money in the tenant's currency) stands for. not_enrolled: a customer without
-- points.
CREATE OR REPLACE FUNCTION ledger.account_find(p_tenant integer,
    p_number text, p_code text, OUT status api.status, OUT card_id integer,
    OUT unit smallint)
LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_customer integer;
BEGIN
	IF p_code IS NOT NULL THEN
		SELECT q.card_id, q.unit INTO card_id, unit
		    FROM ledger.purse q WHERE q.tenant_id = p_tenant
		    AND q.card_id = (SELECT y.card_id FROM ledger.card y
			WHERE y.tenant_id = p_tenant AND y.code = p_code)
		    AND q.unit = (SELECT t.currency FROM ledger.tenant t
			WHERE t.tenant_id = p_tenant)
		    AND q.state <> 'deleted';
		status := CASE WHEN FOUND THEN 'ok' ELSE 'card_not_found' END;
		RETURN;
	END IF;
	v_customer := ledger.customer_by_number(p_tenant, p_number);
	card_id := ledger.loyalty_card(p_tenant, v_customer);
	unit := 1001;
	status := CASE WHEN v_customer IS NULL THEN 'customer_not_found'
	    WHEN card_id IS NULL THEN 'not_enrolled' ELSE 'ok' END;
END $$;

-- api.account_get(who, number, code, from, to, max): the account, and its history
-- from the one instant to the other, both included; oldest first, one row each
-- (one row with a null line when there is nothing). line is `summary`
-- (all before), `pending` (an open hold, whatever its date) or the kind of
-- the movement. No more than max movements: those before count as summed up.
-- All of it is one moment's state, so the lines add up to the balance when `to`
-- is not in the past.
CREATE OR REPLACE FUNCTION api.account_get(p_who api.caller, p_number text,
    p_code text, p_from timestamptz, p_to timestamptz, p_max integer)
    RETURNS TABLE (status api.status, code text, customer text,
	programme text, programme_name text, state text, unit smallint,
	balance bigint, held bigint, opened bigint, expires_on date,
	created_at timestamptz, reference text, rate bigint, per bigint,
	value bigint,
	earning_text text, redemption_text text, line text, at timestamptz,
	amount bigint, document text, reason text)
LANGUAGE plpgsql SECURITY DEFINER STABLE AS $$
#variable_conflict use_column
DECLARE
	a	record;
	v_first	integer;	-- of the movements that are shown
BEGIN
	IF NOT ledger.enter(p_who) THEN
		status := 'credential_stale';
		RETURN NEXT;
		RETURN;
	END IF;
	a := ledger.account_find(p_who.tenant, p_number, p_code);
	IF a.status <> 'ok' THEN
		status := a.status;
		RETURN NEXT;
		RETURN;
	END IF;
	SELECT min(x.seq) INTO v_first FROM (SELECT t.seq
	    FROM ledger.transfer t WHERE t.tenant_id = p_who.tenant
	    AND t.card_id = a.card_id AND t.unit = a.unit
	    AND t.created_at BETWEEN p_from AND p_to AND t.direction <> 0
	    ORDER BY t.seq DESC LIMIT p_max) x;
	RETURN QUERY SELECT 'ok'::api.status, v.code,
	    coalesce(u.external_id, u.customer_id::text), g.code, g.name,
	    v.state, v.unit, q.balance::bigint,
	    q.balance - v.available, q.opened, c.expires_on, c.created_at,
	    c.reference, v.rate, v.per, v.value,
	    ledger.rule(g.settings, 'earning_text'),
	    ledger.rule(g.settings, 'redemption_text'),
	    l.line, l.at, l.amount, l.document, l.reason
	    FROM ledger.points_view v
	    JOIN ledger.card c ON c.tenant_id = v.tenant_id
	    AND c.card_id = v.card_id
	    JOIN ledger.purse q ON q.tenant_id = v.tenant_id
	    AND q.card_id = v.card_id AND q.unit = v.unit
	    JOIN ledger.programme g ON g.tenant_id = c.tenant_id
	    AND g.programme_id = c.programme_id
	    LEFT JOIN ledger.customer u ON u.tenant_id = c.tenant_id
	    AND u.customer_id = c.customer_id
	    LEFT JOIN LATERAL (
		SELECT 'summary' AS line, max(t.created_at) AS at,
		    sum(t.direction * t.amount)::bigint AS amount,
		    NULL::text AS document, NULL::text AS reason, 0 AS seq
		    FROM ledger.transfer t WHERE t.tenant_id = v.tenant_id
		    AND t.card_id = v.card_id AND t.unit = v.unit
		    AND t.direction <> 0
		    AND (t.created_at < p_from OR t.seq < v_first)
		    HAVING count(*) > 0
		UNION ALL
		SELECT t.kind::text, t.created_at, t.direction * t.amount,
		    coalesce(o.reference, t.reference), t.reason, t.seq
		    FROM ledger.transfer t
		    LEFT JOIN ledger.transfer o ON t.kind = 'capture'
		    AND o.tenant_id = t.tenant_id AND o.card_id = t.card_id
		    AND o.unit = t.unit AND o.seq = t.origin_seq
		    WHERE t.tenant_id = v.tenant_id
		    AND t.card_id = v.card_id AND t.unit = v.unit
		    AND t.direction <> 0 AND t.seq >= v_first
		    AND t.created_at BETWEEN p_from AND p_to
		UNION ALL
		SELECT 'pending', t.created_at, h.remaining, t.reference,
		    t.reason, t.seq
		    FROM ledger.hold h JOIN ledger.transfer t
		    ON t.tenant_id = h.tenant_id AND t.card_id = h.card_id
		    AND t.unit = h.unit AND t.seq = h.seq
		    WHERE h.tenant_id = v.tenant_id
		    AND h.card_id = v.card_id AND h.unit = v.unit
		    AND h.state = 'open' AND (h.expires_at IS NULL
			OR h.expires_at > ledger.now())
		    AND t.created_at <= p_to) l ON true
	    WHERE v.tenant_id = p_who.tenant AND v.card_id = a.card_id
	    AND v.unit = a.unit
	    ORDER BY l.line IS DISTINCT FROM 'summary', l.seq;
END $$;

-- What was held under a code, as it was told.
CREATE OR REPLACE VIEW ledger.authorisation_view AS
SELECT 'ok'::api.status AS status, h.tenant_id, h.card_id, h.unit, h.seq,
	h.code, h.amount, h.worth, false AS repeated
	FROM ledger.hold h WHERE h.code IS NOT NULL;

-- api.authorise(who, key, fingerprint, number, code, sale, points, amount,
-- auth code, lapse): hold points of a customer (by number) or money of a card
-- (by code) for a sale: `points`, or with 0 points what `amount` (minor units
-- of the tenant's currency) is worth, or what there is. insufficient_funds:
-- nothing, or nothing that is worth a minor unit. The same asked again for
-- the same sale, while that hold is open, is that hold (repeated). Points
-- to money rounds down, money to points up. lapse: seconds, null: never.
-- SQLSTATE TS001 when the key was used before: ask api.authorise_replay.
CREATE OR REPLACE FUNCTION api.authorise(p_who api.caller, p_key uuid,
    p_print uuid, p_number text, p_code text, p_sale text, p_points bigint,
    p_amount bigint, p_auth uuid, p_lapse integer)
    RETURNS SETOF ledger.authorisation_view
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	r	ledger.authorisation_view;
	a	record;
	v	ledger.points_view;
	t	api.transfer_in;
	o	api.transfer_out;
	v_asked	bigint := CASE WHEN p_points > 0 THEN p_points
		    ELSE p_amount END;
BEGIN
	IF NOT ledger.enter(p_who) THEN
		r.status := 'credential_stale';
	ELSIF NOT pg_try_advisory_xact_lock(
	    uuid_hash_extended(p_key, p_who.tenant)) THEN
		r.status := 'request_in_progress';
	END IF;
	IF r.status IS NOT NULL THEN
		RETURN NEXT r;
		RETURN;
	END IF;
	a := ledger.account_find(p_who.tenant, p_number, p_code);
	r.status := a.status;
	IF r.status = 'ok' THEN
		PERFORM FROM ledger.purse q WHERE q.tenant_id = p_who.tenant
		    AND q.card_id = a.card_id AND q.unit = a.unit FOR UPDATE;
		SELECT * INTO v FROM ledger.points_view x
		    WHERE x.tenant_id = p_who.tenant
		    AND x.card_id = a.card_id AND x.unit = a.unit;
		r.status := CASE v.state WHEN 'suspended' THEN 'card_suspended'
		    WHEN 'expired' THEN 'card_expired'
		    WHEN 'deleted' THEN 'card_not_found' ELSE 'ok' END;
	END IF;
	IF r.status = 'ok' THEN
		SELECT x.* INTO r FROM ledger.authorisation_view x
		    JOIN ledger.hold h ON h.tenant_id = x.tenant_id
		    AND h.card_id = x.card_id AND h.unit = x.unit
		    AND h.seq = x.seq
		    JOIN ledger.transfer s ON s.tenant_id = x.tenant_id
		    AND s.card_id = x.card_id AND s.unit = x.unit
		    AND s.seq = x.seq
		    WHERE x.tenant_id = p_who.tenant
		    AND x.card_id = a.card_id AND x.unit = a.unit
		    AND h.state = 'open' AND (h.expires_at IS NULL
			OR h.expires_at > ledger.now())
		    AND h.requested = v_asked
		    AND h.requested_worth = (p_points = 0)
		    AND s.reference = p_sale
		    ORDER BY x.seq LIMIT 1;
		IF FOUND THEN
			r.repeated := true;
		ELSE
			r.status := 'ok';
		END IF;
	END IF;
	IF r.status = 'ok' AND r.repeated IS NOT TRUE THEN
		IF v.money THEN
			r.amount := least(p_amount, v.available);
			r.worth := r.amount;
		ELSE
			r.amount := CASE WHEN p_points > 0 THEN p_points
			    WHEN v.value = 0 THEN v.available + 1
			    ELSE ledger.points_needed(p_amount, v.per, v.value)
			    END;
			r.worth := CASE WHEN p_points = 0
			    AND r.amount <= v.available THEN p_amount END;
			r.amount := least(r.amount, v.available);
			r.worth := coalesce(r.worth, ledger.points_cash(
			    r.amount, v.per, v.value));
		END IF;
		IF r.amount <= 0 OR r.worth <= 0 THEN
			r.status := 'insufficient_funds';
		END IF;
	END IF;
	IF r.status = 'ok' AND r.repeated IS NOT TRUE THEN
		t := ledger.entry_of('authorise', NULL, v.code, a.unit,
		    r.amount);
		t.expires_in := p_lapse;
		t.reference := p_sale;
		o := (ledger.post(p_who, ARRAY[t]))[1];
		r.status := o.outcome;
		r.card_id := o.card_id;
		r.unit := o.unit;
		r.seq := o.seq;
		r.code := p_auth;
		UPDATE ledger.hold h SET code = p_auth, requested = v_asked,
		    requested_worth = p_points = 0, worth = r.worth
		    WHERE h.tenant_id = p_who.tenant
		    AND h.card_id = o.card_id AND h.unit = o.unit
		    AND h.seq = o.seq;
	END IF;
	PERFORM ledger.key_keep(p_who, p_key, p_print, ARRAY[r.status],
	    CASE WHEN r.status = 'ok'
		THEN ARRAY[r.card_id, r.unit::integer, r.seq] END);
	RETURN NEXT r;
END $$;

-- api.authorise_replay(who, key, fingerprint): the first answer again.
CREATE OR REPLACE FUNCTION api.authorise_replay(p_who api.caller,
    p_key uuid, p_print uuid) RETURNS SETOF ledger.authorisation_view
LANGUAGE plpgsql SECURITY DEFINER STABLE AS $$
DECLARE
	k	ledger.idempotency;
	r	ledger.authorisation_view;
BEGIN
	IF ledger.enter(p_who) THEN
		SELECT * INTO k FROM ledger.idempotency x
		    WHERE x.tenant_id = p_who.tenant AND x.key = p_key;
		IF NOT FOUND THEN
			RETURN;
		END IF;
		r.status := CASE WHEN k.fingerprint <> p_print
		    THEN 'idempotency_key_reused'
		    ELSE coalesce(k.outcomes[1], 'ok') END;
	ELSE
		r.status := 'credential_stale';
	END IF;
	IF r.status = 'ok' THEN
		SELECT * INTO STRICT r FROM ledger.authorisation_view v
		    WHERE v.tenant_id = p_who.tenant
		    AND v.card_id = k.refs[1] AND v.unit = k.refs[2]
		    AND v.seq = k.refs[3];
	END IF;
	RETURN NEXT r;
END $$;

-- api.settle(who, ref, auth code, confirm): take all that is held under the
-- code, or let it go. ref: the number or code that it was held by. What has
-- been done is done again with success and without effect; hold_not_open: it
-- was settled the other way, or has lapsed. hold_not_found.
CREATE OR REPLACE FUNCTION api.settle(p_who api.caller, p_ref text,
    p_auth uuid, p_confirm boolean) RETURNS TABLE (status api.status)
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	h	ledger.hold;
	t	api.transfer_in;
	v_card	integer;
	v_unit	smallint;
BEGIN
	IF NOT ledger.enter(p_who) THEN
		status := 'credential_stale';
		RETURN NEXT;
		RETURN;
	END IF;
	SELECT x.card_id, x.unit INTO v_card, v_unit
	    FROM ledger.hold x JOIN ledger.card c
	    ON c.tenant_id = x.tenant_id AND c.card_id = x.card_id
	    WHERE x.tenant_id = p_who.tenant AND x.code = p_auth
	    AND CASE WHEN x.unit < 1000 THEN c.code = upper(p_ref)
		ELSE c.customer_id = ledger.customer_by_number(p_who.tenant,
		    p_ref) END;
	IF NOT FOUND THEN
		status := 'hold_not_found';
		RETURN NEXT;
		RETURN;
	END IF;
	PERFORM FROM ledger.purse q WHERE q.tenant_id = p_who.tenant
	    AND q.card_id = v_card AND q.unit = v_unit FOR UPDATE;
	SELECT * INTO h FROM ledger.hold x
	    WHERE x.tenant_id = p_who.tenant AND x.code = p_auth;
	IF h.state = 'open' AND h.expires_at <= ledger.moment() THEN
		h.state := 'lapsed';
	END IF;
	IF h.state <> 'open' THEN
		status := CASE WHEN p_confirm = (h.state = 'captured')
		    THEN 'ok' ELSE 'hold_not_open' END;
		RETURN NEXT;
		RETURN;
	END IF;
	t.action := CASE WHEN p_confirm THEN 'capture' ELSE 'void' END;
	t.card_id := v_card;
	t.unit := v_unit;
	t.seq := h.seq;
	status := ((ledger.post(p_who, ARRAY[t]))[1]).outcome;
	RETURN NEXT;
END $$;

-- api.loyalty_earn(who, key, fingerprint, number, points, reason, reference,
-- once): points for a customer, for whatever reason. once: what has the same
-- reason and reference as an earlier one is that one (repeated); without a
-- reference nothing tells. Answers as api.post does; api.post_replay repeats
-- it.
CREATE OR REPLACE FUNCTION api.loyalty_earn(p_who api.caller, p_key uuid,
    p_print uuid, p_number text, p_points bigint, p_reason text,
    p_reference text, p_once boolean) RETURNS SETOF api.transfer_row
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	r	api.transfer_row;
	a	record;
	t	api.transfer_in;
	o	api.transfer_out;
	v_seq	integer;
BEGIN
	IF NOT ledger.enter(p_who) THEN
		r.status := 'credential_stale';
		RETURN NEXT r;
		RETURN;
	END IF;
	a := ledger.account_find(p_who.tenant, p_number, NULL);
	IF a.status <> 'ok' THEN
		r.status := a.status;
		RETURN NEXT r;
		RETURN;
	END IF;
	IF p_once AND p_reference IS NOT NULL THEN
		PERFORM FROM ledger.purse q WHERE q.tenant_id = p_who.tenant
		    AND q.card_id = a.card_id AND q.unit = a.unit FOR UPDATE;
		SELECT x.seq INTO v_seq FROM ledger.transfer x
		    WHERE x.tenant_id = p_who.tenant
		    AND x.card_id = a.card_id AND x.unit = a.unit
		    AND x.kind = 'earn'
		    AND x.reference = p_reference
		    AND x.reason IS NOT DISTINCT FROM p_reason
		    AND x.request_id <> p_who.request
		    ORDER BY x.seq LIMIT 1;
		IF FOUND THEN
			o := ledger.transfer_read(p_who.tenant, a.card_id,
			    a.unit, v_seq);
			o.repeated := true;
			RETURN QUERY SELECT 'ok'::api.status, false, o.*;
			RETURN;
		END IF;
	END IF;
	t := ledger.entry_of('credit', 'earn', (SELECT c.code
	    FROM ledger.card c WHERE c.tenant_id = p_who.tenant
	    AND c.card_id = a.card_id), a.unit, p_points);
	t.reference := p_reference;
	t.reason := p_reason;
	RETURN QUERY SELECT * FROM api.post(p_who, p_key, p_print, ARRAY[t]);
END $$;
