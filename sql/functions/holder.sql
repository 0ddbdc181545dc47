-- Holders: a customer and the card that was made for them, as one thing.

-- The code of an active card of points whose holder has this phone; null when
-- there is none. A number that we shortened to 07... may also stand there as
-- somebody wrote it with its country's prefix.
CREATE OR REPLACE FUNCTION ledger.phone_card(p_tenant integer, p_phone text)
    RETURNS text
LANGUAGE sql STABLE
BEGIN ATOMIC
	SELECT c.code FROM ledger.customer u
	    JOIN ledger.card c ON c.tenant_id = u.tenant_id
	    AND c.customer_id = u.customer_id
	    JOIN ledger.purse q ON q.tenant_id = c.tenant_id
	    AND q.card_id = c.card_id
	    WHERE u.tenant_id = p_tenant
	    AND u.phone IN (p_phone, '+4' || p_phone, '004' || p_phone)
	    AND c.state = 'active' AND q.unit = 1001
	    AND (q.expires_at IS NULL OR q.expires_at > ledger.now())
	    ORDER BY c.card_id LIMIT 1;
END;

-- Until the end of the transaction nobody else gives this phone to a card.
CREATE OR REPLACE FUNCTION ledger.phone_lock(p_tenant integer, p_phone text)
    RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM pg_advisory_xact_lock(hashtextextended('phone ' || p_phone,
	    p_tenant));
END $$;

-- api.holder_enrol(who, key, fingerprint, candidates, programme's code,
-- store's number, channel, mail domain, names, values): a customer (of
-- ledger.customer_open) and the first candidate code that is free, in one
-- transaction, with the welcome points of the programme and a message about
-- the number when channel is sms or email. Without an e-mail one is made of
-- the code and the domain.
-- phone_taken: `code` is the card that has the phone. SQLSTATE TS001 when the
-- key was used before: ask api.holder_enrol_replay.
CREATE OR REPLACE FUNCTION api.holder_enrol(p_who api.caller, p_key uuid,
    p_print uuid, p_codes text[], p_programme text, p_store integer,
    p_channel text, p_domain text, p_names text[], p_values text[])
    RETURNS TABLE (status api.status, code text, customer uuid, phone text,
	email text, queued boolean)
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	k	record;
	v_card	integer;
	v_customer integer;
	v_now	timestamptz;
	v_points bigint;
	v_made_up boolean;
	v	api.transfer_out[];
	t	api.transfer_in;
BEGIN
	IF NOT ledger.enter(p_who) THEN
		status := 'credential_stale';
	ELSIF NOT pg_try_advisory_xact_lock(
	    uuid_hash_extended(p_key, p_who.tenant)) THEN
		status := 'request_in_progress';
	END IF;
	IF status IS NOT NULL THEN
		RETURN NEXT;
		RETURN;
	END IF;
	v_now := ledger.now();
	phone := p_values[array_position(p_names, 'phone')];
	email := p_values[array_position(p_names, 'email')];
	v_made_up := email IS NULL;
	queued := false;
	k := ledger.issue_check(p_who, p_programme, 0, NULL, NULL, NULL, NULL,
	    NULL, NULL);
	status := k.status;
	IF status = 'ok' AND p_store IS NOT NULL AND NOT EXISTS (SELECT
	    FROM ledger.store s WHERE s.tenant_id = p_who.tenant
	    AND s.store_id = p_store AND s.state = 'active') THEN
		status := 'store_not_found';
	END IF;
	IF status = 'ok' AND phone IS NOT NULL THEN
		PERFORM ledger.phone_lock(p_who.tenant, phone);
		code := ledger.phone_card(p_who.tenant, phone);
		IF code IS NOT NULL THEN
			status := 'phone_taken';
		END IF;
	END IF;
	IF status = 'ok' THEN
		v_customer := ledger.customer_open(p_who, p_names, p_values);
		IF v_customer IS NULL THEN
			status := 'name_taken';
		END IF;
	END IF;
	IF status = 'ok' THEN
		FOREACH code IN ARRAY p_codes LOOP
			SELECT m.card_id INTO v_card FROM ledger.cards_open(
			    p_who, k.programme_id, k.unit, v_customer,
			    ARRAY[holder_enrol.code], ARRAY[0::bigint],
			    ARRAY[k.expires_on],
			    ARRAY['active']::ledger.card_state[],
			    ARRAY[NULL::text], ARRAY[NULL::text], p_store) m;
			EXIT WHEN v_card IS NOT NULL;
		END LOOP;
		IF v_card IS NULL THEN
			-- The customer goes too; nobody draws thrice in vain.
			RAISE SQLSTATE 'TS003' USING MESSAGE = 'codes in use';
		END IF;
		SELECT ledger.rule(g.settings, 'welcome_points')::bigint
		    * ledger.point_scale(g.unit)
		    INTO v_points FROM ledger.programme g
		    WHERE g.tenant_id = p_who.tenant
		    AND g.programme_id = k.programme_id;
		IF v_points > 0 THEN
			t.action := 'credit';
			t.kind := 'earn';
			t.card := code;
			t.unit := k.unit;
			t.amount := v_points;
			v := ledger.post(p_who, ARRAY[t]);
			IF v[1].outcome <> 'ok' THEN
				RAISE EXCEPTION 'welcome points: %',
				    v[1].outcome;
			END IF;
		END IF;
		IF v_made_up THEN
			email := lower(code) || '@' || p_domain;
			UPDATE ledger.customer u SET
			    email = holder_enrol.email, email_generated = true
			    WHERE u.tenant_id = p_who.tenant
			    AND u.customer_id = v_customer;
		END IF;
		queued := p_channel IS NOT NULL;
		IF queued THEN
			INSERT INTO ledger.message (tenant_id, card_id,
			    customer_id, channel, recipient, created_at,
			    due_at)
			VALUES (p_who.tenant, v_card, v_customer, p_channel,
			    CASE p_channel WHEN 'sms' THEN phone
				ELSE email END, v_now, now());
		END IF;
		SELECT u.public_id INTO customer FROM ledger.customer u
		    WHERE u.tenant_id = p_who.tenant
		    AND u.customer_id = v_customer;
	END IF;
	PERFORM ledger.key_keep(p_who, p_key, p_print, ARRAY[status],
	    p_cards => CASE WHEN v_card IS NOT NULL THEN ARRAY[v_card] END,
	    p_detail => jsonb_build_object('code', code, 'customer', customer,
		'phone', phone, 'email', email, 'queued', queued));
	RETURN NEXT;
