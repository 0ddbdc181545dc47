-- api.unknown_code_seen(who, address, budget): count one look-up of a code
-- that nobody has; too_many_requests when this hour's budget of the credential
-- and address is spent.
CREATE OR REPLACE FUNCTION api.unknown_code_seen(p_who api.caller,
    p_address inet, p_budget integer) RETURNS TABLE (status api.status)
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	v_count	integer;
BEGIN
	IF NOT ledger.enter(p_who) THEN
		status := 'credential_stale';
		RETURN NEXT;
		RETURN;
	END IF;
	INSERT INTO ledger.unknown_code AS u (tenant_id, credential_id,
	    address, hour, count)
	VALUES (p_who.tenant, p_who.credential, p_address,
	    date_trunc('hour', now()), 1)
	ON CONFLICT (tenant_id, credential_id, address) DO UPDATE
	    SET count = CASE WHEN u.hour = excluded.hour
		THEN u.count + 1 ELSE 1 END, hour = excluded.hour
	RETURNING count INTO v_count;
	status := CASE WHEN v_count > p_budget
	    THEN 'too_many_requests' ELSE 'ok' END;
	RETURN NEXT;
END $$;
