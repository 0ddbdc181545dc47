-- Purchases: what was bought, with the points it earned and spent.

-- What the functions below answer; columns are only ever added, at the end.
CREATE OR REPLACE VIEW ledger.purchase_view AS
SELECT 'ok'::api.status AS status,
	x.tenant_id, x.card_id, c.code, x.purchase_id, x.unit, x.amount,
	x.discount, x.currency, x.spent, x.earned, x.points_after,
	x.worth_after,
	-- Money is worth in its own currency, points in the purchase's.
	CASE WHEN x.unit < 1000 THEN x.unit ELSE x.currency END
	    AS worth_currency,
	x.created_at, x.detail, false AS repeated
	FROM ledger.purchase x
	JOIN ledger.card c ON c.tenant_id = x.tenant_id
	    AND c.card_id = x.card_id;

-- api.points_get(who, code): what the card holds, its purse of points first.
-- money: worth is in the purse's own unit, else in the tenant's currency.
CREATE OR REPLACE FUNCTION api.points_get(p_who api.caller, p_code text)
    RETURNS TABLE (status api.status, code text, state text, points bigint,
	worth bigint, unit smallint, money boolean)
LANGUAGE plpgsql SECURITY DEFINER STABLE AS $$
BEGIN
	IF NOT ledger.enter(p_who) THEN
		status := 'credential_stale';
		RETURN NEXT;
		RETURN;
	END IF;
	RETURN QUERY SELECT 'ok'::api.status, v.code, v.state, v.points,
	    v.worth, v.unit, v.money
	    FROM ledger.points_view v
	    WHERE v.tenant_id = p_who.tenant
	    AND v.card_id = (SELECT y.card_id FROM ledger.card y
		WHERE y.tenant_id = p_who.tenant AND y.code = p_code)
	    AND v.stored_state <> 'deleted'
	    ORDER BY v.unit <> 1001, v.unit LIMIT 1;
	IF NOT FOUND THEN
		status := 'card_not_found';
		RETURN NEXT;
	END IF;
END $$;

-- An entry of the door for a card that is known.
CREATE OR REPLACE FUNCTION ledger.entry_of(p_action text, p_kind text,
    p_card text, p_unit smallint, p_amount bigint) RETURNS api.transfer_in
LANGUAGE sql IMMUTABLE
RETURN ROW(p_action, p_card, NULL, p_unit, NULL, p_kind, p_amount, false,
	true, false, NULL, NULL, NULL, NULL)::api.transfer_in;

-- A purchase with all that may happen; see api.purchase_post.
CREATE OR REPLACE FUNCTION ledger.purchase(p_who api.caller, p_key uuid,
    p_print uuid, p_currency smallint, p_exponent integer, p_card text,
    p_amount bigint, p_discount bigint, p_points bigint, p_detail text,
    p_check boolean, p_window integer) RETURNS ledger.purchase_view
LANGUAGE plpgsql AS $$
DECLARE
	r	ledger.purchase_view;
	v	ledger.points_view;
	o	ledger.purchase;
	t	api.transfer_out;
	v_moves	api.transfer_in[];
	v_refs	integer[];
	v_card	integer;
	v_unit	smallint;
	v_now	timestamptz;
	v_worth	bigint;		-- of p_points
	v_sign	integer := CASE WHEN p_amount < 0 THEN -1 ELSE 1 END;
	v_earns	boolean := p_points = 0;
	v_base	bigint := abs(p_amount);
