"""Small forms over a record page: shown as a dialog, or as a page of their own without a script."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _

from yiti.foundation.web import public as web
from yiti.kernel.errors import DomainError
from yiti.registry.residents.domain import PersonRow
from yiti.registry.residents.forms import add_refusal
from yiti.registry.residents.selectors import person
from yiti.registry.residents.views.questions import Question

FormT = TypeVar("FormT", bound=forms.Form)


def opened_for_change(request: web.PageRequest, person_id: UUID) -> PersonRow:
    """The person a dialog is about; says to audit whose it is. Raises NotFound."""
    opened = person(request.actor, person_id)
    web.touch(request, kind="residents.resident", record_id=opened.id, person_id=opened.id)
    return opened


def dialog(
    request: web.PageRequest,
    form: FormT,
    opened: PersonRow,
    question: Question,
    act: Callable[[FormT], object],
) -> HttpResponse:
    """Show the form; when it is sent and sound, act and go back to the facts of the person."""
    back_url = resolve_url("residents:facts", opened.id)
    if form.is_valid():
        try:
            act(form)
        except DomainError as error:
            add_refusal(form, error)
        else:
            messages.success(request, _(question.done))
            return web.go(request, back_url)
    words = {"form": form, "person": opened, "question": question, "back_url": back_url}
    return render(request, "residents/dialog.html", words, status=422 if form.errors else 200)
