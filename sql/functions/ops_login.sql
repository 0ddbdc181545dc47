-- Lock-outs as the operator sees them; how they come about: auth.sql.

-- ops.login_blocked(tenant, limit): who is blocked now, the latest first.
-- Without a login: all of a network are. tenant null: all tenants', and
-- logins that nobody has; else its logins, and networks they are known in.
-- blocked_until null: until an operator lifts it.
CREATE OR REPLACE FUNCTION ops.login_blocked(p_tenant integer,
    p_limit integer)
    RETURNS TABLE (status api.status, tenant text, api text, login text,
	address text, failures integer, failed_at timestamptz,
	blocked_until timestamptz)
LANGUAGE sql STABLE
BEGIN ATOMIC
	WITH known AS (SELECT t.name, c.api, c.login, lower(c.login) AS lower
	    FROM ledger.credential c
	    JOIN ledger.tenant t ON t.tenant_id = c.tenant_id
	    WHERE p_tenant IS NULL OR c.tenant_id = p_tenant)
	SELECT 'ok'::api.status, k.name, x.api, coalesce(k.login, x.login),
	    host(x.address), x.failures, x.last_at,
	    nullif(x.blocked_until, 'infinity')
	FROM ledger.login_attempt x
	LEFT JOIN known k ON k.api = x.api AND k.lower = x.login
	WHERE x.blocked_until > now()
	    AND (p_tenant IS NULL OR k.api IS NOT NULL)
	UNION ALL
	SELECT 'ok'::api.status, NULL, n.api, NULL,
	    CASE family(n.network) WHEN 4 THEN host(n.network)
		ELSE n.network::text END,
	    n.failures, n.first_at, n.blocked_until
	FROM ledger.login_network n
	WHERE n.blocked_until > now() AND (p_tenant IS NULL OR n.network IN (
	    SELECT api.network_of(x.address) FROM ledger.login_attempt x
	    JOIN known k ON k.api = x.api AND k.lower = x.login
	    WHERE x.api = n.api))
	ORDER BY 7 DESC, 3, 4, 5 LIMIT p_limit;
END;

-- ops.address_unlock(address): forget what has failed from an address or
-- network, and its network's count; says how many. invalid: no address.
CREATE OR REPLACE FUNCTION ops.address_unlock(p_address text)
    RETURNS TABLE (status api.status, lifted integer)
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	v_from	inet;
	v_networks integer;
BEGIN
	BEGIN
		v_from := p_address::inet;
	EXCEPTION WHEN invalid_text_representation THEN
		status := 'invalid';
		RETURN NEXT;
		RETURN;
	END;
	DELETE FROM ledger.login_network n WHERE n.network && v_from;
	GET DIAGNOSTICS v_networks = ROW_COUNT;
	-- What is trusted has not failed since.
	DELETE FROM ledger.login_attempt x WHERE x.address <<= v_from
	    AND x.failures > 0 AND NOT x.trusted;
	GET DIAGNOSTICS lifted = ROW_COUNT;
	lifted := lifted + v_networks;
	status := 'ok';
	RETURN NEXT;
END $$;
