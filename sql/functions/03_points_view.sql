-- What a card holds in points, and the rules of its programme for them. A point
-- is one of what the purse counts; on a purse of money, one whole unit of its
-- currency, and the purse is worth what it holds.

-- What points are worth, in minor units; half of one rounds up.
CREATE OR REPLACE FUNCTION ledger.points_worth(p_points bigint, p_per bigint,
    p_value bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN greatest(least(floor((2 * p_points::numeric * p_value + p_per)
	/ (2 * p_per)), 1000000000000000000), -1000000000000000000)::bigint;

-- The points that an amount in minor units earns: rounded down.
CREATE OR REPLACE FUNCTION ledger.points_earned(p_amount bigint,
    p_rate bigint, p_exponent smallint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN div(abs(p_amount)::numeric * p_rate,
	10000::numeric * power(10::numeric, p_exponent))::bigint;

-- How many units of its purse a point is.
CREATE OR REPLACE FUNCTION ledger.point_scale(p_currency boolean,
    p_exponent smallint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN p_currency THEN power(10::numeric, p_exponent)::bigint
	ELSE 1::bigint END;

-- One row a purse; columns are only ever added, at the end. `exponent` is that
-- of the tenant's currency, in which purchases are told; worth is in
-- `currency`, which for a purse of money is its own.
CREATE OR REPLACE VIEW ledger.points_view AS
SELECT 'ok'::api.status AS status, x.*,
	x.available / x.scale AS points,
	CASE WHEN x.money THEN x.available ELSE ledger.points_worth(
	    x.available, x.per, x.value) END AS worth
FROM (SELECT c.tenant_id, c.card_id, c.code, q.unit, c.state AS stored_state,
	CASE WHEN c.state = 'active' AND q.expires_at <= ledger.now()
	    THEN 'expired' ELSE c.state::text END AS state,
	q.balance - q.held + CASE WHEN q.held = 0 THEN 0 ELSE
	    ledger.held_due(q.tenant_id, q.card_id, q.unit) END AS available,
	v.currency AS money, ledger.point_scale(v.currency, v.exponent) AS scale,
	ledger.rule(g.settings, 'earn_rate_bp')::bigint AS rate,
	ledger.rule(g.settings, 'earn_on_spend')::boolean AS on_spend,
	ledger.rule(g.settings, 'redeem_points')::bigint AS per,
	ledger.rule(g.settings, 'redeem_value')::bigint AS value,
	CASE WHEN v.currency THEN v.unit_id ELSE w.unit_id END AS currency,
	w.unit_id AS tenant_currency, w.exponent
	FROM ledger.card c
	JOIN ledger.purse q ON q.tenant_id = c.tenant_id
	    AND q.card_id = c.card_id
	JOIN ledger.programme g ON g.tenant_id = c.tenant_id
	    AND g.programme_id = c.programme_id
	JOIN ledger.tenant t ON t.tenant_id = c.tenant_id
	JOIN ledger.unit v ON v.unit_id = q.unit
	JOIN ledger.unit w ON w.unit_id = t.currency) x;
