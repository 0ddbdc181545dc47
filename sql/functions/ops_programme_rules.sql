-- ops.programme_rules(tenant, code): the rules in force of one programme, or of
-- all, each an object with every rule there is.
CREATE OR REPLACE FUNCTION ops.programme_rules(p_tenant integer, p_code text)
    RETURNS TABLE (status api.status, code text, rules text)
LANGUAGE sql STABLE
BEGIN ATOMIC
	SELECT 'ok'::api.status, g.code, (SELECT jsonb_object_agg(s.key,
	    coalesce(g.settings -> s.key, CASE s.kind WHEN 'text'
		THEN to_jsonb(s.preset) ELSE s.preset::jsonb END))::text
	    FROM ledger.setting s WHERE s.scope = 'programme')
	FROM ledger.programme g
	WHERE g.tenant_id = p_tenant AND (p_code IS NULL OR g.code = p_code)
	ORDER BY g.programme_id;
END;
