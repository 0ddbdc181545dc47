-- What a purse repeats of its card is what the card says.
SELECT p.tenant_id, p.card_id, p.unit, p.state, c.state AS card_state,
	p.expires_at, c.expires_on
FROM ledger.purse p
LEFT JOIN ledger.card c USING (tenant_id, card_id)
JOIN ledger.tenant t USING (tenant_id)
WHERE c.card_id IS NULL OR p.state <> c.state
	OR p.expires_at IS DISTINCT FROM
	((c.expires_on + 1)::timestamp AT TIME ZONE t.time_zone)
UNION ALL
SELECT c.tenant_id, c.card_id, NULL, NULL, c.state, NULL, c.expires_on
FROM ledger.card c
WHERE (c.state = 'reserved') = EXISTS (SELECT FROM ledger.purse p
	WHERE p.tenant_id = c.tenant_id AND p.card_id = c.card_id)
UNION ALL
SELECT c.tenant_id, c.card_id, NULL, NULL, c.state, NULL, c.expires_on
FROM ledger.card c
WHERE c.state = 'reserved' AND NOT EXISTS (SELECT FROM ledger.reservation r
	WHERE r.tenant_id = c.tenant_id AND r.card_id = c.card_id)
