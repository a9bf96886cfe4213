"""Builders of places for tests of this and of higher rooms."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import count
from uuid import UUID

from django.contrib.messages.storage.cookie import CookieStorage
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from yiti.foundation.access import public as access
from yiti.foundation.web.public import Duty, PageRequest
from yiti.kernel.actor import Actor
from yiti.kernel.clock import SHANGHAI
from yiti.kernel.ids import new_id
from yiti.kernel.pinyin import pinyin, pinyin_initials
from yiti.kernel.tests.builders import an_actor
from yiti.registry.facilities import public as facilities
from yiti.registry.facilities.domain import Kind, MemberRole, RegionLevel
from yiti.registry.facilities.domain.divisions import place_above
from yiti.registry.facilities.models import (
    Alliance,
    AllianceMembership,
    Bed,
    CapabilityOverride,
    Consortium,
    ConsortiumMembership,
    Department,
    Institution,
    Region,
)

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=SHANGHAI)
LONG_AGO = date(2019, 1, 1)
_numbers = count(1)


def a_manager() -> Actor:
    """Somebody who may maintain institutions."""
    return an_actor("facilities.manage", name="办公室")


def a_request(
    path: str, *, actor: Actor | None = None, data: dict[str, str] | None = None, target: str | None = None
) -> PageRequest:
    """A request as a view sees it behind the middleware: a POST with `data`, otherwise a GET; by htmx when
    it names a `target`."""
    headers = {"HX-Request": "true", "HX-Target": target} if target else None
    factory = RequestFactory()
    made = factory.get(path, headers=headers) if data is None else factory.post(path, data, headers=headers)
    request: PageRequest = made  # type: ignore[assignment]
    request.actor = actor or an_actor()
    request.at = NOON
    request.request_id = "test"
    request.duty = Duty.NONE
    request.htmx = HtmxDetails(request)
    request.hats = ()
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]
    return request


def a_region(
    code: str = "441826105000",
    level: RegionLevel = RegionLevel.TOWNSHIP,
    *,
    name: str = "三排镇",
    **changes: object,
) -> Region:
    """A division with all divisions above it; one that is there already is given as it is."""
    found = Region.objects.filter(code=code, level=level).first()
    if found is not None:
        return found
    above = place_above(level, code)
    parent = a_region(*above, name=f"{above[0]} 上级") if above else None
    return Region.objects.create(code=code, level=level, name=name, parent=parent, **changes)


def an_institution(kind: Kind = Kind.TOWNSHIP, **changes: object) -> Institution:
    """An institution in 三排镇, open, inside the county."""
    number = next(_numbers)
    name = str(changes.get("name", f"第{number}卫生院"))
    values: dict[str, object] = {
        "code": f"T-{number}",
        "name": name,
        "short_name": name[:30],
        "pinyin": pinyin(name),
        "initials": pinyin_initials(name),
        "level": kind.facts.level,
        "latitude": 24.6,
        "longitude": 112.2,
        **changes,
    }
    if "region" not in values and "region_id" not in values:
        values["region"] = a_region()
    return Institution.objects.create(kind=kind, **values)


def a_department(institution: Institution | None = None, **changes: object) -> Department:
    """A ward for internal medicine."""
    number = next(_numbers)
    values: dict[str, object] = {"code": f"NK{number}", "name": "内科", "specialty": "03", **changes}
    return Department.objects.create(institution=institution or an_institution(), **values)


def a_bed(department: Department | None = None, **changes: object) -> Bed:
    """A bed in service."""
    return Bed.objects.create(
        department=department or a_department(), **{"label": f"{next(_numbers):02d}", **changes}
    )


def a_consortium(**changes: object) -> Consortium:
    """A consortium without members."""
    number = next(_numbers)
    return Consortium.objects.create(**{"code": f"YGT-{number}", "name": f"第{number}医共体", **changes})


def a_membership(
    consortium: Consortium,
    institution: Institution,
    role: MemberRole = MemberRole.MEMBER,
    *,
    valid_from: date = LONG_AGO,
    valid_until: date | None = None,
) -> ConsortiumMembership:
    """A place in a consortium, by default since long ago."""
    return ConsortiumMembership.objects.create(
        consortium=consortium,
        institution=institution,
        role=role,
        valid_from=valid_from,
        valid_until=valid_until,
    )


def an_alliance(
    lead: Institution, *others: Institution, kind: str = "alliance", **changes: object
) -> Alliance:
    """An alliance led by one institution, since long ago."""
    number = next(_numbers)
    made = Alliance.objects.create(
        **{"code": f"YLT-{number}", "name": f"第{number}医联体", "kind": kind, **changes}
    )
    for each in (lead, *others):
        AllianceMembership.objects.create(
            alliance=made, institution=each, is_lead=each == lead, scopes=["technique"], valid_from=LONG_AGO
        )
    return made


def an_override(
    institution: Institution, icd_prefix: str, verdict: str, condition: str = "", **changes: object
) -> CapabilityOverride:
    """An institution's own word on a disease."""
    values: dict[str, object] = {"valid_from": LONG_AGO, **changes}
    return CapabilityOverride.objects.create(
        institution=institution, icd_prefix=icd_prefix, verdict=verdict, condition=condition, **values
    )


def hold(
    bed: Bed, *, for_id: UUID | None = None, at: datetime = NOON, hours: float = 4, actor: Actor | None = None
) -> UUID:
    """Hold a bed in a transaction of its own; gives the id of the work it is held for."""
    work = for_id or new_id()
    who = actor or an_actor()
    with access.scoped(who):
        facilities.hold_bed(
            who, bed.id, for_kind="handoff", for_id=work, at=at, until=at + timedelta(hours=hours)
        )
    return work


def occupy(bed: Bed, *, for_id: UUID | None = None, at: datetime = NOON, actor: Actor | None = None) -> UUID:
    """Put somebody into a bed in a transaction of its own; gives the id of the work."""
    work = for_id or new_id()
    who = actor or an_actor()
    with access.scoped(who):
        facilities.occupy_bed(who, bed.id, for_kind="handoff", for_id=work, at=at)
    return work
