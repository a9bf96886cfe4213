"""The page of a new visit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yiti.foundation.drafts import public as drafts
from yiti.foundation.web import public as web
from yiti.kernel.clock import local_date
from yiti.kernel.display import short_time
from yiti.kernel.errors import DomainError, NotFound
from yiti.kernel.ids import new_id
from yiti.registry.facilities import public as facilities
from yiti.registry.residents import public as residents
from yiti.spine.episodes import commands, selectors
from yiti.spine.episodes.domain import Limits, VitalKind
from yiti.spine.episodes.domain.rows import MedicationListRow, VitalSeries
from yiti.spine.episodes.domain.specs import MedicationSpec, VisitContent
from yiti.spine.episodes.forms import MedicationFormSet, VisitForm
from yiti.spine.episodes.forms.facts import MOST_DRUGS, BaseMedicationFormSet
from yiti.spine.episodes.views.answers import (
    WRITE,
    are_valid,
    diagnosis_address,
    diagnosis_label,
    drug_rows,
    frequencies,
    is_village,
    person_words,
    refuse,
)
from yiti.spine.episodes.views.panels import IN_SIGHT, MOST_IN_SIGHT


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of the person beforehand; nothing, while the record is closed to the institution."""

    words: dict[str, Any]
    series: list[VitalSeries]
    medications: MedicationListRow
    limits: Limits


@require_http_methods(["GET", "HEAD", "POST"])
@web.page(WRITE)
def new_visit(request: web.PageRequest) -> HttpResponse:
    """`GET /episodes/visits/new?person=<id>`, and the same by POST: begin a visit and write in it."""
    person_id = person_asked_for(request)
    web.touch(request, kind="episodes.visit", person_id=person_id)
    known = _known(request, person_id)
    form, drugs = _forms(request, person_id, known)
    status = 200
    if request.method == "POST":
        status = 422
        if are_valid(form, drugs):
            try:
                visit_id = _save(request, person_id, form, drugs, known)
            except NotFound:
                raise
            except DomainError as error:
                refuse(form, error)
            else:
                messages.success(request, _("就诊已保存"))
                return web.go(request, reverse("episodes:visit", args=[visit_id]))
    codes = form["main_diagnosis"].value() or [""]
    words = {
        **known.words,
        "person_id": person_id,
        "form": form,
        "drugs": drugs,
        "series": [each for each in known.series if each.kind in IN_SIGHT][:MOST_IN_SIGHT],
        "preview": selectors.joining_preview(request.actor, person_id, codes[0], request.at),
        "draft_url": reverse("drafts:save", args=[commands.DRAFT, person_id]),
        "at": request.at,
    }
    return render(request, "episodes/new_visit.html", words, status=status)


@require_safe
@web.page(WRITE)
def joining(request: web.PageRequest) -> HttpResponse:
    """Into which episode the visit would go, for the diagnosis chosen so far: part of the form."""
    person_id = person_asked_for(request)
    web.touch(request, kind="episodes.visit", person_id=person_id)
    codes = [code for code in request.GET.getlist("main_diagnosis") if code] or [""]
    words = {
        "person_id": person_id,
        "preview": selectors.joining_preview(request.actor, person_id, codes[-1][:10], request.at),
        "chosen": request.GET.get("episode", ""),
        "reason": request.GET.get("join_reason", ""),
        "is_long_term": request.GET.get("is_long_term") == "on",
        "at": request.at,
    }
    return render(request, "episodes/_joining.html", words)


def person_asked_for(request: web.PageRequest) -> UUID:
    """The person of the address, under the id read now. Raises NotFound."""
    try:
        return residents.canonical_id(UUID(request.GET.get("person", "")))
    except ValueError:
        raise NotFound from None


def _known(request: web.PageRequest, person_id: UUID) -> _Known:
    try:
        words = person_words(request, person_id)
    except NotFound:
        card = residents.card(request.actor, person_id)
        nothing = MedicationListRow(None, None, "", ())
        today = local_date(request.at)
        words = {"card": card, "person_age": card.age_text(today)}
        return _Known(words, [], nothing, selectors.limits(today))
    person = words["person"]
    return _Known(
        words,
        selectors.vitals(request.actor, person_id, request.at),
        selectors.medications(request.actor, person_id),
        selectors.limits_for(person, request.actor.institution_id, request.at),
    )


def _forms(
    request: web.PageRequest, person_id: UUID, known: _Known
) -> tuple[VisitForm, BaseMedicationFormSet]:
    typed: Any = request.POST if request.method == "POST" else None
    kept = drafts.draft(request.actor, form=commands.DRAFT, subject=str(person_id)) if typed is None else None
    initial = {"id": new_id(), "medications_seen": known.medications.id}
    form = VisitForm(
        typed,
        initial=initial | _from_draft(kept),
        plainly=is_village(request),
        last=_last(known.series, request),
        departments=[(str(d.id), d.name) for d in facilities.departments(request.actor.institution_id)],
        address=diagnosis_address(),
        label_of=diagnosis_label,
        limits=known.limits,
    )
    drugs = MedicationFormSet(
        typed,
        prefix="drugs",
        initial=None if typed is not None else _drugs_from_draft(kept) or drug_rows(known.medications),
        form_kwargs={"frequencies": frequencies()},
    )
    return form, drugs


def _from_draft(kept: drafts.DraftRow | None) -> dict[str, Any]:
    """What was typed before the line or the session was lost."""
    if kept is None:
        return {}
    many = {"main_diagnosis", "diagnoses"}
    return {
        name: values if name in many else values[-1]
        for name, values in kept.content.items()
        if values and not name.startswith("drugs-")
    }


def _drugs_from_draft(kept: drafts.DraftRow | None) -> list[dict[str, str]]:
    """The rows of drugs of a draft that name one."""
    typed = {name: values[-1] for name, values in kept.content.items() if values} if kept else {}
    rows = [
        {part: typed.get(f"drugs-{number}-{part}", "") for part in ("name", "dose", "frequency", "since")}
        for number in range(MOST_DRUGS)
    ]
    return [row for row in rows if row["name"]]


def _last(series: list[VitalSeries], request: web.PageRequest) -> dict[VitalKind, str]:
    return {
        each.kind: _("上次 %(value)s（%(when)s）")
        % {"value": each.last.reading.text, "when": short_time(each.last.taken_at, request.at)}
        for each in series
    }


def _save(
    request: web.PageRequest, person_id: UUID, form: VisitForm, drugs: BaseMedicationFormSet, known: _Known
) -> UUID:
    before = [
        MedicationSpec(each.name, each.dose, each.frequency, each.since) for each in known.medications.items
    ]
    content = VisitContent(
        vitals=form.readings,
        diagnoses=form.diagnoses,
        note=form.spec,
        treatments=form.treatment_specs,
        medications=None if drugs.items == before else drugs.items,
        medications_seen=form.cleaned_data["medications_seen"],
    )
    return commands.open_visit(
        actor=request.actor, opening=form.opening(person_id), content=content, at=request.at
    )
