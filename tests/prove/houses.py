"""Houses for proofs: a data folder with a fifth of the example county, on its embedded durable server."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from tests.own_data import own_data
from tests.serving import RunningServer, running
from yiti.ops.checks import check_server
from yiti.ops.database import Database
from yiti.ops.postgres import Cluster
from yiti.ops.roles import DATABASE, Role

YITI = [sys.executable, "-m", "yiti.ops.cli"]
LOADED = ("migrate", "manage load_example liannan --share 0.2")
_UNHANDLED = "SELECT count(*) FROM outbox_outboxevent WHERE handled_at IS NULL"
_IN_PROGRESS = """
    SELECT count(*) FROM procrastinate_jobs AS job
    WHERE status = 'doing' AND NOT EXISTS (
        SELECT FROM procrastinate_workers
        WHERE id = job.worker_id AND last_heartbeat > now() - interval '60 s'
    )
"""


@contextmanager
def a_county() -> Iterator[Path]:
    """A data folder with the example county; its server does not run."""
    folder = Path("/tmp") / f"yiti-kills-{os.getpid()}"
    folder.mkdir(mode=0o755)
    with own_data(folder / "first"):
        try:
            for words in LOADED:
                subprocess.run([*YITI, *words.split()], check=True)
            yield folder / "first"
        finally:
            shutil.rmtree(folder)


def copy_of(folder: Path, name: str) -> Path:
    """The same county once more, beside it."""
    copy = folder.with_name(name)
    subprocess.run(["cp", "-a", folder, copy], check=True)
    return copy


def careless(cluster: Cluster) -> Cluster:
    """The same server, which says done before it is: what `yiti serve` refuses to start on."""
    return replace(cluster, settings={**cluster.settings, "synchronous_commit": "off"})


@contextmanager
def house(cluster: Cluster) -> Iterator[RunningServer]:
    """All that `yiti serve` runs, on this server, which is started and kept running."""
    cluster.start()
    database = Database({role: cluster.url(role, DATABASE) for role in Role}, cluster)
    try:
        with running(database) as found:
            yield found
    finally:
        cluster.stop()


def is_safe(database: Database) -> bool:
    """Whether `yiti serve` would start on it."""
    return not check_server(database.urls[Role.APP])


def left_over(database: Database, *, patience: float = 240) -> int:
    """Events nobody has handled and jobs of workers that are no more, once the house has had that many
    seconds to come to rest."""
    until = time.monotonic() + patience
    while True:
        with database.connect(Role.LOADER) as eye:
            rows = [eye.execute(query).fetchone() for query in (_UNHANDLED, _IN_PROGRESS)]
        waiting = sum(row[0] for row in rows if row is not None)
        if not waiting or time.monotonic() > until:
            return waiting
        time.sleep(1)


def keeps_its_promises(database: Database) -> bool:
    """What `yiti check` asks of the data."""
    return database.python(Role.WORKER, "django", "check_county") == 0


def rebuild_indexes(database: Database) -> None:
    """Read every table and make all its indexes anew. Raises psycopg.Error where rows do not agree: a key
    that is there twice is refused. (The wheel of the server brings no amcheck.)"""
    assert database.cluster is not None
    with database.cluster.connect(DATABASE) as superuser:
        superuser.execute(f"REINDEX DATABASE {DATABASE}")


def has_whole_pages(cluster: Cluster) -> bool:
    """Whether each page of the stopped server has the checksum it was written with."""
    done = cluster.account.run(
        [cluster.programs.program("pg_checksums"), "--check", "-D", cluster.data], folder=cluster.home
    )
    assert done.returncode == 0 or "checksum verification failed" in done.stderr, done.stderr
    return done.returncode == 0


def turn_a_bit(cluster: Cluster) -> None:
    """Damage one page of the stopped server's largest file."""
    path = max(cluster.data.glob("base/*/*"), key=lambda each: each.stat().st_size)
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2 + 4000)
        byte = file.read(1)[0]
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte ^ 1]))
