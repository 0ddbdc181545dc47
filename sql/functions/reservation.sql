-- Numbers set aside, and cards made under them.

-- api.card_reserve(who, key, fingerprint, codes, count, programme, seconds,
-- agency, batch): set `count` numbers aside, the first codes that are free;
-- seconds null: they do not lapse. Nobody else's generator draws them, nor are
-- they ever drawn again. One row a number; answered again by
-- api.card_batch_replay. SQLSTATE TS003 when the codes did not suffice, TS001
-- when the key was used before.
CREATE OR REPLACE FUNCTION api.card_reserve(p_who api.caller, p_key uuid,
    p_print uuid, p_codes text[], p_count integer, p_programme text,
    p_lapse integer, p_agency text, p_batch text)
    RETURNS TABLE (status api.status, code text)
LANGUAGE plpgsql SECURITY DEFINER AS $$
#variable_conflict use_column
DECLARE
	k	record;
	v_now	timestamptz;
	v_ids	integer[] := '{}';
	v_id	integer;
	v_code	text;
	v_seq	regclass;
BEGIN
	IF NOT ledger.enter(p_who) THEN
		RETURN QUERY SELECT 'credential_stale'::api.status, NULL::text;
		RETURN;
	END IF;
	IF NOT pg_try_advisory_xact_lock(
	    uuid_hash_extended(p_key, p_who.tenant)) THEN
		RETURN QUERY SELECT 'request_in_progress'::api.status,
		    NULL::text;
		RETURN;
	END IF;
	v_now := ledger.now();
	v_seq := format('ledger.card_id_%s', p_who.tenant);
	k := ledger.issue_check(p_who, p_programme, 0, NULL, NULL, NULL, NULL,
	    NULL, NULL);
	IF k.status = 'ok' THEN
		FOREACH v_code IN ARRAY p_codes LOOP
			INSERT INTO ledger.card (tenant_id, card_id,
			    programme_id, issued_by, state, created_at, code)
			VALUES (p_who.tenant, nextval(v_seq), k.programme_id,
			    p_who.credential, 'reserved', v_now, v_code)
			ON CONFLICT (tenant_id, code) DO NOTHING
			RETURNING card_id INTO v_id;
			IF FOUND THEN
				v_ids := v_ids || v_id;
			END IF;
			EXIT WHEN cardinality(v_ids) = p_count;
		END LOOP;
		IF cardinality(v_ids) < p_count THEN
			RAISE SQLSTATE 'TS003'
			    USING MESSAGE = 'not enough codes';
		END IF;
		INSERT INTO ledger.reservation (tenant_id, card_id,
		    credential_id, expires_at, created_at, agency, batch)
		SELECT p_who.tenant, i, p_who.credential,
		    v_now + make_interval(secs => p_lapse), v_now, p_agency,
		    coalesce(p_batch, to_char(v_now AT TIME ZONE 'UTC',
			'YYYY-MM-DD HH24:MI:SS'))
		    FROM unnest(v_ids) i;
	END IF;
	PERFORM ledger.key_keep(p_who, p_key, p_print, ARRAY[k.status],
	    p_cards => v_ids);
	IF k.status <> 'ok' THEN
		RETURN QUERY SELECT k.status, NULL::text;
	ELSE
		RETURN QUERY SELECT 'ok'::api.status, c.code
		    FROM unnest(v_ids) WITH ORDINALITY AS u (id, i)
		    JOIN ledger.card c ON c.tenant_id = p_who.tenant
		    AND c.card_id = u.id ORDER BY u.i;
	END IF;
END $$;

