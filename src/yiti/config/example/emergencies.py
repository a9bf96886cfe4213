"""Closed records that were opened in an emergency in the last day (they are open as long as that): what the
auditor has looked at, and what waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from yiti.config.example.conditions import HEAD
from yiti.config.example.open_cases import Desktop
from yiti.kernel.actor import Actor
from yiti.kernel.clock import local_date
from yiti.kernel.errors import NotFound
from yiti.registry.residents import public as residents


@dataclass(frozen=True, slots=True)
class Opening:
    """One opening: by a ward, of somebody of a township, so many hours ago; what the auditor found of it,
    if he has looked."""

    ward: str
    township: str
    hours: int
    reason: str
    verdict: residents.Verdict | None = None
    note: str = ""


OPENINGS = (
    Opening(
        "XXG",
        "LN-ZG",
        22,
        "胸痛大汗，意识模糊，家属不在场，查过敏和用药",
        residents.Verdict.JUSTIFIED,
        "与急诊病历相符",
    ),
    Opening(
        "GK",
        "LN-DP",
        19,
        "车祸多发伤，术前查过敏史",
        residents.Verdict.JUSTIFIED,
        "与手术记录相符，时间一致",
    ),
    Opening(
        "XXG",
        "LN-XP",
        14,
        "帮亲戚看一下以前的检查",
        residents.Verdict.UNJUSTIFIED,
        "本人没有就诊，已约谈并报医务科",
    ),
    Opening("EK", "LN-DMS", 6, "患儿高热惊厥，奶奶说不清用过什么药"),
    Opening("XXG", "LN-SP", 2, "晕厥后送来，独居，查既往病史和用药"),
)


def break_glasses(county: Desktop) -> int:
    """Bring all openings about, and what the auditor found; gives their number."""
    auditor = next(desk for desk in county.desks.all if desk.role == "auditor").actor
    for opening in OPENINGS:
        doctor = county.desks.treating(HEAD, opening.ward)[0].actor
        at = county.run.at - timedelta(hours=opening.hours)
        person_id = _closed_to(doctor, county, opening.township)
        glass_id = residents.open_by_break_glass(
            actor=doctor, person_id=person_id, reason=opening.reason, at=at
        )
        if glass_id is not None and opening.verdict is not None:
            residents.review_break_glass(
                actor=auditor,
                glass_id=glass_id,
                verdict=opening.verdict,
                note=opening.note,
                at=at + timedelta(hours=3),
            )
    return len(OPENINGS)


def _closed_to(doctor: Actor, county: Desktop, township: str) -> UUID:
    """Somebody of that township whose record the doctor's institution may not open. Raises StopIteration
    when there is nobody left."""
    people = iter(lambda: county.pool.draw(township, lambda *_: True, local_date(county.run.at)), None)
    return next(each.key for each in people if not _is_open(doctor, each.key))


def _is_open(doctor: Actor, person_id: UUID) -> bool:
    try:
        residents.person(doctor, person_id)
    except NotFound:
        return False
    return True
