-- Loyalty accounts and gift cards of a web shop: who holds them, numbers set
-- aside, authorisations with codes, tokens, and what a login may be told.

ALTER TYPE ledger.card_state ADD VALUE 'reserved';
ALTER TYPE api.status ADD VALUE 'not_enrolled';

-- A customer as back offices describe one.
ALTER TABLE ledger.customer
	ADD COLUMN company text,
	ADD COLUMN category text,
	ADD COLUMN address1 text,
	ADD COLUMN address2 text,
	ADD COLUMN region text,
	ADD COLUMN postcode text,
	ADD COLUMN country text,
	-- Behind row level security an index on lower(...) is of no use: that
	-- function might tell of rows that are not shown, so it is not asked.
	ADD COLUMN email_key text GENERATED ALWAYS AS (lower(email)) STORED,
	ADD COLUMN external_key text
	    GENERATED ALWAYS AS (lower(external_id)) STORED;
DROP INDEX ledger.customer_email;
CREATE INDEX customer_email ON ledger.customer (tenant_id, email_key)
	WHERE email_key IS NOT NULL;
CREATE INDEX customer_external ON ledger.customer (tenant_id, external_key)
	WHERE external_key IS NOT NULL;

-- A number set aside is a card without purses: one index keeps all generators
-- from it.
CREATE TABLE ledger.reservation (
	tenant_id	integer NOT NULL,
	card_id		integer NOT NULL,
	credential_id	integer,
	expires_at	timestamptz,
	created_at	timestamptz NOT NULL,
	agency		text NOT NULL,
	batch		text NOT NULL,
	PRIMARY KEY (tenant_id, card_id),
	FOREIGN KEY (tenant_id, card_id) REFERENCES ledger.card);
COMMENT ON TABLE ledger.reservation IS
	'numbers set aside (cards in state reserved), for whom and until when';
COMMENT ON COLUMN ledger.reservation.expires_at IS 'null: does not lapse';

-- Authorisations: holds that an API names by a code of its own.
ALTER TABLE ledger.hold
	ADD COLUMN code uuid,
	ADD COLUMN requested bigint,
	ADD COLUMN requested_worth boolean,
	ADD COLUMN worth bigint;
CREATE UNIQUE INDEX hold_code ON ledger.hold (tenant_id, code)
	WHERE code IS NOT NULL;
COMMENT ON COLUMN ledger.hold.requested IS
	'what was asked for: units of the purse, or money (requested_worth)';
COMMENT ON COLUMN ledger.hold.worth IS
	'money that the value held was worth when it was held';

-- Why a transfer was made, in a person's words.
ALTER TABLE ledger.transfer ADD COLUMN reason text;
ALTER TYPE api.transfer_in ADD ATTRIBUTE reason text;

-- A token got by logging in is a secret that ends.
ALTER TABLE ledger.secret ADD COLUMN session boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN ledger.secret.session IS
	'a token got by a login, not a key that the operator gave';
CREATE INDEX secret_session ON ledger.secret (tenant_id, credential_id,
	expires_at) WHERE session;

ALTER TABLE ledger.reservation ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger.reservation FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON ledger.reservation TO tessera_owner
	USING (tenant_id = ledger.tenant());
CREATE POLICY ops ON ledger.reservation FOR SELECT TO tessera_ops
	USING (true);
