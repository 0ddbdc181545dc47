-- The ledger, its cards, and who may call. Tables, constraints, row level
-- security, grants; functions live in sql/functions and are made anew at each
-- deploy. Run by `tessera migrate` as tessera_owner.
--
-- Rules of all tables: tenant_id leads every key (so that the whole can be
-- distributed by it), references stay inside a tenant, no triggers.

CREATE SCHEMA IF NOT EXISTS ledger;
CREATE SCHEMA IF NOT EXISTS api;
CREATE SCHEMA IF NOT EXISTS ops;

COMMENT ON SCHEMA ledger IS 'tables and internal functions';
COMMENT ON SCHEMA api IS 'what workers may call';
COMMENT ON SCHEMA ops IS 'what the operator''s command may call';

-- Outcomes that SQL can answer; each label is one of src/base/err.def.
CREATE TYPE api.status AS ENUM (
	'ok', 'invalid', 'forbidden', 'unauthenticated', 'too_many_requests',
	'idempotency_key_reused', 'request_in_progress',
	'card_not_found', 'card_suspended', 'card_expired', 'card_deleted',
	'code_taken', 'unit_mismatch', 'insufficient_funds', 'balance_limit',
	'amount_limit', 'version_conflict', 'linked_transfer_failed',
	'transfer_not_found', 'hold_not_found', 'hold_not_open',
	'hold_not_due', 'hold_exceeded', 'not_reversible',
	'reversal_exceeded', 'expiry_in_past', 'programme_not_found',
	'programme_closed', 'customer_not_found', 'tenant_not_found',
	'tenant_blocked', 'credential_not_found', 'name_taken',
	'credential_stale');

CREATE TYPE ledger.card_state AS ENUM ('active', 'suspended', 'deleted');
CREATE TYPE ledger.hold_state AS ENUM ('open', 'captured', 'voided', 'lapsed');
CREATE TYPE ledger.kind AS ENUM (
	'issue', 'load', 'earn', 'refund', 'adjust_up',
	'redeem', 'expire', 'adjust_down', 'capture',
	'authorise', 'void', 'lapse', 'reversal');
CREATE TYPE ledger.contra AS ENUM (
	'funding',	-- value sold or loaded
	'reward',	-- value given for custom
	'sales',	-- value taken as tender
	'breakage',	-- value that expired
	'adjustment',	-- an operator's correction
	'none');	-- set aside or released: the balance does not move
COMMENT ON TYPE ledger.contra IS
	'the other side of a transfer; its balance is the sum of its entries';

-- What the ledger is to do: one entry of a batch. See ledger.post().
CREATE TYPE api.transfer_in AS (
	action		text,	-- open credit debit authorise capture void
				-- lapse reverse
	card		text,	-- code; credit, debit, authorise
	card_id		integer,	-- open, and the origin's card
	unit		smallint,	-- null: the card's only purse
	seq		integer,	-- of the hold or transfer acted on
	kind		text,	-- null: the action's own
	amount		bigint,	-- null: all of it (capture, reverse)
	partial		boolean,
	linked		boolean,
	keep_open	boolean,
	version		integer,	-- null: any
	expires_in	integer,	-- seconds; authorise; null: never
	reference	text);

-- What it did.
CREATE TYPE api.transfer_out AS (
	outcome		api.status,
	card_id		integer,
	unit		smallint,
	seq		integer,
	card		text,
	kind		ledger.kind,
	direction	smallint,
	amount		bigint,
	balance_after	bigint,
	held_after	bigint,
	created_at	timestamptz,
	origin_seq	integer,
	expires_at	timestamptz,
	available	bigint,
	reference	text,
	repeated	boolean);

-- Rules of a single column are domains where many rows are written: a CHECK is
-- parsed anew for every statement, a domain once a session (a quarter of what
-- a redeem cost). Rules over several columns stay CHECKs, as few as will do.
CREATE DOMAIN ledger.amount AS bigint
	CHECK (VALUE BETWEEN 1 AND 1000000000000000);
CREATE DOMAIN ledger.balance AS bigint
	CHECK (VALUE BETWEEN -1000000000000000 AND 1000000000000000);
CREATE DOMAIN ledger.seq AS integer CHECK (VALUE > 0);
CREATE DOMAIN ledger.direction AS smallint CHECK (VALUE IN (-1, 0, 1));

-- Who asks, as a worker knows it: first parameter of every api function.
CREATE TYPE api.caller AS (
	tenant		integer,
	credential	integer,	-- null: the operator's command
	version		integer,	-- of the credential, when verified
	clock		timestamptz,	-- sandbox: standing clock; null = real
	zone		text,		-- the tenant's
	request		uuid);

