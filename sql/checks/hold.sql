-- A hold is what its transfers say: authorised once, captured as booked, let
-- go once or not at all.
SELECT h.*, a.amount AS authorised, c.amount AS booked
FROM ledger.hold h
LEFT JOIN ledger.transfer a USING (tenant_id, card_id, unit, seq)
LEFT JOIN (SELECT tenant_id, card_id, unit, origin_seq AS seq,
	sum(amount) AS amount FROM ledger.transfer WHERE kind = 'capture'
	GROUP BY tenant_id, card_id, unit, origin_seq) c
    USING (tenant_id, card_id, unit, seq)
LEFT JOIN (SELECT tenant_id, card_id, unit, origin_seq AS seq,
	sum(amount) AS amount FROM ledger.transfer
	WHERE kind IN ('void', 'lapse')
	GROUP BY tenant_id, card_id, unit, origin_seq) v
    USING (tenant_id, card_id, unit, seq)
WHERE a.kind IS DISTINCT FROM 'authorise' OR a.amount <> h.amount
	OR h.captured <> coalesce(c.amount, 0)
	OR CASE WHEN h.state IN ('voided', 'lapsed')
	    THEN h.released IS DISTINCT FROM v.amount
	    ELSE v.amount IS NOT NULL END
UNION ALL
SELECT h.*, a.amount, NULL
FROM ledger.transfer a
LEFT JOIN ledger.hold h USING (tenant_id, card_id, unit, seq)
WHERE a.kind = 'authorise' AND h.seq IS NULL
