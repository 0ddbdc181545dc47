-- A purchase and its movements say the same: what was spent and earned is
-- booked under it, once, and nothing else is.
SELECT coalesce(s.tenant_id, x.tenant_id) AS tenant_id,
	coalesce(s.card_id, x.card_id) AS card_id,
	coalesce(s.purchase_id, x.purchase_id) AS purchase_id,
	s.spent, s.earned, x.spent AS booked_spent, x.earned AS booked_earned
FROM (SELECT p.*, CASE WHEN u.currency THEN (10 ^ u.exponent)::bigint
	ELSE 1 END AS scale FROM ledger.purchase p
	JOIN ledger.unit u ON u.unit_id = p.unit) s
FULL JOIN (SELECT tenant_id, card_id, purchase_id, unit,
	coalesce(sum(-direction * amount) FILTER (
	    WHERE contra = 'sales'), 0) AS spent,
	coalesce(sum(direction * amount) FILTER (
	    WHERE contra = 'reward'), 0) AS earned,
	bool_or(kind NOT IN ('redeem', 'refund', 'earn', 'clawback')) AS odd
	FROM ledger.transfer WHERE purchase_id IS NOT NULL
	GROUP BY tenant_id, card_id, purchase_id, unit) x
    ON x.tenant_id = s.tenant_id AND x.card_id = s.card_id
    AND x.purchase_id = s.purchase_id AND x.unit = s.unit
WHERE s.purchase_id IS NULL OR x.odd
	OR s.spent * s.scale <> coalesce(x.spent, 0)
	OR s.earned * s.scale <> coalesce(x.earned, 0)
