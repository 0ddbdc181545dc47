-- Finding a credential before its tenant is known. These functions belong to
-- tessera_auth, which sees credentials, secrets, tenants and programmes of all
-- tenants, and nothing else.
SET LOCAL ROLE tessera_auth;

-- What a worker must know of a credential; null when it may not be used now:
-- disabled, expired, of a blocked tenant, from an address that is not listed,
-- or under a host name that is bound to another tenant.
CREATE OR REPLACE FUNCTION api.credential_usable(p_tenant integer,
    p_credential integer, p_address inet, p_host text,
    OUT version integer, OUT scopes integer, OUT reseller boolean,
    OUT clock timestamptz, OUT currency smallint, OUT time_zone text,
    OUT programme text, OUT settings text)
LANGUAGE sql STABLE
BEGIN ATOMIC
	SELECT c.version, c.scopes, t.reseller, t.clock, t.currency,
	    t.time_zone, g.code, ledger.settings_text(t.settings)
	FROM ledger.credential c
	JOIN ledger.tenant t ON t.tenant_id = c.tenant_id
	LEFT JOIN ledger.tenant u ON u.tenant_id = t.parent_id
	LEFT JOIN ledger.programme g ON g.tenant_id = c.tenant_id
	    AND g.programme_id = c.programme_id
	WHERE c.tenant_id = p_tenant AND c.credential_id = p_credential
	AND c.state = 'active' AND t.state = 'active'
	AND u.state IS DISTINCT FROM 'blocked'
	AND (c.expires_at IS NULL OR c.expires_at > now())
	AND (c.addresses IS NULL OR EXISTS (SELECT FROM unnest(c.addresses) a
	    WHERE p_address <<= a))
	AND NOT EXISTS (SELECT FROM ledger.tenant h
	    WHERE h.host = p_host AND h.tenant_id <> t.tenant_id);
END;

-- api.key_find(api, hash, address, host): the credential with this BLAKE2b-256
-- of an API key; unauthenticated when there is none or it may not be used.
-- live_until: when the secret or the credential runs out by itself.
CREATE OR REPLACE FUNCTION api.key_find(p_api text, p_hash bytea,
    p_address inet, p_host text)
    RETURNS TABLE (status api.status, tenant integer, credential integer,
	version integer, scopes integer, reseller boolean, clock timestamptz,
	currency smallint, time_zone text, programme text, settings text,
	live_until timestamptz)
LANGUAGE plpgsql SECURITY DEFINER STABLE AS $$
BEGIN
	RETURN QUERY SELECT 'ok'::api.status, c.tenant_id, c.credential_id,
	    u.version, u.scopes, u.reseller, u.clock, u.currency, u.time_zone,
	    u.programme, u.settings, least(c.expires_at, s.expires_at)
	    FROM ledger.secret s
	    JOIN ledger.credential c ON c.tenant_id = s.tenant_id
	    AND c.credential_id = s.credential_id
	    CROSS JOIN LATERAL api.credential_usable(c.tenant_id,
		c.credential_id, p_address, p_host) u
	    WHERE s.key_hash = p_hash AND c.api = p_api
	    AND (s.expires_at IS NULL OR s.expires_at > now())
	    AND u.version IS NOT NULL;
	IF NOT FOUND THEN
		status := 'unauthenticated';
		RETURN NEXT;
	END IF;
END $$;

