-- No statistics of tenant_id. Of a tenant that is newer than they are, the
-- planner believes that it has no rows: then one index is as good to it as
-- another, and to find a card it reads all that the tenant has, until some day
-- a tenth of the whole table has changed and is analysed anew. Without them it
-- goes by the table's size. (What a database has gathered before, it keeps.)
DO $$
DECLARE
	t	regclass;
BEGIN
	FOR t IN SELECT c.oid FROM pg_attribute a
	    JOIN pg_class c ON c.oid = a.attrelid
	    WHERE c.relnamespace = 'ledger'::regnamespace AND c.relkind = 'r'
	    AND a.attname = 'tenant_id' AND a.attstattarget <> 0
	    ORDER BY c.oid LOOP
		EXECUTE format('ALTER TABLE %s ALTER COLUMN tenant_id '
		    'SET STATISTICS 0', t);
	END LOOP;
END $$;
