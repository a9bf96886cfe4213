"""What an auditor looks at first: what was refused, and days of unusual use."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yiti.foundation.administration.domain import RefusedSort, TrailSort, as_id, beginning, stretch
from yiti.foundation.administration.registry import tabs_of
from yiti.foundation.administration.selectors import night_hours, thresholds
from yiti.foundation.audit import public as audit
from yiti.foundation.web import public as web
from yiti.kernel.clock import local_date

AUDIT = "audit.read"
_MEASURES = {measure.value: word for measure, word in audit.MEASURES.items()}
_DAYS_SHOWN = 7
_PERIOD = {"from": None, "to": None, "q": None}


@require_safe
@web.page(AUDIT)
def refused(request: web.PageRequest) -> HttpResponse:
    """What was refused, by user and day: many refusals of one user on a day are worth a question."""
    shown = {"sort": f"-{RefusedSort.DAY}", **request.GET.dict()}
    query = web.TableQuery.parse(
        shown, sorts=RefusedSort, default=RefusedSort.DAY, filters={**_PERIOD, "user": None}
    )
    asked = audit.Asked(
        query.filters.get("q", ""),
        as_id(query.filters.get("user", "")),
        since=beginning(query.filters.get("from", "")),
        until=beginning(query.filters.get("to", ""), after=1),
    )
    total = audit.count_refused_days(request.actor, asked)
    query = query.within(total)
    rows = audit.refused_days(
        request.actor,
        asked,
        sort=query.sort,
        descending=query.descending,
        limit=query.size,
        offset=query.offset,
    )
    tabs = tabs_of(request.actor, "administration:refused")
    words = {"rows": rows, "query": query, "total": total, "status_tabs": tabs}
    return render(request, "administration/refused.html", words)


@require_safe
@web.page(AUDIT)
def unusual(request: web.PageRequest) -> HttpResponse:
    """Days of users that stand out, each with why; thresholds are rules `audit.usage` and `audit.night`."""
    query = web.TableQuery.parse(
        request.GET.dict(),
        sorts=TrailSort,
        default=TrailSort.AT,
        filters={**_PERIOD, "measure": frozenset(_MEASURES)},
    )
    today = local_date(request.at)
    since, until = stretch(
        query.filters.get("from", ""), query.filters.get("to", ""), today=today, usual=_DAYS_SHOWN
    )
    found = audit.unusual_days(
        request.actor, since, until, thresholds=thresholds(today), night=night_hours(today)
    )
    rows = [row for row in found if _is_asked(row, query.filters)]
    query = query.within(len(rows))
    words = {
        "rows": rows[query.offset : query.offset + query.size],
        "query": query,
        "total": len(rows),
        "since": since,
        "until": until,
        "measures": _MEASURES,
        "status_tabs": tabs_of(request.actor, "administration:unusual"),
    }
    return render(request, "administration/unusual.html", words)


def _is_asked(row: tuple[audit.UserDay, list[audit.Finding]], filters: Mapping[str, str]) -> bool:
    day, why = row
    measure = filters.get("measure", "")
    return filters.get("q", "") in day.user_name and (not measure or measure in {f.measure for f in why})
