"""Changing a record: profile, home, death. A stale page shows what the other person changed."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yiti.foundation.web import public as web
from yiti.kernel.clock import local, local_date
from yiti.kernel.errors import DomainError, StaleRevision
from yiti.registry.residents.commands import change_profile, move_village, record_death
from yiti.registry.residents.domain import PersonRow
from yiti.registry.residents.forms import DeathForm, EditForm, MoveForm, add_refusal, initial_of
from yiti.registry.residents.selectors import changes_since, person
from yiti.registry.residents.views import questions
from yiti.registry.residents.views.dialogs import dialog, opened_for_change
from yiti.registry.residents.views.record import words_of_record
from yiti.registry.residents.views.words import label_of, value_text

_METHODS = ["GET", "HEAD", "POST"]


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that somebody else changed while this page was open, beside what stands in the form."""

    label: str
    theirs: str
    mine: str
    who: str


@require_http_methods(_METHODS)
@web.page("residents.write")
def edit(request: web.PageRequest, person_id: UUID) -> HttpResponse:
    """The profile as a form; after a clash, saving once more goes over what the other one wrote."""
    opened = person(request.actor, person_id)
    initial = {**initial_of(opened.profile), "revision": opened.revision}
    on = local_date(request.at)
    form = EditForm(request.POST.copy() if request.method == "POST" else None, initial=initial, on=on)
    clashes: list[Clash] = []
    if form.is_valid():
        try:
            _save(request, opened, form)
        except StaleRevision as error:
            add_refusal(form, error)
            clashes = _clashes(request, opened, form)
            form.data["revision"] = str(opened.revision)  # type: ignore[index]  # our own copy
        except DomainError as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("已保存"))
            return HttpResponseRedirect(resolve_url("residents:facts", opened.id))
    words = {**words_of_record(request, opened.id, "facts"), "form": form, "clashes": clashes}
    return render(request, "residents/edit.html", words, status=422 if form.errors else 200)


def _save(request: web.PageRequest, opened: PersonRow, form: EditForm) -> None:
    change_profile(
        actor=request.actor,
        person_id=opened.id,
        profile=form.profile(),
        revision=form.cleaned_data["revision"],
        at=request.at,
    )


def _clashes(request: web.PageRequest, opened: PersonRow, form: EditForm) -> list[Clash]:
    """The last change of each field since the page was opened, beside what is typed."""
    typed = form.profile().columns
    changes = changes_since(request.actor, opened.id, form.cleaned_data["revision"])
    latest = {change.field: change for change in changes if change.field in typed}
    return [
        Clash(
            label=_(label_of(column)),
            theirs=value_text(column, change.new),
            mine=value_text(column, str(typed[column] or "")),
            who=change.changed_by_name,
        )
        for column, change in latest.items()
    ]


@require_http_methods(_METHODS)
@web.page("residents.write")
def move(request: web.PageRequest, person_id: UUID) -> HttpResponse:
    """Where the person lives now: which institutions may open the record follows from it."""
    opened = opened_for_change(request, person_id)
    initial = {
        "revision": opened.revision,
        "village": str(opened.village_id or ""),
        "group_no": opened.profile.group_no,
        "address": opened.profile.address,
    }
    form = MoveForm(request.POST if request.method == "POST" else None, initial=initial)

    def act(sound: MoveForm) -> None:
        move_village(
            actor=request.actor,
            person_id=opened.id,
            home=sound.home(),
            revision=sound.cleaned_data["revision"],
            at=request.at,
        )

    return dialog(request, form, opened, questions.MOVE, act)


@require_http_methods(_METHODS)
@web.page("residents.write")
def death(request: web.PageRequest, person_id: UUID) -> HttpResponse:
    """A death, asked for once because it cannot be undone."""
    opened = opened_for_change(request, person_id)
    moment = local(request.at)
    initial = {"date": moment.date(), "time": moment.time().replace(second=0, microsecond=0)}
    form = DeathForm(request.POST if request.method == "POST" else None, initial=initial)

    def act(sound: DeathForm) -> None:
        record_death(actor=request.actor, person_id=opened.id, deceased_at=sound.deceased_at(), at=request.at)

    return dialog(request, form, opened, questions.DEATH, act)
