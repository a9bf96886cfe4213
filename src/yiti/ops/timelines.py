"""Which way leads to a moment: the base to begin with, and the timeline to follow from it.

A restore begins a new timeline, PostgreSQL's word for a history of its own. Restoring to a moment means:
to what the county saw on its screens then. So the way follows the newest timeline that had begun by that
moment, not one that a later restore began.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from yiti.kernel import clock
from yiti.ops import archive
from yiti.ops.archive import SUFFIX
from yiti.ops.archiving import Shelf
from yiti.ops.bases import Base
from yiti.ops.errors import OpsError
from yiti.ops.sealing import read_head

SEGMENT = re.compile(rf"^([0-9A-F]{{8}})([0-9A-F]{{8}})000000([0-9A-F]{{2}}){re.escape(SUFFIX)}$")


@dataclass(frozen=True, slots=True)
class Way:
    """A base, the timeline to follow, and where its ancestors were left (timeline -> LSN)."""

    base: Base
    timeline: int
    left_at: Mapping[int, int]

    @property
    def target(self) -> str:
        """What `recovery_target_timeline` is to be."""
        return "current" if self.timeline == self.base.timeline else str(self.timeline)


def find_way(
    shelf: Shelf, bases: Sequence[Base], keys: Mapping[str, X25519PrivateKey], moment: datetime | None
) -> Way:
    """The way to a moment, or to the last one the archive knows (None). Raises OpsError when there is none,
    and as `unsealed` does."""
    early = [base for base in bases if moment is None or base.moment <= moment]
    if not early:
        oldest = f"The oldest moment is {bases[0].ended_at}." if bases else "There is none at all."
        raise OpsError(
            f"{shelf.folder} holds no base backup of a moment that early. {oldest}",
            "Name a later moment with --to, or the folder of the backups with YITI_BACKUPS.",
        )
    begun = {base.timeline for base in early}
    begun |= {line for line, at in _beginnings(shelf).items() if moment is None or at <= moment}
    timeline = max(begun)
    left_at = _left_at(shelf, keys, timeline)
    fitting = [base for base in early if _leads_to(base, timeline, left_at)]
    if not fitting:
        raise OpsError(
            f"No base backup before that moment leads to timeline {timeline}, which the county was on.",
            "Name a moment before the last restore, or one after the base backup that followed it.",
        )
    return Way(fitting[-1], timeline, left_at)


def missing(shelf: Shelf, way: Way) -> str | None:
    """The first file of the log that is missing on the way while later ones are there; None if none is."""
    there = _segments(shelf, way)
    first = _number(way.base.first_wal)
    for number in range(first, max(there, default=first)):
        if number not in there:
            timeline = next((there[n] for n in sorted(there) if n > number), way.timeline)
            return f"{timeline:08X}{number >> 8:08X}{number & 255:08X}"
    return None


def last(shelf: Shelf, way: Way) -> str:
    """The last file of the log on the way and the time it was archived at, for people."""
    there = _segments(shelf, way)
    if not there:
        return "no file at all"
    number = max(there)
    name = f"{there[number]:08X}{number >> 8:08X}{number & 255:08X}"
    with shelf.account.acting():
        at = datetime.fromisoformat(read_head(archive.sealed_path(shelf.wal, name)).made_at)
    return f"{name}, archived at {clock.local(at):%Y-%m-%d %H:%M:%S}"


def _segments(shelf: Shelf, way: Way) -> dict[int, int]:
    """Number of each archived segment from the base on, with the newest timeline on the way that has it."""
    lines = {way.timeline, *way.left_at}
    first = _number(way.base.first_wal)
    found: dict[int, int] = {}
    with shelf.account.acting():
        names = [path.name for path in shelf.wal.iterdir()]
    for match in filter(None, map(SEGMENT.match, sorted(names))):
        timeline, number = int(match[1], 16), (int(match[2], 16) << 8) + int(match[3], 16)
        if timeline in lines and number >= first:
            found[number] = timeline
    return found


def _number(segment: str) -> int:
    return (int(segment[8:16], 16) << 8) + int(segment[16:], 16)


def _beginnings(shelf: Shelf) -> dict[int, datetime]:
    """When each later timeline began: its history is archived at once."""
    with shelf.account.acting():
        paths = list(shelf.wal.glob(f"*.history{SUFFIX}"))
        return {int(path.name[:8], 16): datetime.fromisoformat(read_head(path).made_at) for path in paths}


def _left_at(shelf: Shelf, keys: Mapping[str, X25519PrivateKey], timeline: int) -> dict[int, int]:
    name = f"{timeline:08X}.history"
    with shelf.account.acting():
        if not archive.sealed_path(shelf.wal, name).exists():
            return {}
        text = archive.read(shelf.wal, keys, name).decode()
    lines = [line.split() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return {int(parent): _lsn(switched) for parent, switched, *_ in lines}


def _leads_to(base: Base, timeline: int, left_at: Mapping[int, int]) -> bool:
    return base.timeline == timeline or _lsn(base.end_lsn) <= left_at.get(base.timeline, -1)


def _lsn(text: str) -> int:
    high, low = text.split("/")
    return (int(high, 16) << 32) + int(low, 16)
