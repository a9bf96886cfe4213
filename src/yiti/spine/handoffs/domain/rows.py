"""What selectors and participants give out: frozen rows, so that a template can cause no query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from yiti.kernel.actor import NOBODY, Actor
from yiti.kernel.identity import Sex
from yiti.kernel.text import N_, Phrase, joined
from yiti.kernel.workflow import Side
from yiti.spine.handoffs.domain.kinds import Destination, HandoffKind, kind
from yiti.spine.handoffs.domain.words import Direction, Look, Nature, Urgency


@dataclass(frozen=True, slots=True)
class HandoffRow:
    """A handoff as rooms see it. Names, levels and the person's facts are those of the time it was
    sent (snapshots); `revision` is the number of its events. `destination` is known in lists only, and
    there where the performer acts for another place (a hospital out of the county)."""

    id: UUID
    kind_code: str
    number: str
    chain_id: UUID
    person_id: UUID
    episode_id: UUID | None
    state: str
    revision: int
    urgency: Urgency
    opened_at: datetime
    sent_at: datetime | None
    state_since: datetime
    closed_at: datetime | None
    soon_at: datetime | None
    due_at: datetime | None
    requester_institution_id: UUID
    requester_department_id: UUID | None
    requester_staff_id: UUID | None
    requester_name: str
    requester_level: str
    performer_institution_id: UUID | None
    performer_department_id: UUID | None
    performer_staff_id: UUID | None
    performer_external: str
    performer_name: str
    performer_level: str
    department_name: str
    follower_institution_id: UUID | None
    follower_staff_id: UUID | None
    person_name: str
    person_initials: str
    person_sex: str
    person_birth_date: date | None
    person_place: str
    subject: str
    subject_code: str
    destination: Destination | None = None

    @property
    def goes_to(self) -> Destination:
        """Where the person goes: the destination, else the performer."""
        return self.destination or Destination(
            self.performer_name, self.performer_level, self.department_name
        )

    @property
    def approval_text(self) -> str:
        """`待县人民医院 转诊中心审批` while somebody else than the destination must agree, else ""."""
        if self.destination is None or self.state not in self.kind.approval:
            return ""
        return Phrase(N_("待{centre}审批"), centre=joined(" ", (self.performer_name, self.department_name)))

    @property
    def goes_to_text(self) -> str:
        """The second line below the destination: its department, and who must agree."""
        return joined(" · ", (self.goes_to.department, self.approval_text))

    @property
    def kind(self) -> HandoffKind:
        """The kind, with its table and words."""
        return kind(self.kind_code)

    @property
    def state_label(self) -> str:
        """The word of the state."""
        return self.kind.states[self.state].label

    @property
    def look(self) -> Look:
        """The status class of the state."""
        return self.kind.states[self.state].look

    @property
    def direction(self) -> Direction:
        """Up, down or across."""
        return self.kind.direction

    @property
    def sex_zh(self) -> str:
        """男 or 女, empty where it is unknown."""
        sex = Sex(self.person_sex)
        return sex.zh if sex in (Sex.MALE, Sex.FEMALE) else ""

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something."""
        return self.closed_at is None

    @property
    def is_urgent(self) -> bool:
        """Whether the mark 急 stands beside the name."""
        return self.urgency is not Urgency.ROUTINE


@dataclass(frozen=True, slots=True)
class Moved:
    """The answer of a participant. `repeated`: this very step had been taken before by the same
    person at the same revision, nothing was changed now, and the caller must not repeat its part."""

    handoff: HandoffRow
    repeated: bool = False


