-- The four database roles of Yiti (docs: decision 13). Run as a superuser; may be run again.
--   yiti_owner   owns the database and its tables; runs migrations
--   yiti_app     the pages; row-level security applies to it
--   yiti_worker  background work; row-level security applies to it
--   yiti_loader  COPY, examples, backup; bypasses row-level security, for it reads and writes whole tables
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['yiti_owner', 'yiti_app', 'yiti_worker', 'yiti_loader'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
            EXECUTE format('CREATE ROLE %I', name);
        END IF;
    END LOOP;
END
$$;
ALTER ROLE yiti_owner LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOREPLICATION NOBYPASSRLS;
ALTER ROLE yiti_app LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOREPLICATION NOBYPASSRLS;
ALTER ROLE yiti_worker LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOREPLICATION NOBYPASSRLS;
ALTER ROLE yiti_loader LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOREPLICATION BYPASSRLS;
