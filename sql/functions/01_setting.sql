-- The switches of a tenant: THE table. A new one is a row here, a line in
-- tessera(1), and setting_bool() or setting_i64() where it matters.
CREATE OR REPLACE VIEW ledger.setting AS
SELECT * FROM (VALUES
	('iwarehouse_plain_http', 'boolean', 'false', 0::bigint, 0::bigint,
	 'gift_api.asp answers over plain HTTP too, for clients that cannot do '
	 'better; passwords then travel in clear'),
	('iwarehouse_status_200', 'boolean', 'false', 0, 0,
	 'gift_api.asp answers errors with status 200 and the same body, for '
	 'clients that lose the body of a 4xx'),
	('iwarehouse_amount_max', 'integer', '10000', 1, 1000000000000,
	 'highest qty of gift_api.asp, in whole units of the currency')
) AS s (key, kind, preset, low, high, help);

-- All settings in force as "key=value" lines: what a worker reads.
CREATE OR REPLACE FUNCTION ledger.settings_text(p_settings jsonb)
    RETURNS text
LANGUAGE sql STABLE
BEGIN ATOMIC
	SELECT string_agg(s.key || '=' || coalesce(p_settings ->> s.key,
	    s.preset), E'\n') FROM ledger.setting s;
END;
GRANT SELECT ON ledger.setting TO tessera_auth, tessera_ops;
GRANT EXECUTE ON FUNCTION ledger.settings_text TO tessera_auth;

-- api.setting_check(who, settings): invalid with the key at fault and what it
-- takes; null as a value means the default again.
CREATE OR REPLACE FUNCTION api.setting_check(p_who api.caller,
    p_settings jsonb)
    RETURNS TABLE (status api.status, field text, help text)
LANGUAGE plpgsql SECURITY DEFINER STABLE AS $$
BEGIN
	IF NOT ledger.enter(p_who) THEN
		status := 'credential_stale';
	ELSIF jsonb_typeof(p_settings) <> 'object' THEN
		status := 'invalid';
		help := 'Settings are an object of keys and values.';
	ELSE
		SELECT 'invalid', e.key, CASE
		    WHEN s.key IS NULL THEN 'There is no such setting.'
		    WHEN s.kind = 'boolean' THEN 'It is true or false.'
		    ELSE format('It is a whole number from %s to %s.',
			s.low, s.high) END
		INTO status, field, help
		FROM jsonb_each(p_settings) e
		LEFT JOIN ledger.setting s ON s.key = e.key
		WHERE s.key IS NULL OR NOT CASE
		    WHEN e.value = 'null' THEN true
		    WHEN s.kind = 'boolean' THEN
			jsonb_typeof(e.value) = 'boolean'
		    WHEN e.value::text ~ '^-?[0-9]{1,15}$' THEN
			e.value::text::bigint BETWEEN s.low AND s.high
		    ELSE false END
		ORDER BY e.key LIMIT 1;
		IF NOT FOUND THEN
			status := 'ok';
		END IF;
	END IF;
	RETURN NEXT;
END $$;
