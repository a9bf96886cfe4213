"""Counts and times over many handoffs, for boards: of the actor's institution and those it oversees.

Nobody is named: only institutions, months, states and numbers.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncMonth

from yiti.foundation.access import public as access
from yiti.kernel.actor import Actor
from yiti.kernel.clock import SHANGHAI
from yiti.spine.handoffs.domain import Urgency
from yiti.spine.handoffs.domain.lists import AnswerTime, FlowCount
from yiti.spine.handoffs.models import Handoff, HandoffEvent, HandoffQuerySet

_MINUTE = timedelta(minutes=1)
_MONTH = TruncMonth("sent_at", tzinfo=SHANGHAI)


@access.selector
def flow_counts(
    actor: Actor,
    kind: str,
    *,
    institutions: Collection[UUID],
    since: datetime,
    until: datetime,
    reached: Mapping[str, Collection[str]],
) -> list[FlowCount]:
    """Handoffs sent in a time that one of these institutions asked for or answers, by month of sending,
    sides and state. One query.

    `reached` names groups of states; a handoff has reached a group when a step that was not taken back
    led to one of them. Institutions the actor does not oversee count for nothing.
    """
    known = known_to(actor, institutions)
    sides = Q(requester_institution__in=known) | Q(performer_institution__in=known)
    rows = (
        _sent(kind, since, until)
        .filter(sides)
        .annotate(**{f"reached_{name}": Exists(led_to(states)) for name, states in reached.items()})
        .annotate(month=_MONTH)
        .values_list(
            "month",
            "requester_institution_id",
            "performer_institution_id",
            "state",
            *(f"reached_{name}" for name in reached),
        )
        .annotate(n=Count("id"))
        .order_by("month", "requester_institution_id", "performer_institution_id", "state")
    )
    return [
        FlowCount(
            month=month.date(),
            requester_id=requester_id,
            performer_id=performer_id,
            state=state,
            reached=frozenset(name for name, is_reached in zip(reached, flags, strict=True) if is_reached),
            n=n,
        )
        for month, requester_id, performer_id, state, *flags, n in rows
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
    """How long urgent handoffs sent in a time to these institutions waited for their answer, in order of
    sending. One query.

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
            answered_at=Subquery(accepted.values("at")[:1]),
            was_late=Exists(answered_late(waiting)),
        )
        .order_by("sent_at", "id")
        .values_list("month", "sent_at", "answered_at", "was_late", "state", "due_at")
    )
    return [
        AnswerTime(
            month=month.date(),
            minutes=(answered_at - sent_at) // _MINUTE if answered_at else None,
            is_late=was_late or (state == waiting and due_at is not None and due_at < until),
        )
        for month, sent_at, answered_at, was_late, state, due_at in rows
    ]


def answered_late(waiting: str) -> QuerySet[HandoffEvent]:
    """Events of the handoff outside that ended this wait after its limit."""
    ended = HandoffEvent.objects.filter(handoff=OuterRef("pk"), from_state=waiting)
    return ended.exclude(to_state=waiting).filter(at__gt=F("due_at"))


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