def sides_of(row: HandoffRow, actor: Actor) -> frozenset[Side]:
    """The sides on which the actor stands; none for a stranger, and none yet for the other side of a
    draft. The system stands on its own side only.

    Where the performer is outside the system, the requester also enters what happened there.
    """
    if actor.user_id == NOBODY:
        return frozenset({Side.SYSTEM})
    places: dict[Side, UUID | None] = {Side.REQUESTER: row.requester_institution_id}
    if row.sent_at is not None:
        outside = row.requester_institution_id if row.performer_external else None
        places[Side.PERFORMER] = row.performer_institution_id or outside
        places[Side.FOLLOWER] = row.follower_institution_id
    return frozenset(side for side, place in places.items() if place == actor.institution_id)


class Post(StrEnum):
    """What sort of holder has a side of a handoff in hand."""

    PERSON = "person"
    DEPARTMENT = "department"
    INSTITUTION = "institution"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has one side of a handoff in hand: exactly one person, department or institution."""

    side: Side
    institution_id: UUID
    post: Post
    id: UUID


def holders(row: HandoffRow) -> tuple[Holder, ...]:
    """The one holder of each side of a handoff that is inside the system.

    The person it is assigned to; else the department named, unless the performer's desk answers in
    this state; else the institution. A side that may not see it yet (a draft) holds nothing; what a
    performer outside the system would do is in the requester's hands.
    """
    at_desk = row.kind.states[row.state].at_desk
    sides = [
        _holder(
            Side.REQUESTER, row.requester_institution_id, row.requester_department_id, row.requester_staff_id
        )
    ]
    if row.sent_at is not None and row.performer_institution_id is not None:
        department = None if at_desk else row.performer_department_id
        sides.append(
            _holder(Side.PERFORMER, row.performer_institution_id, department, row.performer_staff_id)
        )
    if row.sent_at is not None and row.follower_institution_id is not None:
        sides.append(_holder(Side.FOLLOWER, row.follower_institution_id, None, row.follower_staff_id))
    return tuple(sides)


def turn_holder(row: HandoffRow) -> Holder | None:
    """Who has to act now; None once it is closed. What a performer outside the system would do, the
    requester enters."""
    waiting = row.kind.waiting(row.state)
    by_side = {holder.side: holder for holder in holders(row)}
    return (by_side.get(waiting.side) or by_side[Side.REQUESTER]) if waiting else None


def _holder(side: Side, institution_id: UUID, department_id: UUID | None, staff_id: UUID | None) -> Holder:
    if staff_id is not None:
        return Holder(side, institution_id, Post.PERSON, staff_id)
    if department_id is not None:
        return Holder(side, institution_id, Post.DEPARTMENT, department_id)
    return Holder(side, institution_id, Post.INSTITUTION, institution_id)


@dataclass(frozen=True, slots=True)
class Logged:
    """One event of the log: `step` from `from_state` to `to_state`; `undoes` is the number of the
    event it takes back, `digest` the fingerprint of what was asked."""

    seq: int
    nature: Nature
    step: str
    from_state: str
    to_state: str
    side: Side
    at: datetime
    user_id: UUID
    user_name: str
    institution_name: str
    comment: str
    remark: str
    undoes: int | None
    digest: str = ""

    @property
    def changes_state(self) -> bool:
        """Whether it led to another state."""
        return self.from_state != self.to_state


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """A line of the two-sided time line. `tone` colours the dot beside the words."""

    seq: int
    side: Side
    at: datetime
    title: str
    text: str
    tone: Look


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A line of the talk between the sides."""

    id: UUID
    side: Side
    at: datetime
    user_name: str
    institution_name: str
    text: str
    is_mine: bool


@dataclass(frozen=True, slots=True)
class Action:
    """A step the actor may take now. At most one action of a handoff is `primary`; `consequence` is
    the sentence to confirm where it cannot be undone; `url_name` the room's own dialog (or, `as_page`,
    page) for it, empty where the general form serves."""

    step: str
    label: str
    primary: bool
    consequence: str
    needs: tuple[str, ...]
    url_name: str
    as_page: bool

    @property
    def irreversible(self) -> bool:
        """Whether the page must ask once."""
        return bool(self.consequence)
