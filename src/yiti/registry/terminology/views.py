"""Pages of the room: the options of a search picker, and the code tables to look things up in."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from yiti.foundation.web import public as web
from yiti.registry.terminology import selectors
from yiti.registry.terminology.domain import ConceptSort

LONGEST_QUESTION = 60
OPTIONS = 12


@require_safe
@web.page(None, audited=False)
def options(request: web.PageRequest, system: str) -> HttpResponse:
    """What fits the typed text, as the options of a list box: `GET /terms/icd10/search?q=gxy`."""
    text = request.GET.get("q", "").strip()[:LONGEST_QUESTION]
    language = get_language() or selectors.LANGUAGE
    found = selectors.search(system, text, limit=OPTIONS)
    rows = [(row.code, row.text(language)) for row in found]
    return render(request, "terminology/_options.html", {"rows": rows, "text": text})


@require_safe
@web.page(None, audited=False)
def tables(request: web.PageRequest) -> HttpResponse:
    """All code tables of the house."""
    return render(request, "terminology/tables.html", {"rows": selectors.systems()})


@require_safe
@web.page(None, audited=False)
def table(request: web.PageRequest, system: str) -> HttpResponse:
    """One code table with its source; searched, sorted and paged."""
    query = web.TableQuery.parse(
        request.GET.dict(), sorts=ConceptSort, default=ConceptSort.LIST, filters={"q": None}
    )
    rows = selectors.listed(system, query.filters.get("q", ""), sort=query.sort, descending=query.descending)
    query = query.within(len(rows))
    words = {
        "system": selectors.system(system),
        "rows": rows[query.offset : query.offset + query.size],
        "query": query,
        "total": len(rows),
        "text": query.filters.get("q", ""),
    }
    return render(request, "terminology/table.html", words)