BEGIN
	SELECT q.card_id, q.unit INTO v_card, v_unit
	    FROM ledger.purse q WHERE q.tenant_id = p_who.tenant
	    AND q.card_id = (SELECT y.card_id FROM ledger.card y
		WHERE y.tenant_id = p_who.tenant AND y.code = p_card)
	    ORDER BY q.unit <> 1001, q.unit LIMIT 1
	    FOR UPDATE OF q;
	SELECT * INTO v FROM ledger.points_view x
	    WHERE x.tenant_id = p_who.tenant AND x.card_id = v_card
	    AND x.unit = v_unit;
	v_now := ledger.moment();
	v_worth := CASE WHEN v.money THEN p_points * v.scale
	    ELSE ledger.points_worth(p_points, v.per, v.value) END;
	r.status := CASE
	    WHEN v_card IS NULL OR v.stored_state = 'deleted'
		THEN 'card_not_found'
	    WHEN v.state = 'suspended' THEN 'card_suspended'
	    WHEN v.state = 'expired' THEN 'card_expired'
	    WHEN p_check AND p_points > 0 AND abs(100 * (p_discount - v_worth))
		> power(10::numeric, p_exponent) THEN 'invalid'
	    ELSE 'ok' END;

	IF r.status = 'ok' AND p_window > 0 THEN
		SELECT * INTO r FROM ledger.purchase_view x
		    WHERE x.tenant_id = p_who.tenant AND x.card_id = v_card
		    AND x.unit = v_unit AND x.amount = p_amount
		    AND x.discount = p_discount AND x.spent = v_sign * p_points
		    AND x.detail IS NOT DISTINCT FROM p_detail
		    AND x.created_at > v_now - make_interval(secs => p_window)
		    ORDER BY x.purchase_id DESC LIMIT 1;
		IF FOUND THEN
			r.repeated := true;
		ELSE
			r.status := 'ok';
		END IF;
	END IF;

	IF r.status = 'ok' AND r.repeated IS NOT TRUE THEN
		r.spent := v_sign * p_points;
		IF p_points > 0 AND p_amount >= 0 THEN
			v_earns := v.on_spend;
			v_base := greatest(p_amount - p_discount, 0);
		ELSIF p_points > 0 THEN
			-- Nothing but its figures ties a return to its
			-- purchase: where they fit, what that one earned goes.
			-- Of several alike each goes once, the oldest first.
			SELECT * INTO o FROM ledger.purchase x
			    WHERE x.tenant_id = p_who.tenant
			    AND x.card_id = v_card AND x.unit = v_unit
			    AND x.amount = -p_amount AND x.spent = p_points
			    ORDER BY x.purchase_id LIMIT 1 OFFSET (
				SELECT count(*) FROM ledger.purchase y
				WHERE y.tenant_id = p_who.tenant
				AND y.card_id = v_card AND y.unit = v_unit
				AND y.amount = p_amount
				AND y.spent = -p_points);
			v_earns := v.on_spend AND NOT FOUND;
			v_base := greatest(-p_amount - v_worth, 0);
		END IF;
		r.earned := v_sign * CASE WHEN v_earns
		    THEN ledger.points_earned(v_base, v.rate, p_exponent)
		    ELSE coalesce(o.earned, 0) END;
		IF r.spent > 0 THEN
			v_moves := ARRAY[ledger.entry_of('debit', 'redeem',
			    p_card, v_unit, r.spent * v.scale)];
		ELSIF r.spent < 0 THEN
			v_moves := ARRAY[ledger.entry_of('credit', 'refund',
			    p_card, v_unit, -r.spent * v.scale)];
		END IF;
		IF r.earned > 0 THEN
			v_moves := v_moves || ledger.entry_of('credit', 'earn',
			    p_card, v_unit, r.earned * v.scale);
		ELSIF r.earned < 0 THEN
			v_moves := v_moves || ledger.entry_of('debit',
			    'clawback', p_card, v_unit, -r.earned * v.scale);
		END IF;
		r.purchase_id := nextval(format('ledger.purchase_id_%s',
		    p_who.tenant)::regclass);
		FOREACH t IN ARRAY coalesce(ledger.post(p_who, v_moves,
		    r.purchase_id), '{}') LOOP
			IF t.outcome NOT IN ('ok', 'linked_transfer_failed') THEN
				r.status := t.outcome;
			END IF;
			v_refs := v_refs || ARRAY[t.card_id,
			    t.unit::integer, t.seq];
			v.available := t.balance_after - t.held_after;
			v_now := coalesce(t.created_at, v_now);
		END LOOP;
	END IF;

	IF r.status = 'ok' AND r.repeated IS NOT TRUE THEN
		r.card_id := v_card;
		r.code := p_card;
		r.unit := v_unit;
		r.amount := p_amount;
		r.discount := p_discount;
		r.currency := p_currency;
		r.worth_currency := CASE WHEN v.money THEN v_unit
		    ELSE p_currency END;
		r.points_after := v.available / v.scale;
		r.worth_after := CASE WHEN v.money THEN v.available
		    ELSE ledger.points_worth(v.available, v.per, v.value) END;
		r.created_at := v_now;
		r.detail := p_detail;
		INSERT INTO ledger.purchase (tenant_id, card_id, purchase_id,
		    unit, currency, credential_id, amount, discount, spent,
		    earned, points_after, worth_after, created_at, request_id,
		    detail)
		VALUES (p_who.tenant, v_card, r.purchase_id, v_unit,
		    p_currency, p_who.credential, p_amount, p_discount,
		    r.spent, r.earned, r.points_after, r.worth_after, v_now,
		    p_who.request, p_detail);
	END IF;
	PERFORM ledger.key_keep(p_who, p_key, p_print, ARRAY[r.status],
	    CASE WHEN r.status = 'ok' THEN v_refs END,
	    p_detail => CASE WHEN r.status = 'ok' THEN jsonb_build_object(
		'card', r.card_id, 'purchase', r.purchase_id, 'repeated',
		r.repeated) END);
	RETURN r;
