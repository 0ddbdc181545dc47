-- Stores: a tenant's locations.

-- What the functions below answer; columns are only ever added, at the end.
CREATE OR REPLACE VIEW ledger.store_view AS
SELECT 'ok'::api.status AS status,
	s.tenant_id, s.store_id AS number, s.code, s.name, s.state,
	s.created_at
	FROM ledger.store s;

-- api.store_create(who, code, name): name_taken when the code is in use.
CREATE OR REPLACE FUNCTION api.store_create(p_who api.caller, p_code text,
    p_name text) RETURNS SETOF ledger.store_view
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	r	ledger.store_view;
BEGIN
	IF NOT ledger.enter(p_who) THEN
		r.status := 'credential_stale';
		RETURN NEXT r;
		RETURN;
	END IF;
	-- One after the other: each takes the next number.
	PERFORM pg_advisory_xact_lock(hashtextextended('store',
	    p_who.tenant));
	INSERT INTO ledger.store (tenant_id, store_id, code, name, created_at)
	SELECT p_who.tenant, coalesce(max(s.store_id), 0) + 1, p_code, p_name,
	    ledger.now()
	    FROM ledger.store s WHERE s.tenant_id = p_who.tenant
	ON CONFLICT DO NOTHING;
	IF NOT FOUND THEN
		r.status := 'name_taken';
		RETURN NEXT r;
		RETURN;
	END IF;
	RETURN QUERY SELECT v.* FROM ledger.store_view v
	    WHERE v.tenant_id = p_who.tenant AND v.code = p_code;
END $$;

-- api.store_get(who, code).
CREATE OR REPLACE FUNCTION api.store_get(p_who api.caller, p_code text)
    RETURNS SETOF ledger.store_view
LANGUAGE plpgsql SECURITY DEFINER STABLE AS $$
DECLARE
	r	ledger.store_view;
BEGIN
	IF NOT ledger.enter(p_who) THEN
		r.status := 'credential_stale';
		RETURN NEXT r;
		RETURN;
	END IF;
	RETURN QUERY SELECT v.* FROM ledger.store_view v
	    WHERE v.tenant_id = p_who.tenant AND v.code = p_code;
	IF NOT FOUND THEN
		r.status := 'store_not_found';
		RETURN NEXT r;
	END IF;
END $$;

-- api.store_update(who, code, name, state): null leaves as it is.
CREATE OR REPLACE FUNCTION api.store_update(p_who api.caller, p_code text,
    p_name text, p_state text) RETURNS SETOF ledger.store_view
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	r	ledger.store_view;
BEGIN
	IF NOT ledger.enter(p_who) THEN
		r.status := 'credential_stale';
		RETURN NEXT r;
		RETURN;
	END IF;
	UPDATE ledger.store s SET name = coalesce(p_name, s.name),
	    state = coalesce(p_state, s.state)
	    WHERE s.tenant_id = p_who.tenant AND s.code = p_code;
	IF NOT FOUND THEN
		r.status := 'store_not_found';
		RETURN NEXT r;
		RETURN;
	END IF;
	RETURN QUERY SELECT v.* FROM ledger.store_view v
	    WHERE v.tenant_id = p_who.tenant AND v.code = p_code;
END $$;

-- api.store_list(who, after, limit): in the order they were made, after the
-- one with that code.
CREATE OR REPLACE FUNCTION api.store_list(p_who api.caller, p_after text,
    p_limit integer) RETURNS SETOF ledger.store_view
LANGUAGE plpgsql SECURITY DEFINER STABLE AS $$
DECLARE
	r	ledger.store_view;
BEGIN
	IF NOT ledger.enter(p_who) THEN
		r.status := 'credential_stale';
	ELSIF p_after IS NOT NULL AND NOT EXISTS (SELECT FROM ledger.store s
	    WHERE s.tenant_id = p_who.tenant AND s.code = p_after) THEN
		r.status := 'invalid';
	END IF;
	IF r.status IS NOT NULL THEN
		RETURN NEXT r;
		RETURN;
	END IF;
	RETURN QUERY SELECT v.* FROM ledger.store_view v
	    WHERE v.tenant_id = p_who.tenant
	    AND (p_after IS NULL OR v.number > (SELECT s.store_id
		FROM ledger.store s WHERE s.tenant_id = p_who.tenant
		AND s.code = p_after))
	    ORDER BY v.number LIMIT p_limit;
END $$;
