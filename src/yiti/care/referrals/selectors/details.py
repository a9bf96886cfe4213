"""One referral as the sides see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from yiti.care.referrals.domain import (
    BED_WORK,
    Availability,
    BarStep,
    Course,
    Plan,
    Tables,
    Up,
    Way,
    step_bar,
)
from yiti.care.referrals.domain.approval import approval_now
from yiti.care.referrals.models import DownDrug, DownReferral, UpReferral
from yiti.care.referrals.selectors import parts
from yiti.care.referrals.selectors.hearing import hear
from yiti.care.referrals.selectors.rows import (
    DownDetail,
    DrugLine,
    OutcomeLine,
    Party,
    TripLine,
    UpDetail,
)
from yiti.foundation.access import public as access
from yiti.kernel.actor import Actor
from yiti.kernel.clock import local_date
from yiti.kernel.display import short_time
from yiti.kernel.errors import NotFound
from yiti.kernel.text import N_, Phrase
from yiti.registry.facilities import public as facilities
from yiti.registry.terminology import public as terminology
from yiti.spine.episodes import public as episodes
from yiti.spine.handoffs import public as handoffs

Logs = Mapping[UUID, Sequence[handoffs.Logged]]


@access.selector
def up_detail(actor: Actor, handoff_id: UUID, at: datetime) -> UpDetail:
    """An up-referral. Raises NotFound for a missing, a stranger's and another kind's one alike."""
    row = handoffs.detail(actor, handoff_id)
    up = UpReferral.objects.filter(handoff_id=handoff_id).first()
    if up is None:
        raise NotFound
    homes = DownReferral.objects.filter(up_handoff_id=handoff_id).values_list("handoff_id", flat=True)
    chain = {each.id: each for each in handoffs.chain(actor, row.chain_id)}
    home = max((chain[id_] for id_ in homes if id_ in chain), key=lambda each: each.opened_at, default=None)
    logs = handoffs.logs(actor, [row.id, *([home.id] if home else [])])
    why = parts.reasons(handoff_id)
    names = parts.Directory(
        actor,
        places=[
            row.requester_institution_id,
            up.target_institution_id,
            *(each.suggested_institution_id for each in why),
        ],
        rooms=[row.requester_department_id, row.performer_department_id, up.target_department_id],
        people=[row.requester_staff_id, row.performer_staff_id],
    )
    found = parts.patient(actor, row.person_id, at)
    outside = names.place(up.target_institution_id).is_external
    return UpDetail(
        handoff=row,
        clock=handoffs.clock_of(row, at),
        way=Way(up.way),
        reason=terminology.term(Tables.UP_REASON, up.reason_code),
        reason_text=up.reason_text,
        diagnoses=parts.diagnoses(handoff_id),
        case=parts.case_of(up),
        amendments=parts.amendments(handoff_id),
        sender=names.party(row.requester_institution_id, row.requester_department_id, row.requester_staff_id),
        receiver=names.party(
            up.target_institution_id,
            up.target_department_id if outside or not row.department_name else row.performer_department_id,
            None if outside else row.performer_staff_id,
            department=up.target_department_text,
        ),
        is_outside=outside,
        patient=found,
        contact_name=up.contact_name,
        contact_phone=up.contact_phone,
        contact_relation=terminology.term(Tables.RELATION, up.contact_relation),
        consent_at=up.consent_at,
        approval=hear(
            approval_now(
                up.approval_text,
                waits=row.state == Up.SUBMITTED,
                agreed=any(event.step == "approve" for event in logs[row.id]),
            )
        ),
        approver_role=up.approver_role,
        valid_until=up.valid_until,
        trip=_trip(up, at),
        bed=facilities.bed_use(BED_WORK, handoff_id, at),
        bed_label=up.bed_label,
        visit_id=up.visit_id,
        outcome=_outcome(up),
        vitals=parts.vitals(actor, row, found, at),
        reasons=parts.reason_lines(why, names),
        bar=_bar(row, home, logs, _up_notes(up, home, at)),
        timeline=parts.timeline(actor, handoff_id, logs[row.id]),
        actions=tuple(handoffs.available(actor, handoff_id)),
        home=home,
    )


def _trip(up: UpReferral, at: datetime) -> TripLine:
    return TripLine(
        transport_code=up.transport_code,
        transport=terminology.term(Tables.TRANSPORT, up.transport_code),
        vehicle=up.vehicle,
        escort=up.escort,
        escort_phone=up.escort_phone,
        departed_at=up.departed_at,
        expected_at=up.expected_arrival_at,
        way=facilities.travel(up.from_institution_id, up.target_institution_id, local_date(at)),
    )


def _outcome(up: UpReferral) -> OutcomeLine | None:
    if up.outcome_at is None:
        return None
    return OutcomeLine(
        outcome=terminology.term(Tables.OUTCOME, up.outcome_code),
        way=terminology.term(Tables.WAY, up.discharge_way),
        summary=up.outcome_summary,
        at=up.outcome_at,
    )


def _up_notes(up: UpReferral, home: handoffs.HandoffRow | None, at: datetime) -> dict[str, str]:
    if up.expected_arrival_at is None:
        return {}
    return {"arrived": Phrase(N_("预计 {time}"), time=short_time(up.expected_arrival_at, at))}


@access.selector
def down_detail(actor: Actor, handoff_id: UUID, at: datetime) -> DownDetail:
    """A down-referral. Raises NotFound for a missing, a stranger's and another kind's one alike."""
    row = handoffs.detail(actor, handoff_id)
    down = DownReferral.objects.filter(handoff_id=handoff_id).first()
    if down is None:
        raise NotFound
    chain = {each.id: each for each in handoffs.chain(actor, row.chain_id)}
    up = chain.get(down.up_handoff_id) if down.up_handoff_id else None
    logs = handoffs.logs(actor, [row.id, *([up.id] if up else [])])
    why = parts.reasons(handoff_id)
    names = _down_names(actor, row, [each.suggested_institution_id for each in why])
    found = parts.patient(actor, row.person_id, at)
    visits = episodes.visits(actor, [down.first_visit_id]) if down.first_visit_id else {}
    return DownDetail(
        handoff=row,
        clock=handoffs.clock_of(row, at),
        reason=terminology.term(Tables.DOWN_REASON, down.reason_code),
        reason_text=down.reason_text,
        diagnoses=parts.diagnoses(handoff_id),
        plan=Plan(
            discharge_summary=down.discharge_summary,
            treatment=down.treatment,
            warning_signs=down.warning_signs,
            rehabilitation=down.rehabilitation,
            lifestyle=down.lifestyle,
        ),
        drugs=_drugs(handoff_id),
        first_follow_up_date=down.first_follow_up_date,
        sender=names.party(row.requester_institution_id, row.requester_department_id, row.requester_staff_id),
        receiver=names.party(_performer(row), row.performer_department_id, row.performer_staff_id),
        follower=_follower(row, names),
        patient=found,
        approval=hear(down.approval_text),
        first_visit=visits.get(down.first_visit_id) if down.first_visit_id else None,
        vitals=parts.vitals(actor, row, found, at),
        reasons=parts.reason_lines(why, names),
        bar=_bar(up, row, logs, _down_notes(down)),
        timeline=parts.timeline(actor, handoff_id, logs[row.id]),
        actions=tuple(handoffs.available(actor, handoff_id)),
        up=up,
    )


def _down_names(actor: Actor, row: handoffs.HandoffRow, suggested: Sequence[UUID | None]) -> parts.Directory:
    places = (row.requester_institution_id, row.performer_institution_id, row.follower_institution_id)
    return parts.Directory(
        actor,
        places=[*places, *suggested],
        rooms=[row.requester_department_id, row.performer_department_id],
        people=[row.requester_staff_id, row.performer_staff_id, row.follower_staff_id],
    )


def _performer(row: handoffs.HandoffRow) -> UUID:
    assert row.performer_institution_id is not None  # this room never names a performer in words
    return row.performer_institution_id


def _follower(row: handoffs.HandoffRow, names: parts.Directory) -> Party | None:
    if row.follower_institution_id is None:
        return None
    return names.party(row.follower_institution_id, None, row.follower_staff_id)


def _drugs(handoff_id: UUID) -> tuple[DrugLine, ...]:
    found = DownDrug.objects.filter(down_id=handoff_id).order_by("place")
    return tuple(
        DrugLine(
            name=each.name,
            dose=each.dose,
            frequency=terminology.term(Tables.FREQUENCY, each.frequency),
            route=terminology.term(Tables.ROUTE, each.route),
            days=each.days,
            availability=Availability(each.availability),
        )
        for each in found
    )


def _down_notes(down: DownReferral) -> dict[str, str]:
    return {"followed_up": Phrase(N_("计划 {day}"), day=f"{down.first_follow_up_date:%m-%d}")}


def _bar(
    up: handoffs.HandoffRow | None,
    down: handoffs.HandoffRow | None,
    logs: Logs,
    notes: Mapping[str, str],
) -> tuple[BarStep, ...]:
    return step_bar(_course(up, logs) if up else None, _course(down, logs) if down else None, notes)


def _course(row: handoffs.HandoffRow, logs: Logs) -> Course:
    changes = tuple((event.to_state, event.at) for event in logs.get(row.id, ()) if event.changes_state)
    return Course(row.state, row.state_label, changes)
