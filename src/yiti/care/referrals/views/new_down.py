"""The page of a new down-referral: the plan a person takes home."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yiti.care.referrals import commands, selectors
from yiti.care.referrals.domain import DOWN_FORM, UP_KIND, Tables
from yiti.care.referrals.forms.down import BaseDrugFormSet, DownChoices, DownForm, DrugFormSet
from yiti.care.referrals.forms.fields import pair, refuse
from yiti.care.referrals.selectors.rows import UpDetail
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
from yiti.foundation.drafts import public as drafts
from yiti.foundation.web import public as web
from yiti.kernel.clock import local_date
from yiti.kernel.errors import Conflict, DomainError, NotFound
from yiti.kernel.ids import new_id
from yiti.kernel.text import N_
from yiti.registry.residents import public as residents
from yiti.spine.episodes import public as episodes

USUAL_FOLLOW_UP = timedelta(days=7)
"""The day that is proposed; how late it may be at most the rule decides."""
DRUGS = "drugs"


@web.page(SEND)
def new_down(request: web.PageRequest) -> HttpResponse:
    """`GET /referrals/new?direction=down&person=<id>`, with `up=<id>` of the referral it answers."""
    person_id = person_asked_for(request)
    web.touch(request, kind=RECORD, person_id=person_id)
    person = residents.person(request.actor, person_id)
    words: dict[str, Any] = {
        "person": person,
        "person_age": person.birth.age_text(local_date(request.at)),
        "allergies": residents.allergies(request.actor, person_id),
        "at": request.at,
    }
    open_episodes = episodes.open_episodes(request.actor, person_id)
    if not open_episodes:
        return render(request, "referrals/no_episode.html", words)
    known = _Known.of(request, person, open_episodes)
    form, drugs = known.form(request), known.drugs(request)
    status = 200
    if request.method == "POST":
        status = 422
        if _are_valid(form, drugs):
            try:
                spec = form.spec(person_id, drugs.items)
                row = commands.send_down(actor=request.actor, spec=spec, at=request.at)
            except NotFound:
                raise
            except DomainError as error:
                refuse(form, error)
            else:
                messages.success(request, _("已送出 %(number)s") % {"number": row.number})
                return web.go(request, reverse("referrals:detail", args=[row.id]))
    words |= {
        "episode": open_episodes[0],
        "form": form,
        "drugs": drugs,
        "up": known.up,
        "open_referrals": [
            each
            for each in selectors.open_referrals(request.actor, person_id)
            if known.up is None or each.handoff.id != known.up.handoff.id
        ],
        "draft": known.draft if request.method == "GET" else None,
        "draft_url": reverse("drafts:save", args=[DOWN_FORM, person_id]),
    }
    return render(request, "referrals/new_down.html", words, status=status)


def _are_valid(form: DownForm, drugs: BaseDrugFormSet) -> bool:
    """Whether form and rows of drugs can be read. What is wrong in a row is told on top of the form too."""
    for number, row in enumerate(drugs, 1):
        for name, errors in row.errors.items():
            for error in errors:
                place = {"number": number, "field": row.fields[name].label, "error": error}
                form.add_error(None, _("第 %(number)s 种药，%(field)s：%(error)s") % place)
    return form.is_valid() and drugs.is_valid()


@require_safe
@web.page(SEND)
def followers(request: web.PageRequest) -> HttpResponse:
    """Who could do the first follow-up at the place chosen: options of that field."""
    person_id = person_asked_for(request)
    web.touch(request, kind=RECORD, person_id=person_id)
    place = request.GET.get("target_institution", "").partition(":")[0]
    try:
        found, near = offers.followers(request, person_id, UUID(place)) if place else ([], "")
    except ValueError:
        raise NotFound from None
    return render(request, "referrals/_followers.html", {"followers": found, "near": near})


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known before the form is filled: the stay it ends, the referral it answers, the draft."""

    person: residents.PersonRow
    open_episodes: list[episodes.EpisodeRow]
    up: UpDetail | None
    draft: drafts.DraftRow | None
    homes: offers.Offer
    care: episodes.CareSummary

    @classmethod
    def of(
        cls, request: web.PageRequest, person: residents.PersonRow, found: list[episodes.EpisodeRow]
    ) -> _Known:
        if not (homes := offers.homes(request, person.village_id)):
            raise Conflict(N_("从这里不能下转：没有更基层的机构能接收"))
        up = _answered(request, person.id)
        wanted = next((each for each in found if up and each.id == up.handoff.episode_id), found[0])
        return cls(
            person=person,
            open_episodes=[wanted, *(each for each in found if each.id != wanted.id)],
            up=up,
            draft=kept_draft(request, DOWN_FORM, person.id),
            homes=homes,
            care=episodes.summary_for_referral(request.actor, person.id, wanted.id, request.at),
        )

    def form(self, request: web.PageRequest) -> DownForm:
        """The form, filled from the draft or from the stay."""
        initial = self._initial(request)
        typed = request.POST if request.method == "POST" else initial
        place = str(typed.get("target_institution") or "").partition(":")[0]
        known = {value for value, _words in self.homes}
        is_known = f"{place}:" in known
        found, near = offers.followers(request, self.person.id, UUID(place)) if is_known else ([], "")
        offered = DownChoices(
            episodes=[(str(each.id), f"{each.number} {each.problem}") for each in self.open_episodes],
            urgencies=choices("urgency"),
            reasons=choices(Tables.DOWN_REASON),
            targets=self.homes,
            followers=found,
        )
        return DownForm(
            request.POST if request.method == "POST" else None,
            initial={"follower": near, **initial},
            offered=offered,
            address=diagnosis_address(),
            label_of=diagnosis_label,
            on=local_date(request.at),
        )

    def _initial(self, request: web.PageRequest) -> dict[str, Any]:
        up = self.up
        back = pair(up.handoff.requester_institution_id) if up else ""
        return {
            "id": new_id(),
            "up_id": up.handoff.id if up else None,
            "episode": str(self.open_episodes[0].id),
            "diagnoses": [each.code for each in self.care.diagnoses or (up.diagnoses if up else ())],
            "discharge_summary": up.outcome.summary if up and up.outcome else "",
            "target_institution": back if back in dict(self.homes) else next(iter(dict(self.homes)), ""),
            "first_follow_up_date": local_date(request.at) + USUAL_FOLLOW_UP,
            **_from_draft(self.draft),
        }

    def drugs(self, request: web.PageRequest) -> BaseDrugFormSet:
        """The rows of drugs: what was sent, else those of the draft, else those the person takes now.

        What was sent has nothing to be compared with: a row that the draft holds already would count as
        unchanged, and Django leaves unchanged rows out.
        """
        kept = _drugs_of(self.draft) or [
            {"name": each.name, "dose": each.dose, "frequency": each.frequency}
            for each in self.care.medications.items
        ]
        made: BaseDrugFormSet = DrugFormSet(  # type: ignore[assignment]
            request.POST if request.method == "POST" else None,
            prefix=DRUGS,
            initial=None if request.method == "POST" else kept,
            form_kwargs={
                "frequencies": choices(Tables.FREQUENCY),
                "routes": choices(Tables.ROUTE),
            },
        )
        return made


