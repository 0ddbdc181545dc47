-- What the ledger and the answers of a load (temporary table `answer`) do not
-- agree on; :prefix begins the keys, which are the transfers' references too.
-- No row when all is well.
WITH booked AS MATERIALIZED (
	SELECT t.reference AS key, c.code AS card, t.amount, t.balance_after,
	    t.tenant_id, ARRAY[t.card_id, t.unit, t.seq] AS refs,
	    count(*) OVER (PARTITION BY t.reference) AS times
	FROM ledger.transfer t
	JOIN ledger.card c USING (tenant_id, card_id)
	WHERE starts_with(t.reference, :'prefix')),
kept AS (
	SELECT b.key, b.card, b.amount, count(i.key) AS answers
	FROM booked b
	LEFT JOIN ledger.idempotency i ON i.tenant_id = b.tenant_id
	    AND i.refs = b.refs AND i.outcomes IS NULL
	GROUP BY b.key, b.card, b.amount, b.refs)
SELECT 'no answer yet', key, card, amount, status FROM answer
WHERE status = 0
UNION ALL
SELECT 'neither 201 nor 422', key, card, amount, status FROM answer
WHERE status NOT IN (0, 201, 422)
UNION ALL
SELECT 'acknowledged, not booked', a.key, a.card, a.amount, a.status
FROM answer a LEFT JOIN booked b USING (key)
WHERE a.status = 201 AND b.key IS NULL
UNION ALL
SELECT 'booked otherwise than acknowledged', a.key, b.card, b.amount,
	b.balance_after
FROM answer a JOIN booked b USING (key)
WHERE a.status = 201 AND (a.card, a.amount, a.balance)
	IS DISTINCT FROM (b.card, b.amount, b.balance_after)
UNION ALL
SELECT 'booked, not acknowledged', key, b.card, b.amount, a.status
FROM booked b LEFT JOIN answer a USING (key)
WHERE a.status IS DISTINCT FROM 201
UNION ALL
SELECT 'booked more than once', key, card, amount, times
FROM booked WHERE times > 1
UNION ALL
SELECT 'not one kept answer', key, card, amount, answers
FROM kept WHERE answers <> 1;