END $$;

-- api.purchase_post(who, key, fingerprint, currency, exponent, card, amount,
-- discount, points, detail, check, window): record a purchase and move the
-- points it earns (amount in minor units of the tenant's currency, negative:
-- cancelled), and the `points` taken for it (with a negative amount: given
-- back). See src/domain/purchase.h. A refusal is a status and books nothing.
-- check: `invalid` unless the discount is what the points are worth, within
-- 0.01. window: the same purchase of this card within so many seconds is
-- answered again. SQLSTATE TS001 when the key was used before: ask
-- api.purchase_replay.
--
-- As api.debit does, it first tries the common ones in one statement: points
-- taken that earn nothing beside, or earned, on a card of points that nothing
-- speaks against. Whenever that touches no row ledger.purchase decides.
-- tests/sql/purchase.sql holds the two against each other.
CREATE OR REPLACE FUNCTION api.purchase_post(p_who api.caller, p_key uuid,
    p_print uuid, p_currency smallint, p_exponent integer, p_card text,
    p_amount bigint, p_discount bigint, p_points bigint, p_detail text,
    p_check boolean, p_window integer) RETURNS SETOF ledger.purchase_view
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	r	ledger.purchase_view;
	v	text := set_config('tessera.tenant', (p_who).tenant::text, true);
	v_card	integer;