-- A transfer as the api shows it: the call's status first.
CREATE TYPE api.transfer_row AS (
	status		api.status,
	replayed	boolean,
	outcome		api.status,
	card_id		integer,
	unit		smallint,
	seq		integer,
	card		text,
	kind		ledger.kind,
	direction	smallint,
	amount		bigint,
	balance_after	bigint,
	held_after	bigint,
	created_at	timestamptz,
	origin_seq	integer,
	expires_at	timestamptz,
	available	bigint,
	reference	text,
	repeated	boolean);

-- The tenant that the running api function works for; null outside of one.
CREATE FUNCTION ledger.tenant() RETURNS integer
LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('tessera.tenant', true), '')::integer;

CREATE TABLE ledger.unit (
	unit_id		smallint PRIMARY KEY,
	name		text NOT NULL UNIQUE,
	exponent	smallint NOT NULL CHECK (exponent BETWEEN 0 AND 4),
	currency	boolean NOT NULL);
COMMENT ON TABLE ledger.unit IS
	'what a purse counts: ISO 4217 by numeric code, own units from 1001';

CREATE TABLE ledger.tenant (
	tenant_id	integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	parent_id	integer REFERENCES ledger.tenant,
	public_id	uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE,
	currency	smallint NOT NULL REFERENCES ledger.unit,
	reseller	boolean NOT NULL DEFAULT false,
	state		text NOT NULL DEFAULT 'active'
			CHECK (state IN ('active', 'blocked')),
	name		text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
	host		text UNIQUE CHECK (host = lower(host)),
	time_zone	text NOT NULL,
	clock		timestamptz,
	settings	jsonb NOT NULL DEFAULT '{}',
	created_at	timestamptz NOT NULL DEFAULT now(),
	UNIQUE NULLS NOT DISTINCT (parent_id, name));
COMMENT ON TABLE ledger.tenant IS 'a company; a reseller owns others';
COMMENT ON COLUMN ledger.tenant.clock IS
	'sandbox: the tenant''s time stands still here; null = real time';

CREATE TABLE ledger.programme (
	tenant_id	integer NOT NULL REFERENCES ledger.tenant,
	programme_id	integer GENERATED ALWAYS AS IDENTITY,
	kind		smallint NOT NULL CHECK (kind BETWEEN 0 AND 7),
	unit		smallint NOT NULL REFERENCES ledger.unit,
	code_length	smallint NOT NULL CHECK (code_length BETWEEN 6 AND 40),
	term_months	smallint NOT NULL DEFAULT 0
			CHECK (term_months BETWEEN 0 AND 1200),
	term_days	smallint NOT NULL DEFAULT 0
			CHECK (term_days BETWEEN 0 AND 32767),
	amount_max	bigint NOT NULL
			CHECK (amount_max BETWEEN 1 AND 1000000000000000),
	state		text NOT NULL DEFAULT 'active'
			CHECK (state IN ('active', 'closed')),
	code		text NOT NULL CHECK (length(code) BETWEEN 1 AND 64),
	name		text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
	prefix		text NOT NULL CHECK (prefix ~ '^[0-9A-Z-]{0,12}$'),
	alphabet	text NOT NULL
			CHECK (alphabet ~ '^[0-9A-Z]{8,36}$'),
	settings	jsonb NOT NULL DEFAULT '{}',
	created_at	timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (tenant_id, programme_id),
	UNIQUE (tenant_id, code),
	CHECK (term_months = 0 OR term_days = 0));
COMMENT ON TABLE ledger.programme IS 'the rules behind a kind of card';

CREATE TABLE ledger.credential (
	tenant_id	integer NOT NULL REFERENCES ledger.tenant,
	credential_id	integer GENERATED ALWAYS AS IDENTITY,
	version		integer NOT NULL DEFAULT 1,
	scopes		integer NOT NULL,
	programme_id	integer,
	public_id	uuid NOT NULL DEFAULT gen_random_uuid(),
	state		text NOT NULL DEFAULT 'active'
			CHECK (state IN ('active', 'disabled')),
	api		text NOT NULL,
	login		text,
	label		text,
	addresses	cidr[],
	expires_at	timestamptz,
	created_at	timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (tenant_id, credential_id),
	UNIQUE (tenant_id, public_id),
	FOREIGN KEY (tenant_id, programme_id) REFERENCES ledger.programme);
-- A login must find its tenant without a host: unique across the service.
CREATE UNIQUE INDEX credential_login ON ledger.credential (api, lower(login));
COMMENT ON COLUMN ledger.credential.version IS
	'raised by every change that must take effect at once; see ledger.enter';

CREATE TABLE ledger.secret (
	tenant_id	integer NOT NULL,
	credential_id	integer NOT NULL,
	secret_id	integer GENERATED ALWAYS AS IDENTITY,
	key_hash	bytea UNIQUE CHECK (length(key_hash) = 32),
	password_hash	text,
	expires_at	timestamptz,
	created_at	timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (tenant_id, credential_id, secret_id),
	FOREIGN KEY (tenant_id, credential_id) REFERENCES ledger.credential,
	CHECK (num_nonnulls(key_hash, password_hash) = 1));
