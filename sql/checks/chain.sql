-- No break in a history: each balance after is the one before plus the
-- movement, what is held follows as well, numbers follow one another, dates
-- do not go back, and the last one is what the purse says.
SELECT * FROM (
	SELECT tenant_id, card_id, unit, seq, kind, amount,
	    direction * amount AS moved, balance_after, held_after, created_at,
	    coalesce(lag(balance_after) OVER w, 0) AS balance_before,
	    coalesce(lag(held_after) OVER w, 0) AS held_before,
	    coalesce(lag(seq) OVER w, 0) AS seq_before,
	    lag(created_at) OVER w AS created_before,
	    lead(seq) OVER w IS NULL AS newest
	FROM ledger.transfer
	WINDOW w AS (PARTITION BY tenant_id, card_id, unit ORDER BY seq)) x
LEFT JOIN ledger.purse p USING (tenant_id, card_id, unit)
WHERE x.balance_after <> x.balance_before + x.moved
	OR CASE WHEN x.kind = 'authorise'
	    THEN x.held_after <> x.held_before + x.amount
	    WHEN x.kind IN ('void', 'lapse')
	    THEN x.held_after <> x.held_before - x.amount
	    WHEN x.kind = 'capture'	-- and perhaps let go of the rest
	    THEN x.held_after > x.held_before - x.amount
	    ELSE x.held_after <> x.held_before END
	OR x.seq <> x.seq_before + 1
	OR x.created_at < x.created_before
	OR p.card_id IS NULL
	OR (x.newest AND (x.balance_after <> p.balance
	    OR x.held_after <> p.held))
