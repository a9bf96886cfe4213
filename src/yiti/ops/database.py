"""The database of this process: the embedded server, or a PostgreSQL of one's own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg

from yiti.ops import locks, marks, roles
from yiti.ops.checks import OLDEST_VERSION
from yiti.ops.errors import OpsError
from yiti.ops.paths import data_folder, secret_key
from yiti.ops.postgres import Cluster, embedded
from yiti.ops.roles import Role

STOPPING_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Database:
    """One libpq URI a role; `cluster` is the embedded server, None for a PostgreSQL of one's own."""

    urls: Mapping[Role, str]
    cluster: Cluster | None = None

    def connect(self, role: Role) -> psycopg.Connection:
        """A connection in autocommit. Raises OpsError when the server does not let this role in."""
        try:
            return psycopg.connect(self.urls[role], autocommit=True, connect_timeout=10)
        except psycopg.OperationalError as error:
            raise OpsError(
                f"The database does not let {role} in: {error}",
                f"Does the server run, and is {role.variable} right? (deploy/roles.sql makes the roles.)",
            ) from error

    def python(self, role: Role, module: str, *arguments: str) -> int:
        """Run a Python module as a process that connects as a role; its exit code."""
        command = [sys.executable, "-m", module, *arguments]
        return subprocess.run(command, env=self.environment(role), check=False).returncode

    def environment(self, role: Role) -> dict[str, str]:
        """The whole environment of a child process that connects as this role."""
        return {
            **os.environ,
            **{each.variable: url for each, url in self.urls.items()},
            "YITI_DB_ROLE": role.word,
            "YITI_SECRET_KEY": os.environ.get("YITI_SECRET_KEY") or secret_key(data_folder()),
            "DJANGO_SETTINGS_MODULE": "yiti.config.settings",
            "YITI_MARKS": str(marks.folder()),
            "YITI_DISK": str(self.cluster.home) if self.cluster else "",
            "PYTHONUNBUFFERED": "1",
        }


@contextmanager
def opened() -> Iterator[Database]:
    """The database for the length of a block.

    With `DATABASE_URL` it is a PostgreSQL of one's own, which is never started or stopped. Without,
    the embedded server is started if need be, and stopped by the last Yiti process that uses it.
    Raises OpsError with what to do.
    """
    if os.environ.get(Role.APP.variable):
        yield _own()
        return
    cluster = embedded(data_folder())
    using = locks.take(cluster.lock_file("use"), shared=True, wait_seconds=STOPPING_SECONDS)
    if using is None:
        raise OpsError("Another process has been stopping PostgreSQL for too long.", "Try again in a moment.")
    leave_running = False
    try:
        try:
            fresh = cluster.start()
        except OpsError:
            leave_running = True  # it may be in a long recovery, which a stop would only begin anew
            raise
        if fresh:
            _prepare(cluster)
        yield Database({role: cluster.url(role, roles.DATABASE) for role in Role}, cluster)
    finally:
        os.close(using)
        if not leave_running:
            _stop_if_last(cluster)


def recreate(cluster: Cluster) -> None:
    """Drop the database with all it holds and make it anew. Raises OpsError while somebody uses it."""
    with cluster.connect() as connection:
        try:
            roles.drop_database(connection)
        except psycopg.errors.ObjectInUse as error:
            raise OpsError(
                "The database is still in use, so it was not dropped.",
                "End the running `yiti serve` or `yiti demo` first.",
            ) from error
    _prepare(cluster)


def _own() -> Database:
    missing = [role.variable for role in Role if not os.environ.get(role.variable)]
    if missing:
        raise OpsError(
            f"DATABASE_URL is set, but {', '.join(missing)} is not.",
            "A PostgreSQL of your own needs one URL a role (deploy/roles.sql makes the four roles); "
            "without DATABASE_URL Yiti runs its embedded server.",
        )
    database = Database({role: os.environ[role.variable] for role in Role})
    with database.connect(Role.APP) as connection:
        version = connection.info.server_version
    if version < OLDEST_VERSION:
        raise OpsError(f"The server is PostgreSQL {version // 10000}.", "Yiti needs PostgreSQL 15 or newer.")
    return database


def _stop_if_last(cluster: Cluster) -> None:
    last = locks.take(cluster.lock_file("use"))
    if last is not None:
        cluster.stop()
        os.close(last)


def _prepare(cluster: Cluster) -> None:
    with cluster.connect() as connection:
        roles.make_roles(connection)
        roles.make_database(connection)
    with psycopg.connect(cluster.url(Role.OWNER, roles.DATABASE), autocommit=True) as connection:
        roles.grant(connection)
