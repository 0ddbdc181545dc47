-- Customers: people who hold cards.

-- What the functions below answer; columns are only ever added, at the end.
CREATE OR REPLACE VIEW ledger.customer_view AS
SELECT 'ok'::api.status AS status,
	u.tenant_id, u.customer_id, u.public_id AS id, u.first_name,
	u.last_name, u.email, u.phone, u.external_id, u.note, u.born_on,
	u.created_at, u.city, u.newsletter, u.referrer, u.email_generated
	FROM ledger.customer u;

-- A phone as phone_clean() of src/domain/holder.c keeps it.
CREATE OR REPLACE FUNCTION ledger.phone_clean(p text) RETURNS text
LANGUAGE sql IMMUTABLE
RETURN regexp_replace(translate(p, ' -.()', ''),
	'^(\+40|0040|40)([0-9]{9})$', '0\2');

-- What a customer is made of when made; null: not told.
CREATE OR REPLACE FUNCTION ledger.customer_open(p_who api.caller,
    p_first_name text, p_last_name text, p_email text, p_phone text,
    p_external_id text, p_note text, p_born_on date, p_city text,
    p_referrer text, p_newsletter boolean) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
	v_id	integer;
	v_by	integer;
BEGIN
	-- Who brought them: by a card's number, else by a phone.
	IF p_referrer IS NOT NULL THEN
		SELECT c.customer_id INTO v_by FROM ledger.card c
		    WHERE c.tenant_id = p_who.tenant
		    AND c.code = upper(p_referrer);
		IF v_by IS NULL THEN
			SELECT max(u.customer_id) INTO v_by
			    FROM ledger.customer u
			    WHERE u.tenant_id = p_who.tenant
			    AND u.phone = ledger.phone_clean(p_referrer);
		END IF;
	END IF;
	INSERT INTO ledger.customer (tenant_id, customer_id, first_name,
	    last_name, email, phone, external_id, note, born_on, created_at,
	    city, referrer, referrer_id, newsletter)
	VALUES (p_who.tenant, nextval(format('ledger.customer_id_%s',
	    p_who.tenant)::regclass), p_first_name, p_last_name, p_email,
	    p_phone, p_external_id, p_note, p_born_on, ledger.now(), p_city,
	    p_referrer, v_by, p_newsletter)
	ON CONFLICT DO NOTHING RETURNING customer_id INTO v_id;
	RETURN v_id;
END $$;

-- api.customer_create(who, ...): name_taken: the external id is in use.
CREATE OR REPLACE FUNCTION api.customer_create(p_who api.caller,
    p_first_name text, p_last_name text, p_email text, p_phone text,
    p_external_id text, p_note text, p_born_on date,
    p_city text DEFAULT NULL, p_referrer text DEFAULT NULL,
    p_newsletter boolean DEFAULT NULL)
    RETURNS SETOF ledger.customer_view
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
	v_id := ledger.customer_open(p_who, p_first_name, p_last_name,
	    p_email, p_phone, p_external_id, p_note, p_born_on, p_city,
	    p_referrer, p_newsletter);
	IF v_id IS NULL THEN
		r.status := 'name_taken';
		RETURN NEXT r;
		RETURN;
	END IF;
	RETURN QUERY SELECT v.* FROM ledger.customer_view v
	    WHERE v.tenant_id = p_who.tenant AND v.customer_id = v_id;
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
	    AND (p_email IS NULL OR lower(v.email) = lower(p_email))
	    AND (p_phone IS NULL OR v.phone = p_phone)
	    AND (p_external_id IS NULL OR v.external_id = p_external_id)
	    AND (p_after IS NULL OR v.customer_id < p_after)
	    ORDER BY v.customer_id DESC LIMIT p_limit;
END $$;

-- api.customer_update(who, id, set flags and values).
CREATE OR REPLACE FUNCTION api.customer_update(p_who api.caller, p_id uuid,
    p_set_first_name boolean, p_first_name text, p_set_last_name boolean,
    p_last_name text, p_set_email boolean, p_email text,
    p_set_phone boolean, p_phone text, p_set_external_id boolean,
    p_external_id text, p_set_note boolean, p_note text,
    p_set_born_on boolean, p_born_on date,
    p_set_city boolean DEFAULT false, p_city text DEFAULT NULL,
    p_set_referrer boolean DEFAULT false, p_referrer text DEFAULT NULL,
    p_set_newsletter boolean DEFAULT false,
    p_newsletter boolean DEFAULT NULL)
    RETURNS SETOF ledger.customer_view
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	r	ledger.customer_view;
BEGIN
	IF NOT ledger.enter(p_who) THEN
		r.status := 'credential_stale';
		RETURN NEXT r;
		RETURN;
	END IF;
	BEGIN
		UPDATE ledger.customer u SET
		    first_name = CASE WHEN p_set_first_name
			THEN p_first_name ELSE u.first_name END,
		    last_name = CASE WHEN p_set_last_name
			THEN p_last_name ELSE u.last_name END,
		    email = CASE WHEN p_set_email THEN p_email
			ELSE u.email END,
		    email_generated = u.email_generated AND NOT p_set_email,
		    phone = CASE WHEN p_set_phone THEN p_phone
			ELSE u.phone END,
		    external_id = CASE WHEN p_set_external_id
			THEN p_external_id ELSE u.external_id END,
		    note = CASE WHEN p_set_note THEN p_note ELSE u.note END,
		    born_on = CASE WHEN p_set_born_on THEN p_born_on
			ELSE u.born_on END,
		    city = CASE WHEN p_set_city THEN p_city ELSE u.city END,
		    referrer = CASE WHEN p_set_referrer THEN p_referrer
			ELSE u.referrer END,
		    newsletter = CASE WHEN p_set_newsletter
			THEN p_newsletter ELSE u.newsletter END
		    WHERE u.tenant_id = p_who.tenant AND u.public_id = p_id;
		r.status := CASE WHEN NOT FOUND THEN 'customer_not_found' END;
	EXCEPTION WHEN unique_violation THEN
		r.status := 'name_taken';
	END;
	IF r.status IS NOT NULL THEN
		RETURN NEXT r;
		RETURN;
	END IF;
	RETURN QUERY SELECT v.* FROM ledger.customer_view v
	    WHERE v.tenant_id = p_who.tenant AND v.id = p_id;
END $$;
