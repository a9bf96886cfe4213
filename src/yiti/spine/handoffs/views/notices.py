"""The bell: its counts for the poll of the top bar, and the page of notices."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.views.decorators.http import require_POST, require_safe

from yiti.foundation.web import public as web
from yiti.spine.handoffs.commands import read_bell
from yiti.spine.handoffs.selectors import bell as notices

READ = "handoffs.read"


@require_safe
def bell(request: web.Request) -> HttpResponse:
    """With `counts` only the numbers of the shell, which name nobody and so leave no audit row at every
    poll; else the page."""
    return _counts(request) if "counts" in request.GET else _page(request)


@web.page(READ)
def _page(request: web.PageRequest) -> HttpResponse:
    web.touch(request, kind="handoffs.bell")
    words = {"bell": notices(request.actor), "panels": web.panels_for(request.actor, "bell")}
    return render(request, "handoffs/bell.html", words)


@web.page(READ, audited=False)
def _counts(request: web.PageRequest) -> HttpResponse:
    return render(request, "web/_counts.html")


bell.yiti_permission = READ  # type: ignore[attr-defined]  # both faces of it; the route table asks


@require_POST
@web.page(READ)
def read(request: web.PageRequest) -> HttpResponse:
    """All that is shown has been read."""
    read_bell(actor=request.actor, at=request.at)
    return HttpResponseRedirect(resolve_url("handoffs:bell"))
