-- What a purse says it was opened with is its first transfer.
SELECT p.tenant_id, p.card_id, p.unit, p.opened, x.kind, x.amount
FROM ledger.purse p
LEFT JOIN ledger.transfer x ON x.tenant_id = p.tenant_id
	AND x.card_id = p.card_id AND x.unit = p.unit AND x.seq = 1
	AND x.kind = 'issue'
WHERE p.opened <> coalesce(x.amount, 0)
