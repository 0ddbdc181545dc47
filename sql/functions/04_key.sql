-- ledger.key_keep(who, key, fingerprint, outcomes, refs, cards, detail): what a
-- write under a key came to, kept for ever in its own transaction, so that a
-- repeat gets the first answer. SQLSTATE TS001 when the key was used before:
-- then nothing of this transaction is booked, and the function's _replay has
-- the answer.
CREATE OR REPLACE FUNCTION ledger.key_keep(p_who api.caller, p_key uuid,
    p_print uuid, p_outcomes api.status[], p_refs integer[] DEFAULT NULL,
    p_cards integer[] DEFAULT NULL, p_detail jsonb DEFAULT NULL)
    RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO ledger.idempotency (tenant_id, key, fingerprint,
	    request_id, created_at, refs, cards, outcomes, detail)
	VALUES (p_who.tenant, p_key, p_print, p_who.request, ledger.now(),
	    p_refs, p_cards, CASE WHEN 'ok' <> ANY (p_outcomes)
		THEN p_outcomes END, p_detail)
	ON CONFLICT DO NOTHING;
	IF NOT FOUND THEN
		RAISE SQLSTATE 'TS001'
		    USING MESSAGE = 'idempotency key used before';
	END IF;
END $$;
