-- Finding a credential before its tenant is known. These functions belong to
-- tessera_auth, which sees credentials, secrets, tenants, programmes and
-- counts of unknown codes of all tenants, and nothing else.
--
-- How wrong passwords are counted. Each pair of login and address has a row of
-- failures since it was last right; p_max of them (within p_window seconds, or
-- in a row, however far apart, when that is 0) block the pair. An attempt is
-- reserved before its password is compared, so parallel ones cannot outrun the
-- count. Workers remember right logins for a while, so that most calls do not
-- come here; a failure of a pair that they may remember (`trusted`)
-- raises the credential's version and with that makes them ask again. That is
-- why the block holds for right passwords at once, and why a right one ends a
-- count that was begun. Strangers elsewhere cannot make workers ask.
--
-- Beside it all failures from a network count, whatever their login:
-- p_network_max within an hour (null: any number) block all logins there.
--
-- Locks are taken in the order network, attempt, credential.
SET LOCAL ROLE tessera_auth;

-- What a worker must know of a credential; null when it may not be used now:
-- disabled, expired, of a blocked tenant, from an address that is not listed,
-- or under a host name that is bound to another tenant. unknown_codes: asked
-- for this hour from that address.
CREATE OR REPLACE FUNCTION api.credential_usable(p_tenant integer,
    p_credential integer, p_address inet, p_host text,
    OUT version integer, OUT scopes integer, OUT reseller boolean,
    OUT clock timestamptz, OUT currency smallint, OUT time_zone text,
    OUT programme text, OUT settings text, OUT unknown_codes integer)
LANGUAGE sql STABLE
BEGIN ATOMIC
	SELECT c.version, c.scopes, t.reseller, t.clock, t.currency,
	    t.time_zone, g.code, ledger.settings_text(t.settings),
	    coalesce((SELECT n.count FROM ledger.unknown_code n
		WHERE n.tenant_id = c.tenant_id
		AND n.credential_id = c.credential_id
		AND n.address = p_address
		AND n.hour = date_trunc('hour', now())), 0)
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
	unknown_codes integer, live_until timestamptz)
LANGUAGE plpgsql SECURITY DEFINER STABLE AS $$
BEGIN
	RETURN QUERY SELECT 'ok'::api.status, c.tenant_id, c.credential_id,
	    u.version, u.scopes, u.reseller, u.clock, u.currency, u.time_zone,
	    u.programme, u.settings, u.unknown_codes, least(c.expires_at, s.expires_at)
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

-- api.host_settings(host): the settings in force of the tenant that is bound to
-- this host name; those of nobody in particular when there is none.
CREATE OR REPLACE FUNCTION api.host_settings(p_host text)
    RETURNS TABLE (status api.status, settings text)
LANGUAGE sql SECURITY DEFINER STABLE
BEGIN ATOMIC
	SELECT 'ok'::api.status, ledger.settings_text(coalesce((
	    SELECT t.settings FROM ledger.tenant t WHERE t.host = p_host
	    AND t.state = 'active'), '{}'));
END;

-- Whose failures count together: an IPv4 address, an IPv6 /64.
CREATE OR REPLACE FUNCTION api.network_of(p_address inet) RETURNS cidr
LANGUAGE sql IMMUTABLE
RETURN network(set_masklen(p_address,
	CASE family(p_address) WHEN 4 THEN 32 ELSE 64 END));

