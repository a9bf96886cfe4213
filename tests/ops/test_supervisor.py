"""Processes kept running, and ended without a trace."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.ops.processes import is_alive, wait_for
from yiti.ops.children import LONGEST_WAIT_SECONDS, Child, Program
from yiti.ops.errors import OpsError
from yiti.ops.postgres import Cluster, embedded
from yiti.ops.supervisor import Supervisor, ensure_free

PAGES = """
import http.server, sys
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
    def log_message(self, *words): pass
print("pages begin", flush=True)
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Page).serve_forever()
"""
# Ignores SIGTERM and has a child of its own that does so too.
STUBBORN = """
import os, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
os.fork()
os.write(1, b"%d\\n" % os.getpid())
time.sleep(600)
"""


def program(name: str, code: str, *arguments: str) -> Program:
    return Program(name, [sys.executable, "-c", code, *arguments], os.environ)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(
    *programs: Program, port: int, cluster: Cluster | None = None
) -> Iterator[tuple[list[str], threading.Event]]:
    log: list[str] = []
    ready = threading.Event()
    supervisor = Supervisor(programs, cluster=cluster, say=log.append)
    thread = threading.Thread(
        target=supervisor.run, kwargs={"address": ("127.0.0.1", port), "ready": ready.set}
    )
    thread.start()
    try:
        yield log, ready
    finally:
        supervisor.stop()
        thread.join(timeout=15)
        assert not thread.is_alive()


def test_a_busy_port_is_named() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen(1)
        port = other.getsockname()[1]
        with pytest.raises(
            OpsError, match=f"Port {port} on 127.0.0.1 cannot be used: Address already in use"
        ) as caught:
            ensure_free("127.0.0.1", port)
    assert f"--port {port + 1}" in caught.value.todo
    ensure_free("127.0.0.1", port)


def test_says_when_the_pages_answer_and_prefixes_lines() -> None:
    port = free_port()
    with running(program("pages", PAGES, str(port)), port=port) as (log, ready):
        assert ready.wait(15)
    assert log == ["pages    pages begin"]
    ensure_free("127.0.0.1", port)


def test_a_dead_child_is_started_again() -> None:
    port = free_port()
    with running(
        program("pages", PAGES, str(port)), program("worker", "print('once'); exit(7)"), port=port
    ) as (log, _):
        wait_for(lambda: log.count("worker   once") >= 2)
    assert "worker ended with code 7; starting it again in 1 s." in log


def test_the_wait_doubles_up_to_a_limit() -> None:
    child = Child(program("worker", "exit(1)"))
    waits = []
    for _ in range(8):
        child.start()
        child.bury()
        waits.append(round(child.due_at - time.monotonic()))
    assert waits == [1, 2, 4, 8, 16, 30, 30, 30]
    assert waits[-1] == LONGEST_WAIT_SECONDS


def test_what_ignores_the_end_is_killed_with_its_children() -> None:
    with running(program("worker", STUBBORN), port=free_port()) as (log, _):
        wait_for(lambda: len(log) == 2)
        pids = [int(line.split()[1]) for line in log]
        assert all(is_alive(pid) for pid in pids)
        began = time.monotonic()
    assert time.monotonic() - began < 10
    wait_for(lambda: not any(is_alive(pid) for pid in pids))


def test_last_words_without_a_line_end_are_kept() -> None:
    child = Child(program("worker", "import sys; sys.stdout.write('so it ends')"))
    child.start()
    code, last = child.bury()
    assert (code, last) == (0, ["worker   so it ends"])


def test_children_end_when_the_supervisor_is_killed() -> None:
    port = free_port()
    code = (
        "import sys\nfrom yiti.ops.children import Program\nfrom yiti.ops.supervisor import Supervisor\n"
        "supervisor = Supervisor([Program('pages', [sys.executable, '-c', sys.argv[1], sys.argv[2]], {})],"
        " cluster=None, say=print)\n"
        "supervisor.run(address=('127.0.0.1', int(sys.argv[2])), ready=lambda: print('ready', flush=True))"
    )
    supervisor = subprocess.Popen(
        [sys.executable, "-c", code, PAGES, str(port)], stdout=subprocess.PIPE, text=True
    )
    assert supervisor.stdout is not None
    while "ready" not in supervisor.stdout.readline():
        pass
    children = (
        Path(f"/proc/{supervisor.pid}/task/{supervisor.pid}/children").read_text(encoding="utf-8").split()
    )
    assert len(children) == 1

    supervisor.send_signal(signal.SIGKILL)
    supervisor.wait()

    wait_for(lambda: not is_alive(int(children[0])))
    supervisor.stdout.close()
    ensure_free("127.0.0.1", port)


def test_a_dead_database_server_is_healed(folder: Path) -> None:
    cluster = embedded(folder)
    cluster.start()
    port = free_port()
    with running(program("pages", PAGES, str(port)), port=port, cluster=cluster) as (log, ready):
        assert ready.wait(15)
        for pid in cluster.holders():
            os.kill(pid, signal.SIGKILL)
        wait_for(lambda: "PostgreSQL had died; it runs again." in log)
        assert cluster.answers()
    cluster.stop(mode="immediate")
