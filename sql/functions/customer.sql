-- Customers: people who hold cards.

-- What the functions below answer; columns are only ever added, at the end.
CREATE OR REPLACE VIEW ledger.customer_view AS
SELECT 'ok'::api.status AS status,
	u.tenant_id, u.customer_id, u.public_id AS id, u.first_name,
	u.last_name, u.email, u.phone, u.external_id, u.note, u.born_on,
	u.created_at, u.city, u.newsletter, u.referrer, u.email_generated,
	u.company, u.category, u.address1, u.address2, u.region, u.postcode,
	u.country, coalesce(u.external_id, u.customer_id::text) AS number,
	u.email_key
	FROM ledger.customer u;

-- A customer by the number that APIs know: the external id, compared without
-- case, or the customer's own number where there is none.
CREATE OR REPLACE FUNCTION ledger.customer_by_number(p_tenant integer,
    p_number text) RETURNS integer
LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_id	integer;
BEGIN
	SELECT u.customer_id INTO v_id FROM ledger.customer u
	    WHERE u.tenant_id = p_tenant AND u.external_key = lower(p_number)
	    ORDER BY u.external_id <> p_number, u.customer_id LIMIT 1;
	IF NOT FOUND AND p_number ~ '^[1-9][0-9]{0,8}$' THEN
		SELECT u.customer_id INTO v_id FROM ledger.customer u
		    WHERE u.tenant_id = p_tenant AND u.external_id IS NULL
		    AND u.customer_id = p_number::integer;
	END IF;
	RETURN v_id;
END $$;

-- A phone as phone_clean() of src/domain/holder.c keeps it.
CREATE OR REPLACE FUNCTION ledger.phone_clean(p text) RETURNS text
LANGUAGE sql IMMUTABLE
RETURN regexp_replace(translate(p, ' -.()', ''),
	'^(\+40|0040|40)([0-9]{9})$', '0\2');

-- What a customer is made of comes as two arrays, names of columns and their
-- texts; null takes a value away. A new member is a column, a line in the view
-- above and a row in src/domain/customer.c.

-- Who brought them: by a card's number, else by a phone.
CREATE OR REPLACE FUNCTION ledger.referrer_of(p_tenant integer,
    p_referrer text) RETURNS integer
LANGUAGE sql STABLE
BEGIN ATOMIC
	SELECT coalesce((SELECT c.customer_id FROM ledger.card c
		WHERE c.tenant_id = p_tenant AND c.code = upper(p_referrer)),
	    (SELECT max(u.customer_id) FROM ledger.customer u
		WHERE u.tenant_id = p_tenant
		AND u.phone = ledger.phone_clean(p_referrer)));
END;

-- A new customer; null when the external id is in use.
CREATE OR REPLACE FUNCTION ledger.customer_open(p_who api.caller,
    p_names text[], p_values text[]) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
	v_id	integer;
	v_referrer text := p_values[array_position(p_names, 'referrer')];
BEGIN
	EXECUTE (SELECT format('INSERT INTO ledger.customer AS u (tenant_id, '
	    'customer_id, created_at, referrer_id%s) SELECT $2, $3, $4, $5%s '
	    'FROM jsonb_populate_record(NULL::ledger.customer, $1) r '
	    'ON CONFLICT DO NOTHING RETURNING u.customer_id',
	    string_agg(format(', %I', n), ''),
	    string_agg(format(', r.%I', n), ''))
	    FROM unnest(p_names) n)
	    USING jsonb_object(p_names, p_values), p_who.tenant,
	    nextval(format('ledger.customer_id_%s', p_who.tenant)::regclass)
		::integer, ledger.now(), CASE WHEN v_referrer IS NOT NULL
	    THEN ledger.referrer_of(p_who.tenant, v_referrer) END
	    INTO v_id;
	RETURN v_id;
END $$;

-- Change one; false when the external id is in use.
CREATE OR REPLACE FUNCTION ledger.customer_change(p_tenant integer,
    p_customer integer, p_names text[], p_values text[]) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
	IF cardinality(p_names) = 0 THEN
		RETURN true;
	END IF;
	EXECUTE (SELECT format('UPDATE ledger.customer u SET %s '
	    'FROM jsonb_populate_record(NULL::ledger.customer, $1) r '
	    'WHERE u.tenant_id = $2 AND u.customer_id = $3',
	    string_agg(format('%I = r.%1$I', n) || CASE n WHEN 'email'
		THEN ', email_generated = false' ELSE '' END, ', '))
	    FROM unnest(p_names) n)
	    USING jsonb_object(p_names, p_values), p_tenant, p_customer;
	RETURN true;
