-- Every answer that was kept names movements that are there: what was
-- acknowledged is booked.
SELECT i.tenant_id, i.key, i.request_id, i.refs
FROM ledger.idempotency i
CROSS JOIN LATERAL generate_series(1, cardinality(i.refs) / 3) n
LEFT JOIN ledger.transfer x ON x.tenant_id = i.tenant_id
	AND x.card_id = i.refs[3 * n - 2] AND x.unit = i.refs[3 * n - 1]
	AND x.seq = i.refs[3 * n]
WHERE cardinality(i.refs) % 3 = 0 AND i.refs[3] IS NOT NULL
	AND i.detail ->> 'unit' IS NULL
	AND i.refs[3 * n] > 0 AND x.seq IS NULL
	AND NOT EXISTS (SELECT FROM ledger.card c
	    WHERE c.tenant_id = i.tenant_id AND c.card_id = i.refs[1]
	    AND c.created_at = i.created_at)
