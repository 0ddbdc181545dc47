-- ledger.enter(who): the first statement of every api function. Names the
-- tenant for row level security, and the tenant's clock and zone. False when
-- the credential has changed since the worker verified it (rotated, locked,
-- disabled, its tenant blocked): answer credential_stale then. A caller
-- without credential is the operator's command, and must be its role.
CREATE OR REPLACE FUNCTION ledger.enter(p_who api.caller) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
DECLARE
	v	text;
BEGIN
	v := set_config('tessera.tenant', p_who.tenant::text, true);
	v := set_config('tessera.clock', coalesce(p_who.clock::text, ''), true);
	v := set_config('tessera.zone', coalesce(p_who.zone, 'UTC'), true);
	IF p_who.credential IS NULL THEN
		RETURN pg_has_role(session_user, 'tessera_ops', 'MEMBER');
	END IF;
	RETURN EXISTS (SELECT FROM ledger.credential c
	    WHERE c.tenant_id = p_who.tenant
	    AND c.credential_id = p_who.credential
	    AND c.version = p_who.version);
END $$;

-- The ledger's clock: PostgreSQL's, unless the tenant's stands still.
CREATE OR REPLACE FUNCTION ledger.now() RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(nullif(current_setting('tessera.clock', true), '')::timestamptz,
	now());

-- The same at this very moment, not at the transaction's start: a movement is
-- dated when its purse is locked, so that dates ascend with seq.
CREATE OR REPLACE FUNCTION ledger.moment() RETURNS timestamptz
LANGUAGE sql VOLATILE
RETURN coalesce(nullif(current_setting('tessera.clock', true), '')::timestamptz,
	clock_timestamp());

-- Today in the tenant's time zone.
CREATE OR REPLACE FUNCTION ledger.today() RETURNS date
LANGUAGE sql STABLE PARALLEL SAFE
RETURN (ledger.now() AT TIME ZONE current_setting('tessera.zone'))::date;

-- The instant at which a card with this last valid day expires.
CREATE OR REPLACE FUNCTION ledger.expiry_instant(p_on date) RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE
RETURN (p_on + 1)::timestamp AT TIME ZONE current_setting('tessera.zone');
