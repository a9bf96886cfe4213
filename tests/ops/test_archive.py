"""The program the server runs for its log: the same again is fine, another is not, damage ends it."""

from __future__ import annotations

from pathlib import Path

import pytest

from yiti.ops import archive
from yiti.ops.archive import DONE, GIVE_UP, MISSING, SUFFIX
from yiti.ops.keys import KEY_FILE, make_keys, private_keys

NAME = "000000010000000000000007"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a key and one file of the log; the private key is in the environment."""
    shares = (tmp_path / "A.share", tmp_path / "B.share")
    make_keys(tmp_path, shares)
    (tmp_path / "wal").mkdir()
    (tmp_path / NAME).write_bytes(b"log " * 5000)
    secrets = [key.private_bytes_raw().hex() for key in private_keys(shares).values()]
    monkeypatch.setenv(archive.KEYS, " ".join(secrets))
    return tmp_path


def put(place: Path, name: str = NAME) -> int:
    return archive.main(["put", str(place / "wal"), str(place / KEY_FILE), str(place / NAME), name])


def get(place: Path, name: str = NAME) -> int:
    return archive.main(["get", str(place / "wal"), str(place / "back"), name])


def test_there_and_back(place: Path) -> None:
    assert put(place) == DONE
    assert get(place) == DONE
    assert (place / "back").read_bytes() == (place / NAME).read_bytes()
    assert b"log log" not in (place / "wal" / f"{NAME}{SUFFIX}").read_bytes()


def test_the_same_once_more_is_fine_and_another_is_not(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert put(place) == DONE
    before = (place / "wal" / f"{NAME}{SUFFIX}").read_bytes()
    assert put(place) == DONE
    (place / NAME).write_bytes(b"another log")
    assert put(place) == 1
    assert "is this the archive of another server?" in capsys.readouterr().err
    assert (place / "wal" / f"{NAME}{SUFFIX}").read_bytes() == before


def test_what_is_not_there_is_the_end_of_the_log(place: Path) -> None:
    assert get(place) == MISSING


def test_damage_and_a_wrong_key_are_no_end_of_the_log(
    place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    put(place)
    path = place / "wal" / f"{NAME}{SUFFIX}"
    path.write_bytes(path.read_bytes()[:-1])
    assert get(place) == GIVE_UP
    assert f"yiti: {path} is damaged or cut short" in capsys.readouterr().err
    monkeypatch.setenv(archive.KEYS, "")
    assert get(place) == GIVE_UP
    assert "was sealed for the key" in capsys.readouterr().err


def test_without_a_key_or_a_folder_the_server_keeps_its_log(place: Path) -> None:
    (place / KEY_FILE).rename(place / "gone")
    assert put(place) == 1
    (place / "gone").rename(place / KEY_FILE)
    (place / "wal").rmdir()
    assert put(place) == 1
