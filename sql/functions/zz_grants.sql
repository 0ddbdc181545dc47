-- Who may call what; last, when all is there.
DO $$
DECLARE
	f	regprocedure;
	s	text;
BEGIN
	FOR f, s IN SELECT p.oid, n.nspname FROM pg_proc p
	    JOIN pg_namespace n ON n.oid = p.pronamespace
	    WHERE n.nspname IN ('api', 'ops', 'ledger')
	    AND p.proowner = 'tessera_owner'::regrole LOOP
		EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f);
		IF s = 'api' THEN
			EXECUTE format('GRANT EXECUTE ON FUNCTION %s '
			    'TO tessera_app, tessera_ops', f);
		ELSIF s = 'ops' THEN
			EXECUTE format('GRANT EXECUTE ON FUNCTION %s '
			    'TO tessera_ops', f);
		END IF;
	END LOOP;
END $$;
GRANT EXECUTE ON FUNCTION ledger.tenant() TO PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.now(), ledger.today() TO tessera_ops;
