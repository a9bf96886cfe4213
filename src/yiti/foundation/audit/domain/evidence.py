"""The trail as evidence: a file that can be checked without this program (docs/formats/trail-export.md)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from yiti.foundation.audit.domain.sealing import SealRow, plain_columns, sm3

FORMAT = "yiti-trail 1"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Sealed entries (columns by name), and each seal that covers some of them with the digest before it.

    `unsealed` entries were asked for as well and have no seal yet; they are left out.
    """

    entries: list[dict[str, Any]]
    seals: list[tuple[bytes, SealRow]]
    unsealed: int


def as_file(evidence: Evidence, header: Mapping[str, Any]) -> tuple[bytes, str]:
    """The file (UTF-8, one JSON object a line), and the SM3 digest of all but its last line, in hex."""
    body = "".join(f"{line}\n" for line in _lines(evidence, header)).encode()
    digest = sm3(body).hex()
    return body + f"{_json({'sm3': digest})}\n".encode(), digest


def _lines(evidence: Evidence, header: Mapping[str, Any]) -> Iterator[str]:
    counts = {"entries": len(evidence.entries), "seals": len(evidence.seals), "unsealed": evidence.unsealed}
    yield _json({"format": FORMAT, **header, **counts})
    yield from (_json({"seal": _seal(before, seal)}) for before, seal in evidence.seals)
    yield from (_json({"entry": plain_columns(entry)}) for entry in evidence.entries)


def _seal(before: bytes, seal: SealRow) -> dict[str, Any]:
    return {
        "number": seal.number,
        "before": before.hex(),
        "entry_ids": [str(id_) for id_ in seal.entry_ids],
        "digests": seal.digests.hex(),
        "digest": seal.digest.hex(),
    }


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def groups_of(digest: str) -> Iterable[str]:
    """A digest in groups of four, to be read aloud and compared."""
    return [digest[start : start + 4] for start in range(0, len(digest), 4)]