-- api.login_begin(api, login, address, host, max, window): reserve an attempt
-- and give the password's hash to compare with. too_many_requests while login
-- or network is blocked, which those refused do not extend;
-- request_in_progress while attempts under way could use up what is left: ask
-- again shortly. An unknown login is `unauthenticated` and counts as well.
-- Each begin that is neither refused is followed by api.login_end.
CREATE OR REPLACE FUNCTION api.login_begin(p_api text, p_login text,
    p_address inet, p_host text, p_max integer, p_window integer)
    RETURNS TABLE (status api.status, tenant integer, credential integer,
	version integer, scopes integer, reseller boolean, clock timestamptz,
	currency smallint, time_zone text, programme text, settings text,
	unknown_codes integer, live_until timestamptz, password_hash text)
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	a	ledger.login_attempt;
BEGIN
	-- A refusal costs two look-ups and leaves nothing behind.
	IF EXISTS (SELECT FROM ledger.login_attempt x WHERE x.api = p_api
	    AND x.login = lower(p_login) AND x.address = p_address
	    AND x.blocked_until > now()) OR EXISTS (SELECT
	    FROM ledger.login_network n WHERE n.api = p_api
	    AND n.network = api.network_of(p_address)
	    AND n.blocked_until > now()) THEN
		status := 'too_many_requests';
		RETURN NEXT;
		RETURN;
	END IF;
	INSERT INTO ledger.login_attempt (api, login, address)
	VALUES (p_api, lower(p_login), p_address)
	ON CONFLICT (api, login, address) DO UPDATE SET api = excluded.api
	RETURNING * INTO a;
	IF a.blocked_until <= now() OR (p_window > 0
	    AND a.first_at < now() - make_interval(secs => p_window)) THEN
		a.failures := 0;
		a.first_at := now();
		a.blocked_until := NULL;
	END IF;
	-- A worker that died while it compared left its reservation behind.
	IF a.last_at < now() - interval '10 s' THEN
		a.pending := 0;
	END IF;
	IF a.blocked_until IS NOT NULL OR a.failures >= p_max THEN
		status := 'too_many_requests';
	ELSIF a.failures + a.pending >= p_max THEN
		status := 'request_in_progress';
	END IF;
	IF status IS NOT NULL THEN
		RETURN NEXT;
		RETURN;
	END IF;
	UPDATE ledger.login_attempt x SET failures = a.failures,
	    first_at = a.first_at, blocked_until = a.blocked_until,
	    pending = a.pending + 1, last_at = now(),
	    forget_at = greatest(a.forget_at, now() + interval '2 days')
	    WHERE x.api = p_api AND x.login = lower(p_login)
	    AND x.address = p_address;
	-- Rows of long ago go, a few at a time, so that strangers' inventions
	-- do not pile up.
	DELETE FROM ledger.login_attempt x WHERE x.ctid = ANY (ARRAY(
	    SELECT y.ctid FROM ledger.login_attempt y
	    WHERE y.forget_at < now()
	    ORDER BY y.forget_at LIMIT 4 FOR UPDATE SKIP LOCKED));
	DELETE FROM ledger.login_network n WHERE n.ctid = ANY (ARRAY(
	    SELECT y.ctid FROM ledger.login_network y
	    WHERE y.first_at < now() - interval '1 hour'
	    ORDER BY y.first_at LIMIT 4 FOR UPDATE SKIP LOCKED));
	RETURN QUERY SELECT 'ok'::api.status, c.tenant_id, c.credential_id,
	    u.version, u.scopes, u.reseller, u.clock, u.currency, u.time_zone,
	    u.programme, u.settings, u.unknown_codes, least(c.expires_at, s.expires_at),
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

-- Another failure of a pair: what its row shall be. A login that somebody has
-- is not forgotten before its count is ended, by a right password or by
-- an operator; but from at most 1000 addresses, so that those who own many
-- cannot fill the table. p_lockout: the tenant's setting for the minutes that
-- a block lasts, 0 until an operator lifts it.
CREATE OR REPLACE FUNCTION api.login_failed(a ledger.login_attempt,
    p_max integer, p_window integer, p_lockout text)
    RETURNS ledger.login_attempt
LANGUAGE plpgsql AS $$
DECLARE
	v_minutes integer;
	v_keep	boolean;
BEGIN
	SELECT (t.settings ->> p_lockout)::integer INTO v_minutes
	    FROM ledger.credential c
	    JOIN ledger.tenant t ON t.tenant_id = c.tenant_id
	    WHERE c.api = a.api AND lower(c.login) = a.login;
	v_keep := FOUND AND p_window = 0 AND (a.forget_at = 'infinity'
	    OR NOT EXISTS (SELECT FROM ledger.login_attempt x
		WHERE x.api = a.api AND x.login = a.login
		AND x.forget_at = 'infinity' OFFSET 999));
	IF a.failures = 0 THEN
		a.first_at := now();
	END IF;
	a.failures := a.failures + 1;
	IF a.failures >= p_max AND a.blocked_until IS NULL THEN
		v_minutes := coalesce(v_minutes, (SELECT s.preset::integer
		    FROM ledger.setting s WHERE s.key = p_lockout));
		a.blocked_until := CASE
		    WHEN p_window > 0
			THEN a.first_at + make_interval(secs => p_window)
		    WHEN v_minutes > 0
			THEN now() + make_interval(mins => v_minutes)
		    WHEN v_keep THEN 'infinity'
		    ELSE now() + interval '1 day' END;
	END IF;
	a.forget_at := CASE WHEN v_keep AND (a.blocked_until IS NULL
		OR a.blocked_until = 'infinity') THEN 'infinity'
	    ELSE greatest(now(), a.blocked_until) + interval '2 days' END;
	RETURN a;
