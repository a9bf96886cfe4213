"""The four database roles, and the database they share (decision 13).

What each role may do stands in `roles.sql` and `grants.sql`, for the embedded server and, through
`deploy/roles.sql`, for a PostgreSQL of one's own.
"""

from __future__ import annotations

from enum import StrEnum
from importlib.resources import files
from typing import LiteralString

import psycopg
from psycopg import sql

DATABASE = "yiti"


class Role(StrEnum):
    """Role names in the database; a process connects as exactly one."""

    APP = "yiti_app"
    OWNER = "yiti_owner"
    WORKER = "yiti_worker"
    LOADER = "yiti_loader"

    @property
    def word(self) -> str:
        """What `YITI_DB_ROLE` calls it: app, owner, worker, loader."""
        return self.value.removeprefix("yiti_")

    @property
    def variable(self) -> str:
        """The environment variable with its libpq URI."""
        return "DATABASE_URL" if self is Role.APP else f"YITI_{self.word.upper()}_URL"


def make_roles(superuser: psycopg.Connection) -> None:
    """Make the four roles, or bring their attributes back to what they must be. Repeatable."""
    superuser.execute(_script("roles.sql"))


def make_database(superuser: psycopg.Connection, name: str = DATABASE) -> bool:
    """Make the database if it is missing; whether it was. The connection must be in autocommit."""
    if superuser.execute("SELECT FROM pg_database WHERE datname = %s", [name]).rowcount:
        return False
    superuser.execute(
        sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0").format(
            sql.Identifier(name), sql.Identifier(Role.OWNER)
        )
    )
    return True


def drop_database(superuser: psycopg.Connection, name: str = DATABASE) -> None:
    """Drop the database if it is there. Raises psycopg.errors.ObjectInUse while anybody is connected."""
    superuser.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


def grant(owner: psycopg.Connection) -> None:
    """Say, in the connection's database, what the roles may do with tables made later. Repeatable."""
    owner.execute(_script("grants.sql"))


def forget_grants(owner: psycopg.Connection) -> None:
    """Take back what `grant` says about later tables, so that a backup brings its own words."""
    for kind in ("TABLES", "SEQUENCES"):
        owner.execute(
            sql.SQL("ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON {} FROM {}").format(
                sql.SQL(kind),
                sql.SQL(", ").join(sql.Identifier(role) for role in Role if role is not Role.OWNER),
            )
        )


def _script(name: str) -> LiteralString:
    """A script shipped with this package: ours, and so as literal as one in the code."""
    return files("yiti.ops").joinpath("sql", name).read_text(encoding="utf-8")
