"""Which bases are kept, and which way leads to a moment."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from yiti.kernel.clock import SHANGHAI
from yiti.ops import archive, sealing
from yiti.ops.account import Account
from yiti.ops.archiving import Shelf
from yiti.ops.bases import KEPT_DAYS, Base, still_needed
from yiti.ops.errors import OpsError
from yiti.ops.sealing import key_id, sealed
from yiti.ops.timelines import find_way, missing

NOW = datetime(2026, 11, 28, 10, 0, tzinfo=SHANGHAI)
PRIVATE = X25519PrivateKey.generate()
KEYS = {key_id(PRIVATE.public_key()): PRIVATE}


def base(at: datetime, *, timeline: int = 1, first: int = 1, end: str = "0/1500000") -> Base:
    wal = f"{timeline:08X}{0:08X}{first:08X}"
    return Base(f"{at:%d-%H%M}", at.isoformat(), wal, end, "7", "18.4", "0.1.0", 1)


AGES = {
    "none": ([], []),
    "the only one, however old": ([400], [400]),
    "all of the last days": ([3, 2, 1], [3, 2, 1]),
    "the one that leads to the first of them": ([30, 20, 15, 13, 1], [15, 13, 1]),
    "exactly as old as the rule": ([20, KEPT_DAYS, 1], [KEPT_DAYS, 1]),
}


@pytest.mark.parametrize(("ages", "kept"), AGES.values(), ids=AGES.keys())
def test_which_bases_are_kept(ages: list[int], kept: list[int]) -> None:
    bases = [base(NOW - timedelta(days=age)) for age in ages]
    assert still_needed(bases, NOW) == [base(NOW - timedelta(days=age)) for age in kept]


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """An archive of two timelines: 1 until segment 5, from there, restored at 11:00, 2."""
    tmp_path.chmod(0o755)
    made = Shelf(tmp_path, Account("me", os.geteuid(), os.getegid()))
    made.prepare()
    for timeline, numbers in {1: range(1, 9), 2: range(5, 12)}.items():
        for number in numbers:
            _put(made, f"{timeline:08X}{0:08X}{number:08X}", b"log")
    _put(made, "00000002.history", b"1\t0/5800000\tbefore 2026-11-28 09:00:00+08\n")
    real = sealing.read_head
    born = NOW.replace(hour=11).isoformat()

    def head(path: Path) -> sealing.Head:
        found = real(path)
        return sealing.Head(found.name, born, *[getattr(found, f) for f in sealing.Head.__slots__[2:]])

    monkeypatch.setattr("yiti.ops.timelines.read_head", head)
    return made


def _put(shelf: Shelf, name: str, content: bytes) -> None:
    with sealed(archive.sealed_path(shelf.wal, name), public=PRIVATE.public_key(), name=f"wal {name}") as out:
        out.write(content)


EARLY = base(NOW.replace(hour=2), first=2, end="0/3000000")
FORKED_OFF = base(NOW.replace(hour=10, minute=30), first=7, end="0/7800000")  # of what the restore threw away
LATER = base(NOW.replace(hour=12), timeline=2, first=8, end="0/8800000")
EVERY = [EARLY, FORKED_OFF, LATER]

WAYS = {
    "in the night": ("03:00", EARLY, 1),
    "before the restore, what was on the screens": ("10:45", FORKED_OFF, 1),
    "after the restore, before its first base": ("11:30", EARLY, 2),
    "after that base": ("13:00", LATER, 2),
    "the last moment": (None, LATER, 2),
}


@pytest.mark.parametrize(("at", "first", "timeline"), WAYS.values(), ids=WAYS.keys())
def test_the_way_to_a_moment(at: str | None, first: Base, timeline: int, shelf: Shelf) -> None:
    moment = at and datetime.fromisoformat(f"2026-11-28T{at}+08:00")
    way = find_way(shelf, EVERY, KEYS, moment or None)
    assert (way.base, way.timeline) == (first, timeline)
    assert way.target == ("current" if first.timeline == timeline else "2")
    assert missing(shelf, way) is None


GAPS = {
    "on the base's own timeline": ("000000010000000000000003", EARLY, "03:00"),
    "on the one it changes to": ("000000020000000000000009", EARLY, "11:30"),
    "just at the start": ("000000010000000000000002", EARLY, "03:00"),
}


@pytest.mark.parametrize(("name", "first", "at"), GAPS.values(), ids=GAPS.keys())
def test_a_gap_is_named(name: str, first: Base, at: str, shelf: Shelf) -> None:
    way = find_way(shelf, EVERY, KEYS, datetime.fromisoformat(f"2026-11-28T{at}+08:00"))
    assert way.base == first
    assert missing(shelf, way) is None
    archive.sealed_path(shelf.wal, name).unlink()
    assert missing(shelf, way) == name


def test_no_way_is_said_with_what_there_is(shelf: Shelf) -> None:
    with pytest.raises(OpsError, match=r"moment that early.*02:00"):
        find_way(shelf, EVERY, KEYS, NOW.replace(hour=1))
    with pytest.raises(OpsError, match="none at all"):
        find_way(shelf, [], KEYS, None)
    with pytest.raises(OpsError, match="leads to timeline 2"):
        find_way(shelf, [FORKED_OFF], KEYS, NOW.replace(hour=13))
