"""The page of a new up-referral (picture 04)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from yiti.care.referrals import commands, selectors
from yiti.care.referrals.domain import UP_FORM, Tables, Way
from yiti.care.referrals.forms.fields import refuse
from yiti.care.referrals.forms.up import UpChoices, UpForm
from yiti.care.referrals.views import offers
from yiti.care.referrals.views.answers import (
    RECORD,
    SEND,
    choices,
    diagnosis_address,
    diagnosis_label,
    id_asked_for,
    kept_draft,
    person_asked_for,
)
from yiti.care.referrals.views.carrying import Along, along_of
from yiti.care.referrals.views.places import Places, approval_rule, down_address, places_for
from yiti.foundation.access import public as access
from yiti.foundation.drafts import public as drafts
from yiti.foundation.web import public as web
from yiti.kernel.clock import local_date
from yiti.kernel.errors import DomainError, NotFound
from yiti.kernel.ids import new_id
from yiti.kernel.text import Term
from yiti.registry.residents import public as residents
from yiti.spine.episodes import public as episodes

SELF = "01"  # of `relation`: the person
_MANY = {"diagnoses", "along"}


@web.page(SEND)
def new_up(request: web.PageRequest) -> HttpResponse:
    """`GET /referrals/new?person=<id>`, and the same by POST: send a person up, across or out."""
    with access.reading(request.actor):
        person_id = person_asked_for(request)
        web.touch(request, kind=RECORD, person_id=person_id)
        known = _Known.of(request, residents.person(request.actor, person_id))
    if not known.open_episodes:
        return render(request, "referrals/no_episode.html", known.words(request))
    form = known.form(request)
    if request.method == "POST":
        if form.data.get("direction") == Way.DOWN:
            return web.go(request, down_address(person_id))
        if form.is_valid():
            try:
                row = commands.send_up(actor=request.actor, spec=form.spec(person_id), at=request.at)
            except NotFound:
                raise
            except DomainError as error:
                refuse(form, error)
            else:
                messages.success(request, _("已送出 %(number)s") % {"number": row.number})
                return web.go(request, reverse("referrals:detail", args=[row.id]))
        form.offer_ways(offers.ways(request, known.person.village_id, known.places.lie))
    return _shown(request, known, form)


def _shown(request: web.PageRequest, known: _Known, form: UpForm) -> HttpResponse:
    rule = approval_rule(request)
    person_id = known.person.id
    chosen = known.chosen(form)
    words = {
        **known.words(request),
        "form": form,
        "places": known.places,
        "open_referrals": selectors.open_referrals(request.actor, person_id),
        "draft_url": reverse("drafts:save", args=[UP_FORM, person_id]),
        "draft": known.draft,
        "chosen": chosen,
        "send_to": known.places.send_to(chosen),
        "rule": rule,
        "rule_name": Term(rule.zh, rule.en),
    }
    return render(request, "referrals/new_up.html", words, status=422 if form.is_bound else 200)


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known before the form is filled; of a form that was sent, only what it is checked by."""

    person: residents.PersonRow
    open_episodes: list[episodes.EpisodeRow]
    along: Along
    ways: Sequence[Way]
    draft: drafts.DraftRow | None
    initial: dict[str, Any]
    places: Places

    @classmethod
    def of(cls, request: web.PageRequest, person: residents.PersonRow) -> _Known:
        found = episodes.open_episodes(request.actor, person.id)
        episode_id = _episode_of(request, found)
        along = along_of(request, person.id, episode_id) if episode_id else Along((), {}, (), "")
        if request.method == "POST":
            return cls(person, found, along, tuple(Way), None, {}, places_for(request, _typed(request)))
        draft = kept_draft(request, UP_FORM, person.id)
        initial = {
            "id": new_id(),
            "episode": str(episode_id or ""),
            "diagnoses": list(along.diagnoses),
            "treatments": along.treatments,
            **_contact(person),
            **_copied(request, person.id, episode_id),
            **_from_draft(draft),
        }
        places = places_for(request, initial)
        ways = offers.ways(request, person.village_id, places.lie)
        return cls(person, found, along, ways, draft, initial, places)

    def words(self, request: web.PageRequest) -> dict[str, Any]:
        """The head of the page: who, on which episode."""
        return {
            "person": self.person,
            "person_id": self.person.id,
            "person_age": self.person.birth.age_text(local_date(request.at)),
            "allergies": residents.allergies(request.actor, self.person.id),
            "episode": self.open_episodes[0] if self.open_episodes else None,
            "at": request.at,
        }

    def chosen(self, form: UpForm) -> str:
        """The place that is marked: the one that was sent, else as `Places.chosen` says."""
        asked = form["target_institution"].value() or ""
        offered = "" if form.is_bound else self.initial.get("target_offered", "")
        return self.places.chosen(asked, offered)

    def form(self, request: web.PageRequest) -> UpForm:
        """The form, filled from the draft, from a referral that is sent again, or from the record."""
        offered = UpChoices(
            ways=self.ways,
            episodes=[(str(each.id), f"{each.number} {each.problem}") for each in self.open_episodes],
            urgencies=choices("urgency"),
            reasons=choices(Tables.UP_REASON),
            specialties=choices(Tables.SPECIALTY),
            transports=choices(Tables.TRANSPORT),
            relations=choices(Tables.RELATION),
            targets=self.places.choices,
            along=self.along.choices,
            along_texts=self.along.texts,
        )
        return UpForm(
            request.POST if request.method == "POST" else None,
            initial=self.initial,
            offered=offered,
            address=diagnosis_address(),
            label_of=diagnosis_label,
        )


def _contact(person: residents.PersonRow) -> dict[str, str]:
    """Whom to ring: the contact person of the record, else the person on the number known."""
    profile = person.profile
    if profile.phone and not profile.contact_phone:
        return {"contact_phone": profile.phone, "contact_name": person.name, "contact_relation": SELF}
    return {
        "contact_phone": profile.contact_phone,
        "contact_name": profile.contact_name,
        "contact_relation": profile.contact_relation,
    }


def _typed(request: web.PageRequest) -> dict[str, Any]:
    return {
        name: request.POST.getlist(name) if name in _MANY else request.POST.get(name) for name in request.POST
    }


def _episode_of(request: web.PageRequest, found: list[episodes.EpisodeRow]) -> UUID | None:
    """The episode chosen, else the one last active."""
    chosen = request.POST.get("episode", "")
    wanted = next((each for each in found if str(each.id) == chosen), None)
    if wanted is None and found:
        wanted = max(found, key=lambda each: each.last_active_at)
    return wanted.id if wanted else None


def _copied(request: web.PageRequest, person_id: UUID, episode_id: UUID | None) -> dict[str, Any]:
    """What another referral of this institution said, to be sent again or for the right person."""
    source = id_asked_for(request, "copy")
    if source is None or episode_id is None:
        return {}
    spec = selectors.copy_of(
        request.actor, source, person_id=person_id, episode_id=episode_id, new_id=new_id()
    )
    return {
        "urgency": spec.urgency,
        "diagnoses": [each.code for each in spec.diagnoses],
        "reason_code": spec.reason.code,
        "reason_text": spec.reason.text,
        "summary": spec.case.summary,
        "past_history": spec.case.past_history,
        "treatments": spec.case.treatments,
        "precautions": spec.case.precautions,
        "transport_code": spec.transport_code,
    }


def _from_draft(kept: drafts.DraftRow | None) -> dict[str, Any]:
    """What was typed before the line or the session was lost."""
    if kept is None:
        return {}
    return {name: values if name in _MANY else values[-1] for name, values in kept.content.items() if values}