BEGIN
	IF NOT pg_try_advisory_xact_lock(
	    uuid_hash_extended(p_key, p_who.tenant)) THEN
		r.status := 'request_in_progress';
		RETURN NEXT r;
		RETURN;
	END IF;
	IF p_window = 0 AND NOT p_check AND p_amount >= 0 THEN
		SELECT c.card_id INTO v_card FROM ledger.card c
		    WHERE c.tenant_id = p_who.tenant AND c.code = p_card;
		WITH p AS (
			UPDATE ledger.purse q SET balance = q.balance + m.move,
			    version = q.version + 1, changed_at =
			    coalesce((p_who).clock, clock_timestamp())
			FROM ledger.credential k, (SELECT c.card_id,
				CASE WHEN p_points > 0 THEN -p_points
				ELSE ledger.points_earned(p_amount, ledger.rule(
				    g.settings, 'earn_rate_bp')::bigint,
				    p_exponent) END AS move,
				ledger.rule(g.settings,
				    'redeem_points')::bigint AS per,
				ledger.rule(g.settings,
				    'redeem_value')::bigint AS value
			    FROM ledger.card c JOIN ledger.programme g
			    ON g.tenant_id = c.tenant_id
			    AND g.programme_id = c.programme_id
			    WHERE c.tenant_id = (p_who).tenant
			    AND c.card_id = v_card AND (p_points = 0 OR NOT
				ledger.rule(g.settings,
				    'earn_on_spend')::boolean)) m
			WHERE k.tenant_id = (p_who).tenant
			AND k.credential_id = (p_who).credential
			AND k.version = (p_who).version
			AND q.tenant_id = (p_who).tenant
			AND q.card_id = v_card AND q.unit = 1001
			AND q.state = 'active' AND (q.expires_at IS NULL
			    OR q.expires_at > coalesce((p_who).clock,
				clock_timestamp()))
			AND q.held = 0 AND CASE WHEN m.move > 0
			    THEN q.balance + m.move <= 1000000000000000
			    ELSE m.move < 0 AND q.balance >= -m.move END
			RETURNING q.card_id, q.version, q.balance,
			    q.changed_at, m.move, m.per, m.value),
		n AS MATERIALIZED (
			SELECT p.*, nextval(format('ledger.purchase_id_%s',
			    (p_who).tenant)::regclass)::integer AS id FROM p),
		x AS (
			INSERT INTO ledger.transfer (tenant_id, card_id, unit,
			    direction, seq, kind, contra, credential_id,
			    amount, balance_after, held_after, created_at,
			    request_id, purchase_id)
			SELECT (p_who).tenant, n.card_id, 1001, sign(n.move),
			    n.version, CASE WHEN n.move < 0
				THEN 'redeem'::ledger.kind
				ELSE 'earn'::ledger.kind END,
			    CASE WHEN n.move < 0 THEN 'sales'::ledger.contra
				ELSE 'reward'::ledger.contra END,
			    (p_who).credential, abs(n.move), n.balance, 0,
			    n.changed_at, (p_who).request, n.id FROM n),
		s AS (
			INSERT INTO ledger.purchase (tenant_id, card_id,
			    purchase_id, unit, currency, credential_id, amount,
			    discount, spent, earned, points_after,
			    worth_after, created_at, request_id, detail)
			SELECT (p_who).tenant, n.card_id, n.id, 1001,
			    p_currency, (p_who).credential, p_amount,
			    p_discount, greatest(-n.move, 0),
			    greatest(n.move, 0), n.balance,
			    ledger.points_worth(n.balance, n.per, n.value),
			    n.changed_at, (p_who).request, p_detail FROM n
			RETURNING spent, earned, worth_after),
		i AS (
			INSERT INTO ledger.idempotency (tenant_id, key,
			    fingerprint, request_id, created_at, refs, detail)
			SELECT (p_who).tenant, p_key, p_print, (p_who).request,
			    n.changed_at, ARRAY[n.card_id, 1001, n.version],
			    jsonb_build_object('card', n.card_id, 'purchase',
				n.id, 'repeated', NULL) FROM n
			ON CONFLICT DO NOTHING RETURNING false AS repeated)
		SELECT 'ok', (p_who).tenant, n.card_id, p_card, n.id, 1001,
		    p_amount, p_discount, p_currency, s.spent, s.earned,
		    n.balance, s.worth_after, p_currency, n.changed_at,
		    p_detail, i.repeated
		    INTO r FROM n CROSS JOIN s LEFT JOIN i ON true;
		IF r.status = 'ok' THEN
			IF r.repeated IS NULL THEN
				RAISE SQLSTATE 'TS001' USING
				    MESSAGE = 'idempotency key used before';
			END IF;
			RETURN NEXT r;
			RETURN;
		END IF;
	END IF;
	IF ledger.enter(p_who) THEN
		r := ledger.purchase(p_who, p_key, p_print, p_currency,
		    p_exponent, p_card, p_amount, p_discount, p_points,
		    p_detail, p_check, p_window);
	ELSE
		r.status := 'credential_stale';
	END IF;
	RETURN NEXT r;
END $$;

-- api.purchase_replay(who, key, fingerprint): the first answer again.
CREATE OR REPLACE FUNCTION api.purchase_replay(p_who api.caller, p_key uuid,
    p_print uuid) RETURNS SETOF ledger.purchase_view
LANGUAGE plpgsql SECURITY DEFINER STABLE AS $$
DECLARE
	k	ledger.idempotency;
	r	ledger.purchase_view;
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
		SELECT * INTO STRICT r FROM ledger.purchase_view v
		    WHERE v.tenant_id = p_who.tenant
		    AND v.card_id = (k.detail ->> 'card')::integer
		    AND v.purchase_id = (k.detail ->> 'purchase')::integer;
		r.repeated := coalesce((k.detail ->> 'repeated')::boolean,
		    false);
	END IF;
	RETURN NEXT r;
END $$;

-- api.purchase_list(who, code, after, limit): newest first; after is the
-- purchase_id of the last one seen.
CREATE OR REPLACE FUNCTION api.purchase_list(p_who api.caller, p_code text,
    p_after integer, p_limit integer) RETURNS SETOF ledger.purchase_view
LANGUAGE plpgsql SECURITY DEFINER STABLE AS $$
DECLARE
	r	ledger.purchase_view;
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
	RETURN QUERY SELECT v.* FROM ledger.purchase_view v
	    WHERE v.tenant_id = p_who.tenant AND v.card_id = v_card
	    AND (p_after IS NULL OR v.purchase_id < p_after)
	    ORDER BY v.purchase_id DESC LIMIT p_limit;
END $$;
