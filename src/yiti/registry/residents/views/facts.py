"""Allergies, risk marks, documents, household: each a small form over the facts of a person."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from yiti.foundation.web import public as web
from yiti.kernel.clock import local_date
from yiti.kernel.errors import NotFound
from yiti.registry.residents.commands import (
    add_allergy,
    add_identifier,
    correct_allergy,
    end_identifier,
    end_risk,
    mark_risk,
    refute_allergy,
    set_household,
)
from yiti.registry.residents.domain import AllergyRow, HouseholdSpec, PersonRow
from yiti.registry.residents.forms import (
    AllergyForm,
    ConfirmForm,
    DocumentForm,
    EndRiskForm,
    JoinHouseholdForm,
    RefuteForm,
    RiskForm,
)
from yiti.registry.residents.selectors import allergies, household, identifiers, risks
from yiti.registry.residents.views import questions
from yiti.registry.residents.views.dialogs import dialog, opened_for_change

_METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(_METHODS)
@web.page("residents.write")
def new_allergy(request: web.PageRequest, person_id: UUID) -> HttpResponse:
    """Write down an allergy."""
    opened = opened_for_change(request, person_id)

    def act(sound: AllergyForm) -> None:
        add_allergy(actor=request.actor, person_id=opened.id, spec=sound.spec(), at=request.at)

    form = AllergyForm(request.POST if request.method == "POST" else None)
    return dialog(request, form, opened, questions.ALLERGY, act)


@require_http_methods(_METHODS)
@web.page("residents.write")
def corrected_allergy(request: web.PageRequest, person_id: UUID, allergy_id: UUID) -> HttpResponse:
    """Say it better: the new statement names the one it replaces."""
    opened = opened_for_change(request, person_id)
    wrong = _allergy(request, opened, allergy_id)
    initial = {
        "substance_code": wrong.substance_code,
        "substance_text": "" if wrong.substance_code else wrong.substance,
        "reaction": wrong.reaction_code,
        "severity": wrong.severity,
        "onset_year": wrong.onset_year,
        "note": wrong.note,
    }

    def act(sound: AllergyForm) -> None:
        correct_allergy(actor=request.actor, allergy_id=wrong.id, spec=sound.spec(), at=request.at)

    form = AllergyForm(request.POST if request.method == "POST" else None, initial=initial)
    return dialog(request, form, opened, questions.CORRECTION, act)


@require_http_methods(_METHODS)
@web.page("residents.write")
def refuted_allergy(request: web.PageRequest, person_id: UUID, allergy_id: UUID) -> HttpResponse:
    """Not allergic after all."""
    opened = opened_for_change(request, person_id)
    wrong = _allergy(request, opened, allergy_id)

    def act(sound: RefuteForm) -> None:
        refute_allergy(
            actor=request.actor,
            allergy_id=wrong.id,
            refutation_id=sound.cleaned_data["key"],
            note=sound.cleaned_data["note"],
            at=request.at,
        )

    form = RefuteForm(request.POST if request.method == "POST" else None)
    return dialog(request, form, opened, questions.REFUTATION, act)


def _allergy(request: web.PageRequest, opened: PersonRow, allergy_id: UUID) -> AllergyRow:
    found = next((each for each in allergies(request.actor, opened.id) if each.id == allergy_id), None)
    if found is None:
        raise NotFound
    return found


@require_http_methods(_METHODS)
@web.page("residents.write")
def new_risk(request: web.PageRequest, person_id: UUID) -> HttpResponse:
    """Put a risk mark on the person."""
    opened = opened_for_change(request, person_id)

    def act(sound: RiskForm) -> None:
        mark_risk(actor=request.actor, person_id=opened.id, spec=sound.spec(), at=request.at)

    initial = {"since_date": local_date(request.at)}
    form = RiskForm(request.POST if request.method == "POST" else None, initial=initial)
    return dialog(request, form, opened, questions.RISK, act)


@require_http_methods(_METHODS)
@web.page("residents.write")
def ended_risk(request: web.PageRequest, person_id: UUID, risk_id: UUID) -> HttpResponse:
    """The risk no longer holds."""
    opened = opened_for_change(request, person_id)
    today = local_date(request.at)
    if risk_id not in {each.id for each in risks(request.actor, opened.id, on=today)}:
        raise NotFound

    def act(sound: EndRiskForm) -> None:
        until = sound.cleaned_data["until_date"]
        end_risk(actor=request.actor, risk_id=risk_id, until_date=until, at=request.at)

    form = EndRiskForm(request.POST if request.method == "POST" else None, initial={"until_date": today})
    return dialog(request, form, opened, questions.END_OF_RISK, act)


@require_http_methods(_METHODS)
@web.page("residents.write")
def new_document(request: web.PageRequest, person_id: UUID) -> HttpResponse:
    """Write down a document."""
    opened = opened_for_change(request, person_id)

    def act(sound: DocumentForm) -> None:
        add_identifier(actor=request.actor, person_id=opened.id, spec=sound.spec(), at=request.at)

    form = DocumentForm(request.POST if request.method == "POST" else None)
    return dialog(request, form, opened, questions.DOCUMENT, act)


@require_http_methods(_METHODS)
@web.page("residents.write")
def ended_document(request: web.PageRequest, person_id: UUID, document_id: UUID) -> HttpResponse:
    """The document is no longer this person's; asked for because its number becomes free."""
    opened = opened_for_change(request, person_id)
    live = {each.id for each in identifiers(request.actor, opened.id) if each.is_live}
    if document_id not in live:
        raise NotFound

    def act(sound: ConfirmForm) -> None:
        end_identifier(actor=request.actor, identifier_id=document_id, at=request.at)

    form = ConfirmForm(request.POST if request.method == "POST" else None)
    return dialog(request, form, opened, questions.END_OF_DOCUMENT, act)


@require_http_methods(_METHODS)
@web.page("residents.write")
def joined_household(request: web.PageRequest, person_id: UUID) -> HttpResponse:
    """Whose household the person belongs to."""
    opened = opened_for_change(request, person_id)

    def act(sound: JoinHouseholdForm) -> None:
        spec = _household_with(request, opened, sound)
        set_household(actor=request.actor, spec=spec, at=request.at)

    form = JoinHouseholdForm(request.POST if request.method == "POST" else None)
    return dialog(request, form, opened, questions.HOUSEHOLD, act)


def _household_with(request: web.PageRequest, opened: PersonRow, form: JoinHouseholdForm) -> HouseholdSpec:
    """The household of the chosen head with this person in it; without a head, the person's own."""
    head_id: UUID = form.cleaned_data["head"] or opened.id
    home = household(request.actor, head_id)
    is_headed = home is not None and home.head_id == head_id
    others = home.members if home is not None and is_headed else ()
    members = {each.person_id: each.relation for each in others if each.person_id != head_id}
    if head_id != opened.id:
        members[opened.id] = form.cleaned_data["relation"]
    address = home.address if home is not None and is_headed else opened.profile.address
    return HouseholdSpec(form.cleaned_data["key"], head_id, tuple(members.items()), address)
