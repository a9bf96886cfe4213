"""Numbers of documents: how each kind is written, stored, shown, and found without being stored twice."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from uuid import UUID

from yiti.kernel.errors import InvalidInput
from yiti.kernel.identity import IdNumber, parse_id_number
from yiti.kernel.identity.typed import tidy
from yiti.kernel.text import N_
from yiti.registry.residents.domain.codes import NO_DOCUMENT, RESIDENT_NUMBERS

LONGEST_NUMBER = 30
_OTHER_NUMBER = re.compile(r"[0-9A-Z/]{3,30}")
_DIGEST_BYTES = 16


@dataclass(frozen=True, slots=True)
class IdentifierSpec:
    """A document as it is to be written down. `kind` is a code of terminology `id-type`."""

    id: UUID
    kind: str
    number: str
    issued_by: str = ""


def parse_number(kind: str, text: str, *, on: date, field: str = "number") -> str:
    """The number as stored: half-width, no spaces or dashes, upper case.

    Resident numbers are checked by GB 11643 (`on` is today), others for letters and digits only.
    Raises InvalidInput.
    """
    if kind in RESIDENT_NUMBERS:
        return parse_id_number(text, on=on, field=field).number
    number = tidy(text)
    if not number:
        raise InvalidInput(N_("请填写证件号码"), field=field)
    if not _OTHER_NUMBER.fullmatch(number):
        raise InvalidInput(N_("证件号码是 3 到 30 位字母和数字，请检查"), field=field)
    return number


def resident_number(kind: str, number: str, *, on: date) -> IdNumber | None:
    """What a stored number says of birth and sex; None for documents that say nothing."""
    return parse_id_number(number, on=on) if kind in RESIDENT_NUMBERS else None


def county_number(serial: int) -> str:
    """The number the county gives to a person without a document: `W00000123`."""
    return f"W{serial:08d}"


def is_county_number(kind: str) -> bool:
    """Whether this is a number of the county's own rather than of a document."""
    return kind == NO_DOCUMENT


def digest(number: str) -> str:
    """What the county-wide search keys hold instead of a full number.

    Enough to find an exact number; keeps the numbers themselves out of a table that row-level
    security does not guard. Whoever holds the database can still try all numbers against it.
    """
    return blake2b(number.encode(), digest_size=_DIGEST_BYTES, person=b"yiti.residents").hexdigest()
