-- sql/functions/01_setting.sql: the switches of a tenant.
BEGIN;
\ir lib/world.psql
SELECT * FROM no_plan();

SELECT is((SELECT coalesce(field, status::text) FROM api.setting_check(
	test.who(:a), 'tenant', v.json::jsonb)), v.want, v.json) FROM (VALUES
	('{}', 'ok'),
	('{"iwarehouse_plain_http": true}', 'ok'),
	('{"iwarehouse_plain_http": null}', 'ok'),
	('{"iwarehouse_plain_http": "true"}', 'iwarehouse_plain_http'),
	('{"iwarehouse_plain_http": 1}', 'iwarehouse_plain_http'),
	('{"iwarehouse_amount_max": 1}', 'ok'),
	('{"iwarehouse_amount_max": 1000000000000}', 'ok'),
	('{"iwarehouse_amount_max": 0}', 'iwarehouse_amount_max'),
	('{"iwarehouse_amount_max": 1000000000001}', 'iwarehouse_amount_max'),
	('{"iwarehouse_amount_max": 9999999999999999999}',
	    'iwarehouse_amount_max'),
	('{"iwarehouse_amount_max": -1}', 'iwarehouse_amount_max'),
	('{"iwarehouse_amount_max": 1.5}', 'iwarehouse_amount_max'),
	('{"iwarehouse_amount_max": "5"}', 'iwarehouse_amount_max'),
	('{"iwarehouse_amount_max": [5]}', 'iwarehouse_amount_max'),
	('{"no_mail_domain": "example.com"}', 'ok'),
	('{"no_mail_domain": "x"}', 'no_mail_domain'),
	('{"no_mail_domain": 123}', 'ok'),
	('{"no_mail_domain": 12}', 'no_mail_domain'),
	('{"no_mail_domain": true}', 'no_mail_domain'),
	('{"no_mail_domain": "a\nb=true"}', 'no_mail_domain'),
	('{"earn_rate_bp": 500}', 'earn_rate_bp'),
	('{"nonsense": null}', 'nonsense'),
	('{"nonsense": 1, "iwarehouse_plain_http": true}', 'nonsense'),
	('[]', 'invalid'), ('5', 'invalid'), ('null', 'invalid'))
	AS v (json, want);
SELECT is((SELECT status::text FROM api.setting_check(test.who(:a),
	'programme', '{"earn_rate_bp": 500}')), 'ok', 'a rule of programmes');
SELECT is((SELECT field FROM api.setting_check(test.who(:a), 'programme',
	'{"no_mail_domain": "example.com"}')), 'no_mail_domain',
	'takes no switch of tenants');
SELECT is((SELECT help FROM api.setting_check(test.who(:a), 'tenant',
	'{"iwarehouse_amount_max": 0}')),
	'It is a whole number from 1 to 1000000000000.', 'it says what it takes');
SELECT is((SELECT help FROM api.setting_check(test.who(:a), 'tenant', '{"x": 0}')),
	'There is no such setting.', 'or that it is none');
SELECT results_eq($$ SELECT * FROM regexp_split_to_table(
	ledger.settings_text('{}'), '\n') $$, $$ SELECT key || '=' || preset
	FROM ledger.setting WHERE scope = 'tenant' $$, 'all with their defaults');
SELECT results_eq($$ SELECT * FROM regexp_split_to_table(
	ledger.settings_text('{"iwarehouse_plain_http": true,
	"iwarehouse_amount_max": 7, "no_mail_domain": "x=y.example"}'), '\n') t
	WHERE t ~ '^(iwarehouse|no_mail)' $$, $$ VALUES
	('iwarehouse_plain_http=true'), ('iwarehouse_status_200=false'),
	('iwarehouse_amount_max=7'), ('no_mail_domain=x=y.example') $$,
	'or as they are set');
SELECT is_empty($$ SELECT key FROM ledger.setting CROSS JOIN LATERAL
	api.setting_check(test.who(test.a()), scope,
	jsonb_build_object(key, CASE kind WHEN 'text' THEN to_jsonb(preset)
	ELSE preset::jsonb END)) WHERE status <> 'ok' $$,
	'the defaults are allowed values');

SELECT * FROM finish();
ROLLBACK;
