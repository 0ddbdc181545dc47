-- The one door. Every movement of value, whatever asked for it, is a row that
-- ledger.post() wrote; nothing else inserts into ledger.transfer or changes a
-- balance.

-- ledger.post(who, transfers): does the entries in order and answers one
-- transfer_out each. A refusal is its outcome, never an exception. An entry
-- with `linked` belongs together with the one after it: of such a chain all
-- is booked or nothing, the culprit keeps its outcome and the others are
-- linked_transfer_failed. Purses are locked in (card, unit) order before the
-- first is touched. A batch whose first action is `open` consists of openings
-- only (ledger.cards_open) and is written set-wise. p_purchase: the purchase
-- of the card that causes all of it.
CREATE OR REPLACE FUNCTION ledger.post(p_who api.caller,
    p_transfers api.transfer_in[], p_purchase integer DEFAULT NULL)
    RETURNS api.transfer_out[]
LANGUAGE plpgsql AS $$
DECLARE
	n	integer := cardinality(p_transfers);
	i	integer := 1;
	j	integer;
	k	integer;
	bad	integer;
	v_codes	text[];
	v_cards	integer[];
	ret	api.transfer_out[];
BEGIN
	IF p_transfers[1].action = 'open' THEN
		PERFORM ledger.post_open(p_who, p_transfers);
		RETURN ret;
	END IF;
	IF n > 1 THEN
		-- Arrays, not joins: whatever the planner believes of a table
		-- that has just grown, it looks each up in its key.
		v_codes := ARRAY(SELECT t.card FROM unnest(p_transfers) t
		    WHERE t.card IS NOT NULL);
		v_cards := ARRAY(SELECT c.card_id FROM ledger.card c
		    WHERE c.tenant_id = p_who.tenant AND c.code = ANY (v_codes)
		    UNION SELECT t.card_id FROM unnest(p_transfers) t
		    WHERE t.card_id IS NOT NULL);
		PERFORM FROM ledger.purse p
		    WHERE p.tenant_id = p_who.tenant
		    AND p.card_id = ANY (v_cards)
		    ORDER BY p.card_id, p.unit
		    FOR UPDATE OF p;
	END IF;
	WHILE i <= n LOOP
		j := i;
		WHILE j < n AND p_transfers[j].linked LOOP
			j := j + 1;
		END LOOP;
		IF j = i THEN
			ret[i] := ledger.post_one(p_who, p_transfers[i],
			    p_purchase);
		ELSE
			BEGIN
				FOR k IN i .. j LOOP
					bad := k;
					ret[k] := ledger.post_one(p_who,
					    p_transfers[k], p_purchase);
					IF ret[k].outcome <> 'ok' THEN
						RAISE SQLSTATE 'TS002';
					END IF;
				END LOOP;
			EXCEPTION WHEN SQLSTATE 'TS002' THEN
				-- Undone to the chain's start; say so of each.
				FOR k IN i .. j LOOP
					IF k <> bad THEN
						ret[k] := ledger.refused(
						    'linked_transfer_failed',
						    p_transfers[k]);
					END IF;
				END LOOP;
			END;
		END IF;
		i := j + 1;
	END LOOP;
	RETURN ret;
END $$;

-- A transfer_out that says why not.
CREATE OR REPLACE FUNCTION ledger.refused(p_outcome api.status,
    t api.transfer_in, p_available bigint DEFAULT NULL)
    RETURNS api.transfer_out
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	r	api.transfer_out;
BEGIN
	r.outcome := p_outcome;
	r.card := t.card;
	r.card_id := t.card_id;
	r.unit := t.unit;
	r.amount := t.amount;
	r.available := p_available;
	RETURN r;
END $$;

-- One entry: lock the purse, judge, write. The order of refusals: what is not
-- there, the card's state, the version expected, the act's own rule, value.
CREATE OR REPLACE FUNCTION ledger.post_one(p_who api.caller,
    t api.transfer_in, p_purchase integer DEFAULT NULL)
    RETURNS api.transfer_out
