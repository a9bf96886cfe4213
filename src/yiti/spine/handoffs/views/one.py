"""One handoff: preview at the side, page, plain steps, talk. What a kind is about its own room shows in the
slots `handoff.preview.<kind>` and `handoff.page.<kind>`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages as notes
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiti.foundation.web import public as web
from yiti.kernel.errors import DomainError, InvalidInput, NotFound
from yiti.kernel.ids import new_id
from yiti.spine.handoffs import commands
from yiti.spine.handoffs.domain import COMMENT, TAKE, Action, HandoffRow, sides_of
from yiti.spine.handoffs.domain.lists import clock_of
from yiti.spine.handoffs.forms import MessageForm, StepForm
from yiti.spine.handoffs.selectors import available, detail, history, messages

READ = "handoffs.read"
RECORD = "handoffs.handoff"
EVENTS_SHOWN = 3
_METHODS = ["GET", "HEAD", "POST"]


def _opened(request: web.PageRequest, handoff_id: UUID) -> HandoffRow:
    """The handoff of the page, for those who may take part in its kind. Raises NotFound."""
    row = detail(request.actor, handoff_id)
    if not row.kind.concerns(request.actor):
        raise NotFound
    web.touch(request, kind=RECORD, record_id=row.id, person_id=row.person_id)
    return row


def _words(request: web.PageRequest, row: HandoffRow, slot: str) -> dict[str, Any]:
    """What both the preview and the page show."""
    actions = available(request.actor, row.id)
    return {
        "row": row,
        "clock": clock_of(row, request.at),
        "panels": web.panels_for(request.actor, f"handoff.{slot}.{row.kind_code}"),
        "primary": next((action for action in actions if action.primary), None),
        "others": [action for action in actions if not action.primary],
        "take": TAKE,
        "back": back_of(request),
    }


@require_safe
@web.page(READ)
def preview(request: web.PageRequest, handoff_id: UUID) -> HttpResponse:
    """The panel beside the list: who and clock, the room's own part, the last events, what can be done."""
    row = _opened(request, handoff_id)
    events = history(request.actor, row.id)[:EVENTS_SHOWN]
    return render(request, "handoffs/_preview.html", {**_words(request, row, "preview"), "events": events})


@require_safe
@web.page(READ)
def page(request: web.PageRequest, handoff_id: UUID) -> HttpResponse:
    """The whole handoff; a kind whose room has a page of its own is shown there."""
    row = _opened(request, handoff_id)
    words = _words(request, row, "page")
    if words["panels"]:
        return HttpResponseRedirect(resolve_url(words["panels"][0].url_name, row.id))
    words |= {
        "events": history(request.actor, row.id),
        "talk": messages(request.actor, row.id),
        "message_form": MessageForm(initial={"id": new_id()}),
        "may_talk": bool(sides_of(row, request.actor)),
    }
    return render(request, "handoffs/page.html", words)


@require_POST
@web.page(READ)
def take(request: web.PageRequest, handoff_id: UUID) -> HttpResponse:
    """I will do it."""
    row = _opened(request, handoff_id)
    form = StepForm(request.POST)
    if not form.is_valid():
        raise InvalidInput
    commands.take(
        actor=request.actor, handoff_id=row.id, revision=form.cleaned_data["revision"], at=request.at
    )
    return _done(request, _("{who}的单子归你办了").format(who=row.person_name))


@require_http_methods(_METHODS)
@web.page(READ)
def step(request: web.PageRequest, handoff_id: UUID, name: str) -> HttpResponse:
    """A plain step: asked once where it cannot be undone or needs a word, else done at once."""
    row = _opened(request, handoff_id)
    action = _action(request, row, name)
    form = StepForm(
        request.POST if request.method == "POST" else None,
        initial={"revision": row.revision},
        needs_comment=action is not None and COMMENT in action.needs,
    )
    if form.is_valid():
        try:
            _take_step(request, row, name, form)
        except InvalidInput as refused:
            form.add_error(refused.field if refused.field in form.fields else None, _words_of(refused))
        else:
            return _done(request, _("已办：{what}").format(what=_(row.kind.steps[name].title)))
    if action is None:
        raise NotFound
    words = {"form": form, "row": row, "action": action, "back_url": back_of(request)}
    return render(request, "handoffs/step.html", words, status=422 if form.errors else 200)


def _action(request: web.PageRequest, row: HandoffRow, name: str) -> Action | None:
    """The step among those that the general form serves."""
    found = (action for action in available(request.actor, row.id) if action.step == name)
    return next((action for action in found if not action.url_name), None)


def _take_step(request: web.PageRequest, row: HandoffRow, name: str, form: StepForm) -> None:
    commands.take_step(
        actor=request.actor,
        handoff_id=row.id,
        step=name,
        revision=form.cleaned_data["revision"],
        comment=form.cleaned_data["comment"],
        at=request.at,
    )


@require_POST
@web.page(READ)
def message(request: web.PageRequest, handoff_id: UUID) -> HttpResponse:
    """Say something to the other side."""
    row = _opened(request, handoff_id)
    form = MessageForm(request.POST)
    if not form.is_valid():
        raise InvalidInput(_("请写点内容再发送，最多 500 个字"), field="text")
    commands.add_message(
        actor=request.actor,
        handoff_id=row.id,
        text=form.cleaned_data["text"],
        at=request.at,
        message_id=form.cleaned_data["id"],
    )
    return HttpResponseRedirect(resolve_url("handoffs:page", row.id))


def _words_of(refused: DomainError) -> str:
    return refused.text(_(refused.message))


def _done(request: web.PageRequest, words: str) -> HttpResponse:
    """Back to where one came from, also out of a dialog."""
    notes.success(request, words)
    return web.go(request, back_of(request))


def back_of(request: web.PageRequest) -> str:
    """The list as it was, if the page came from there; never an address outside."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if not wanted and request.htmx:
        wanted = request.htmx.current_url_abs_path or ""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()})
    return wanted if safe and wanted else resolve_url("handoffs:work")
