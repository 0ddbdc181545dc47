-- ops.card_latest(tenant, login, value, since, limit): the newest cards, each
-- with the credential that issued it and its opening value. After an issue
-- whose answer was lost it tells whether there is a card, and which. value in
-- minor units; null: any.
CREATE OR REPLACE FUNCTION ops.card_latest(p_tenant integer, p_login text,
    p_value bigint, p_since timestamptz, p_limit integer)
    RETURNS TABLE (status api.status, code text, created_at timestamptz,
	programme text, api text, login text, label text, unit smallint,
	opened bigint, balance bigint, reference text)
LANGUAGE sql STABLE
BEGIN ATOMIC
	SELECT 'ok'::api.status, c.code, c.created_at, g.code, x.api, x.login,
	    x.label, p.unit, p.opened, p.balance, c.reference
	FROM ledger.card c
	JOIN ledger.programme g ON g.tenant_id = c.tenant_id
	    AND g.programme_id = c.programme_id
	JOIN ledger.purse p ON p.tenant_id = c.tenant_id
	    AND p.card_id = c.card_id
	LEFT JOIN ledger.credential x ON x.tenant_id = c.tenant_id
	    AND x.credential_id = c.issued_by
	WHERE c.tenant_id = p_tenant
	    AND (p_login IS NULL OR lower(x.login) = lower(p_login))
	    AND (p_value IS NULL OR p.opened = p_value)
	    AND (p_since IS NULL OR c.created_at >= p_since)
	ORDER BY c.card_id DESC, p.unit LIMIT p_limit;
END;
