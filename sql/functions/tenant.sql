-- Tenants: one's own and, for a reseller, those it owns.

-- Make what belongs to a tenant besides its row: the sequences that number
-- its cards, customers and purchases.
CREATE OR REPLACE FUNCTION ledger.tenant_open(p_tenant integer) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('CREATE SEQUENCE ledger.card_id_%s AS integer',
	    p_tenant);
	EXECUTE format('CREATE SEQUENCE ledger.customer_id_%s AS integer',
	    p_tenant);
	EXECUTE format('CREATE SEQUENCE ledger.purchase_id_%s AS integer',
	    p_tenant);
END $$;

-- Something of this tenant changed that its credentials must notice at once.
CREATE OR REPLACE FUNCTION ledger.tenant_touch(p_tenant integer) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	v_was	text := current_setting('tessera.tenant', true);
	v_child	integer;
	v	text;
BEGIN
	v := set_config('tessera.tenant', p_tenant::text, true);
	UPDATE ledger.credential c SET version = c.version + 1
	    WHERE c.tenant_id = p_tenant;
	FOR v_child IN SELECT t.tenant_id FROM ledger.tenant t
	    WHERE t.parent_id = p_tenant LOOP
		PERFORM ledger.tenant_touch(v_child);
	END LOOP;
	v := set_config('tessera.tenant', coalesce(v_was, ''), true);
END $$;

-- The caller goes on in the tenant with this public id: its own (null), or
-- one that it owns as a reseller. Null when there is no such.
CREATE OR REPLACE FUNCTION ledger.act_in(p_who api.caller, p_id uuid)
    RETURNS integer
LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_tenant integer := p_who.tenant;
	v	text;
BEGIN
	IF p_id IS NOT NULL THEN
		SELECT t.tenant_id INTO v_tenant FROM ledger.tenant t
		    WHERE t.public_id = p_id AND (t.tenant_id = p_who.tenant
		    OR t.parent_id = p_who.tenant);
	END IF;
	v := set_config('tessera.tenant', coalesce(v_tenant::text, ''), true);
	RETURN v_tenant;
END $$;

-- What the functions below answer; columns are only ever added, at the end.
CREATE OR REPLACE VIEW ledger.tenant_view AS
SELECT 'ok'::api.status AS status,
	t.tenant_id, t.parent_id, t.public_id AS id, t.name, t.host,
	t.time_zone, t.state, t.currency, t.reseller,
	t.settings::text AS settings, t.created_at
	FROM ledger.tenant t;

