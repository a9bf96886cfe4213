"""A whole Yiti for tests that look at it from outside: pages and worker on a database of their own."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from pytest_django import DjangoDbBlocker

from yiti.ops.database import Database
from yiti.ops.roles import Role
from yiti.ops.supervisor import Supervisor, pages, worker

if TYPE_CHECKING:
    from conftest import Databases

START_SECONDS = 60


@dataclass(frozen=True)
class RunningServer:
    """Pages and worker on a database of their own; `log` holds what they said."""

    url: str
    database: Database
    log: list[str]
    supervisor: Supervisor


def manage(database: Database, role: Role, *command: str) -> str:
    """Run a management command on a database as a role and give what it said. Raises
    subprocess.CalledProcessError, with its complaint."""
    done = subprocess.run(
        [sys.executable, "-m", "django", *command],
        env=database.environment(role),
        check=False,
        capture_output=True,
        text=True,
    )
    try:
        done.check_returncode()
    except subprocess.CalledProcessError as error:
        error.add_note(done.stderr)
        raise
    return done.stdout


@contextmanager
def running(database: Database) -> Iterator[RunningServer]:
    """The processes of `yiti serve` on a free port, for the length of a block; the embedded server of the
    database, if it has one, is kept running too."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        host, port = probe.getsockname()
    log: list[str] = []
    programs = [pages(database, host=host, port=port), worker(database)]
    supervisor = Supervisor(programs, cluster=database.cluster, say=log.append)
    ready = threading.Event()
    thread = threading.Thread(target=supervisor.run, kwargs={"address": (host, port), "ready": ready.set})
    thread.start()
    try:
        if not ready.wait(START_SECONDS):
            pytest.fail("the pages did not answer:\n" + "\n".join(log))
        yield RunningServer(f"http://{host}:{port}", database, log, supervisor)
    finally:
        supervisor.stop()
        thread.join()


@contextmanager
def prepared(databases: Databases) -> Iterator[Database]:
    """A fresh database, ready for `running`. Django in the test process is connected to it, so builders work
    (and commit)."""
    with databases.clone() as database:
        subprocess.run(
            [sys.executable, "-m", "yiti.ops.prepare"], env=database.environment(Role.OWNER), check=True
        )
        yield database


@pytest.fixture(scope="module")
def server(databases: Databases, django_db_blocker: DjangoDbBlocker) -> Iterator[RunningServer]:
    """The processes of `yiti serve` on a free port, with a fresh database for this module."""
    with django_db_blocker.unblock(), prepared(databases) as database, running(database) as found:
        yield found


@pytest.fixture(scope="module")
def example_server(databases: Databases, django_db_blocker: DjangoDbBlocker) -> Iterator[RunningServer]:
    """The same with a fifth of the people of Liannan. They are brought in first: the worker would take what
    is only half told of a past week for overdue."""
    with django_db_blocker.unblock(), prepared(databases) as database:
        manage(database, Role.LOADER, "load_example", "liannan", "--share", "0.2")
        with running(database) as found:
            yield found