LANGUAGE plpgsql AS $$
DECLARE
	v_now	timestamptz;
	v_code	text;
	p	ledger.purse;
	o	ledger.transfer;
	h	ledger.hold;
	r	api.transfer_out;
	v_version integer;
	v_limit	bigint;
	v_done	bigint;
	v_free	bigint := 0;	-- held value that goes back to available
	v_hold	bigint := 0;	-- value newly held
	v_contra ledger.contra;
BEGIN
	-- Lock. By code for what names a card, by id for what names an origin.
	IF t.card IS NOT NULL THEN
		v_code := t.card;
		SELECT q.* INTO p FROM ledger.purse q
		    WHERE q.tenant_id = p_who.tenant
		    AND q.card_id = (SELECT y.card_id FROM ledger.card y
			WHERE y.tenant_id = p_who.tenant AND y.code = t.card)
		    AND (t.unit IS NULL OR q.unit = t.unit)
		    ORDER BY q.unit LIMIT 1
		    FOR UPDATE OF q;
		IF NOT FOUND THEN
			IF EXISTS (SELECT FROM ledger.card c
			    WHERE c.tenant_id = p_who.tenant
			    AND c.code = t.card AND c.state <> 'reserved') THEN
				RETURN ledger.refused('unit_mismatch', t);
			END IF;
			RETURN ledger.refused('card_not_found', t);
		END IF;
	ELSE
		SELECT q.* INTO p FROM ledger.purse q
		    WHERE q.tenant_id = p_who.tenant AND q.card_id = t.card_id
		    AND q.unit = t.unit FOR UPDATE;
		IF NOT FOUND THEN
			RETURN ledger.refused(CASE WHEN t.action = 'reverse'
			    THEN 'transfer_not_found'
			    ELSE 'hold_not_found' END::api.status, t);
		END IF;
	END IF;
	IF v_code IS NULL THEN
		SELECT c.code INTO v_code FROM ledger.card c
		    WHERE c.tenant_id = p_who.tenant AND c.card_id = p.card_id;
	END IF;
	v_now := ledger.moment();
	r.card := v_code;
	r.card_id := p.card_id;
	r.unit := p.unit;
	r.reference := t.reference;

	-- Holds whose time is over go back first: the value is free again. Who
	-- read the purse saw it so already, under the version before.
	v_version := p.version;
	IF p.held > 0 AND t.action <> 'lapse' THEN
		p := ledger.lapse_due(p_who, p, v_now);
		v_now := ledger.moment();	-- later than what lapsed
	END IF;

	IF p.state = 'deleted' THEN
		RETURN ledger.refused('card_deleted', t);
	END IF;
	IF t.action IN ('credit', 'debit', 'authorise') THEN
		IF p.state = 'suspended' THEN
			RETURN ledger.refused('card_suspended', t);
		END IF;
		-- An operator may still correct or expire what is left.
		IF p.expires_at <= v_now AND coalesce(t.kind, '') NOT IN
		    ('expire', 'adjust_down', 'adjust_up') THEN
			RETURN ledger.refused('card_expired', t);
		END IF;
	END IF;
	IF t.version IS NOT NULL AND t.version <> v_version THEN
		RETURN ledger.refused('version_conflict', t);
	END IF;

	r.amount := t.amount;
	CASE t.action
	WHEN 'credit' THEN
		r.kind := coalesce(t.kind, 'load');
		r.direction := 1;
		IF r.kind = 'load' THEN
			SELECT g.amount_max INTO v_limit
			    FROM ledger.card c JOIN ledger.programme g
			    ON g.tenant_id = c.tenant_id
			    AND g.programme_id = c.programme_id
			    WHERE c.tenant_id = p_who.tenant
			    AND c.card_id = p.card_id;
			IF t.amount > v_limit THEN
				RETURN ledger.refused('amount_limit', t);
			END IF;
		ELSIF r.kind = 'refund' THEN
			-- At most what was taken from this purse as tender and
			-- has not come back.
			SELECT -coalesce(sum(x.direction * x.amount), 0)
			    INTO v_limit FROM ledger.transfer x
			    WHERE x.tenant_id = p_who.tenant
			    AND x.card_id = p.card_id AND x.unit = p.unit
			    AND x.contra = 'sales';
			IF t.amount > v_limit THEN
				RETURN ledger.refused('refund_exceeded', t,
				    v_limit);
			END IF;
		END IF;
	WHEN 'debit' THEN
		r.kind := coalesce(t.kind, 'redeem');
		r.direction := -1;
	WHEN 'authorise' THEN
		r.kind := 'authorise';
		r.direction := 0;
	WHEN 'capture', 'void', 'lapse' THEN
		SELECT * INTO h FROM ledger.hold x
		    WHERE x.tenant_id = p_who.tenant AND x.card_id = p.card_id
		    AND x.unit = p.unit AND x.seq = t.seq;
		IF NOT FOUND THEN
			RETURN ledger.refused('hold_not_found', t);
		END IF;
		IF h.state <> 'open' THEN
			RETURN ledger.refused('hold_not_open', t);
		END IF;
		IF t.action = 'lapse' AND
		    (h.expires_at > v_now) IS NOT FALSE THEN
			RETURN ledger.refused('hold_not_due', t);
		END IF;
		r.kind := t.action;
		r.origin_seq := h.seq;
		IF t.action = 'capture' THEN
			r.direction := -1;
			r.amount := coalesce(t.amount, h.remaining);
			IF r.amount > h.remaining THEN
				RETURN ledger.refused('hold_exceeded', t,
				    h.remaining);
			END IF;
			v_free := CASE WHEN t.keep_open
			    THEN r.amount ELSE h.remaining END;
		ELSE
			r.direction := 0;
			r.amount := h.remaining;
			v_free := h.remaining;
		END IF;
	WHEN 'reverse' THEN
		SELECT * INTO o FROM ledger.transfer x
		    WHERE x.tenant_id = p_who.tenant AND x.card_id = p.card_id
		    AND x.unit = p.unit AND x.seq = t.seq;
		IF NOT FOUND THEN
			RETURN ledger.refused('transfer_not_found', t);
		END IF;
		IF o.direction = 0 OR o.kind = 'reversal' THEN
			RETURN ledger.refused('not_reversible', t);
		END IF;
		SELECT coalesce(sum(x.amount), 0), max(x.seq)
		    INTO v_done, r.seq FROM ledger.transfer x
		    WHERE x.tenant_id = p_who.tenant AND x.card_id = p.card_id
		    AND x.unit = p.unit AND x.origin_seq = o.seq
		    AND x.kind = 'reversal';
		IF v_done = o.amount
		    AND coalesce(t.amount, o.amount) = o.amount THEN
			-- All of it went back before: nothing more to do.
			r := ledger.transfer_read(p_who.tenant, p.card_id,
			    p.unit, r.seq);
			r.repeated := true;
			RETURN r;
		END IF;
		r.amount := coalesce(t.amount, o.amount - v_done);
		IF r.amount > o.amount - v_done THEN
			RETURN ledger.refused('reversal_exceeded', t,
			    o.amount - v_done);
		END IF;
		r.kind := 'reversal';
		r.direction := -o.direction;
		r.origin_seq := o.seq;
		v_contra := o.contra;
	END CASE;

	-- Value.
	r.available := p.balance - p.held;
	IF r.kind = 'clawback' THEN
		-- Points whose purchase was cancelled go, also when they were
		-- spent: a floor at zero would make buying, spending and
		-- returning a source of points.
		IF p.balance - r.amount < -1000000000000000 THEN
			RETURN ledger.refused('balance_limit', t);
		END IF;
	ELSIF t.action = 'authorise' OR (r.direction < 0
	    AND t.action <> 'capture') THEN
		IF r.amount > r.available THEN
			IF NOT coalesce(t.partial, false)
			    OR r.available <= 0 THEN
				RETURN ledger.refused('insufficient_funds', t,
				    r.available);
			END IF;
			r.amount := r.available;
		END IF;
	ELSIF r.direction > 0
	    AND p.balance + r.amount > 1000000000000000 THEN
		RETURN ledger.refused('balance_limit', t);
	END IF;
	IF t.action = 'authorise' THEN
		v_hold := r.amount;
		r.expires_at := v_now + make_interval(secs => t.expires_in);
	END IF;

	-- Write.
	r.outcome := 'ok';
	r.available := NULL;
	r.created_at := v_now;
	UPDATE ledger.purse q
	    SET balance = p.balance + r.direction * r.amount,
	    held = p.held + v_hold - v_free, version = p.version + 1,
	    floor = CASE WHEN r.kind = 'clawback' THEN
		least(p.floor, p.balance - p.held - r.amount) ELSE p.floor END,
	    changed_at = CASE WHEN r.direction = 0
		THEN p.changed_at ELSE v_now END
	    WHERE q.tenant_id = p_who.tenant AND q.card_id = p.card_id
	    AND q.unit = p.unit
	    RETURNING q.version, q.balance, q.held
	    INTO r.seq, r.balance_after, r.held_after;
	INSERT INTO ledger.transfer (tenant_id, card_id, unit, direction, seq,
	    kind, contra, credential_id, origin_seq, amount, balance_after,
	    held_after, created_at, request_id, reference, purchase_id,
	    reason)
	VALUES (p_who.tenant, r.card_id, r.unit, r.direction, r.seq, r.kind,
	    coalesce(v_contra, ledger.contra_of(r.kind)), p_who.credential,
	    r.origin_seq, r.amount, r.balance_after, r.held_after, v_now,
	    p_who.request, t.reference, p_purchase, t.reason);
	IF t.action = 'authorise' THEN
		INSERT INTO ledger.hold (tenant_id, card_id, unit, seq, amount,
		    remaining, expires_at)
		VALUES (p_who.tenant, r.card_id, r.unit, r.seq, r.amount,
		    r.amount, r.expires_at);
	ELSIF v_free > 0 THEN
		UPDATE ledger.hold x SET remaining = x.remaining - v_free,
		    captured = x.captured + CASE WHEN t.action = 'capture'
			THEN r.amount ELSE 0 END,
		    released = x.released + CASE WHEN t.action = 'capture'
			THEN v_free - r.amount ELSE v_free END,
		    state = CASE WHEN x.remaining > v_free THEN 'open'
			WHEN t.action = 'capture' THEN 'captured'
			WHEN t.action = 'void' THEN 'voided'
			ELSE 'lapsed' END::ledger.hold_state
		    WHERE x.tenant_id = p_who.tenant AND x.card_id = r.card_id
		    AND x.unit = r.unit AND x.seq = h.seq;
	END IF;
	RETURN r;
