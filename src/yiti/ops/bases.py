"""Base backups: the server's files as of one moment, verified, sealed, and kept by a rule.

Together with the archive of the write-ahead log, a base leads to every moment after it.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tarfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import LiteralString

import psycopg
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

from yiti import __version__
from yiti.kernel import clock
from yiti.ops import manifest
from yiti.ops.archive import SUFFIX, sealed_path
from yiti.ops.archiving import TIMEOUT_SECONDS, Shelf
from yiti.ops.configuration import SUPERUSER
from yiti.ops.errors import OpsError
from yiti.ops.locks import alone
from yiti.ops.postgres import Cluster
from yiti.ops.sealing import sealed, sync_folder

# A wrong import or a mass change is noticed within days, at the latest when a fortnight's lists are gone
# through; what is older is put right in the records themselves, for too much has happened since.
KEPT_DAYS = 14
TRY_SECONDS = 5  # an archiver that has just been told of a new command may take one more file by the old one
SPARE_BYTES = 64 << 20
FILE, LIST = f"base{SUFFIX}", "list.json"
LABEL = re.compile(r"^START WAL LOCATION: \S+ \(file ([0-9A-F]{24})\)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Base:
    """What is known of a base backup: it leads to any moment from `ended_at` on (ISO 8601, aware)."""

    name: str
    ended_at: str
    first_wal: str
    end_lsn: str
    system: str
    server: str
    yiti: str
    files_bytes: int

    @property
    def moment(self) -> datetime:
        """`ended_at` as a moment."""
        return datetime.fromisoformat(self.ended_at)

    @property
    def timeline(self) -> int:
        """The timeline it was made on."""
        return int(self.first_wal[:8], 16)

    @property
    def bound(self) -> str:
        """What the sealed file is called inside: another base, or another list, does not fit it."""
        return f"base {json.dumps(asdict(self), sort_keys=True)}"


def listed(shelf: Shelf) -> list[Base]:
    """The complete bases of a shelf, oldest first. Raises OpsError when a list cannot be read."""
    found = []
    with shelf.account.acting():
        for path in shelf.bases.glob(f"*/{LIST}") if shelf.bases.is_dir() else ():
            try:
                found.append(Base(**json.loads(path.read_text(encoding="utf-8"))))
            except (OSError, ValueError, TypeError) as error:
                raise OpsError(
                    f"The list of a base backup, {path}, cannot be read: {error}",
                    f"Move the folder {path.parent} away to go on with the other bases.",
                ) from error
    return sorted(found, key=lambda base: base.moment)


def make_base(cluster: Cluster, shelf: Shelf, public: X25519PublicKey) -> Base:
    """Make a base backup of the running server, verify it, seal it, and clear away what is too old.

    Needs room for one more copy of the data for as long as it takes. Raises OpsError.
    """
    shelf.prepare()
    with (
        alone(cluster.lock_file("backup"), wait_seconds=5, what="making a backup"),
        cluster.connect() as server,
    ):
        system = str(_one(server, "SELECT system_identifier FROM pg_control_system()"))
        _ensure_ours(shelf, system)
        _ensure_room(server, cluster)
        _ensure_archived(server, cluster, shelf)
        with _copied(cluster) as copy:
            base = _described(server, cluster, copy, system)
            server.execute(
                "SELECT pg_current_xact_id()"
            )  # a later commit, so that `ended_at` can be restored to
            try:
                with shelf.account.acting():
                    _seal(copy, base, shelf, public)
            except OSError as error:
                raise OpsError(
                    f"The base backup could not be written to {shelf.folder}: {error}",
                    "Make room there, or name another disk with YITI_BACKUPS.",
                ) from error
    prune(cluster, shelf)
    return base


def prune(cluster: Cluster, shelf: Shelf) -> list[Base]:
    """Remove bases that no moment of the last days needs, and the log before the oldest one kept."""
    every = listed(shelf)
    kept = still_needed(every, clock.now())
    gone = [base for base in every if base not in kept]
    with shelf.account.acting():
        for base in gone:
            shutil.rmtree(shelf.bases / base.name)
    if kept:
        oldest = min(kept, key=lambda base: base.first_wal[8:])
        cleanup = cluster.programs.program("pg_archivecleanup")
        done = shelf.account.run([cleanup, "-x", SUFFIX, shelf.wal, oldest.first_wal], folder=cluster.home)
        if done.returncode != 0:
            raise OpsError(f"Old files of the archive stay: {done.stderr.strip()}", f"Look at {shelf.wal}.")
    return gone


def still_needed(bases: Sequence[Base], now: datetime) -> list[Base]:
    """The bases of the last `KEPT_DAYS`, and the one before them that leads to the first of these days."""
    since = now - timedelta(days=KEPT_DAYS)
    before = [base for base in bases if base.moment <= since]
    return [*before[-1:], *(base for base in bases if base.moment > since)]


def _ensure_ours(shelf: Shelf, system: str) -> None:
    if any(base.system != system for base in listed(shelf)):
        raise OpsError(
            f"{shelf.folder} holds backups of another server.",
            "Name a folder of its own for this one (YITI_BACKUPS), or move the old backups away.",
        )


def _ensure_room(server: psycopg.Connection, cluster: Cluster) -> None:
    needed = int(str(_one(server, "SELECT sum(pg_database_size(oid)) FROM pg_database"))) + SPARE_BYTES
    free = shutil.disk_usage(cluster.home.parent).free
    if free < needed:
        raise OpsError(
            f"A base backup needs {needed >> 20} MB beside the data for a while; {free >> 20} MB are free.",
            "Make room on the disk of the data folder.",
        )


def _ensure_archived(server: psycopg.Connection, cluster: Cluster, shelf: Shelf) -> None:
    """A base without the log after it leads to one moment only; so the archive is tried first."""
    names = []
    for _ in range(TIMEOUT_SECONDS // TRY_SECONDS):
        server.execute(
            "SELECT pg_logical_emit_message(false, 'yiti', 'backup')"
        )  # so that there is a log to switch
        names.append(str(_one(server, "SELECT pg_walfile_name(pg_switch_wal())")))
        until = time.monotonic() + TRY_SECONDS
        while time.monotonic() < until:
            with shelf.account.acting():
                if any(sealed_path(shelf.wal, name).exists() for name in names):
                    return
            time.sleep(0.1)
    raise OpsError(
        f"The server does not bring its write-ahead log to {shelf.wal}; {names[-1]} did not arrive.",
        f"The last lines of {cluster.data / 'log'} say why.",
    )


@contextmanager
def _copied(cluster: Cluster) -> Iterator[Path]:
    """A verified copy of the server's files for the length of a block."""
    copy = cluster.home / "base.new"
    with cluster.account.acting():
        shutil.rmtree(copy, ignore_errors=True)  # of a backup that was cut short
    try:
        _run(
            cluster,
            *("pg_basebackup", f"--dbname={cluster.url(SUPERUSER, SUPERUSER)}", f"--pgdata={copy}"),
            *("--wal-method=stream", "--checkpoint=fast", "--manifest-checksums=SHA256", "--no-sync"),
        )
        manifest.verify(copy, cluster.account, cluster.programs)
        yield copy
    finally:
        with cluster.account.acting():
            shutil.rmtree(copy, ignore_errors=True)


