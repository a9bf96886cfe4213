"""The seals of the trail: how far they go, the head on paper, and whether a kept head fits."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from yiti.foundation.administration.registry import tabs_of
from yiti.foundation.audit import public as audit
from yiti.foundation.web import public as web
from yiti.kernel.text import N_

AUDIT = "audit.read"
_MOST_DIGITS = 18
_FITS = {
    audit.Fit.FITS: ("notice-done", "circle-check", N_("对得上：到这一号为止，链和留存的一样。")),
    audit.Fit.DIFFERS: (
        "notice-late",
        "alert-triangle",
        N_("对不上：这一号的摘要和留存的不一样。先核对抄写，仍不一样就是记录被动过。"),
    ),
    audit.Fit.UNKNOWN: (
        "notice-late",
        "alert-triangle",
        N_("链里没有这一号。留存过的号不会消失：可能恢复了旧备份，或封存被删。"),
    ),
}


@require_safe
@web.page(AUDIT)
def chain(request: web.PageRequest) -> HttpResponse:
    """How far the trail is sealed; with `number` and `digest`, whether that kept head fits the chain."""
    number, digest = request.GET.get("number", "").strip(), request.GET.get("digest", "").strip()
    words: dict[str, Any] = {
        **_head(request),
        "number": number[:20],
        "kept": digest[:120],
        "status_tabs": tabs_of(request.actor, "administration:chain"),
    }
    if number or digest:
        is_number = number.isascii() and number.isdigit() and len(number) <= _MOST_DIGITS
        fit = audit.fit_of(request.actor, int(number), digest) if is_number else audit.Fit.UNKNOWN
        words["fit"] = _FITS[fit]
    return render(request, "administration/chain.html", words)


@require_safe
@web.page(AUDIT)
def head(request: web.PageRequest) -> HttpResponse:
    """The head of the chain on A4, to be signed and kept where nobody of the computer room gets at it."""
    words = {**_head(request), "back_url": reverse("administration:chain"), "at": request.at}
    return render(request, "administration/head.html", words)


def _head(request: web.PageRequest) -> dict[str, Any]:
    seal = audit.seal_state(request.actor)
    return {"seal": seal, "groups": audit.groups_of(seal.digest)}
