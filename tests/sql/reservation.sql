-- sql/functions/reservation.sql: the list of numbers set aside; account.sql
-- tests how they are made and used up.
BEGIN;
\ir lib/world.psql
SELECT * FROM no_plan();

CREATE FUNCTION test.reserve(p_codes text[], p_agency text, p_batch text,
    p_lapse integer DEFAULT NULL, p_tenant integer DEFAULT test.a())
    RETURNS text
LANGUAGE sql
RETURN (SELECT string_agg(coalesce(r.code, r.status::text), ' ')
	FROM api.card_reserve(test.who(p_tenant), gen_random_uuid(),
	gen_random_uuid(), p_codes, cardinality(p_codes), 'GIFT', p_lapse,
	p_agency, p_batch) r);
CREATE FUNCTION test.list(p_agency text DEFAULT NULL,
    p_batch text DEFAULT NULL, p_after integer DEFAULT NULL,
    p_limit integer DEFAULT 10, p_tenant integer DEFAULT test.a())
    RETURNS text
LANGUAGE sql
RETURN (SELECT string_agg(concat_ws(' ', r.code, CASE WHEN r.lapsed
	THEN 'lapsed' END), '; ') FROM api.reservation_list(
	test.who(p_tenant), p_agency, p_batch, p_after, p_limit) r);

SELECT is(test.list(), NULL, 'none');
SELECT is(test.card('MINE', 100), 'ok', 'a card');
SELECT is(test.list(), NULL, 'is none');
SELECT is(test.reserve(ARRAY['R-1', 'R-2'], 'PrintCo', 'Spring'), 'R-1 R-2',
	'two set aside');
SELECT is(test.reserve(ARRAY['R-3'], 'WebCo', NULL, 3600), 'R-3', 'for an hour');
SELECT is(test.reserve(ARRAY['R-4'], 'PrintCo', 'Autumn'), 'R-4', 'more');
SELECT is(test.reserve(ARRAY['H-1'], 'PrintCo', 'Spring', NULL, :b), 'H-1',
	'another tenant''s');
SELECT is(test.list(), 'R-4; R-3; R-2; R-1', 'newest first');
SELECT is(test.list('PrintCo'), 'R-4; R-2; R-1', 'of an agency');
SELECT is(test.list('printco'), NULL, 'by its very name');
SELECT is(test.list(NULL, 'Spring'), 'R-2; R-1', 'of a batch');
SELECT is(test.list('WebCo', 'Spring'), NULL, 'of both');
SELECT is(test.list(p_tenant => :b), 'H-1', 'hers are hers');
SELECT is(test.list(p_limit => 2), 'R-4; R-3', 'a page');
SELECT is(test.list(p_after => test.id('R-3'), p_limit => 2), 'R-2; R-1',
	'the next');
SELECT is(test.list(p_after => test.id('R-1')), NULL, 'and no more');
SELECT is((SELECT concat_ws(' ', r.status, r.code, r.programme, r.agency,
	r.batch, r.expires_at IS NULL, r.created_at = now())
	FROM api.reservation_list(test.who(:a), 'PrintCo', 'Autumn', NULL, 10)
	r), 'ok R-4 GIFT PrintCo Autumn t t', 'what is told');
SELECT is((SELECT concat_ws(' ', r.expires_at - r.created_at, r.batch =
	to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS'))
	FROM api.reservation_list(test.who(:a), 'WebCo', NULL, NULL, 10) r),
	'01:00:00 t', 'of one that lapses, and has no batch');

SELECT test.clock(now() + interval '1 hour');
SELECT is(test.list('WebCo'), 'R-3 lapsed', 'its time is over');
SELECT test.clock(NULL);
SELECT is((SELECT status::text FROM api.card_sell(test.who(:a),
	gen_random_uuid(), gen_random_uuid(), ARRAY['R-1'], true, 'GIFT', 100,
	NULL, NULL, false)), 'ok', 'sold');
SELECT is(test.list(), 'R-4; R-3; R-2', 'no longer set aside');

-- What the operator's files of cards make of them.
SELECT results_eq($$ SELECT code, reserved FROM ops.cards_taken(test.a(),
	ARRAY['R-1', 'R-2', 'R-3', 'R-9', 'MINE', 'H-1']) ORDER BY code $$,
	$$ VALUES ('MINE', false), ('R-1', false), ('R-2', true), ('R-3', true)
	$$, 'taken');
SELECT is((SELECT array_agg(code ORDER BY code) FROM ops.cards_export(:a, NULL,
	0, 100)), ARRAY['MINE', 'R-1'], 'and no cards');

SELECT * FROM finish();
ROLLBACK;
