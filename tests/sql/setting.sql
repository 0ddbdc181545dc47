-- sql/functions/01_setting.sql: the switches of a tenant.
BEGIN;
\ir lib/world.psql
SELECT * FROM no_plan();

SELECT is((SELECT coalesce(field, status::text) FROM api.setting_check(
	test.who(:a), v.json::jsonb)), v.want, v.json) FROM (VALUES
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
	('{"nonsense": null}', 'nonsense'),
	('{"nonsense": 1, "iwarehouse_plain_http": true}', 'nonsense'),
	('[]', 'invalid'), ('5', 'invalid'), ('null', 'invalid'))
	AS v (json, want);
SELECT is((SELECT help FROM api.setting_check(test.who(:a),
	'{"iwarehouse_amount_max": 0}')),
	'It is a whole number from 1 to 1000000000000.', 'it says what it takes');
SELECT is((SELECT help FROM api.setting_check(test.who(:a), '{"x": 0}')),
	'There is no such setting.', 'or that it is none');
SELECT results_eq($$ SELECT * FROM regexp_split_to_table(
	ledger.settings_text('{}'), '\n') $$, $$ SELECT key || '=' || preset
	FROM ledger.setting $$, 'all with their defaults');
SELECT results_eq($$ SELECT * FROM regexp_split_to_table(
	ledger.settings_text('{"iwarehouse_plain_http": true,
	"iwarehouse_amount_max": 7}'), '\n') $$, $$ VALUES
	('iwarehouse_plain_http=true'), ('iwarehouse_status_200=false'),
	('iwarehouse_amount_max=7') $$, 'or as they are set');
SELECT is_empty($$ SELECT key FROM ledger.setting CROSS JOIN LATERAL
	api.setting_check(test.who(test.a()),
	jsonb_build_object(key, preset::jsonb)) WHERE status <> 'ok' $$,
	'the defaults are allowed values');

SELECT * FROM finish();
ROLLBACK;
