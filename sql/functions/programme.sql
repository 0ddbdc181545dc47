-- Programmes: the rules behind a kind of card.

-- What the functions below answer; columns are only ever added, at the end.
CREATE OR REPLACE VIEW ledger.programme_view AS
SELECT 'ok'::api.status AS status,
	g.tenant_id, g.programme_id, g.code, g.name, g.state, g.kind, g.unit,
	g.prefix, g.alphabet, g.code_length, g.term_months, g.term_days,
	g.amount_max, g.settings::text AS settings, g.created_at, g.number,
	ledger.rule(g.settings, 'earn_rate_bp')::integer AS earn_rate_bp,
	ledger.rule(g.settings, 'no_leading_zero')::boolean AS no_leading_zero,
	ledger.rule(g.settings, 'offered')::boolean AS offered
	FROM ledger.programme g;

-- api.programme_create(who, ...): name_taken when the code is in use.
CREATE OR REPLACE FUNCTION api.programme_create(p_who api.caller,
    p_code text, p_name text, p_kind smallint, p_unit smallint,
    p_prefix text, p_alphabet text, p_code_length smallint,
    p_term_months smallint, p_term_days smallint, p_amount_max bigint,
    p_settings jsonb)
    RETURNS SETOF ledger.programme_view
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	r	ledger.programme_view;
BEGIN
	IF NOT ledger.enter(p_who) THEN
		r.status := 'credential_stale';
		RETURN NEXT r;
		RETURN;
	END IF;
	-- One after the other: each takes the next number.
	PERFORM pg_advisory_xact_lock(hashtextextended('programme',
	    p_who.tenant));
	INSERT INTO ledger.programme (tenant_id, code, name, kind, unit,
	    prefix, alphabet, code_length, term_months, term_days, amount_max,
	    settings, number)
	SELECT p_who.tenant, p_code, p_name, p_kind, p_unit, p_prefix,
	    p_alphabet, p_code_length, p_term_months, p_term_days,
	    p_amount_max, coalesce(jsonb_strip_nulls(p_settings), '{}'),
	    coalesce(max(g.number), 0) + 1
	    FROM ledger.programme g WHERE g.tenant_id = p_who.tenant
	ON CONFLICT DO NOTHING;
	IF NOT FOUND THEN
		r.status := 'name_taken';
		RETURN NEXT r;
		RETURN;
	END IF;
	RETURN QUERY SELECT v.* FROM ledger.programme_view v
	    WHERE v.tenant_id = p_who.tenant AND v.code = p_code;
END $$;

-- api.programme_get(who, code, number): by either; both null: the one that the
-- caller's credential issues from.
CREATE OR REPLACE FUNCTION api.programme_get(p_who api.caller, p_code text,
    p_number integer DEFAULT NULL)
    RETURNS SETOF ledger.programme_view
LANGUAGE plpgsql SECURITY DEFINER STABLE AS $$
DECLARE
	r	ledger.programme_view;
BEGIN
	IF NOT ledger.enter(p_who) THEN
		r.status := 'credential_stale';
		RETURN NEXT r;
		RETURN;
	END IF;
	RETURN QUERY SELECT v.* FROM ledger.programme_view v
	    WHERE v.tenant_id = p_who.tenant AND CASE
	    WHEN p_code IS NOT NULL THEN v.code = p_code
	    WHEN p_number IS NOT NULL THEN v.number = p_number
	    ELSE v.programme_id = (SELECT c.programme_id
		FROM ledger.credential c WHERE c.tenant_id = p_who.tenant
		AND c.credential_id = p_who.credential) END;
	IF NOT FOUND THEN
		r.status := 'programme_not_found';
		RETURN NEXT r;
	END IF;
END $$;

-- api.programme_list(who, after, limit): in the order they were made, after
-- the one with that code.
CREATE OR REPLACE FUNCTION api.programme_list(p_who api.caller,
    p_after text, p_limit integer)
    RETURNS SETOF ledger.programme_view
LANGUAGE plpgsql SECURITY DEFINER STABLE AS $$
DECLARE
	r	ledger.programme_view;
BEGIN
	IF NOT ledger.enter(p_who) THEN
		r.status := 'credential_stale';
	ELSIF p_after IS NOT NULL AND NOT EXISTS (SELECT
	    FROM ledger.programme g
	    WHERE g.tenant_id = p_who.tenant AND g.code = p_after) THEN
		r.status := 'invalid';
	END IF;
	IF r.status IS NOT NULL THEN
		RETURN NEXT r;
		RETURN;
	END IF;
	RETURN QUERY SELECT v.* FROM ledger.programme_view v
	    WHERE v.tenant_id = p_who.tenant
	    AND (p_after IS NULL OR v.programme_id > (SELECT g.programme_id
		FROM ledger.programme g WHERE g.tenant_id = p_who.tenant
		AND g.code = p_after))
	    ORDER BY v.programme_id LIMIT p_limit;
END $$;

-- api.programme_update(who, code, values): null leaves as it is. Cards issued
-- before keep their code and last day. A term in months takes away one in
-- days, and the other way round; invalid when both are given.
CREATE OR REPLACE FUNCTION api.programme_update(p_who api.caller,
    p_code text, p_name text, p_state text, p_prefix text, p_alphabet text,
    p_code_length smallint, p_term_months smallint, p_term_days smallint,
    p_amount_max bigint, p_settings jsonb)
    RETURNS SETOF ledger.programme_view
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	r	ledger.programme_view;
BEGIN
	IF NOT ledger.enter(p_who) THEN
		r.status := 'credential_stale';
	ELSIF p_term_months > 0 AND p_term_days > 0 THEN
		r.status := 'invalid';
	END IF;
	IF r.status IS NOT NULL THEN
		RETURN NEXT r;
		RETURN;
	END IF;
	UPDATE ledger.programme g SET
	    name = coalesce(p_name, g.name),
	    state = coalesce(p_state, g.state),
	    prefix = coalesce(p_prefix, g.prefix),
	    alphabet = coalesce(p_alphabet, g.alphabet),
	    code_length = coalesce(p_code_length, g.code_length),
	    term_months = CASE WHEN p_term_days > 0 THEN 0
		ELSE coalesce(p_term_months, g.term_months) END,
	    term_days = CASE WHEN p_term_months > 0 THEN 0
		ELSE coalesce(p_term_days, g.term_days) END,
	    amount_max = coalesce(p_amount_max, g.amount_max),
	    settings = jsonb_strip_nulls(g.settings
		|| coalesce(p_settings, '{}'))
	    WHERE g.tenant_id = p_who.tenant AND g.code = p_code;
	IF NOT FOUND THEN
		r.status := 'programme_not_found';
		RETURN NEXT r;
		RETURN;
	END IF;
	RETURN QUERY SELECT v.* FROM ledger.programme_view v
	    WHERE v.tenant_id = p_who.tenant AND v.code = p_code;
END $$;
