"""A county of today and browsers in it: pages read the clock themselves."""

from __future__ import annotations

import re

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client

from yiti.care.referrals.tests import builders
from yiti.care.referrals.tests.builders import HOUR, MINUTE, County, a_county
from yiti.foundation.accounts.tests.builders import a_role, a_user
from yiti.kernel.actor import Actor
from yiti.kernel.clock import now
from yiti.registry.staff.models import StaffMember
from yiti.registry.terminology.tests import builders as terminology
from yiti.spine.handoffs import public as handoffs

DAY = 24 * HOUR


def a_county_of_today() -> County:
    """The small county, with somebody who came three days ago."""
    terminology.load()
    return a_county(at=now() - DAY * 3)


def member_of(actor: Actor) -> StaffMember:
    """Who this is among the people at work."""
    assert actor.staff_id is not None
    return StaffMember.objects.get(id=actor.staff_id)


def at_desk(actor: Actor) -> Client:
    """The browser of this person."""
    a_role(actor.role, *actor.permissions)
    member = member_of(actor)
    if member.user is None:
        member.user = a_user(username=member.code, name=member.name)
        member.save()
    client = Client()
    client.force_login(member.user)
    return client


def text(answer: HttpResponseBase) -> str:
    """The page without its tags."""
    assert isinstance(answer, HttpResponse)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def sent(county: County) -> handoffs.HandoffRow:
    """An up-referral that waits."""
    return builders.sent_up(county, at=now() - 200 * MINUTE)


def accepted(county: County) -> handoffs.HandoffRow:
    """The same with a bed."""
    return builders.accepted(county, sent(county), at=now() - 150 * MINUTE)


def departed(county: County) -> handoffs.HandoffRow:
    """The same on the road."""
    return builders.departed(county, accepted(county), at=now() - 120 * MINUTE)


def overdue(county: County) -> handoffs.HandoffRow:
    """A referral accepted so long ago that nobody need wait any more."""
    row = builders.sent_up(county, at=now() - DAY * 3)
    return builders.accepted(county, row, at=now() - DAY * 3 + MINUTE)


def arrived(county: County) -> handoffs.HandoffRow:
    """The same at the door."""
    return builders.arrived(county, departed(county), at=now() - 90 * MINUTE)


def admitted(county: County) -> handoffs.HandoffRow:
    """The same in bed 12."""
    return builders.admitted(county, arrived(county), at=now() - 80 * MINUTE)


def outcome_sent(county: County) -> handoffs.HandoffRow:
    """The same with its outcome."""
    return builders.outcome_sent(county, admitted(county), at=now() - 60 * MINUTE)


def sent_down(county: County) -> handoffs.HandoffRow:
    """A plan on its way to the township."""
    up = outcome_sent(county)
    return builders.sent_down(county, at=now() - 50 * MINUTE, up_id=up.id, first_follow_up_date=now().date())


def received(county: County) -> handoffs.HandoffRow:
    """The same with the village doctor named."""
    return builders.received(county, sent_down(county), at=now() - 40 * MINUTE)
