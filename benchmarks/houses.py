"""The example county grown to the size of a real one, in a data folder of its own, served as `yiti serve`
does."""

from __future__ import annotations

import os
import re
import resource
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

from tests.own_data import own_data
from tests.prove.assault import serving_processes
from tests.prove.houses import house
from tests.serving import RunningServer
from yiti.ops.database import Database
from yiti.ops.postgres import embedded
from yiti.ops.roles import DATABASE, Role

YITI = [sys.executable, "-m", "yiti.ops.cli"]
OF_THE_EXAMPLE = 13_000
_LAST = re.compile(r"Loaded: (\d+) other residents, (\d+) visits")


@dataclass(frozen=True, slots=True)
class Load:
    """What loading took: seconds in all, of the processor of the loader, its peak memory in MB, the size of
    the database in MB afterwards."""

    people: int
    visits: int
    seconds: float
    cpu: float
    peak_mb: float
    database_mb: float


@contextmanager
def folder() -> Iterator[Path]:
    """A data folder to throw away; YITI_BENCH_COUNTY names one that is kept, and used again."""
    kept = os.environ.get("YITI_BENCH_COUNTY")
    path = Path(kept) if kept else Path(mkdtemp(prefix="yiti-county-"))
    path.mkdir(mode=0o755, exist_ok=True)
    path.chmod(0o755)  # the server runs as a user of its own
    try:
        with own_data(path):
            yield path
    finally:
        if not kept:
            shutil.rmtree(path)


def load(path: Path, people: int) -> Load:
    """Make the tables and bring everybody in, as one would by hand. The whole of it is counted."""
    subprocess.run([*YITI, "migrate"], check=True)
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    others = people - OF_THE_EXAMPLE
    done = subprocess.run(
        [*YITI, "manage", "load_example", "liannan", "--others", str(others)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    seconds, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    *_, last = _LAST.finditer(done.stdout)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    size = _tidied(path)
    return Load(
        OF_THE_EXAMPLE + int(last[1]), int(last[2]), seconds, cpu, after.ru_maxrss / 1024, size / 1_000_000
    )


def load_example(path: Path) -> None:
    """The example county as it is."""
    for words in (["migrate"], ["manage", "load_example", "liannan"]):
        subprocess.run([*YITI, *words], check=True, stdout=subprocess.DEVNULL)
    _tidied(path)


@contextmanager
def database(path: Path) -> Iterator[Database]:
    """The database server alone."""
    cluster = embedded(path)
    cluster.start()
    try:
        yield Database({role: cluster.url(role, DATABASE) for role in Role}, cluster)
    finally:
        cluster.stop()


def _tidied(path: Path) -> int:
    """Do what autovacuum would do in the hours after; the bytes of the database."""
    with database(path) as found:
        assert found.cluster is not None
        with found.cluster.connect(DATABASE) as superuser:
            superuser.autocommit = True
            superuser.execute("VACUUM ANALYZE")
            row = superuser.execute("SELECT pg_database_size(current_database())").fetchone()
            assert row is not None
            return int(row[0])


@contextmanager
def served(path: Path) -> Iterator[RunningServer]:
    """Pages, worker and database."""
    with house(embedded(path)) as found:
        yield found


class Watch(threading.Thread):
    """Reads the memory of the processes that answer pages, every few seconds, until told to stop."""

    def __init__(self, house: RunningServer, every: float = 5):
        super().__init__(daemon=True)
        self.mb: list[float] = []
        self._house = house
        self._every = every
        self._ending = threading.Event()

    def run(self) -> None:
        while not self._ending.wait(self._every):
            pages = self._house.supervisor._children[0].process
            assert pages is not None
            self.mb.append(sum(map(_resident, serving_processes(pages.pid))) / 1024)

    def stop(self) -> None:
        """Look no more."""
        self._ending.set()
        self.join()

    def drift(self) -> float:
        """How much more the last quarter held than the second one (the first warms up); 0.1 is 10 %."""
        quarter = len(self.mb) // 4
        early, late = self.mb[quarter : 2 * quarter], self.mb[-quarter:]
        return sum(late) / len(late) / (sum(early) / len(early)) - 1


def _resident(pid: int) -> int:
    """Resident memory in kB."""
    text = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(text.partition("VmRSS:")[2].split()[0])
