"""When backups are refused, made, and missed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.ops.processes import wait_for
from yiti.ops import bases, cli, example, keeping, keys
from yiti.ops.archiving import Shelf, backup_folder
from yiti.ops.database import Database, opened
from yiti.ops.example import State
from yiti.ops.postgres import embedded
from yiti.ops.roles import Role


@pytest.fixture
def county(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """An embedded server that somebody could sign in to; more of a county is not looked at here."""
    for role in Role:
        monkeypatch.delenv(role.variable, raising=False)
    monkeypatch.delenv("YITI_BACKUPS", raising=False)
    monkeypatch.setenv("YITI_DATA", str(folder))
    with opened() as database:
        with database.connect(Role.OWNER) as owner:
            owner.execute("CREATE TABLE accounts_user AS SELECT 1 AS id")
        yield database


def troubles(database: Database) -> list[str]:
    return [problem.what for problem in keeping.state_of_backups(database) or []]


def close_a_file_of_the_log(database: Database) -> None:
    assert database.cluster is not None
    with database.cluster.connect() as server:
        server.execute("SELECT pg_logical_emit_message(false, 'a', 'b')")
        server.execute("SELECT pg_switch_wal()")


def test_a_county_without_keys_is_told_so_and_backs_nothing_up(
    county: Database, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert troubles(county) == ["There are no backups: there is no key for them."]
    for words in (["backup"], ["backup", str(folder / "county.dump")]):
        assert cli.main(words) == 3
        assert "yiti backup-keys" in capsys.readouterr().err
    assert not (folder / "county.dump").exists()


def test_what_is_missed(county: Database, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cli.main(["backup-keys", str(folder / "A.share"), str(folder / "B.share")]) == 0
    assert troubles(county) == ["The newest base backup does not exist."]
    assert cli.main(["backup"]) == 0
    assert troubles(county) == []

    monkeypatch.setattr(keeping, "OLDEST_BASE", timedelta(0))
    assert [what[:25] for what in troubles(county)] == ["The newest base backup is"]


def test_a_log_that_cannot_be_archived_is_told_and_comes_after_all(county: Database, folder: Path) -> None:
    assert cli.main(["backup-keys", str(folder / "A.share"), str(folder / "B.share")]) == 0
    assert cli.main(["backup"]) == 0
    shelf = Shelf(backup_folder(folder), embedded(folder).account)
    hidden = shelf.wal.with_name("hidden")
    shelf.wal.rename(hidden)
    close_a_file_of_the_log(county)
    wait_for(lambda: [what for what in troubles(county) if "could not be archived" in what], 30)

    hidden.rename(shelf.wal)
    close_a_file_of_the_log(county)  # else the server tries again after a minute
    wait_for(lambda: troubles(county) == [], 30)


def test_the_example_makes_its_own_keys(county: Database, folder: Path) -> None:
    example.mark(county, State.LOADED)
    assert keeping.state_of_backups(county) is None, "nobody expects backups of invented people"

    assert cli.main(["backup"]) == 0

    (base,) = bases.listed(Shelf(backup_folder(folder), embedded(folder).account))
    assert base.files_bytes > 0
    assert len(keys.private_keys(sorted((folder / "demo-shares").iterdir()))) == 1
