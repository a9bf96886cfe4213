"""What the views of this room share: words about the person, and the answer of a form in a dialog."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yiti.foundation.web import public as web
from yiti.kernel.clock import local_date
from yiti.kernel.errors import DomainError, InvalidInput, NotFound
from yiti.registry.facilities import public as facilities
from yiti.registry.residents import public as residents
from yiti.registry.terminology import public as terminology
from yiti.spine.episodes.domain.rows import MedicationListRow, VisitDetail
from yiti.spine.episodes.forms import show_refusal
from yiti.spine.episodes.forms.facts import BaseMedicationFormSet
from yiti.spine.episodes.selectors import visit_detail

WRITE = "episodes.write"
READ = "residents.read"
ICD10 = "icd10"


def person_words(request: web.PageRequest, person_id: UUID) -> dict[str, Any]:
    """Who the page is about, with what must be in sight. Raises NotFound without access."""
    person = residents.person(request.actor, person_id)
    return {
        "person": person,
        "person_age": person.birth.age_text(local_date(request.at)),
        "allergies": residents.allergies(request.actor, person_id),
        "risks": residents.risks(request.actor, person_id, on=local_date(request.at)),
    }


def opened_visit(request: web.PageRequest, visit_id: UUID) -> VisitDetail:
    """The visit of the page, named for the audit row. Raises NotFound."""
    found = visit_detail(request.actor, visit_id, request.at)
    web.touch(request, kind="episodes.visit", record_id=visit_id, person_id=found.visit.person_id)
    return found


def writable_visit(request: web.PageRequest, visit_id: UUID) -> VisitDetail:
    """The same, only where the actor may write. Raises NotFound."""
    found = opened_visit(request, visit_id)
    if not found.may_write:
        raise NotFound
    return found


def is_village(request: web.PageRequest) -> bool:
    """Whether the page uses plain words beside the terms."""
    here = facilities.institutions([request.actor.institution_id]).get(request.actor.institution_id)
    return here is not None and here.level is facilities.Level.VILLAGE


def frequencies() -> list[tuple[str, str]]:
    """How often a drug may be taken, in the reader's language."""
    return terminology.choices("order-frequency", language=get_language() or "zh-hans")


def diagnosis_label(code: str) -> str:
    """`I20.0 不稳定型心绞痛` for a code one may choose, "" for another."""
    try:
        terminology.ensure_choice(ICD10, code, field="diagnoses")
        return f"{code} {web.said(terminology.term(ICD10, code))}"
    except (InvalidInput, NotFound):
        return ""


def diagnosis_address() -> str:
    """Where a picker asks for diagnoses."""
    return reverse("terminology:search", args=[ICD10])


def answer(
    request: web.PageRequest,
    template: str,
    form: forms.Form,
    run: Callable[[], object],
    *,
    back: str,
    words: dict[str, Any] | None = None,
) -> HttpResponse:
    """A form in a dialog: shown, run when it is posted and readable, and shown again when refused.

    Under htmx success sends the browser to `back`, else it redirects there. What was typed stays: a
    refusal, a stale page too, is a sentence in the form.
    """
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                run()
            except NotFound:
                raise
            except DomainError as error:
                refuse(form, error)
            else:
                return web.go(request, back)
    return render(request, template, {"form": form, "back_url": back, **(words or {})}, status=status)


def drug_rows(known: MedicationListRow) -> list[dict[str, Any]]:
    """What a form of drugs shows first. What is sent is compared with nothing: Django leaves out rows that
    are as they were first."""
    return [
        {"name": each.name, "dose": each.dose, "frequency": each.frequency, "since": each.since}
        for each in known.items
    ]


def are_valid(form: forms.Form, drugs: BaseMedicationFormSet) -> bool:
    """Whether form and list of drugs can be read. A fault in the list is told on top of the form too."""
    if not drugs.is_valid():
        form.add_error(None, _("“在用药”里有填得不对的，请改正"))
    return form.is_valid()


def refuse(form: forms.Form, error: DomainError) -> None:
    """Say in a form why it was refused."""
    if isinstance(error, InvalidInput):
        show_refusal(form, error)
    else:
        form.add_error(None, error.text(_(error.message)))
