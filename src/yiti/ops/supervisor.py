"""Keeps the processes of one Yiti running: pages, worker, and the embedded PostgreSQL.

One thread, one loop: read the children's lines, look who died, start again what is due. A signal
ends the loop, and the loop's end ends all that it started.
"""

from __future__ import annotations

import selectors
import socket
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from http.client import HTTPConnection, HTTPException
from tempfile import TemporaryDirectory

from yiti.ops.children import Child, Program
from yiti.ops.database import Database
from yiti.ops.errors import OpsError
from yiti.ops.postgres import Cluster
from yiti.ops.roles import Role

WORKERS = 2
THREADS = 4
GRACE_SECONDS = 4.5
PAGES_KILL_SECONDS = 3
TICK_SECONDS = 0.2
SERVER_LOOK_SECONDS = 2.0


def pages(database: Database, *, host: str, port: int) -> Program:
    """The pages: granian serving Django by WSGI (dependencies.md fact 4)."""
    command = [
        *(sys.executable, "-m", "granian", "yiti.config.wsgi:application", "--interface", "wsgi"),
        *("--host", host, "--port", str(port), "--no-ws"),
        *("--workers", str(WORKERS), "--blocking-threads", str(THREADS)),
        *("--respawn-failed-workers", "--workers-kill-timeout", str(PAGES_KILL_SECONDS)),
    ]
    return Program("pages", command, database.environment(Role.APP))


def reloading_pages(database: Database, *, host: str, port: int) -> Program:
    """The pages for development: Django's own server, which starts again when a file changes."""
    command = [sys.executable, "-m", "django", "runserver", f"{host}:{port}"]
    return Program("pages", command, database.environment(Role.APP))


def worker(database: Database) -> Program:
    """The background work: outbox, limits, ends of holds."""
    return Program(
        "worker", [sys.executable, "-m", "django", "run_worker"], database.environment(Role.WORKER)
    )


def ensure_free(host: str, port: int) -> None:
    """Raise OpsError when the port is taken: two granians would share it without a word."""
    with socket.socket() as probe:
        # So that connections of the last run that still linger are not taken for a listener.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError as error:
            raise OpsError(
                f"Port {port} on {host} cannot be used: {error.strerror}.",
                f"End the program that listens there, or choose another port: --port {port + 1}",
            ) from error


class Supervisor:
    """Runs programs until it is told to stop. `say` prints one line; `ready` is called once the
    pages answer at `address` (host, port).

    Run it in a thread that lives as long as the programs: a child ends with the thread that made it.
    """

    def __init__(self, programs: Sequence[Program], *, cluster: Cluster | None, say: Callable[[str], None]):
        # Each run counts from nought: Prometheus understands that as a restart.
        self._counts = TemporaryDirectory(prefix="yiti-counts-")
        around = {"PROMETHEUS_MULTIPROC_DIR": self._counts.name}
        if sys.stdout.isatty():
            around["YITI_LOG"] = "console"
        self._children = [
            Child(replace(program, environment={**around, **program.environment})) for program in programs
        ]
        self._cluster = cluster
        self._say = say
        self._stopping = False
        self._selector = selectors.DefaultSelector()
        self._looked_at = time.monotonic()

    def run(self, *, address: tuple[str, int], ready: Callable[[], None]) -> None:
        """Start everything and keep it running until `stop`; then end it all within 10 s."""
        waiting = True
        try:
            while not self._stopping:
                self._start_due()
                self._read(TICK_SECONDS)
                self._look_at_server()
                if waiting and _answers(*address):
                    waiting = False
                    ready()
        finally:
            self._end_all()

    def stop(self) -> None:
        """Ask for the end; fit for a signal handler or another thread."""
        self._stopping = True

    def _start_due(self) -> None:
        for child in self._children:
            if child.process is None and time.monotonic() >= child.due_at:
                self._selector.register(child.start(), selectors.EVENT_READ, child)

    def _read(self, seconds: float) -> None:
        for key, _ in self._selector.select(seconds):
            self._say_all(key.data.read())
        for child in self._children:
            if child.process is not None and child.process.poll() is not None:
                self._bury(child)

    def _bury(self, child: Child) -> None:
        self._selector.unregister(child.descriptor)
        code, last = child.bury()
        self._say_all(last)
        if not self._stopping:
            wait = child.due_at - time.monotonic()
            self._say(f"{child.program.name} ended with code {code}; starting it again in {wait:.0f} s.")

    def _say_all(self, lines: list[str]) -> None:
        for line in lines:
            self._say(line)

    def _look_at_server(self) -> None:
        """Heal the embedded server when it has died."""
        if self._cluster is None or time.monotonic() - self._looked_at < SERVER_LOOK_SECONDS:
            return
        try:
            if not self._cluster.holders() and self._cluster.start():
                self._say("PostgreSQL had died; it runs again.")
        except (OpsError, OSError) as error:  # on a full disk not even its settings can be written
            self._say(f"PostgreSQL does not run: {error}")
        self._looked_at = time.monotonic()

    def _end_all(self) -> None:
        self._stopping = True
        for child in self._children:
            child.end()
        until = time.monotonic() + GRACE_SECONDS
        while any(child.process for child in self._children) and time.monotonic() < until:
            self._read(TICK_SECONDS)
        for child in self._children:
            if child.process is not None:
                child.kill()
                self._bury(child)
        self._selector.close()
        self._counts.cleanup()


def _answers(host: str, port: int) -> bool:
    connection = HTTPConnection(host, port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status < 500
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