COMMENT ON TABLE ledger.secret IS
	'BLAKE2b of an API key, or Argon2id of a password; two live in a rotation';

-- Failed logins, and those being verified right now (pending: counted
-- beforehand, so that parallel guesses cannot outrun the count). The login
-- may belong to nobody, so there is no tenant.
CREATE TABLE ledger.login_attempt (
	api		text NOT NULL,
	login		text NOT NULL,
	address		inet NOT NULL,
	failures	integer NOT NULL DEFAULT 0,
	pending		integer NOT NULL DEFAULT 0,
	first_at	timestamptz NOT NULL DEFAULT now(),
	last_at		timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (api, login, address));
CREATE INDEX login_attempt_age ON ledger.login_attempt (last_at);

-- Look-ups of unknown codes, an hour each.
CREATE TABLE ledger.unknown_code (
	tenant_id	integer NOT NULL,
	credential_id	integer NOT NULL,
	address		inet NOT NULL,
	hour		timestamptz NOT NULL,
	count		integer NOT NULL,
	PRIMARY KEY (tenant_id, credential_id, address));

CREATE TABLE ledger.customer (
	tenant_id	integer NOT NULL REFERENCES ledger.tenant,
	customer_id	integer NOT NULL,
	born_on		date,
	public_id	uuid NOT NULL DEFAULT gen_random_uuid(),
	first_name	text,
	last_name	text,
	email		text,
	phone		text,
	external_id	text,
	note		text,
	created_at	timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, customer_id),
	UNIQUE (tenant_id, public_id),
	UNIQUE (tenant_id, external_id));
CREATE INDEX customer_email ON ledger.customer (tenant_id, lower(email))
	WHERE email IS NOT NULL;
CREATE INDEX customer_phone ON ledger.customer (tenant_id, phone)
	WHERE phone IS NOT NULL;

-- card_id is drawn from a sequence of the tenant's own (ledger.tenant_open):
-- ascending per tenant, 32 bits, telling nothing of other tenants.
CREATE TABLE ledger.card (
	tenant_id	integer NOT NULL,
	card_id		integer NOT NULL,
	programme_id	integer NOT NULL,
	customer_id	integer,
	issued_by	integer,
	expires_on	date,
	state		ledger.card_state NOT NULL DEFAULT 'active',
	created_at	timestamptz NOT NULL,
	code		text NOT NULL
			CHECK (code ~ '^[0-9A-Z._-]{1,64}$'),
	reference	text,
	note		text,
	PRIMARY KEY (tenant_id, card_id),
	UNIQUE (tenant_id, code),
	FOREIGN KEY (tenant_id, programme_id) REFERENCES ledger.programme,
	FOREIGN KEY (tenant_id, customer_id) REFERENCES ledger.customer);
CREATE INDEX card_customer ON ledger.card (tenant_id, customer_id)
	WHERE customer_id IS NOT NULL;
COMMENT ON COLUMN ledger.card.expires_on IS
	'last valid day in the tenant''s time zone';

-- The row that is locked. state and expires_at repeat the card's, so that
-- they are judged under this lock; ledger.card_change keeps them in step and
-- sql/checks proves it.
CREATE TABLE ledger.purse (
	tenant_id	integer NOT NULL,
	card_id		integer NOT NULL,
	unit		smallint NOT NULL,
	state		ledger.card_state NOT NULL DEFAULT 'active',
	version		integer NOT NULL,
	balance		ledger.balance NOT NULL,
	held		bigint NOT NULL DEFAULT 0,
	floor		bigint NOT NULL DEFAULT 0,
	opened		bigint NOT NULL,
	expires_at	timestamptz,
	changed_at	timestamptz,
	PRIMARY KEY (tenant_id, card_id, unit),
	CHECK (held >= 0 AND balance - held >= floor))
	WITH (fillfactor = 85);
COMMENT ON COLUMN ledger.purse.floor IS
	'lowest available value; 0, but where a contract lets points go below';
COMMENT ON COLUMN ledger.purse.version IS
	'number of transfers so far; the next one gets seq = version + 1';
COMMENT ON COLUMN ledger.purse.changed_at IS
	'last change of the balance after the opening; null = never used';

