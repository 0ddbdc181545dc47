-- api.schema_version(): the last migration, and the labels of api.status, so
-- that a worker refuses a schema that it does not know.
CREATE OR REPLACE FUNCTION api.schema_version()
    RETURNS TABLE (status api.status, version integer, statuses text)
LANGUAGE sql SECURITY DEFINER STABLE
BEGIN ATOMIC
	SELECT 'ok'::api.status, max(m.number),
	    array_to_string(enum_range(NULL::api.status), ',')
	    FROM ledger.migration m;
END;
