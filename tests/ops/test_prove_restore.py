"""Long proof (reliability T17): the example county, a mass delete, and back to one second before it."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.ops.test_backup import fingerprints
from tests.own_data import own_data
from yiti.kernel import clock
from yiti.ops import archive, bases
from yiti.ops.archiving import Shelf, backup_folder
from yiti.ops.database import Database, opened
from yiti.ops.keys import KEY_FILE
from yiti.ops.postgres import embedded
from yiti.ops.roles import DATABASE, Role

pytestmark = pytest.mark.prove

YITI = [sys.executable, "-m", "yiti.ops.cli"]


@dataclass
class Run:
    """What one call of the command line gave."""

    code: int
    said: str
    seconds: float


def yiti(*words: str, **environment: str) -> Run:
    began = time.monotonic()
    done = subprocess.run(
        [*YITI, *words], env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    return Run(done.returncode, done.stdout + done.stderr, round(time.monotonic() - began, 1))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder with the example county, as a real one: it is not marked as an example."""
    folder = Path("/tmp") / f"yiti-proof-{os.getpid()}"
    folder.mkdir(mode=0o755)
    with own_data(folder):
        for words in (["migrate"], ["manage", "load_example", "liannan"]):
            done = yiti(*words)
            assert done.code == 0, done.said
        yield folder
    shutil.rmtree(folder)


def shares(data: Path) -> list[str]:
    return [f"--share={data / name}" for name in ("A.share", "B.share")]


def mishap(database: Database) -> tuple[dict[str, str], str]:
    """What every table holds at a moment, and the moment; one second later the residents are gone."""
    with database.connect(Role.LOADER) as loader:
        loader.execute("UPDATE accounts_user SET large_text = NOT large_text")
    before = fingerprints(database)
    moment = f"{clock.now():%Y-%m-%d %H:%M:%S.%f}"
    time.sleep(1)
    assert database.cluster is not None
    with database.cluster.connect(DATABASE) as superuser:
        superuser.execute("TRUNCATE residents_resident CASCADE")
    return before, moment


def restored(data: Path) -> dict[str, str]:
    with opened() as database:
        return fingerprints(database)


def no_server(data: Path) -> bool:
    home = embedded(data).home
    return not (home / "data").exists() and not (home / "restoring").exists()


def test_a_mass_delete_is_undone_to_the_second(data: Path, proof: Callable[..., None]) -> None:
    assert yiti("backup").code == 3, "a county's backup without keys is refused"
    assert yiti("backup-keys", str(data / "A.share"), str(data / "B.share")).code == 0
    backup = yiti("backup")
    assert backup.code == 0, backup.said
    with opened() as database:
        before, moment = mishap(database)
        assert fingerprints(database) != before, "a comparison that does not see the mishap proves nothing"
    (data / "postgres").rename(data / "hurt")

    back = yiti("restore", "--to", moment, *shares(data))

    assert back.code == 0, back.said
    assert "The county keeps its promises." in back.said
    assert restored(data) == before
    _damages_are_told(data, moment)
    proof("restore-to-a-moment", tables=len(before), **_figures(data, backup, back))


def _figures(data: Path, backup: Run, back: Run) -> dict[str, int | str]:
    shelf = Shelf(backup_folder(data), embedded(data).account)
    (base,) = bases.listed(shelf)
    sealed = (shelf.bases / base.name / bases.FILE).stat().st_size
    return {
        "base_megabytes": base.files_bytes // 1_000_000,
        "sealed_megabytes": sealed // 1_000_000,
        "backup_seconds": str(backup.seconds),
        "restore_seconds_with_checks": str(back.seconds),
        "tables_that_differ_from_the_moment": 0,
        "damages_planted_and_told": 3,
        **_cost_of_archiving(data),
    }


def _cost_of_archiving(data: Path) -> dict[str, str]:
    """Processor seconds to bring one file of the log (16 MB) to the archive, and what it shrinks to: one
    full of rows as they come, and one that a quiet minute closed."""
    with opened() as database:
        assert database.cluster is not None
        with database.cluster.connect(DATABASE) as server:
            server.execute("SELECT pg_switch_wal()")
            server.execute(
                "CREATE TABLE full_of AS SELECT * FROM handoffs_handoffevent CROSS JOIN generate_series(1, 3)"
            )
            row = server.execute("SELECT pg_walfile_name(pg_current_wal_lsn() - 20000000)").fetchone()
            assert row is not None
            full = database.cluster.data / "pg_wal" / str(row[0])
            copy = data / "full"
            shutil.copy(full, copy)
            server.execute("DROP TABLE full_of")
    quiet = data / "quiet"
    quiet.write_bytes(copy.read_bytes()[: 1 << 18].ljust(16 << 20, b"\0"))
    found = {}
    (data / "measured").mkdir()
    for name in ("full", "quiet"):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        words = ["put", str(data / "measured"), str(data / KEY_FILE), str(data / name), name]
        subprocess.run([sys.executable, "-m", "yiti.ops.archive", *words], check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        size = archive.sealed_path(data / "measured", name).stat().st_size
        found[f"archiving_a_{name}_file"] = f"{spent:.2f} s of a processor, {size / 1e6:.2f} MB"
    return found


def _damages_are_told(data: Path, moment: str) -> None:
    """On copies of the backups, each into an empty data folder."""
    for name, damage in DAMAGES.items():
        place = data / name
        place.mkdir()
        copy = place / "copy"
        shutil.copytree(backup_folder(data), copy)
        for path in (copy, *copy.rglob("*")):
            was = (backup_folder(data) / path.relative_to(copy)).stat()
            os.chown(path, was.st_uid, was.st_gid)
        damage(copy)
        done = yiti("restore", "--to", moment, *shares(data), YITI_DATA=str(place), YITI_BACKUPS=str(copy))
        assert done.code == 1, f"{name}: {done.said}"
        assert TOLD[name] in done.said, done.said
        assert no_server(place), name


def _needed(copy: Path) -> Path:
    """The file of the log with the moment in it: the last one before the mishap's."""
    (listed,) = bases.listed(Shelf(copy, embedded(copy.parent).account))
    return archive.sealed_path(copy / "wal", listed.first_wal)


def _turn_a_bit(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


DAMAGES: dict[str, Callable[[Path], object]] = {
    "log-damaged": lambda copy: _turn_a_bit(_needed(copy)),
    "log-missing": lambda copy: _later(copy).unlink(),
    "base-damaged": lambda copy: _turn_a_bit(next(copy.glob(f"bases/*/{bases.FILE}"))),
}
TOLD = {
    "log-damaged": "is damaged or cut short",
    "log-missing": "is missing in",
    "base-damaged": "is damaged or cut short",
}


def _later(copy: Path) -> Path:
    """The second file of the log from the base on; the base itself brings the first."""
    names = sorted(path for path in (copy / "wal").iterdir() if len(path.name) == len("0" * 24 + ".sealed"))
    return names[names.index(_needed(copy)) + 1]