-- api.tenant_create(who, ...): a company of the calling reseller. forbidden
-- for others; name_taken: name (of this reseller's) or host; invalid: no such
-- time zone or currency.
CREATE OR REPLACE FUNCTION api.tenant_create(p_who api.caller, p_name text,
    p_host text, p_time_zone text, p_currency smallint, p_settings jsonb)
    RETURNS SETOF ledger.tenant_view
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	r	ledger.tenant_view;
	v_id	integer;
BEGIN
	IF NOT ledger.enter(p_who) THEN
		r.status := 'credential_stale';
	ELSIF NOT EXISTS (SELECT FROM ledger.tenant t
	    WHERE t.tenant_id = p_who.tenant AND t.reseller) THEN
		r.status := 'forbidden';
	ELSIF NOT EXISTS (SELECT FROM pg_timezone_names z
	    WHERE z.name = p_time_zone) OR NOT EXISTS (SELECT FROM ledger.unit u
	    WHERE u.unit_id = p_currency AND u.currency) THEN
		r.status := 'invalid';
	ELSE
		INSERT INTO ledger.tenant (parent_id, name, host, time_zone,
		    currency, settings)
		VALUES (p_who.tenant, p_name, lower(p_host), p_time_zone,
		    p_currency, coalesce(p_settings, '{}'))
		ON CONFLICT DO NOTHING RETURNING tenant_id INTO v_id;
		IF v_id IS NULL THEN
			r.status := 'name_taken';
		END IF;
	END IF;
	IF r.status IS NOT NULL THEN
		RETURN NEXT r;
		RETURN;
	END IF;
	PERFORM ledger.tenant_open(v_id);
	RETURN QUERY SELECT v.* FROM ledger.tenant_view v
	    WHERE v.tenant_id = v_id;
END $$;

-- api.tenant_get(who, id): id null: the caller's own.
CREATE OR REPLACE FUNCTION api.tenant_get(p_who api.caller, p_id uuid)
    RETURNS SETOF ledger.tenant_view
LANGUAGE plpgsql SECURITY DEFINER STABLE AS $$
DECLARE
	r	ledger.tenant_view;
BEGIN
	IF NOT ledger.enter(p_who) THEN
		r.status := 'credential_stale';
		RETURN NEXT r;
		RETURN;
	END IF;
	RETURN QUERY SELECT v.* FROM ledger.tenant_view v
	    WHERE (v.tenant_id = p_who.tenant OR v.parent_id = p_who.tenant)
	    AND CASE WHEN p_id IS NULL THEN v.tenant_id = p_who.tenant
		ELSE v.id = p_id END;
	IF NOT FOUND THEN
		r.status := 'tenant_not_found';
		RETURN NEXT r;
	END IF;
END $$;

-- api.tenant_list(who, after, limit): in the order they were made; after is
-- the id of the last one seen.
CREATE OR REPLACE FUNCTION api.tenant_list(p_who api.caller,
    p_after uuid, p_limit integer)
    RETURNS SETOF ledger.tenant_view
LANGUAGE plpgsql SECURITY DEFINER STABLE AS $$
DECLARE
	r	ledger.tenant_view;
BEGIN
	IF NOT ledger.enter(p_who) THEN
		r.status := 'credential_stale';
	ELSIF p_after IS NOT NULL AND NOT EXISTS (SELECT
	    FROM ledger.tenant t
	    WHERE t.public_id = p_after AND (t.tenant_id = p_who.tenant
	    OR t.parent_id = p_who.tenant)) THEN
		r.status := 'invalid';
	END IF;
	IF r.status IS NOT NULL THEN
		RETURN NEXT r;
		RETURN;
	END IF;
	RETURN QUERY SELECT v.* FROM ledger.tenant_view v
	    WHERE (v.tenant_id = p_who.tenant OR v.parent_id = p_who.tenant)
	    AND (p_after IS NULL OR v.tenant_id > (SELECT t.tenant_id
		FROM ledger.tenant t WHERE t.public_id = p_after))
	    ORDER BY v.tenant_id LIMIT p_limit;
END $$;

-- api.tenant_update(who, id, set flags and values): settings are merged, a
-- null in them takes one back to its default. forbidden: who is not the
-- tenant's reseller cannot change its state or host.
CREATE OR REPLACE FUNCTION api.tenant_update(p_who api.caller, p_id uuid,
    p_set_name boolean, p_name text, p_set_host boolean, p_host text,
    p_set_state boolean, p_state text, p_settings jsonb)
    RETURNS SETOF ledger.tenant_view
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	r	ledger.tenant_view;
	t	ledger.tenant;
BEGIN
	IF NOT ledger.enter(p_who) THEN
		r.status := 'credential_stale';
		RETURN NEXT r;
		RETURN;
	END IF;
	SELECT * INTO t FROM ledger.tenant x
	    WHERE (x.tenant_id = p_who.tenant OR x.parent_id = p_who.tenant)
	    AND x.public_id = p_id FOR UPDATE;
	IF NOT FOUND THEN
		r.status := 'tenant_not_found';
	ELSIF p_who.credential IS NOT NULL AND (p_set_state OR p_set_host)
	    AND t.parent_id IS DISTINCT FROM p_who.tenant THEN
		r.status := 'forbidden';
	ELSIF EXISTS (SELECT FROM ledger.tenant x
	    WHERE x.tenant_id <> t.tenant_id AND p_set_name
	    AND x.name = p_name
	    AND x.parent_id IS NOT DISTINCT FROM t.parent_id) THEN
		r.status := 'name_taken';
	END IF;
	IF r.status IS NOT NULL THEN
		RETURN NEXT r;
		RETURN;
	END IF;
	BEGIN
		UPDATE ledger.tenant x SET
		    name = CASE WHEN p_set_name THEN p_name ELSE x.name END,
		    host = CASE WHEN p_set_host THEN lower(p_host)
			ELSE x.host END,
		    state = CASE WHEN p_set_state THEN p_state
			ELSE x.state END,
		    settings = jsonb_strip_nulls(x.settings
			|| coalesce(p_settings, '{}'))
		    WHERE x.tenant_id = t.tenant_id;
	EXCEPTION WHEN unique_violation THEN
		r.status := 'name_taken';
		RETURN NEXT r;
		RETURN;
	END;
	PERFORM ledger.tenant_touch(t.tenant_id);
	-- The touch may have raised the caller's own credential: that is right,
	-- the next request verifies it anew.
	RETURN QUERY SELECT v.* FROM ledger.tenant_view v
	    WHERE v.tenant_id = t.tenant_id;
END $$;
