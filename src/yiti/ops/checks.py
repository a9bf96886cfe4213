"""What must hold of the database server before anybody's record is trusted to it (reliability I15)."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg

OLDEST_VERSION = 150000

# A setting that only promises more than "on" is as good: remote_apply waits for a standby as well.
DURABLE = {
    "fsync": {"on"},
    "full_page_writes": {"on"},
    "synchronous_commit": {"on", "remote_apply"},
    "data_checksums": {"on"},
}

POWERS = """
SELECT coalesce(bool_or(r.rolsuper), false),
       coalesce(bool_or(r.rolbypassrls), false),
       coalesce(bool_or(r.oid = d.datdba), false)
FROM pg_roles AS r, pg_database AS d
WHERE d.datname = current_database() AND pg_has_role(current_user, r.oid, 'MEMBER')
"""


@dataclass(frozen=True, slots=True)
class Problem:
    """What does not hold, and what to do about it."""

    what: str
    todo: str


def check_server(url: str) -> list[Problem]:
    """Everything that is wrong for a role that row-level security must hold back (app, worker).

    `url` is that role's libpq URI. An empty list means fit to serve; a server that cannot be asked
    is itself the one problem.
    """
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            return [*_version(connection), *_durability(connection), *_role(connection)]
    except psycopg.OperationalError as error:
        return [Problem(f"The database does not answer: {error}", "Start it, or correct the URL.")]


def _version(connection: psycopg.Connection) -> list[Problem]:
    if connection.info.server_version >= OLDEST_VERSION:
        return []
    found = connection.info.parameter_status("server_version")
    return [Problem(f"The server is PostgreSQL {found}.", "Use PostgreSQL 15 or newer.")]


def _durability(connection: psycopg.Connection) -> list[Problem]:
    problems = []
    for name, good in DURABLE.items():
        row = connection.execute("SELECT current_setting(%s)", [name]).fetchone()
        assert row is not None
        if row[0] in good:
            continue
        todo = (
            "Stop the server and run pg_checksums --enable on its data directory."
            if name == "data_checksums"
            else f"Set {name} = on for server, database and role; a crash could lose or tear data."
        )
        problems.append(Problem(f"{name} is {row[0]}.", todo))
    return problems


def _role(connection: psycopg.Connection) -> list[Problem]:
    row = connection.execute(POWERS).fetchone()
    assert row is not None
    who = connection.info.user
    powers = zip(
        ("is or can become a superuser", "bypasses row-level security", "owns the database"), row, strict=True
    )
    return [
        Problem(
            f"The role {who} {power}.",
            "Connect as the role that deploy/roles.sql makes, and grant it no other.",
        )
        for power, held in powers
        if held
    ]
