"""Writing more into a visit: each a dialog over its page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yiti.foundation.web import public as web
from yiti.kernel.errors import DomainError, NotFound
from yiti.spine.episodes import commands, selectors
from yiti.spine.episodes.forms import DiagnosisForm, MedicationFormSet, NoteForm, TreatmentForm, VitalsForm
from yiti.spine.episodes.views.answers import (
    WRITE,
    answer,
    are_valid,
    diagnosis_address,
    diagnosis_label,
    drug_rows,
    frequencies,
    is_village,
    refuse,
    writable_visit,
)


@require_http_methods(["GET", "HEAD", "POST"])
@web.page(WRITE)
def add_vitals(request: web.PageRequest, visit_id: UUID) -> HttpResponse:
    """Readings taken now."""
    writable_visit(request, visit_id)
    form = VitalsForm(request.POST or None, plainly=is_village(request), last={})

    def run() -> None:
        commands.record_vitals(
            actor=request.actor,
            visit_id=visit_id,
            readings=form.readings,
            taken_at=request.at,
            at=request.at,
        )

    return _dialog(request, visit_id, form, run, title=_("加一组体征"), act=_("保存体征"))


@require_http_methods(["GET", "HEAD", "POST"])
@web.page(WRITE)
def add_diagnosis(request: web.PageRequest, visit_id: UUID) -> HttpResponse:
    """One more diagnosis."""
    detail = writable_visit(request, visit_id)
    form = DiagnosisForm(
        request.POST or None,
        address=diagnosis_address(),
        label_of=diagnosis_label,
        initial={"role": "secondary" if detail.diagnoses else "main"},
    )

    def run() -> None:
        commands.add_diagnosis(actor=request.actor, visit_id=visit_id, spec=form.spec, at=request.at)

    return _dialog(request, visit_id, form, run, title=_("加一个诊断"), act=_("保存诊断"))


@require_http_methods(["GET", "HEAD", "POST"])
@web.page(WRITE)
def add_note(request: web.PageRequest, visit_id: UUID) -> HttpResponse:
    """One more note."""
    writable_visit(request, visit_id)
    form = NoteForm(request.POST or None)

    def run() -> None:
        commands.write_note(actor=request.actor, visit_id=visit_id, spec=form.spec, at=request.at)

    return _dialog(request, visit_id, form, run, title=_("写一份病历"), act=_("保存病历"))


@require_http_methods(["GET", "HEAD", "POST"])
@web.page(WRITE)
def add_treatment(request: web.PageRequest, visit_id: UUID) -> HttpResponse:
    """One more thing done."""
    writable_visit(request, visit_id)
    form = TreatmentForm(request.POST or None)

    def run() -> None:
        commands.add_treatment(actor=request.actor, visit_id=visit_id, spec=form.spec, at=request.at)

    return _dialog(request, visit_id, form, run, title=_("加一项处置"), act=_("保存处置"))


def _dialog(
    request: web.PageRequest, visit_id: UUID, form: forms.Form, run: Any, *, title: str, act: str
) -> HttpResponse:
    back = reverse("episodes:visit", args=[visit_id])
    return answer(request, "episodes/fact.html", form, run, back=back, words={"title": title, "act": act})


class _SeenForm(forms.Form):
    """The list of drugs that the page showed."""

    seen = forms.UUIDField(widget=forms.HiddenInput, required=False)


@require_http_methods(["GET", "HEAD", "POST"])
@web.page(WRITE)
def medications(request: web.PageRequest, visit_id: UUID) -> HttpResponse:
    """Go through what the person takes now."""
    detail = writable_visit(request, visit_id)
    known = selectors.medications(request.actor, detail.visit.person_id)
    typed = request.POST if request.method == "POST" else None
    form = _SeenForm(typed, initial={"seen": known.id})
    drugs = MedicationFormSet(
        typed,
        prefix="drugs",
        initial=None if typed is not None else drug_rows(known),
        form_kwargs={"frequencies": frequencies()},
    )
    back = reverse("episodes:visit", args=[visit_id])
    status = 200
    if typed is not None:
        status = 422
        if are_valid(form, drugs):
            try:
                commands.set_medications(
                    actor=request.actor,
                    visit_id=visit_id,
                    items=drugs.items,
                    seen_id=form.cleaned_data["seen"],
                    at=request.at,
                )
            except NotFound:
                raise
            except DomainError as error:
                refuse(form, error)
            else:
                return web.go(request, back)
    words = {"form": form, "drugs": drugs, "known": known, "back_url": back, "at": request.at}
    return render(request, "episodes/medications.html", words, status=status)
