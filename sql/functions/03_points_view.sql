-- What a card holds in points, and the rules of its programme for them. A point
-- is one of what the purse counts; on a purse of money, one whole unit of its
-- currency, and the purse is worth what it holds.

-- What points are worth, in minor units; half of one rounds up.
CREATE OR REPLACE FUNCTION ledger.points_worth(p_points bigint, p_per bigint,
    p_value bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN greatest(least(floor((2 * p_points::numeric * p_value + p_per)
	/ (2 * p_per)), 1000000000000000000), -1000000000000000000)::bigint;

-- The same for who takes them as payment: rounded down; and the points that it
-- takes to pay an amount: rounded up.
CREATE OR REPLACE FUNCTION ledger.points_cash(p_points bigint, p_per bigint,
    p_value bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN least(div(p_points::numeric * p_value, p_per),
	1000000000000000000)::bigint;
CREATE OR REPLACE FUNCTION ledger.points_needed(p_amount bigint,
    p_per bigint, p_value bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN least(div(p_amount::numeric * p_per + p_value - 1, p_value),
	1000000000000000000)::bigint;

-- The points that an amount in minor units earns: rounded down.
CREATE OR REPLACE FUNCTION ledger.points_earned(p_amount bigint,
    p_rate bigint, p_exponent integer) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN div(abs(p_amount)::numeric * p_rate,
	10000::numeric * power(10::numeric, p_exponent))::bigint;

-- How many units of its purse a point is. Units below 1000 are currencies.
CREATE OR REPLACE FUNCTION ledger.unit_scale(p_unit smallint) RETURNS bigint
LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT power(10::numeric, u.exponent) FROM ledger.unit u
	    WHERE u.unit_id = p_unit);
END $$;
CREATE OR REPLACE FUNCTION ledger.point_scale(p_unit smallint)
    RETURNS bigint
LANGUAGE sql STABLE
RETURN CASE WHEN p_unit >= 1000 THEN 1 ELSE ledger.unit_scale(p_unit) END;

-- One row a purse; columns are only ever added, at the end.
CREATE OR REPLACE VIEW ledger.points_view AS
SELECT x.*, x.available / x.scale AS points,
	CASE WHEN x.money THEN x.available ELSE ledger.points_worth(
	    x.available, x.per, x.value) END AS worth
FROM (SELECT c.tenant_id, c.card_id, c.code, q.unit, c.state AS stored_state,
	CASE WHEN c.state = 'active' AND q.expires_at <= ledger.now()
	    THEN 'expired' ELSE c.state::text END AS state,
	q.balance - q.held + CASE WHEN q.held = 0 THEN 0 ELSE
	    ledger.held_due(q.tenant_id, q.card_id, q.unit) END AS available,
	q.unit < 1000 AS money, ledger.point_scale(q.unit) AS scale,
	ledger.rule(g.settings, 'earn_rate_bp')::bigint AS rate,
	ledger.rule(g.settings, 'earn_on_spend')::boolean AS on_spend,
	ledger.rule(g.settings, 'redeem_points')::bigint AS per,
	ledger.rule(g.settings, 'redeem_value')::bigint AS value
	FROM ledger.card c
	JOIN ledger.purse q ON q.tenant_id = c.tenant_id
	    AND q.card_id = c.card_id
	JOIN ledger.programme g ON g.tenant_id = c.tenant_id
	    AND g.programme_id = c.programme_id) x;
