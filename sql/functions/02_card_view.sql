-- What of a purse's held value is over. A function, not a subquery of the
-- view: a subquery is set up for every card that is read (an eighth of a
-- read), and most purses hold nothing. In plpgsql, which keeps a plan: a SQL
-- function that cannot be inlined is planned at each call.
CREATE OR REPLACE FUNCTION ledger.held_due(p_tenant integer, p_card integer,
    p_unit smallint) RETURNS bigint
LANGUAGE plpgsql STABLE AS $$
DECLARE
	v	bigint;
BEGIN
	SELECT sum(h.remaining) INTO v FROM ledger.hold h
	    WHERE h.tenant_id = p_tenant AND h.card_id = p_card
	    AND h.unit = p_unit AND h.state = 'open'
	    AND h.expires_at <= ledger.now();
	RETURN coalesce(v, 0);
END $$;

-- A function for the same reason: few cards name a store.
CREATE OR REPLACE FUNCTION ledger.store_code(p_tenant integer,
    p_store integer) RETURNS text
LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT s.code FROM ledger.store s
	    WHERE s.tenant_id = p_tenant AND s.store_id = p_store);
END $$;

-- What the functions on cards answer (RETURNS SETOF ledger.card_view), so that a
-- new column is one line here; columns are only ever added, at the end.
-- Cards as readers see them: one row a purse, with the state judged at the
-- tenant's now and the days in its time zone (ledger.enter comes first).
-- Held value whose time is over counts as available already.
CREATE OR REPLACE VIEW ledger.card_view AS
SELECT 'ok'::api.status AS status,
	c.card_id, c.code, g.code AS programme, g.kind,
	CASE WHEN c.state = 'active' AND p.expires_at <= ledger.now()
	    THEN 'expired' ELSE c.state::text END AS state,
	c.expires_on, c.created_at,
	(c.created_at AT TIME ZONE current_setting('tessera.zone'))::date
	    AS opened_on,
	(p.changed_at AT TIME ZONE current_setting('tessera.zone'))::date
	    AS changed_on,
	u.public_id AS customer, c.reference, c.note,
	p.unit, p.opened, p.balance::bigint, p.held - d.due AS held,
	(p.balance - p.held + d.due)::bigint AS available, p.version,
	c.tenant_id, c.state AS stored_state,
	CASE WHEN c.store_id IS NOT NULL THEN
	    ledger.store_code(c.tenant_id, c.store_id) END AS store
FROM ledger.card c
JOIN ledger.purse p ON p.tenant_id = c.tenant_id AND p.card_id = c.card_id
JOIN ledger.programme g ON g.tenant_id = c.tenant_id
	AND g.programme_id = c.programme_id
LEFT JOIN ledger.customer u ON u.tenant_id = c.tenant_id
	AND u.customer_id = c.customer_id
CROSS JOIN LATERAL (SELECT CASE WHEN p.held = 0 THEN 0 ELSE
	ledger.held_due(p.tenant_id, p.card_id, p.unit) END AS due) d;

-- Each transfer with both its sides: what double entry means here. It shows
-- what its reader may see, who is the operator's check of all tenants too.
DROP VIEW IF EXISTS ledger.entry;
CREATE VIEW ledger.entry WITH (security_invoker = true) AS
SELECT tenant_id, unit, 'purse'::text AS account, card_id, seq,
	direction * amount AS amount, created_at
	FROM ledger.transfer WHERE direction <> 0
UNION ALL
SELECT tenant_id, unit, contra::text, card_id, seq, -direction * amount,
	created_at
	FROM ledger.transfer WHERE direction <> 0;
