"""Builders of handoffs, and of the people at both ends of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from yiti.foundation.access import public as access
from yiti.foundation.accounts import registry
from yiti.foundation.accounts.models import Role as HouseRole
from yiti.foundation.web.public import TableQuery
from yiti.kernel.actor import Actor
from yiti.kernel.ids import new_id
from yiti.kernel.tests.builders import an_actor
from yiti.kernel.workflow import Side
from yiti.registry.facilities.domain import Kind
from yiti.registry.facilities.models import Department, Institution
from yiti.registry.facilities.tests.builders import NOON, a_department, an_institution
from yiti.registry.residents.tests import builders as residents
from yiti.registry.staff.models import Posting, StaffMember
from yiti.spine.handoffs import public as handoffs
from yiti.spine.handoffs.domain import HandoffKind
from yiti.spine.handoffs.tests.toys import ANSWER, ASK, ERRAND, SEE

__all__ = ["ANSWER", "ASK", "ERRAND", "SEE"]  # the toys that tests of higher rooms take from here

_numbers = count(1)


@dataclass(frozen=True)
class World:
    """A village clinic that asks, a county hospital that answers, and somebody at each."""

    clinic: Institution
    hospital: Institution
    ward: Department
    asker: Actor
    answerer: Actor
    person_id: UUID


def a_world() -> World:
    """A person registered at the clinic, and nobody else's business yet."""
    clinic = residents.a_place().clinic
    hospital = an_institution(Kind.COUNTY_GENERAL, name="县人民医院")
    ward = a_department(hospital, name="心血管内科")
    asker = somebody_at(clinic, ASK, SEE, *residents.PERMISSIONS)
    return World(clinic, hospital, ward, asker, somebody_at(hospital, ANSWER, SEE), residents.a_person(asker))


def somebody_at(
    place: Institution, *permissions: str, room: Department | None = None, **changes: Any
) -> Actor:
    """An actor with a posting there, in a role of their own."""
    number = next(_numbers)
    name = str(changes.pop("name", f"同事{number}"))
    role, _ = HouseRole.objects.get_or_create(
        code=changes.pop("role", "toy_role"), defaults={"zh": "值班长", "en": "Head"}
    )
    registry.forget()
    member = StaffMember.objects.create(code=f"T{number}", name=name, initials="ts")
    Posting.objects.create(
        staff=member, institution=place, department=room, role=role, valid_from=date(2020, 1, 1)
    )
    actor = an_actor(*permissions, institution_id=place.pk, name=name)
    department_id = room.pk if room else None
    return replace(
        actor,
        institution_name=place.name,
        department_id=department_id,
        staff_id=member.pk,
        role=role.code,
        **changes,
    )


def a_wish(world: World, **changes: Any) -> handoffs.HandoffSpec:
    """What the clinic asks of the hospital: urgent, for the ward."""
    values: dict[str, Any] = {
        "kind": ERRAND.code,
        "person_id": world.person_id,
        "subject": "不稳定型心绞痛",
        "subject_code": "I20.0",
        "urgency": handoffs.Urgency.URGENT,
        "performer_institution_id": world.hospital.pk,
        "performer_department_id": world.ward.pk,
        **changes,
    }
    return handoffs.HandoffSpec(**values)


def opened(
    world: World, *, at: datetime = NOON, by: Actor | None = None, **changes: Any
) -> handoffs.HandoffRow:
    """A handoff the clinic has sent."""
    asker = by or world.asker
    with access.scoped(asker):
        return handoffs.open_handoff(asker, a_wish(world, **changes), at=at).handoff


def moved(
    actor: Actor, row: handoffs.HandoffRow, name: str, *, at: datetime = NOON, **details: Any
) -> handoffs.HandoffRow:
    """The same handoff after one step by this actor, who saw it as `row`."""
    with access.scoped(actor):
        done = handoffs.advance(actor, row.id, name, at=at, revision=row.revision, details=details)
    return done.handoff


BED: dict[str, Any] = {"bed_id": "12"}


