-- Every answer that was kept names what is there: what was acknowledged is
-- booked.
SELECT i.tenant_id, i.key, i.request_id, i.refs[3 * n - 2] AS card_id,
	i.refs[3 * n] AS seq
FROM ledger.idempotency i
CROSS JOIN LATERAL generate_series(1, cardinality(i.refs) / 3) n
LEFT JOIN ledger.transfer x ON x.tenant_id = i.tenant_id
	AND x.card_id = i.refs[3 * n - 2] AND x.unit = i.refs[3 * n - 1]
	AND x.seq = i.refs[3 * n]
WHERE coalesce(i.outcomes[n], 'ok') = 'ok' AND x.seq IS NULL
UNION ALL
SELECT i.tenant_id, i.key, i.request_id, u.card_id, NULL
FROM ledger.idempotency i CROSS JOIN unnest(i.cards) AS u (card_id)
LEFT JOIN ledger.card c ON c.tenant_id = i.tenant_id
	AND c.card_id = u.card_id
WHERE c.card_id IS NULL
UNION ALL
SELECT i.tenant_id, i.key, i.request_id, (i.detail ->> 'card')::integer, NULL
FROM ledger.idempotency i
LEFT JOIN ledger.purchase p ON p.tenant_id = i.tenant_id
	AND p.card_id = (i.detail ->> 'card')::integer
	AND p.purchase_id = (i.detail ->> 'purchase')::integer
WHERE jsonb_typeof(i.detail) = 'object' AND i.detail ? 'purchase'
	AND p.card_id IS NULL
