"""For tests of what other roles than the pages do in the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, connections
from psycopg.conninfo import conninfo_to_dict

from yiti.ops.database import Database
from yiti.ops.roles import Role


@contextmanager
def working(database: Database, role: Role = Role.WORKER) -> Iterator[None]:
    """A block in which Django is connected as the worker, for what the system does on its own, or in
    another role."""
    before = connection.settings_dict.copy()
    parts = conninfo_to_dict(database.urls[role])
    connections.close_all()
    connection.settings_dict.update(USER=parts.get("user", ""), PASSWORD=parts.get("password", ""))
    try:
        yield
    finally:
        connections.close_all()
        connection.settings_dict.update(before)
