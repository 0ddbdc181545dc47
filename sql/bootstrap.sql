-- Makes what a cluster needs once before `tessera migrate` can run: the roles
-- and the database.  Run it as superuser; running it again changes nothing
-- that is right already:
--
--     psql -X -d postgres -f sql/bootstrap.sql
--
-- It sets no passwords.  Let the programs in by pg_hba.conf: peer with a map
-- over the local socket, or scram-sha-256 after \password tessera_app and
-- \password tessera_admin.

\set ON_ERROR_STOP on

-- Two machines may be set up against one cluster at the same moment.
SELECT pg_advisory_lock(hashtext('tessera bootstrap')) \g /dev/null

SELECT format('CREATE ROLE %I', name)
FROM unnest(ARRAY['tessera_owner', 'tessera_auth', 'tessera_ops',
                  'tessera_admin', 'tessera_app']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name)
\gexec

-- None of them is a superuser, and none may look past row level security:
-- what a role may see of other tenants, a policy says.
ALTER ROLE tessera_owner NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE
        NOREPLICATION NOBYPASSRLS INHERIT;
ALTER ROLE tessera_auth NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE
        NOREPLICATION NOBYPASSRLS INHERIT;
ALTER ROLE tessera_ops NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE
        NOREPLICATION NOBYPASSRLS INHERIT;
ALTER ROLE tessera_admin LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE
        NOREPLICATION NOBYPASSRLS INHERIT;
ALTER ROLE tessera_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE
        NOREPLICATION NOBYPASSRLS INHERIT;

GRANT tessera_owner, tessera_auth, tessera_ops TO tessera_admin;

COMMENT ON ROLE tessera_owner IS 'Owns all objects of Tessera';
COMMENT ON ROLE tessera_auth IS
        'Owns the functions that find a credential before its tenant is known';
COMMENT ON ROLE tessera_ops IS 'May read the rows of all tenants';
COMMENT ON ROLE tessera_admin IS 'The operator''s command';
COMMENT ON ROLE tessera_app IS 'The workers: may call api.* and nothing else';

-- Collation C compares codes byte by byte, and no upgrade of the C library can
-- disorder an index.
SELECT 'CREATE DATABASE tessera OWNER tessera_owner TEMPLATE template0 '
       'ENCODING ''UTF8'' LC_COLLATE ''C'' LC_CTYPE ''C.UTF-8'''
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'tessera')
\gexec

REVOKE ALL ON DATABASE tessera FROM PUBLIC;
GRANT CONNECT ON DATABASE tessera TO tessera_admin, tessera_app, tessera_ops;

ALTER DATABASE tessera SET timezone = 'UTC';
-- Calls of a few microseconds do not earn back a compilation.
ALTER DATABASE tessera SET jit = off;
-- A worker that hangs inside a transaction must not hold a card for ever.
ALTER ROLE tessera_app IN DATABASE tessera
        SET idle_in_transaction_session_timeout = '30s';
-- Every statement of a worker finds its rows by a key. A plan made while tables
-- were small would read them whole, and be kept while they grow: a call then
-- takes seconds, until they are analysed.
ALTER ROLE tessera_app IN DATABASE tessera SET enable_seqscan = off;

SELECT pg_advisory_unlock(hashtext('tessera bootstrap')) \g /dev/null