-- One immutable movement. (card, unit, seq) is its name: seq counts the
-- movements of the purse without a gap, so one index serves as key, as history
-- and as proof. No foreign keys: ledger.post alone inserts here, for purses
-- it has locked, and sql/checks proves it (they would cost a redeem 12 %).
CREATE TABLE ledger.transfer (
	tenant_id	integer NOT NULL,
	card_id		integer NOT NULL,
	unit		smallint NOT NULL,
	direction	ledger.direction NOT NULL,
	seq		ledger.seq NOT NULL,
	kind		ledger.kind NOT NULL,
	contra		ledger.contra NOT NULL,
	credential_id	integer,
	origin_seq	integer,
	amount		ledger.amount NOT NULL,
	balance_after	bigint NOT NULL,
	held_after	bigint NOT NULL,
	created_at	timestamptz NOT NULL,
	request_id	uuid NOT NULL,
	reference	text,
	PRIMARY KEY (tenant_id, card_id, unit, seq));
CREATE INDEX transfer_origin
	ON ledger.transfer (tenant_id, card_id, unit, origin_seq)
	WHERE origin_seq IS NOT NULL;
COMMENT ON COLUMN ledger.transfer.origin_seq IS
	'the hold captured, voided or lapsed, or the transfer reversed';

-- What was set aside; named by the transfer that did it.
CREATE TABLE ledger.hold (
	tenant_id	integer NOT NULL,
	card_id		integer NOT NULL,
	unit		smallint NOT NULL,
	seq		integer NOT NULL,
	state		ledger.hold_state NOT NULL DEFAULT 'open',
	amount		bigint NOT NULL CHECK (amount > 0),
	remaining	bigint NOT NULL CHECK (remaining >= 0),
	captured	bigint NOT NULL DEFAULT 0 CHECK (captured >= 0),
	released	bigint NOT NULL DEFAULT 0 CHECK (released >= 0),
	expires_at	timestamptz,
	PRIMARY KEY (tenant_id, card_id, unit, seq),
	CHECK (amount = remaining + captured + released),
	CHECK ((state = 'open') = (remaining > 0)));
CREATE INDEX hold_open ON ledger.hold (tenant_id, card_id, unit)
	WHERE state = 'open';

-- One row for each write that was answered, kept for the ledger's life.
CREATE TABLE ledger.idempotency (
	tenant_id	integer NOT NULL,
	key		uuid NOT NULL,
	fingerprint	uuid NOT NULL,
	request_id	uuid NOT NULL,
	created_at	timestamptz NOT NULL,
	refs		integer[],
	cards		integer[],
	outcomes	api.status[],
	detail		jsonb,
	PRIMARY KEY (tenant_id, key));
COMMENT ON COLUMN ledger.idempotency.refs IS
	'transfers booked: card_id, unit, seq each; zeros where refused';
COMMENT ON COLUMN ledger.idempotency.cards IS 'cards issued';
COMMENT ON COLUMN ledger.idempotency.outcomes IS 'null: all ok';

-- Walls. Forced: the owner, whose rights the api functions have, is bound too.
-- tessera_ops may read all (checks, the operator's lists); tessera_auth sees
-- what it takes to find a credential before its tenant is known.
DO $$
DECLARE
	t	text;
BEGIN
	FOREACH t IN ARRAY ARRAY['programme', 'credential', 'secret',
	    'unknown_code', 'customer', 'card', 'purse', 'transfer', 'hold',
	    'idempotency'] LOOP
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

ALTER TABLE ledger.tenant ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger.tenant FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON ledger.tenant TO tessera_owner
	USING (tenant_id = ledger.tenant() OR parent_id = ledger.tenant());
CREATE POLICY ops ON ledger.tenant TO tessera_ops USING (true);
CREATE POLICY auth ON ledger.tenant FOR SELECT TO tessera_auth USING (true);
CREATE POLICY auth ON ledger.credential FOR SELECT TO tessera_auth
	USING (true);
CREATE POLICY auth ON ledger.secret FOR SELECT TO tessera_auth USING (true);
CREATE POLICY auth ON ledger.programme FOR SELECT TO tessera_auth
	USING (true);

GRANT USAGE ON SCHEMA ledger, api, ops TO tessera_ops;
GRANT USAGE ON SCHEMA ledger, api TO tessera_auth;
GRANT CREATE ON SCHEMA api TO tessera_auth;
GRANT USAGE ON SCHEMA api TO tessera_app;
GRANT SELECT ON ALL TABLES IN SCHEMA ledger TO tessera_ops;
GRANT INSERT, UPDATE ON ledger.tenant TO tessera_ops;
GRANT SELECT ON ledger.tenant, ledger.credential, ledger.secret,
	ledger.programme, ledger.unit TO tessera_auth;
GRANT SELECT, INSERT, UPDATE, DELETE ON ledger.login_attempt TO tessera_auth;
-- Functions are nobody's until sql/functions/zz_grants.sql says whose.
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES IN SCHEMA ledger GRANT SELECT ON TABLES TO tessera_ops;

-- History is immutable, for the owner's functions too.
REVOKE UPDATE, DELETE, TRUNCATE ON ledger.transfer, ledger.idempotency
	FROM tessera_owner;
