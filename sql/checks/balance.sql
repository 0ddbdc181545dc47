-- Each balance is the sum of its transfers, and its version their number.
SELECT p.tenant_id, p.card_id, p.unit, p.balance, p.version,
	coalesce(x.total, 0) AS total, coalesce(x.last, 0) AS last,
	coalesce(x.count, 0) AS count
FROM ledger.purse p LEFT JOIN (
	SELECT tenant_id, card_id, unit, sum(direction * amount) AS total,
	    max(seq) AS last, count(*) AS count
	FROM ledger.transfer GROUP BY tenant_id, card_id, unit) x
    USING (tenant_id, card_id, unit)
WHERE p.balance <> coalesce(x.total, 0) OR p.version <> coalesce(x.last, 0)
	OR p.version <> coalesce(x.count, 0)