END $$;

-- The account on the other side of a kind. Each label is cast by itself: one
-- cast of the whole CASE would be from text, which is not immutable, and such
-- a body is never inlined but planned anew at each call (15 % of a redeem).
CREATE OR REPLACE FUNCTION ledger.contra_of(p_kind ledger.kind)
    RETURNS ledger.contra
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE p_kind
	WHEN 'issue' THEN 'funding'::ledger.contra
	WHEN 'load' THEN 'funding'::ledger.contra
	WHEN 'earn' THEN 'reward'::ledger.contra
	WHEN 'clawback' THEN 'reward'::ledger.contra
	WHEN 'redeem' THEN 'sales'::ledger.contra
	WHEN 'capture' THEN 'sales'::ledger.contra
	WHEN 'refund' THEN 'sales'::ledger.contra
	WHEN 'expire' THEN 'breakage'::ledger.contra
	WHEN 'adjust_up' THEN 'adjustment'::ledger.contra
	WHEN 'adjust_down' THEN 'adjustment'::ledger.contra
	ELSE 'none'::ledger.contra END;

-- Let go what is held by holds of a locked purse whose time is over; answers
-- the purse as it is then.
CREATE OR REPLACE FUNCTION ledger.lapse_due(p_who api.caller, p ledger.purse,
    p_now timestamptz) RETURNS ledger.purse
