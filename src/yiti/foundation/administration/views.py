"""Pages of the administrators."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yiti.foundation.administration.domain import OUTCOMES, PURPOSES, TrailSort, act_of
from yiti.foundation.audit import public as audit
from yiti.foundation.web import public as web


@require_safe
@web.page("audit.read")
def trail(request: web.PageRequest) -> HttpResponse:
    """Who did, opened or was refused what, newest first."""
    query = web.TableQuery.parse(
        request.GET.dict(),
        sorts=TrailSort,
        default=TrailSort.AT,
        filters={"q": None, "outcome": frozenset(OUTCOMES)},
    )
    text, outcome = query.filters.get("q", ""), query.filters.get("outcome", "")
    total = audit.count_trail(request.actor, text=text, outcome=outcome)
    query = query.within(total)
    rows = audit.trail(request.actor, text=text, outcome=outcome, limit=query.size, offset=query.offset)
    words = {
        "rows": [(row, act_of(row.action)) for row in rows],
        "query": query,
        "total": total,
        "pages": query.pages(total),
        "outcomes": OUTCOMES,
        "purposes": PURPOSES,
    }
    return render(request, "administration/trail.html", words)
