"""The chain that seals the trail: pure functions over bytes.

Each entry has a digest of all its columns; each seal covers the digests of some entries and the digest of
the seal before it. To change, add or take away an entry without a trace one would have to make every later
seal anew, and the heads that were written down elsewhere would still tell. The digest is SM3 (GB/T 32905),
which the commercial cryptography rules ask for.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

DIGEST_BYTES = 32
BEFORE_THE_FIRST = bytes(DIGEST_BYTES)


def sm3(content: bytes) -> bytes:
    """The SM3 digest, 32 bytes."""
    return hashlib.new("sm3", content).digest()


def entry_digest(columns: Mapping[str, Any]) -> bytes:
    """The digest of an entry, 32 bytes: its columns as JSON, names sorted, moments in UTC, without those that
    are unknown, so that a column added later changes no digest of before."""
    return sm3(json.dumps(plain_columns(columns), sort_keys=True, ensure_ascii=False).encode())


def plain_columns(columns: Mapping[str, Any]) -> dict[str, Any]:
    """The known columns of an entry as JSON knows them."""
    return {name: _plain(value) for name, value in columns.items() if value is not None}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value if isinstance(value, str | int | dict) else str(value)


def seal_digest(number: int, before: bytes, entry_ids: Iterable[UUID], digests: bytes) -> bytes:
    """The digest of a seal. `before` is that of the seal with the number before, `digests` are those of
    the entries one after another."""
    return sm3(b"".join([number.to_bytes(8), before, *(id_.bytes for id_ in entry_ids), digests]))


class Fit(StrEnum):
    """How a head that was kept elsewhere compares with the chain."""

    FITS = "fits"
    DIFFERS = "differs"
    UNKNOWN = "unknown"  # the chain has no such number


@dataclass(frozen=True, slots=True)
class SealState:
    """How far the trail is sealed: number, moment and digest (hex) of the last seal, and how many wait."""

    number: int
    sealed_at: datetime | None
    digest: str
    waiting: int


@dataclass(frozen=True, slots=True)
class SealRow:
    """A seal as stored."""

    number: int
    entry_ids: Sequence[UUID]
    digests: bytes
    digest: bytes


def make_seal(before: SealRow | None, entries: Iterable[Mapping[str, Any]]) -> SealRow:
    """The next seal of the chain, over these entries (columns by name) in their order."""
    rows = list(entries)
    number = before.number + 1 if before else 1
    ids = [row["id"] for row in rows]
    digests = b"".join(entry_digest(row) for row in rows)
    head = before.digest if before else BEFORE_THE_FIRST
    return SealRow(number, ids, digests, seal_digest(number, head, ids, digests))


def broken(before: SealRow | None, seal: SealRow) -> str:
    """What is wrong with a seal by itself and with its place in the chain; "" when nothing is."""
    if seal.number != (before.number + 1 if before else 1):
        return "the seal before it is missing"
    head = before.digest if before else BEFORE_THE_FIRST
    if len(seal.digests) != DIGEST_BYTES * len(seal.entry_ids):
        return "its digests do not fit its entries"
    if seal.digest != seal_digest(seal.number, head, seal.entry_ids, seal.digests):
        return "it does not fit the seal before it and its entries"
    return ""


def altered(seal: SealRow, entries: Mapping[UUID, Mapping[str, Any]]) -> dict[UUID, str]:
    """Entries of the seal that are not as they were sealed, by id. `entries` are those there are now."""
    found = {}
    for place, id_ in enumerate(seal.entry_ids):
        sealed = seal.digests[place * DIGEST_BYTES : (place + 1) * DIGEST_BYTES]
        if id_ not in entries:
            found[id_] = "is missing"
        elif entry_digest(entries[id_]) != sealed:
            found[id_] = "was altered"
    return found
