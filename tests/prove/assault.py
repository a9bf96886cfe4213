"""Killing what a house runs on, only what it has started itself, and waiting until it runs again."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tests.ops.processes import is_alive, wait_for
from tests.prove.ledger import Ledger
from tests.serving import RunningServer
from yiti.ops.supervisor import WORKERS

LONGEST_RECOVERY_SECONDS = 120
KINDS = ("pages process", "pages master", "background worker")
# Of a hundred: the two whose restart waits longer each time come about once a minute.
PLAN = (*(["pages process"] * 10), "pages master", "background worker")


@dataclass
class Toll:
    """How often each was killed, and how long it took at worst until somebody's work went on."""

    kills: dict[str, int] = field(default_factory=dict)
    slowest: dict[str, float] = field(default_factory=dict)

    def note(self, kind: str, seconds: float) -> None:
        """One more, and it took that long."""
        self.kills[kind] = self.kills.get(kind, 0) + 1
        self.slowest[kind] = max(self.slowest.get(kind, 0.0), seconds)


def kill_database(house: RunningServer, ledger: Ledger, toll: Toll) -> None:
    """SIGKILL to every process of the database server at once; back when a new write is acknowledged."""
    cluster = house.database.cluster
    assert cluster is not None
    struck = cluster.holders()
    assert struck, "there was nothing to kill"
    _await_news(ledger)
    _kill({*struck, *cluster.holders()})
    _wait("database server", ledger, toll, lambda: bool(set(cluster.holders()) - set(struck)))


def kill_process(kind: str, house: RunningServer, ledger: Ledger, toll: Toll) -> None:
    """SIGKILL to one process of the house; back when it runs again and a new write is acknowledged."""
    master, worker = (child.process for child in house.supervisor._children)
    assert master is not None
    assert worker is not None
    if kind == "pages process":
        struck = min(serving_processes(master.pid))  # the older one: twice within 5.5 s ends the master too
    else:
        struck = master.pid if kind == "pages master" else worker.pid
    _await_news(ledger)
    _kill([struck])

    def is_back() -> bool:
        now_master, now_worker = (child.process for child in house.supervisor._children)
        if now_master is None or now_worker is None:
            return False
        alive = [*serving_processes(now_master.pid), now_worker.pid]
        return len(alive) == WORKERS + 1 and struck not in (*alive, now_master.pid)

    _wait(kind, ledger, toll, is_back)


def serving_processes(master: int) -> list[int]:
    """The processes that answer for the pages: the children of the master."""
    return [pid for pid in children_of(master) if b"granian" in _command(pid) and is_alive(pid)]


def children_of(pid: int) -> list[int]:
    """Process ids of the children of a process."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and _parent_of(entry) == pid:
            found.append(int(entry.name))
    return sorted(found)


def _parent_of(process: Path) -> int:
    try:
        return int((process / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])
    except OSError:
        return 0


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _await_news(ledger: Ledger) -> None:
    """Wait for the next acknowledgement: the moment at which most can be lost."""
    before = len(ledger.deeds)
    while len(ledger.deeds) == before:
        time.sleep(0.002)


def _kill(pids: Iterable[int]) -> None:
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:  # it went with its parent
            continue


def _wait(kind: str, ledger: Ledger, toll: Toll, is_back: Callable[[], bool]) -> None:
    killed_at = time.monotonic()
    wait_for(lambda: is_back() and ledger.heard_since(killed_at), LONGEST_RECOVERY_SECONDS)
    toll.note(kind, time.monotonic() - killed_at)
