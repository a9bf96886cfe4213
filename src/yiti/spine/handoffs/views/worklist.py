"""The work list (picture 02): tabs, filters, rows, what is new, and the list as a workbook."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yiti.foundation.web import public as web
from yiti.kernel.clock import local
from yiti.kernel.text import N_
from yiti.kernel.workbook import XLSX
from yiti.spine.handoffs.domain.lists import DONE_TODAY, WORK_FILTERS, Desk, WorkSort, WorkTab
from yiti.spine.handoffs.selectors import choices, count_news, tab_counts, worklist
from yiti.spine.handoffs.views.workbook import as_workbook

READ = "handoffs.read"
MOST_EXPORTED = 5000
_WEEKDAYS = (N_("周一"), N_("周二"), N_("周三"), N_("周四"), N_("周五"), N_("周六"), N_("周日"))
_DESKS = {Desk.MINE: N_("我负责的"), Desk.DEPARTMENT: N_("本科室"), Desk.UNCLAIMED: N_("没人认领")}


@require_safe
@web.page(READ)
def work(request: web.PageRequest) -> HttpResponse:
    """The list as a page; under htmx the script takes from it what it swaps."""
    web.touch(request, kind="handoffs.worklist")
    query = _asked(request)
    over = "over" in query.filters
    rows, total = worklist(request.actor, query, at=request.at)
    tabs = tab_counts(request.actor, over=over, at=request.at)
    words = {
        "query": query.within(total),
        "total": total,
        "rows": rows,
        "late": tabs[0].late,
        "status_tabs": [_tab(request, tab, query.filters.get("tab", "")) for tab in tabs],
        "filters": query.filters,
        "choices": choices(request.actor, over=over),
        "desks": _desks(request),
        "weekday": _(_WEEKDAYS[local(request.at).weekday()]),
        "news_url": f"{reverse('handoffs:news')}?{_address(request, since=request.at.isoformat())}",
        "page_panels": web.panels_for(request.actor, "handoff.actions"),
    }
    return render(request, "handoffs/work.html", words)


@require_safe
@web.page(READ, audited=False)
def news(request: web.PageRequest) -> HttpResponse:
    """How many rows came after the list was drawn. Says nothing of anybody, so it leaves no audit row."""
    since = _moment(request.GET.get("since", "")) or request.at
    count = count_news(request.actor, _asked(request), since=since, at=request.at)
    back = f"{reverse('handoffs:work')}?{_address(request, since=None)}"
    return render(request, "handoffs/_news.html", {"count": count, "back": back})


@require_safe
@web.page(READ)
def export(request: web.PageRequest) -> HttpResponse:
    """The list as it is filtered and sorted, as an Excel workbook of at most 5,000 rows."""
    web.touch(request, kind="handoffs.worklist")
    asked = _asked(request)
    query = web.TableQuery(asked.sort, asked.descending, asked.filters, page=1, size=MOST_EXPORTED)
    rows, _total = worklist(request.actor, query, at=request.at)
    response = HttpResponse(as_workbook(rows, request.at), content_type=XLSX)
    name = f"work-{local(request.at):%Y%m%d-%H%M}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _asked(request: web.PageRequest) -> web.TableQuery[WorkSort]:
    asked = request.GET.dict()
    return web.TableQuery.parse(asked, sorts=WorkSort, default=WorkSort.DUE, filters=WORK_FILTERS)


def _tab(request: web.PageRequest, tab: WorkTab, chosen: str) -> dict[str, Any]:
    return {
        "url": f"?{_address(request, tab=tab.key or None, page=None)}",
        "label": _(tab.label),
        "count": tab.count,
        "is_active": tab.key == chosen,
        "is_late": bool(tab.late),
        "at_end": tab.key == DONE_TODAY,
    }


def _desks(request: web.PageRequest) -> list[dict[str, str]]:
    """Whose part of the work one may ask for: by department only for those who belong to one."""
    actor = request.actor
    absent = {Desk.MINE: actor.staff_id is None, Desk.DEPARTMENT: actor.department_id is None}
    return [{"key": key, "label": _(label)} for key, label in _DESKS.items() if not absent.get(key)]


def _address(request: web.PageRequest, **changes: str | None) -> str:
    """The query string of this page with some parts changed, or left out (None)."""
    asked = request.GET.copy()
    for name, value in changes.items():
        asked.pop(name, None)
        if value is not None:
            asked[name] = value
    return asked.urlencode()


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None
