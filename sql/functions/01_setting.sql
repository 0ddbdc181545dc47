-- The switches of a tenant and the rules of a programme: THE table. A new one
-- is a row here and its default, a line in tessera(1), and where it matters
-- setting_bool(), setting_i64() or setting_str() (a tenant's) or ledger.rule()
-- (a programme's). low and high bound a number, or the length of a text.

-- Defaults are a function, so that they are known when a query is planned:
-- rules are read with each purchase.
CREATE OR REPLACE FUNCTION ledger.preset(p_key text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE p_key
	WHEN 'iwarehouse_plain_http' THEN 'false'
	WHEN 'iwarehouse_status_200' THEN 'false'
	WHEN 'iwarehouse_amount_max' THEN '10000'
	WHEN 'cardapp_status_200' THEN 'true'
	WHEN 'cardapp_lockout_min' THEN '60'
	WHEN 'cardapp_names_swapped' THEN 'false'
	WHEN 'cardapp_discount_check' THEN 'false'
	WHEN 'cardapp_duplicate_window_s' THEN '0'
	WHEN 'no_mail_domain' THEN 'no-mail.invalid'
	WHEN 'cp_hold_min' THEN '0'
	WHEN 'cp_token_h' THEN '24'
	WHEN 'cp_pool_max' THEN '500'
	WHEN 'cp_earn_once' THEN 'false'
	WHEN 'cp_reserved_only' THEN 'false'
	WHEN 'cp_store' THEN '1'
	WHEN 'cp_drawer' THEN '1'
	WHEN 'cp_user' THEN 'TESSERA'
	WHEN 'cp_product_type' THEN 'giftcard'
	WHEN 'cp_item' THEN 'GIFTCARD'
	WHEN 'earn_rate_bp' THEN '0'
	WHEN 'earn_on_spend' THEN 'false'
	WHEN 'redeem_points' THEN '1'
	WHEN 'redeem_value' THEN '100'
	WHEN 'welcome_points' THEN '0'
	WHEN 'offered' THEN 'true'
	WHEN 'no_leading_zero' THEN 'false'
	WHEN 'earning_text' THEN ''
	WHEN 'redemption_text' THEN ''
	END;

CREATE OR REPLACE VIEW ledger.setting AS
SELECT s.key, s.kind, ledger.preset(s.key) AS preset, s.low, s.high, s.help,
	s.scope
FROM (VALUES
	('iwarehouse_plain_http', 'boolean',
	 0::bigint, 0::bigint,
	 'gift_api.asp answers over plain HTTP too, for clients that cannot do '
	 'better; passwords then travel in clear', 'tenant'),
	('iwarehouse_status_200', 'boolean', 0, 0,
	 'gift_api.asp answers errors with status 200 and the same body, for '
	 'clients that lose the body of a 4xx', 'tenant'),
	('iwarehouse_amount_max', 'integer',
	 1, 1000000000000,
	 'highest qty of gift_api.asp, in whole units of the currency', 'tenant'),
	('cardapp_status_200', 'boolean', 0, 0,
	 'response.php answers refusals with status 200; false: with a 4xx and '
	 'the same body', 'tenant'),
	('cardapp_lockout_min', 'integer', 0, 525600,
	 'minutes for which three wrong credentials in a row block a user name '
	 'from one address; 0: until tessera credential unlock', 'tenant'),
	('cardapp_names_swapped', 'boolean', 0, 0,
	 'actualizare_date: first_name is the given name and last_name the '
	 'family name, not the other way round', 'tenant'),
	('cardapp_discount_check', 'boolean', 0, 0,
	 'cheltuire_puncte: valoare_reducere must be what nr_puncte are worth, '
	 'give or take 0.01', 'tenant'),
	('cardapp_duplicate_window_s', 'integer', 0, 3600,
	 'seconds within which an identical sale or return on a card is '
	 'answered again and not booked; 0: each is booked', 'tenant'),
	('no_mail_domain', 'text', 3, 100,
	 'domain of the e-mail addresses made up for customers who gave none', 'tenant'),
	('cp_hold_min', 'integer', 0, 525600,
	 'minutes after which an authorisation of CP Extender lapses; 0: never',
	 'tenant'),
	('cp_token_h', 'integer', 1, 8760,
	 'hours that a token from SSO/Login lives', 'tenant'),
	('cp_pool_max', 'integer', 1, 10000,
	 'most numbers that Giftcard/ReserveIds sets aside in one call', 'tenant'),
	('cp_earn_once', 'boolean', 0, 0,
	 'Loyalty/Earn ignores a repeat of the same CustomerNumber, Reason and '
	 'Reference, where there is a Reference', 'tenant'),
	('cp_reserved_only', 'boolean', 0, 0,
	 'Giftcard/Create takes a GiftCardId only when it is reserved', 'tenant'),
	('cp_store', 'text', 1, 20,
	 'StrId of Connection/Status', 'tenant'),
	('cp_drawer', 'text', 1, 20,
	 'DrwId of Connection/Status', 'tenant'),
	('cp_user', 'text', 1, 50,
	 'UsrId of Connection/Status', 'tenant'),
	('cp_product_type', 'text', 1, 50,
	 'MgGcProductType of Connection/Status', 'tenant'),
	('cp_item', 'text', 1, 50,
	 'CpGcItemNo of Connection/Status', 'tenant'),
	('earn_rate_bp', 'integer', 0, 1000000,
	 'points that a purchase earns, in hundredths of a percent of its '
	 'amount in whole units of the currency: 500 is 5 %; rounded down', 'programme'),
	('earn_on_spend', 'boolean', 0, 0,
	 'what is paid beside points earns too', 'programme'),
	('redeem_points', 'integer', 1, 1000000,
	 'this many points are worth redeem_value', 'programme'),
	('redeem_value', 'integer', 0, 1000000000,
	 'minor units of the currency that redeem_points points are worth', 'programme'),
	('welcome_points', 'integer', 0, 1000000000,
	 'points on a new card of a customer who enrols', 'programme'),
	('offered', 'boolean', 0, 0,
	 'a card type that shops may choose: response.php lists it', 'programme'),
	('no_leading_zero', 'boolean', 0, 0,
	 'the random part of a code never begins with 0', 'programme'),
	('earning_text', 'text', 0, 500,
	 'how points are earned, in words for customers', 'programme'),
	('redemption_text', 'text', 0, 500,
	 'what points are worth, in words for customers', 'programme')
) AS s (key, kind, low, high, help, scope);

-- A programme's rule in force, as text.
CREATE OR REPLACE FUNCTION ledger.rule(p_settings jsonb, p_key text)
    RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce(p_settings ->> p_key, ledger.preset(p_key));

-- All settings of a tenant in force as "key=value" lines: what a worker reads.
CREATE OR REPLACE FUNCTION ledger.settings_text(p_settings jsonb)
    RETURNS text
LANGUAGE sql STABLE
BEGIN ATOMIC
	SELECT string_agg(s.key || '=' || coalesce(p_settings ->> s.key,
	    s.preset), E'\n') FROM ledger.setting s WHERE s.scope = 'tenant';
END;
GRANT SELECT ON ledger.setting TO tessera_auth, tessera_ops;

-- api.setting_check(who, scope, settings): invalid with the key at fault and
-- what it takes; null as a value means the default again. A text may be a
-- number: who writes key=42 has not said which.
CREATE OR REPLACE FUNCTION api.setting_check(p_who api.caller,
    p_scope text, p_settings jsonb)
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
		    WHEN s.kind = 'text' THEN
			format('It is a text of %s to %s characters.',
			    s.low, s.high)
		    ELSE format('It is a whole number from %s to %s.',
			s.low, s.high) END
		INTO status, field, help
		FROM jsonb_each(p_settings) e
		LEFT JOIN ledger.setting s ON s.scope = p_scope
		    AND s.key = e.key
		WHERE s.key IS NULL OR NOT CASE
		    WHEN e.value = 'null' THEN true
		    WHEN s.kind = 'boolean' THEN
			jsonb_typeof(e.value) = 'boolean'
		    WHEN s.kind = 'text' THEN
			jsonb_typeof(e.value) IN ('string', 'number')
			AND length(e.value #>> '{}') BETWEEN s.low AND s.high
			AND e.value #>> '{}' !~ '[[:cntrl:]]'
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
