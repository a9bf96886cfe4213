"""What a room says to open a handoff."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from yiti.kernel.ids import new_id
from yiti.spine.handoffs.domain.words import Urgency


@dataclass(frozen=True, slots=True)
class HandoffSpec:
    """A wish to hand work on. The requester is the actor's posting.

    `id` may be made by the client: the same id with the same wish answers as the first time.
    Exactly one of `performer_institution_id` and `performer_external` (a place outside the system,
    by name) is given. `chain_id` joins the handoffs of one way up and down; left out, it starts one.
    `state` is one of the table's entries; left out, the table's first state.
    `subject` is the diagnosis or matter in words, `subject_code` its code.
    """

    kind: str
    person_id: UUID
    subject: str
    subject_code: str = ""
    urgency: Urgency = Urgency.ROUTINE
    performer_institution_id: UUID | None = None
    performer_department_id: UUID | None = None
    performer_staff_id: UUID | None = None
    performer_external: str = ""
    follower_institution_id: UUID | None = None
    follower_staff_id: UUID | None = None
    episode_id: UUID | None = None
    chain_id: UUID | None = None
    state: str = ""
    comment: str = ""
    remark: str = ""
    id: UUID = field(default_factory=new_id)
