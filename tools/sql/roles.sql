-- Roles and database of Nexxio, for psql, as a superuser. May be run again: it repairs.
--
--   nexxio_owner   owns the schema; only migrations and maintenance log in with it
--   nexxio_site    the web: owns nothing, sees no row outside its scope
--   nexxio_system  workers and the admin: may open a system scope, owns nothing either
--
-- None may bypass row-level security. A role reaches those below it by SET ROLE.
\set ON_ERROR_STOP on
SET client_min_messages = warning;

SELECT format('CREATE ROLE %I', name)
  FROM unnest(ARRAY['nexxio_owner', 'nexxio_site', 'nexxio_system']) AS name
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name)
\gexec

ALTER ROLE nexxio_owner  LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS
  PASSWORD :'nexxio_owner';
ALTER ROLE nexxio_site   LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS
  PASSWORD :'nexxio_site';
ALTER ROLE nexxio_system LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS
  PASSWORD :'nexxio_system';

GRANT nexxio_site TO nexxio_system;
GRANT nexxio_site, nexxio_system TO nexxio_owner;

-- The built-in Unicode locale (PostgreSQL 17 and later) sorts and folds alike on every machine.
SELECT 'CREATE DATABASE nexxio OWNER nexxio_owner TEMPLATE template0 ENCODING ''UTF8''
        LOCALE ''C'' LOCALE_PROVIDER builtin BUILTIN_LOCALE ''PG_UNICODE_FAST'''
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'nexxio')
\gexec

REVOKE ALL ON DATABASE nexxio FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE nexxio TO nexxio_site, nexxio_system;

\connect nexxio
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS btree_gin;
CREATE EXTENSION IF NOT EXISTS citext;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
