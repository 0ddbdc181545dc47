-- Issuing: cards, their purses and their first transfers, in one transaction.

-- ledger.cards_open(who, programme, unit, customer, store, cards): insert them
-- and open their purses through the door. A code that is taken, or was drawn
-- twice, is skipped; answers the cards made, in the order given. Each entry of p_cards may carry
-- its own amount, last day, state, reference and note.
CREATE OR REPLACE FUNCTION ledger.cards_open(p_who api.caller,
    p_programme integer, p_unit smallint, p_customer integer,
    p_codes text[], p_amounts bigint[], p_expires date[],
    p_states ledger.card_state[], p_references text[], p_notes text[],
    p_store integer DEFAULT NULL)
    RETURNS TABLE (card_id integer, code text)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
	v_now	timestamptz := ledger.now();
	v_ids	integer[];
	v_codes	text[];
	v_seq	regclass := format('ledger.card_id_%s', p_who.tenant);
BEGIN
	-- One value for all may be given as an array of one.
	WITH made AS (
		INSERT INTO ledger.card (tenant_id, card_id, programme_id,
		    customer_id, store_id, issued_by, expires_on, state,
		    created_at, code, reference, note)
		SELECT p_who.tenant, nextval(v_seq), p_programme, p_customer,
		    p_store, p_who.credential,
		    p_expires[least(i, cardinality(p_expires))],
		    p_states[least(i, cardinality(p_states))], v_now, c,
		    p_references[least(i, cardinality(p_references))],
		    p_notes[least(i, cardinality(p_notes))]
		    FROM unnest(p_codes) WITH ORDINALITY AS u (c, i)
		ON CONFLICT (tenant_id, code) DO NOTHING
		RETURNING card.card_id, card.code)
	SELECT array_agg(m.card_id ORDER BY m.card_id),
	    array_agg(m.code ORDER BY m.card_id) INTO v_ids, v_codes
	    FROM made m;
	IF v_ids IS NULL THEN
		RETURN;
	END IF;
	-- A large part of all cards is new: plans made for the few that there
	-- were (post_open's own among them) would read them all for each.
	IF cardinality(v_ids) >= 1000 AND (SELECT c.reltuples
	    FROM pg_class c WHERE c.oid = 'ledger.card'::regclass)
	    < 10 * cardinality(v_ids) THEN
		ANALYZE ledger.card;
	END IF;
	PERFORM ledger.post(p_who, (SELECT array_agg(ROW('open', NULL, m.id,
	    p_unit, NULL, NULL, a.amount, NULL, NULL, NULL, NULL, NULL,
	    a.reference, NULL)::api.transfer_in)
	    FROM unnest(v_ids, v_codes) AS m (id, code)
	    JOIN (SELECT DISTINCT ON (u.c) u.c,
		p_amounts[least(u.i, cardinality(p_amounts))] AS amount,
		p_references[least(u.i, cardinality(p_references))] AS reference
		FROM unnest(p_codes) WITH ORDINALITY AS u (c, i)
		ORDER BY u.c, u.i) a
	    ON a.c = m.code));
	RETURN QUERY SELECT * FROM unnest(v_ids, v_codes);
END $$;

-- What all issues check first: programme, unit, amount, last day, customer,
-- store (by its code).
-- The programme is the one named, else the credential's own.
CREATE OR REPLACE FUNCTION ledger.issue_check(p_who api.caller,
    p_programme text, p_amount bigint, p_unit smallint, p_expires_on date,
    p_months integer, p_days integer, p_customer uuid, p_store text,
    OUT status api.status, OUT programme_id integer, OUT unit smallint,
    OUT expires_on date, OUT customer_id integer, OUT store_id integer)
LANGUAGE plpgsql STABLE AS $$
DECLARE
	g	ledger.programme;
BEGIN
	IF p_programme IS NOT NULL THEN
		SELECT * INTO g FROM ledger.programme x
		    WHERE x.tenant_id = p_who.tenant AND x.code = p_programme;
	ELSE
		SELECT x.* INTO g FROM ledger.programme x
		    JOIN ledger.credential c ON c.tenant_id = x.tenant_id
		    AND c.programme_id = x.programme_id
		    WHERE x.tenant_id = p_who.tenant
		    AND c.credential_id = p_who.credential;
	END IF;
	programme_id := g.programme_id;
	unit := g.unit;
	status := CASE
	    WHEN g.programme_id IS NULL THEN 'programme_not_found'
	    WHEN g.state <> 'active' THEN 'programme_closed'
	    WHEN p_unit <> g.unit THEN 'unit_mismatch'
	    WHEN p_amount > g.amount_max THEN 'amount_limit'
	    ELSE 'ok' END;
	IF status <> 'ok' THEN
		RETURN;
	END IF;
	-- Adding months keeps the day, or takes the month's last one.
	expires_on := CASE
	    WHEN p_expires_on IS NOT NULL THEN p_expires_on
	    WHEN p_months > 0 THEN ledger.today() + make_interval(months => p_months)
	    WHEN p_days > 0 THEN ledger.today() + p_days
	    WHEN g.term_months > 0 THEN
		ledger.today() + make_interval(months => g.term_months)
	    WHEN g.term_days > 0 THEN ledger.today() + g.term_days
	    END;
	IF expires_on < ledger.today() THEN
		status := 'expiry_in_past';
		RETURN;
	END IF;
	IF p_customer IS NOT NULL THEN
		SELECT u.customer_id INTO customer_id FROM ledger.customer u
		    WHERE u.tenant_id = p_who.tenant
		    AND u.public_id = p_customer;
		IF NOT FOUND THEN
			status := 'customer_not_found';
			RETURN;
		END IF;
	END IF;
	IF p_store IS NOT NULL THEN
		SELECT s.store_id INTO store_id FROM ledger.store s
		    WHERE s.tenant_id = p_who.tenant AND s.code = p_store
		    AND s.state = 'active';
		IF NOT FOUND THEN
			status := 'store_not_found';
		END IF;
	END IF;
END $$;

-- api.card_issue(who, key, fingerprint, candidates, ...): one card. The first
-- candidate code that is free is taken (a code of one's own is the only
-- candidate); code_taken when none is. p_amount 0 issues an empty card.
-- SQLSTATE TS001 when the key was used before: ask api.card_issue_replay.
CREATE OR REPLACE FUNCTION api.card_issue(p_who api.caller, p_key uuid,
    p_print uuid, p_codes text[], p_programme text, p_amount bigint,
    p_unit smallint, p_expires_on date, p_months integer, p_days integer,
    p_customer uuid, p_reference text, p_note text,
    p_store text DEFAULT NULL) RETURNS SETOF ledger.card_view
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	r	ledger.card_view;
	k	record;
	v_id	integer;
	v_code	text;
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
	k := ledger.issue_check(p_who, p_programme, p_amount, p_unit,
	    p_expires_on, p_months, p_days, p_customer, p_store);
	r.status := k.status;
	IF r.status = 'ok' THEN
		FOREACH v_code IN ARRAY p_codes LOOP
			SELECT m.card_id INTO v_id FROM ledger.cards_open(
			    p_who, k.programme_id, k.unit, k.customer_id,
			    ARRAY[v_code], ARRAY[p_amount],
			    ARRAY[k.expires_on],
			    ARRAY['active']::ledger.card_state[],
			    ARRAY[p_reference], ARRAY[p_note], k.store_id) m;
			EXIT WHEN v_id IS NOT NULL;
		END LOOP;
		IF v_id IS NULL THEN
			r.status := 'code_taken';
		END IF;
	END IF;
	PERFORM ledger.key_keep(p_who, p_key, p_print, ARRAY[r.status],
	    p_cards => CASE WHEN v_id IS NOT NULL THEN ARRAY[v_id] END,
	    p_detail => CASE WHEN v_id IS NOT NULL THEN jsonb_build_object(
		'expires_on', k.expires_on, 'customer', p_customer,
		'note', p_note, 'unit', k.unit) END);
	IF r.status <> 'ok' THEN
		RETURN NEXT r;
		RETURN;
	END IF;
	RETURN QUERY SELECT v.*
	    FROM ledger.card_view v
	    WHERE v.tenant_id = p_who.tenant AND v.card_id = v_id;
END $$;

-- api.card_issue_replay(who, key, fingerprint): the first answer again: the
-- card as it was when issued, whatever became of it since.
CREATE OR REPLACE FUNCTION api.card_issue_replay(p_who api.caller,
    p_key uuid, p_print uuid) RETURNS SETOF ledger.card_view
LANGUAGE plpgsql SECURITY DEFINER STABLE AS $$
DECLARE
	k	ledger.idempotency;
	r	ledger.card_view;
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
	IF k.fingerprint <> p_print OR k.outcomes IS NOT NULL THEN
		r.status := CASE WHEN k.fingerprint <> p_print
		    THEN 'idempotency_key_reused' ELSE k.outcomes[1] END;
		RETURN NEXT r;
		RETURN;
	END IF;
	-- What may have changed since, as it was then.
	SELECT v.* INTO r FROM ledger.card_view v
	    WHERE v.tenant_id = p_who.tenant AND v.card_id = k.cards[1]
	    AND v.unit = (k.detail ->> 'unit')::smallint;
	r.state := 'active';
	r.stored_state := 'active';
	r.expires_on := k.detail ->> 'expires_on';
	r.changed_on := NULL;
	r.customer := k.detail ->> 'customer';
	r.note := k.detail ->> 'note';
	r.balance := r.opened;
	r.held := 0;
	r.available := r.opened;
	r.version := (r.opened > 0)::integer;
	RETURN NEXT r;
END $$;

-- api.card_batch(who, key, fingerprint, codes, count, ...): `count` cards
-- alike, with the first codes that are free; codes brings spare ones. One row
-- a card. SQLSTATE TS003 when the spares did not suffice (nothing is booked:
-- draw new ones); TS001 as above.
CREATE OR REPLACE FUNCTION api.card_batch(p_who api.caller, p_key uuid,
    p_print uuid, p_codes text[], p_count integer, p_programme text,
    p_amount bigint, p_unit smallint, p_expires_on date, p_customer uuid,
    p_reference text, p_note text, p_store text DEFAULT NULL)
    RETURNS TABLE (status api.status, code text)
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	k	record;
	v_ids	integer[] := '{}';
	v_codes	text[] := '{}';
	v_new	integer[];
	v_newc	text[];
	v_used	integer := 0;
	v_want	integer;
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
	k := ledger.issue_check(p_who, p_programme, p_amount, p_unit,
	    p_expires_on, NULL, NULL, p_customer, p_store);
	WHILE k.status = 'ok' AND cardinality(v_ids) < p_count LOOP
		v_want := p_count - cardinality(v_ids);
		IF v_used + v_want > cardinality(p_codes) THEN
			RAISE SQLSTATE 'TS003'
			    USING MESSAGE = 'not enough codes';
		END IF;
		SELECT array_agg(m.card_id), array_agg(m.code)
		    INTO v_new, v_newc FROM ledger.cards_open(p_who,
		    k.programme_id, k.unit, k.customer_id,
		    p_codes[v_used + 1 : v_used + v_want], ARRAY[p_amount],
		    ARRAY[k.expires_on], ARRAY['active']::ledger.card_state[],
		    ARRAY[p_reference], ARRAY[p_note], k.store_id) m;
		v_used := v_used + v_want;
		v_ids := v_ids || v_new;
		v_codes := v_codes || v_newc;
	END LOOP;
	PERFORM ledger.key_keep(p_who, p_key, p_print, ARRAY[k.status],
	    p_cards => v_ids);
	IF k.status <> 'ok' THEN
		RETURN QUERY SELECT k.status, NULL::text;
	ELSE
		RETURN QUERY SELECT 'ok'::api.status, u FROM unnest(v_codes) u;
	END IF;
END $$;

-- api.card_batch_replay(who, key, fingerprint): the codes again.
CREATE OR REPLACE FUNCTION api.card_batch_replay(p_who api.caller,
    p_key uuid, p_print uuid) RETURNS TABLE (status api.status, code text)
LANGUAGE plpgsql SECURITY DEFINER STABLE AS $$
DECLARE
	k	ledger.idempotency;
BEGIN
	IF NOT ledger.enter(p_who) THEN
		RETURN QUERY SELECT 'credential_stale'::api.status, NULL::text;
		RETURN;
	END IF;
	SELECT * INTO k FROM ledger.idempotency x
	    WHERE x.tenant_id = p_who.tenant AND x.key = p_key;
	IF NOT FOUND THEN
		RETURN;
	END IF;
	IF k.fingerprint <> p_print OR k.outcomes IS NOT NULL THEN
		RETURN QUERY SELECT CASE WHEN k.fingerprint <> p_print
		    THEN 'idempotency_key_reused' ELSE k.outcomes[1] END,
		    NULL::text;
		RETURN;
	END IF;
	RETURN QUERY SELECT 'ok'::api.status, c.code
	    FROM unnest(k.cards) WITH ORDINALITY AS u (id, i)
	    JOIN ledger.card c ON c.tenant_id = p_who.tenant
	    AND c.card_id = u.id ORDER BY u.i;
END $$;
