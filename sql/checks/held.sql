-- What is held is the sum of the open holds.
SELECT p.tenant_id, p.card_id, p.unit, p.held, coalesce(h.remaining, 0)
	AS open_holds
FROM ledger.purse p LEFT JOIN (
	SELECT tenant_id, card_id, unit, sum(remaining) AS remaining
	FROM ledger.hold WHERE state = 'open'
	GROUP BY tenant_id, card_id, unit) h
    USING (tenant_id, card_id, unit)
WHERE p.held <> coalesce(h.remaining, 0)
