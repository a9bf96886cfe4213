"""The slip with which a person sees who looked at the record: its code, and what is asked beside it."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from yiti.kernel.errors import Conflict
from yiti.kernel.text import N_
from yiti.registry.residents.domain.birth import Birth
from yiti.registry.residents.domain.codes import BirthPrecision

# Crockford's base 32: no letter is taken for a digit or another letter. 12 of 32 signs are 60 bits.
SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
VALID_FOR = timedelta(days=7)
OPEN_FOR = timedelta(minutes=30)
MOST_TRIES = 5
_TAIL = 4
_LIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})
_DAY = re.compile(r"([0-9]{4})[-./年]([0-9]{1,2})[-./月]([0-9]{1,2})日?")


class Asks(StrEnum):
    """What is asked beside the code: the end of the identity number, or the day of birth without one."""

    NUMBER = "number"
    BIRTH = "birth"


@dataclass(frozen=True, slots=True)
class Slip:
    """A slip just issued; the code is told here and never again."""

    code: str
    asks: Asks
    valid_until: datetime


@dataclass(frozen=True, slots=True)
class SlipTry:
    """How a try with a code ended. `person_id` is None for a code that nobody has."""

    is_open: bool
    person_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class OpenSlip:
    """Whose looks a used slip shows, and until when."""

    person_id: UUID
    masked_name: str
    open_until: datetime


def new_code() -> str:
    """A random code of 60 bits, without its dashes."""
    return "".join(secrets.choice(SIGNS) for _ in range(LENGTH))


def grouped(code: str) -> str:
    """`7K2M-9QXA-B04T`."""
    return "-".join(code[start : start + 4] for start in range(0, LENGTH, 4))


def clean_code(typed: str) -> str:
    """The code that was typed, in any case and with any dashes; "" for what cannot be one."""
    code = re.sub(r"[\s\-—–]", "", typed).upper().translate(_LIKE)
    return code if len(code) == LENGTH and set(code) <= set(SIGNS) else ""


def answer_of(id_number: str, birth: Birth) -> tuple[Asks, str]:
    """What is asked of this person and the answer. Raises Conflict when neither is known."""
    if id_number:
        return Asks.NUMBER, clean_answer(id_number[-_TAIL:])
    if birth.day is not None and birth.precision is BirthPrecision.DAY:
        return Asks.BIRTH, f"{birth.day:%Y%m%d}"
    raise Conflict(N_("身份证号和出生日期都没有登记，补上一个再打印"))


def clean_answer(typed: str) -> str:
    """What was typed as it is compared: `231x` -> `231X`, `1959-3-14` -> `19590314`."""
    text = re.sub(r"\s", "", typed).upper()
    if found := _DAY.fullmatch(text):
        year, month, day = (int(part) for part in found.groups())
        return f"{year:04d}{month:02d}{day:02d}"
    return text
