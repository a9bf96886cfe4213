-- Makes the four roles and the database on a PostgreSQL of your own (15 or newer).
-- Run once as a superuser, with psql, on the machine of the server or through TLS:
--
--   psql -f deploy/roles.sql postgres
--
-- It asks for the four passwords; `-v owner_password=...` and its like give them without asking,
-- and `-v database=NAME` names another database than yiti. Running it again is harmless: it puts
-- attributes and passwords back. Afterwards give Yiti these four URLs:
--
--   DATABASE_URL     postgresql://yiti_app:...@HOST/yiti       YITI_OWNER_URL   .../yiti as yiti_owner
--   YITI_WORKER_URL  .../yiti as yiti_worker                   YITI_LOADER_URL  .../yiti as yiti_loader
--
-- and run `yiti check`.
\set ON_ERROR_STOP on
\if :{?database}
\else
    \set database yiti
\endif
\if :{?owner_password}
\else
    \prompt 'Password for yiti_owner: ' owner_password
\endif
\if :{?app_password}
\else
    \prompt 'Password for yiti_app: ' app_password
\endif
\if :{?worker_password}
\else
    \prompt 'Password for yiti_worker: ' worker_password
\endif
\if :{?loader_password}
\else
    \prompt 'Password for yiti_loader: ' loader_password
\endif

\ir ../src/yiti/ops/sql/roles.sql
ALTER ROLE yiti_owner PASSWORD :'owner_password';
ALTER ROLE yiti_app PASSWORD :'app_password';
ALTER ROLE yiti_worker PASSWORD :'worker_password';
ALTER ROLE yiti_loader PASSWORD :'loader_password';

SELECT format('CREATE DATABASE %I OWNER yiti_owner TEMPLATE template0 ENCODING ''UTF8'' LOCALE ''C.UTF-8''', :'database')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec

\connect :"database"
\ir ../src/yiti/ops/sql/grants.sql