END $$;

-- Another failure from a network.
CREATE OR REPLACE FUNCTION api.network_failed(p_api text, p_address inet,
    p_max integer) RETURNS ledger.login_network
LANGUAGE sql
BEGIN ATOMIC
	INSERT INTO ledger.login_network AS n (api, network, failures,
	    first_at, blocked_until)
	VALUES (p_api, api.network_of(p_address), 1, now(), NULL)
	ON CONFLICT (api, network) DO UPDATE SET
	    (failures, first_at, blocked_until) = (SELECT
		CASE WHEN over THEN 1 ELSE n.failures + 1 END,
		CASE WHEN over THEN now() ELSE n.first_at END,
		CASE WHEN NOT over AND n.failures + 1 >= p_max
		    THEN n.first_at + interval '1 hour' END
		FROM (SELECT n.first_at < now() - interval '1 hour') o (over))
	RETURNING *;
END;

-- api.login_end(api, login, address, right, max, window, network_max,
-- lockout): how the attempt ended. too_many_requests: it was right, but a
-- block has come meanwhile.
CREATE OR REPLACE FUNCTION api.login_end(p_api text, p_login text,
    p_address inet, p_right boolean, p_max integer, p_window integer,
    p_network_max integer, p_lockout text) RETURNS TABLE (status api.status)
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	n	ledger.login_network;
	a	ledger.login_attempt;
BEGIN
	-- The lock makes a right login and the failure that blocks its network
	-- wait for each other: the later one knows of the earlier.
	IF p_right THEN
		SELECT * INTO n FROM ledger.login_network x
		    WHERE x.api = p_api
		    AND x.network = api.network_of(p_address) FOR SHARE;
	ELSIF p_network_max IS NOT NULL THEN
		n := api.network_failed(p_api, p_address, p_network_max);
	END IF;
	-- Unlocking may have taken the row away.
	INSERT INTO ledger.login_attempt (api, login, address)
	VALUES (p_api, lower(p_login), p_address)
	ON CONFLICT (api, login, address) DO UPDATE SET api = excluded.api
	RETURNING * INTO a;
	a.pending := greatest(a.pending - 1, 0);
	status := 'ok';
	IF NOT p_right THEN
		a := api.login_failed(a, p_max, p_window, p_lockout);
		IF a.trusted THEN
			a.trusted := false;
			UPDATE ledger.credential c SET version = c.version + 1
			    WHERE c.api = p_api AND lower(c.login) = a.login;
		END IF;
	ELSIF greatest(a.blocked_until, n.blocked_until) > now() THEN
		status := 'too_many_requests';
	ELSE
		a.failures := 0;
		a.first_at := now();
		a.blocked_until := NULL;
		a.trusted := true;
		a.forget_at := now() + interval '2 days';
	END IF;
	UPDATE ledger.login_attempt x SET failures = a.failures,
	    pending = a.pending, first_at = a.first_at, last_at = now(),
	    trusted = a.trusted, blocked_until = a.blocked_until,
	    forget_at = a.forget_at
	    WHERE x.api = p_api AND x.login = a.login
	    AND x.address = p_address;
	IF NOT p_right AND n.failures = p_network_max THEN
		WITH known AS (UPDATE ledger.login_attempt x
		    SET trusted = false WHERE x.trusted AND x.api = p_api
		    AND x.address <<= n.network RETURNING x.login)
		UPDATE ledger.credential c SET version = c.version + 1
		    WHERE c.api = p_api
		    AND lower(c.login) IN (SELECT k.login FROM known k);
	END IF;
	RETURN NEXT;
END $$;

-- Forget the failures of a login and of the networks it is known in; for
-- ledger functions that unlock. What is trusted has not failed since.
CREATE OR REPLACE FUNCTION api.login_clear(p_api text, p_login text)
    RETURNS void
LANGUAGE sql SECURITY DEFINER
BEGIN ATOMIC
	DELETE FROM ledger.login_network n WHERE n.api = p_api
	    AND n.network IN (SELECT api.network_of(x.address)
		FROM ledger.login_attempt x
		WHERE x.api = p_api AND x.login = lower(p_login));
	DELETE FROM ledger.login_attempt x WHERE x.api = p_api
	    AND x.login = lower(p_login) AND NOT x.trusted;
END;

SET LOCAL ROLE tessera_owner;
