-- No more went back than was taken, and only from what can be reversed.
SELECT o.tenant_id, o.card_id, o.unit, o.seq, o.kind, o.amount, r.amount
	AS reversed
FROM (SELECT tenant_id, card_id, unit, origin_seq, sum(amount) AS amount,
	min(direction) AS low, max(direction) AS high
	FROM ledger.transfer WHERE kind = 'reversal'
	GROUP BY tenant_id, card_id, unit, origin_seq) r
LEFT JOIN ledger.transfer o ON o.tenant_id = r.tenant_id
	AND o.card_id = r.card_id AND o.unit = r.unit AND o.seq = r.origin_seq
WHERE o.seq IS NULL OR r.amount > o.amount OR o.direction = 0
	OR o.kind = 'reversal' OR r.low <> -o.direction
	OR r.high <> -o.direction
