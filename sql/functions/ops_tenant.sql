-- Tenants as the operator sees them: all. These run with the caller's rights;
-- a policy lets tessera_ops read every tenant, and nobody else may call them.
-- in_force is what a worker gets with a credential (ledger.settings_text).

CREATE OR REPLACE FUNCTION ops.tenant_list(p_after integer, p_limit integer)
    RETURNS TABLE (status api.status, tenant_id integer, id uuid, name text,
	host text, time_zone text, currency smallint, state text,
	reseller boolean, parent text, clock timestamptz, settings text,
	created_at timestamptz, in_force text)
LANGUAGE sql STABLE
BEGIN ATOMIC
	SELECT 'ok'::api.status, t.tenant_id, t.public_id, t.name, t.host,
	    t.time_zone, t.currency, t.state, t.reseller, r.name, t.clock,
	    t.settings::text, t.created_at, ledger.settings_text(t.settings)
	FROM ledger.tenant t
	LEFT JOIN ledger.tenant r ON r.tenant_id = t.parent_id
	WHERE p_after IS NULL OR t.tenant_id > p_after
	ORDER BY t.tenant_id LIMIT p_limit;
END;

-- ops.tenant_find(name): by public id, host or name. A name may be that of
-- several tenants (of different resellers): one row each.
CREATE OR REPLACE FUNCTION ops.tenant_find(p_name text)
    RETURNS TABLE (status api.status, tenant_id integer, id uuid, name text,
	host text, time_zone text, currency smallint, state text,
	reseller boolean, parent text, clock timestamptz, settings text,
	created_at timestamptz, in_force text)
LANGUAGE sql STABLE AS $$
	SELECT * FROM ops.tenant_list(NULL, NULL) t
	WHERE t.name = p_name OR t.host = lower(p_name)
	    OR t.id::text = lower(p_name);
$$;

-- ops.tenant_add(...): parent null makes one that belongs to nobody.
-- name_taken: the name beside the same parent, or the host; forbidden: the
-- parent is no reseller; invalid: no such time zone or currency.
CREATE OR REPLACE FUNCTION ops.tenant_add(p_name text, p_host text,
    p_time_zone text, p_currency smallint, p_reseller boolean,
    p_parent integer) RETURNS TABLE (status api.status, id uuid)
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	v_id	integer;
	v_public uuid;
	v	text;
BEGIN
	-- Row level security shows the parent, and then the tenant to be.
	v := set_config('tessera.tenant', coalesce(p_parent::text, ''), true);
	IF p_parent IS NOT NULL AND NOT EXISTS (SELECT FROM ledger.tenant t
	    WHERE t.tenant_id = p_parent AND t.reseller) THEN
		RETURN QUERY SELECT 'forbidden'::api.status, NULL::uuid;
		RETURN;
	END IF;
	IF NOT EXISTS (SELECT FROM pg_timezone_names z
	    WHERE z.name = p_time_zone) OR NOT EXISTS (SELECT FROM ledger.unit u
	    WHERE u.unit_id = p_currency AND u.currency) THEN
		RETURN QUERY SELECT 'invalid'::api.status, NULL::uuid;
		RETURN;
	END IF;
	v_id := nextval(pg_get_serial_sequence('ledger.tenant', 'tenant_id'));
	v := set_config('tessera.tenant', v_id::text, true);
	INSERT INTO ledger.tenant (tenant_id, parent_id, name, host,
	    time_zone, currency, reseller)
	OVERRIDING SYSTEM VALUE
	VALUES (v_id, p_parent, p_name, lower(p_host), p_time_zone,
	    p_currency, p_reseller)
	ON CONFLICT DO NOTHING RETURNING public_id INTO v_public;
	IF v_public IS NULL THEN
		RETURN QUERY SELECT 'name_taken'::api.status, NULL::uuid;
		RETURN;
	END IF;
	PERFORM ledger.tenant_open(v_id);
	RETURN QUERY SELECT 'ok'::api.status, v_public;
END $$;

-- ops.tenant_clock(tenant, clock): let the tenant's time stand still there, for
-- a sandbox; null lets it run again.
CREATE OR REPLACE FUNCTION ops.tenant_clock(p_tenant integer,
    p_clock timestamptz) RETURNS TABLE (status api.status)
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	v	text := set_config('tessera.tenant', p_tenant::text, true);
BEGIN
	UPDATE ledger.tenant t SET clock = p_clock
	    WHERE t.tenant_id = p_tenant;
	PERFORM ledger.tenant_touch(p_tenant);
	status := 'ok';
	RETURN NEXT;
END $$;

-- ops.credential_find(tenant, what): public id of the credential with this
-- login or id; several APIs may have the same login.
CREATE OR REPLACE FUNCTION ops.credential_find(p_tenant integer, p_what text)
    RETURNS TABLE (status api.status, id uuid)
LANGUAGE sql STABLE
BEGIN ATOMIC
	SELECT 'ok'::api.status, c.public_id FROM ledger.credential c
	WHERE c.tenant_id = p_tenant AND (lower(c.login) = lower(p_what)
	    OR c.public_id::text = lower(p_what));
END;
