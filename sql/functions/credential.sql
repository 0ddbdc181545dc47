-- Credentials. Secrets arrive hashed; what is shown once, C knows alone.

-- What the functions below answer; columns are only ever added, at the end.
CREATE OR REPLACE VIEW ledger.credential_view AS
SELECT 'ok'::api.status AS status,
	c.tenant_id, c.credential_id, c.public_id AS id, c.api, c.login,
	c.label, c.state, c.scopes, g.code AS programme,
	array_to_string(c.addresses, ',') AS addresses, c.created_at,
	c.expires_at, (SELECT count(*)::integer FROM ledger.secret s
	    WHERE s.tenant_id = c.tenant_id
	    AND s.credential_id = c.credential_id AND NOT s.session
	    AND (s.expires_at IS NULL OR s.expires_at > now())) AS secrets
	FROM ledger.credential c
	LEFT JOIN ledger.programme g ON g.tenant_id = c.tenant_id
	    AND g.programme_id = c.programme_id;

-- api.credential_create(who, tenant, ...): key_hash for an API key, else
-- login and password_hash. tenant_not_found, programme_not_found, name_taken
-- (the login for this api, or the key, is in use, wherever), invalid (an
-- address).
CREATE OR REPLACE FUNCTION api.credential_create(p_who api.caller,
    p_tenant uuid, p_api text, p_login text, p_label text, p_scopes integer,
    p_programme text, p_addresses text[], p_expires_at timestamptz,
    p_key_hash bytea, p_password_hash text)
    RETURNS SETOF ledger.credential_view
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	r	ledger.credential_view;
	v_tenant integer;
	v_programme integer;
	v_id	integer;
BEGIN
	IF NOT ledger.enter(p_who) THEN
		r.status := 'credential_stale';
		RETURN NEXT r;
		RETURN;
	END IF;
	v_tenant := ledger.act_in(p_who, p_tenant);
	SELECT g.programme_id INTO v_programme FROM ledger.programme g
	    WHERE g.tenant_id = v_tenant AND g.code = p_programme;
	r.status := CASE WHEN v_tenant IS NULL THEN 'tenant_not_found'
	    WHEN p_programme IS NOT NULL AND v_programme IS NULL
		THEN 'programme_not_found' END;
	IF r.status IS NULL THEN
		BEGIN
			INSERT INTO ledger.credential (tenant_id, scopes,
			    programme_id, api, login, label, addresses,
			    expires_at)
			VALUES (v_tenant, p_scopes, v_programme, p_api,
			    p_login, p_label, p_addresses::cidr[],
			    p_expires_at)
			RETURNING credential_id INTO v_id;
			INSERT INTO ledger.secret (tenant_id, credential_id,
			    key_hash, password_hash)
			VALUES (v_tenant, v_id, p_key_hash, p_password_hash);
		EXCEPTION WHEN unique_violation THEN
			r.status := 'name_taken';
		WHEN invalid_text_representation THEN
			r.status := 'invalid';
		END;
	END IF;
	IF r.status IS NOT NULL THEN
		RETURN NEXT r;
		RETURN;
	END IF;
	RETURN QUERY SELECT v.* FROM ledger.credential_view v
	    WHERE v.tenant_id = v_tenant AND v.credential_id = v_id;
END $$;

-- api.credential_list(who, id, after, limit): one by its id, or all in the
-- order they were made, after the one with that id. No secrets.
CREATE OR REPLACE FUNCTION api.credential_list(p_who api.caller, p_id uuid,
    p_after uuid, p_limit integer)
    RETURNS SETOF ledger.credential_view
LANGUAGE plpgsql SECURITY DEFINER STABLE AS $$
DECLARE
	r	ledger.credential_view;
BEGIN
	IF NOT ledger.enter(p_who) THEN
		r.status := 'credential_stale';
	ELSIF p_after IS NOT NULL AND NOT EXISTS (SELECT
	    FROM ledger.credential c
	    WHERE c.tenant_id = p_who.tenant AND c.public_id = p_after) THEN
		r.status := 'invalid';
	END IF;
	IF r.status IS NOT NULL THEN
		RETURN NEXT r;
		RETURN;
	END IF;
	RETURN QUERY SELECT v.* FROM ledger.credential_view v
	    WHERE v.tenant_id = p_who.tenant
	    AND (p_id IS NULL OR v.id = p_id)
	    AND (p_after IS NULL OR v.credential_id > (SELECT c.credential_id
		FROM ledger.credential c WHERE c.tenant_id = p_who.tenant
		AND c.public_id = p_after))
	    ORDER BY v.credential_id LIMIT p_limit;
END $$;

-- api.me(who): the caller's own credential.
CREATE OR REPLACE FUNCTION api.me(p_who api.caller)
    RETURNS SETOF ledger.credential_view
LANGUAGE plpgsql SECURITY DEFINER STABLE AS $$
DECLARE
	r	ledger.credential_view;
BEGIN
	IF NOT ledger.enter(p_who) THEN
		r.status := 'credential_stale';
		RETURN NEXT r;
		RETURN;
	END IF;
	RETURN QUERY SELECT v.* FROM ledger.credential_view v
	    WHERE v.tenant_id = p_who.tenant
	    AND v.credential_id = p_who.credential;
END $$;

-- api.credential_still(who): is it what the worker verified, and no more.
CREATE OR REPLACE FUNCTION api.credential_still(p_who api.caller)
    RETURNS TABLE (status api.status)
LANGUAGE sql SECURITY DEFINER STABLE
RETURN CASE WHEN ledger.enter(p_who) THEN 'ok'
	ELSE 'credential_stale' END::api.status;