def _answered(request: web.PageRequest, person_id: UUID) -> UpDetail | None:
    """The up-referral that is answered: the one named, else the one whose outcome has just been sent."""
    named = id_asked_for(request, "up")
    if named is None:
        open_ones = selectors.open_referrals(request.actor, person_id)
        here = request.actor.institution_id
        named = next(
            (
                each.handoff.id
                for each in open_ones
                if each.handoff.kind_code == UP_KIND
                and each.handoff.state == "outcome_sent"
                and each.handoff.performer_institution_id == here
            ),
            None,
        )
    return selectors.up_detail(request.actor, named, request.at) if named else None


def _from_draft(kept: drafts.DraftRow | None) -> dict[str, Any]:
    if kept is None:
        return {}
    return {
        name: values if name == "diagnoses" else values[-1]
        for name, values in kept.content.items()
        if values and not name.startswith(f"{DRUGS}-")
    }


def _drugs_of(kept: drafts.DraftRow | None) -> list[dict[str, str]]:
    """The rows of drugs of a draft that name something."""
    if kept is None:
        return []
    rows: dict[str, dict[str, str]] = {}
    for name, values in kept.content.items():
        prefix, _sep, rest = name.partition("-")
        number, _sep, column = rest.partition("-")
        if prefix == DRUGS and number.isdigit() and values:
            rows.setdefault(number, {})[column] = values[-1]
    return [row for _number, row in sorted(rows.items(), key=lambda each: int(each[0])) if row.get("name")]
