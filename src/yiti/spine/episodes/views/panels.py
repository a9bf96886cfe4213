"""Fragments on the resident's page, and the page of all vital signs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from yiti.foundation.web import public as web
from yiti.registry.residents import public as residents
from yiti.spine.episodes import selectors
from yiti.spine.episodes.domain import EntryKind, VitalKind
from yiti.spine.episodes.domain.rows import VitalSeries
from yiti.spine.episodes.domain.timeline import Window, known_sorts
from yiti.spine.episodes.views.answers import READ, WRITE, person_words

STEP, MOST = 10, 200
ON_PAPER = 12
YEAR = timedelta(days=366)
IN_SIGHT = (
    VitalKind.SYSTOLIC,
    VitalKind.DIASTOLIC,
    VitalKind.GLUCOSE_FASTING,
    VitalKind.GLUCOSE_RANDOM,
    VitalKind.HEART_RATE,
)
MOST_IN_SIGHT = 3


@require_safe
@web.page(READ)
def thread(request: web.PageRequest, person_id: UUID) -> HttpResponse:
    """The thread of a person: `kind` one sort of entries, `all=1` older than a year too, `shown` how many."""
    web.touch(request, kind="episodes.thread", person_id=person_id)
    kind = request.GET.get("kind", "")
    chosen = EntryKind(kind) if kind in set(EntryKind) else None
    everything = request.GET.get("all") == "1"
    shown = min(MOST, _whole(request.GET.get("shown"), STEP))
    window = Window(
        limit=shown,
        since=None if everything else request.at - YEAR,
        kinds=frozenset({chosen} if chosen else ()),
    )
    found = selectors.timeline(request.actor, person_id, window)
    nothing_here = not found.groups
    words = {
        "person_id": person_id,
        "thread": found,
        "is_empty": nothing_here and not selectors.timeline(request.actor, person_id, Window(limit=1)).groups,
        "may_write": request.actor.can(WRITE),
        "kinds": known_sorts(),
        "chosen": chosen,
        "everything": everything,
        "step": STEP,
        "next_shown": min(MOST, shown + STEP),
        "may_show_more": shown < MOST,
        "at": request.at,
    }
    return render(request, "episodes/_thread.html", words)


def _whole(typed: str | None, default: int) -> int:
    return int(typed) if typed and typed.isascii() and typed.isdigit() and len(typed) < 5 else default


@require_safe
@web.page(WRITE)
def action(request: web.PageRequest, person_id: UUID) -> HttpResponse:
    """The button that begins a visit, for the header of the record page."""
    web.touch(request, kind="episodes.visit", person_id=person_id)
    person = residents.person(request.actor, person_id)
    return render(request, "episodes/_action.html", {"person_id": person.id})


@require_safe
@web.page(READ)
def side_vitals(request: web.PageRequest, person_id: UUID) -> HttpResponse:
    """The vital signs that matter most, as lines with their target."""
    web.touch(request, kind="episodes.vitals", person_id=person_id)
    series = selectors.vitals(request.actor, person_id, request.at, kinds=IN_SIGHT)
    words = {"person_id": person_id, "series": series[:MOST_IN_SIGHT], "n": _most(series[:MOST_IN_SIGHT])}
    return render(request, "episodes/_side_vitals.html", words)


def _most(series: Sequence[VitalSeries]) -> int:
    """How many readings the longest line has."""
    return max((len(each.readings) for each in series), default=0)


@require_safe
@web.page(READ)
def side_medications(request: web.PageRequest, person_id: UUID) -> HttpResponse:
    """What the person takes now."""
    web.touch(request, kind="episodes.medications", person_id=person_id)
    words = {"medications": selectors.medications(request.actor, person_id), "at": request.at}
    return render(request, "episodes/_side_medications.html", words)


@require_safe
@web.page(READ)
def summary(request: web.PageRequest, person_id: UUID) -> HttpResponse:
    """打印摘要: who it is, what must be in sight, and the last entries of the thread, on one A4."""
    web.touch(request, kind="episodes.summary", person_id=person_id)
    words = {
        **person_words(request, person_id),
        "medications": selectors.medications(request.actor, person_id),
        "series": selectors.vitals(request.actor, person_id, request.at),
        "thread": selectors.timeline(request.actor, person_id, Window(limit=ON_PAPER)),
        "back_url": reverse("residents:record", args=[person_id]),
        "at": request.at,
    }
    return render(request, "episodes/summary.html", words)


@require_safe
@web.page(READ)
def vitals(request: web.PageRequest, person_id: UUID) -> HttpResponse:
    """All vital signs: a line each with the last values, and the table behind them."""
    web.touch(request, kind="episodes.vitals", person_id=person_id)
    series = selectors.vitals(request.actor, person_id, request.at)
    words = {
        **person_words(request, person_id),
        "series": series,
        "n": _most(series),
        "sets": selectors.vital_sets(request.actor, person_id, request.at),
        "kinds": list(VitalKind),
        "at": request.at,
    }
    return render(request, "episodes/vitals.html", words)
