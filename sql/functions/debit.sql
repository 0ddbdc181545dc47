-- api.debit(tenant, credential, version, clock, zone, request, key,
-- fingerprint, card, unit, kind, amount, expected, reference): the commonest
-- batch of ledger.post, one whole debit, in one statement and without
-- composites: half the cost. Same rules, same rows, same answer. It moves
-- value only when nothing speaks against it; whenever it does not touch a row
-- (unknown, suspended, expired, too little, holds that may have come due, a
-- stale credential, ...) ledger.post decides and says why. tests/sql/debit.sql
-- holds the two against each other.
CREATE OR REPLACE FUNCTION api.debit(p_tenant integer,
    p_credential integer, p_version integer, p_clock timestamptz,
    p_zone text, p_request uuid, p_key uuid, p_print uuid, p_card text,
    p_unit smallint, p_kind ledger.kind, p_amount bigint,
    p_expected integer, p_reference text)
    RETURNS SETOF api.transfer_row
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	r	api.transfer_row;
	v	text := set_config('tessera.tenant', p_tenant::text, true);
BEGIN
	IF NOT pg_try_advisory_xact_lock(
	    uuid_hash_extended(p_key, p_tenant)) THEN
		r.status := 'request_in_progress';
		RETURN NEXT r;
		RETURN;
	END IF;
	WITH p AS (
		UPDATE ledger.purse q SET balance = q.balance - p_amount,
		    version = q.version + 1,
		    changed_at = coalesce(p_clock, clock_timestamp())
		FROM ledger.credential k
		WHERE k.tenant_id = p_tenant AND k.credential_id = p_credential
		AND k.version = p_version AND q.tenant_id = p_tenant
		AND q.card_id = (SELECT y.card_id FROM ledger.card y
		    WHERE y.tenant_id = p_tenant AND y.code = p_card)
		AND q.unit = p_unit AND q.state = 'active'
		AND (q.expires_at IS NULL
		    OR q.expires_at > coalesce(p_clock, clock_timestamp()))
		AND q.held = 0 AND q.balance >= p_amount
		AND (p_expected IS NULL OR q.version = p_expected)
		RETURNING q.card_id, q.version, q.balance, q.held,
		    q.changed_at),
	x AS (
		INSERT INTO ledger.transfer (tenant_id, card_id, unit,
		    direction, seq, kind, contra, credential_id, amount,
		    balance_after, held_after, created_at, request_id,
		    reference)
		SELECT p_tenant, p.card_id, p_unit, -1, p.version, p_kind,
		    ledger.contra_of(p_kind), p_credential, p_amount,
		    p.balance, p.held, p.changed_at, p_request, p_reference
		    FROM p),
	i AS (
		INSERT INTO ledger.idempotency (tenant_id, key, fingerprint,
		    request_id, created_at, refs)
		SELECT p_tenant, p_key, p_print, p_request, p.changed_at,
		    ARRAY[p.card_id, p_unit, p.version] FROM p
		ON CONFLICT DO NOTHING RETURNING false AS replayed)
	SELECT 'ok', i.replayed, 'ok', p.card_id, p_unit, p.version, p_card,
	    p_kind, -1, p_amount, p.balance, p.held, p.changed_at,
	    NULL, NULL, NULL, p_reference, NULL
	    INTO r FROM p LEFT JOIN i ON true;
	IF r.status IS NULL THEN
		RETURN QUERY SELECT * FROM api.post(ROW(p_tenant, p_credential,
		    p_version, p_clock, p_zone, p_request)::api.caller, p_key,
		    p_print, ARRAY[ROW('debit', p_card, NULL, p_unit, NULL,
		    p_kind, p_amount, false, false, false, p_expected, NULL,
		    p_reference, NULL)::api.transfer_in]);
	ELSIF r.replayed IS NULL THEN
		RAISE SQLSTATE 'TS001'
		    USING MESSAGE = 'idempotency key used before';
	ELSE
		RETURN NEXT r;
	END IF;
END $$;
