"""The server's account can run the program and write where backups go, or is told why not."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from yiti.ops import archiving
from yiti.ops.account import Account, server_account
from yiti.ops.archiving import Shelf, command, settings
from yiti.ops.errors import OpsError
from yiti.ops.keys import KEY_FILE, make_keys
from yiti.ops.postgres import embedded


@pytest.fixture
def data(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder whose name a shell or PostgreSQL could misread."""
    monkeypatch.delenv("YITI_BACKUPS", raising=False)
    made = folder / "it's 100% p"
    embedded(made)
    return made


def test_nothing_is_archived_before_there_is_a_key(data: Path) -> None:
    assert settings(data, server_account())["archive_command"] == "true"
    assert not (data / "backups").exists()


def test_the_account_runs_the_command(data: Path) -> None:
    account = server_account()
    make_keys(data, (data / "A.share", data / "B.share"))
    given = settings(data, account)
    log = data / "log"
    log.write_bytes(b"log")
    shell = given["archive_command"].replace("%p", "'$1'").replace("%f", "name").replace("%%", "%")
    shell = shell.replace("'$1'", '"$1"')

    done = account.run(["/bin/sh", "-c", shell, "sh", log], folder=data / "postgres")

    assert done.returncode == 0, done.stderr
    assert (data / "backups" / "wal" / "name.sealed").stat().st_uid == account.uid
    assert given["archive_timeout"] == "60"


def test_a_closed_interpreter_is_told(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archiving, "_runs", lambda *_: False)
    somebody = Account("somebody", os.geteuid() + 4321, os.getegid() + 4321)
    with pytest.raises(OpsError, match="The account somebody cannot run"):
        command(data, somebody, "put")


def test_the_copy_holds_what_the_program_needs_and_is_made_once(data: Path) -> None:
    account = server_account()
    packages = archiving._origin("cryptography").parents[1]
    copy = archiving._copied(data, packages)
    interpreter = archiving._reachable(account, data, packages)

    assert archiving._runs(interpreter, account, data)
    assert archiving._copied(data, packages) == copy
    assert [path.name for path in data.glob("archiver-*")] == [copy.name]
    assert not any(path.stat().st_mode & stat.S_IWOTH for path in copy.rglob("*"))


def test_a_place_of_somebody_elses_is_refused(folder: Path) -> None:
    account = server_account()
    closed = folder / "closed"
    closed.write_text("a file, not a folder", encoding="utf-8")
    with pytest.raises(OpsError, match="YITI_BACKUPS"):
        Shelf(closed, account).prepare()
    assert not (folder / KEY_FILE).exists()
