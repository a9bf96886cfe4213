"""A small server restored to a moment; and every damage is told, and leaves nothing that looks whole."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from yiti.kernel import clock
from yiti.kernel.clock import SHANGHAI
from yiti.ops import bases, keys, recovery
from yiti.ops.archiving import Shelf, backup_folder
from yiti.ops.errors import DamagedBackupError, OpsError
from yiti.ops.postgres import Cluster, embedded
from yiti.ops.recovery import parse_moment
from yiti.ops.roles import Role
from yiti.ops.sealing import key_id, sealed


@dataclass(frozen=True)
class Kept:
    """A server's backups: a base, 100 rows after it, the moment, and the mishap after that."""

    backups: Path
    private: Mapping[str, X25519PrivateKey]
    moment: datetime
    segments: list[Path]


@pytest.fixture(scope="module")
def kept() -> Iterator[Kept]:
    folder = Path(tempfile.mkdtemp(prefix="yiti-ops-"))
    folder.chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("YITI_BACKUPS", raising=False)
        shares = (folder / "A.share", folder / "B.share")
        keys.make_keys(folder, shares)
        cluster = embedded(folder)
        try:
            yield _with_a_mishap(cluster, folder, keys.private_keys(shares))
        finally:
            cluster.stop(mode="immediate")
            shutil.rmtree(folder)


def _with_a_mishap(cluster: Cluster, folder: Path, private: Mapping[str, X25519PrivateKey]) -> Kept:
    public = keys.public_key(folder)
    assert public is not None
    shelf = Shelf(backup_folder(folder), cluster.account)
    cluster.start()
    with cluster.connect() as server:
        server.execute("CREATE TABLE kept (id int)")
    bases.make_base(cluster, shelf, public)
    with cluster.connect() as server:
        for number in range(100):
            server.execute("INSERT INTO kept VALUES (%s)", [number])
            if number % 40 == 20:
                server.execute("SELECT pg_switch_wal()")
        time.sleep(0.02)
        row = server.execute("SELECT clock_timestamp()").fetchone()
        assert row is not None
        time.sleep(0.02)
        server.execute("DELETE FROM kept")
    cluster.stop()  # which brings the last of the log to the archive
    segments = sorted(path for path in shelf.wal.iterdir() if len(path.name) == len("0" * 24 + ".sealed"))
    return Kept(shelf.folder, private, row[0], segments)