EXCEPTION WHEN unique_violation THEN
	RETURN false;
END $$;

-- api.customer_create(who, names, values): name_taken: the external id is in
-- use.
CREATE OR REPLACE FUNCTION api.customer_create(p_who api.caller,
    p_names text[], p_values text[]) RETURNS SETOF ledger.customer_view
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	r	ledger.customer_view;
	v_id	integer;
BEGIN
	IF NOT ledger.enter(p_who) THEN
		r.status := 'credential_stale';
		RETURN NEXT r;
		RETURN;
	END IF;
	v_id := ledger.customer_open(p_who, p_names, p_values);
	IF v_id IS NULL THEN
		r.status := 'name_taken';
		RETURN NEXT r;
		RETURN;
	END IF;
	RETURN QUERY SELECT v.* FROM ledger.customer_view v
	    WHERE v.tenant_id = p_who.tenant AND v.customer_id = v_id;
END $$;

-- api.customer_find(who, number, email): by the number that APIs know (see
-- ledger.customer_by_number), else the one with that e-mail, of several the one
-- with the lowest number.
CREATE OR REPLACE FUNCTION api.customer_find(p_who api.caller,
    p_number text, p_email text) RETURNS SETOF ledger.customer_view
LANGUAGE plpgsql SECURITY DEFINER STABLE AS $$
DECLARE
	r	ledger.customer_view;
	v_id	integer;
BEGIN
	IF NOT ledger.enter(p_who) THEN
		r.status := 'credential_stale';
		RETURN NEXT r;
		RETURN;
	END IF;
	IF p_number IS NOT NULL THEN
		v_id := ledger.customer_by_number(p_who.tenant, p_number);
	ELSE
		-- The shop's numbers before our own; 9 before 10.
		SELECT u.customer_id INTO v_id FROM ledger.customer u
		    WHERE u.tenant_id = p_who.tenant
		    AND u.email_key = lower(p_email)
		    ORDER BY u.external_id IS NULL, length(u.external_id),
		    lower(u.external_id), u.customer_id LIMIT 1;
	END IF;
	RETURN QUERY SELECT v.* FROM ledger.customer_view v
	    WHERE v.tenant_id = p_who.tenant AND v.customer_id = v_id;
	IF NOT FOUND THEN
		r.status := 'customer_not_found';
		RETURN NEXT r;
	END IF;
END $$;

-- api.customer_list(who, id, email, phone, external_id, after, limit): those
-- that fit all that is given, newest first; an e-mail without regard to case.
CREATE OR REPLACE FUNCTION api.customer_list(p_who api.caller, p_id uuid,
    p_email text, p_phone text, p_external_id text, p_after integer,
    p_limit integer)
    RETURNS SETOF ledger.customer_view
LANGUAGE plpgsql SECURITY DEFINER STABLE AS $$
DECLARE
	r	ledger.customer_view;
BEGIN
	IF NOT ledger.enter(p_who) THEN
		r.status := 'credential_stale';
		RETURN NEXT r;
		RETURN;
	END IF;
	RETURN QUERY SELECT v.* FROM ledger.customer_view v
	    WHERE v.tenant_id = p_who.tenant
	    AND (p_id IS NULL OR v.id = p_id)
	    AND (p_email IS NULL OR v.email_key = lower(p_email))
	    AND (p_phone IS NULL OR v.phone = p_phone)
	    AND (p_external_id IS NULL OR v.external_id = p_external_id)
	    AND (p_after IS NULL OR v.customer_id < p_after)
	    ORDER BY v.customer_id DESC LIMIT p_limit;
END $$;

-- api.customer_update(who, id, names, values): those named alone.
CREATE OR REPLACE FUNCTION api.customer_update(p_who api.caller, p_id uuid,
    p_names text[], p_values text[]) RETURNS SETOF ledger.customer_view
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	r	ledger.customer_view;
	v_id	integer;
BEGIN
	IF NOT ledger.enter(p_who) THEN
		r.status := 'credential_stale';
	ELSE
		SELECT u.customer_id INTO v_id FROM ledger.customer u
		    WHERE u.tenant_id = p_who.tenant AND u.public_id = p_id;
		r.status := CASE WHEN NOT FOUND THEN 'customer_not_found'
		    WHEN NOT ledger.customer_change(p_who.tenant, v_id,
			p_names, p_values) THEN 'name_taken' END;
	END IF;
	IF r.status IS NOT NULL THEN
		RETURN NEXT r;
		RETURN;
	END IF;
	RETURN QUERY SELECT v.* FROM ledger.customer_view v
	    WHERE v.tenant_id = p_who.tenant AND v.customer_id = v_id;
END $$;
