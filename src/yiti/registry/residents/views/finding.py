"""Finding people: the list, the search of the top bar, the pickers of forms."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from yiti.foundation.web import public as web
from yiti.kernel.clock import local_date
from yiti.registry.facilities import public as facilities
from yiti.registry.residents.domain import CardHit
from yiti.registry.residents.domain.places import fits_place
from yiti.registry.residents.domain.query import LONGEST_QUERY
from yiti.registry.residents.selectors import search_cards

ON_A_PAGE = 50
OPTIONS = 12
PICKER = "X-Yiti-Picker"


def _typed(request: web.PageRequest) -> str:
    return request.GET.get("q", "").strip()[:LONGEST_QUERY]


@require_safe
@web.page("residents.search")
def people(request: web.PageRequest) -> HttpResponse:
    """The list of people: empty until something is typed, then what fits, best first."""
    web.touch(request, kind="residents.card")
    text, village_id = _typed(request), _village(request)
    hits = search_cards(request.actor, text, limit=ON_A_PAGE, village_id=village_id)
    words = {
        "text": text,
        "village_id": village_id,
        "villages": _own_villages(request),
        "lines": _lines(request, hits),
        "is_full": len(hits) == ON_A_PAGE,
    }
    return render(request, "residents/people.html", words)


def _lines(request: web.PageRequest, hits: list[CardHit]) -> list[tuple[CardHit, str]]:
    """Each hit with the age it has today."""
    today = local_date(request.at)
    return [(hit, hit.age_text(today)) for hit in hits]


def _village(request: web.PageRequest) -> UUID | None:
    try:
        return UUID(request.GET.get("village", ""))
    except ValueError:
        return None


def _own_villages(request: web.PageRequest) -> list[facilities.RegionRow]:
    return facilities.villages_of(request.actor.institution_id)


@require_safe
@web.page("residents.search")
def find(request: web.PageRequest) -> HttpResponse:
    """The search of the top bar: options as one types; Enter without a choice opens the list."""
    text = _typed(request)
    if PICKER not in request.headers:
        return HttpResponseRedirect(f"{resolve_url('residents:people')}?{urlencode({'q': text})}")
    return _options(request, text, opens=True)


@require_safe
@web.page("residents.search")
def pick(request: web.PageRequest) -> HttpResponse:
    """People to choose from in a form: those whose records are closed can be seen, not chosen."""
    return _options(request, _typed(request), opens=False)


def _options(request: web.PageRequest, text: str, *, opens: bool) -> HttpResponse:
    web.touch(request, kind="residents.card")
    hits = search_cards(request.actor, text, limit=OPTIONS)
    words = {"lines": _lines(request, hits), "text": text, "opens": opens}
    return render(request, "residents/_options.html", words)


@require_safe
@web.page("residents.search", audited=False)
def villages(request: web.PageRequest) -> HttpResponse:
    """Villages of the county that fit what was typed, as the options of a picker. Says nothing of people."""
    text = _typed(request).lower()
    known = facilities.regions_in("", facilities.RegionLevel.VILLAGE)
    fitting = [each for each in known if fits_place(each.name, text)][:OPTIONS]
    return render(request, "residents/_villages.html", {"villages": fitting, "text": text})
