-- Where `tessera cards import` puts the rows of a file before it books them
-- all at once, so that an interrupted import goes on where it stopped.

CREATE TABLE ledger.import (
	tenant_id	integer NOT NULL REFERENCES ledger.tenant,
	import_id	uuid NOT NULL,
	rows		integer NOT NULL CHECK (rows > 0),
	file		text NOT NULL,
	started_at	timestamptz NOT NULL DEFAULT now(),
	done_at		timestamptz,
	PRIMARY KEY (tenant_id, import_id));
COMMENT ON TABLE ledger.import IS 'files of cards; done_at: they are booked';
COMMENT ON COLUMN ledger.import.import_id IS
	'digest of tenant, programme and file: the same again is known';

CREATE TABLE ledger.import_row (
	tenant_id	integer NOT NULL,
	import_id	uuid NOT NULL,
	line		integer NOT NULL,
	programme_id	integer NOT NULL,
	expires_on	date,
	state		ledger.card_state NOT NULL,
	balance		bigint NOT NULL,
	code		text NOT NULL,
	reference	text,
	note		text,
	PRIMARY KEY (tenant_id, import_id, line),
	FOREIGN KEY (tenant_id, import_id) REFERENCES ledger.import);
COMMENT ON TABLE ledger.import_row IS 'staged, gone once they are booked';

DO $$
DECLARE
	t	text;
BEGIN
	FOREACH t IN ARRAY ARRAY['import', 'import_row'] LOOP
		EXECUTE format('ALTER TABLE ledger.%I ENABLE ROW LEVEL SECURITY',
		    t);
		EXECUTE format('ALTER TABLE ledger.%I FORCE ROW LEVEL SECURITY',
		    t);
		EXECUTE format('CREATE POLICY tenant ON ledger.%I '
		    'TO tessera_owner USING (tenant_id = ledger.tenant())', t);
		EXECUTE format('CREATE POLICY ops ON ledger.%I FOR SELECT '
		    'TO tessera_ops USING (true)', t);
	END LOOP;
END $$;
