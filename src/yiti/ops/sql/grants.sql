-- What the roles may do in this database. Run in the database as its owner; may be run again.
-- Tables that only grow are narrowed by the migrations that make them (REVOKE UPDATE, DELETE).
DO $$
BEGIN
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO yiti_app, yiti_worker', current_database());
    EXECUTE format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO yiti_loader', current_database());
END
$$;
REVOKE CREATE ON SCHEMA public FROM PUBLIC, yiti_app, yiti_worker, yiti_loader;
GRANT USAGE ON SCHEMA public TO yiti_app, yiti_worker, yiti_loader;
ALTER DEFAULT PRIVILEGES FOR ROLE yiti_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO yiti_app, yiti_worker, yiti_loader;
ALTER DEFAULT PRIVILEGES FOR ROLE yiti_owner IN SCHEMA public
    GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO yiti_app, yiti_worker, yiti_loader;
