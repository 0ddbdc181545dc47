-- Nothing is negative that must not be: below zero only by what was taken back
-- of cancelled purchases.
SELECT p.tenant_id, p.card_id, p.unit, p.balance, p.held, p.floor
FROM ledger.purse p
WHERE p.held < 0 OR p.balance - p.held < p.floor OR p.floor > 0
	OR (p.floor < 0 AND -p.floor > (SELECT coalesce(sum(x.amount), 0)
	    FROM ledger.transfer x WHERE x.tenant_id = p.tenant_id
	    AND x.card_id = p.card_id AND x.unit = p.unit
	    AND x.kind = 'clawback'))
