"""What happened to a person on the way, as the acts that the loader of referrals knows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from uuid import UUID

from yiti.care.referrals import loading
from yiti.care.referrals import public as referrals
from yiti.config.example.parties import Crew, Lies
from yiti.config.example.ways import CRITICAL, ROUTINE, Ending, Home, HomeEnding, WayUp
from yiti.kernel.workflow import Side

_DECLINES = ("no-bed", "not-indicated", "no-specialist", "out-of-scope", "equipment")
_RETURNS = {
    "results": "补充：已传血常规、心电图结果",
    "vitals": "补充：血压 142/88，心率 84，体温 36.8℃",
    "medication": "补充：现用药已列全，无漏服",
    "summary": "补充：起病时间和加重经过已写清",
}
_CANCELS = ("improved", "refused", "elsewhere")
_MINUTE = timedelta(minutes=1)


def way_up_acts(rng: Random, way: WayUp, crew: Crew, lies: Lies) -> Iterator[loading.Act]:
    nurse, sender = crew.nurse.hand, crew.sender.hand
    outside, bed = lies.hospital.row.is_external, lies.bed
    if outside and way.urgency != CRITICAL:
        first_answer = way.returned_at or way.answered_at
        yield loading.approved(way.sent_at + (first_answer - way.sent_at) / 2, crew.head.hand)
    if way.returned_at is not None and way.supplied_at is not None:
        code = rng.choice(list(_RETURNS))
        yield loading.returned(way.returned_at, nurse, referrals.Reason(code))
        yield loading.supplied(way.supplied_at, sender, _RETURNS[code])
    if way.ending is Ending.DECLINED:
        yield loading.declined(way.answered_at, nurse, referrals.Reason(rng.choice(_DECLINES)))
        return
    if way.ending is Ending.EXPIRED:
        yield loading.expired(way.ended_at)
        return
    department = None if outside else lies.ward.room.id
    yield loading.accepted(way.answered_at, nurse, bed=bed.label if bed else "", department_id=department)
    yield from _after_acceptance(rng, way, crew, lies)


def _after_acceptance(rng: Random, way: WayUp, crew: Crew, lies: Lies) -> Iterator[loading.Act]:
    bed = lies.bed
    nurse, sender, doctor = crew.nurse.hand, crew.sender.hand, crew.ward_doctor.hand
    if way.ending is Ending.CANCELLED:
        yield loading.cancelled(way.ended_at, sender, referrals.Reason(rng.choice(_CANCELS)))
        return
    if way.ending is Ending.NO_SHOW:
        yield loading.not_come(way.ended_at, nurse)
        return
    yield loading.departed(way.departed_at, sender, _trip(way))
    yield loading.arrived(way.arrived_at, nurse)
    if bed is not None:
        yield loading.admitted(
            way.admitted_at,
            doctor,
            ward=lies.ward.room.name,
            bed=bed.label,
            bed_id=bed.id,
            visit_id=lies.visit_id,
        )
    if way.ending is Ending.DIED:
        yield loading.died(way.out_at)
        return
    leaves = ("3" if way.home else "1") if bed else ""
    yield loading.outcome_sent(
        way.out_at, doctor, referrals.OutcomeSpec("2", f"{way.condition.outcome}。", leaves)
    )
    if way.home is not None and way.home.ending is HomeEnding.CLOSED:
        yield loading.closed_by_system(way.closed_at)
    else:
        yield loading.closed(way.closed_at, sender, Side.REQUESTER)


def _trip(way: WayUp) -> referrals.Trip:
    if way.urgency == ROUTINE:
        return referrals.Trip("self", expected_at=way.expected_at)
    return referrals.Trip("county-120", vehicle="二号车", escort="随车护士", expected_at=way.expected_at)


def way_home_acts(rng: Random, home: Home, crew: Crew, visit_id: UUID) -> Iterator[loading.Act]:
    physician, village = crew.physician.hand, crew.village_doctor
    follower = referrals.Follower(village.institution_id, village.staff_id)
    if home.returned_at is not None and home.supplied_at is not None:
        yield loading.returned(home.returned_at, physician, referrals.Reason("medication"))
        yield loading.supplied(home.supplied_at, crew.ward_doctor.hand, "补充：出院带药剂量已列全")
    if home.ending is HomeEnding.DECLINED:
        yield loading.declined(home.answered_at, physician, referrals.Reason(rng.choice(_DECLINES)))
    elif home.ending is HomeEnding.CANCELLED:
        yield loading.cancelled(home.answered_at, crew.ward_doctor.hand, referrals.Reason("refused"))
    else:
        yield loading.received(home.answered_at, physician, follower, village.name)
        yield loading.followed_up(home.seen_at, village.hand, visit_id=visit_id)
        yield loading.closed(home.closed_at, village.hand, Side.FOLLOWER)
