"""A county's tables change only after a backup, and a change that fails says the way back, which works."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from psycopg import sql

from tests.ops.test_cli import put_in_a_user
from yiti.ops import bases, cli, keeping, keys
from yiti.ops.archiving import Shelf, backup_folder
from yiti.ops.database import Database, opened
from yiti.ops.errors import OpsError
from yiti.ops.postgres import embedded
from yiti.ops.roles import Role

# A change of the handoffs: it brings this function. Taken back, the tables are those of an older Yiti.
BEFORE, BROUGHT = "0002", "handoffs_urged_only"


Say = Callable[..., tuple[int, str]]


@pytest.fixture
def data(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder of a machine where no database is named."""
    for role in Role:
        monkeypatch.delenv(role.variable, raising=False)
    monkeypatch.delenv("YITI_BACKUPS", raising=False)
    monkeypatch.setenv("YITI_DATA", str(folder))
    return folder


@pytest.fixture
def yiti(capfd: pytest.CaptureFixture[str]) -> Say:
    """The command line: its exit code and all that it said."""

    def say(*words: str) -> tuple[int, str]:
        capfd.readouterr()
        code = cli.main(words)
        return code, "".join(capfd.readouterr())

    return say


def is_new(database: Database) -> bool:
    with database.connect(Role.OWNER) as owner:
        return owner.execute("SELECT to_regproc(%s)", [BROUGHT]).fetchone() != (None,)


def make_older(database: Database) -> None:
    assert database.python(Role.OWNER, "django", "migrate", "handoffs", BEFORE) == 0


def made(data: Path) -> int:
    return len(bases.listed(Shelf(backup_folder(data), embedded(data).account)))


def test_an_older_county_is_backed_up_before_its_tables_change(data: Path, yiti: Say) -> None:
    shares = (data / "A.share", data / "B.share")
    with opened() as database:
        assert yiti("migrate")[0] == 0
        assert made(data) == 0, "an empty place has nothing to lose"
        put_in_a_user(database)
        make_older(database)

        code, said = yiti("migrate")
        assert (code, is_new(database)) == (3, False)
        assert "no backup leaves this place unsealed" in said
        assert "yiti backup-keys" in said

        assert yiti("backup-keys", *map(str, shares))[0] == 0
        code, said = yiti("migrate")
        assert (code, is_new(database), made(data)) == (0, True, 1), said

        way_back = _fail(database, data, yiti)
    _go_back(way_back, data, yiti, shares)


def _fail(database: Database, data: Path, yiti: Say) -> re.Match[str]:
    """A migration that something is in the way of; the way back it says. The county is hurt on top of it."""
    make_older(database)
    with database.connect(Role.OWNER) as owner:
        in_the_way = "CREATE FUNCTION {}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"
        owner.execute(sql.SQL(in_the_way).format(sql.Identifier(BROUGHT)))
    code, said = yiti("migrate")
    assert (code, made(data)) == (3, 2), said
    way_back = r"The way back: end Yiti, move (\S+) away, .* `yiti restore --to '([^']+)'"
    found = re.search(way_back, " ".join(said.split()))
    assert found, said
    with database.connect(Role.OWNER) as owner:
        owner.execute("DROP TABLE accounts_user CASCADE")
    return found


def _go_back(way_back: re.Match[str], data: Path, yiti: Say, shares: tuple[Path, Path]) -> None:
    Path(way_back[1]).rename(data / "before")
    code, said = yiti("restore", "--to", way_back[2], *(f"--share={share}" for share in shares))
    assert code == 0, said
    assert "These tables are of an older Yiti" in said
    with opened() as database, database.connect(Role.LOADER) as loader:
        assert loader.execute("SELECT username FROM accounts_user").fetchall() == [("LI",)]


def test_a_server_of_ones_own_is_dumped_before_its_tables_change(
    committed_db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("YITI_BACKUPS", raising=False)
    monkeypatch.setenv("YITI_DATA", str(tmp_path))
    put_in_a_user(committed_db)
    with pytest.raises(OpsError, match="no key yet"):
        keeping.before_migration(committed_db)
    keys.make_keys(tmp_path, (tmp_path / "A.share", tmp_path / "B.share"))

    way_back = keeping.before_migration(committed_db)

    (dump,) = (tmp_path / "backups").glob("*.dump")
    assert f"`yiti restore {dump} --share A --share B`" in way_back
