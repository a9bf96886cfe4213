"""In hospital: admission into the bed, the outcome that goes back, and closing the way up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yiti.care.referrals.commands.steps import change_up, note, take, up_of
from yiti.care.referrals.domain import BED_WORK, OutcomeSpec, Tables, clean_outcome, remarks
from yiti.foundation.access import public as access
from yiti.kernel.actor import Actor
from yiti.kernel.errors import InvalidInput
from yiti.kernel.text import N_
from yiti.registry.facilities import public as facilities
from yiti.registry.terminology import public as terminology
from yiti.spine.episodes import public as episodes
from yiti.spine.handoffs import public as handoffs


@dataclass(frozen=True, slots=True)
class Admission:
    """The bed taken, and the stay that begins: `visit_id` is made by the client, `complaint` is the chief
    complaint of the stay (the diagnosis of the referral where none is written)."""

    visit_id: UUID
    bed_id: UUID
    complaint: str = ""


@access.command
def admit(
    *,
    actor: Actor,
    handoff_id: UUID,
    admission: Admission,
    revision: int,
    at: datetime,
    comment: str = "",
) -> handoffs.HandoffRow:
    """Put the person into a bed of the hospital and begin the stay, in the episode of the referral.

    Raises Conflict when the bed is taken or the person already stays here, InvalidInput (field named),
    and what `handoffs.advance` raises.
    """
    up_of(handoff_id)
    bed = facilities.bed(admission.bed_id)
    if bed.institution_id != actor.institution_id:
        raise InvalidInput(N_("这张床不在本院，请重新选"), field="bed_id")
    moved = take(
        actor,
        handoff_id,
        "admit",
        revision=revision,
        at=at,
        bed_id=bed.id,
        remark=remarks.lies_in(bed.department_name, bed.label),
        comment=comment,
    )
    if moved.repeated:
        return moved.handoff
    row = moved.handoff
    facilities.occupy_bed(actor, bed.id, for_kind=BED_WORK, for_id=row.id, at=at)
    visit_id = episodes.begin_visit(actor, _stay(row, admission, bed), at=at)
    change_up(handoff_id, bed_label=bed.label, visit_id=visit_id)
    note(actor, "admit", row, at, bed=bed.label)
    return row


def _stay(row: handoffs.HandoffRow, admission: Admission, bed: facilities.BedRow) -> episodes.VisitOpening:
    return episodes.VisitOpening(
        id=admission.visit_id,
        person_id=row.person_id,
        kind=episodes.VisitKind.INPATIENT,
        chief_complaint=admission.complaint.strip() or row.subject[:100],
        department_id=bed.department_id,
        bed_id=bed.id,
        origin=episodes.Origin(row.id, row.chain_id),
    )


@access.command
def send_outcome(
    *, actor: Actor, handoff_id: UUID, outcome: OutcomeSpec, revision: int, at: datetime
) -> handoffs.HandoffRow:
    """Discharge the person and send the outcome back (WS/T 529 出院信息回传): the bed is free, the sender
    reads what came of it. Of somebody who was no inpatient only the outcome is sent.

    Raises InvalidInput (field named), and what `handoffs.advance` and `episodes.end_visit_by_discharge`
    raise.
    """
    outcome = _coded(clean_outcome(outcome))
    up = up_of(handoff_id)
    if up.visit_id is not None and not outcome.way:
        raise InvalidInput(N_("请选离院方式"), field="way")
    words = (terminology.label(Tables.OUTCOME, outcome.outcome), terminology.label(Tables.WAY, outcome.way))
    moved = take(
        actor,
        handoff_id,
        "send_outcome",
        revision=revision,
        at=at,
        outcome_code=outcome.outcome,
        remark=remarks.came_of_it(*words),
    )
    if moved.repeated:
        return moved.handoff
    row = moved.handoff
    if up.visit_id is not None:
        _discharge(actor, up.visit_id, outcome, at)
    facilities.vacate_bed(actor, for_kind=BED_WORK, for_id=row.id, at=at)
    facilities.release_bed(actor, for_kind=BED_WORK, for_id=row.id, at=at)
    episodes.end_chain(actor, row.chain_id, institution_id=row.performer_institution_id, at=at)
    change_up(handoff_id, **outcome_columns(outcome, at))
    note(actor, "send_outcome", row, at, outcome=outcome.outcome, way=outcome.way)
    return row


def _coded(outcome: OutcomeSpec) -> OutcomeSpec:
    terminology.ensure_choice(Tables.OUTCOME, outcome.outcome, field="outcome")
    if outcome.way:
        terminology.ensure_choice(Tables.WAY, outcome.way, field="way")
    return outcome


def _discharge(actor: Actor, visit_id: UUID, outcome: OutcomeSpec, at: datetime) -> None:
    """End the stay, unless the ward has just done it and the worker has not yet told the referral."""
    if not episodes.visit(actor, visit_id).is_open:
        return
    spec = episodes.DischargeSpec(
        way=episodes.DischargeWay(outcome.way),
        outcome=episodes.Outcome(outcome.outcome),
        summary=outcome.summary,
    )
    episodes.end_visit_by_discharge(actor, visit_id, spec, at=at)


def outcome_columns(outcome: OutcomeSpec, at: datetime) -> dict[str, object]:
    """The columns of an outcome."""
    return {
        "outcome_code": outcome.outcome,
        "outcome_summary": outcome.summary,
        "discharge_way": outcome.way,
        "outcome_at": at,
    }


@access.command
def close_up(
    *, actor: Actor, handoff_id: UUID, revision: int, at: datetime, comment: str = ""
) -> handoffs.HandoffRow:
    """The sender has read the outcome and closes the referral. Raises what `handoffs.advance` raises."""
    up_of(handoff_id)
    moved = take(actor, handoff_id, "close", revision=revision, at=at, comment=comment)
    if not moved.repeated:
        note(actor, "close_up", moved.handoff, at)
    return moved.handoff