-- api.login_begin(api, login, address, host, max, window): reserve an attempt
-- and give the password's hash to compare with. too_many_requests after max
-- failures within window seconds (those refused do not extend it);
-- request_in_progress while attempts under way could exhaust it: ask again
-- shortly. An unknown login is `unauthenticated` and counts as well. Each
-- begin that is neither refused is followed by api.login_end.
CREATE OR REPLACE FUNCTION api.login_begin(p_api text, p_login text,
    p_address inet, p_host text, p_max integer, p_window integer)
    RETURNS TABLE (status api.status, tenant integer, credential integer,
	version integer, scopes integer, reseller boolean, clock timestamptz,
	currency smallint, time_zone text, programme text, settings text,
	live_until timestamptz, password_hash text)
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	a	ledger.login_attempt;
BEGIN
	INSERT INTO ledger.login_attempt (api, login, address)
	VALUES (p_api, lower(p_login), p_address)
	ON CONFLICT (api, login, address) DO UPDATE SET api = excluded.api
	RETURNING * INTO a;
	IF a.first_at < now() - make_interval(secs => p_window) THEN
		a.failures := 0;
		a.first_at := now();
	END IF;
	-- A worker that died while it compared left its reservation behind.
	IF a.last_at < now() - interval '10 s' THEN
		a.pending := 0;
	END IF;
	IF a.failures >= p_max THEN
		status := 'too_many_requests';
	ELSIF a.failures + a.pending >= p_max THEN
		status := 'request_in_progress';
	END IF;
	IF status IS NOT NULL THEN
		RETURN NEXT;
		RETURN;
	END IF;
	UPDATE ledger.login_attempt x SET failures = a.failures,
	    first_at = a.first_at, pending = a.pending + 1, last_at = now()
	    WHERE x.api = p_api AND x.login = lower(p_login)
	    AND x.address = p_address;
	-- Rows of long ago go, a few at a time, so that strangers' inventions
	-- do not pile up.
	DELETE FROM ledger.login_attempt x WHERE x.ctid = ANY (ARRAY(
	    SELECT y.ctid FROM ledger.login_attempt y
	    WHERE y.last_at < now() - interval '2 days'
	    ORDER BY y.last_at LIMIT 4 FOR UPDATE SKIP LOCKED));
	RETURN QUERY SELECT 'ok'::api.status, c.tenant_id, c.credential_id,
	    u.version, u.scopes, u.reseller, u.clock, u.currency, u.time_zone,
	    u.programme, u.settings, least(c.expires_at, s.expires_at),
	    s.password_hash
	    FROM ledger.credential c
	    JOIN ledger.secret s ON s.tenant_id = c.tenant_id
	    AND s.credential_id = c.credential_id
	    CROSS JOIN LATERAL api.credential_usable(c.tenant_id,
		c.credential_id, p_address, p_host) u
	    WHERE c.api = p_api AND lower(c.login) = lower(p_login)
	    AND s.password_hash IS NOT NULL
	    AND (s.expires_at IS NULL OR s.expires_at > now())
	    AND u.version IS NOT NULL
	    ORDER BY s.secret_id DESC LIMIT 1;
	IF NOT FOUND THEN
		status := 'unauthenticated';
		RETURN NEXT;
	END IF;
END $$;

-- api.login_end(api, login, address, right): how the attempt ended.
CREATE OR REPLACE FUNCTION api.login_end(p_api text, p_login text,
    p_address inet, p_right boolean) RETURNS TABLE (status api.status)
LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
	UPDATE ledger.login_attempt x
	    SET pending = greatest(x.pending - 1, 0), last_at = now(),
	    failures = CASE WHEN p_right THEN 0 ELSE x.failures + 1 END,
	    first_at = CASE WHEN p_right OR x.failures = 0
		THEN now() ELSE x.first_at END
	    WHERE x.api = p_api AND x.login = lower(p_login)
	    AND x.address = p_address;
	status := 'ok';
	RETURN NEXT;
END $$;

-- Forget the failures of a login; for ledger functions that unlock.
CREATE OR REPLACE FUNCTION api.login_clear(p_api text, p_login text)
    RETURNS integer
LANGUAGE sql SECURITY DEFINER
BEGIN ATOMIC
	WITH gone AS (DELETE FROM ledger.login_attempt x
	    WHERE x.api = p_api AND x.login = lower(p_login)
	    RETURNING 1)
	SELECT count(*)::integer FROM gone;
END;

REVOKE EXECUTE ON FUNCTION api.credential_usable, api.key_find,
	api.login_begin, api.login_end, api.login_clear FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.key_find, api.login_begin, api.login_end
	TO tessera_app, tessera_ops;
GRANT EXECUTE ON FUNCTION api.login_clear TO tessera_owner;

SET LOCAL ROLE tessera_owner;
