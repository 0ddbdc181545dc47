-- The schema as migrations and functions make it.  Nobody applies it:
-- scripts/dump-schema writes it, scripts/test compares it.

--
-- PostgreSQL database dump
--

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: api; Type: SCHEMA; Schema: -; Owner: tessera_owner
--

CREATE SCHEMA api;

ALTER SCHEMA api OWNER TO tessera_owner;

--
-- Name: SCHEMA api; Type: COMMENT; Schema: -; Owner: tessera_owner
--

COMMENT ON SCHEMA api IS 'what workers may call';

--
-- Name: ledger; Type: SCHEMA; Schema: -; Owner: tessera_owner
--

CREATE SCHEMA ledger;

ALTER SCHEMA ledger OWNER TO tessera_owner;

--
-- Name: SCHEMA ledger; Type: COMMENT; Schema: -; Owner: tessera_owner
--

COMMENT ON SCHEMA ledger IS 'tables and internal functions';

--
-- Name: caller; Type: TYPE; Schema: api; Owner: tessera_owner
--

CREATE TYPE api.caller AS (
	tenant integer,
	credential integer,
	version integer,
	clock timestamp with time zone,
	zone text,
	request uuid
);

ALTER TYPE api.caller OWNER TO tessera_owner;

--
-- Name: status; Type: TYPE; Schema: api; Owner: tessera_owner
--

CREATE TYPE api.status AS ENUM (
    'ok',
    'invalid',
    'forbidden',
    'unauthenticated',
    'too_many_requests',
    'idempotency_key_reused',
    'request_in_progress',
    'card_not_found',
    'card_suspended',
    'card_expired',
    'card_deleted',
    'code_taken',
    'unit_mismatch',
    'insufficient_funds',
    'balance_limit',
    'amount_limit',
    'version_conflict',
    'linked_transfer_failed',
    'transfer_not_found',
    'hold_not_found',
    'hold_not_open',
    'hold_not_due',
    'hold_exceeded',
    'not_reversible',
    'reversal_exceeded',
    'expiry_in_past',
    'programme_not_found',
    'programme_closed',
    'customer_not_found',
    'tenant_not_found',
    'tenant_blocked',
    'credential_not_found',
    'name_taken',
    'credential_stale',
    'phone_taken',
    'store_not_found',
    'refund_exceeded',
    'message_not_found',
    'not_enrolled'
);

ALTER TYPE api.status OWNER TO tessera_owner;

--
-- Name: transfer_in; Type: TYPE; Schema: api; Owner: tessera_owner
--

CREATE TYPE api.transfer_in AS (
	action text,
	card text,
	card_id integer,
	unit smallint,
	seq integer,
	kind text,
	amount bigint,
	partial boolean,
	linked boolean,
	keep_open boolean,
	version integer,
	expires_in integer,
	reference text,
	reason text
);

ALTER TYPE api.transfer_in OWNER TO tessera_owner;

--
-- Name: kind; Type: TYPE; Schema: ledger; Owner: tessera_owner
--

CREATE TYPE ledger.kind AS ENUM (
    'issue',
    'load',
    'earn',
    'refund',
    'adjust_up',
    'redeem',
    'expire',
    'adjust_down',
    'capture',
    'authorise',
    'void',
    'lapse',
    'reversal',
    'clawback'
);

ALTER TYPE ledger.kind OWNER TO tessera_owner;

--
-- Name: transfer_out; Type: TYPE; Schema: api; Owner: tessera_owner
--

CREATE TYPE api.transfer_out AS (
	outcome api.status,
	card_id integer,
	unit smallint,
	seq integer,
	card text,
	kind ledger.kind,
	direction smallint,
	amount bigint,
	balance_after bigint,
	held_after bigint,
	created_at timestamp with time zone,
	origin_seq integer,
	expires_at timestamp with time zone,
	available bigint,
	reference text,
	repeated boolean
);

ALTER TYPE api.transfer_out OWNER TO tessera_owner;

--
-- Name: transfer_row; Type: TYPE; Schema: api; Owner: tessera_owner
--

CREATE TYPE api.transfer_row AS (
	status api.status,
	replayed boolean,
	outcome api.status,
	card_id integer,
	unit smallint,
	seq integer,
	card text,
	kind ledger.kind,
	direction smallint,
	amount bigint,
	balance_after bigint,
	held_after bigint,
	created_at timestamp with time zone,
	origin_seq integer,
	expires_at timestamp with time zone,
	available bigint,
	reference text,
	repeated boolean
);

ALTER TYPE api.transfer_row OWNER TO tessera_owner;

--
-- Name: amount; Type: DOMAIN; Schema: ledger; Owner: tessera_owner
--

CREATE DOMAIN ledger.amount AS bigint
	CONSTRAINT amount_check CHECK (((VALUE >= 1) AND (VALUE <= '1000000000000000'::bigint)));

ALTER DOMAIN ledger.amount OWNER TO tessera_owner;

--
-- Name: balance; Type: DOMAIN; Schema: ledger; Owner: tessera_owner
--

CREATE DOMAIN ledger.balance AS bigint
	CONSTRAINT balance_check CHECK (((VALUE >= '-1000000000000000'::bigint) AND (VALUE <= '1000000000000000'::bigint)));

ALTER DOMAIN ledger.balance OWNER TO tessera_owner;

--
-- Name: card_state; Type: TYPE; Schema: ledger; Owner: tessera_owner
--

CREATE TYPE ledger.card_state AS ENUM (
    'active',
    'suspended',
    'deleted',
    'reserved'
);

ALTER TYPE ledger.card_state OWNER TO tessera_owner;

--
-- Name: contra; Type: TYPE; Schema: ledger; Owner: tessera_owner
--

CREATE TYPE ledger.contra AS ENUM (
    'funding',
    'reward',
    'sales',
    'breakage',
    'adjustment',
    'none'
);

ALTER TYPE ledger.contra OWNER TO tessera_owner;

--
-- Name: TYPE contra; Type: COMMENT; Schema: ledger; Owner: tessera_owner
--

COMMENT ON TYPE ledger.contra IS 'the other side of a transfer; its balance is the sum of its entries';

--
-- Name: direction; Type: DOMAIN; Schema: ledger; Owner: tessera_owner
--

CREATE DOMAIN ledger.direction AS smallint
	CONSTRAINT direction_check CHECK ((VALUE = ANY (ARRAY['-1'::integer, 0, 1])));

ALTER DOMAIN ledger.direction OWNER TO tessera_owner;

--
-- Name: hold_state; Type: TYPE; Schema: ledger; Owner: tessera_owner
--

CREATE TYPE ledger.hold_state AS ENUM (
    'open',
    'captured',
    'voided',
    'lapsed'
);

ALTER TYPE ledger.hold_state OWNER TO tessera_owner;

--
-- Name: seq; Type: DOMAIN; Schema: ledger; Owner: tessera_owner
--

CREATE DOMAIN ledger.seq AS integer
	CONSTRAINT seq_check CHECK ((VALUE > 0));

ALTER DOMAIN ledger.seq OWNER TO tessera_owner;

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: hold; Type: TABLE; Schema: ledger; Owner: tessera_owner
--

CREATE TABLE ledger.hold (
    tenant_id integer NOT NULL,
    card_id integer NOT NULL,
    unit smallint NOT NULL,
    seq integer NOT NULL,
    state ledger.hold_state DEFAULT 'open'::ledger.hold_state NOT NULL,
    amount bigint NOT NULL,
    remaining bigint NOT NULL,
    captured bigint DEFAULT 0 NOT NULL,
    released bigint DEFAULT 0 NOT NULL,
    expires_at timestamp with time zone,
    code uuid,
    requested bigint,
    requested_worth boolean,
    worth bigint,
    CONSTRAINT hold_amount_check CHECK ((amount > 0)),
    CONSTRAINT hold_captured_check CHECK ((captured >= 0)),
    CONSTRAINT hold_check CHECK ((amount = ((remaining + captured) + released))),
    CONSTRAINT hold_check1 CHECK (((state = 'open'::ledger.hold_state) = (remaining > 0))),
    CONSTRAINT hold_released_check CHECK ((released >= 0)),
    CONSTRAINT hold_remaining_check CHECK ((remaining >= 0))
);
ALTER TABLE ONLY ledger.hold ALTER COLUMN tenant_id SET STATISTICS 0;

ALTER TABLE ONLY ledger.hold FORCE ROW LEVEL SECURITY;

ALTER TABLE ledger.hold OWNER TO tessera_owner;

--
-- Name: COLUMN hold.requested; Type: COMMENT; Schema: ledger; Owner: tessera_owner
--

COMMENT ON COLUMN ledger.hold.requested IS 'what was asked for: units of the purse, or money (requested_worth)';

--
-- Name: COLUMN hold.worth; Type: COMMENT; Schema: ledger; Owner: tessera_owner
--

COMMENT ON COLUMN ledger.hold.worth IS 'money that the value held was worth when it was held';

--
-- Name: authorisation_view; Type: VIEW; Schema: ledger; Owner: tessera_owner
--

CREATE VIEW ledger.authorisation_view AS
 SELECT 'ok'::api.status AS status,
    h.tenant_id,
    h.card_id,
    h.unit,
    h.seq,
    h.code,
    h.amount,
    h.worth,
    false AS repeated
   FROM ledger.hold h
  WHERE (h.code IS NOT NULL);

ALTER TABLE ledger.authorisation_view OWNER TO tessera_owner;

--
-- Name: card; Type: TABLE; Schema: ledger; Owner: tessera_owner
--

CREATE TABLE ledger.card (
    tenant_id integer NOT NULL,
    card_id integer NOT NULL,
    programme_id integer NOT NULL,
    customer_id integer,
    issued_by integer,
    expires_on date,
    state ledger.card_state DEFAULT 'active'::ledger.card_state NOT NULL,
    created_at timestamp with time zone NOT NULL,
    code text NOT NULL,
    reference text,
    note text,
    store_id integer,
    CONSTRAINT card_code_check CHECK ((code ~ '^[0-9A-Z._-]{1,64}$'::text))
);
ALTER TABLE ONLY ledger.card ALTER COLUMN tenant_id SET STATISTICS 0;

ALTER TABLE ONLY ledger.card FORCE ROW LEVEL SECURITY;

ALTER TABLE ledger.card OWNER TO tessera_owner;

--
-- Name: COLUMN card.expires_on; Type: COMMENT; Schema: ledger; Owner: tessera_owner
--

COMMENT ON COLUMN ledger.card.expires_on IS 'last valid day in the tenant''s time zone';

--
-- Name: COLUMN card.store_id; Type: COMMENT; Schema: ledger; Owner: tessera_owner
--

COMMENT ON COLUMN ledger.card.store_id IS 'where it was issued';

--
-- Name: customer; Type: TABLE; Schema: ledger; Owner: tessera_owner
--

CREATE TABLE ledger.customer (
    tenant_id integer NOT NULL,
    customer_id integer NOT NULL,
    born_on date,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    first_name text,
    last_name text,
    email text,
    phone text,
    external_id text,
    note text,
    created_at timestamp with time zone NOT NULL,
    referrer_id integer,
    newsletter boolean,
    email_generated boolean DEFAULT false NOT NULL,
    city text,
    referrer text,
    company text,
    category text,
    address1 text,
    address2 text,
    region text,
    postcode text,
    country text,
    email_key text GENERATED ALWAYS AS (lower(email)) STORED,
    external_key text GENERATED ALWAYS AS (lower(external_id)) STORED
);
ALTER TABLE ONLY ledger.customer ALTER COLUMN tenant_id SET STATISTICS 0;

ALTER TABLE ONLY ledger.customer FORCE ROW LEVEL SECURITY;

ALTER TABLE ledger.customer OWNER TO tessera_owner;

--
-- Name: COLUMN customer.newsletter; Type: COMMENT; Schema: ledger; Owner: tessera_owner
--

COMMENT ON COLUMN ledger.customer.newsletter IS 'wants mail; null = was not asked';

--
-- Name: COLUMN customer.email_generated; Type: COMMENT; Schema: ledger; Owner: tessera_owner
--

COMMENT ON COLUMN ledger.customer.email_generated IS 'made up for who gave none; nothing is ever sent there';

--
-- Name: COLUMN customer.referrer; Type: COMMENT; Schema: ledger; Owner: tessera_owner
--

COMMENT ON COLUMN ledger.customer.referrer IS 'who brought them, as it was told; referrer_id where that is known';

--
-- Name: programme; Type: TABLE; Schema: ledger; Owner: tessera_owner
--

CREATE TABLE ledger.programme (
    tenant_id integer NOT NULL,
    programme_id integer NOT NULL,
    kind smallint NOT NULL,
    unit smallint NOT NULL,
    code_length smallint NOT NULL,
    term_months smallint DEFAULT 0 NOT NULL,
    term_days smallint DEFAULT 0 NOT NULL,
    amount_max bigint NOT NULL,
    state text DEFAULT 'active'::text NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    prefix text NOT NULL,
    alphabet text NOT NULL,
    settings jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    number integer NOT NULL,
    CONSTRAINT programme_alphabet_check CHECK ((alphabet ~ '^[0-9A-Z]{8,36}$'::text)),
    CONSTRAINT programme_amount_max_check CHECK (((amount_max >= 1) AND (amount_max <= '1000000000000000'::bigint))),
    CONSTRAINT programme_check CHECK (((term_months = 0) OR (term_days = 0))),
    CONSTRAINT programme_code_check CHECK (((length(code) >= 1) AND (length(code) <= 64))),
    CONSTRAINT programme_code_length_check CHECK (((code_length >= 6) AND (code_length <= 40))),
    CONSTRAINT programme_kind_check CHECK (((kind >= 0) AND (kind <= 7))),
    CONSTRAINT programme_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
    CONSTRAINT programme_prefix_check CHECK ((prefix ~ '^[0-9A-Z_-]{0,12}$'::text)),
    CONSTRAINT programme_state_check CHECK ((state = ANY (ARRAY['active'::text, 'closed'::text]))),
    CONSTRAINT programme_term_days_check CHECK (((term_days >= 0) AND (term_days <= 32767))),
    CONSTRAINT programme_term_months_check CHECK (((term_months >= 0) AND (term_months <= 1200)))
);
ALTER TABLE ONLY ledger.programme ALTER COLUMN tenant_id SET STATISTICS 0;

ALTER TABLE ONLY ledger.programme FORCE ROW LEVEL SECURITY;

ALTER TABLE ledger.programme OWNER TO tessera_owner;

--
-- Name: TABLE programme; Type: COMMENT; Schema: ledger; Owner: tessera_owner
--

COMMENT ON TABLE ledger.programme IS 'the rules behind a kind of card';

--
-- Name: COLUMN programme.number; Type: COMMENT; Schema: ledger; Owner: tessera_owner
--

COMMENT ON COLUMN ledger.programme.number IS '1, 2, 3 ... in each tenant: for APIs whose card types are numbers';

--
-- Name: purse; Type: TABLE; Schema: ledger; Owner: tessera_owner
--

CREATE TABLE ledger.purse (
    tenant_id integer NOT NULL,
    card_id integer NOT NULL,
    unit smallint NOT NULL,
    state ledger.card_state DEFAULT 'active'::ledger.card_state NOT NULL,
    version integer NOT NULL,
    balance ledger.balance NOT NULL,
    held bigint DEFAULT 0 NOT NULL,
    floor bigint DEFAULT 0 NOT NULL,
    opened bigint NOT NULL,
    expires_at timestamp with time zone,
    changed_at timestamp with time zone,
    CONSTRAINT purse_check CHECK (((held >= 0) AND (((balance)::bigint - held) >= floor)))
)
WITH (fillfactor='85');
ALTER TABLE ONLY ledger.purse ALTER COLUMN tenant_id SET STATISTICS 0;

ALTER TABLE ONLY ledger.purse FORCE ROW LEVEL SECURITY;

ALTER TABLE ledger.purse OWNER TO tessera_owner;

--
-- Name: COLUMN purse.version; Type: COMMENT; Schema: ledger; Owner: tessera_owner
--

COMMENT ON COLUMN ledger.purse.version IS 'number of transfers so far; the next one gets seq = version + 1';

--
-- Name: COLUMN purse.floor; Type: COMMENT; Schema: ledger; Owner: tessera_owner
--

COMMENT ON COLUMN ledger.purse.floor IS 'lowest available value; 0, but where a contract lets points go below';

--
-- Name: COLUMN purse.changed_at; Type: COMMENT; Schema: ledger; Owner: tessera_owner
--

COMMENT ON COLUMN ledger.purse.changed_at IS 'last change of the balance after the opening; null = never used';

--
-- Name: card_view; Type: VIEW; Schema: ledger; Owner: tessera_owner
--

CREATE VIEW ledger.card_view AS
 SELECT 'ok'::api.status AS status,
    c.card_id,
    c.code,
    g.code AS programme,
    g.kind,
        CASE
            WHEN ((c.state = 'active'::ledger.card_state) AND (p.expires_at <= ledger.now())) THEN 'expired'::text
            ELSE (c.state)::text
        END AS state,
    c.expires_on,
    c.created_at,
    ((c.created_at AT TIME ZONE current_setting('tessera.zone'::text)))::date AS opened_on,
    ((p.changed_at AT TIME ZONE current_setting('tessera.zone'::text)))::date AS changed_on,
    u.public_id AS customer,
    c.reference,
    c.note,
    p.unit,
    p.opened,
    (p.balance)::bigint AS balance,
    (p.held - d.due) AS held,
    (((p.balance)::bigint - p.held) + d.due) AS available,
    p.version,
    c.tenant_id,
    c.state AS stored_state,
        CASE
            WHEN (c.store_id IS NOT NULL) THEN ledger.store_code(c.tenant_id, c.store_id)
            ELSE NULL::text
        END AS store
   FROM ((((ledger.card c
     JOIN ledger.purse p ON (((p.tenant_id = c.tenant_id) AND (p.card_id = c.card_id))))
     JOIN ledger.programme g ON (((g.tenant_id = c.tenant_id) AND (g.programme_id = c.programme_id))))
     LEFT JOIN ledger.customer u ON (((u.tenant_id = c.tenant_id) AND (u.customer_id = c.customer_id))))
     CROSS JOIN LATERAL ( SELECT
                CASE
                    WHEN (p.held = 0) THEN (0)::bigint
                    ELSE ledger.held_due(p.tenant_id, p.card_id, p.unit)
                END AS due) d);

