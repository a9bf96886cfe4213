"""The handoffs behind the figures of a board, row by row."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import reduce
from operator import and_, or_

from django.db.models import Exists, Q

from yiti.foundation.access import public as access
from yiti.foundation.web import public as web
from yiti.kernel.actor import Actor
from yiti.spine.handoffs.domain import Urgency
from yiti.spine.handoffs.domain.lists import SentAsked, SentSort, WorkRow
from yiti.spine.handoffs.models import Handoff, HandoffQuerySet
from yiti.spine.handoffs.selectors.figures import known_to, led_to, was_late
from yiti.spine.handoffs.selectors.holding import NOTHING
from yiti.spine.handoffs.selectors.worklist import by, lines, with_text

_ORDER: dict[SentSort, tuple[str, ...]] = {
    SentSort.SENT: ("sent_at",),
    SentSort.DUE: ("due_at",),
    SentSort.PERSON: ("person_initials", "person_name"),
    SentSort.REQUESTER: ("requester_name",),
    SentSort.PERFORMER: ("performer_name",),
    SentSort.STATE: ("kind", "state"),
}


@access.selector
def sent_rows(
    actor: Actor, asked: SentAsked, query: web.TableQuery[SentSort], *, at: datetime
) -> tuple[list[WorkRow], int]:
    """A page of the handoffs that are meant, and how many there are in all. Two queries, and those for the
    destinations.

    Only the order and the page of `query` are used. Institutions the actor does not oversee count for
    nothing; names are masked as in the work list.
    """
    found = _matching(actor, asked, at)
    total = found.count()
    shown = query.within(total)
    names = (*_ORDER[query.sort], "id")
    page = found.order_by(*(by(name, descending=query.descending) for name in names))
    return lines(actor, page[shown.offset : shown.offset + shown.size], at), total


@access.selector
def count_sent(actor: Actor, asked: SentAsked, *, at: datetime) -> int:
    """How many handoffs are meant. One query."""
    return _matching(actor, asked, at).count()


def _matching(actor: Actor, asked: SentAsked, at: datetime) -> HandoffQuerySet:
    known = known_to(actor, asked.institutions)
    sides = reduce(or_, (Q(**{f"{side}_institution__in": known}) for side in asked.sides), NOTHING)
    wanted = reduce(and_, [sides, *_conditions(asked, at)])
    found = Handoff.objects.filter(wanted, kind__in=asked.kinds, sent_at__isnull=False)
    return with_text(found, asked.text)


def _conditions(asked: SentAsked, at: datetime) -> Iterator[Q]:
    plain = {
        "sent_at__gte": asked.since,
        "sent_at__lt": asked.until,
        "state__in": asked.states or None,
        "id__in": asked.ids,
    }
    yield Q(**{name: value for name, value in plain.items() if value is not None})
    yield ~Q(state__in=asked.other_than)
    for states in asked.reached:
        yield Q(Exists(led_to(states)))
    if asked.answer is not None:
        yield ~Q(urgency=Urgency.ROUTINE)
        if asked.late:
            yield was_late(asked.answer[0], asked.until or at)
    yield from _waiting(asked, at)


def _waiting(asked: SentAsked, at: datetime) -> Iterator[Q]:
    late = Q(due_at__lt=at)
    if asked.open or asked.pressed or asked.overdue:
        yield Q(closed_at__isnull=True)
    if asked.pressed:
        yield late | Q(soon_at__lte=at)
    if asked.overdue:
        yield late