LANGUAGE plpgsql AS $$
DECLARE
	t	api.transfer_in;
	r	api.transfer_out;
	v_seq	integer;
BEGIN
	FOR v_seq IN SELECT h.seq FROM ledger.hold h
	    WHERE h.tenant_id = p.tenant_id AND h.card_id = p.card_id
	    AND h.unit = p.unit AND h.state = 'open' AND h.expires_at <= p_now
	    ORDER BY h.seq LOOP
		t.action := 'lapse';
		t.card_id := p.card_id;
		t.unit := p.unit;
		t.seq := v_seq;
		r := ledger.post_one(p_who, t);
		p.version := r.seq;
		p.held := r.held_after;
	END LOOP;
	RETURN p;
END $$;

-- Openings: purses that do not exist yet, each with its first transfer.
CREATE OR REPLACE FUNCTION ledger.post_open(p_who api.caller,
    p_transfers api.transfer_in[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	v_now	timestamptz := ledger.now();
BEGIN
	INSERT INTO ledger.purse (tenant_id, card_id, unit, state, version,
	    balance, opened, expires_at)
	SELECT p_who.tenant, t.card_id, t.unit, c.state,
	    (t.amount > 0)::integer, t.amount, t.amount,
	    ledger.expiry_instant(c.expires_on)
	    FROM unnest(p_transfers) t JOIN ledger.card c
	    ON c.tenant_id = p_who.tenant AND c.card_id = t.card_id;
	INSERT INTO ledger.transfer (tenant_id, card_id, unit, direction, seq,
	    kind, contra, credential_id, amount, balance_after, held_after,
	    created_at, request_id, reference)
	SELECT p_who.tenant, t.card_id, t.unit, 1, 1, 'issue', 'funding',
	    p_who.credential, t.amount, t.amount, 0, v_now, p_who.request,
	    t.reference
	    FROM unnest(p_transfers) t WHERE t.amount > 0;
END $$;

-- A transfer as the door would have answered it then; null when unknown.
CREATE OR REPLACE FUNCTION ledger.transfer_read(p_tenant integer,
    p_card_id integer, p_unit smallint, p_seq integer)
    RETURNS api.transfer_out
LANGUAGE plpgsql STABLE AS $$
DECLARE
	r	api.transfer_out;
BEGIN
	SELECT 'ok', x.card_id, x.unit, x.seq, c.code, x.kind, x.direction,
	    x.amount, x.balance_after, x.held_after, x.created_at,
	    x.origin_seq, h.expires_at, NULL, x.reference, NULL INTO r
	    FROM ledger.transfer x
	    JOIN ledger.card c ON c.tenant_id = x.tenant_id
	    AND c.card_id = x.card_id
	    LEFT JOIN ledger.hold h ON h.tenant_id = x.tenant_id
	    AND h.card_id = x.card_id AND h.unit = x.unit AND h.seq = x.seq
	    WHERE x.tenant_id = p_tenant AND x.card_id = p_card_id
	    AND x.unit = p_unit AND x.seq = p_seq;
	RETURN r;
END $$;

-- api.post(who, key, fingerprint, transfers): ledger.post under an
-- idempotency key, which is kept with the outcome in the same transaction.
-- SQLSTATE TS001 when the key was used before (nothing is booked: ask
-- api.post_replay); request_in_progress while another transaction works
-- under it. A batch that booked nothing because a version had changed is not
-- kept: the caller decides anew under the same key.
CREATE OR REPLACE FUNCTION api.post(p_who api.caller, p_key uuid,
    p_print uuid, p_transfers api.transfer_in[])
    RETURNS SETOF api.transfer_row
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	v	api.transfer_out[];
	o	api.transfer_out;
	r	api.transfer_row;
	v_refs	integer[];
	v_out	api.status[];
	v_ok	boolean := true;
	v_any	boolean := false;
	v_conflict boolean := false;
	v_repeated boolean := false;
BEGIN
	IF NOT ledger.enter(p_who) THEN
		r.status := 'credential_stale';
		RETURN NEXT r;
		RETURN;
	END IF;
	IF NOT pg_try_advisory_xact_lock(
	    uuid_hash_extended(p_key, p_who.tenant)) THEN
		r.status := 'request_in_progress';
		RETURN NEXT r;
		RETURN;
	END IF;
	v := ledger.post(p_who, p_transfers);
	FOREACH o IN ARRAY v LOOP
		v_refs := v_refs || ARRAY[coalesce(o.card_id, 0),
		    coalesce(o.unit, 0)::integer, coalesce(o.seq, 0)];
		v_out := v_out || o.outcome;
		v_ok := v_ok AND o.outcome = 'ok';
		v_any := v_any OR o.outcome = 'ok';
		v_conflict := v_conflict OR o.outcome = 'version_conflict';
		v_repeated := v_repeated OR o.repeated IS TRUE;
	END LOOP;
	IF v_any OR NOT v_conflict THEN
		PERFORM ledger.key_keep(p_who, p_key, p_print, v_out, v_refs,
		    p_detail => CASE WHEN NOT v_ok OR v_repeated THEN (SELECT
			jsonb_agg(jsonb_build_object('card', u.card,
			'amount', u.amount, 'available', u.available,
			'repeated', u.repeated))
			FROM unnest(v) u) END);
	ELSIF EXISTS (SELECT FROM ledger.idempotency x
	    WHERE x.tenant_id = p_who.tenant AND x.key = p_key) THEN
		-- It is the first call that changed the version.
		RAISE SQLSTATE 'TS001'
		    USING MESSAGE = 'idempotency key used before';
	END IF;
	RETURN QUERY SELECT 'ok'::api.status, false, u.* FROM unnest(v) u;
END $$;

-- api.post_replay(who, key, fingerprint): the first answer of a key again,
-- rebuilt from the transfers it booked. idempotency_key_reused when the
-- fingerprint is another; no row when the key is unknown.
CREATE OR REPLACE FUNCTION api.post_replay(p_who api.caller, p_key uuid,
    p_print uuid) RETURNS SETOF api.transfer_row
LANGUAGE plpgsql SECURITY DEFINER STABLE AS $$
DECLARE
	k	ledger.idempotency;
	o	api.transfer_out;
	r	api.transfer_row;
	d	jsonb;
BEGIN
	IF NOT ledger.enter(p_who) THEN
		r.status := 'credential_stale';
		RETURN NEXT r;
		RETURN;
	END IF;
	SELECT * INTO k FROM ledger.idempotency x
	    WHERE x.tenant_id = p_who.tenant AND x.key = p_key;
	IF NOT FOUND THEN
		RETURN;
	END IF;
	IF k.fingerprint <> p_print THEN
		r.status := 'idempotency_key_reused';
		RETURN NEXT r;
		RETURN;
	END IF;
	FOR i IN 1 .. cardinality(k.refs) / 3 LOOP
		d := k.detail -> (i - 1);
		IF k.outcomes IS NULL OR k.outcomes[i] = 'ok' THEN
			o := ledger.transfer_read(p_who.tenant,
			    k.refs[3 * i - 2], k.refs[3 * i - 1]::smallint,
			    k.refs[3 * i]);
			o.repeated := (d ->> 'repeated')::boolean;
		ELSE
			o := NULL;
			o.outcome := k.outcomes[i];
			o.card := d ->> 'card';
			o.card_id := nullif(k.refs[3 * i - 2], 0);
			o.unit := nullif(k.refs[3 * i - 1], 0);
			o.amount := (d ->> 'amount')::bigint;
			o.available := (d ->> 'available')::bigint;
		END IF;
		RETURN QUERY SELECT 'ok'::api.status, true, o.*;
	END LOOP;
END $$;
