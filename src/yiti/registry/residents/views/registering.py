"""Registering a person: number first, likely duplicates at the side, nothing lost on a refusal."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yiti.foundation.web import public as web
from yiti.kernel.clock import local_date
from yiti.kernel.errors import DomainError, InvalidInput
from yiti.registry.residents.commands import register_person
from yiti.registry.residents.domain import RESIDENT_CARD, MatchRow, parse_number, resident_number
from yiti.registry.residents.forms import RegisterForm, add_refusal
from yiti.registry.residents.selectors import matches


@require_http_methods(["GET", "HEAD", "POST"])
@web.page("residents.write")
def register(request: web.PageRequest) -> HttpResponse:
    """The form, and what was typed into it when it was refused."""
    on = local_date(request.at)
    if request.method != "POST":
        return _form(request, RegisterForm(on=on), [], status=200)
    form = RegisterForm(request.POST, on=on)
    person_id = _register(request, form) if form.is_valid() else None
    if person_id is None:
        return _form(request, form, _likely(request, form), status=422)
    messages.success(request, _("已登记"))
    return HttpResponseRedirect(resolve_url("residents:record", person_id))


def _register(request: web.PageRequest, form: RegisterForm) -> UUID | None:
    try:
        return register_person(
            actor=request.actor,
            spec=form.spec(),
            new_anyway=form.cleaned_data["new_anyway"],
            at=request.at,
        )
    except DomainError as error:
        add_refusal(form, error)
        return None


def _form(
    request: web.PageRequest, form: RegisterForm, likely: list[MatchRow], *, status: int
) -> HttpResponse:
    words = {"form": form, "matches": likely, "has_typed": form.is_bound}
    return render(request, "residents/register.html", words, status=status)


@require_safe
@web.page("residents.write")
def likely_duplicates(request: web.PageRequest) -> HttpResponse:
    """Who may be meant by what has been typed so far: the right side of the form."""
    web.touch(request, kind="residents.card")
    on = local_date(request.at)
    form = RegisterForm(request.GET, on=on)
    words = {"form": form, "matches": _likely(request, form), "has_typed": True}
    return render(request, "residents/_matches.html", words)


def _likely(request: web.PageRequest, form: RegisterForm) -> list[MatchRow]:
    form.is_valid()
    spec = form.spec()
    return matches(request.actor, spec, at=request.at) if spec.profile.name or spec.identifiers else []


@require_safe
@web.page("residents.write", audited=False)
def check_number(request: web.PageRequest) -> HttpResponse:
    """Whether an identity number can be right, and the birth and sex it tells. Looks nobody up."""
    on = local_date(request.at)
    form = RegisterForm(request.GET, on=on)
    try:
        number = parse_number(RESIDENT_CARD, request.GET.get("number", ""), on=on, field="number")
    except InvalidInput:
        form.is_valid()
        return render(request, "residents/_number.html", {"form": form, "told": None})
    told = resident_number(RESIDENT_CARD, number, on=on)
    assert told is not None
    typed = request.GET.copy()
    typed["number"], typed["birth"], typed["sex"] = number, told.birth.isoformat(), told.sex.value
    filled = RegisterForm(initial=typed.dict(), on=on)
    return render(request, "residents/_number.html", {"form": filled, "told": told})
