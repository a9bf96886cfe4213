"""A card whose record is closed, the emergency way in, and merging two records."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yiti.foundation.rules import public as rules
from yiti.foundation.web import public as web
from yiti.kernel.clock import local_date
from yiti.kernel.display import duration_text
from yiti.kernel.errors import NotFound
from yiti.registry.residents.commands import merge_persons, open_by_break_glass, unmerge
from yiti.registry.residents.forms import BreakGlassForm, MergeForm, UnmergeForm
from yiti.registry.residents.selectors import canonical_id, card, merges, persons
from yiti.registry.residents.views import questions
from yiti.registry.residents.views.dialogs import dialog, opened_for_change

_METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(_METHODS)
@web.page("residents.search")
def closed_record(request: web.PageRequest, person_id: UUID) -> HttpResponse:
    """The card of somebody whose record is closed to this institution, and how it can be opened.

    With `residents.break_glass` the page holds the form for an emergency; its reason is kept and
    looked at. Who may open the record already goes on to it.
    """
    shown = card(request.actor, canonical_id(person_id))
    web.touch(request, kind="residents.card", record_id=shown.id, person_id=shown.id)
    may_break = request.actor.can("residents.break_glass")
    form = BreakGlassForm(request.POST if request.method == "POST" else None)
    if persons(request.actor, [shown.id]) or (form.is_valid() and _opened(request, shown.id, form)):
        return HttpResponseRedirect(resolve_url("residents:record", shown.id))
    limit = rules.limit("residents.break_glass.open_for", local_date(request.at))
    words = {
        "card": shown,
        "age": shown.age_text(local_date(request.at)),
        "form": form if may_break else None,
        "open_for": duration_text(limit.minutes),
        "panels": web.panels_for(request.actor, "resident.closed"),
    }
    return render(request, "residents/closed.html", words, status=422 if form.errors else 200)


def _opened(request: web.PageRequest, person_id: UUID, form: BreakGlassForm) -> bool:
    reason = form.cleaned_data["reason"]
    open_by_break_glass(actor=request.actor, person_id=person_id, reason=reason, at=request.at)
    messages.warning(request, _("已紧急调阅。原因和你的姓名已记录，事后会有人核查"))
    return True


@require_http_methods(_METHODS)
@web.page("residents.merge")
def merge(request: web.PageRequest, person_id: UUID) -> HttpResponse:
    """Read this record as part of another one from now on."""
    opened = opened_for_change(request, person_id)
    form = MergeForm(request.POST if request.method == "POST" else None)

    def act(sound: MergeForm) -> None:
        merge_persons(
            actor=request.actor,
            absorbed_id=opened.id,
            kept_id=sound.cleaned_data["kept"],
            reason=sound.cleaned_data["reason"],
            at=request.at,
        )

    return dialog(request, form, opened, questions.MERGE, act)


@require_http_methods(_METHODS)
@web.page("residents.merge")
def unmerged(request: web.PageRequest, person_id: UUID, merge_id: UUID) -> HttpResponse:
    """Take a merge back."""
    opened = opened_for_change(request, person_id)
    if merge_id not in {each.id for each in merges(request.actor, opened.id)}:
        raise NotFound
    form = UnmergeForm(request.POST if request.method == "POST" else None)

    def act(sound: UnmergeForm) -> None:
        unmerge(actor=request.actor, merge_id=merge_id, reason=sound.cleaned_data["reason"], at=request.at)

    return dialog(request, form, opened, questions.UNMERGE, act)
