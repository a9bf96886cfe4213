"""Deciding a likely pair: one person, two people, or back to the list."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yiti.foundation.web import public as web
from yiti.kernel.errors import DomainError
from yiti.registry.residents.commands import mark_different, merge_persons, reopen_pair
from yiti.registry.residents.domain import PairRow, PairSide
from yiti.registry.residents.forms import ConfirmForm, DifferentForm, PairMergeForm, add_refusal
from yiti.registry.residents.selectors import next_pair, pair
from yiti.registry.residents.views import questions

FormT = TypeVar("FormT", bound=forms.Form)
_METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(_METHODS)
@web.page("residents.merge")
def merged_pair(request: web.PageRequest, pair_id: UUID) -> HttpResponse:
    """They are one person: which record stays, and why."""
    row = _opened(request, pair_id)
    sides = (row.one, row.other)
    form = PairMergeForm(
        request.POST if request.method == "POST" else None,
        names=[(str(side.card.id), _told(side)) for side in sides],
        initial={"kept": str(_older(row).card.id)},
    )

    def act(sound: PairMergeForm) -> None:
        kept = UUID(sound.cleaned_data["kept"])
        absorbed = next(side.card.id for side in sides if side.card.id != kept)
        reason = sound.cleaned_data["reason"]
        merge_persons(actor=request.actor, absorbed_id=absorbed, kept_id=kept, reason=reason, at=request.at)

    return _asked(request, form, row, questions.PAIR_MERGE, act)


@require_http_methods(_METHODS)
@web.page("residents.merge")
def different(request: web.PageRequest, pair_id: UUID) -> HttpResponse:
    """They are two people, and why."""
    row = _opened(request, pair_id)
    form = DifferentForm(request.POST if request.method == "POST" else None)

    def act(sound: DifferentForm) -> None:
        reason = sound.cleaned_data["reason"]
        mark_different(actor=request.actor, pair_id=row.id, reason=reason, at=request.at)

    return _asked(request, form, row, questions.DIFFERENT, act)


@require_http_methods(_METHODS)
@web.page("residents.merge")
def reopened(request: web.PageRequest, pair_id: UUID) -> HttpResponse:
    """The decision was wrong: the pair waits again."""
    row = _opened(request, pair_id)
    form = ConfirmForm(request.POST if request.method == "POST" else None)

    def act(sound: ConfirmForm) -> None:
        reopen_pair(actor=request.actor, pair_id=row.id, at=request.at)

    return _asked(request, form, row, questions.REOPEN, act)


def _opened(request: web.PageRequest, pair_id: UUID) -> PairRow:
    row = pair(request.actor, pair_id)
    web.touch(request, kind="residents.duplicate_pair", record_id=row.id, person_id=row.one.card.id)
    return row


def _told(side: PairSide) -> str:
    """Enough to tell two records of one name apart."""
    known = side.record
    parts = (known.masked_id_number, known.masked_phone, str(known.place)) if known else ()
    return " ".join(filter(None, (side.name, *parts)))


def _older(row: PairRow) -> PairSide:
    """The record that has been there longer is proposed to stay; one with an identity card before one
    without."""
    return min((row.one, row.other), key=_age_of_record)


def _age_of_record(side: PairSide) -> tuple[bool, float]:
    known = side.record
    return not (known and known.id_number), known.registered_at.timestamp() if known else 0.0


def _asked(
    request: web.PageRequest,
    form: FormT,
    row: PairRow,
    question: questions.Question,
    act: Callable[[FormT], object],
) -> HttpResponse:
    """Show the form; when it is sent and sound, act and go on to the next pair that waits."""
    if form.is_valid():
        try:
            act(form)
        except DomainError as error:
            add_refusal(form, error)
        else:
            messages.success(request, _(question.done))
            return web.go(request, _following(request, row))
    words = {"form": form, "pair": row, "question": question, "nav_active": "duplicates"}
    words["back_url"] = resolve_url("residents:compared", row.id)
    return render(request, "residents/pair_dialog.html", words, status=422 if form.errors else 200)


def _following(request: web.PageRequest, row: PairRow) -> str:
    """The next pair that waits; the list when that was the last; the pair itself when it waits again."""
    following = next_pair(request.actor, row) if row.is_open else row.id
    return resolve_url("residents:compared", following) if following else resolve_url("residents:duplicates")