-- api.reservation_list(who, agency, batch, after, limit): the numbers that are
-- set aside and no cards yet, newest first, also those whose time is over
-- (lapsed); after is the card_id of the last one seen.
CREATE OR REPLACE FUNCTION api.reservation_list(p_who api.caller,
    p_agency text, p_batch text, p_after integer, p_limit integer)
    RETURNS TABLE (status api.status, card_id integer, code text,
	programme text, agency text, batch text, expires_at timestamptz,
	lapsed boolean, created_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER STABLE AS $$
#variable_conflict use_column
BEGIN
	IF NOT ledger.enter(p_who) THEN
		status := 'credential_stale';
		RETURN NEXT;
		RETURN;
	END IF;
	RETURN QUERY SELECT 'ok'::api.status, r.card_id, c.code, g.code,
	    r.agency, r.batch, r.expires_at,
	    coalesce(r.expires_at <= ledger.now(), false), r.created_at
	    FROM ledger.reservation r
	    JOIN ledger.card c ON c.tenant_id = r.tenant_id
	    AND c.card_id = r.card_id AND c.state = 'reserved'
	    JOIN ledger.programme g ON g.tenant_id = c.tenant_id
	    AND g.programme_id = c.programme_id
	    WHERE r.tenant_id = p_who.tenant
	    AND (p_agency IS NULL OR r.agency = p_agency)
	    AND (p_batch IS NULL OR r.batch = p_batch)
	    AND (p_after IS NULL OR r.card_id < p_after)
	    ORDER BY r.card_id DESC LIMIT p_limit;
END $$;

-- Make a card of a number set aside: the other way than ledger.cards_open() to
-- open a purse. False when the number is not reserved (any more).
CREATE OR REPLACE FUNCTION ledger.card_claim(p_who api.caller, p_code text,
    p_programme integer, p_unit smallint, p_customer integer,
    p_amount bigint, p_expires_on date, p_reference text) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
	t	api.transfer_in;
	v_id	integer;
BEGIN
	UPDATE ledger.card c SET state = 'active', programme_id = p_programme,
	    customer_id = p_customer, issued_by = p_who.credential,
	    expires_on = p_expires_on, created_at = ledger.now(),
	    reference = p_reference
	    WHERE c.tenant_id = p_who.tenant AND c.code = p_code
	    AND c.state = 'reserved'
	    RETURNING c.card_id INTO v_id;
	IF NOT FOUND THEN
		RETURN false;
	END IF;
	t.action := 'open';
	t.card_id := v_id;
	t.unit := p_unit;
	t.amount := p_amount;
	t.reference := p_reference;
	PERFORM ledger.post(p_who, ARRAY[t]);
	RETURN true;
END $$;

-- api.card_sell(who, key, fingerprint, codes, own, programme, amount, customer's
-- number, reference, reserved): issue a card, under a number of the
-- caller's (own: the only code) or the first that is free. A number set aside
-- is used up, in the same transaction; `reserved` demands one that has not
-- lapsed. A number that is a card already is code_taken, unless that was made
-- with the same figures for the same sale: then it is that card, as it was
-- made. customer_not_found. Answered again by api.card_issue_replay.
CREATE OR REPLACE FUNCTION api.card_sell(p_who api.caller, p_key uuid,
    p_print uuid, p_codes text[], p_own boolean, p_programme text,
    p_amount bigint, p_customer text, p_reference text, p_reserved boolean)
    RETURNS SETOF ledger.card_view
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	r	ledger.card_view;
	k	record;
	c	ledger.card;
	v_customer integer;
	v_id	integer;
	v_again	boolean := false;
	v_code	text;
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
	k := ledger.issue_check(p_who, p_programme, p_amount, NULL, NULL, NULL,
	    NULL, NULL, NULL);
	r.status := k.status;
	IF r.status = 'ok' AND p_customer IS NOT NULL THEN
		v_customer := ledger.customer_by_number(p_who.tenant,
		    p_customer);
		IF v_customer IS NULL THEN
			r.status := 'customer_not_found';
		END IF;
	END IF;
	FOREACH v_code IN ARRAY p_codes LOOP
		EXIT WHEN r.status <> 'ok' OR v_id IS NOT NULL;
		IF NOT (p_own AND p_reserved) THEN
			SELECT m.card_id INTO v_id FROM ledger.cards_open(
			    p_who, k.programme_id, k.unit, v_customer,
			    ARRAY[v_code], ARRAY[p_amount],
			    ARRAY[k.expires_on],
			    ARRAY['active']::ledger.card_state[],
			    ARRAY[p_reference], ARRAY[NULL::text]) m;
		END IF;
		CONTINUE WHEN v_id IS NOT NULL OR NOT p_own;
		-- Somebody's, or set aside; or nobody's, where that will not do.
		SELECT * INTO c FROM ledger.card x
		    WHERE x.tenant_id = p_who.tenant AND x.code = v_code
		    FOR UPDATE;
		IF c.state = 'reserved' AND NOT (p_reserved AND EXISTS (SELECT
		    FROM ledger.reservation x WHERE x.tenant_id = p_who.tenant
		    AND x.card_id = c.card_id AND x.expires_at <= ledger.now()))
		    AND ledger.card_claim(p_who, v_code, k.programme_id,
			k.unit, v_customer, p_amount, k.expires_on,
			p_reference) THEN
			v_id := c.card_id;
		ELSIF c.programme_id = k.programme_id
		    AND c.customer_id IS NOT DISTINCT FROM v_customer
		    AND c.reference IS NOT DISTINCT FROM p_reference
		    AND EXISTS (SELECT FROM ledger.purse q
			WHERE q.tenant_id = p_who.tenant
			AND q.card_id = c.card_id AND q.unit = k.unit
			AND q.opened = p_amount) THEN
			v_id := c.card_id;
			v_again := true;
		END IF;
	END LOOP;
	IF r.status = 'ok' AND v_id IS NULL THEN
		r.status := 'code_taken';
	END IF;
	PERFORM ledger.key_keep(p_who, p_key, p_print, ARRAY[r.status],
	    p_cards => CASE WHEN v_id IS NOT NULL THEN ARRAY[v_id] END,
	    p_detail => CASE WHEN v_id IS NOT NULL THEN jsonb_build_object(
		'expires_on', CASE WHEN v_again THEN c.expires_on
		    ELSE k.expires_on END,
		'customer', (SELECT u.public_id FROM ledger.customer u
		    WHERE u.tenant_id = p_who.tenant
		    AND u.customer_id = v_customer), 'unit', k.unit) END);
	IF r.status <> 'ok' THEN
		RETURN NEXT r;
		RETURN;
	END IF;
	-- As it was made, also when it is an earlier one.
	RETURN QUERY SELECT * FROM api.card_issue_replay(p_who, p_key,
	    p_print);
END $$;
