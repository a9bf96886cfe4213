"""Brings the embedded server back to a moment: base, write-ahead log, promotion, inspection.

All of it happens in a folder named `restoring` that no start ever looks at; only what has been inspected
is moved into place, in one step.
"""

from __future__ import annotations

import shutil
import tarfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from yiti.kernel import clock
from yiti.ops import archiving, bases, locks, manifest, timelines
from yiti.ops.archive import KEYS, TROUBLE
from yiti.ops.archiving import Shelf, backup_folder
from yiti.ops.bases import Base
from yiti.ops.configuration import SAFE
from yiti.ops.errors import DamagedBackupError, OpsError
from yiti.ops.postgres import Cluster, embedded, private_folder
from yiti.ops.sealing import SEALED_FOR, DamagedFileError, WrongKeyError, unsealed
from yiti.ops.timelines import Way

LATEST = "latest"
GONE_SECONDS = 1.0  # between pg_ctl's end and the first look at the server it has started
TOO_SHORT = "recovery ended before configured recovery target was reached"
BOTH_SHARES = "Give both shares of that key as well: --share may be said for every file."
ANOTHER_BACKUP = "Use the copy on another disk, or restore to a moment that needs other files."


@dataclass(frozen=True, slots=True)
class Moment:
    """Up to when to restore (aware); None for the last moment the archive knows."""

    at: datetime | None


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore has brought back: the base it began with and the last change in it."""

    base: Base
    last_change_at: datetime | None


def parse_moment(text: str) -> Moment:
    """`2026-11-28 10:00:00`, read as the county's time unless it names a zone; or `latest`.

    Raises ValueError for anything else, a moment to come included.
    """
    if text == LATEST:
        return Moment(None)
    moment = datetime.fromisoformat(text)
    moment = clock.local(moment) if moment.tzinfo else moment.replace(tzinfo=clock.SHANGHAI)
    if moment > clock.now():
        raise ValueError(f"{text} is still to come")
    return Moment(moment)


def restore(
    data: Path,
    *,
    moment: datetime | None,
    keys: Mapping[str, X25519PrivateKey],
    inspect: Callable[[Cluster], None],
) -> Restored:
    """Restore to a moment (None: to the last one known) into a data folder without a server.

    `inspect` is shown the running server before it is moved into place; what it raises ends the restore.
    Raises DamagedBackupError for a damaged or missing file, OpsError for all else; nothing half-done stays.
    """
    cluster = embedded(data)
    shelf = Shelf(backup_folder(data), cluster.account)
    with _alone(cluster), _telling():
        way = timelines.find_way(shelf, bases.listed(shelf), keys, moment)
        if moment is None and (gap := timelines.missing(shelf, way)):
            raise DamagedBackupError(f"{gap} is missing in {shelf.wal}.", _up_to(gap))
        with _draft(cluster, _settings(data, shelf, way, moment)) as draft:
            _unpack(way.base, shelf, keys, draft)
            _launch(draft, keys)
            _wait(draft, shelf, way)
            with draft.connect() as server:
                row = server.execute("SELECT pg_last_xact_replay_timestamp()").fetchone()
            assert row is not None
            inspect(draft)
            draft.stop()
            with cluster.account.acting():
                draft.data.rename(cluster.data)
    return Restored(way.base, row[0] and clock.local(row[0]))


@contextmanager
def _alone(cluster: Cluster) -> Iterator[None]:
    """Keep every other Yiti out of a data folder that has no server yet. Raises OpsError if it has one."""
    with cluster.account.acting():
        private_folder(cluster.home, cluster.account)
    with locks.alone(cluster.lock_file("use"), wait_seconds=0, what="using this data folder"):
        with cluster.account.acting():
            if cluster.data.exists():
                raise OpsError(
                    f"There is a server's data in {cluster.data} already, and a restore never overwrites.",
                    f"Stop Yiti and move {cluster.home} away (or name a new folder with YITI_DATA).",
                )
        yield


@contextmanager
def _telling() -> Iterator[None]:
    """What went wrong with a sealed file, in the words of the command line."""
    try:
        yield
    except DamagedFileError as error:
        raise DamagedBackupError(str(error), ANOTHER_BACKUP) from error
    except WrongKeyError as error:
        raise OpsError(str(error), BOTH_SHARES) from error
    except FileNotFoundError as error:
        raise DamagedBackupError(f"{error.filename} is missing.", ANOTHER_BACKUP) from error


@contextmanager
def _draft(cluster: Cluster, settings: Mapping[str, str]) -> Iterator[Cluster]:
    """A server in the making beside the one it will be; gone at the end, whatever became of it."""
    draft = Cluster(cluster.home / "restoring", cluster.account, cluster.programs, settings)
    draft.stop(mode="immediate")  # of a restore that was killed
    with cluster.account.acting():
        shutil.rmtree(draft.home, ignore_errors=True)
        private_folder(draft.home, cluster.account)
    try:
        yield draft
    finally:
        draft.stop(mode="immediate")
        with cluster.account.acting():
            shutil.rmtree(draft.home)


def _settings(data: Path, shelf: Shelf, way: Way, moment: datetime | None) -> dict[str, str]:
    target = {"recovery_target_time": moment.isoformat(sep=" ")} if moment else {}
    fetch = archiving.command(data, shelf.account, "get", str(shelf.wal))
    return {
        **SAFE,
        **target,
        "restore_command": f"{fetch} %p %f",
        "recovery_target_timeline": way.target,
        "recovery_target_action": "promote",
        "hot_standby": "off",  # so that it answers only when all is there
        "archive_mode": "on",
        "archive_command": "",  # what the new timeline writes waits for the server in its place
        "logging_collector": "off",
    }


def _unpack(base: Base, shelf: Shelf, keys: Mapping[str, X25519PrivateKey], draft: Cluster) -> None:
    with draft.account.acting():
        draft.data.mkdir(mode=0o700)
        with (
            unsealed(shelf.bases / base.name / bases.FILE, keys=keys, name=base.bound) as stream,
            tarfile.open(fileobj=stream, mode="r|") as tar,
        ):
            tar.extractall(draft.data, filter="data")
            while stream.read(1 << 20):  # the seal is proven at the end only, and tar stops before it
                pass
        draft.data.chmod(0o700)
    manifest.verify(draft.data, draft.account, draft.programs)


def _launch(draft: Cluster, keys: Mapping[str, X25519PrivateKey]) -> None:
    draft.write_configuration()
    with draft.account.acting():
        (draft.data / "recovery.signal").touch()
    # In the environment of the one server that needs them; it ends with the restore.
    secrets = " ".join(key.private_bytes_raw().hex() for key in keys.values())
    pg_ctl = draft.programs.program("pg_ctl")
    start = (pg_ctl, "start", "-D", draft.data, "-l", _log(draft), "-W", "-s")
    draft.account.run(start, folder=draft.home, environment={KEYS: secrets})


def _wait(draft: Cluster, shelf: Shelf, way: Way) -> None:
    """Wait for the end of the recovery, however long it takes. Raises with the reason when it fails."""
    alive_at = time.monotonic()
    while not draft.answers():
        if draft.holders():
            alive_at = time.monotonic()
        elif time.monotonic() - alive_at > GONE_SECONDS:
            raise _failure(draft, shelf, way)
        time.sleep(0.1)


def _failure(draft: Cluster, shelf: Shelf, way: Way) -> OpsError:
    with draft.account.acting():
        lines = _log(draft).read_text(encoding="utf-8", errors="replace").splitlines()
    told = [line.removeprefix(TROUBLE) for line in lines if line.startswith(TROUBLE)]
    if told and SEALED_FOR in told[-1]:
        return OpsError(told[-1], BOTH_SHARES)
    if told:
        return DamagedBackupError(told[-1], ANOTHER_BACKUP)
    if any(TOO_SHORT in line for line in lines):
        if gap := timelines.missing(shelf, way):
            return DamagedBackupError(f"{gap} is missing in {shelf.wal}.", _up_to(gap))
        return OpsError(
            f"The archive ends before that moment: with {timelines.last(shelf, way)}.",
            f"Name an earlier moment, or restore all there is: --to {LATEST}",
        )
    return OpsError("PostgreSQL could not replay the log:\n" + "\n".join(lines[-8:]), ANOTHER_BACKUP)


def _up_to(gap: str) -> str:
    return f"Find {gap} on another disk; without it only moments before it can be restored to (--to)."


def _log(draft: Cluster) -> Path:
    return draft.home / "recovery.log"