@pytest.fixture
def backups(kept: Kept, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of those backups, which a test may damage; `folder` is where it restores to."""
    for role in Role:
        monkeypatch.delenv(role.variable, raising=False)
    copy = folder / "kept"
    shutil.copytree(kept.backups, copy)
    for path in (copy, *copy.rglob("*")):
        was = kept.backups / path.relative_to(copy)
        os.chown(path, was.stat().st_uid, was.stat().st_gid)
    monkeypatch.setenv("YITI_BACKUPS", str(copy))
    return copy


def restore(folder: Path, kept: Kept, moment: datetime | None, seen: list[int]) -> None:
    def inspect(cluster: Cluster) -> None:
        with cluster.connect() as server:
            seen.append(len(server.execute("SELECT FROM kept").fetchall()))

    recovery.restore(folder, moment=moment, keys=kept.private, inspect=inspect)


def rows_after_a_start(folder: Path) -> int:
    cluster = embedded(folder)
    assert cluster.start()
    try:
        with cluster.connect() as server:
            return len(server.execute("SELECT FROM kept").fetchall())
    finally:
        cluster.stop()


def is_empty(folder: Path) -> bool:
    """No server's data, finished or not."""
    home = embedded(folder).home
    return {path.name for path in home.iterdir()} <= {"use.lock", "backup.lock", "start.lock"}


@pytest.mark.parametrize(("to", "rows"), [("the moment", 100), ("latest", 0)])
def test_a_moment_comes_back(to: str, rows: int, backups: Path, folder: Path, kept: Kept) -> None:
    seen: list[int] = []
    restore(folder, kept, None if to == "latest" else kept.moment, seen)

    assert seen == [rows]
    assert rows_after_a_start(folder) == rows
    assert embedded(folder).holders() == []
    with pytest.raises(OpsError, match="a restore never overwrites"):
        restore(folder, kept, kept.moment, seen)
    assert rows_after_a_start(folder) == rows


def halve(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def turn_a_bit(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-100] ^= 1
    path.write_bytes(content)


def base_file(backups: Path) -> Path:
    (found,) = backups.glob(f"bases/*/{bases.FILE}")
    return found


def later_base(backups: Path) -> None:
    listed = base_file(backups).with_name(bases.LIST)
    text = listed.read_text(encoding="utf-8")
    listed.write_text(text.replace('"ended_at": "2', '"ended_at": "1'), encoding="utf-8")


DAMAGES: dict[str, tuple[Callable[[Path, str], object], str]] = {
    "a log missing": (lambda b, name: (b / "wal" / name).unlink(), r"{name} is missing in .*/wal"),
    "a log cut short": (lambda b, name: halve(b / "wal" / name), "{name}.sealed is damaged or cut short"),
    "a log with one bit turned": (lambda b, name: turn_a_bit(b / "wal" / name), "{name}.sealed is damaged"),
    "another log in its place": (
        lambda b, name: shutil.copy2(sorted((b / "wal").iterdir())[0], b / "wal" / name),
        "is not 'wal {name}'",
    ),
    "the base missing": (lambda b, _: base_file(b).unlink(), "base.sealed is missing"),
    "the base cut short": (lambda b, _: halve(base_file(b)), "base.sealed is damaged or cut short"),
    "the base with one bit turned": (lambda b, _: turn_a_bit(base_file(b)), "base.sealed is damaged"),
    "another list beside the base": (lambda b, _: later_base(b), "base.sealed is not 'base"),
}


@pytest.mark.parametrize("to", ["the moment", pytest.param("latest", marks=pytest.mark.prove)])
@pytest.mark.parametrize(("damage", "told"), DAMAGES.values(), ids=DAMAGES.keys())
def test_damage_is_told_and_leaves_nothing(
    damage: Callable[[Path, str], object], told: str, to: str, backups: Path, folder: Path, kept: Kept
) -> None:
    name = kept.segments[1].name
    damage(backups, name)
    seen: list[int] = []

    with pytest.raises(DamagedBackupError, match=told.format(name=name.removesuffix(".sealed"))) as raised:
        restore(folder, kept, None if to == "latest" else kept.moment, seen)

    assert raised.value.todo
    assert seen == []
    assert is_empty(folder)


def test_a_moment_after_the_archive_is_refused(backups: Path, folder: Path, kept: Kept) -> None:
    with pytest.raises(OpsError, match=r"The archive ends before that moment: with 0000.*archived at 20"):
        restore(folder, kept, kept.moment + timedelta(hours=1), [])
    assert is_empty(folder)


def test_what_the_inspection_refuses_is_not_put_in_place(backups: Path, folder: Path, kept: Kept) -> None:
    def refuse(cluster: Cluster) -> None:
        raise OpsError("not fit", "no")

    with pytest.raises(OpsError, match="not fit"):
        recovery.restore(folder, moment=kept.moment, keys=kept.private, inspect=refuse)
    assert is_empty(folder)


def test_a_log_sealed_for_another_pair_asks_for_its_shares(backups: Path, folder: Path, kept: Kept) -> None:
    """As after new keys, when only one pair's shares are given."""
    other, path = X25519PrivateKey.generate(), backups / "wal" / kept.segments[1].name
    owner = path.stat()
    with sealed(path, public=other.public_key(), name=f"wal {path.stem}") as out:
        out.write(b"log")
    os.chown(path, owner.st_uid, owner.st_gid)
    with pytest.raises(OpsError, match=f"sealed for the key {key_id(other.public_key())}") as raised:
        restore(folder, kept, kept.moment, [])
    assert "--share may be said for every file" in raised.value.todo
    assert is_empty(folder)


def test_without_the_shares_nothing_is_opened(backups: Path, folder: Path, kept: Kept) -> None:
    with pytest.raises(OpsError, match="was sealed for the key"):
        recovery.restore(folder, moment=kept.moment, keys={}, inspect=lambda _: None)
    assert is_empty(folder)


def test_another_servers_backups_are_not_mixed_in(backups: Path, folder: Path, kept: Kept) -> None:
    cluster = embedded(folder)
    cluster.start()
    try:
        (public,) = [key.public_key() for key in kept.private.values()]
        with pytest.raises(OpsError, match="holds backups of another server"):
            bases.make_base(cluster, Shelf(backups, cluster.account), public)
    finally:
        cluster.stop()


MOMENTS = {
    "latest": None,
    "2026-11-20 10:00": datetime(2026, 11, 20, 10, tzinfo=SHANGHAI),
    "2026-11-20 10:00:00.5": datetime(2026, 11, 20, 10, 0, 0, 500000, tzinfo=SHANGHAI),
    "2026-11-20T02:00:00+00:00": datetime(2026, 11, 20, 10, tzinfo=SHANGHAI),
}


@pytest.mark.parametrize(("text", "moment"), MOMENTS.items())
def test_a_moment_is_read_as_the_countys_time(text: str, moment: datetime | None) -> None:
    assert parse_moment(text).at == moment


@pytest.mark.parametrize("text", ["yesterday", "10:00", f"{clock.now() + timedelta(days=1):%Y-%m-%d}", ""])
def test_what_is_no_past_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_moment(text)
