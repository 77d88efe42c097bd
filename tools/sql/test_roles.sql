-- What the cluster of the tests has besides roles.sql, for psql, as a superuser.
--
-- The suite logs in as nexxio_test, which inherits nothing: whatever it may do, it does after
-- SET ROLE to one of the three, so a missing grant or policy shows.
\set ON_ERROR_STOP on
SET client_min_messages = warning;

SELECT 'CREATE ROLE nexxio_test'
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'nexxio_test')
\gexec

ALTER ROLE nexxio_test LOGIN NOINHERIT CREATEDB NOSUPERUSER NOCREATEROLE NOBYPASSRLS
  PASSWORD :'nexxio_test';
GRANT nexxio_owner, nexxio_site, nexxio_system TO nexxio_test WITH INHERIT FALSE, SET TRUE;
ALTER ROLE nexxio_owner CREATEDB;
GRANT CONNECT, TEMPORARY ON DATABASE nexxio TO nexxio_test;

-- Databases of the tests are copies of template1: extensions are there, and the public schema
-- belongs to the owner's role although nexxio_test creates the database.
\connect template1
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS btree_gin;
CREATE EXTENSION IF NOT EXISTS citext;
ALTER SCHEMA public OWNER TO nexxio_owner;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