ALTER TABLE ledger.card_view OWNER TO tessera_owner;

--
-- Name: credential; Type: TABLE; Schema: ledger; Owner: tessera_owner
--

CREATE TABLE ledger.credential (
    tenant_id integer NOT NULL,
    credential_id integer NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    scopes integer NOT NULL,
    programme_id integer,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    state text DEFAULT 'active'::text NOT NULL,
    api text NOT NULL,
    login text,
    label text,
    addresses cidr[],
    expires_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT credential_state_check CHECK ((state = ANY (ARRAY['active'::text, 'disabled'::text])))
);
ALTER TABLE ONLY ledger.credential ALTER COLUMN tenant_id SET STATISTICS 0;

ALTER TABLE ONLY ledger.credential FORCE ROW LEVEL SECURITY;

ALTER TABLE ledger.credential OWNER TO tessera_owner;

--
-- Name: COLUMN credential.version; Type: COMMENT; Schema: ledger; Owner: tessera_owner
--

COMMENT ON COLUMN ledger.credential.version IS 'raised by every change that must take effect at once; see ledger.enter';

--
-- Name: secret; Type: TABLE; Schema: ledger; Owner: tessera_owner
--

CREATE TABLE ledger.secret (
    tenant_id integer NOT NULL,
    credential_id integer NOT NULL,
    secret_id integer NOT NULL,
    key_hash bytea,
    password_hash text,
    expires_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    session boolean DEFAULT false NOT NULL,
    CONSTRAINT secret_check CHECK ((num_nonnulls(key_hash, password_hash) = 1)),
    CONSTRAINT secret_key_hash_check CHECK ((length(key_hash) = 32))
);
ALTER TABLE ONLY ledger.secret ALTER COLUMN tenant_id SET STATISTICS 0;

ALTER TABLE ONLY ledger.secret FORCE ROW LEVEL SECURITY;

ALTER TABLE ledger.secret OWNER TO tessera_owner;

--
-- Name: TABLE secret; Type: COMMENT; Schema: ledger; Owner: tessera_owner
--

COMMENT ON TABLE ledger.secret IS 'BLAKE2b of an API key, or Argon2id of a password; two live in a rotation';

--
-- Name: COLUMN secret.session; Type: COMMENT; Schema: ledger; Owner: tessera_owner
--

COMMENT ON COLUMN ledger.secret.session IS 'a token got by a login, not a key that the operator gave';

--
-- Name: credential_view; Type: VIEW; Schema: ledger; Owner: tessera_owner
--

CREATE VIEW ledger.credential_view AS
 SELECT 'ok'::api.status AS status,
    c.tenant_id,
    c.credential_id,
    c.public_id AS id,
    c.api,
    c.login,
    c.label,
    c.state,
    c.scopes,
    g.code AS programme,
    array_to_string(c.addresses, ','::text) AS addresses,
    c.created_at,
    c.expires_at,
    ( SELECT (count(*))::integer AS count
           FROM ledger.secret s
          WHERE ((s.tenant_id = c.tenant_id) AND (s.credential_id = c.credential_id) AND (NOT s.session) AND ((s.expires_at IS NULL) OR (s.expires_at > now())))) AS secrets
   FROM (ledger.credential c
     LEFT JOIN ledger.programme g ON (((g.tenant_id = c.tenant_id) AND (g.programme_id = c.programme_id))));

ALTER TABLE ledger.credential_view OWNER TO tessera_owner;

--
-- Name: setting; Type: VIEW; Schema: ledger; Owner: tessera_owner
--

CREATE VIEW ledger.setting AS
 SELECT s.key,
    s.kind,
    ledger.preset(s.key) AS preset,
    s.low,
    s.high,
    s.help,
    s.scope
   FROM ( VALUES ('iwarehouse_plain_http'::text,'boolean'::text,(0)::bigint,(0)::bigint,'gift_api.asp answers over plain HTTP too, for clients that cannot do better; passwords then travel in clear'::text,'tenant'::text), ('iwarehouse_status_200'::text,'boolean'::text,0,0,'gift_api.asp answers errors with status 200 and the same body, for clients that lose the body of a 4xx'::text,'tenant'::text), ('iwarehouse_amount_max'::text,'integer'::text,1,'1000000000000'::bigint,'highest qty of gift_api.asp, in whole units of the currency'::text,'tenant'::text), ('cardapp_status_200'::text,'boolean'::text,0,0,'response.php answers refusals with status 200; false: with a 4xx and the same body'::text,'tenant'::text), ('cardapp_lockout_min'::text,'integer'::text,0,525600,'minutes for which three wrong credentials in a row block a user name from one address; 0: until tessera credential unlock'::text,'tenant'::text), ('cardapp_names_swapped'::text,'boolean'::text,0,0,'actualizare_date: first_name is the given name and last_name the family name, not the other way round'::text,'tenant'::text), ('cardapp_discount_check'::text,'boolean'::text,0,0,'cheltuire_puncte: valoare_reducere must be what nr_puncte are worth, give or take 0.01'::text,'tenant'::text), ('cardapp_duplicate_window_s'::text,'integer'::text,0,3600,'seconds within which an identical sale or return on a card is answered again and not booked; 0: each is booked'::text,'tenant'::text), ('no_mail_domain'::text,'text'::text,3,100,'domain of the e-mail addresses made up for customers who gave none'::text,'tenant'::text), ('cp_hold_min'::text,'integer'::text,0,525600,'minutes after which an authorisation of CP Extender lapses; 0: never'::text,'tenant'::text), ('cp_token_h'::text,'integer'::text,1,8760,'hours that a token from SSO/Login lives'::text,'tenant'::text), ('cp_pool_max'::text,'integer'::text,1,10000,'most numbers that Giftcard/ReserveIds sets aside in one call'::text,'tenant'::text), ('cp_earn_once'::text,'boolean'::text,0,0,'Loyalty/Earn ignores a repeat of the same CustomerNumber, Reason and Reference, where there is a Reference'::text,'tenant'::text), ('cp_reserved_only'::text,'boolean'::text,0,0,'Giftcard/Create takes a GiftCardId only when it is reserved'::text,'tenant'::text), ('cp_store'::text,'text'::text,1,20,'StrId of Connection/Status'::text,'tenant'::text), ('cp_drawer'::text,'text'::text,1,20,'DrwId of Connection/Status'::text,'tenant'::text), ('cp_user'::text,'text'::text,1,50,'UsrId of Connection/Status'::text,'tenant'::text), ('cp_product_type'::text,'text'::text,1,50,'MgGcProductType of Connection/Status'::text,'tenant'::text), ('cp_item'::text,'text'::text,1,50,'CpGcItemNo of Connection/Status'::text,'tenant'::text), ('earn_rate_bp'::text,'integer'::text,0,1000000,'points that a purchase earns, in hundredths of a percent of its amount in whole units of the currency: 500 is 5 %; rounded down'::text,'programme'::text), ('earn_on_spend'::text,'boolean'::text,0,0,'what is paid beside points earns too'::text,'programme'::text), ('redeem_points'::text,'integer'::text,1,1000000,'this many points are worth redeem_value'::text,'programme'::text), ('redeem_value'::text,'integer'::text,0,1000000000,'minor units of the currency that redeem_points points are worth'::text,'programme'::text), ('welcome_points'::text,'integer'::text,0,1000000000,'points on a new card of a customer who enrols'::text,'programme'::text), ('offered'::text,'boolean'::text,0,0,'a card type that shops may choose: response.php lists it'::text,'programme'::text), ('no_leading_zero'::text,'boolean'::text,0,0,'the random part of a code never begins with 0'::text,'programme'::text), ('earning_text'::text,'text'::text,0,500,'how points are earned, in words for customers'::text,'programme'::text), ('redemption_text'::text,'text'::text,0,500,'what points are worth, in words for customers'::text,'programme'::text)) s(key, kind, low, high, help, scope);

ALTER TABLE ledger.setting OWNER TO tessera_owner;

--
-- Name: tenant; Type: TABLE; Schema: ledger; Owner: tessera_owner
--

CREATE TABLE ledger.tenant (
    tenant_id integer NOT NULL,
    parent_id integer,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    currency smallint NOT NULL,
    reseller boolean DEFAULT false NOT NULL,
    state text DEFAULT 'active'::text NOT NULL,
    name text NOT NULL,
    host text,
    time_zone text NOT NULL,
    clock timestamp with time zone,
    settings jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT tenant_host_check CHECK ((host = lower(host))),
    CONSTRAINT tenant_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
    CONSTRAINT tenant_state_check CHECK ((state = ANY (ARRAY['active'::text, 'blocked'::text])))
);
ALTER TABLE ONLY ledger.tenant ALTER COLUMN tenant_id SET STATISTICS 0;

ALTER TABLE ONLY ledger.tenant FORCE ROW LEVEL SECURITY;

ALTER TABLE ledger.tenant OWNER TO tessera_owner;

--
-- Name: TABLE tenant; Type: COMMENT; Schema: ledger; Owner: tessera_owner
--

COMMENT ON TABLE ledger.tenant IS 'a company; a reseller owns others';

--
-- Name: COLUMN tenant.clock; Type: COMMENT; Schema: ledger; Owner: tessera_owner
--

COMMENT ON COLUMN ledger.tenant.clock IS 'sandbox: the tenant''s time stands still here; null = real time';

--
-- Name: unknown_code; Type: TABLE; Schema: ledger; Owner: tessera_owner
--

CREATE TABLE ledger.unknown_code (
    tenant_id integer NOT NULL,
    credential_id integer NOT NULL,
    address inet NOT NULL,
    hour timestamp with time zone NOT NULL,
    count integer NOT NULL
);
ALTER TABLE ONLY ledger.unknown_code ALTER COLUMN tenant_id SET STATISTICS 0;

ALTER TABLE ONLY ledger.unknown_code FORCE ROW LEVEL SECURITY;

ALTER TABLE ledger.unknown_code OWNER TO tessera_owner;

--
-- Name: customer_view; Type: VIEW; Schema: ledger; Owner: tessera_owner
--

CREATE VIEW ledger.customer_view AS
 SELECT 'ok'::api.status AS status,
    u.tenant_id,
    u.customer_id,
    u.public_id AS id,
    u.first_name,
    u.last_name,
    u.email,
    u.phone,
    u.external_id,
    u.note,
    u.born_on,
    u.created_at,
    u.city,
    u.newsletter,
    u.referrer,
    u.email_generated,
    u.company,
    u.category,
    u.address1,
    u.address2,
    u.region,
    u.postcode,
    u.country,
    COALESCE(u.external_id, (u.customer_id)::text) AS number,
    u.email_key
   FROM ledger.customer u;

ALTER TABLE ledger.customer_view OWNER TO tessera_owner;

--
-- Name: login_attempt; Type: TABLE; Schema: ledger; Owner: tessera_owner
--

CREATE TABLE ledger.login_attempt (
    api text NOT NULL,
    login text NOT NULL,
    address inet NOT NULL,
    failures integer DEFAULT 0 NOT NULL,
    pending integer DEFAULT 0 NOT NULL,
    first_at timestamp with time zone DEFAULT now() NOT NULL,
    last_at timestamp with time zone DEFAULT now() NOT NULL,
    trusted boolean DEFAULT false NOT NULL,
    blocked_until timestamp with time zone,
    forget_at timestamp with time zone DEFAULT (now() + '2 days'::interval) NOT NULL
);

ALTER TABLE ledger.login_attempt OWNER TO tessera_owner;

--
-- Name: COLUMN login_attempt.trusted; Type: COMMENT; Schema: ledger; Owner: tessera_owner
--

COMMENT ON COLUMN ledger.login_attempt.trusted IS 'its last attempt was right: workers may remember it';

--
-- Name: COLUMN login_attempt.blocked_until; Type: COMMENT; Schema: ledger; Owner: tessera_owner
--

COMMENT ON COLUMN ledger.login_attempt.blocked_until IS 'null until the failures reach their limit; infinity: an operator lifts it';

--
-- Name: login_network; Type: TABLE; Schema: ledger; Owner: tessera_owner
--

CREATE TABLE ledger.login_network (
    api text NOT NULL,
    network cidr NOT NULL,
    failures integer NOT NULL,
    first_at timestamp with time zone NOT NULL,
    blocked_until timestamp with time zone
);

ALTER TABLE ledger.login_network OWNER TO tessera_owner;

--
-- Name: message; Type: TABLE; Schema: ledger; Owner: tessera_owner
--

CREATE TABLE ledger.message (
    tenant_id integer NOT NULL,
    message_id integer NOT NULL,
    card_id integer NOT NULL,
    customer_id integer NOT NULL,
    attempts smallint DEFAULT 0 NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    channel text NOT NULL,
    state text DEFAULT 'queued'::text NOT NULL,
    recipient text NOT NULL,
    error text,
    created_at timestamp with time zone NOT NULL,
    due_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT message_channel_check CHECK ((channel = ANY (ARRAY['sms'::text, 'email'::text]))),
    CONSTRAINT message_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'sending'::text, 'sent'::text, 'failed'::text, 'unknown'::text, 'dropped'::text])))
);
ALTER TABLE ONLY ledger.message ALTER COLUMN tenant_id SET STATISTICS 0;

ALTER TABLE ONLY ledger.message FORCE ROW LEVEL SECURITY;

ALTER TABLE ledger.message OWNER TO tessera_owner;

--
-- Name: TABLE message; Type: COMMENT; Schema: ledger; Owner: tessera_owner
--

COMMENT ON TABLE ledger.message IS 'a new card''s number to its holder: queued, and what became of it';

--
-- Name: message_view; Type: VIEW; Schema: ledger; Owner: tessera_owner
--

CREATE VIEW ledger.message_view WITH (security_invoker='true') AS
 SELECT 'ok'::api.status AS status,
    m.tenant_id,
    m.message_id,
    m.public_id AS id,
    c.code AS card,
    u.public_id AS customer,
    m.channel,
    m.recipient,
    m.state,
    m.attempts,
    m.error,
    m.created_at,
        CASE m.state
            WHEN 'queued'::text THEN m.due_at
            ELSE NULL::timestamp with time zone
        END AS due_at,
    m.ended_at
   FROM ((ledger.message m
     JOIN ledger.card c ON (((c.tenant_id = m.tenant_id) AND (c.card_id = m.card_id))))
     JOIN ledger.customer u ON (((u.tenant_id = m.tenant_id) AND (u.customer_id = m.customer_id))));

ALTER TABLE ledger.message_view OWNER TO tessera_owner;

--
-- Name: programme_view; Type: VIEW; Schema: ledger; Owner: tessera_owner
--

CREATE VIEW ledger.programme_view AS
 SELECT 'ok'::api.status AS status,
    g.tenant_id,
    g.programme_id,
    g.code,
    g.name,
    g.state,
    g.kind,
    g.unit,
    g.prefix,
    g.alphabet,
    g.code_length,
    g.term_months,
    g.term_days,
    g.amount_max,
    (g.settings)::text AS settings,
    g.created_at,
    g.number,
    (ledger.rule(g.settings, 'earn_rate_bp'::text))::integer AS earn_rate_bp,
    (ledger.rule(g.settings, 'no_leading_zero'::text))::boolean AS no_leading_zero,
    (ledger.rule(g.settings, 'offered'::text))::boolean AS offered
   FROM ledger.programme g;

ALTER TABLE ledger.programme_view OWNER TO tessera_owner;

--
-- Name: purchase; Type: TABLE; Schema: ledger; Owner: tessera_owner
--

CREATE TABLE ledger.purchase (
    tenant_id integer NOT NULL,
    card_id integer NOT NULL,
    purchase_id integer NOT NULL,
    unit smallint NOT NULL,
    currency smallint NOT NULL,
    credential_id integer,
    amount bigint NOT NULL,
    discount bigint NOT NULL,
    spent bigint NOT NULL,
    earned bigint NOT NULL,
    points_after bigint NOT NULL,
    worth_after bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    request_id uuid NOT NULL,
    detail text
);
ALTER TABLE ONLY ledger.purchase ALTER COLUMN tenant_id SET STATISTICS 0;

ALTER TABLE ONLY ledger.purchase FORCE ROW LEVEL SECURITY;

ALTER TABLE ledger.purchase OWNER TO tessera_owner;

--
-- Name: COLUMN purchase.purchase_id; Type: COMMENT; Schema: ledger; Owner: tessera_owner
--

COMMENT ON COLUMN ledger.purchase.purchase_id IS 'from a sequence of the tenant''s own, ledger.purchase_id_<n>';

--
-- Name: COLUMN purchase.unit; Type: COMMENT; Schema: ledger; Owner: tessera_owner
--

COMMENT ON COLUMN ledger.purchase.unit IS 'of the purse that moved';

--
-- Name: COLUMN purchase.currency; Type: COMMENT; Schema: ledger; Owner: tessera_owner
--

COMMENT ON COLUMN ledger.purchase.currency IS 'of amount, discount and worth';

--
-- Name: COLUMN purchase.spent; Type: COMMENT; Schema: ledger; Owner: tessera_owner
--

COMMENT ON COLUMN ledger.purchase.spent IS 'points, see ledger.point_scale(); negative: given back';

--
-- Name: COLUMN purchase.earned; Type: COMMENT; Schema: ledger; Owner: tessera_owner
--

COMMENT ON COLUMN ledger.purchase.earned IS 'points; negative: taken back';

--
-- Name: COLUMN purchase.points_after; Type: COMMENT; Schema: ledger; Owner: tessera_owner
--

COMMENT ON COLUMN ledger.purchase.points_after IS 'points available then; worth_after: what they were worth';

--
-- Name: purchase_view; Type: VIEW; Schema: ledger; Owner: tessera_owner
--

CREATE VIEW ledger.purchase_view AS
 SELECT 'ok'::api.status AS status,
    x.tenant_id,
    x.card_id,
    c.code,
    x.purchase_id,
    x.unit,
    x.amount,
    x.discount,
    x.currency,
    x.spent,
    x.earned,
    x.points_after,
    x.worth_after,
        CASE
            WHEN (x.unit < 1000) THEN x.unit
            ELSE x.currency
        END AS worth_currency,
    x.created_at,
    x.detail,
    false AS repeated
   FROM (ledger.purchase x
     JOIN ledger.card c ON (((c.tenant_id = x.tenant_id) AND (c.card_id = x.card_id))));

ALTER TABLE ledger.purchase_view OWNER TO tessera_owner;

--
-- Name: migration; Type: TABLE; Schema: ledger; Owner: tessera_owner
--