END $$;

-- api.holder_enrol_replay(who, key, fingerprint): the first answer again.
CREATE OR REPLACE FUNCTION api.holder_enrol_replay(p_who api.caller,
    p_key uuid, p_print uuid)
    RETURNS TABLE (status api.status, code text, customer uuid, phone text,
	email text, queued boolean)
LANGUAGE plpgsql SECURITY DEFINER STABLE AS $$
DECLARE
	k	ledger.idempotency;
BEGIN
	IF NOT ledger.enter(p_who) THEN
		status := 'credential_stale';
		RETURN NEXT;
		RETURN;
	END IF;
	SELECT * INTO k FROM ledger.idempotency x
	    WHERE x.tenant_id = p_who.tenant AND x.key = p_key;
	IF NOT FOUND THEN
		RETURN;
	END IF;
	IF k.fingerprint <> p_print THEN
		status := 'idempotency_key_reused';
		RETURN NEXT;
		RETURN;
	END IF;
	status := coalesce(k.outcomes[1], 'ok');
	code := k.detail ->> 'code';
	customer := k.detail ->> 'customer';
	phone := k.detail ->> 'phone';
	email := k.detail ->> 'email';
	queued := k.detail ->> 'queued';
	RETURN NEXT;
END $$;

-- api.holder_update(who, code, names, values): changes those named alone, of
-- the card's customer. A card of nobody gets one.
CREATE OR REPLACE FUNCTION api.holder_update(p_who api.caller, p_code text,
    p_names text[], p_values text[]) RETURNS SETOF ledger.customer_view
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	r	ledger.customer_view;
	c	ledger.card;
	v_phone	text := p_values[array_position(p_names, 'phone')];
	v_other	text;
BEGIN
	IF NOT ledger.enter(p_who) THEN
		r.status := 'credential_stale';
		RETURN NEXT r;
		RETURN;
	END IF;
	IF v_phone IS NOT NULL THEN
		PERFORM ledger.phone_lock(p_who.tenant, v_phone);
	END IF;
	SELECT * INTO c FROM ledger.card x
	    WHERE x.tenant_id = p_who.tenant AND x.code = p_code
	    FOR UPDATE;
	r.status := CASE
	    WHEN c.card_id IS NULL OR c.state IN ('deleted', 'reserved')
		THEN 'card_not_found'
	    WHEN c.state = 'suspended' THEN 'card_suspended'
	    WHEN c.expires_on < ledger.today() THEN 'card_expired' END;
	IF r.status IS NULL AND v_phone IS NOT NULL THEN
		v_other := ledger.phone_card(p_who.tenant, v_phone);
		IF v_other <> p_code AND NOT EXISTS (SELECT
		    FROM ledger.card x WHERE x.tenant_id = p_who.tenant
		    AND x.code = v_other AND x.customer_id = c.customer_id) THEN
			r.status := 'phone_taken';
		END IF;
	END IF;
	IF r.status IS NULL AND c.customer_id IS NULL THEN
		c.customer_id := ledger.customer_open(p_who, p_names,
		    p_values);
		IF c.customer_id IS NULL THEN
			r.status := 'name_taken';
		END IF;
		UPDATE ledger.card x SET customer_id = c.customer_id
		    WHERE x.tenant_id = p_who.tenant
		    AND x.card_id = c.card_id;
	ELSIF r.status IS NULL AND NOT ledger.customer_change(p_who.tenant,
	    c.customer_id, p_names, p_values) THEN
		r.status := 'name_taken';
	END IF;
	IF r.status IS NOT NULL THEN
		RETURN NEXT r;
		RETURN;
	END IF;
	RETURN QUERY SELECT v.* FROM ledger.customer_view v
	    WHERE v.tenant_id = p_who.tenant
	    AND v.customer_id = c.customer_id;
END $$;
