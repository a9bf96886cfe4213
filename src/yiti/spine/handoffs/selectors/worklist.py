"""The work list: open handoffs of the actor's institution, by clock, with tabs and filters.

Every open handoff stands in the list of each of its sides, once: the institution's, and inside it in
exactly one desk (a person's, a department's, or the institution's own).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.db.models import Count, Expression, F, OrderBy, Q, QuerySet, Value

from yiti.foundation.access import public as access
from yiti.foundation.web import public as web
from yiti.kernel.actor import NOBODY, Actor
from yiti.kernel.clock import SHANGHAI, local_date
from yiti.spine.handoffs.domain import HandoffKind, HandoffRow, Urgency, all_kinds, sides_of
from yiti.spine.handoffs.domain.lists import (
    DONE_TODAY,
    Choices,
    Desk,
    StateCount,
    WorkRow,
    WorkSort,
    WorkTab,
    clock_of,
    masked,
    tabs_of,
)
from yiti.spine.handoffs.models import Handoff, HandoffQuerySet
from yiti.spine.handoffs.selectors.holding import NOTHING, at_desk, waits_for_me
from yiti.spine.handoffs.selectors.reading import as_row, with_destinations

Query = web.TableQuery[WorkSort]
_Counted = tuple[str, str, bool, int, int]

_ORDER: dict[WorkSort, tuple[str, ...]] = {
    WorkSort.DUE: ("due_at",),
    WorkSort.OPENED: ("opened_at",),
    WorkSort.PERSON: ("person_initials", "person_name"),
    WorkSort.REQUESTER: ("requester_name",),
    WorkSort.STATE: ("kind", "state"),
}


@access.selector
def worklist(actor: Actor, query: Query, *, at: datetime) -> tuple[list[WorkRow], int]:
    """A page of the work list, and how many rows there are in all. Two queries, and
    those for the destinations.

    Needs `handoffs.read`. Filters are `WORK_FILTERS`. Names are masked for those who only oversee, and
    for those who may take no part in handoffs of that kind.
    """
    actor.require("handoffs.read")
    found = _matching(actor, query, at)
    total = found.count()
    shown = query.within(total)
    page = _ordered(found, query)[shown.offset : shown.offset + shown.size]
    return lines(actor, page, at), total


def lines(actor: Actor, found: Iterable[Handoff], at: datetime) -> list[WorkRow]:
    """Lines of a list, with where the person goes."""
    page = list(found)
    rows = with_destinations([as_row(each) for each in page])
    return [_line(actor, row, each.waits_for, at) for row, each in zip(rows, page, strict=True)]


def _line(actor: Actor, row: HandoffRow, waits_for: str, at: datetime) -> WorkRow:
    """A line: names are masked for those who have no business with the person."""
    theirs = sides_of(row, actor)
    mine = {getattr(row, f"{side}_staff_id") for side in theirs}
    return WorkRow(
        handoff=row if theirs and row.kind.concerns(actor) else masked(row),
        clock=clock_of(row, at),
        is_my_turn=waits_for in theirs,
        is_mine=not mine.isdisjoint(actor.hands),
    )


@access.selector
def count_news(actor: Actor, query: Query, *, since: datetime, at: datetime) -> int:
    """How many rows of this list came to their state after `since`, for the bar above a list being read."""
    return _matching(actor, query, at).filter(state_since__gt=since).count()


@access.selector
def tab_counts(actor: Actor, *, over: bool = False, at: datetime) -> list[WorkTab]:
    """The tabs of the kinds the actor may take part in, with their counts. One query.

    What is late, on whichever side, is read from the clock as in the rows, not from the worker's marks.
    """
    theirs = Handoff.objects.of_sides(_places(actor, over=over))
    late = Count("id", filter=Q(due_at__lt=at))
    # two halves, so that each finds its own index
    waiting = _by_state(theirs.open(), is_done=False, late=late)
    done = _by_state(theirs.filter(closed_at__gte=_midnight(at)), is_done=True, late=Value(0))
    rows = list(waiting.union(done, all=True))
    counts = [StateCount(kind, state, n, late_n) for kind, state, is_done, n, late_n in rows if not is_done]
    done_today = sum(n for _, _, is_done, n, _ in rows if is_done)
    return tabs_of(_kinds_of(actor), counts, done_today=done_today)


def _by_state(found: HandoffQuerySet, *, is_done: bool, late: Expression) -> QuerySet[Handoff, _Counted]:
    grouped = found.values("kind", "state").annotate(is_done=Value(is_done), n=Count("id"), late=late)
    return grouped.values_list("kind", "state", "is_done", "n", "late").order_by()


def _kinds_of(actor: Actor) -> list[HandoffKind]:
    return [kind for kind in all_kinds() if kind.concerns(actor)]


@access.selector
def choices(actor: Actor, *, over: bool = False) -> Choices:
    """What the filters of the list offer. One query."""
    rows = (
        Handoff.objects.of_sides(_places(actor, over=over))
        .open()
        .values_list(
            "requester_institution_id",
            "requester_name",
            "requester_level",
            "performer_department_id",
            "department_name",
        )
        .distinct()
        .order_by()
    )
    places = {row[0]: row[:3] for row in rows}
    rooms = {row[3]: row[3:] for row in rows if row[3] is not None}
    return Choices(
        institutions=tuple(sorted(places.values(), key=lambda place: place[1])),
        departments=tuple(sorted(rooms.values(), key=lambda room: room[1])),
    )


@access.selector
@access.counted
def count_turns(actor: Actor) -> QuerySet[Handoff, Any]:
    """How many open handoffs wait for the actor: the red count of the rail."""
    return Handoff.objects.open().filter(waits_for_me(actor)).values("pk")


def _places(actor: Actor, *, over: bool) -> Collection[UUID]:
    return {actor.institution_id, *(actor.oversees if over else ())}


def _matching(actor: Actor, query: Query, at: datetime) -> HandoffQuerySet:
    filters = query.filters
    found = Handoff.objects.of_sides(_places(actor, over="over" in filters))
    found = _in_tab(found, filters.get("tab", ""), at)
    if desk := filters.get("desk"):
        found = found.filter(at_desk(actor, Desk(desk)))
    if "urgent" in filters:
        found = found.exclude(urgency=Urgency.ROUTINE)
    if "today" in filters:
        found = found.filter(opened_at__gte=_midnight(at))
    for name, column in (("institution", "requester_institution"), ("department", "performer_department")):
        if (wanted := filters.get(name)) is not None:
            found = found.filter(**{column: _uuid(wanted)})
    return with_text(found, filters.get("q", ""))


def _in_tab(found: HandoffQuerySet, tab: str, at: datetime) -> HandoffQuerySet:
    if tab == DONE_TODAY:
        return found.filter(closed_at__gte=_midnight(at))
    wanted = NOTHING
    for kind in all_kinds():
        states = {state for each in kind.tabs if each.key == tab for state in each.states}
        if states:
            wanted |= Q(kind=kind.code, state__in=states)
    return found.open().filter(wanted) if tab else found.open()


def with_text(found: HandoffQuerySet, text: str) -> HandoffQuerySet:
    """By name, by the first letters of the name, or by the end of the number."""
    if not text:
        return found
    if text.isascii():
        return found.filter(Q(person_initials__startswith=text.lower()) | Q(number__endswith=text.upper()))
    return found.filter(person_name__contains=text)


def _ordered(found: HandoffQuerySet, query: Query) -> HandoffQuerySet:
    if query.filters.get("tab") == DONE_TODAY and query.sort is WorkSort.DUE:
        return found.order_by("-closed_at", "-id")
    names = (*_ORDER[query.sort], "id")
    return found.order_by(*(by(name, descending=query.descending) for name in names))


def by(name: str, *, descending: bool) -> OrderBy:
    """Order by a column, unknown values last."""
    return F(name).desc(nulls_first=True) if descending else F(name).asc(nulls_last=True)


def _midnight(at: datetime) -> datetime:
    """When the county's present day began."""
    return datetime.combine(local_date(at), time(), SHANGHAI)


def _uuid(text: str) -> UUID:
    """The id a filter asks for; one that nothing has for anything that is no id."""
    try:
        return UUID(text)
    except ValueError:
        return NOBODY
