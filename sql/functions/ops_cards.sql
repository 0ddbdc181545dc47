-- Cards in bulk: `tessera cards import` and `export`.

-- What the rows of a file are judged by.
CREATE OR REPLACE FUNCTION ops.cards_programmes(p_tenant integer)
    RETURNS TABLE (status api.status, programme_id integer, code text,
	unit smallint, state text, amount_max bigint)
LANGUAGE sql STABLE
BEGIN ATOMIC
	SELECT 'ok'::api.status, g.programme_id, g.code, g.unit, g.state,
	    g.amount_max
	FROM ledger.programme g WHERE g.tenant_id = p_tenant
	ORDER BY g.programme_id;
END;

-- Which of these codes the tenant has already given out, or set aside.
CREATE OR REPLACE FUNCTION ops.cards_taken(p_tenant integer, p_codes text[])
    RETURNS TABLE (status api.status, code text, reserved boolean)
LANGUAGE sql STABLE
BEGIN ATOMIC
	SELECT 'ok'::api.status, c.code, c.state = 'reserved'
	FROM ledger.card c
	WHERE c.tenant_id = p_tenant AND c.code = ANY (p_codes);
END;

-- ops.cards_import_begin(tenant, import, rows, file): the last line staged
-- so far (0: none), and whether this file is booked already.
CREATE OR REPLACE FUNCTION ops.cards_import_begin(p_tenant integer,
    p_import uuid, p_rows integer, p_file text)
    RETURNS TABLE (status api.status, line integer, done_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	v	text := set_config('tessera.tenant', p_tenant::text, true);
BEGIN
	INSERT INTO ledger.import (tenant_id, import_id, rows, file)
	VALUES (p_tenant, p_import, p_rows, p_file)
	ON CONFLICT DO NOTHING;
	RETURN QUERY SELECT 'ok'::api.status, coalesce((SELECT max(r.line)
	    FROM ledger.import_row r WHERE r.tenant_id = p_tenant
	    AND r.import_id = p_import), 0), i.done_at
	FROM ledger.import i
	WHERE i.tenant_id = p_tenant AND i.import_id = p_import;
END $$;

-- ops.cards_import(tenant, import, request): book what is staged, through the
-- ledger's door, all or nothing, and mark the file done. invalid: not all
-- rows are staged; code_taken: one was given out since the file was checked.
-- A file that is done stays as it is.
CREATE OR REPLACE FUNCTION ops.cards_import(p_tenant integer, p_import uuid,
    p_request uuid) RETURNS TABLE (status api.status, cards integer)
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	v_who	api.caller;
	i	ledger.import;
	k	record;
	v_made	integer;
	v	text := set_config('tessera.tenant', p_tenant::text, true);
BEGIN
	SELECT t.tenant_id, NULL, NULL, t.clock, t.time_zone, p_request
	    INTO v_who FROM ledger.tenant t WHERE t.tenant_id = p_tenant;
	IF NOT ledger.enter(v_who) THEN
		RETURN QUERY SELECT 'forbidden'::api.status, NULL::integer;
		RETURN;
	END IF;
	SELECT * INTO i FROM ledger.import x WHERE x.tenant_id = p_tenant
	    AND x.import_id = p_import FOR UPDATE;
	IF i.done_at IS NOT NULL THEN
		RETURN QUERY SELECT 'ok'::api.status, i.rows;
		RETURN;
	END IF;
	IF i.rows IS DISTINCT FROM (SELECT count(*)::integer
	    FROM ledger.import_row r WHERE r.tenant_id = p_tenant
	    AND r.import_id = p_import) THEN
		RETURN QUERY SELECT 'invalid'::api.status, NULL::integer;
		RETURN;
	END IF;
	IF EXISTS (SELECT FROM ledger.import_row r JOIN ledger.card c
	    ON c.tenant_id = r.tenant_id AND c.code = r.code
	    WHERE r.tenant_id = p_tenant AND r.import_id = p_import) THEN
		RETURN QUERY SELECT 'code_taken'::api.status, NULL::integer;
		RETURN;
	END IF;
	-- In groups: finding the n-th text of an array means passing all
	-- before it.
	FOR k IN SELECT r.programme_id, g.unit, count(*) AS count,
	    array_agg(r.code ORDER BY r.line) AS codes,
	    array_agg(r.balance ORDER BY r.line) AS balances,
	    array_agg(r.expires_on ORDER BY r.line) AS expires,
	    array_agg(r.state ORDER BY r.line) AS states,
	    array_agg(r.reference ORDER BY r.line) AS refs,
	    array_agg(r.note ORDER BY r.line) AS notes
	    FROM ledger.import_row r JOIN ledger.programme g
	    ON g.tenant_id = r.tenant_id AND g.programme_id = r.programme_id
	    WHERE r.tenant_id = p_tenant AND r.import_id = p_import
	    GROUP BY r.line / 500, r.programme_id, g.unit
	    ORDER BY r.line / 500, r.programme_id LOOP
		SELECT count(*) INTO v_made FROM ledger.cards_open(v_who,
		    k.programme_id, k.unit, NULL, k.codes, k.balances,
		    k.expires, k.states, k.refs, k.notes);
		IF v_made <> k.count THEN
			RAISE unique_violation
			    USING MESSAGE = 'a code was given out meanwhile';
		END IF;
	END LOOP;
	UPDATE ledger.import x SET done_at = now()
	    WHERE x.tenant_id = p_tenant AND x.import_id = p_import;
	DELETE FROM ledger.import_row r
	    WHERE r.tenant_id = p_tenant AND r.import_id = p_import;
	RETURN QUERY SELECT 'ok'::api.status, i.rows;
END $$;

-- ops.cards_export(tenant, programme, after, limit): cards in the order they
-- were made, without those deleted. The state is the stored one: that a card
-- has expired follows from its last day.
CREATE OR REPLACE FUNCTION ops.cards_export(p_tenant integer,
    p_programme text, p_after integer, p_limit integer)
    RETURNS TABLE (status api.status, card_id integer, code text,
	programme text, unit smallint, balance bigint, held bigint,
	expires_on date, state text, reference text, note text)
LANGUAGE sql STABLE
BEGIN ATOMIC
	SELECT 'ok'::api.status, c.card_id, c.code, g.code, p.unit,
	    p.balance, p.held, c.expires_on, c.state::text, c.reference,
	    c.note
	FROM ledger.card c
	JOIN ledger.programme g ON g.tenant_id = c.tenant_id
	    AND g.programme_id = c.programme_id
	JOIN ledger.purse p ON p.tenant_id = c.tenant_id
	    AND p.card_id = c.card_id AND p.unit = g.unit
	WHERE c.tenant_id = p_tenant
	    AND c.state NOT IN ('deleted', 'reserved')
	    AND (p_programme IS NULL OR g.code = p_programme)
	    AND c.card_id > p_after
	ORDER BY c.card_id LIMIT p_limit;
END;
