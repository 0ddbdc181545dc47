-- Double entry: all accounts of a unit of a tenant sum to nothing.
SELECT tenant_id, unit, sum(amount)
FROM ledger.entry
GROUP BY tenant_id, unit HAVING sum(amount) <> 0
