"""Builders of referrals in a small county; later states are reached by commands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from yiti.care.referrals import commands
from yiti.care.referrals.commands import Admission
from yiti.care.referrals.domain import (
    Availability,
    CaseText,
    Contact,
    Diagnosed,
    DownSpec,
    Drug,
    Follower,
    OutcomeSpec,
    Plan,
    Reason,
    Reception,
    Target,
    Trip,
    UpSpec,
)
from yiti.care.referrals.models import UpReferral
from yiti.care.referrals.tests.county import (
    CLINICIAN,
    DESK,
    HOUR,
    MINUTE,
    START,
    County,
    a_county,
    a_visit,
    episode_of,
)
from yiti.kernel.actor import Actor
from yiti.kernel.clock import local_date
from yiti.kernel.ids import new_id
from yiti.spine.episodes import public as episodes
from yiti.spine.handoffs import public as handoffs

__all__ = ["CLINICIAN", "DESK", "HOUR", "MINUTE", "START", "County", "a_county", "a_visit", "episode_of"]


def an_up_spec(county: County, **changes: Any) -> UpSpec:
    """The village doctor's form: urgent, to the head hospital's ward."""
    values: dict[str, Any] = {
        "id": new_id(),
        "person_id": county.person_id,
        "episode_id": county.episode_id,
        "urgency": "urgent",
        "reason": Reason("surgery", "急诊冠脉造影"),
        "diagnoses": (Diagnosed("I20.0"), Diagnosed("I10")),
        "case": CaseText(
            summary="反复胸闷 3 天，今晨静息胸痛 20 分钟，伴出汗。", treatments="阿司匹林 300 mg 嚼服"
        ),
        "contact": Contact(phone="13822716620", name="房买尾一", relation="20"),
        "target": Target(county.head.pk, county.ward.pk, "03.04"),
        "transport_code": "county-120",
        "consent_given": True,
        **changes,
    }
    return UpSpec(**values)


def sent_up(
    county: County, *, by: Actor | None = None, at: datetime = START, **changes: Any
) -> handoffs.HandoffRow:
    """An up-referral that waits for an answer (or, out of the county, for approval)."""
    return commands.send_up(actor=by or county.village_doctor, spec=an_up_spec(county, **changes), at=at)


def accepted(
    county: County, row: handoffs.HandoffRow, *, at: datetime = START + 39 * MINUTE
) -> handoffs.HandoffRow:
    """The nurse accepts and holds bed 12."""
    return commands.accept(
        actor=county.nurse,
        handoff_id=row.id,
        reception=Reception(bed_id=county.beds[1].pk),
        revision=row.revision,
        at=at,
    )


def departed(
    county: County, row: handoffs.HandoffRow, *, at: datetime = START + 53 * MINUTE
) -> handoffs.HandoffRow:
    """The ambulance leaves the village."""
    trip = Trip("county-120", vehicle="二号车", escort="莫雪梅", escort_phone="13900000820")
    return commands.depart(
        actor=county.village_doctor, handoff_id=row.id, trip=trip, revision=row.revision, at=at
    )


def arrived(
    county: County, row: handoffs.HandoffRow, *, at: datetime = START + 80 * MINUTE
) -> handoffs.HandoffRow:
    """The nurse sees the person at the door."""
    return commands.arrive(actor=county.nurse, handoff_id=row.id, revision=row.revision, at=at)


def admitted(
    county: County, row: handoffs.HandoffRow, *, at: datetime = START + 90 * MINUTE
) -> handoffs.HandoffRow:
    """The ward doctor takes the person into bed 12."""
    return commands.admit(
        actor=county.ward_doctor,
        handoff_id=row.id,
        admission=Admission(new_id(), county.beds[1].pk, "胸痛待查"),
        revision=row.revision,
        at=at,
    )


def outcome_sent(
    county: County, row: handoffs.HandoffRow, *, at: datetime = START + 24 * HOUR
) -> handoffs.HandoffRow:
    """The ward doctor discharges home to the township and sends the outcome back."""
    return commands.send_outcome(
        actor=county.ward_doctor,
        handoff_id=row.id,
        outcome=OutcomeSpec("2", "PCI 术后，病情稳定", "3"),
        revision=row.revision,
        at=at,
    )


_WAY_UP: tuple[Callable[..., handoffs.HandoffRow], ...] = (
    accepted,
    departed,
    arrived,
    admitted,
    outcome_sent,
)


def on_the_way(county: County, state: str, **changes: Any) -> handoffs.HandoffRow:
    """An up-referral of the village that has come as far as this state."""
    row = sent_up(county, **changes)
    for step in _WAY_UP:
        if row.state == state:
            break
        row = step(county, row)
    assert row.state == state, f"the way up does not lead through {state}"
    return row


def stay_of(row: handoffs.HandoffRow) -> UUID:
    """The stay a referred person was admitted to."""
    found = UpReferral.objects.get(handoff_id=row.id).visit_id
    assert found is not None
    return found


def a_down_spec(county: County, **changes: Any) -> DownSpec:
    """The ward doctor's plan: home to the township, the village doctor is proposed for the follow-up."""
    doctor = county.village_doctor
    assert doctor.staff_id is not None
    values: dict[str, Any] = {
        "id": new_id(),
        "person_id": county.person_id,
        "episode_id": county.episode_id,
        "urgency": "routine",
        "reason": Reason("rehabilitation"),
        "diagnoses": (Diagnosed("I20.0"),),
        "plan": Plan(
            discharge_summary="PCI 术后 5 天",
            treatment="双联抗血小板 12 个月",
            warning_signs="胸痛超过 15 分钟马上呼叫 120",
            rehabilitation="每日步行 30 分钟",
            lifestyle="低盐低脂，戒烟",
        ),
        "drugs": (
            Drug("阿司匹林肠溶片", "100 mg", "09", "1", 30, Availability.YES),
            Drug("氯吡格雷片", "75 mg"),
        ),
        "target": Target(county.township.pk),
        "first_follow_up_date": local_date(START + 72 * HOUR),
        "follower": Follower(county.clinic.pk, doctor.staff_id),
        **changes,
    }
    return DownSpec(**values)


def sent_down(
    county: County, *, by: Actor | None = None, at: datetime = START + 25 * HOUR, **changes: Any
) -> handoffs.HandoffRow:
    """A down-referral that waits for the township."""
    return commands.send_down(actor=by or county.ward_doctor, spec=a_down_spec(county, **changes), at=at)


def received(
    county: County, row: handoffs.HandoffRow, *, at: datetime = START + 26 * HOUR, by: Actor | None = None
) -> handoffs.HandoffRow:
    """The township receives and names the village doctor."""
    doctor = county.village_doctor
    assert doctor.staff_id is not None
    return commands.receive(
        actor=by or county.physician,
        handoff_id=row.id,
        follower=Follower(county.clinic.pk, doctor.staff_id),
        revision=row.revision,
        at=at,
    )


def followed_up(
    county: County, row: handoffs.HandoffRow, *, at: datetime = START + 27 * HOUR
) -> handoffs.HandoffRow:
    """The village doctor writes the follow-up visit and says it was the first one."""
    doctor = county.village_doctor
    visit_id = a_visit(doctor, county.person_id, kind=episodes.VisitKind.FOLLOW_UP, at=at)
    return commands.follow_up(
        actor=doctor, handoff_id=row.id, visit_id=visit_id, revision=row.revision, at=at
    )


def wearing(actor: Actor, **changes: Any) -> Actor:
    """The same person with another hat."""
    return replace(actor, **changes)
