-- Double entry: all accounts of a unit of a tenant sum to nothing, and what
-- moves has an account on its other side.
SELECT tenant_id, unit, sum(amount)
FROM ledger.entry
WHERE account <> 'none'
GROUP BY tenant_id, unit HAVING sum(amount) <> 0
