-- Loyalty: card types with rules, stores, who holds a card, purchases beside
-- the movements they caused, messages to be sent, and what lock-outs need.

ALTER TYPE api.status ADD VALUE 'phone_taken';
ALTER TYPE api.status ADD VALUE 'store_not_found';
ALTER TYPE api.status ADD VALUE 'refund_exceeded';
ALTER TYPE api.status ADD VALUE 'message_not_found';
-- Points of a cancelled purchase taken back: the one movement that may leave a
-- purse below zero.
ALTER TYPE ledger.kind ADD VALUE 'clawback';

-- The rows of all tenants have to be seen for once.
ALTER TABLE ledger.tenant NO FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger.programme NO FORCE ROW LEVEL SECURITY;

-- Numbers of a tenant's own: an identity counts the rows of all tenants.
ALTER TABLE ledger.programme ADD COLUMN number integer;
UPDATE ledger.programme g SET number = n.number
    FROM (SELECT tenant_id, programme_id, row_number() OVER (
	PARTITION BY tenant_id ORDER BY programme_id) AS number
	FROM ledger.programme) n
    WHERE g.tenant_id = n.tenant_id AND g.programme_id = n.programme_id;
ALTER TABLE ledger.programme ALTER COLUMN number SET NOT NULL,
	ADD UNIQUE (tenant_id, number);
COMMENT ON COLUMN ledger.programme.number IS
	'1, 2, 3 ... in each tenant: for APIs whose card types are numbers';

-- Some vendors' numbers have an underscore after the prefix.
ALTER TABLE ledger.programme DROP CONSTRAINT programme_prefix_check,
	ADD CONSTRAINT programme_prefix_check
	CHECK (prefix ~ '^[0-9A-Z_-]{0,12}$');

CREATE TABLE ledger.store (
	tenant_id	integer NOT NULL REFERENCES ledger.tenant,
	store_id	integer NOT NULL,
	public_id	uuid NOT NULL DEFAULT gen_random_uuid(),
	state		text NOT NULL DEFAULT 'active'
			CHECK (state IN ('active', 'closed')),
	code		text NOT NULL CHECK (length(code) BETWEEN 1 AND 64),
	name		text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
	created_at	timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, store_id),
	UNIQUE (tenant_id, code),
	UNIQUE (tenant_id, public_id));
COMMENT ON TABLE ledger.store IS 'a tenant''s locations';
COMMENT ON COLUMN ledger.store.store_id IS '1, 2, 3 ... in each tenant';

ALTER TABLE ledger.card ADD COLUMN store_id integer,
	ADD FOREIGN KEY (tenant_id, store_id) REFERENCES ledger.store;
COMMENT ON COLUMN ledger.card.store_id IS 'where it was issued';

ALTER TABLE ledger.customer
	ADD COLUMN referrer_id integer,
	ADD COLUMN newsletter boolean,
	ADD COLUMN email_generated boolean NOT NULL DEFAULT false,
	ADD COLUMN city text,
	ADD COLUMN referrer text,
	ADD FOREIGN KEY (tenant_id, referrer_id) REFERENCES ledger.customer;
COMMENT ON COLUMN ledger.customer.newsletter IS
	'wants mail; null = was not asked';
COMMENT ON COLUMN ledger.customer.email_generated IS
	'made up for who gave none; nothing is ever sent there';
COMMENT ON COLUMN ledger.customer.referrer IS
	'who brought them, as it was told; referrer_id where that is known';

-- What was bought, beside the movements it caused; immutable as they are. A
-- negative amount is a purchase cancelled or returned.
CREATE TABLE ledger.purchase (
	tenant_id	integer NOT NULL,
	card_id		integer NOT NULL,
	purchase_id	integer NOT NULL,
	unit		smallint NOT NULL,
	currency	smallint NOT NULL,
	credential_id	integer,
	amount		bigint NOT NULL,
	discount	bigint NOT NULL,
	spent		bigint NOT NULL,
	earned		bigint NOT NULL,
	points_after	bigint NOT NULL,
	worth_after	bigint NOT NULL,
	created_at	timestamptz NOT NULL,
	request_id	uuid NOT NULL,
	detail		text,
	PRIMARY KEY (tenant_id, card_id, purchase_id));
COMMENT ON COLUMN ledger.purchase.purchase_id IS
	'from a sequence of the tenant''s own, ledger.purchase_id_<n>';
COMMENT ON COLUMN ledger.purchase.unit IS 'of the purse that moved';
COMMENT ON COLUMN ledger.purchase.currency IS 'of amount, discount and worth';
COMMENT ON COLUMN ledger.purchase.spent IS
	'points, see ledger.point_scale(); negative: given back';
COMMENT ON COLUMN ledger.purchase.earned IS
	'points; negative: taken back';
COMMENT ON COLUMN ledger.purchase.points_after IS
	'points available then; worth_after: what they were worth';

