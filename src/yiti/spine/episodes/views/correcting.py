"""Putting right what was written wrong: the old row stays in sight, the new one says why."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yiti.foundation.web import public as web
from yiti.kernel.errors import NotFound
from yiti.spine.episodes import commands
from yiti.spine.episodes.domain.rows import (
    AttachmentRow,
    DiagnosisRow,
    DischargeRow,
    NoteRow,
    TreatmentRow,
    VisitDetail,
    VitalRow,
)
from yiti.spine.episodes.domain.specs import Correction
from yiti.spine.episodes.forms import (
    CorrectionForm,
    DiagnosisForm,
    DischargeForm,
    NoteForm,
    TreatmentForm,
    VitalForm,
)
from yiti.spine.episodes.views.answers import (
    WRITE,
    answer,
    diagnosis_address,
    diagnosis_label,
    is_village,
    writable_visit,
)

Row = VitalRow | DiagnosisRow | NoteRow | TreatmentRow | AttachmentRow | DischargeRow


@require_http_methods(["GET", "HEAD", "POST"])
@web.page(WRITE)
def correct(request: web.PageRequest, visit_id: UUID, kind: str, fact_id: UUID) -> HttpResponse:
    """Put something else in the place of one fact of a visit."""
    detail = writable_visit(request, visit_id)
    row = _fact(detail, kind, fact_id)
    if kind not in _FORMS:
        raise NotFound
    form, save = _FORMS[kind](request, row)

    def run() -> None:
        save(
            actor=request.actor,
            visit_id=visit_id,
            correction=Correction(fact_id, form.cleaned_data["reason"]),
            at=request.at,
        )

    words = {"visit": detail.visit, "row": row, "kind": kind, "at": request.at}
    return answer(request, "episodes/correct.html", form, run, back=_back(visit_id), words=words)


@require_http_methods(["GET", "HEAD", "POST"])
@web.page(WRITE)
def withdraw(request: web.PageRequest, visit_id: UUID, kind: str, fact_id: UUID) -> HttpResponse:
    """Withdraw a fact that should never have been written in this visit."""
    detail = writable_visit(request, visit_id)
    row = _fact(detail, kind, fact_id)
    if isinstance(row, DischargeRow):
        raise NotFound
    form = CorrectionForm(request.POST or None, corrects=True)

    def run() -> None:
        commands.withdraw_fact(
            actor=request.actor,
            visit_id=visit_id,
            kind=kind,
            correction=Correction(fact_id, form.cleaned_data["reason"]),
            at=request.at,
        )

    words = {"visit": detail.visit, "row": row, "kind": kind, "at": request.at}
    return answer(request, "episodes/withdraw.html", form, run, back=_back(visit_id), words=words)


def _back(visit_id: UUID) -> str:
    return reverse("episodes:visit", args=[visit_id])


def _fact(detail: VisitDetail, kind: str, fact_id: UUID) -> Row:
    """The fact in force of that kind and id. Raises NotFound."""
    found: dict[str, Iterable[Row]] = {
        "vital": detail.vitals,
        "diagnosis": detail.diagnoses,
        "note": detail.notes,
        "treatment": detail.treatments,
        "attachment": detail.attachments,
        "discharge": [detail.discharge] if detail.discharge else [],
    }
    for row in found.get(kind, ()):
        if row.stamp.id == fact_id:
            return row
    raise NotFound


Save = Callable[..., object]
Built = tuple[forms.Form, Save]


def _vital(request: web.PageRequest, row: VitalRow) -> Built:
    kind = row.reading.kind
    shown = row.reading.level.value if row.reading.level else row.reading.text
    form = VitalForm(
        request.POST or None, kind=kind, plainly=is_village(request), initial={kind.field: shown}
    )
    return form, lambda **words: commands.correct_vital(value=form.reading, **words)


def _diagnosis(request: web.PageRequest, row: DiagnosisRow) -> Built:
    form = DiagnosisForm(
        request.POST or None,
        corrects=True,
        address=diagnosis_address(),
        label_of=diagnosis_label,
        initial={"diagnoses": [row.code], "role": row.role, "certainty": row.certainty},
    )
    return form, lambda **words: commands.correct_diagnosis(spec=form.spec, **words)


def _note(request: web.PageRequest, row: NoteRow) -> Built:
    initial: dict[str, Any] = {
        part: getattr(row, part) for part in ("subjective", "objective", "assessment", "plan")
    }
    form = NoteForm(request.POST or None, corrects=True, initial=initial)
    return form, lambda **words: commands.correct_note(spec=form.spec, **words)


def _treatment(request: web.PageRequest, row: TreatmentRow) -> Built:
    form = TreatmentForm(
        request.POST or None, corrects=True, initial={"treatments": row.text, "given_at": row.given_at}
    )
    return form, lambda **words: commands.correct_treatment(spec=form.spec, **words)


def _discharge(request: web.PageRequest, row: DischargeRow) -> Built:
    initial = {"way": row.way, "outcome": row.outcome, "summary": row.summary}
    form = DischargeForm(request.POST or None, corrects=True, initial=initial)
    return form, lambda **words: commands.correct_discharge(spec=form.spec, **words)


_FORMS: dict[str, Callable[[web.PageRequest, Any], Built]] = {
    "vital": _vital,
    "diagnosis": _diagnosis,
    "note": _note,
    "treatment": _treatment,
    "discharge": _discharge,
}
