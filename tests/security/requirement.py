"""What a row of the table of the verification standard says."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How far a requirement is met."""

    MET = "met"
    PART = "in part"
    OPEN = "open"
    NONE = "not applicable"


@dataclass(frozen=True)
class Row:
    """One requirement. `why` stands where no test can show it, or where it is not wholly met."""

    number: str
    words: str
    tests: tuple[str, ...] = ()
    why: str = ""
    state: State = State.MET
