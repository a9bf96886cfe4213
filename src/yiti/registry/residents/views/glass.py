"""紧急调阅核查: the auditor's list of emergency openings, one of them with its looks, and the news."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiti.foundation.administration import public as administration
from yiti.foundation.web import public as web
from yiti.kernel.clock import local
from yiti.kernel.display import full_time
from yiti.kernel.errors import DomainError
from yiti.kernel.text import N_
from yiti.kernel.workbook import XLSX, Table, as_workbook
from yiti.registry.residents.commands import read_glass_news, review_break_glass
from yiti.registry.residents.domain.glass import (
    GLASS_STATES,
    WAITING,
    GlassAsked,
    GlassRow,
    GlassSort,
    Verdict,
)
from yiti.registry.residents.domain.looks import LookSort, look_in_words
from yiti.registry.residents.forms import ReviewForm, add_refusal
from yiti.registry.residents.selectors import (
    asked_for,
    count_glasses,
    glass,
    glass_looks,
    glass_news,
    glass_places,
)
from yiti.registry.residents.selectors import (
    glasses as glass_rows,
)

AUDIT = "audit.read"
ROUTE = "residents:glasses"
MOST_EXPORTED = 5000
_KIND = "residents.break_glass"
_FILTERS = {"state": frozenset(GLASS_STATES), "institution": None, "from": None, "to": None, "q": None}
_COLUMNS = {
    N_("开始"): 18,
    N_("到"): 18,
    N_("人员"): 12,
    N_("机构"): 24,
    N_("居民"): 10,
    N_("原因"): 40,
    N_("查看次数"): 10,
    N_("状态"): 10,
    N_("核查意见"): 40,
    N_("核查人"): 12,
    N_("核查时间"): 18,
}


@require_safe
@web.page(AUDIT)
def glasses(request: web.PageRequest) -> HttpResponse:
    """All emergency openings, filtered, sorted and searched; what waits for a review is told apart."""
    query = _query(request)
    asked = _asked(request, query)
    total = count_glasses(request.actor, asked)
    query = query.within(total)
    rows = _rows(request, query, asked, limit=query.size, offset=query.offset)
    words = {
        "rows": rows,
        "query": query,
        "total": total,
        "states": GLASS_STATES,
        "places": [(str(id_), name) for id_, name in glass_places(request.actor)],
        **_frame(request),
    }
    return render(request, "residents/glasses.html", words)


@require_safe
@web.page(AUDIT)
def export(request: web.PageRequest) -> HttpResponse:
    """The list as it is filtered and sorted, as an Excel workbook of at most 5,000 rows."""
    web.touch(request, kind=_KIND)
    query = _query(request)
    rows = _rows(request, query, _asked(request, query), limit=MOST_EXPORTED, offset=0)
    columns = {_(title): width for title, width in _COLUMNS.items()}
    book = as_workbook([Table(_("紧急调阅"), columns, (_cells(row) for row in rows))])
    response = HttpResponse(book, content_type=XLSX)
    name = f"emergency-{local(request.at):%Y%m%d-%H%M}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _cells(row: GlassRow) -> list[str | int]:
    return [
        full_time(row.opened_at),
        full_time(row.until),
        row.user_name,
        row.institution_name,
        row.masked_name,
        row.reason,
        row.looks,
        _(row.state_zh),
        row.note,
        row.reviewed_by_name,
        full_time(row.reviewed_at) if row.reviewed_at else "",
    ]


def _query(request: web.PageRequest) -> web.TableQuery[GlassSort]:
    asked = {"sort": f"-{GlassSort.AT}", **request.GET.dict()}
    return web.TableQuery.parse(asked, sorts=GlassSort, default=GlassSort.AT, filters=_FILTERS)


def _asked(request: web.PageRequest, query: web.TableQuery[GlassSort]) -> GlassAsked:
    filters = query.filters
    text = filters.get("q", "")
    return GlassAsked(
        state=filters.get("state", ""),
        institution_id=_id(filters.get("institution", "")),
        since=administration.beginning(filters.get("from", "")),
        until=administration.beginning(filters.get("to", ""), after=1),
        text=text,
        people=asked_for(request.actor, text) if text else (),
    )


def _id(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _rows(
    request: web.PageRequest, query: web.TableQuery[GlassSort], asked: GlassAsked, *, limit: int, offset: int
) -> list[GlassRow]:
    way = {"sort": query.sort, "descending": query.descending}
    return glass_rows(request.actor, asked, **way, limit=limit, offset=offset)  # type: ignore[arg-type]


def _frame(request: web.PageRequest) -> dict[str, Any]:
    """What every page of the auditor shows around its content."""
    return {"status_tabs": administration.tabs_of(request.actor, ROUTE), "nav_active": "administration"}


@require_http_methods(["GET", "HEAD", "POST"])
@web.page(AUDIT)
def one(request: web.PageRequest, glass_id: UUID) -> HttpResponse:
    """One emergency opening: why, what was looked at with it, and what an auditor found of it."""
    found = glass(request.actor, glass_id)
    web.touch(request, kind=_KIND, record_id=found.id, person_id=found.person_id)
    form = ReviewForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            _review(request, glass_id, form)
        except DomainError as error:
            add_refusal(form, error)
            found = glass(request.actor, glass_id)
        else:
            messages.success(request, _("核查结论已记下，调阅的人会看到"))
            return HttpResponseRedirect(f"{reverse(ROUTE)}?state={WAITING}")
    query = web.TableQuery.parse(request.GET.dict(), sorts=LookSort, default=LookSort.AT, filters={})
    query = query.within(found.looks)
    rows = glass_looks(request.actor, found, limit=query.size, offset=query.offset)
    words = {
        "glass": found,
        "form": form,
        "looks": [look_in_words(row) for row in rows],
        "query": query,
        "is_own": found.user_id == request.actor.user_id,
        **_frame(request),
    }
    return render(request, "residents/glass.html", words, status=422 if form.errors else 200)


def _review(request: web.PageRequest, glass_id: UUID, form: ReviewForm) -> None:
    review_break_glass(
        actor=request.actor,
        glass_id=glass_id,
        verdict=Verdict(form.cleaned_data["verdict"]),
        note=form.cleaned_data["note"],
        at=request.at,
    )


# --- the bell -------------------------------------------------------------------------------------
@require_safe
@web.page(AUDIT, audited=False)
def bell(request: web.PageRequest) -> HttpResponse:
    """The auditor's bell: with `counts` the numbers of the shell, else on to what waits for a review."""
    if "counts" in request.GET:
        return render(request, "web/_counts.html")
    return HttpResponseRedirect(f"{reverse(ROUTE)}?state={WAITING}")


@require_safe
@web.page("residents.read")
def news(request: web.PageRequest) -> HttpResponse:
    """For the slot `bell`: openings elsewhere of people of ours, and reviews of what one opened oneself."""
    web.touch(request, kind="residents.glass_news")
    return render(request, "residents/_glass_news.html", {"news": glass_news(request.actor)})


@require_POST
@web.page("residents.read")
def read(request: web.PageRequest) -> HttpResponse:
    """All news of emergency openings has been read."""
    read_glass_news(actor=request.actor, at=request.at)
    return HttpResponseRedirect(resolve_url("bell"))
