"""A row of the audit trail in the words of the tab 谁看过; the action brings its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from yiti.kernel.text import N_

_PURPOSES = {
    "care": N_("诊疗"),
    "management": N_("管理"),
    "audit": N_("审计"),
    "emergency": N_("紧急调阅"),
    "system": N_("系统"),
    "self": N_("本人查阅"),
}


class LookSort(StrEnum):
    """Looks are read newest first; there is no other order worth having."""

    AT = "at"


class LookRow(Protocol):
    """The part of a row of the trail that the tab needs."""

    @property
    def at(self) -> datetime: ...
    @property
    def user_name(self) -> str: ...
    @property
    def institution_name(self) -> str: ...
    @property
    def what(self) -> str: ...
    @property
    def purpose(self) -> str: ...
    @property
    def outcome(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Look:
    """One line of the tab, in words."""

    at: datetime
    who: str
    institution: str
    what: str
    purpose: str
    is_done: bool


def look_in_words(row: LookRow) -> Look:
    """A row of the trail as the tab shows it."""
    return Look(
        at=row.at,
        who=row.user_name,
        institution=row.institution_name,
        what=row.what,
        purpose=_PURPOSES.get(row.purpose, row.purpose),
        is_done=row.outcome == "done",
    )