-- api.credential_disable(who, id): for good, from the next request on. Its
-- secrets go, so that a key that was brought may be brought again.
CREATE OR REPLACE FUNCTION api.credential_disable(p_who api.caller,
    p_id uuid) RETURNS TABLE (status api.status)
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	v_id	integer;
BEGIN
	IF NOT ledger.enter(p_who) THEN
		status := 'credential_stale';
	ELSE
		UPDATE ledger.credential c SET state = 'disabled',
		    version = c.version + 1
		    WHERE c.tenant_id = p_who.tenant AND c.public_id = p_id
		    RETURNING c.credential_id INTO v_id;
		status := CASE WHEN FOUND THEN 'ok'
		    ELSE 'credential_not_found' END;
		DELETE FROM ledger.secret s WHERE s.tenant_id = p_who.tenant
		    AND s.credential_id = v_id;
	END IF;
	RETURN NEXT;
END $$;

-- api.credential_rotate(who, id, new hash, overlap): a new secret. Those
-- before it end at once, and all tokens that logins got, but the newest of an
-- API key lives `overlap` seconds on: two at most. name_taken, and nothing
-- done: the key is in use, wherever.
CREATE OR REPLACE FUNCTION api.credential_rotate(p_who api.caller,
    p_id uuid, p_key_hash bytea, p_password_hash text, p_overlap integer)
    RETURNS SETOF ledger.credential_view
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	r	ledger.credential_view;
	c	ledger.credential;
	v_last	integer;
BEGIN
	IF NOT ledger.enter(p_who) THEN
		r.status := 'credential_stale';
		RETURN NEXT r;
		RETURN;
	END IF;
	SELECT * INTO c FROM ledger.credential x
	    WHERE x.tenant_id = p_who.tenant AND x.public_id = p_id
	    AND x.state = 'active' FOR UPDATE;
	IF NOT FOUND THEN
		r.status := 'credential_not_found';
		RETURN NEXT r;
		RETURN;
	END IF;
	BEGIN
		SELECT max(s.secret_id) INTO v_last FROM ledger.secret s
		    WHERE s.tenant_id = p_who.tenant
		    AND s.credential_id = c.credential_id AND NOT s.session;
		DELETE FROM ledger.secret s WHERE s.tenant_id = p_who.tenant
		    AND s.credential_id = c.credential_id
		    AND (s.secret_id < v_last OR p_overlap = 0 OR s.session
			OR s.password_hash IS NOT NULL);
		UPDATE ledger.secret s SET expires_at = least(s.expires_at,
		    now() + make_interval(secs => p_overlap))
		    WHERE s.tenant_id = p_who.tenant
		    AND s.credential_id = c.credential_id;
		INSERT INTO ledger.secret (tenant_id, credential_id,
		    key_hash, password_hash)
		VALUES (p_who.tenant, c.credential_id, p_key_hash,
		    p_password_hash);
	EXCEPTION WHEN unique_violation THEN
		r.status := 'name_taken';
		RETURN NEXT r;
		RETURN;
	END;
	UPDATE ledger.credential x SET version = x.version + 1
	    WHERE x.tenant_id = p_who.tenant
	    AND x.credential_id = c.credential_id;
	RETURN QUERY SELECT v.* FROM ledger.credential_view v
	    WHERE v.tenant_id = p_who.tenant
	    AND v.credential_id = c.credential_id;
END $$;

-- api.session_open(who, hash, seconds): a token for the caller's credential, of
-- which only the BLAKE2b is told here, that ends by itself. The oldest go
-- where one credential has more than a thousand.
CREATE OR REPLACE FUNCTION api.session_open(p_who api.caller, p_hash bytea,
    p_seconds integer) RETURNS TABLE (status api.status)
LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
	IF NOT ledger.enter(p_who) THEN
		status := 'credential_stale';
		RETURN NEXT;
		RETURN;
	END IF;
	DELETE FROM ledger.secret s WHERE s.tenant_id = p_who.tenant
	    AND s.credential_id = p_who.credential AND s.session
	    AND (s.expires_at <= now() OR s.secret_id <= (SELECT x.secret_id
		FROM ledger.secret x WHERE x.tenant_id = p_who.tenant
		AND x.credential_id = p_who.credential AND x.session
		ORDER BY x.secret_id DESC OFFSET 999 LIMIT 1));
	INSERT INTO ledger.secret (tenant_id, credential_id, key_hash,
	    expires_at, session)
	VALUES (p_who.tenant, p_who.credential, p_hash,
	    now() + make_interval(secs => p_seconds), true);
	status := 'ok';
	RETURN NEXT;
END $$;

-- api.credential_unlock(who, id): forget the failures of its login, whatever
-- address they came from, and the unknown codes it asked for.
CREATE OR REPLACE FUNCTION api.credential_unlock(p_who api.caller,
    p_id uuid) RETURNS TABLE (status api.status)
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	c	ledger.credential;
BEGIN
	IF NOT ledger.enter(p_who) THEN
		status := 'credential_stale';
		RETURN NEXT;
		RETURN;
	END IF;
	SELECT * INTO c FROM ledger.credential x
	    WHERE x.tenant_id = p_who.tenant AND x.public_id = p_id;
	IF FOUND THEN
		PERFORM api.login_clear(c.api, c.login);
		DELETE FROM ledger.unknown_code u
		    WHERE u.tenant_id = p_who.tenant
		    AND u.credential_id = c.credential_id;
		-- Workers remember a spent budget with the version.
		UPDATE ledger.credential x SET version = x.version + 1
		    WHERE x.tenant_id = p_who.tenant
		    AND x.credential_id = c.credential_id;
	END IF;
	status := CASE WHEN c.tenant_id IS NULL THEN 'credential_not_found'
	    ELSE 'ok' END;
	RETURN NEXT;
END $$;
