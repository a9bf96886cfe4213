"""The page of a referral (picture 05), its preview in the work list (picture 02), and the talk."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from yiti.care.referrals.domain import UP_KIND, WRONG_PERSON, Up
from yiti.care.referrals.forms.fields import refuse, text
from yiti.care.referrals.selectors.rows import UpDetail
from yiti.care.referrals.views import offers
from yiti.care.referrals.views.answers import READ, SEND, Detail, opened, watermark
from yiti.care.referrals.views.signs import PRESSURE, readings_of, vital_lines
from yiti.foundation.web import public as web
from yiti.kernel.errors import DomainError, NotFound
from yiti.kernel.ids import new_id
from yiti.registry.facilities import public as facilities
from yiti.registry.residents import public as residents
from yiti.spine.episodes import public as episodes
from yiti.spine.handoffs import public as handoffs

LONGEST_MESSAGE = 500
GLANCE = (
    episodes.VitalKind.HEART_RATE,
    episodes.VitalKind.SPO2,
    episodes.VitalKind.GLUCOSE_RANDOM,
    episodes.VitalKind.TEMPERATURE,
)
_TO_REPEAT = frozenset({Up.DECLINED, Up.EXPIRED, Up.CANCELLED, Up.NO_SHOW})


class MessageForm(forms.Form):
    """Something to say to the other side; the id makes a second press harmless."""

    message_id = forms.UUIDField(widget=forms.HiddenInput)
    text = text(_("留言"), longest=LONGEST_MESSAGE)


@require_safe
@web.page(READ)
def detail(request: web.PageRequest, handoff_id: UUID) -> HttpResponse:
    """A referral with its chain, its case and its time line."""
    found = opened(request, handoff_id)
    form = MessageForm(initial={"message_id": new_id()})
    return render(request, _template(found), _words(request, found, form))


def _template(found: Detail) -> str:
    return "referrals/up.html" if isinstance(found, UpDetail) else "referrals/down.html"


def _words(request: web.PageRequest, found: Detail, form: MessageForm) -> dict[str, Any]:
    row = found.handoff
    mine = row.requester_institution_id == request.actor.institution_id
    other = found.receiver if mine else found.sender
    return {
        "detail": found,
        "handoff": row,
        "is_up": row.kind_code == UP_KIND,
        "primary": next((each for each in found.actions if each.primary), None),
        "others": [each for each in found.actions if not each.primary],
        "form": form,
        "other": other,
        "may_say": _is_side(request, row),
        "messages_count": sum(line.is_message for line in found.timeline),
        "vital_lines": vital_lines(found.vitals),
        "may_send_down": _may_send_down(request, found),
        "copy_url": _copy_address(request, found),
        "watermark": watermark(request),
        "at": request.at,
    }


def _may_send_down(request: web.PageRequest, found: Detail) -> bool:
    """Whether the reader's house has treated the person and may now send home."""
    return (
        isinstance(found, UpDetail)
        and found.handoff.state == Up.OUTCOME_SENT
        and found.home is None
        and found.handoff.performer_institution_id == request.actor.institution_id
        and request.actor.can(SEND)
    )


def _copy_address(request: web.PageRequest, found: Detail) -> str:
    """Where the sender writes it again after a refusal, "" where there is nothing to repeat; of the wrong
    person it is asked first who was meant."""
    row = found.handoff
    is_mine = row.requester_institution_id == request.actor.institution_id and request.actor.can(SEND)
    if not (is_mine and isinstance(found, UpDetail) and row.state in _TO_REPEAT):
        return ""
    if any(each.code == WRONG_PERSON for each in found.reasons):
        return reverse("referrals:again", args=[row.id])
    return f"{reverse('referrals:new')}?person={row.person_id}&copy={row.id}"


def _is_side(request: web.PageRequest, row: handoffs.HandoffRow) -> bool:
    """Whether the reader works for one of the sides: only they talk."""
    return request.actor.institution_id in {
        row.requester_institution_id,
        row.performer_institution_id,
        row.follower_institution_id,
    }


@require_POST
@web.page(READ)
def say(request: web.PageRequest, handoff_id: UUID) -> HttpResponse:
    """Say something to the other side."""
    found = opened(request, handoff_id)
    form = MessageForm(request.POST)
    if form.is_valid():
        try:
            handoffs.add_message(
                actor=request.actor,
                handoff_id=handoff_id,
                text=form.cleaned_data["text"],
                message_id=form.cleaned_data["message_id"],
                at=request.at,
            )
        except NotFound:
            raise
        except DomainError as error:
            refuse(form, error)
        else:
            return HttpResponseRedirect(reverse("referrals:detail", args=[handoff_id]))
    return render(request, _template(found), _words(request, found, form), status=422)


@require_safe
@web.page(READ)
def preview(request: web.PageRequest, handoff_id: UUID) -> HttpResponse:
    """The middle of the work list's preview; without htmx the page of the referral."""
    found = opened(request, handoff_id)
    if not request.htmx:
        return web.go(request, reverse("referrals:detail", args=[handoff_id]))
    words = {
        "detail": found,
        "is_up": isinstance(found, UpDetail),
        "last_vitals": found.vitals[-1] if found.vitals else None,
        "glance": _glance(found),
        "pressure_is_red": _pressure_is_red(found),
        "free_beds": _free_beds(request, found),
        "beds": _beds_to_choose(request, found),
    }
    return render(request, "referrals/_preview.html", words)


def _beds_to_choose(request: web.PageRequest, found: Detail) -> offers.Offer:
    """The beds one may accept into from the list, the proposed one first; none where there is more to say."""
    if not (isinstance(found, UpDetail) and any(each.step == "accept" for each in found.actions)):
        return []
    beds = offers.beds(request, found)
    return beds if offers.first_bed(beds, found) else []


def _free_beds(request: web.PageRequest, found: Detail) -> int | None:
    """How many beds are free in the department asked for; None where that is not known."""
    row = found.handoff
    here = row.performer_institution_id == request.actor.institution_id
    if not (here and isinstance(found, UpDetail) and not found.is_outside and row.performer_department_id):
        return None
    return len(facilities.free_beds(request.actor.institution_id, row.performer_department_id, request.at))


def _glance(found: Detail) -> list[episodes.VitalRow]:
    """The last readings beside the blood pressure."""
    rows = [found.vitals[-1].of(kind) for kind in GLANCE] if found.vitals else []
    return [row for row in rows if row is not None]


def _pressure_is_red(found: Detail) -> bool:
    return bool(found.vitals) and any(row.is_red for row in readings_of(found.vitals[-1], *PRESSURE))


@require_safe
@web.page(SEND, audited=False)
def begin(request: web.PageRequest) -> HttpResponse:
    """The button on the work list. Says nothing of anybody, so it leaves no audit row."""
    return render(request, "referrals/_begin.html")


@require_safe
@web.page(SEND, audited=False)
def whom(request: web.PageRequest) -> HttpResponse:
    """`GET /referrals/new`: a referral begins with finding the person. Says nothing of anybody."""
    return render(request, "referrals/whom.html")


@require_safe
@web.page(SEND)
def start(request: web.PageRequest, person_id: UUID) -> HttpResponse:
    """The button on a person's page: part of that page."""
    web.touch(request, kind="residents.resident", record_id=person_id, person_id=person_id)
    person = residents.person(request.actor, person_id)
    return render(request, "referrals/_start.html", {"person_id": person.id})
