"""Counts and times over many handoffs, for boards: of the actor's institution and those it oversees.

Nobody is named: only institutions, months, states and numbers.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Aggregate, Count, Exists, F, FloatField, Func, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncMonth

from yiti.foundation.access import public as access
from yiti.kernel.actor import Actor
from yiti.kernel.clock import SHANGHAI
from yiti.spine.handoffs.domain import Urgency
from yiti.spine.handoffs.domain.lists import AnswerTime, FlowCount
from yiti.spine.handoffs.models import Handoff, HandoffEvent, HandoffQuerySet

_MONTH = TruncMonth("sent_at", tzinfo=SHANGHAI)


@access.selector
def flow_counts(
    actor: Actor,
    kind: str,
    *,
    institutions: Collection[UUID],
    since: datetime,
    until: datetime,
    reached: Collection[str],
) -> list[FlowCount]:
    """Handoffs sent in a time that one of these institutions asked for or answers, by month of sending,
    sides and state, and by which of the states `reached` they have come to. One query.

    A state is reached when a step that was not taken back led to it. Institutions the actor does not oversee
    count for nothing.
    """
    known = known_to(actor, institutions)
    sides = Q(requester_institution__in=known) | Q(performer_institution__in=known)
    states = led_to(reached).order_by("to_state").distinct().values("to_state")
    rows = (
        _sent(kind, since, until)
        .filter(sides)
        .annotate(month=_MONTH, reached=ArraySubquery(states))
        .values_list("month", "requester_institution_id", "performer_institution_id", "state", "reached")
        .annotate(n=Count("id"))
        .order_by("month", "requester_institution_id", "performer_institution_id", "state", "reached")
    )
    return [
        FlowCount(month.date(), requester_id, performer_id, state, frozenset(reached), n)
        for month, requester_id, performer_id, state, reached, n in rows
    ]


@access.selector
def answer_times(
    actor: Actor,
    kind: str,
    *,
    performers: Collection[UUID],
    since: datetime,
    until: datetime,
    answer: tuple[str, str],
) -> list[AnswerTime]:
    """How long urgent handoffs sent in a time to these institutions waited for their answer, by month of
    sending, the earliest first. One query.

    `answer` is the state they wait in and the one they are answered with. Late is what overran the limit
    of that wait, answered or not.
    """
    known = known_to(actor, performers)
    waiting, answered = answer
    accepted = led_to([answered]).filter(from_state=waiting, at__lt=until).order_by("seq")
    rows = (
        _sent(kind, since, until)
        .filter(performer_institution__in=known)
        .exclude(urgency=Urgency.ROUTINE)
        .annotate(
            month=_MONTH,
            minutes=_Minutes(Subquery(accepted.values("at")[:1]) - F("sent_at")),
        )
        .values_list("month")
        .annotate(
            median=_Median("minutes"),
            cases=Count("id"),
            late=Count("id", filter=was_late(waiting, until)),
        )
        .order_by("month")
    )
    return [AnswerTime(month.date(), median, cases, late) for month, median, cases, late in rows]


class _Minutes(Func):
    """The whole minutes of a span of time."""

    template = "FLOOR(EXTRACT(EPOCH FROM %(expressions)s) / 60)"
    output_field = FloatField()


class _Median(Aggregate):
    """The middle of the values there are; between two, halfway."""

    template = "PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


def was_late(waiting: str, until: datetime) -> Q:
    """What overran the limit of this wait by then: ended after it, or not ended yet."""
    ended = HandoffEvent.objects.filter(handoff=OuterRef("pk"), from_state=waiting)
    late = ended.exclude(to_state=waiting).filter(at__gt=F("due_at"))
    return Q(Exists(late)) | Q(state=waiting, due_at__lt=until)


def known_to(actor: Actor, institutions: Collection[UUID]) -> list[UUID]:
    """Those of the institutions that are the actor's own or overseen by it."""
    return [each for each in institutions if actor.sees(each)]


def _sent(kind: str, since: datetime, until: datetime) -> HandoffQuerySet:
    return Handoff.objects.filter(kind=kind, sent_at__gte=since, sent_at__lt=until)


def led_to(states: Collection[str]) -> QuerySet[HandoffEvent]:
    """Steps of the handoff outside that led to one of these states and were not taken back."""
    undone = HandoffEvent.objects.filter(handoff=OuterRef("handoff"), undoes=OuterRef("seq"))
    return HandoffEvent.objects.filter(
        ~Exists(undone), ~Q(from_state=F("to_state")), handoff=OuterRef("pk"), to_state__in=states
    )
