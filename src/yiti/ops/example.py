"""The example county in the database: whether it is there, and bringing it in.

A note on the database itself (COMMENT ON DATABASE) tells an example from a real county, so that
`yiti demo` never mixes invented people into real ones and `--reset` never drops a real county.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import NoReturn

from psycopg import sql

from yiti.config.environment import ROOT
from yiti.ops.database import Database, recreate
from yiti.ops.errors import OpsError
from yiti.ops.roles import Role

USERS = "accounts_user"  # nobody who could sign in: nothing has been put in yet


class State(StrEnum):
    """What the database holds. The two notes are stored; the other two are what there is without one."""

    LOADING = "yiti example, unfinished"
    LOADED = "yiti example"
    EMPTY = "empty"
    COUNTY = "county"


def state(database: Database) -> State:
    """What the database holds now."""
    with database.connect(Role.LOADER) as connection:
        row = connection.execute(
            "SELECT shobj_description(oid, 'pg_database'), to_regclass(%s) FROM pg_database"
            " WHERE datname = current_database()",
            [USERS],
        ).fetchone()
        assert row is not None
        note, users = row
        if note in {State.LOADING, State.LOADED}:
            return State(note)
        if (
            users is None
            or not connection.execute(
                sql.SQL("SELECT FROM {} LIMIT 1").format(sql.Identifier(USERS))
            ).rowcount
        ):
            return State.EMPTY
        return State.COUNTY


def mark(database: Database, note: State) -> None:
    """Leave the note on the database."""
    with database.connect(Role.OWNER) as connection:
        name = sql.Identifier(connection.info.dbname)
        connection.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(name, sql.Literal(str(note))))


def clear(database: Database) -> None:
    """Take the example out with everything else. Raises OpsError for anything but an example."""
    if state(database) is State.COUNTY:
        refuse()
    if database.cluster is None:
        raise OpsError(
            "A PostgreSQL of your own is never dropped by Yiti.",
            "Drop the database and make it anew by hand (deploy/roles.sql).",
        )
    recreate(database.cluster)


def refuse() -> NoReturn:
    """The demo keeps away from a real county."""
    raise OpsError(
        "The database holds a county that is not the example; the demo leaves it alone.",
        "Name another folder for the demo (YITI_DATA=~/yiti-demo yiti demo), or run `yiti serve`.",
    )


def folder(name: str) -> Path:
    """Where an example's files stand."""
    return ROOT / "examples" / name


def sign_ins(name: str) -> str:
    """Who can sign in to the example, ready to print."""
    return (folder(name) / "sign-ins.txt").read_text(encoding="utf-8").rstrip()
