"""PostgreSQL's programs are found, and made reachable for the server's account."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from yiti.ops.account import server_account
from yiti.ops.binaries import INSTALLATION, LIBRARIES, PACKAGE, Binaries, at, binaries, reachable
from yiti.ops.configuration import SAFE
from yiti.ops.errors import OpsError
from yiti.ops.postgres import Cluster, embedded


def test_the_wheel_brings_a_supported_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("YITI_POSTGRES_BIN", raising=False)
    found = binaries()
    assert found.major == 18
    assert all(
        found.program(name) for name in ("initdb", "pg_ctl", "postgres", "pg_dump", "pg_restore", "psql")
    )


def test_a_wrong_folder_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("YITI_POSTGRES_BIN", str(tmp_path))
    with pytest.raises(OpsError, match=str(tmp_path)):
        binaries()


def test_programs_in_a_closed_folder_are_copied_once_and_run(folder: Path) -> None:
    """As in a checkout under /root: the account cannot enter, so it gets a copy."""
    account = server_account()
    if os.geteuid() == account.uid:
        found = binaries()
        assert reachable(found, account, folder) == found, "whoever runs the server reaches it in place"
        return
    closed = folder / "closed"
    packages = binaries().folder.parents[2]
    for part in (LIBRARIES, f"{PACKAGE}/{INSTALLATION}"):
        shutil.copytree(packages / part, closed / part, symlinks=True)
    closed.chmod(0o700)
    hidden = at(closed / PACKAGE / INSTALLATION / "bin")
    shared = folder / "shared"
    shared.mkdir(mode=0o755)

    copied = reachable(hidden, account, shared)

    assert copied.folder.is_relative_to(shared)
    made_at = copied.folder.stat().st_mtime_ns
    assert reachable(hidden, account, shared) == copied
    assert copied.folder.stat().st_mtime_ns == made_at
    cluster = Cluster(embedded(folder).home, account, copied, SAFE)
    assert cluster.start()
    cluster.stop(mode="immediate")


def test_a_place_nobody_can_reach_is_refused(folder: Path) -> None:
    account = server_account()
    nowhere = Binaries(folder / "missing" / "bin", 18)
    (folder / "missing").mkdir()
    with pytest.raises(OpsError, match=f"The account {account.name} can reach neither"):
        reachable(nowhere, account, folder)
