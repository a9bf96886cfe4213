"""The part of the up form that ranks the places (picture 04, right side)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from yiti.care.referrals import selectors
from yiti.care.referrals.domain import Tables, Way, way_between
from yiti.care.referrals.domain.finder import Finding, Ranked, Unsuitable
from yiti.care.referrals.forms.fields import pair
from yiti.care.referrals.selectors.rulebook import APPROVAL
from yiti.care.referrals.views.answers import RECORD, SEND, choices, diagnosis_label, person_asked_for
from yiti.foundation.rules import public as rules
from yiti.foundation.web import public as web
from yiti.kernel.clock import local_date
from yiti.registry.facilities import public as facilities


@dataclass(frozen=True, slots=True)
class Places:
    """The right side of the form: places for what is chosen so far, with their short names by id."""

    ranked: tuple[Ranked, ...]
    unsuitable: tuple[Unsuitable, ...]
    short_names: Mapping[UUID, str]
    lie: frozenset[Way]  # the ways that any place lies

    def send_to(self, chosen: str) -> str:
        """The short name of the place chosen, "" without one."""
        place = chosen.partition(":")[0]
        return next((name for id_, name in self.short_names.items() if str(id_) == place), "")

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The places one can choose, as the form offers them."""
        return [
            (pair(each.candidate.institution_id, each.candidate.department_id), each.candidate.name)
            for each in self.ranked
        ]

    @property
    def options(self) -> list[tuple[str, Ranked]]:
        """Value and place of each choice."""
        return [
            (pair(each.candidate.institution_id, each.candidate.department_id), each) for each in self.ranked
        ]

    @property
    def first(self) -> str:
        """The value of the best place, "" without one."""
        return self.choices[0][0] if self.ranked else ""

    def chosen(self, asked: str, offered: str) -> str:
        """The place to be marked. What was only offered (nobody has chosen it) gives way to what is best now,
        and so does a place that can be chosen no more."""
        return asked if asked != offered and asked in dict(self.choices) else self.first


def places_for(request: web.PageRequest, typed: dict[str, Any]) -> Places:
    """The places for the diagnosis, urgency, way and department typed so far.

    Without a department the whole house counts.
    """
    codes = [code for code in typed.get("diagnoses") or [] if diagnosis_label(code)]
    main = codes[0] if codes else ""
    specialty = typed.get("target_specialty") or ""
    if specialty not in dict(choices(Tables.SPECIALTY)):
        specialty = ""
    urgency = typed.get("urgency") or "routine"
    if urgency not in dict(choices("urgency")):
        urgency = "routine"
    found = selectors.targets(
        request.actor, diagnosis=main, specialty=specialty, urgency=urgency, at=request.at
    )
    return _of_way(request, found, typed.get("direction") or Way.UP)


def _of_way(request: web.PageRequest, found: Finding, way: str) -> Places:
    """The places that lie that way; the way up also names hospitals outside, and equals that do not fit."""
    here = facilities.institution(request.actor.institution_id)
    candidates = [each.candidate for each in found.ranked] + [each.candidate for each in found.unsuitable]
    rows = facilities.institutions({each.institution_id for each in candidates})

    lie = {
        row.id: way_between(here.level.rank, row.level.rank, leaves_county=row.is_external)
        for row in rows.values()
    }

    def lies_so(place_id: UUID) -> bool:
        return lie[place_id] in {Way.UP, Way.OUT} if way == Way.UP else lie[place_id] == way

    ranked = tuple(each for each in found.ranked if lies_so(each.candidate.institution_id))
    unsuitable = tuple(each for each in found.unsuitable if lies_so(each.candidate.institution_id))
    short_names = {row.id: row.short_name for row in rows.values()}
    return Places(ranked, unsuitable, short_names, frozenset(lie.values()))


def approval_rule(request: web.PageRequest) -> rules.Rule:
    """The rule that says who must agree, with its confidence, for the foot of the form."""
    here = facilities.institution(request.actor.institution_id)
    return rules.find(APPROVAL, local_date(request.at), here.region_code)


def down_address(person_id: UUID) -> str:
    """The page of a new down-referral of this person."""
    return f"{reverse('referrals:new')}?direction=down&person={person_id}"


@require_safe
@web.page(SEND)
def targets(request: web.PageRequest) -> HttpResponse:
    """The places for what is typed so far: a part of the form. The way down has a form of its own."""
    person_id = person_asked_for(request)
    web.touch(request, kind=RECORD, person_id=person_id)
    if request.GET.get("direction") == Way.DOWN:
        return web.go(request, down_address(person_id))
    typed = {name: request.GET.get(name, "") for name in ("direction", "urgency", "target_specialty")}
    places = places_for(request, {**typed, "diagnoses": request.GET.getlist("diagnoses")})
    chosen = places.chosen(request.GET.get("target_institution", ""), request.GET.get("target_offered", ""))
    words = {
        "person_id": person_id,
        "places": places,
        "chosen": chosen,
        "send_to": places.send_to(chosen),
        "at": request.at,
    }
    return render(request, "referrals/_targets.html", words)
