"""Emergency openings (紧急调阅) as the auditor reviews them, and the news of them in the bell."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from yiti.kernel.errors import InvalidInput
from yiti.kernel.text import N_
from yiti.registry.residents.domain.codes import AccessReason
from yiti.registry.residents.domain.facts import LONGEST_REASON, SHORTEST_REASON
from yiti.registry.residents.domain.texts import normal_text

# Whose data it is: institutions that look after a person beyond one piece of work.
STANDING = (AccessReason.REGISTERED, AccessReason.CATCHMENT, AccessReason.CONTRACT)
WAITING = "waiting"
MOST_COUNTED = 99


class Verdict(StrEnum):
    """What an auditor found of an emergency opening."""

    JUSTIFIED = "justified"
    UNJUSTIFIED = "unjustified"

    @property
    def zh(self) -> str:
        """The word on screen."""
        return _VERDICTS[self]


_VERDICTS = {Verdict.JUSTIFIED: N_("合理"), Verdict.UNJUSTIFIED: N_("不合理")}
_TONES = {None: "wait", Verdict.JUSTIFIED: "done", Verdict.UNJUSTIFIED: "late"}
GLASS_STATES = {WAITING: N_("待核查"), **{each.value: word for each, word in _VERDICTS.items()}}


class GlassSort(StrEnum):
    """Orders of the list of emergency openings."""

    AT = "at"
    USER = "user"
    INSTITUTION = "institution"
    STATE = "state"


@dataclass(frozen=True, slots=True)
class GlassAsked:
    """Which emergency openings are meant. `state` is a verdict or `WAITING`; `until` is not within;
    the text is part of the name of who opened, or of the reason, or names one of `people`."""

    state: str = ""
    institution_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""
    people: Collection[UUID] = ()


@dataclass(frozen=True, slots=True)
class GlassRow:
    """An emergency opening. `looks` were made by that institution while it lasted; the review is empty
    as long as `verdict` is None."""

    id: UUID
    person_id: UUID
    masked_name: str
    institution_id: UUID
    institution_name: str
    user_id: UUID
    user_name: str
    reason: str
    opened_at: datetime
    until: datetime
    looks: int
    verdict: Verdict | None = None
    note: str = ""
    reviewed_at: datetime | None = None
    reviewed_by_name: str = ""

    @property
    def state_zh(self) -> str:
        """待核查, 合理 or 不合理."""
        return GLASS_STATES[self.verdict or WAITING]

    @property
    def tone(self) -> str:
        """The colour of that word."""
        return _TONES[self.verdict]


@dataclass(frozen=True, slots=True)
class GlassNotice:
    """A line of the bell: somebody elsewhere has opened the record of one of ours (`verdict` is None), or
    an auditor has reviewed what the actor opened. `who` did it, `says` the reason or the note."""

    person_id: UUID
    masked_name: str
    who: str
    at: datetime
    until: datetime
    says: str
    verdict: Verdict | None
    is_new: bool


@dataclass(frozen=True, slots=True)
class GlassNews:
    """The latest of both kinds, newest first, and how many are new (no more than `MOST_COUNTED`)."""

    rows: tuple[GlassNotice, ...]
    unread: int


def clean_note(text: str) -> str:
    """What the auditor writes, as stored: at least five characters. Raises InvalidInput."""
    note = normal_text(text, longest=LONGEST_REASON, field="note")
    if len(note) < SHORTEST_REASON:
        raise InvalidInput(N_("请写明核查意见，至少 {least} 个字"), field="note", least=SHORTEST_REASON)
    return note
