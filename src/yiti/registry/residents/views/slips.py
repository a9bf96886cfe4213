"""Who looked at my record: the slip that staff print, and the page that anybody with its code opens."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yiti.foundation.audit import public as audit
from yiti.foundation.web import public as web
from yiti.kernel.actor import Actor
from yiti.kernel.ids import new_id
from yiti.kernel.text import N_
from yiti.registry.residents.commands import issue_slip, use_slip
from yiti.registry.residents.domain.looks import look_in_words
from yiti.registry.residents.domain.slips import clean_answer, clean_code, grouped
from yiti.registry.residents.forms import SlipForm
from yiti.registry.residents.selectors import answer_digest, holder, key_of, looks_of_slip, open_slip
from yiti.registry.residents.views.record import words_of_record

MOST_SHOWN = 300
_METHODS = ["GET", "HEAD", "POST"]
_KEY = "slip"  # of the session: the slip that was used in this browser
_KIND = "residents.slip"


@require_http_methods(_METHODS)
@web.page("residents.read")
def slip(request: web.PageRequest, person_id: UUID) -> HttpResponse:
    """What a slip is for; asked for by POST, the slip itself, ready to print. Its code is shown this once."""
    words = words_of_record(request, person_id, "looks")
    if request.method != "POST":
        return render(request, "residents/slip.html", {**words, "key": new_id()})
    web.only_once(request)
    made = issue_slip(actor=request.actor, person_id=words["person"].id, at=request.at)
    address = request.build_absolute_uri(reverse("looked"))
    words |= {
        "slip": made,
        "code": grouped(made.code),
        "address": address,
        "qr": web.qr_code(f"{address}?code={grouped(made.code)}"),
        "back_url": resolve_url("residents:looks", words["person"].id),
        "at": request.at,
    }
    return render(request, "residents/slip_paper.html", words)


@require_http_methods(_METHODS)
def looked(request: web.Request) -> HttpResponse:
    """For the person the record is about, without an account: who looked, after code and answer fit.

    Every refusal is one and the same; a used slip stays open for a while in the browser that used it.
    """
    if request.method == "POST" and "leave" in request.POST:
        request.session.pop(_KEY, None)
        return HttpResponseRedirect(reverse("looked"))
    if request.method == "POST":
        return _try(request)
    if "code" in request.GET:
        request.session.pop(_KEY, None)  # the next person scans a slip on the same phone
    key = request.session.get(_KEY)
    shown = _looks(request, UUID(key)) if key else None
    if shown is not None:
        return render(request, "residents/looked.html", shown)
    return _asking(request, SlipForm(initial={"code": request.GET.get("code", "")[:20]}))


def _asking(request: web.Request, form: SlipForm) -> HttpResponse:
    return render(request, "residents/looked.html", {"form": form})


def _try(request: web.Request) -> HttpResponse:
    form = SlipForm(request.POST)
    if not form.is_valid():
        return _asking(request, form)
    code = clean_code(form.cleaned_data["code"])
    actor = holder(key_of(code), request.request_id)
    answer = answer_digest(code, clean_answer(form.cleaned_data["answer"]))
    done = use_slip(actor=actor, answer=answer, at=request.at)
    if done.is_open:
        if not request.user.is_authenticated:  # the session of staff stays the one that can be ended
            request.session.cycle_key()  # nobody who knew this session before may see what it shows now
        request.session[_KEY] = str(actor.user_id)
        return HttpResponseRedirect(reverse("looked"))
    if done.person_id is not None:
        somebody = replace(actor, name=N_("填查询码的人"))
        _note(request, somebody, "try", done.person_id, audit.Outcome.REFUSED)
    form.add_error(
        None,
        _("打不开：查询码或后面填的不对，或者查询码已用过、已过期。请看清楚再填，或请卫生站重新打印一张。"),
    )
    return _asking(request, form)


def _looks(request: web.Request, key: UUID) -> dict[str, Any] | None:
    """What the page shows to the holder of an open slip; that it was shown stands in the trail first."""
    actor = holder(key, request.request_id)
    opened = open_slip(actor, request.at)
    if opened is None:
        request.session.pop(_KEY, None)
        return None
    _note(request, actor, "read", opened.person_id, audit.Outcome.DONE)
    rows, total = looks_of_slip(actor, request.at, limit=MOST_SHOWN)
    return {
        "opened": opened,
        "looks": [look_in_words(row) for row in rows],
        "total": total,
        "left_out": total - len(rows),
        "made_at": request.at,
    }


def _note(request: web.Request, actor: Actor, verb: str, person_id: UUID, outcome: audit.Outcome) -> None:
    audit.note_request(
        actor=actor,
        action=f"{verb}:looked",
        subject=audit.Subject(_KIND, actor.user_id, person_id),
        at=request.at,
        outcome=outcome,
        address=web.client_address(request),
    )