ALTER TABLE ledger.transfer ADD COLUMN purchase_id integer;
COMMENT ON COLUMN ledger.transfer.purchase_id IS
	'the purchase of this card that caused it';

DO $$
DECLARE
	v_id	integer;
BEGIN
	FOR v_id IN SELECT t.tenant_id FROM ledger.tenant t LOOP
		EXECUTE format('CREATE SEQUENCE ledger.purchase_id_%s '
		    'AS integer', v_id);
	END LOOP;
END $$;

ALTER TABLE ledger.tenant FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger.programme FORCE ROW LEVEL SECURITY;

-- Messages to people, written in the transaction of what they tell, sent by
-- `tessera message send`. `sending` is committed before the sender's command
-- runs, so that one whose outcome is not known is never sent again by itself.
CREATE TABLE ledger.message (
	tenant_id	integer NOT NULL,
	message_id	integer GENERATED ALWAYS AS IDENTITY,
	card_id		integer NOT NULL,
	customer_id	integer NOT NULL,
	attempts	smallint NOT NULL DEFAULT 0,
	public_id	uuid NOT NULL DEFAULT gen_random_uuid(),
	channel		text NOT NULL CHECK (channel IN ('sms', 'email')),
	state		text NOT NULL DEFAULT 'queued' CHECK (state IN
			('queued', 'sending', 'sent', 'failed', 'unknown',
			'dropped')),
	recipient	text NOT NULL,
	error		text,
	created_at	timestamptz NOT NULL,
	due_at		timestamptz NOT NULL,
	ended_at	timestamptz,
	PRIMARY KEY (tenant_id, message_id),
	UNIQUE (tenant_id, public_id),
	FOREIGN KEY (tenant_id, card_id) REFERENCES ledger.card,
	FOREIGN KEY (tenant_id, customer_id) REFERENCES ledger.customer);
CREATE INDEX message_due ON ledger.message (tenant_id, channel, due_at)
	WHERE state IN ('queued', 'sending');
COMMENT ON TABLE ledger.message IS
	'a new card''s number to its holder: queued, and what became of it';

-- What is known of a login at an address. forget_at: when the row may go; rows
-- that must wait for an operator stay, and are counted by an index.
ALTER TABLE ledger.login_attempt
	ADD COLUMN trusted boolean NOT NULL DEFAULT false,
	ADD COLUMN blocked_until timestamptz,
	ADD COLUMN forget_at timestamptz NOT NULL
	    DEFAULT now() + interval '2 days';
COMMENT ON COLUMN ledger.login_attempt.trusted IS
	'its last attempt was right: workers may remember it';
COMMENT ON COLUMN ledger.login_attempt.blocked_until IS
	'null until the failures reach their limit; infinity: an operator lifts it';
DROP INDEX ledger.login_attempt_age;
CREATE INDEX login_attempt_age ON ledger.login_attempt (forget_at);
CREATE INDEX login_attempt_kept ON ledger.login_attempt (api, login)
	WHERE forget_at = 'infinity';
CREATE INDEX login_attempt_trusted ON ledger.login_attempt (address)
	WHERE trusted;
-- Failures from one network, whatever the login: coarser than login_attempt.
CREATE TABLE ledger.login_network (
	api		text NOT NULL,
	network		cidr NOT NULL,
	failures	integer NOT NULL,
	first_at	timestamptz NOT NULL,
	blocked_until	timestamptz,
	PRIMARY KEY (api, network));
CREATE INDEX login_network_age ON ledger.login_network (first_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON ledger.login_network TO tessera_auth;
-- A failure after a right login raises the version, so that no worker goes on
-- trusting what it remembers (auth.sql); and who is verified anew has not
-- thereby shaken off the unknown codes asked for.
GRANT UPDATE (version) ON ledger.credential TO tessera_auth;
CREATE POLICY auth_version ON ledger.credential FOR UPDATE TO tessera_auth
	USING (true);
GRANT SELECT ON ledger.unknown_code TO tessera_auth;
CREATE POLICY auth ON ledger.unknown_code FOR SELECT TO tessera_auth
	USING (true);

DO $$
DECLARE
	t	text;
BEGIN
	FOREACH t IN ARRAY ARRAY['store', 'purchase', 'message'] LOOP
		EXECUTE format('ALTER TABLE ledger.%I ENABLE ROW LEVEL SECURITY',
		    t);
		EXECUTE format('ALTER TABLE ledger.%I FORCE ROW LEVEL SECURITY',
		    t);
		EXECUTE format('CREATE POLICY tenant ON ledger.%I '
		    'TO tessera_owner USING (tenant_id = ledger.tenant())', t);
		EXECUTE format('CREATE POLICY ops ON ledger.%I FOR SELECT '
		    'TO tessera_ops USING (true)', t);
	END LOOP;
END $$;
REVOKE UPDATE, DELETE, TRUNCATE ON ledger.purchase FROM tessera_owner;