def along(world: World, *path: str, at: datetime = NOON, **changes: Any) -> handoffs.HandoffRow:
    """A handoff taken along these steps by whoever's turn they are."""
    row = opened(world, at=at, **changes)
    for name in path:
        sides = ERRAND.sides_of(name)
        actor = world.answerer if Side.PERFORMER in sides else world.asker
        row = moved(actor, row, name, at=at, **_needed(name))
    return row


def _needed(name: str) -> dict[str, Any]:
    texts = {"accept": BED, "return": {"comment": "请补心电图"}, "supply": {"comment": "已补"}}
    return texts.get(name, {"reason_code": "01"} if name == "decline" else {})


# --- the work list --------------------------------------------------------------------------------
Query = TableQuery[handoffs.WorkSort]


def asked(sort: str = "", page: int = 1, size: int = 20, **filters: str) -> Query:
    """A query as the page makes it."""
    text = {"sort": sort, "page": str(page), "size": str(size), **filters}
    return TableQuery.parse(
        text, sorts=handoffs.WorkSort, default=handoffs.WorkSort.DUE, filters=handoffs.WORK_FILTERS
    )


def listed(actor: Actor, **wanted: Any) -> list[handoffs.HandoffRow]:
    """The handoffs of a work list, in its order."""
    rows, total = handoffs.worklist(actor, asked(**wanted), at=NOON)
    assert total >= len(rows)
    return [row.handoff for row in rows]


# --- without a database ---------------------------------------------------------------------------
def a_row(**changes: Any) -> handoffs.HandoffRow:
    """A sent errand as a value; its ids name nothing."""
    ids = [new_id() for _ in range(6)]
    values: dict[str, Any] = {
        "id": ids[0],
        "kind_code": ERRAND.code,
        "number": "TE20261120-0001",
        "chain_id": ids[0],
        "person_id": ids[1],
        "episode_id": None,
        "state": "sent",
        "revision": 1,
        "urgency": handoffs.Urgency.URGENT,
        "opened_at": NOON,
        "sent_at": NOON,
        "state_since": NOON,
        "closed_at": None,
        "soon_at": None,
        "due_at": None,
        "requester_institution_id": ids[2],
        "requester_department_id": None,
        "requester_staff_id": ids[3],
        "requester_name": "油岭村卫生站",
        "requester_level": "village",
        "performer_institution_id": ids[4],
        "performer_department_id": ids[5],
        "performer_staff_id": None,
        "performer_external": "",
        "performer_name": "县人民医院",
        "performer_level": "county",
        "department_name": "心血管内科",
        "follower_institution_id": None,
        "follower_staff_id": None,
        "person_name": "房金养",
        "person_initials": "fjy",
        "person_sex": "1",
        "person_birth_date": date(1959, 3, 14),
        "person_place": "油岭村 2 组",
        "subject": "不稳定型心绞痛",
        "subject_code": "I20.0",
        **changes,
    }
    return handoffs.HandoffRow(**values)


def a_log(*path: tuple[str, Side], of: HandoffKind = ERRAND) -> list[handoffs.Logged]:
    """The log that the table gives for these steps, whatever they may need; ways back name what they undo."""
    log = [_logged(1, handoffs.Nature.OPENED, "open", "", of.workflow.initial, Side.REQUESTER)]
    for name, side in path:
        here = log[-1].to_state
        found = of.workflow.find(here, name)
        assert found is not None, f"{name} does not lead out of {here}"
        undoes = (
            next((e.seq for e in reversed(log) if e.step == found.undoes), None) if found.undoes else None
        )
        entry = _logged(len(log) + 1, handoffs.Nature.STEP, name, here, found.target, side)
        log.append(replace(entry, undoes=undoes))
    return log


def _logged(
    seq: int, nature: handoffs.Nature, name: str, from_state: str, to_state: str, side: Side
) -> handoffs.Logged:
    return handoffs.Logged(
        seq=seq,
        nature=nature,
        step=name,
        from_state=from_state,
        to_state=to_state,
        side=side,
        at=NOON + timedelta(minutes=seq),
        user_id=new_id(),
        user_name="李秀萍",
        institution_name="县人民医院",
        comment="",
        remark="",
        undoes=None,
    )