CREATE TABLE ledger.migration (
    number integer NOT NULL,
    name text NOT NULL,
    digest text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ledger.migration OWNER TO tessera_owner;

--
-- Name: store; Type: TABLE; Schema: ledger; Owner: tessera_owner
--

CREATE TABLE ledger.store (
    tenant_id integer NOT NULL,
    store_id integer NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    state text DEFAULT 'active'::text NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT store_code_check CHECK (((length(code) >= 1) AND (length(code) <= 64))),
    CONSTRAINT store_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
    CONSTRAINT store_state_check CHECK ((state = ANY (ARRAY['active'::text, 'closed'::text])))
);
ALTER TABLE ONLY ledger.store ALTER COLUMN tenant_id SET STATISTICS 0;

ALTER TABLE ONLY ledger.store FORCE ROW LEVEL SECURITY;

ALTER TABLE ledger.store OWNER TO tessera_owner;

--
-- Name: TABLE store; Type: COMMENT; Schema: ledger; Owner: tessera_owner
--

COMMENT ON TABLE ledger.store IS 'a tenant''s locations';

--
-- Name: COLUMN store.store_id; Type: COMMENT; Schema: ledger; Owner: tessera_owner
--

COMMENT ON COLUMN ledger.store.store_id IS '1, 2, 3 ... in each tenant';

--
-- Name: store_view; Type: VIEW; Schema: ledger; Owner: tessera_owner
--

CREATE VIEW ledger.store_view AS
 SELECT 'ok'::api.status AS status,
    s.tenant_id,
    s.store_id AS number,
    s.code,
    s.name,
    s.state,
    s.created_at
   FROM ledger.store s;

ALTER TABLE ledger.store_view OWNER TO tessera_owner;

--
-- Name: tenant_view; Type: VIEW; Schema: ledger; Owner: tessera_owner
--

CREATE VIEW ledger.tenant_view AS
 SELECT 'ok'::api.status AS status,
    t.tenant_id,
    t.parent_id,
    t.public_id AS id,
    t.name,
    t.host,
    t.time_zone,
    t.state,
    t.currency,
    t.reseller,
    (t.settings)::text AS settings,
    t.created_at
   FROM ledger.tenant t;

ALTER TABLE ledger.tenant_view OWNER TO tessera_owner;

--
-- Name: transfer; Type: TABLE; Schema: ledger; Owner: tessera_owner
--

CREATE TABLE ledger.transfer (
    tenant_id integer NOT NULL,
    card_id integer NOT NULL,
    unit smallint NOT NULL,
    direction ledger.direction NOT NULL,
    seq ledger.seq NOT NULL,
    kind ledger.kind NOT NULL,
    contra ledger.contra NOT NULL,
    credential_id integer,
    origin_seq integer,
    amount ledger.amount NOT NULL,
    balance_after bigint NOT NULL,
    held_after bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    request_id uuid NOT NULL,
    reference text,
    purchase_id integer,
    reason text
);
ALTER TABLE ONLY ledger.transfer ALTER COLUMN tenant_id SET STATISTICS 0;

ALTER TABLE ONLY ledger.transfer FORCE ROW LEVEL SECURITY;

ALTER TABLE ledger.transfer OWNER TO tessera_owner;

--
-- Name: COLUMN transfer.origin_seq; Type: COMMENT; Schema: ledger; Owner: tessera_owner
--

COMMENT ON COLUMN ledger.transfer.origin_seq IS 'the hold captured, voided or lapsed, or the transfer reversed';

--
-- Name: COLUMN transfer.purchase_id; Type: COMMENT; Schema: ledger; Owner: tessera_owner
--

COMMENT ON COLUMN ledger.transfer.purchase_id IS 'the purchase of this card that caused it';

--
-- Name: transfer_view; Type: VIEW; Schema: ledger; Owner: tessera_owner
--

CREATE VIEW ledger.transfer_view AS
 SELECT 'ok'::api.status AS status,
    false AS replayed,
    'ok'::api.status AS outcome,
    x.card_id,
    x.unit,
    (x.seq)::integer AS seq,
    c.code AS card,
    x.kind,
    (x.direction)::smallint AS direction,
    (x.amount)::bigint AS amount,
    x.balance_after,
    x.held_after,
    x.created_at,
    x.origin_seq,
    h.expires_at,
    NULL::bigint AS available,
    x.reference,
    NULL::boolean AS repeated,
    x.tenant_id,
    x.purchase_id,
    s.amount AS purchase_amount,
    s.discount AS purchase_discount,
    s.currency AS purchase_currency,
    s.detail AS purchase_detail,
    x.reason
   FROM (((ledger.transfer x
     JOIN ledger.card c ON (((c.tenant_id = x.tenant_id) AND (c.card_id = x.card_id))))
     LEFT JOIN ledger.hold h ON (((h.tenant_id = x.tenant_id) AND (h.card_id = x.card_id) AND (h.unit = x.unit) AND (h.seq = (x.seq)::integer))))
     LEFT JOIN ledger.purchase s ON (((s.tenant_id = x.tenant_id) AND (s.card_id = x.card_id) AND (s.purchase_id = x.purchase_id))));

ALTER TABLE ledger.transfer_view OWNER TO tessera_owner;

--
-- Name: credential_credential_id_seq; Type: SEQUENCE; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ledger.credential ALTER COLUMN credential_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME ledger.credential_credential_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: entry; Type: VIEW; Schema: ledger; Owner: tessera_owner
--

CREATE VIEW ledger.entry WITH (security_invoker='true') AS
 SELECT transfer.tenant_id,
    transfer.unit,
    'purse'::text AS account,
    transfer.card_id,
    transfer.seq,
    ((transfer.direction)::smallint * (transfer.amount)::bigint) AS amount,
    transfer.created_at
   FROM ledger.transfer
  WHERE ((transfer.direction)::smallint <> 0)
UNION ALL
 SELECT transfer.tenant_id,
    transfer.unit,
    (transfer.contra)::text AS account,
    transfer.card_id,
    transfer.seq,
    ((- (transfer.direction)::smallint) * (transfer.amount)::bigint) AS amount,
    transfer.created_at
   FROM ledger.transfer
  WHERE ((transfer.direction)::smallint <> 0);

ALTER TABLE ledger.entry OWNER TO tessera_owner;

--
-- Name: idempotency; Type: TABLE; Schema: ledger; Owner: tessera_owner
--

CREATE TABLE ledger.idempotency (
    tenant_id integer NOT NULL,
    key uuid NOT NULL,
    fingerprint uuid NOT NULL,
    request_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    refs integer[],
    cards integer[],
    outcomes api.status[],
    detail jsonb
);
ALTER TABLE ONLY ledger.idempotency ALTER COLUMN tenant_id SET STATISTICS 0;

ALTER TABLE ONLY ledger.idempotency FORCE ROW LEVEL SECURITY;

ALTER TABLE ledger.idempotency OWNER TO tessera_owner;

--
-- Name: COLUMN idempotency.refs; Type: COMMENT; Schema: ledger; Owner: tessera_owner
--

COMMENT ON COLUMN ledger.idempotency.refs IS 'transfers booked: card_id, unit, seq each; zeros where refused';

--
-- Name: COLUMN idempotency.cards; Type: COMMENT; Schema: ledger; Owner: tessera_owner
--

COMMENT ON COLUMN ledger.idempotency.cards IS 'cards issued';

--
-- Name: COLUMN idempotency.outcomes; Type: COMMENT; Schema: ledger; Owner: tessera_owner
--

COMMENT ON COLUMN ledger.idempotency.outcomes IS 'null: all ok';

--
-- Name: import; Type: TABLE; Schema: ledger; Owner: tessera_owner
--

CREATE TABLE ledger.import (
    tenant_id integer NOT NULL,
    import_id uuid NOT NULL,
    rows integer NOT NULL,
    file text NOT NULL,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    done_at timestamp with time zone,
    CONSTRAINT import_rows_check CHECK ((rows > 0))
);
ALTER TABLE ONLY ledger.import ALTER COLUMN tenant_id SET STATISTICS 0;

ALTER TABLE ONLY ledger.import FORCE ROW LEVEL SECURITY;

ALTER TABLE ledger.import OWNER TO tessera_owner;

--
-- Name: TABLE import; Type: COMMENT; Schema: ledger; Owner: tessera_owner
--

COMMENT ON TABLE ledger.import IS 'files of cards; done_at: they are booked';

--
-- Name: COLUMN import.import_id; Type: COMMENT; Schema: ledger; Owner: tessera_owner
--

COMMENT ON COLUMN ledger.import.import_id IS 'digest of tenant, programme and file: the same again is known';

--
-- Name: import_row; Type: TABLE; Schema: ledger; Owner: tessera_owner
--

CREATE TABLE ledger.import_row (
    tenant_id integer NOT NULL,
    import_id uuid NOT NULL,
    line integer NOT NULL,
    programme_id integer NOT NULL,
    expires_on date,
    state ledger.card_state NOT NULL,
    balance bigint NOT NULL,
    code text NOT NULL,
    reference text,
    note text
);
ALTER TABLE ONLY ledger.import_row ALTER COLUMN tenant_id SET STATISTICS 0;

ALTER TABLE ONLY ledger.import_row FORCE ROW LEVEL SECURITY;

ALTER TABLE ledger.import_row OWNER TO tessera_owner;

--
-- Name: TABLE import_row; Type: COMMENT; Schema: ledger; Owner: tessera_owner
--

COMMENT ON TABLE ledger.import_row IS 'staged, gone once they are booked';

--
-- Name: message_message_id_seq; Type: SEQUENCE; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ledger.message ALTER COLUMN message_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME ledger.message_message_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: points_view; Type: VIEW; Schema: ledger; Owner: tessera_owner
--

CREATE VIEW ledger.points_view AS
 SELECT x.tenant_id,
    x.card_id,
    x.code,
    x.unit,
    x.stored_state,
    x.state,
    x.available,
    x.money,
    x.scale,
    x.rate,
    x.on_spend,
    x.per,
    x.value,
    (x.available / x.scale) AS points,
        CASE
            WHEN x.money THEN x.available
            ELSE ledger.points_worth(x.available, x.per, x.value)
        END AS worth
   FROM ( SELECT c.tenant_id,
            c.card_id,
            c.code,
            q.unit,
            c.state AS stored_state,
                CASE
                    WHEN ((c.state = 'active'::ledger.card_state) AND (q.expires_at <= ledger.now())) THEN 'expired'::text
                    ELSE (c.state)::text
                END AS state,
            (((q.balance)::bigint - q.held) +
                CASE
                    WHEN (q.held = 0) THEN (0)::bigint
                    ELSE ledger.held_due(q.tenant_id, q.card_id, q.unit)
                END) AS available,
            (q.unit < 1000) AS money,
            ledger.point_scale(q.unit) AS scale,
            (ledger.rule(g.settings, 'earn_rate_bp'::text))::bigint AS rate,
            (ledger.rule(g.settings, 'earn_on_spend'::text))::boolean AS on_spend,
            (ledger.rule(g.settings, 'redeem_points'::text))::bigint AS per,
            (ledger.rule(g.settings, 'redeem_value'::text))::bigint AS value
           FROM ((ledger.card c
             JOIN ledger.purse q ON (((q.tenant_id = c.tenant_id) AND (q.card_id = c.card_id))))
             JOIN ledger.programme g ON (((g.tenant_id = c.tenant_id) AND (g.programme_id = c.programme_id))))) x;

ALTER TABLE ledger.points_view OWNER TO tessera_owner;

--
-- Name: programme_programme_id_seq; Type: SEQUENCE; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ledger.programme ALTER COLUMN programme_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME ledger.programme_programme_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: reservation; Type: TABLE; Schema: ledger; Owner: tessera_owner
--

CREATE TABLE ledger.reservation (
    tenant_id integer NOT NULL,
    card_id integer NOT NULL,
    credential_id integer,
    expires_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    agency text NOT NULL,
    batch text NOT NULL
);
ALTER TABLE ONLY ledger.reservation ALTER COLUMN tenant_id SET STATISTICS 0;

ALTER TABLE ONLY ledger.reservation FORCE ROW LEVEL SECURITY;

ALTER TABLE ledger.reservation OWNER TO tessera_owner;

--
-- Name: TABLE reservation; Type: COMMENT; Schema: ledger; Owner: tessera_owner
--

COMMENT ON TABLE ledger.reservation IS 'numbers set aside (cards in state reserved), for whom and until when';

--
-- Name: COLUMN reservation.expires_at; Type: COMMENT; Schema: ledger; Owner: tessera_owner
--

COMMENT ON COLUMN ledger.reservation.expires_at IS 'null: does not lapse';

--
-- Name: secret_secret_id_seq; Type: SEQUENCE; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ledger.secret ALTER COLUMN secret_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME ledger.secret_secret_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: tenant_tenant_id_seq; Type: SEQUENCE; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ledger.tenant ALTER COLUMN tenant_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME ledger.tenant_tenant_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: unit; Type: TABLE; Schema: ledger; Owner: tessera_owner
--

CREATE TABLE ledger.unit (
    unit_id smallint NOT NULL,
    name text NOT NULL,
    exponent smallint NOT NULL,
    currency boolean NOT NULL,
    CONSTRAINT unit_exponent_check CHECK (((exponent >= 0) AND (exponent <= 4)))
);

ALTER TABLE ledger.unit OWNER TO tessera_owner;

--
-- Name: TABLE unit; Type: COMMENT; Schema: ledger; Owner: tessera_owner
--

COMMENT ON TABLE ledger.unit IS 'what a purse counts: ISO 4217 by numeric code, own units from 1001';

--
-- Name: card card_pkey; Type: CONSTRAINT; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ONLY ledger.card
    ADD CONSTRAINT card_pkey PRIMARY KEY (tenant_id, card_id);

--
-- Name: card card_tenant_id_code_key; Type: CONSTRAINT; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ONLY ledger.card
    ADD CONSTRAINT card_tenant_id_code_key UNIQUE (tenant_id, code);

--
-- Name: credential credential_pkey; Type: CONSTRAINT; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ONLY ledger.credential
    ADD CONSTRAINT credential_pkey PRIMARY KEY (tenant_id, credential_id);

--
-- Name: credential credential_tenant_id_public_id_key; Type: CONSTRAINT; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ONLY ledger.credential
    ADD CONSTRAINT credential_tenant_id_public_id_key UNIQUE (tenant_id, public_id);

--
-- Name: customer customer_pkey; Type: CONSTRAINT; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ONLY ledger.customer
    ADD CONSTRAINT customer_pkey PRIMARY KEY (tenant_id, customer_id);

--
-- Name: customer customer_tenant_id_external_id_key; Type: CONSTRAINT; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ONLY ledger.customer
    ADD CONSTRAINT customer_tenant_id_external_id_key UNIQUE (tenant_id, external_id);

--
-- Name: customer customer_tenant_id_public_id_key; Type: CONSTRAINT; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ONLY ledger.customer
    ADD CONSTRAINT customer_tenant_id_public_id_key UNIQUE (tenant_id, public_id);

--
-- Name: hold hold_pkey; Type: CONSTRAINT; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ONLY ledger.hold
    ADD CONSTRAINT hold_pkey PRIMARY KEY (tenant_id, card_id, unit, seq);

--
-- Name: idempotency idempotency_pkey; Type: CONSTRAINT; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ONLY ledger.idempotency
    ADD CONSTRAINT idempotency_pkey PRIMARY KEY (tenant_id, key);

--
-- Name: import import_pkey; Type: CONSTRAINT; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ONLY ledger.import
    ADD CONSTRAINT import_pkey PRIMARY KEY (tenant_id, import_id);

--
-- Name: import_row import_row_pkey; Type: CONSTRAINT; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ONLY ledger.import_row
    ADD CONSTRAINT import_row_pkey PRIMARY KEY (tenant_id, import_id, line);

--
-- Name: login_attempt login_attempt_pkey; Type: CONSTRAINT; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ONLY ledger.login_attempt
    ADD CONSTRAINT login_attempt_pkey PRIMARY KEY (api, login, address);

--
-- Name: login_network login_network_pkey; Type: CONSTRAINT; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ONLY ledger.login_network
    ADD CONSTRAINT login_network_pkey PRIMARY KEY (api, network);

--
-- Name: message message_pkey; Type: CONSTRAINT; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ONLY ledger.message
    ADD CONSTRAINT message_pkey PRIMARY KEY (tenant_id, message_id);

--
-- Name: message message_tenant_id_public_id_key; Type: CONSTRAINT; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ONLY ledger.message
    ADD CONSTRAINT message_tenant_id_public_id_key UNIQUE (tenant_id, public_id);

--
-- Name: migration migration_pkey; Type: CONSTRAINT; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ONLY ledger.migration
    ADD CONSTRAINT migration_pkey PRIMARY KEY (number);

--
-- Name: programme programme_pkey; Type: CONSTRAINT; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ONLY ledger.programme
    ADD CONSTRAINT programme_pkey PRIMARY KEY (tenant_id, programme_id);

--
-- Name: programme programme_tenant_id_code_key; Type: CONSTRAINT; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ONLY ledger.programme
    ADD CONSTRAINT programme_tenant_id_code_key UNIQUE (tenant_id, code);

--
-- Name: programme programme_tenant_id_number_key; Type: CONSTRAINT; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ONLY ledger.programme
    ADD CONSTRAINT programme_tenant_id_number_key UNIQUE (tenant_id, number);

--
-- Name: purchase purchase_pkey; Type: CONSTRAINT; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ONLY ledger.purchase
    ADD CONSTRAINT purchase_pkey PRIMARY KEY (tenant_id, card_id, purchase_id);

--
-- Name: purse purse_pkey; Type: CONSTRAINT; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ONLY ledger.purse
    ADD CONSTRAINT purse_pkey PRIMARY KEY (tenant_id, card_id, unit);

--
-- Name: reservation reservation_pkey; Type: CONSTRAINT; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ONLY ledger.reservation
    ADD CONSTRAINT reservation_pkey PRIMARY KEY (tenant_id, card_id);

--
-- Name: secret secret_key_hash_key; Type: CONSTRAINT; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ONLY ledger.secret
    ADD CONSTRAINT secret_key_hash_key UNIQUE (key_hash);

--
-- Name: secret secret_pkey; Type: CONSTRAINT; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ONLY ledger.secret
    ADD CONSTRAINT secret_pkey PRIMARY KEY (tenant_id, credential_id, secret_id);

--
-- Name: store store_pkey; Type: CONSTRAINT; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ONLY ledger.store
    ADD CONSTRAINT store_pkey PRIMARY KEY (tenant_id, store_id);

--
-- Name: store store_tenant_id_code_key; Type: CONSTRAINT; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ONLY ledger.store
    ADD CONSTRAINT store_tenant_id_code_key UNIQUE (tenant_id, code);

--
-- Name: store store_tenant_id_public_id_key; Type: CONSTRAINT; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ONLY ledger.store
    ADD CONSTRAINT store_tenant_id_public_id_key UNIQUE (tenant_id, public_id);

--
-- Name: tenant tenant_host_key; Type: CONSTRAINT; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ONLY ledger.tenant
    ADD CONSTRAINT tenant_host_key UNIQUE (host);

--
-- Name: tenant tenant_parent_id_name_key; Type: CONSTRAINT; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ONLY ledger.tenant
    ADD CONSTRAINT tenant_parent_id_name_key UNIQUE NULLS NOT DISTINCT (parent_id, name);

--
-- Name: tenant tenant_pkey; Type: CONSTRAINT; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ONLY ledger.tenant
    ADD CONSTRAINT tenant_pkey PRIMARY KEY (tenant_id);

--
-- Name: tenant tenant_public_id_key; Type: CONSTRAINT; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ONLY ledger.tenant
    ADD CONSTRAINT tenant_public_id_key UNIQUE (public_id);

--
-- Name: transfer transfer_pkey; Type: CONSTRAINT; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ONLY ledger.transfer
    ADD CONSTRAINT transfer_pkey PRIMARY KEY (tenant_id, card_id, unit, seq);

--
-- Name: unit unit_name_key; Type: CONSTRAINT; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ONLY ledger.unit
    ADD CONSTRAINT unit_name_key UNIQUE (name);

--
-- Name: unit unit_pkey; Type: CONSTRAINT; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ONLY ledger.unit
    ADD CONSTRAINT unit_pkey PRIMARY KEY (unit_id);

--
-- Name: unknown_code unknown_code_pkey; Type: CONSTRAINT; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ONLY ledger.unknown_code
    ADD CONSTRAINT unknown_code_pkey PRIMARY KEY (tenant_id, credential_id, address);

--
-- Name: card_customer; Type: INDEX; Schema: ledger; Owner: tessera_owner
--

CREATE INDEX card_customer ON ledger.card USING btree (tenant_id, customer_id) WHERE (customer_id IS NOT NULL);

--
-- Name: credential_login; Type: INDEX; Schema: ledger; Owner: tessera_owner
--

CREATE UNIQUE INDEX credential_login ON ledger.credential USING btree (api, lower(login));

--
-- Name: customer_email; Type: INDEX; Schema: ledger; Owner: tessera_owner
--

CREATE INDEX customer_email ON ledger.customer USING btree (tenant_id, email_key) WHERE (email_key IS NOT NULL);

--
-- Name: customer_external; Type: INDEX; Schema: ledger; Owner: tessera_owner
--

CREATE INDEX customer_external ON ledger.customer USING btree (tenant_id, external_key) WHERE (external_key IS NOT NULL);

--
-- Name: customer_phone; Type: INDEX; Schema: ledger; Owner: tessera_owner
--

CREATE INDEX customer_phone ON ledger.customer USING btree (tenant_id, phone) WHERE (phone IS NOT NULL);

--
-- Name: hold_code; Type: INDEX; Schema: ledger; Owner: tessera_owner
--

CREATE UNIQUE INDEX hold_code ON ledger.hold USING btree (tenant_id, code) WHERE (code IS NOT NULL);

--
-- Name: hold_open; Type: INDEX; Schema: ledger; Owner: tessera_owner
--

CREATE INDEX hold_open ON ledger.hold USING btree (tenant_id, card_id, unit) WHERE (state = 'open'::ledger.hold_state);

--
-- Name: login_attempt_age; Type: INDEX; Schema: ledger; Owner: tessera_owner
--

CREATE INDEX login_attempt_age ON ledger.login_attempt USING btree (forget_at);

--
-- Name: login_attempt_kept; Type: INDEX; Schema: ledger; Owner: tessera_owner
--

CREATE INDEX login_attempt_kept ON ledger.login_attempt USING btree (api, login) WHERE (forget_at = 'infinity'::timestamp with time zone);

--
-- Name: login_attempt_trusted; Type: INDEX; Schema: ledger; Owner: tessera_owner
--

CREATE INDEX login_attempt_trusted ON ledger.login_attempt USING btree (address) WHERE trusted;

--
-- Name: login_network_age; Type: INDEX; Schema: ledger; Owner: tessera_owner
--

CREATE INDEX login_network_age ON ledger.login_network USING btree (first_at);

--
-- Name: message_due; Type: INDEX; Schema: ledger; Owner: tessera_owner
--

CREATE INDEX message_due ON ledger.message USING btree (tenant_id, channel, due_at) WHERE (state = ANY (ARRAY['queued'::text, 'sending'::text]));

--
-- Name: secret_session; Type: INDEX; Schema: ledger; Owner: tessera_owner
--

CREATE INDEX secret_session ON ledger.secret USING btree (tenant_id, credential_id, expires_at) WHERE session;

--
-- Name: transfer_origin; Type: INDEX; Schema: ledger; Owner: tessera_owner
--

CREATE INDEX transfer_origin ON ledger.transfer USING btree (tenant_id, card_id, unit, origin_seq) WHERE (origin_seq IS NOT NULL);

--
-- Name: card card_tenant_id_customer_id_fkey; Type: FK CONSTRAINT; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ONLY ledger.card
    ADD CONSTRAINT card_tenant_id_customer_id_fkey FOREIGN KEY (tenant_id, customer_id) REFERENCES ledger.customer(tenant_id, customer_id);

--
-- Name: card card_tenant_id_programme_id_fkey; Type: FK CONSTRAINT; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ONLY ledger.card
    ADD CONSTRAINT card_tenant_id_programme_id_fkey FOREIGN KEY (tenant_id, programme_id) REFERENCES ledger.programme(tenant_id, programme_id);

--
-- Name: card card_tenant_id_store_id_fkey; Type: FK CONSTRAINT; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ONLY ledger.card
    ADD CONSTRAINT card_tenant_id_store_id_fkey FOREIGN KEY (tenant_id, store_id) REFERENCES ledger.store(tenant_id, store_id);

--
-- Name: credential credential_tenant_id_fkey; Type: FK CONSTRAINT; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ONLY ledger.credential
    ADD CONSTRAINT credential_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES ledger.tenant(tenant_id);

--
-- Name: credential credential_tenant_id_programme_id_fkey; Type: FK CONSTRAINT; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ONLY ledger.credential
    ADD CONSTRAINT credential_tenant_id_programme_id_fkey FOREIGN KEY (tenant_id, programme_id) REFERENCES ledger.programme(tenant_id, programme_id);

--
-- Name: customer customer_tenant_id_fkey; Type: FK CONSTRAINT; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ONLY ledger.customer
    ADD CONSTRAINT customer_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES ledger.tenant(tenant_id);

--
-- Name: customer customer_tenant_id_referrer_id_fkey; Type: FK CONSTRAINT; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ONLY ledger.customer
    ADD CONSTRAINT customer_tenant_id_referrer_id_fkey FOREIGN KEY (tenant_id, referrer_id) REFERENCES ledger.customer(tenant_id, customer_id);

--
-- Name: import_row import_row_tenant_id_import_id_fkey; Type: FK CONSTRAINT; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ONLY ledger.import_row
    ADD CONSTRAINT import_row_tenant_id_import_id_fkey FOREIGN KEY (tenant_id, import_id) REFERENCES ledger.import(tenant_id, import_id);

--
-- Name: import import_tenant_id_fkey; Type: FK CONSTRAINT; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ONLY ledger.import
    ADD CONSTRAINT import_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES ledger.tenant(tenant_id);

--
-- Name: message message_tenant_id_card_id_fkey; Type: FK CONSTRAINT; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ONLY ledger.message
    ADD CONSTRAINT message_tenant_id_card_id_fkey FOREIGN KEY (tenant_id, card_id) REFERENCES ledger.card(tenant_id, card_id);

--
-- Name: message message_tenant_id_customer_id_fkey; Type: FK CONSTRAINT; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ONLY ledger.message
    ADD CONSTRAINT message_tenant_id_customer_id_fkey FOREIGN KEY (tenant_id, customer_id) REFERENCES ledger.customer(tenant_id, customer_id);

--
-- Name: programme programme_tenant_id_fkey; Type: FK CONSTRAINT; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ONLY ledger.programme
    ADD CONSTRAINT programme_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES ledger.tenant(tenant_id);

--
-- Name: programme programme_unit_fkey; Type: FK CONSTRAINT; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ONLY ledger.programme
    ADD CONSTRAINT programme_unit_fkey FOREIGN KEY (unit) REFERENCES ledger.unit(unit_id);

--
-- Name: reservation reservation_tenant_id_card_id_fkey; Type: FK CONSTRAINT; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ONLY ledger.reservation
    ADD CONSTRAINT reservation_tenant_id_card_id_fkey FOREIGN KEY (tenant_id, card_id) REFERENCES ledger.card(tenant_id, card_id);

--
-- Name: secret secret_tenant_id_credential_id_fkey; Type: FK CONSTRAINT; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ONLY ledger.secret
    ADD CONSTRAINT secret_tenant_id_credential_id_fkey FOREIGN KEY (tenant_id, credential_id) REFERENCES ledger.credential(tenant_id, credential_id);

--
-- Name: store store_tenant_id_fkey; Type: FK CONSTRAINT; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ONLY ledger.store
    ADD CONSTRAINT store_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES ledger.tenant(tenant_id);

--
-- Name: tenant tenant_currency_fkey; Type: FK CONSTRAINT; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ONLY ledger.tenant
    ADD CONSTRAINT tenant_currency_fkey FOREIGN KEY (currency) REFERENCES ledger.unit(unit_id);

--
-- Name: tenant tenant_parent_id_fkey; Type: FK CONSTRAINT; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ONLY ledger.tenant
    ADD CONSTRAINT tenant_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES ledger.tenant(tenant_id);

--
-- Name: credential auth; Type: POLICY; Schema: ledger; Owner: tessera_owner
--

CREATE POLICY auth ON ledger.credential FOR SELECT TO tessera_auth USING (true);

--
-- Name: programme auth; Type: POLICY; Schema: ledger; Owner: tessera_owner
--

CREATE POLICY auth ON ledger.programme FOR SELECT TO tessera_auth USING (true);

--
-- Name: secret auth; Type: POLICY; Schema: ledger; Owner: tessera_owner
--

CREATE POLICY auth ON ledger.secret FOR SELECT TO tessera_auth USING (true);

--
-- Name: tenant auth; Type: POLICY; Schema: ledger; Owner: tessera_owner
--

CREATE POLICY auth ON ledger.tenant FOR SELECT TO tessera_auth USING (true);

--
-- Name: unknown_code auth; Type: POLICY; Schema: ledger; Owner: tessera_owner
--

CREATE POLICY auth ON ledger.unknown_code FOR SELECT TO tessera_auth USING (true);

--
-- Name: credential auth_version; Type: POLICY; Schema: ledger; Owner: tessera_owner
--

CREATE POLICY auth_version ON ledger.credential FOR UPDATE TO tessera_auth USING (true);

--
-- Name: card; Type: ROW SECURITY; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ledger.card ENABLE ROW LEVEL SECURITY;

--
-- Name: credential; Type: ROW SECURITY; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ledger.credential ENABLE ROW LEVEL SECURITY;

--
-- Name: customer; Type: ROW SECURITY; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ledger.customer ENABLE ROW LEVEL SECURITY;

--
-- Name: hold; Type: ROW SECURITY; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ledger.hold ENABLE ROW LEVEL SECURITY;

--
-- Name: idempotency; Type: ROW SECURITY; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ledger.idempotency ENABLE ROW LEVEL SECURITY;

--
-- Name: import; Type: ROW SECURITY; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ledger.import ENABLE ROW LEVEL SECURITY;

--
-- Name: import_row; Type: ROW SECURITY; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ledger.import_row ENABLE ROW LEVEL SECURITY;

--
-- Name: message; Type: ROW SECURITY; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ledger.message ENABLE ROW LEVEL SECURITY;

--
-- Name: card ops; Type: POLICY; Schema: ledger; Owner: tessera_owner
--

CREATE POLICY ops ON ledger.card FOR SELECT TO tessera_ops USING (true);

--
-- Name: credential ops; Type: POLICY; Schema: ledger; Owner: tessera_owner
--

CREATE POLICY ops ON ledger.credential FOR SELECT TO tessera_ops USING (true);

--
-- Name: customer ops; Type: POLICY; Schema: ledger; Owner: tessera_owner
--

CREATE POLICY ops ON ledger.customer FOR SELECT TO tessera_ops USING (true);

--
-- Name: hold ops; Type: POLICY; Schema: ledger; Owner: tessera_owner
--

CREATE POLICY ops ON ledger.hold FOR SELECT TO tessera_ops USING (true);

--
-- Name: idempotency ops; Type: POLICY; Schema: ledger; Owner: tessera_owner
--

CREATE POLICY ops ON ledger.idempotency FOR SELECT TO tessera_ops USING (true);

--
-- Name: import ops; Type: POLICY; Schema: ledger; Owner: tessera_owner
--

CREATE POLICY ops ON ledger.import FOR SELECT TO tessera_ops USING (true);

--
-- Name: import_row ops; Type: POLICY; Schema: ledger; Owner: tessera_owner
--

CREATE POLICY ops ON ledger.import_row FOR SELECT TO tessera_ops USING (true);

--
-- Name: message ops; Type: POLICY; Schema: ledger; Owner: tessera_owner
--

CREATE POLICY ops ON ledger.message FOR SELECT TO tessera_ops USING (true);

--
-- Name: programme ops; Type: POLICY; Schema: ledger; Owner: tessera_owner
--

CREATE POLICY ops ON ledger.programme FOR SELECT TO tessera_ops USING (true);

--
-- Name: purchase ops; Type: POLICY; Schema: ledger; Owner: tessera_owner
--

CREATE POLICY ops ON ledger.purchase FOR SELECT TO tessera_ops USING (true);

--
-- Name: purse ops; Type: POLICY; Schema: ledger; Owner: tessera_owner
--

CREATE POLICY ops ON ledger.purse FOR SELECT TO tessera_ops USING (true);

--
-- Name: reservation ops; Type: POLICY; Schema: ledger; Owner: tessera_owner
--

CREATE POLICY ops ON ledger.reservation FOR SELECT TO tessera_ops USING (true);

--
-- Name: secret ops; Type: POLICY; Schema: ledger; Owner: tessera_owner
--

CREATE POLICY ops ON ledger.secret FOR SELECT TO tessera_ops USING (true);

--
-- Name: store ops; Type: POLICY; Schema: ledger; Owner: tessera_owner
--

CREATE POLICY ops ON ledger.store FOR SELECT TO tessera_ops USING (true);

--
-- Name: tenant ops; Type: POLICY; Schema: ledger; Owner: tessera_owner
--

CREATE POLICY ops ON ledger.tenant TO tessera_ops USING (true);

--
-- Name: transfer ops; Type: POLICY; Schema: ledger; Owner: tessera_owner
--

CREATE POLICY ops ON ledger.transfer FOR SELECT TO tessera_ops USING (true);

--
-- Name: unknown_code ops; Type: POLICY; Schema: ledger; Owner: tessera_owner
--

CREATE POLICY ops ON ledger.unknown_code FOR SELECT TO tessera_ops USING (true);

--
-- Name: programme; Type: ROW SECURITY; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ledger.programme ENABLE ROW LEVEL SECURITY;

--
-- Name: purchase; Type: ROW SECURITY; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ledger.purchase ENABLE ROW LEVEL SECURITY;

--
-- Name: purse; Type: ROW SECURITY; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ledger.purse ENABLE ROW LEVEL SECURITY;

--
-- Name: reservation; Type: ROW SECURITY; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ledger.reservation ENABLE ROW LEVEL SECURITY;

--
-- Name: secret; Type: ROW SECURITY; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ledger.secret ENABLE ROW LEVEL SECURITY;

--
-- Name: store; Type: ROW SECURITY; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ledger.store ENABLE ROW LEVEL SECURITY;

--
-- Name: card tenant; Type: POLICY; Schema: ledger; Owner: tessera_owner
--

CREATE POLICY tenant ON ledger.card TO tessera_owner USING ((tenant_id = ledger.tenant()));

--
-- Name: credential tenant; Type: POLICY; Schema: ledger; Owner: tessera_owner
--

CREATE POLICY tenant ON ledger.credential TO tessera_owner USING ((tenant_id = ledger.tenant()));

--
-- Name: customer tenant; Type: POLICY; Schema: ledger; Owner: tessera_owner
--

CREATE POLICY tenant ON ledger.customer TO tessera_owner USING ((tenant_id = ledger.tenant()));

--
-- Name: hold tenant; Type: POLICY; Schema: ledger; Owner: tessera_owner
--

CREATE POLICY tenant ON ledger.hold TO tessera_owner USING ((tenant_id = ledger.tenant()));

--
-- Name: idempotency tenant; Type: POLICY; Schema: ledger; Owner: tessera_owner
--

CREATE POLICY tenant ON ledger.idempotency TO tessera_owner USING ((tenant_id = ledger.tenant()));

--
-- Name: import tenant; Type: POLICY; Schema: ledger; Owner: tessera_owner
--

CREATE POLICY tenant ON ledger.import TO tessera_owner USING ((tenant_id = ledger.tenant()));

--
-- Name: import_row tenant; Type: POLICY; Schema: ledger; Owner: tessera_owner
--

CREATE POLICY tenant ON ledger.import_row TO tessera_owner USING ((tenant_id = ledger.tenant()));

--
-- Name: message tenant; Type: POLICY; Schema: ledger; Owner: tessera_owner
--

CREATE POLICY tenant ON ledger.message TO tessera_owner USING ((tenant_id = ledger.tenant()));

--
-- Name: programme tenant; Type: POLICY; Schema: ledger; Owner: tessera_owner
--

CREATE POLICY tenant ON ledger.programme TO tessera_owner USING ((tenant_id = ledger.tenant()));

--
-- Name: purchase tenant; Type: POLICY; Schema: ledger; Owner: tessera_owner
--

CREATE POLICY tenant ON ledger.purchase TO tessera_owner USING ((tenant_id = ledger.tenant()));

--
-- Name: purse tenant; Type: POLICY; Schema: ledger; Owner: tessera_owner
--

CREATE POLICY tenant ON ledger.purse TO tessera_owner USING ((tenant_id = ledger.tenant()));

--
-- Name: reservation tenant; Type: POLICY; Schema: ledger; Owner: tessera_owner
--

CREATE POLICY tenant ON ledger.reservation TO tessera_owner USING ((tenant_id = ledger.tenant()));

--
-- Name: secret tenant; Type: POLICY; Schema: ledger; Owner: tessera_owner
--

CREATE POLICY tenant ON ledger.secret TO tessera_owner USING ((tenant_id = ledger.tenant()));

--
-- Name: store tenant; Type: POLICY; Schema: ledger; Owner: tessera_owner
--

CREATE POLICY tenant ON ledger.store TO tessera_owner USING ((tenant_id = ledger.tenant()));

--
-- Name: tenant; Type: ROW SECURITY; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ledger.tenant ENABLE ROW LEVEL SECURITY;

--
-- Name: tenant tenant; Type: POLICY; Schema: ledger; Owner: tessera_owner
--

CREATE POLICY tenant ON ledger.tenant TO tessera_owner USING (((tenant_id = ledger.tenant()) OR (parent_id = ledger.tenant())));

--
-- Name: transfer tenant; Type: POLICY; Schema: ledger; Owner: tessera_owner
--

CREATE POLICY tenant ON ledger.transfer TO tessera_owner USING ((tenant_id = ledger.tenant()));

--
-- Name: unknown_code tenant; Type: POLICY; Schema: ledger; Owner: tessera_owner
--

CREATE POLICY tenant ON ledger.unknown_code TO tessera_owner USING ((tenant_id = ledger.tenant()));

--
-- Name: transfer; Type: ROW SECURITY; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ledger.transfer ENABLE ROW LEVEL SECURITY;

--
-- Name: unknown_code; Type: ROW SECURITY; Schema: ledger; Owner: tessera_owner
--

ALTER TABLE ledger.unknown_code ENABLE ROW LEVEL SECURITY;

--
-- Name: SCHEMA api; Type: ACL; Schema: -; Owner: tessera_owner
--

GRANT USAGE ON SCHEMA api TO tessera_ops;
GRANT ALL ON SCHEMA api TO tessera_auth;
GRANT USAGE ON SCHEMA api TO tessera_app;

--
-- Name: SCHEMA ledger; Type: ACL; Schema: -; Owner: tessera_owner
--

GRANT USAGE ON SCHEMA ledger TO tessera_ops;
GRANT USAGE ON SCHEMA ledger TO tessera_auth;

--
-- Name: FUNCTION account_get(p_who api.caller, p_number text, p_code text, p_from timestamp with time zone, p_to timestamp with time zone, p_max integer); Type: ACL; Schema: api; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION api.account_get(p_who api.caller, p_number text, p_code text, p_from timestamp with time zone, p_to timestamp with time zone, p_max integer) FROM PUBLIC;
GRANT ALL ON FUNCTION api.account_get(p_who api.caller, p_number text, p_code text, p_from timestamp with time zone, p_to timestamp with time zone, p_max integer) TO tessera_app;
GRANT ALL ON FUNCTION api.account_get(p_who api.caller, p_number text, p_code text, p_from timestamp with time zone, p_to timestamp with time zone, p_max integer) TO tessera_ops;

--
-- Name: TABLE hold; Type: ACL; Schema: ledger; Owner: tessera_owner
--

GRANT SELECT ON TABLE ledger.hold TO tessera_ops;

--
-- Name: TABLE authorisation_view; Type: ACL; Schema: ledger; Owner: tessera_owner
--

GRANT SELECT ON TABLE ledger.authorisation_view TO tessera_ops;

--
-- Name: FUNCTION authorise(p_who api.caller, p_key uuid, p_print uuid, p_number text, p_code text, p_sale text, p_points bigint, p_amount bigint, p_auth uuid, p_lapse integer); Type: ACL; Schema: api; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION api.authorise(p_who api.caller, p_key uuid, p_print uuid, p_number text, p_code text, p_sale text, p_points bigint, p_amount bigint, p_auth uuid, p_lapse integer) FROM PUBLIC;
GRANT ALL ON FUNCTION api.authorise(p_who api.caller, p_key uuid, p_print uuid, p_number text, p_code text, p_sale text, p_points bigint, p_amount bigint, p_auth uuid, p_lapse integer) TO tessera_app;
GRANT ALL ON FUNCTION api.authorise(p_who api.caller, p_key uuid, p_print uuid, p_number text, p_code text, p_sale text, p_points bigint, p_amount bigint, p_auth uuid, p_lapse integer) TO tessera_ops;

--
-- Name: FUNCTION authorise_replay(p_who api.caller, p_key uuid, p_print uuid); Type: ACL; Schema: api; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION api.authorise_replay(p_who api.caller, p_key uuid, p_print uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION api.authorise_replay(p_who api.caller, p_key uuid, p_print uuid) TO tessera_app;
GRANT ALL ON FUNCTION api.authorise_replay(p_who api.caller, p_key uuid, p_print uuid) TO tessera_ops;

--
-- Name: FUNCTION card_batch(p_who api.caller, p_key uuid, p_print uuid, p_codes text[], p_count integer, p_programme text, p_amount bigint, p_unit smallint, p_expires_on date, p_customer uuid, p_reference text, p_note text, p_store text); Type: ACL; Schema: api; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION api.card_batch(p_who api.caller, p_key uuid, p_print uuid, p_codes text[], p_count integer, p_programme text, p_amount bigint, p_unit smallint, p_expires_on date, p_customer uuid, p_reference text, p_note text, p_store text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.card_batch(p_who api.caller, p_key uuid, p_print uuid, p_codes text[], p_count integer, p_programme text, p_amount bigint, p_unit smallint, p_expires_on date, p_customer uuid, p_reference text, p_note text, p_store text) TO tessera_app;
GRANT ALL ON FUNCTION api.card_batch(p_who api.caller, p_key uuid, p_print uuid, p_codes text[], p_count integer, p_programme text, p_amount bigint, p_unit smallint, p_expires_on date, p_customer uuid, p_reference text, p_note text, p_store text) TO tessera_ops;

--
-- Name: FUNCTION card_batch_replay(p_who api.caller, p_key uuid, p_print uuid); Type: ACL; Schema: api; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION api.card_batch_replay(p_who api.caller, p_key uuid, p_print uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION api.card_batch_replay(p_who api.caller, p_key uuid, p_print uuid) TO tessera_app;
GRANT ALL ON FUNCTION api.card_batch_replay(p_who api.caller, p_key uuid, p_print uuid) TO tessera_ops;

--
-- Name: FUNCTION held_due(p_tenant integer, p_card integer, p_unit smallint); Type: ACL; Schema: ledger; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION ledger.held_due(p_tenant integer, p_card integer, p_unit smallint) FROM PUBLIC;

--
-- Name: FUNCTION now(); Type: ACL; Schema: ledger; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION ledger.now() FROM PUBLIC;
GRANT ALL ON FUNCTION ledger.now() TO tessera_ops;

--
-- Name: FUNCTION store_code(p_tenant integer, p_store integer); Type: ACL; Schema: ledger; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION ledger.store_code(p_tenant integer, p_store integer) FROM PUBLIC;

--
-- Name: TABLE card; Type: ACL; Schema: ledger; Owner: tessera_owner
--

GRANT SELECT ON TABLE ledger.card TO tessera_ops;

--
-- Name: TABLE customer; Type: ACL; Schema: ledger; Owner: tessera_owner
--

GRANT SELECT ON TABLE ledger.customer TO tessera_ops;

--
-- Name: TABLE programme; Type: ACL; Schema: ledger; Owner: tessera_owner
--

GRANT SELECT ON TABLE ledger.programme TO tessera_ops;
GRANT SELECT ON TABLE ledger.programme TO tessera_auth;

--
-- Name: TABLE purse; Type: ACL; Schema: ledger; Owner: tessera_owner
--

GRANT SELECT ON TABLE ledger.purse TO tessera_ops;

--
-- Name: TABLE card_view; Type: ACL; Schema: ledger; Owner: tessera_owner
--

GRANT SELECT ON TABLE ledger.card_view TO tessera_ops;

--
-- Name: FUNCTION card_get(p_who api.caller, p_code text); Type: ACL; Schema: api; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION api.card_get(p_who api.caller, p_code text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.card_get(p_who api.caller, p_code text) TO tessera_app;
GRANT ALL ON FUNCTION api.card_get(p_who api.caller, p_code text) TO tessera_ops;

--
-- Name: FUNCTION card_issue(p_who api.caller, p_key uuid, p_print uuid, p_codes text[], p_programme text, p_amount bigint, p_unit smallint, p_expires_on date, p_months integer, p_days integer, p_customer uuid, p_reference text, p_note text, p_store text); Type: ACL; Schema: api; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION api.card_issue(p_who api.caller, p_key uuid, p_print uuid, p_codes text[], p_programme text, p_amount bigint, p_unit smallint, p_expires_on date, p_months integer, p_days integer, p_customer uuid, p_reference text, p_note text, p_store text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.card_issue(p_who api.caller, p_key uuid, p_print uuid, p_codes text[], p_programme text, p_amount bigint, p_unit smallint, p_expires_on date, p_months integer, p_days integer, p_customer uuid, p_reference text, p_note text, p_store text) TO tessera_app;
GRANT ALL ON FUNCTION api.card_issue(p_who api.caller, p_key uuid, p_print uuid, p_codes text[], p_programme text, p_amount bigint, p_unit smallint, p_expires_on date, p_months integer, p_days integer, p_customer uuid, p_reference text, p_note text, p_store text) TO tessera_ops;

--
-- Name: FUNCTION card_issue_replay(p_who api.caller, p_key uuid, p_print uuid); Type: ACL; Schema: api; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION api.card_issue_replay(p_who api.caller, p_key uuid, p_print uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION api.card_issue_replay(p_who api.caller, p_key uuid, p_print uuid) TO tessera_app;
GRANT ALL ON FUNCTION api.card_issue_replay(p_who api.caller, p_key uuid, p_print uuid) TO tessera_ops;

--
-- Name: FUNCTION card_list(p_who api.caller, p_customer uuid, p_programme text, p_state text, p_after integer, p_limit integer); Type: ACL; Schema: api; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION api.card_list(p_who api.caller, p_customer uuid, p_programme text, p_state text, p_after integer, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION api.card_list(p_who api.caller, p_customer uuid, p_programme text, p_state text, p_after integer, p_limit integer) TO tessera_app;
GRANT ALL ON FUNCTION api.card_list(p_who api.caller, p_customer uuid, p_programme text, p_state text, p_after integer, p_limit integer) TO tessera_ops;

--
-- Name: FUNCTION card_reserve(p_who api.caller, p_key uuid, p_print uuid, p_codes text[], p_count integer, p_programme text, p_lapse integer, p_agency text, p_batch text); Type: ACL; Schema: api; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION api.card_reserve(p_who api.caller, p_key uuid, p_print uuid, p_codes text[], p_count integer, p_programme text, p_lapse integer, p_agency text, p_batch text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.card_reserve(p_who api.caller, p_key uuid, p_print uuid, p_codes text[], p_count integer, p_programme text, p_lapse integer, p_agency text, p_batch text) TO tessera_app;
GRANT ALL ON FUNCTION api.card_reserve(p_who api.caller, p_key uuid, p_print uuid, p_codes text[], p_count integer, p_programme text, p_lapse integer, p_agency text, p_batch text) TO tessera_ops;

--
-- Name: FUNCTION card_sell(p_who api.caller, p_key uuid, p_print uuid, p_codes text[], p_own boolean, p_programme text, p_amount bigint, p_customer text, p_reference text, p_reserved boolean); Type: ACL; Schema: api; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION api.card_sell(p_who api.caller, p_key uuid, p_print uuid, p_codes text[], p_own boolean, p_programme text, p_amount bigint, p_customer text, p_reference text, p_reserved boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION api.card_sell(p_who api.caller, p_key uuid, p_print uuid, p_codes text[], p_own boolean, p_programme text, p_amount bigint, p_customer text, p_reference text, p_reserved boolean) TO tessera_app;
GRANT ALL ON FUNCTION api.card_sell(p_who api.caller, p_key uuid, p_print uuid, p_codes text[], p_own boolean, p_programme text, p_amount bigint, p_customer text, p_reference text, p_reserved boolean) TO tessera_ops;

--
-- Name: FUNCTION card_update(p_who api.caller, p_code text, p_set_state boolean, p_state text, p_set_expires boolean, p_expires_on date, p_set_customer boolean, p_customer uuid, p_set_note boolean, p_note text); Type: ACL; Schema: api; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION api.card_update(p_who api.caller, p_code text, p_set_state boolean, p_state text, p_set_expires boolean, p_expires_on date, p_set_customer boolean, p_customer uuid, p_set_note boolean, p_note text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.card_update(p_who api.caller, p_code text, p_set_state boolean, p_state text, p_set_expires boolean, p_expires_on date, p_set_customer boolean, p_customer uuid, p_set_note boolean, p_note text) TO tessera_app;
GRANT ALL ON FUNCTION api.card_update(p_who api.caller, p_code text, p_set_state boolean, p_state text, p_set_expires boolean, p_expires_on date, p_set_customer boolean, p_customer uuid, p_set_note boolean, p_note text) TO tessera_ops;

--
-- Name: TABLE credential; Type: ACL; Schema: ledger; Owner: tessera_owner
--

GRANT SELECT ON TABLE ledger.credential TO tessera_ops;
GRANT SELECT ON TABLE ledger.credential TO tessera_auth;

--
-- Name: COLUMN credential.version; Type: ACL; Schema: ledger; Owner: tessera_owner
--

GRANT UPDATE(version) ON TABLE ledger.credential TO tessera_auth;

--
-- Name: TABLE secret; Type: ACL; Schema: ledger; Owner: tessera_owner
--

GRANT SELECT ON TABLE ledger.secret TO tessera_ops;
GRANT SELECT ON TABLE ledger.secret TO tessera_auth;

--
-- Name: TABLE credential_view; Type: ACL; Schema: ledger; Owner: tessera_owner
--

GRANT SELECT ON TABLE ledger.credential_view TO tessera_ops;

--
-- Name: FUNCTION credential_create(p_who api.caller, p_tenant uuid, p_api text, p_login text, p_label text, p_scopes integer, p_programme text, p_addresses text[], p_expires_at timestamp with time zone, p_key_hash bytea, p_password_hash text); Type: ACL; Schema: api; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION api.credential_create(p_who api.caller, p_tenant uuid, p_api text, p_login text, p_label text, p_scopes integer, p_programme text, p_addresses text[], p_expires_at timestamp with time zone, p_key_hash bytea, p_password_hash text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.credential_create(p_who api.caller, p_tenant uuid, p_api text, p_login text, p_label text, p_scopes integer, p_programme text, p_addresses text[], p_expires_at timestamp with time zone, p_key_hash bytea, p_password_hash text) TO tessera_app;
GRANT ALL ON FUNCTION api.credential_create(p_who api.caller, p_tenant uuid, p_api text, p_login text, p_label text, p_scopes integer, p_programme text, p_addresses text[], p_expires_at timestamp with time zone, p_key_hash bytea, p_password_hash text) TO tessera_ops;

--
-- Name: FUNCTION credential_disable(p_who api.caller, p_id uuid); Type: ACL; Schema: api; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION api.credential_disable(p_who api.caller, p_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION api.credential_disable(p_who api.caller, p_id uuid) TO tessera_app;
GRANT ALL ON FUNCTION api.credential_disable(p_who api.caller, p_id uuid) TO tessera_ops;

--
-- Name: FUNCTION credential_list(p_who api.caller, p_id uuid, p_after uuid, p_limit integer); Type: ACL; Schema: api; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION api.credential_list(p_who api.caller, p_id uuid, p_after uuid, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION api.credential_list(p_who api.caller, p_id uuid, p_after uuid, p_limit integer) TO tessera_app;
GRANT ALL ON FUNCTION api.credential_list(p_who api.caller, p_id uuid, p_after uuid, p_limit integer) TO tessera_ops;

--
-- Name: FUNCTION credential_rotate(p_who api.caller, p_id uuid, p_key_hash bytea, p_password_hash text, p_overlap integer); Type: ACL; Schema: api; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION api.credential_rotate(p_who api.caller, p_id uuid, p_key_hash bytea, p_password_hash text, p_overlap integer) FROM PUBLIC;
GRANT ALL ON FUNCTION api.credential_rotate(p_who api.caller, p_id uuid, p_key_hash bytea, p_password_hash text, p_overlap integer) TO tessera_app;
GRANT ALL ON FUNCTION api.credential_rotate(p_who api.caller, p_id uuid, p_key_hash bytea, p_password_hash text, p_overlap integer) TO tessera_ops;

--
-- Name: FUNCTION enter(p_who api.caller); Type: ACL; Schema: ledger; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION ledger.enter(p_who api.caller) FROM PUBLIC;

--
-- Name: FUNCTION credential_still(p_who api.caller); Type: ACL; Schema: api; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION api.credential_still(p_who api.caller) FROM PUBLIC;
GRANT ALL ON FUNCTION api.credential_still(p_who api.caller) TO tessera_app;
GRANT ALL ON FUNCTION api.credential_still(p_who api.caller) TO tessera_ops;

--
-- Name: FUNCTION credential_unlock(p_who api.caller, p_id uuid); Type: ACL; Schema: api; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION api.credential_unlock(p_who api.caller, p_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION api.credential_unlock(p_who api.caller, p_id uuid) TO tessera_app;
GRANT ALL ON FUNCTION api.credential_unlock(p_who api.caller, p_id uuid) TO tessera_ops;

--
-- Name: FUNCTION preset(p_key text); Type: ACL; Schema: ledger; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION ledger.preset(p_key text) FROM PUBLIC;
GRANT ALL ON FUNCTION ledger.preset(p_key text) TO tessera_auth;
GRANT ALL ON FUNCTION ledger.preset(p_key text) TO tessera_ops;

--
-- Name: TABLE setting; Type: ACL; Schema: ledger; Owner: tessera_owner
--

GRANT SELECT ON TABLE ledger.setting TO tessera_ops;
GRANT SELECT ON TABLE ledger.setting TO tessera_auth;

--
-- Name: FUNCTION settings_text(p_settings jsonb); Type: ACL; Schema: ledger; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION ledger.settings_text(p_settings jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION ledger.settings_text(p_settings jsonb) TO tessera_auth;

--
-- Name: TABLE tenant; Type: ACL; Schema: ledger; Owner: tessera_owner
--

GRANT SELECT,INSERT,UPDATE ON TABLE ledger.tenant TO tessera_ops;
GRANT SELECT ON TABLE ledger.tenant TO tessera_auth;

--
-- Name: TABLE unknown_code; Type: ACL; Schema: ledger; Owner: tessera_owner
--

GRANT SELECT ON TABLE ledger.unknown_code TO tessera_ops;
GRANT SELECT ON TABLE ledger.unknown_code TO tessera_auth;

--
-- Name: FUNCTION credential_usable(p_tenant integer, p_credential integer, p_address inet, p_host text, OUT version integer, OUT scopes integer, OUT reseller boolean, OUT clock timestamp with time zone, OUT currency smallint, OUT time_zone text, OUT programme text, OUT settings text, OUT unknown_codes integer); Type: ACL; Schema: api; Owner: tessera_auth
--

REVOKE ALL ON FUNCTION api.credential_usable(p_tenant integer, p_credential integer, p_address inet, p_host text, OUT version integer, OUT scopes integer, OUT reseller boolean, OUT clock timestamp with time zone, OUT currency smallint, OUT time_zone text, OUT programme text, OUT settings text, OUT unknown_codes integer) FROM PUBLIC;

--
-- Name: TABLE customer_view; Type: ACL; Schema: ledger; Owner: tessera_owner
--

GRANT SELECT ON TABLE ledger.customer_view TO tessera_ops;

--
-- Name: FUNCTION customer_create(p_who api.caller, p_names text[], p_values text[]); Type: ACL; Schema: api; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION api.customer_create(p_who api.caller, p_names text[], p_values text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION api.customer_create(p_who api.caller, p_names text[], p_values text[]) TO tessera_app;
GRANT ALL ON FUNCTION api.customer_create(p_who api.caller, p_names text[], p_values text[]) TO tessera_ops;

--
-- Name: FUNCTION customer_find(p_who api.caller, p_number text, p_email text); Type: ACL; Schema: api; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION api.customer_find(p_who api.caller, p_number text, p_email text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.customer_find(p_who api.caller, p_number text, p_email text) TO tessera_app;
GRANT ALL ON FUNCTION api.customer_find(p_who api.caller, p_number text, p_email text) TO tessera_ops;

--
-- Name: FUNCTION customer_list(p_who api.caller, p_id uuid, p_email text, p_phone text, p_external_id text, p_after integer, p_limit integer); Type: ACL; Schema: api; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION api.customer_list(p_who api.caller, p_id uuid, p_email text, p_phone text, p_external_id text, p_after integer, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION api.customer_list(p_who api.caller, p_id uuid, p_email text, p_phone text, p_external_id text, p_after integer, p_limit integer) TO tessera_app;
GRANT ALL ON FUNCTION api.customer_list(p_who api.caller, p_id uuid, p_email text, p_phone text, p_external_id text, p_after integer, p_limit integer) TO tessera_ops;

--
-- Name: FUNCTION customer_update(p_who api.caller, p_id uuid, p_names text[], p_values text[]); Type: ACL; Schema: api; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION api.customer_update(p_who api.caller, p_id uuid, p_names text[], p_values text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION api.customer_update(p_who api.caller, p_id uuid, p_names text[], p_values text[]) TO tessera_app;
GRANT ALL ON FUNCTION api.customer_update(p_who api.caller, p_id uuid, p_names text[], p_values text[]) TO tessera_ops;

--
-- Name: FUNCTION debit(p_tenant integer, p_credential integer, p_version integer, p_clock timestamp with time zone, p_zone text, p_request uuid, p_key uuid, p_print uuid, p_card text, p_unit smallint, p_kind ledger.kind, p_amount bigint, p_expected integer, p_reference text); Type: ACL; Schema: api; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION api.debit(p_tenant integer, p_credential integer, p_version integer, p_clock timestamp with time zone, p_zone text, p_request uuid, p_key uuid, p_print uuid, p_card text, p_unit smallint, p_kind ledger.kind, p_amount bigint, p_expected integer, p_reference text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.debit(p_tenant integer, p_credential integer, p_version integer, p_clock timestamp with time zone, p_zone text, p_request uuid, p_key uuid, p_print uuid, p_card text, p_unit smallint, p_kind ledger.kind, p_amount bigint, p_expected integer, p_reference text) TO tessera_app;
GRANT ALL ON FUNCTION api.debit(p_tenant integer, p_credential integer, p_version integer, p_clock timestamp with time zone, p_zone text, p_request uuid, p_key uuid, p_print uuid, p_card text, p_unit smallint, p_kind ledger.kind, p_amount bigint, p_expected integer, p_reference text) TO tessera_ops;

--
-- Name: FUNCTION hold_get(p_who api.caller, p_card_id integer, p_unit smallint, p_seq integer); Type: ACL; Schema: api; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION api.hold_get(p_who api.caller, p_card_id integer, p_unit smallint, p_seq integer) FROM PUBLIC;
GRANT ALL ON FUNCTION api.hold_get(p_who api.caller, p_card_id integer, p_unit smallint, p_seq integer) TO tessera_app;
GRANT ALL ON FUNCTION api.hold_get(p_who api.caller, p_card_id integer, p_unit smallint, p_seq integer) TO tessera_ops;

--
-- Name: FUNCTION holder_enrol(p_who api.caller, p_key uuid, p_print uuid, p_codes text[], p_programme text, p_store integer, p_channel text, p_domain text, p_names text[], p_values text[]); Type: ACL; Schema: api; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION api.holder_enrol(p_who api.caller, p_key uuid, p_print uuid, p_codes text[], p_programme text, p_store integer, p_channel text, p_domain text, p_names text[], p_values text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION api.holder_enrol(p_who api.caller, p_key uuid, p_print uuid, p_codes text[], p_programme text, p_store integer, p_channel text, p_domain text, p_names text[], p_values text[]) TO tessera_app;
GRANT ALL ON FUNCTION api.holder_enrol(p_who api.caller, p_key uuid, p_print uuid, p_codes text[], p_programme text, p_store integer, p_channel text, p_domain text, p_names text[], p_values text[]) TO tessera_ops;

--
-- Name: FUNCTION holder_enrol_replay(p_who api.caller, p_key uuid, p_print uuid); Type: ACL; Schema: api; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION api.holder_enrol_replay(p_who api.caller, p_key uuid, p_print uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION api.holder_enrol_replay(p_who api.caller, p_key uuid, p_print uuid) TO tessera_app;
GRANT ALL ON FUNCTION api.holder_enrol_replay(p_who api.caller, p_key uuid, p_print uuid) TO tessera_ops;

--
-- Name: FUNCTION holder_update(p_who api.caller, p_code text, p_names text[], p_values text[]); Type: ACL; Schema: api; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION api.holder_update(p_who api.caller, p_code text, p_names text[], p_values text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION api.holder_update(p_who api.caller, p_code text, p_names text[], p_values text[]) TO tessera_app;
GRANT ALL ON FUNCTION api.holder_update(p_who api.caller, p_code text, p_names text[], p_values text[]) TO tessera_ops;

--
-- Name: FUNCTION host_settings(p_host text); Type: ACL; Schema: api; Owner: tessera_auth
--

REVOKE ALL ON FUNCTION api.host_settings(p_host text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.host_settings(p_host text) TO tessera_app;
GRANT ALL ON FUNCTION api.host_settings(p_host text) TO tessera_ops;

--
-- Name: FUNCTION key_find(p_api text, p_hash bytea, p_address inet, p_host text); Type: ACL; Schema: api; Owner: tessera_auth
--

REVOKE ALL ON FUNCTION api.key_find(p_api text, p_hash bytea, p_address inet, p_host text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.key_find(p_api text, p_hash bytea, p_address inet, p_host text) TO tessera_app;
GRANT ALL ON FUNCTION api.key_find(p_api text, p_hash bytea, p_address inet, p_host text) TO tessera_ops;

--
-- Name: FUNCTION login_begin(p_api text, p_login text, p_address inet, p_host text, p_max integer, p_window integer); Type: ACL; Schema: api; Owner: tessera_auth
--

REVOKE ALL ON FUNCTION api.login_begin(p_api text, p_login text, p_address inet, p_host text, p_max integer, p_window integer) FROM PUBLIC;
GRANT ALL ON FUNCTION api.login_begin(p_api text, p_login text, p_address inet, p_host text, p_max integer, p_window integer) TO tessera_app;
GRANT ALL ON FUNCTION api.login_begin(p_api text, p_login text, p_address inet, p_host text, p_max integer, p_window integer) TO tessera_ops;

--
-- Name: FUNCTION network_of(p_address inet); Type: ACL; Schema: api; Owner: tessera_auth
--

REVOKE ALL ON FUNCTION api.network_of(p_address inet) FROM PUBLIC;
GRANT ALL ON FUNCTION api.network_of(p_address inet) TO tessera_owner;
GRANT ALL ON FUNCTION api.network_of(p_address inet) TO tessera_ops;

--
-- Name: TABLE login_attempt; Type: ACL; Schema: ledger; Owner: tessera_owner
--

GRANT SELECT ON TABLE ledger.login_attempt TO tessera_ops;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE ledger.login_attempt TO tessera_auth;

--
-- Name: TABLE login_network; Type: ACL; Schema: ledger; Owner: tessera_owner
--

GRANT SELECT ON TABLE ledger.login_network TO tessera_ops;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE ledger.login_network TO tessera_auth;

--
-- Name: FUNCTION login_clear(p_api text, p_login text); Type: ACL; Schema: api; Owner: tessera_auth
--

REVOKE ALL ON FUNCTION api.login_clear(p_api text, p_login text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.login_clear(p_api text, p_login text) TO tessera_owner;

--
-- Name: FUNCTION login_end(p_api text, p_login text, p_address inet, p_right boolean, p_max integer, p_window integer, p_network_max integer, p_lockout text); Type: ACL; Schema: api; Owner: tessera_auth
--

REVOKE ALL ON FUNCTION api.login_end(p_api text, p_login text, p_address inet, p_right boolean, p_max integer, p_window integer, p_network_max integer, p_lockout text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.login_end(p_api text, p_login text, p_address inet, p_right boolean, p_max integer, p_window integer, p_network_max integer, p_lockout text) TO tessera_app;
GRANT ALL ON FUNCTION api.login_end(p_api text, p_login text, p_address inet, p_right boolean, p_max integer, p_window integer, p_network_max integer, p_lockout text) TO tessera_ops;

--
-- Name: FUNCTION login_failed(a ledger.login_attempt, p_max integer, p_window integer, p_lockout text); Type: ACL; Schema: api; Owner: tessera_auth
--

REVOKE ALL ON FUNCTION api.login_failed(a ledger.login_attempt, p_max integer, p_window integer, p_lockout text) FROM PUBLIC;

--
-- Name: FUNCTION loyalty_earn(p_who api.caller, p_key uuid, p_print uuid, p_number text, p_points bigint, p_reason text, p_reference text, p_once boolean); Type: ACL; Schema: api; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION api.loyalty_earn(p_who api.caller, p_key uuid, p_print uuid, p_number text, p_points bigint, p_reason text, p_reference text, p_once boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION api.loyalty_earn(p_who api.caller, p_key uuid, p_print uuid, p_number text, p_points bigint, p_reason text, p_reference text, p_once boolean) TO tessera_app;
GRANT ALL ON FUNCTION api.loyalty_earn(p_who api.caller, p_key uuid, p_print uuid, p_number text, p_points bigint, p_reason text, p_reference text, p_once boolean) TO tessera_ops;

--
-- Name: FUNCTION me(p_who api.caller); Type: ACL; Schema: api; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION api.me(p_who api.caller) FROM PUBLIC;
GRANT ALL ON FUNCTION api.me(p_who api.caller) TO tessera_app;
GRANT ALL ON FUNCTION api.me(p_who api.caller) TO tessera_ops;

--
-- Name: TABLE message; Type: ACL; Schema: ledger; Owner: tessera_owner
--

GRANT SELECT ON TABLE ledger.message TO tessera_ops;

--
-- Name: TABLE message_view; Type: ACL; Schema: ledger; Owner: tessera_owner
--

GRANT SELECT ON TABLE ledger.message_view TO tessera_ops;

--
-- Name: FUNCTION message_list(p_who api.caller, p_id uuid, p_state text, p_after uuid, p_limit integer); Type: ACL; Schema: api; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION api.message_list(p_who api.caller, p_id uuid, p_state text, p_after uuid, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION api.message_list(p_who api.caller, p_id uuid, p_state text, p_after uuid, p_limit integer) TO tessera_app;
GRANT ALL ON FUNCTION api.message_list(p_who api.caller, p_id uuid, p_state text, p_after uuid, p_limit integer) TO tessera_ops;

--
-- Name: FUNCTION network_failed(p_api text, p_address inet, p_max integer); Type: ACL; Schema: api; Owner: tessera_auth
--

REVOKE ALL ON FUNCTION api.network_failed(p_api text, p_address inet, p_max integer) FROM PUBLIC;

--
-- Name: FUNCTION points_get(p_who api.caller, p_code text); Type: ACL; Schema: api; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION api.points_get(p_who api.caller, p_code text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.points_get(p_who api.caller, p_code text) TO tessera_app;
GRANT ALL ON FUNCTION api.points_get(p_who api.caller, p_code text) TO tessera_ops;

--
-- Name: FUNCTION post(p_who api.caller, p_key uuid, p_print uuid, p_transfers api.transfer_in[]); Type: ACL; Schema: api; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION api.post(p_who api.caller, p_key uuid, p_print uuid, p_transfers api.transfer_in[]) FROM PUBLIC;
GRANT ALL ON FUNCTION api.post(p_who api.caller, p_key uuid, p_print uuid, p_transfers api.transfer_in[]) TO tessera_app;
GRANT ALL ON FUNCTION api.post(p_who api.caller, p_key uuid, p_print uuid, p_transfers api.transfer_in[]) TO tessera_ops;

--
-- Name: FUNCTION post_replay(p_who api.caller, p_key uuid, p_print uuid); Type: ACL; Schema: api; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION api.post_replay(p_who api.caller, p_key uuid, p_print uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION api.post_replay(p_who api.caller, p_key uuid, p_print uuid) TO tessera_app;
GRANT ALL ON FUNCTION api.post_replay(p_who api.caller, p_key uuid, p_print uuid) TO tessera_ops;

--
-- Name: FUNCTION rule(p_settings jsonb, p_key text); Type: ACL; Schema: ledger; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION ledger.rule(p_settings jsonb, p_key text) FROM PUBLIC;

--
-- Name: TABLE programme_view; Type: ACL; Schema: ledger; Owner: tessera_owner
--

GRANT SELECT ON TABLE ledger.programme_view TO tessera_ops;

--
-- Name: FUNCTION programme_create(p_who api.caller, p_code text, p_name text, p_kind smallint, p_unit smallint, p_prefix text, p_alphabet text, p_code_length smallint, p_term_months smallint, p_term_days smallint, p_amount_max bigint, p_settings jsonb); Type: ACL; Schema: api; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION api.programme_create(p_who api.caller, p_code text, p_name text, p_kind smallint, p_unit smallint, p_prefix text, p_alphabet text, p_code_length smallint, p_term_months smallint, p_term_days smallint, p_amount_max bigint, p_settings jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION api.programme_create(p_who api.caller, p_code text, p_name text, p_kind smallint, p_unit smallint, p_prefix text, p_alphabet text, p_code_length smallint, p_term_months smallint, p_term_days smallint, p_amount_max bigint, p_settings jsonb) TO tessera_app;
GRANT ALL ON FUNCTION api.programme_create(p_who api.caller, p_code text, p_name text, p_kind smallint, p_unit smallint, p_prefix text, p_alphabet text, p_code_length smallint, p_term_months smallint, p_term_days smallint, p_amount_max bigint, p_settings jsonb) TO tessera_ops;

--
-- Name: FUNCTION programme_get(p_who api.caller, p_code text, p_number integer); Type: ACL; Schema: api; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION api.programme_get(p_who api.caller, p_code text, p_number integer) FROM PUBLIC;
GRANT ALL ON FUNCTION api.programme_get(p_who api.caller, p_code text, p_number integer) TO tessera_app;
GRANT ALL ON FUNCTION api.programme_get(p_who api.caller, p_code text, p_number integer) TO tessera_ops;

--
-- Name: FUNCTION programme_list(p_who api.caller, p_after text, p_limit integer); Type: ACL; Schema: api; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION api.programme_list(p_who api.caller, p_after text, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION api.programme_list(p_who api.caller, p_after text, p_limit integer) TO tessera_app;
GRANT ALL ON FUNCTION api.programme_list(p_who api.caller, p_after text, p_limit integer) TO tessera_ops;

--
-- Name: FUNCTION programme_update(p_who api.caller, p_code text, p_name text, p_state text, p_prefix text, p_alphabet text, p_code_length smallint, p_term_months smallint, p_term_days smallint, p_amount_max bigint, p_settings jsonb); Type: ACL; Schema: api; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION api.programme_update(p_who api.caller, p_code text, p_name text, p_state text, p_prefix text, p_alphabet text, p_code_length smallint, p_term_months smallint, p_term_days smallint, p_amount_max bigint, p_settings jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION api.programme_update(p_who api.caller, p_code text, p_name text, p_state text, p_prefix text, p_alphabet text, p_code_length smallint, p_term_months smallint, p_term_days smallint, p_amount_max bigint, p_settings jsonb) TO tessera_app;
GRANT ALL ON FUNCTION api.programme_update(p_who api.caller, p_code text, p_name text, p_state text, p_prefix text, p_alphabet text, p_code_length smallint, p_term_months smallint, p_term_days smallint, p_amount_max bigint, p_settings jsonb) TO tessera_ops;

--
-- Name: TABLE purchase; Type: ACL; Schema: ledger; Owner: tessera_owner
--

REVOKE ALL ON TABLE ledger.purchase FROM tessera_owner;
GRANT SELECT,INSERT,REFERENCES,TRIGGER ON TABLE ledger.purchase TO tessera_owner;
GRANT SELECT ON TABLE ledger.purchase TO tessera_ops;

--
-- Name: TABLE purchase_view; Type: ACL; Schema: ledger; Owner: tessera_owner
--

GRANT SELECT ON TABLE ledger.purchase_view TO tessera_ops;

--
-- Name: FUNCTION purchase_list(p_who api.caller, p_code text, p_after integer, p_limit integer); Type: ACL; Schema: api; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION api.purchase_list(p_who api.caller, p_code text, p_after integer, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION api.purchase_list(p_who api.caller, p_code text, p_after integer, p_limit integer) TO tessera_app;
GRANT ALL ON FUNCTION api.purchase_list(p_who api.caller, p_code text, p_after integer, p_limit integer) TO tessera_ops;

--
-- Name: FUNCTION purchase_post(p_who api.caller, p_key uuid, p_print uuid, p_currency smallint, p_exponent integer, p_card text, p_amount bigint, p_discount bigint, p_points bigint, p_detail text, p_check boolean, p_window integer); Type: ACL; Schema: api; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION api.purchase_post(p_who api.caller, p_key uuid, p_print uuid, p_currency smallint, p_exponent integer, p_card text, p_amount bigint, p_discount bigint, p_points bigint, p_detail text, p_check boolean, p_window integer) FROM PUBLIC;
GRANT ALL ON FUNCTION api.purchase_post(p_who api.caller, p_key uuid, p_print uuid, p_currency smallint, p_exponent integer, p_card text, p_amount bigint, p_discount bigint, p_points bigint, p_detail text, p_check boolean, p_window integer) TO tessera_app;
GRANT ALL ON FUNCTION api.purchase_post(p_who api.caller, p_key uuid, p_print uuid, p_currency smallint, p_exponent integer, p_card text, p_amount bigint, p_discount bigint, p_points bigint, p_detail text, p_check boolean, p_window integer) TO tessera_ops;

--
-- Name: FUNCTION purchase_replay(p_who api.caller, p_key uuid, p_print uuid); Type: ACL; Schema: api; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION api.purchase_replay(p_who api.caller, p_key uuid, p_print uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION api.purchase_replay(p_who api.caller, p_key uuid, p_print uuid) TO tessera_app;
GRANT ALL ON FUNCTION api.purchase_replay(p_who api.caller, p_key uuid, p_print uuid) TO tessera_ops;

--
-- Name: FUNCTION reservation_list(p_who api.caller, p_agency text, p_batch text, p_after integer, p_limit integer); Type: ACL; Schema: api; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION api.reservation_list(p_who api.caller, p_agency text, p_batch text, p_after integer, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION api.reservation_list(p_who api.caller, p_agency text, p_batch text, p_after integer, p_limit integer) TO tessera_app;
GRANT ALL ON FUNCTION api.reservation_list(p_who api.caller, p_agency text, p_batch text, p_after integer, p_limit integer) TO tessera_ops;

--
-- Name: TABLE migration; Type: ACL; Schema: ledger; Owner: tessera_owner
--

GRANT SELECT ON TABLE ledger.migration TO tessera_ops;

--
-- Name: FUNCTION schema_version(); Type: ACL; Schema: api; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION api.schema_version() FROM PUBLIC;
GRANT ALL ON FUNCTION api.schema_version() TO tessera_app;
GRANT ALL ON FUNCTION api.schema_version() TO tessera_ops;

--
-- Name: FUNCTION session_open(p_who api.caller, p_hash bytea, p_seconds integer); Type: ACL; Schema: api; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION api.session_open(p_who api.caller, p_hash bytea, p_seconds integer) FROM PUBLIC;
GRANT ALL ON FUNCTION api.session_open(p_who api.caller, p_hash bytea, p_seconds integer) TO tessera_app;
GRANT ALL ON FUNCTION api.session_open(p_who api.caller, p_hash bytea, p_seconds integer) TO tessera_ops;

--
-- Name: FUNCTION setting_check(p_who api.caller, p_scope text, p_settings jsonb); Type: ACL; Schema: api; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION api.setting_check(p_who api.caller, p_scope text, p_settings jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION api.setting_check(p_who api.caller, p_scope text, p_settings jsonb) TO tessera_app;
GRANT ALL ON FUNCTION api.setting_check(p_who api.caller, p_scope text, p_settings jsonb) TO tessera_ops;

--
-- Name: FUNCTION settle(p_who api.caller, p_ref text, p_auth uuid, p_confirm boolean); Type: ACL; Schema: api; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION api.settle(p_who api.caller, p_ref text, p_auth uuid, p_confirm boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION api.settle(p_who api.caller, p_ref text, p_auth uuid, p_confirm boolean) TO tessera_app;
GRANT ALL ON FUNCTION api.settle(p_who api.caller, p_ref text, p_auth uuid, p_confirm boolean) TO tessera_ops;

--
-- Name: TABLE store; Type: ACL; Schema: ledger; Owner: tessera_owner
--

GRANT SELECT ON TABLE ledger.store TO tessera_ops;

--
-- Name: TABLE store_view; Type: ACL; Schema: ledger; Owner: tessera_owner
--

GRANT SELECT ON TABLE ledger.store_view TO tessera_ops;

--
-- Name: FUNCTION store_create(p_who api.caller, p_code text, p_name text); Type: ACL; Schema: api; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION api.store_create(p_who api.caller, p_code text, p_name text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.store_create(p_who api.caller, p_code text, p_name text) TO tessera_app;
GRANT ALL ON FUNCTION api.store_create(p_who api.caller, p_code text, p_name text) TO tessera_ops;

--
-- Name: FUNCTION store_get(p_who api.caller, p_code text); Type: ACL; Schema: api; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION api.store_get(p_who api.caller, p_code text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.store_get(p_who api.caller, p_code text) TO tessera_app;
GRANT ALL ON FUNCTION api.store_get(p_who api.caller, p_code text) TO tessera_ops;

--
-- Name: FUNCTION store_list(p_who api.caller, p_after text, p_limit integer); Type: ACL; Schema: api; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION api.store_list(p_who api.caller, p_after text, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION api.store_list(p_who api.caller, p_after text, p_limit integer) TO tessera_app;
GRANT ALL ON FUNCTION api.store_list(p_who api.caller, p_after text, p_limit integer) TO tessera_ops;

--
-- Name: FUNCTION store_update(p_who api.caller, p_code text, p_name text, p_state text); Type: ACL; Schema: api; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION api.store_update(p_who api.caller, p_code text, p_name text, p_state text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.store_update(p_who api.caller, p_code text, p_name text, p_state text) TO tessera_app;
GRANT ALL ON FUNCTION api.store_update(p_who api.caller, p_code text, p_name text, p_state text) TO tessera_ops;

--
-- Name: TABLE tenant_view; Type: ACL; Schema: ledger; Owner: tessera_owner
--

GRANT SELECT ON TABLE ledger.tenant_view TO tessera_ops;

--
-- Name: FUNCTION tenant_create(p_who api.caller, p_name text, p_host text, p_time_zone text, p_currency smallint, p_settings jsonb); Type: ACL; Schema: api; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION api.tenant_create(p_who api.caller, p_name text, p_host text, p_time_zone text, p_currency smallint, p_settings jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION api.tenant_create(p_who api.caller, p_name text, p_host text, p_time_zone text, p_currency smallint, p_settings jsonb) TO tessera_app;
GRANT ALL ON FUNCTION api.tenant_create(p_who api.caller, p_name text, p_host text, p_time_zone text, p_currency smallint, p_settings jsonb) TO tessera_ops;

--
-- Name: FUNCTION tenant_get(p_who api.caller, p_id uuid); Type: ACL; Schema: api; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION api.tenant_get(p_who api.caller, p_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION api.tenant_get(p_who api.caller, p_id uuid) TO tessera_app;
GRANT ALL ON FUNCTION api.tenant_get(p_who api.caller, p_id uuid) TO tessera_ops;

--
-- Name: FUNCTION tenant_list(p_who api.caller, p_after uuid, p_limit integer); Type: ACL; Schema: api; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION api.tenant_list(p_who api.caller, p_after uuid, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION api.tenant_list(p_who api.caller, p_after uuid, p_limit integer) TO tessera_app;
GRANT ALL ON FUNCTION api.tenant_list(p_who api.caller, p_after uuid, p_limit integer) TO tessera_ops;

--
-- Name: FUNCTION tenant_update(p_who api.caller, p_id uuid, p_set_name boolean, p_name text, p_set_host boolean, p_host text, p_set_state boolean, p_state text, p_settings jsonb); Type: ACL; Schema: api; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION api.tenant_update(p_who api.caller, p_id uuid, p_set_name boolean, p_name text, p_set_host boolean, p_host text, p_set_state boolean, p_state text, p_settings jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION api.tenant_update(p_who api.caller, p_id uuid, p_set_name boolean, p_name text, p_set_host boolean, p_host text, p_set_state boolean, p_state text, p_settings jsonb) TO tessera_app;
GRANT ALL ON FUNCTION api.tenant_update(p_who api.caller, p_id uuid, p_set_name boolean, p_name text, p_set_host boolean, p_host text, p_set_state boolean, p_state text, p_settings jsonb) TO tessera_ops;

--
-- Name: TABLE transfer; Type: ACL; Schema: ledger; Owner: tessera_owner
--

REVOKE ALL ON TABLE ledger.transfer FROM tessera_owner;
GRANT SELECT,INSERT,REFERENCES,TRIGGER ON TABLE ledger.transfer TO tessera_owner;
GRANT SELECT ON TABLE ledger.transfer TO tessera_ops;

--
-- Name: TABLE transfer_view; Type: ACL; Schema: ledger; Owner: tessera_owner
--

GRANT SELECT ON TABLE ledger.transfer_view TO tessera_ops;

--
-- Name: FUNCTION transfer_get(p_who api.caller, p_card_id integer, p_unit smallint, p_seq integer); Type: ACL; Schema: api; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION api.transfer_get(p_who api.caller, p_card_id integer, p_unit smallint, p_seq integer) FROM PUBLIC;
GRANT ALL ON FUNCTION api.transfer_get(p_who api.caller, p_card_id integer, p_unit smallint, p_seq integer) TO tessera_app;
GRANT ALL ON FUNCTION api.transfer_get(p_who api.caller, p_card_id integer, p_unit smallint, p_seq integer) TO tessera_ops;

--
-- Name: FUNCTION transfer_list(p_who api.caller, p_code text, p_after timestamp with time zone, p_after_unit smallint, p_after_seq integer, p_limit integer); Type: ACL; Schema: api; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION api.transfer_list(p_who api.caller, p_code text, p_after timestamp with time zone, p_after_unit smallint, p_after_seq integer, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION api.transfer_list(p_who api.caller, p_code text, p_after timestamp with time zone, p_after_unit smallint, p_after_seq integer, p_limit integer) TO tessera_app;
GRANT ALL ON FUNCTION api.transfer_list(p_who api.caller, p_code text, p_after timestamp with time zone, p_after_unit smallint, p_after_seq integer, p_limit integer) TO tessera_ops;

--
-- Name: FUNCTION unknown_code_seen(p_who api.caller, p_address inet, p_budget integer); Type: ACL; Schema: api; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION api.unknown_code_seen(p_who api.caller, p_address inet, p_budget integer) FROM PUBLIC;
GRANT ALL ON FUNCTION api.unknown_code_seen(p_who api.caller, p_address inet, p_budget integer) TO tessera_app;
GRANT ALL ON FUNCTION api.unknown_code_seen(p_who api.caller, p_address inet, p_budget integer) TO tessera_ops;

--
-- Name: FUNCTION account_find(p_tenant integer, p_number text, p_code text, OUT status api.status, OUT card_id integer, OUT unit smallint); Type: ACL; Schema: ledger; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION ledger.account_find(p_tenant integer, p_number text, p_code text, OUT status api.status, OUT card_id integer, OUT unit smallint) FROM PUBLIC;

--
-- Name: FUNCTION act_in(p_who api.caller, p_id uuid); Type: ACL; Schema: ledger; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION ledger.act_in(p_who api.caller, p_id uuid) FROM PUBLIC;

--
-- Name: FUNCTION card_claim(p_who api.caller, p_code text, p_programme integer, p_unit smallint, p_customer integer, p_amount bigint, p_expires_on date, p_reference text); Type: ACL; Schema: ledger; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION ledger.card_claim(p_who api.caller, p_code text, p_programme integer, p_unit smallint, p_customer integer, p_amount bigint, p_expires_on date, p_reference text) FROM PUBLIC;

--
-- Name: FUNCTION cards_open(p_who api.caller, p_programme integer, p_unit smallint, p_customer integer, p_codes text[], p_amounts bigint[], p_expires date[], p_states ledger.card_state[], p_references text[], p_notes text[], p_store integer); Type: ACL; Schema: ledger; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION ledger.cards_open(p_who api.caller, p_programme integer, p_unit smallint, p_customer integer, p_codes text[], p_amounts bigint[], p_expires date[], p_states ledger.card_state[], p_references text[], p_notes text[], p_store integer) FROM PUBLIC;

--
-- Name: FUNCTION contra_of(p_kind ledger.kind); Type: ACL; Schema: ledger; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION ledger.contra_of(p_kind ledger.kind) FROM PUBLIC;

--
-- Name: FUNCTION customer_by_number(p_tenant integer, p_number text); Type: ACL; Schema: ledger; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION ledger.customer_by_number(p_tenant integer, p_number text) FROM PUBLIC;

--
-- Name: FUNCTION customer_change(p_tenant integer, p_customer integer, p_names text[], p_values text[]); Type: ACL; Schema: ledger; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION ledger.customer_change(p_tenant integer, p_customer integer, p_names text[], p_values text[]) FROM PUBLIC;

--
-- Name: FUNCTION customer_open(p_who api.caller, p_names text[], p_values text[]); Type: ACL; Schema: ledger; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION ledger.customer_open(p_who api.caller, p_names text[], p_values text[]) FROM PUBLIC;

--
-- Name: FUNCTION entry_of(p_action text, p_kind text, p_card text, p_unit smallint, p_amount bigint); Type: ACL; Schema: ledger; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION ledger.entry_of(p_action text, p_kind text, p_card text, p_unit smallint, p_amount bigint) FROM PUBLIC;

--
-- Name: FUNCTION expiry_instant(p_on date); Type: ACL; Schema: ledger; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION ledger.expiry_instant(p_on date) FROM PUBLIC;

--
-- Name: FUNCTION issue_check(p_who api.caller, p_programme text, p_amount bigint, p_unit smallint, p_expires_on date, p_months integer, p_days integer, p_customer uuid, p_store text, OUT status api.status, OUT programme_id integer, OUT unit smallint, OUT expires_on date, OUT customer_id integer, OUT store_id integer); Type: ACL; Schema: ledger; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION ledger.issue_check(p_who api.caller, p_programme text, p_amount bigint, p_unit smallint, p_expires_on date, p_months integer, p_days integer, p_customer uuid, p_store text, OUT status api.status, OUT programme_id integer, OUT unit smallint, OUT expires_on date, OUT customer_id integer, OUT store_id integer) FROM PUBLIC;

--
-- Name: FUNCTION key_keep(p_who api.caller, p_key uuid, p_print uuid, p_outcomes api.status[], p_refs integer[], p_cards integer[], p_detail jsonb); Type: ACL; Schema: ledger; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION ledger.key_keep(p_who api.caller, p_key uuid, p_print uuid, p_outcomes api.status[], p_refs integer[], p_cards integer[], p_detail jsonb) FROM PUBLIC;

--
-- Name: FUNCTION lapse_due(p_who api.caller, p ledger.purse, p_now timestamp with time zone); Type: ACL; Schema: ledger; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION ledger.lapse_due(p_who api.caller, p ledger.purse, p_now timestamp with time zone) FROM PUBLIC;

--
-- Name: FUNCTION loyalty_card(p_tenant integer, p_customer integer); Type: ACL; Schema: ledger; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION ledger.loyalty_card(p_tenant integer, p_customer integer) FROM PUBLIC;

--
-- Name: FUNCTION message_pause(p_attempts integer); Type: ACL; Schema: ledger; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION ledger.message_pause(p_attempts integer) FROM PUBLIC;

--
-- Name: FUNCTION moment(); Type: ACL; Schema: ledger; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION ledger.moment() FROM PUBLIC;

--
-- Name: FUNCTION phone_card(p_tenant integer, p_phone text); Type: ACL; Schema: ledger; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION ledger.phone_card(p_tenant integer, p_phone text) FROM PUBLIC;

--
-- Name: FUNCTION phone_clean(p text); Type: ACL; Schema: ledger; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION ledger.phone_clean(p text) FROM PUBLIC;

--
-- Name: FUNCTION phone_lock(p_tenant integer, p_phone text); Type: ACL; Schema: ledger; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION ledger.phone_lock(p_tenant integer, p_phone text) FROM PUBLIC;

--
-- Name: FUNCTION unit_scale(p_unit smallint); Type: ACL; Schema: ledger; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION ledger.unit_scale(p_unit smallint) FROM PUBLIC;

--
-- Name: FUNCTION point_scale(p_unit smallint); Type: ACL; Schema: ledger; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION ledger.point_scale(p_unit smallint) FROM PUBLIC;

--
-- Name: FUNCTION points_cash(p_points bigint, p_per bigint, p_value bigint); Type: ACL; Schema: ledger; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION ledger.points_cash(p_points bigint, p_per bigint, p_value bigint) FROM PUBLIC;

--
-- Name: FUNCTION points_earned(p_amount bigint, p_rate bigint, p_exponent integer); Type: ACL; Schema: ledger; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION ledger.points_earned(p_amount bigint, p_rate bigint, p_exponent integer) FROM PUBLIC;

--
-- Name: FUNCTION points_needed(p_amount bigint, p_per bigint, p_value bigint); Type: ACL; Schema: ledger; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION ledger.points_needed(p_amount bigint, p_per bigint, p_value bigint) FROM PUBLIC;

--
-- Name: FUNCTION points_worth(p_points bigint, p_per bigint, p_value bigint); Type: ACL; Schema: ledger; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION ledger.points_worth(p_points bigint, p_per bigint, p_value bigint) FROM PUBLIC;

--
-- Name: FUNCTION post(p_who api.caller, p_transfers api.transfer_in[], p_purchase integer); Type: ACL; Schema: ledger; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION ledger.post(p_who api.caller, p_transfers api.transfer_in[], p_purchase integer) FROM PUBLIC;

--
-- Name: FUNCTION post_one(p_who api.caller, t api.transfer_in, p_purchase integer); Type: ACL; Schema: ledger; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION ledger.post_one(p_who api.caller, t api.transfer_in, p_purchase integer) FROM PUBLIC;

--
-- Name: FUNCTION post_open(p_who api.caller, p_transfers api.transfer_in[]); Type: ACL; Schema: ledger; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION ledger.post_open(p_who api.caller, p_transfers api.transfer_in[]) FROM PUBLIC;

--
-- Name: FUNCTION purchase(p_who api.caller, p_key uuid, p_print uuid, p_currency smallint, p_exponent integer, p_card text, p_amount bigint, p_discount bigint, p_points bigint, p_detail text, p_check boolean, p_window integer); Type: ACL; Schema: ledger; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION ledger.purchase(p_who api.caller, p_key uuid, p_print uuid, p_currency smallint, p_exponent integer, p_card text, p_amount bigint, p_discount bigint, p_points bigint, p_detail text, p_check boolean, p_window integer) FROM PUBLIC;

--
-- Name: FUNCTION referrer_of(p_tenant integer, p_referrer text); Type: ACL; Schema: ledger; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION ledger.referrer_of(p_tenant integer, p_referrer text) FROM PUBLIC;

--
-- Name: FUNCTION refused(p_outcome api.status, t api.transfer_in, p_available bigint); Type: ACL; Schema: ledger; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION ledger.refused(p_outcome api.status, t api.transfer_in, p_available bigint) FROM PUBLIC;

--
-- Name: FUNCTION tenant_open(p_tenant integer); Type: ACL; Schema: ledger; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION ledger.tenant_open(p_tenant integer) FROM PUBLIC;

--
-- Name: FUNCTION tenant_touch(p_tenant integer); Type: ACL; Schema: ledger; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION ledger.tenant_touch(p_tenant integer) FROM PUBLIC;

--
-- Name: FUNCTION today(); Type: ACL; Schema: ledger; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION ledger.today() FROM PUBLIC;
GRANT ALL ON FUNCTION ledger.today() TO tessera_ops;

--
-- Name: FUNCTION transfer_read(p_tenant integer, p_card_id integer, p_unit smallint, p_seq integer); Type: ACL; Schema: ledger; Owner: tessera_owner
--

REVOKE ALL ON FUNCTION ledger.transfer_read(p_tenant integer, p_card_id integer, p_unit smallint, p_seq integer) FROM PUBLIC;

--
-- Name: TABLE entry; Type: ACL; Schema: ledger; Owner: tessera_owner
--

GRANT SELECT ON TABLE ledger.entry TO tessera_ops;

--
-- Name: TABLE idempotency; Type: ACL; Schema: ledger; Owner: tessera_owner
--

REVOKE ALL ON TABLE ledger.idempotency FROM tessera_owner;
GRANT SELECT,INSERT,REFERENCES,TRIGGER ON TABLE ledger.idempotency TO tessera_owner;
GRANT SELECT ON TABLE ledger.idempotency TO tessera_ops;

--
-- Name: TABLE import; Type: ACL; Schema: ledger; Owner: tessera_owner
--

GRANT SELECT ON TABLE ledger.import TO tessera_ops;

--
-- Name: TABLE import_row; Type: ACL; Schema: ledger; Owner: tessera_owner
--

GRANT SELECT ON TABLE ledger.import_row TO tessera_ops;

--
-- Name: TABLE points_view; Type: ACL; Schema: ledger; Owner: tessera_owner
--

GRANT SELECT ON TABLE ledger.points_view TO tessera_ops;

--
-- Name: TABLE reservation; Type: ACL; Schema: ledger; Owner: tessera_owner
--

GRANT SELECT ON TABLE ledger.reservation TO tessera_ops;

--
-- Name: TABLE unit; Type: ACL; Schema: ledger; Owner: tessera_owner
--

GRANT SELECT ON TABLE ledger.unit TO tessera_ops;
GRANT SELECT ON TABLE ledger.unit TO tessera_auth;

--
-- Name: DEFAULT PRIVILEGES FOR TABLES; Type: DEFAULT ACL; Schema: ledger; Owner: tessera_owner
--

ALTER DEFAULT PRIVILEGES FOR ROLE tessera_owner IN SCHEMA ledger GRANT SELECT ON TABLES  TO tessera_ops;

--
-- PostgreSQL database dump complete
--

-- Functions

-- api.account_get(p_who api.caller, p_number text, p_code text, p_from timestamp with time zone, p_to timestamp with time zone, p_max integer) tessera_owner, security definer, stable
-- api.authorise(p_who api.caller, p_key uuid, p_print uuid, p_number text, p_code text, p_sale text, p_points bigint, p_amount bigint, p_auth uuid, p_lapse integer) tessera_owner, security definer
-- api.authorise_replay(p_who api.caller, p_key uuid, p_print uuid) tessera_owner, security definer, stable
-- api.card_batch(p_who api.caller, p_key uuid, p_print uuid, p_codes text[], p_count integer, p_programme text, p_amount bigint, p_unit smallint, p_expires_on date, p_customer uuid, p_reference text, p_note text, p_store text) tessera_owner, security definer
-- api.card_batch_replay(p_who api.caller, p_key uuid, p_print uuid) tessera_owner, security definer, stable
-- api.card_get(p_who api.caller, p_code text) tessera_owner, security definer, stable
-- api.card_issue(p_who api.caller, p_key uuid, p_print uuid, p_codes text[], p_programme text, p_amount bigint, p_unit smallint, p_expires_on date, p_months integer, p_days integer, p_customer uuid, p_reference text, p_note text, p_store text) tessera_owner, security definer
-- api.card_issue_replay(p_who api.caller, p_key uuid, p_print uuid) tessera_owner, security definer, stable
-- api.card_list(p_who api.caller, p_customer uuid, p_programme text, p_state text, p_after integer, p_limit integer) tessera_owner, security definer, stable
-- api.card_reserve(p_who api.caller, p_key uuid, p_print uuid, p_codes text[], p_count integer, p_programme text, p_lapse integer, p_agency text, p_batch text) tessera_owner, security definer
-- api.card_sell(p_who api.caller, p_key uuid, p_print uuid, p_codes text[], p_own boolean, p_programme text, p_amount bigint, p_customer text, p_reference text, p_reserved boolean) tessera_owner, security definer
-- api.card_update(p_who api.caller, p_code text, p_set_state boolean, p_state text, p_set_expires boolean, p_expires_on date, p_set_customer boolean, p_customer uuid, p_set_note boolean, p_note text) tessera_owner, security definer
-- api.credential_create(p_who api.caller, p_tenant uuid, p_api text, p_login text, p_label text, p_scopes integer, p_programme text, p_addresses text[], p_expires_at timestamp with time zone, p_key_hash bytea, p_password_hash text) tessera_owner, security definer
-- api.credential_disable(p_who api.caller, p_id uuid) tessera_owner, security definer
-- api.credential_list(p_who api.caller, p_id uuid, p_after uuid, p_limit integer) tessera_owner, security definer, stable
-- api.credential_rotate(p_who api.caller, p_id uuid, p_key_hash bytea, p_password_hash text, p_overlap integer) tessera_owner, security definer
-- api.credential_still(p_who api.caller) tessera_owner, security definer, stable
-- api.credential_unlock(p_who api.caller, p_id uuid) tessera_owner, security definer
-- api.credential_usable(p_tenant integer, p_credential integer, p_address inet, p_host text, OUT version integer, OUT scopes integer, OUT reseller boolean, OUT clock timestamp with time zone, OUT currency smallint, OUT time_zone text, OUT programme text, OUT settings text, OUT unknown_codes integer) tessera_auth, stable
-- api.customer_create(p_who api.caller, p_names text[], p_values text[]) tessera_owner, security definer
-- api.customer_find(p_who api.caller, p_number text, p_email text) tessera_owner, security definer, stable
-- api.customer_list(p_who api.caller, p_id uuid, p_email text, p_phone text, p_external_id text, p_after integer, p_limit integer) tessera_owner, security definer, stable
-- api.customer_update(p_who api.caller, p_id uuid, p_names text[], p_values text[]) tessera_owner, security definer
-- api.debit(p_tenant integer, p_credential integer, p_version integer, p_clock timestamp with time zone, p_zone text, p_request uuid, p_key uuid, p_print uuid, p_card text, p_unit smallint, p_kind ledger.kind, p_amount bigint, p_expected integer, p_reference text) tessera_owner, security definer
-- api.hold_get(p_who api.caller, p_card_id integer, p_unit smallint, p_seq integer) tessera_owner, security definer, stable
-- api.holder_enrol(p_who api.caller, p_key uuid, p_print uuid, p_codes text[], p_programme text, p_store integer, p_channel text, p_domain text, p_names text[], p_values text[]) tessera_owner, security definer
-- api.holder_enrol_replay(p_who api.caller, p_key uuid, p_print uuid) tessera_owner, security definer, stable
-- api.holder_update(p_who api.caller, p_code text, p_names text[], p_values text[]) tessera_owner, security definer
-- api.host_settings(p_host text) tessera_auth, security definer, stable
-- api.key_find(p_api text, p_hash bytea, p_address inet, p_host text) tessera_auth, security definer, stable
-- api.login_begin(p_api text, p_login text, p_address inet, p_host text, p_max integer, p_window integer) tessera_auth, security definer
-- api.login_clear(p_api text, p_login text) tessera_auth, security definer
-- api.login_end(p_api text, p_login text, p_address inet, p_right boolean, p_max integer, p_window integer, p_network_max integer, p_lockout text) tessera_auth, security definer
-- api.login_failed(a ledger.login_attempt, p_max integer, p_window integer, p_lockout text) tessera_auth
-- api.loyalty_earn(p_who api.caller, p_key uuid, p_print uuid, p_number text, p_points bigint, p_reason text, p_reference text, p_once boolean) tessera_owner, security definer
-- api.me(p_who api.caller) tessera_owner, security definer, stable
-- api.message_list(p_who api.caller, p_id uuid, p_state text, p_after uuid, p_limit integer) tessera_owner, security definer, stable
-- api.network_failed(p_api text, p_address inet, p_max integer) tessera_auth
-- api.network_of(p_address inet) tessera_auth, immutable
-- api.points_get(p_who api.caller, p_code text) tessera_owner, security definer, stable
-- api.post(p_who api.caller, p_key uuid, p_print uuid, p_transfers api.transfer_in[]) tessera_owner, security definer
-- api.post_replay(p_who api.caller, p_key uuid, p_print uuid) tessera_owner, security definer, stable
-- api.programme_create(p_who api.caller, p_code text, p_name text, p_kind smallint, p_unit smallint, p_prefix text, p_alphabet text, p_code_length smallint, p_term_months smallint, p_term_days smallint, p_amount_max bigint, p_settings jsonb) tessera_owner, security definer
-- api.programme_get(p_who api.caller, p_code text, p_number integer) tessera_owner, security definer, stable
-- api.programme_list(p_who api.caller, p_after text, p_limit integer) tessera_owner, security definer, stable
-- api.programme_update(p_who api.caller, p_code text, p_name text, p_state text, p_prefix text, p_alphabet text, p_code_length smallint, p_term_months smallint, p_term_days smallint, p_amount_max bigint, p_settings jsonb) tessera_owner, security definer
-- api.purchase_list(p_who api.caller, p_code text, p_after integer, p_limit integer) tessera_owner, security definer, stable
-- api.purchase_post(p_who api.caller, p_key uuid, p_print uuid, p_currency smallint, p_exponent integer, p_card text, p_amount bigint, p_discount bigint, p_points bigint, p_detail text, p_check boolean, p_window integer) tessera_owner, security definer
-- api.purchase_replay(p_who api.caller, p_key uuid, p_print uuid) tessera_owner, security definer, stable
-- api.reservation_list(p_who api.caller, p_agency text, p_batch text, p_after integer, p_limit integer) tessera_owner, security definer, stable
-- api.schema_version() tessera_owner, security definer, stable
-- api.session_open(p_who api.caller, p_hash bytea, p_seconds integer) tessera_owner, security definer
-- api.setting_check(p_who api.caller, p_scope text, p_settings jsonb) tessera_owner, security definer, stable
-- api.settle(p_who api.caller, p_ref text, p_auth uuid, p_confirm boolean) tessera_owner, security definer
-- api.store_create(p_who api.caller, p_code text, p_name text) tessera_owner, security definer
-- api.store_get(p_who api.caller, p_code text) tessera_owner, security definer, stable
-- api.store_list(p_who api.caller, p_after text, p_limit integer) tessera_owner, security definer, stable
-- api.store_update(p_who api.caller, p_code text, p_name text, p_state text) tessera_owner, security definer
-- api.tenant_create(p_who api.caller, p_name text, p_host text, p_time_zone text, p_currency smallint, p_settings jsonb) tessera_owner, security definer
-- api.tenant_get(p_who api.caller, p_id uuid) tessera_owner, security definer, stable
-- api.tenant_list(p_who api.caller, p_after uuid, p_limit integer) tessera_owner, security definer, stable
-- api.tenant_update(p_who api.caller, p_id uuid, p_set_name boolean, p_name text, p_set_host boolean, p_host text, p_set_state boolean, p_state text, p_settings jsonb) tessera_owner, security definer
-- api.transfer_get(p_who api.caller, p_card_id integer, p_unit smallint, p_seq integer) tessera_owner, security definer, stable
-- api.transfer_list(p_who api.caller, p_code text, p_after timestamp with time zone, p_after_unit smallint, p_after_seq integer, p_limit integer) tessera_owner, security definer, stable
-- api.unknown_code_seen(p_who api.caller, p_address inet, p_budget integer) tessera_owner, security definer
-- ledger.account_find(p_tenant integer, p_number text, p_code text, OUT status api.status, OUT card_id integer, OUT unit smallint) tessera_owner, stable
-- ledger.act_in(p_who api.caller, p_id uuid) tessera_owner, stable
-- ledger.card_claim(p_who api.caller, p_code text, p_programme integer, p_unit smallint, p_customer integer, p_amount bigint, p_expires_on date, p_reference text) tessera_owner
-- ledger.cards_open(p_who api.caller, p_programme integer, p_unit smallint, p_customer integer, p_codes text[], p_amounts bigint[], p_expires date[], p_states ledger.card_state[], p_references text[], p_notes text[], p_store integer) tessera_owner
-- ledger.contra_of(p_kind ledger.kind) tessera_owner, immutable
-- ledger.customer_by_number(p_tenant integer, p_number text) tessera_owner, stable
-- ledger.customer_change(p_tenant integer, p_customer integer, p_names text[], p_values text[]) tessera_owner
-- ledger.customer_open(p_who api.caller, p_names text[], p_values text[]) tessera_owner
-- ledger.enter(p_who api.caller) tessera_owner, stable
-- ledger.entry_of(p_action text, p_kind text, p_card text, p_unit smallint, p_amount bigint) tessera_owner, immutable
-- ledger.expiry_instant(p_on date) tessera_owner, stable
-- ledger.held_due(p_tenant integer, p_card integer, p_unit smallint) tessera_owner, stable
-- ledger.issue_check(p_who api.caller, p_programme text, p_amount bigint, p_unit smallint, p_expires_on date, p_months integer, p_days integer, p_customer uuid, p_store text, OUT status api.status, OUT programme_id integer, OUT unit smallint, OUT expires_on date, OUT customer_id integer, OUT store_id integer) tessera_owner, stable
-- ledger.key_keep(p_who api.caller, p_key uuid, p_print uuid, p_outcomes api.status[], p_refs integer[], p_cards integer[], p_detail jsonb) tessera_owner
-- ledger.lapse_due(p_who api.caller, p ledger.purse, p_now timestamp with time zone) tessera_owner
-- ledger.loyalty_card(p_tenant integer, p_customer integer) tessera_owner, stable
-- ledger.message_pause(p_attempts integer) tessera_owner, immutable
-- ledger.moment() tessera_owner
-- ledger.now() tessera_owner, stable
-- ledger.phone_card(p_tenant integer, p_phone text) tessera_owner, stable
-- ledger.phone_clean(p text) tessera_owner, immutable
-- ledger.phone_lock(p_tenant integer, p_phone text) tessera_owner
-- ledger.point_scale(p_unit smallint) tessera_owner, stable
-- ledger.points_cash(p_points bigint, p_per bigint, p_value bigint) tessera_owner, immutable
-- ledger.points_earned(p_amount bigint, p_rate bigint, p_exponent integer) tessera_owner, immutable
-- ledger.points_needed(p_amount bigint, p_per bigint, p_value bigint) tessera_owner, immutable
-- ledger.points_worth(p_points bigint, p_per bigint, p_value bigint) tessera_owner, immutable
-- ledger.post(p_who api.caller, p_transfers api.transfer_in[], p_purchase integer) tessera_owner
-- ledger.post_one(p_who api.caller, t api.transfer_in, p_purchase integer) tessera_owner
-- ledger.post_open(p_who api.caller, p_transfers api.transfer_in[]) tessera_owner
-- ledger.preset(p_key text) tessera_owner, immutable
-- ledger.purchase(p_who api.caller, p_key uuid, p_print uuid, p_currency smallint, p_exponent integer, p_card text, p_amount bigint, p_discount bigint, p_points bigint, p_detail text, p_check boolean, p_window integer) tessera_owner
-- ledger.referrer_of(p_tenant integer, p_referrer text) tessera_owner, stable
-- ledger.refused(p_outcome api.status, t api.transfer_in, p_available bigint) tessera_owner, immutable
-- ledger.rule(p_settings jsonb, p_key text) tessera_owner, immutable
-- ledger.settings_text(p_settings jsonb) tessera_owner, stable
-- ledger.store_code(p_tenant integer, p_store integer) tessera_owner, stable
-- ledger.tenant() tessera_owner, stable
-- ledger.tenant_open(p_tenant integer) tessera_owner
-- ledger.tenant_touch(p_tenant integer) tessera_owner
-- ledger.today() tessera_owner, stable
-- ledger.transfer_read(p_tenant integer, p_card_id integer, p_unit smallint, p_seq integer) tessera_owner, stable
-- ledger.unit_scale(p_unit smallint) tessera_owner, stable
