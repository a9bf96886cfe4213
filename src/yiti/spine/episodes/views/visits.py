"""The page of a visit, its end, and discharge."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yiti.foundation.web import public as web
from yiti.kernel.display import full_time
from yiti.spine.episodes import commands, selectors
from yiti.spine.episodes.domain import EpisodeState, VisitKind
from yiti.spine.episodes.forms import DischargeForm
from yiti.spine.episodes.views.answers import (
    READ,
    WRITE,
    answer,
    is_village,
    opened_visit,
    person_words,
    writable_visit,
)


@require_safe
@web.page(READ)
def visit(request: web.PageRequest, visit_id: UUID) -> HttpResponse:
    """A visit with all that is written in it, and its episode."""
    detail = opened_visit(request, visit_id)
    words = {
        **person_words(request, detail.visit.person_id),
        "detail": detail,
        "visit": detail.visit,
        "others": selectors.visits_of_episode(request.actor, detail.visit.episode_id),
        "medications": selectors.medications(request.actor, detail.visit.person_id),
        "is_stay": detail.visit.kind is VisitKind.INPATIENT,
        "may_add": detail.may_write and detail.visit.is_open,
        "is_episode_open": detail.episode.state is not EpisodeState.CLOSED,
        "plainly": is_village(request),
        "at": request.at,
        "watermark": f"{request.actor.name} {request.user.get_username()} {full_time(request.at)}",
    }
    return render(request, "episodes/visit.html", words)


class _RevisionForm(forms.Form):
    """The state of the visit that the page showed."""

    revision = forms.IntegerField(widget=forms.HiddenInput)


@require_http_methods(["GET", "HEAD", "POST"])
@web.page(WRITE)
def end(request: web.PageRequest, visit_id: UUID) -> HttpResponse:
    """End a visit that is no stay."""
    detail = writable_visit(request, visit_id)
    form = _RevisionForm(request.POST or None, initial={"revision": detail.visit.revision})
    back = reverse("episodes:visit", args=[visit_id])

    def run() -> None:
        commands.end_visit(
            actor=request.actor, visit_id=visit_id, revision=form.cleaned_data["revision"], at=request.at
        )

    return answer(request, "episodes/end.html", form, run, back=back, words={"visit": detail.visit})


@require_http_methods(["GET", "HEAD", "POST"])
@web.page(WRITE)
def discharge(request: web.PageRequest, visit_id: UUID) -> HttpResponse:
    """Discharge a person from hospital."""
    detail = writable_visit(request, visit_id)
    form = DischargeForm(request.POST or None)
    form.fields["revision"] = forms.IntegerField(widget=forms.HiddenInput, initial=detail.visit.revision)
    form.fields["summary"].help_text = _("病情经过、治疗、出院时情况、回去怎么办")
    back = reverse("episodes:visit", args=[visit_id])

    def run() -> None:
        commands.discharge(
            actor=request.actor,
            visit_id=visit_id,
            spec=form.spec,
            revision=form.cleaned_data["revision"],
            at=request.at,
        )

    words = {**person_words(request, detail.visit.person_id), "visit": detail.visit}
    return answer(request, "episodes/discharge.html", form, run, back=back, words=words)
