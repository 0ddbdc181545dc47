-- ledger.unit is the table of src/base/unit.c; tests/base/test_unit.c compares
-- that with the migration, this the migration with what is there.
BEGIN;
\ir lib/world.psql
SELECT * FROM no_plan();

\set rows `sed -n '/^    (/s/[;]*$//p' sql/migrations/0002_units.sql`
CREATE TEMPORARY TABLE wanted (unit_id smallint, name text,
	exponent smallint, currency boolean) ON COMMIT DROP;
INSERT INTO wanted VALUES :rows;
SELECT cmp_ok((SELECT count(*)::integer FROM wanted), '>', 160, 'all rows');
SELECT set_eq('SELECT unit_id, name, exponent, currency FROM ledger.unit',
	'SELECT unit_id, name, exponent, currency FROM wanted',
	'the table is what it should be');

SELECT * FROM finish();
ROLLBACK;
