"""With which purpose each desk opens what it opens: it stands in every row of the trail."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests import world as cast
from tests.world import World
from yiti.foundation.audit import public as audit
from yiti.kernel.actor import Purpose

PURPOSES = {
    cast.VILLAGE_DOCTOR: Purpose.CARE,
    cast.WARD_DOCTOR: Purpose.CARE,
    cast.REFERRAL_NURSE: Purpose.CARE,
    cast.CENTRE_HEAD: Purpose.CARE,
    cast.OFFICE: Purpose.MANAGEMENT,
    cast.SYSTEM_ADMINISTRATOR: Purpose.MANAGEMENT,
    cast.SECURITY_ADMINISTRATOR: Purpose.MANAGEMENT,
    cast.AUDITOR: Purpose.AUDIT,
}


@pytest.mark.parametrize(("code", "purpose"), PURPOSES.items())
def test_each_desk_has_its_purpose(world: World, code: str, purpose: Purpose) -> None:
    assert world.actor(code).purpose == purpose


def test_an_administrator_leaves_management_in_the_trail(world: World) -> None:
    world.client(cast.SYSTEM_ADMINISTRATOR).get(reverse("import"))
    auditor, name = world.actor(cast.AUDITOR), world.users[cast.SYSTEM_ADMINISTRATOR].name
    row = audit.trail(auditor, audit.Asked(name))[0]
    assert (row.action, row.purpose) == ("read:import", "management")