def _run(cluster: Cluster, program: str, *options: str) -> None:
    done = cluster.account.run([cluster.programs.program(program), *options], folder=cluster.home)
    if done.returncode != 0:
        raise OpsError(f"{program} failed: {done.stderr.strip()}", "No backup was kept of it; try again.")


def _described(server: psycopg.Connection, cluster: Cluster, copy: Path, system: str) -> Base:
    row = server.execute("SELECT clock_timestamp(), pg_current_wal_lsn()").fetchone()
    assert row is not None
    with cluster.account.acting():
        first = LABEL.search((copy / "backup_label").read_text(encoding="utf-8"))
        size = sum(path.stat().st_size for path in copy.rglob("*") if path.is_file())
    assert first is not None
    ended_at = clock.local(row[0])
    version = server.info.parameter_status("server_version") or ""
    name = f"{ended_at:%Y%m%d-%H%M%S}"
    return Base(name, ended_at.isoformat(), first[1], str(row[1]), system, version, __version__, size)


def _seal(copy: Path, base: Base, shelf: Shelf, public: X25519PublicKey) -> None:
    partial = shelf.bases / f"{base.name}.partial"
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(mode=0o700)
    try:
        with (
            sealed(partial / FILE, public=public, name=base.bound) as out,
            tarfile.open(fileobj=out, mode="w|", format=tarfile.PAX_FORMAT) as tar,
        ):
            tar.add(copy, arcname=".")
        with (partial / LIST).open("w", encoding="utf-8") as file:
            file.write(json.dumps(asdict(base), indent=2) + "\n")
            file.flush()
            os.fsync(file.fileno())
        sync_folder(partial)
        partial.rename(shelf.bases / base.name)
        sync_folder(shelf.bases)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _one(server: psycopg.Connection, query: LiteralString) -> object:
    row = server.execute(query).fetchone()
    assert row is not None
    return row[0]
