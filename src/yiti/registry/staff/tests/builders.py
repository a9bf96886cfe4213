"""Builders of people at work for tests of this and of higher rooms."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

from yiti.foundation.accounts.tests.builders import a_role, a_user
from yiti.kernel.actor import Actor
from yiti.kernel.ids import new_id
from yiti.kernel.pinyin import initials
from yiti.kernel.tests.builders import an_actor
from yiti.registry.facilities.tests.builders import an_institution
from yiti.registry.staff.models import Licence, Posting, StaffMember, Team, TeamMember

LONG_AGO = date(2019, 1, 1)
_numbers = count(1)


def a_personnel_office() -> Actor:
    """Somebody who may maintain staff and give first passwords."""
    return an_actor("staff.manage", "accounts.manage", name="人事科")


def a_staff_member(name: str = "盘凤英", **changes: Any) -> StaffMember:
    """A person at work with an account, without a posting."""
    number = next(_numbers)
    values: dict[str, Any] = {"code": f"ST{number:04d}", "title": "junior", "phone": "", **changes}
    if "user" not in values:
        values["user"] = a_user(username=values["code"], name=name, phone="")
    return StaffMember.objects.create(name=name, initials=initials(name)[:40], **values)


def a_posting(member: StaffMember | None = None, *, role: str = "village_doctor", **changes: Any) -> Posting:
    """A posting since long ago, at an institution of its own unless one is given; the primary one."""
    a_role(role)
    values: dict[str, Any] = {"valid_from": LONG_AGO, "is_primary": True, **changes}
    if "institution" not in values:
        values["institution"] = an_institution()
    return Posting.objects.create(staff=member or a_staff_member(), role_id=role, **values)


def a_licence(member: StaffMember, kind: str = "physician", **changes: Any) -> Licence:
    """A licence without a number."""
    return Licence.objects.create(staff=member, kind=kind, **changes)


def a_team(member: StaffMember, **changes: Any) -> TeamMember:
    """A family doctor team of an institution of its own, led by this person since long ago."""
    number = next(_numbers)
    team = Team.objects.create(
        id=new_id(), institution=an_institution(), kind="family_doctor", name=f"第{number}团队"
    )
    values: dict[str, Any] = {"is_leader": True, "valid_from": LONG_AGO, **changes}
    return TeamMember.objects.create(team=team, staff=member, **values)
