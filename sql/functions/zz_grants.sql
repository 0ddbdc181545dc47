-- Who may call what; last, when all is there. By name, whatever the parameters:
-- beside a function whose parameters have changed its former self is still
-- there now, and goes when the deploy ends.
--
-- api is for workers and the operator, ops for the operator alone, what is in
-- ledger for neither; but for those named here.
DO $$
DECLARE
	f	record;
BEGIN
	FOR f IN SELECT p.oid::regprocedure AS it,
	    p.proowner::regrole AS owner, CASE WHEN e.name IS NOT NULL
	    THEN e.roles ELSE CASE n.nspname
		WHEN 'api' THEN 'tessera_app, tessera_ops'
		WHEN 'ops' THEN 'tessera_ops' END END AS roles
	    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
	    LEFT JOIN (VALUES
		('ledger.tenant', 'PUBLIC'),
		('ledger.now', 'tessera_ops'),
		('ledger.today', 'tessera_ops'),
		('ledger.preset', 'tessera_auth, tessera_ops'),
		('ledger.settings_text', 'tessera_auth'),
		('api.credential_usable', NULL),
		('api.login_failed', NULL),
		('api.network_failed', NULL),
		('api.login_clear', 'tessera_owner'),
		('api.network_of', 'tessera_owner, tessera_ops'))
		AS e (name, roles) ON e.name = n.nspname || '.' || p.proname
	    WHERE n.nspname IN ('api', 'ops', 'ledger') LOOP
		EXECUTE format('SET LOCAL ROLE %s', f.owner);
		EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC',
		    f.it);
		IF f.roles IS NOT NULL THEN
			EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %s',
			    f.it, f.roles);
		END IF;
	END LOOP;
	SET LOCAL ROLE tessera_owner;
END $$;
