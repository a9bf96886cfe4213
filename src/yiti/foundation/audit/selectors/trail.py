"""Reading the trail back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, F, Q, QuerySet, Value, When, Window
from django.db.models.functions import Cast, Lag

from yiti.foundation.access import public as access
from yiti.foundation.audit.domain import Asked, LookRow, Outcome, Span
from yiti.foundation.audit.models import AuditEntry
from yiti.foundation.audit.registry import actions_called, buttons, closed_looks, reads_by_word, word_of
from yiti.kernel.actor import Actor, Purpose
from yiti.kernel.clock import SHANGHAI

EVERYTHING = Asked()
ONE_LOOK = timedelta(minutes=10)

_COLUMNS = (
    "id",
    "at",
    "user_id",
    "user_name",
    "institution_name",
    "action",
    "purpose",
    "outcome",
    "kind",
    "record_id",
    "person_id",
    "address",
)
_ACTION = _COLUMNS.index("action")
_LONG_AGO = datetime(1970, 1, 1, tzinfo=SHANGHAI)


@access.selector
def looks_at(
    actor: Actor, person_ids: Collection[UUID], *, limit: int = 50, offset: int = 0
) -> list[LookRow]:
    """Who opened or changed this person's record (all its ids), newest first.

    One user at one institution seeing one thing, with pauses of no more than `ONE_LOOK`, is one look:
    it has the time it began. Every change, and every attempt, is a line of its own.
    The caller has made sure that the actor may open the record itself.
    """
    return _rows(_looks(person_ids).order_by("-at", "-id"), limit, offset)


@access.selector
def count_looks_at(actor: Actor, person_ids: Collection[UUID]) -> int:
    """How many lines `looks_at` has for this person."""
    return _count_looks(person_ids)


@access.counted_of
def _count_looks(person_ids: Collection[UUID]) -> QuerySet[AuditEntry, Any]:
    return _looks(person_ids).values("pk")


@access.selector
def looks_within(actor: Actor, span: Span, *, limit: int = 50, offset: int = 0) -> list[LookRow]:
    """What one institution looked at of one person in a stretch of time, newest first (`audit.read`)."""
    actor.require("audit.read")
    looks = _inside(span.people).filter(
        institution_id=span.institution_id, at__gte=span.since, at__lt=span.until
    )
    return _rows(looks.order_by("-at", "-id"), limit, offset)


@access.selector
def count_looks_within(actor: Actor, spans: Mapping[UUID, Span]) -> dict[UUID, int]:
    """How many lines `looks_within` has for each of these, by their keys: one query (`audit.read`)."""
    actor.require("audit.read")
    people = {id_ for span in spans.values() for id_ in span.people}
    found = _inside(people).filter(
        institution_id__in={span.institution_id for span in spans.values()},
        at__gte=min((span.since for span in spans.values()), default=_LONG_AGO),
    )
    looks = list(found.values_list("person_id", "institution_id", "at"))
    return {key: sum(span.holds(*look) for look in looks) for key, span in spans.items()}


def _inside(person_ids: Collection[UUID]) -> QuerySet[AuditEntry]:
    """The looks into records, each person by itself: what is done before a closed door is none, and none is
    what an auditor does who reviews them."""
    looks = _looks(person_ids, F("person_id")).exclude(purpose=Purpose.AUDIT)
    return looks.exclude(action__in=closed_looks())


def _looks(person_ids: Collection[UUID], *apart: F) -> QuerySet[AuditEntry]:
    """The rows with which a look begins; looks that differ in a column of `apart` are two."""
    named = [When(action__in=actions, then=Value(word)) for word, actions in reads_by_word().items()]
    other = When(action__startswith="read:", then=F("action"))
    before = Window(
        Lag("at", default=_LONG_AGO),
        partition_by=[F("user_id"), F("institution_id"), F("purpose"), F("outcome"), F("seen"), *apart],
        order_by=[F("at").asc(), F("id").asc()],
    )
    return (
        AuditEntry.objects.filter(person_id__in=person_ids)
        .exclude(action__in=buttons(), outcome=Outcome.DONE)
        .annotate(seen=Case(*named, other, default=Cast("id", CharField()), output_field=CharField()))
        .annotate(before=before)
        .filter(at__gt=F("before") + ONE_LOOK)
    )


def _rows(found: QuerySet[AuditEntry], limit: int, offset: int) -> list[LookRow]:
    values = found.values_list(*_COLUMNS)[offset : offset + limit]
    return [LookRow(**dict(zip(_COLUMNS, row, strict=True)), what=word_of(row[_ACTION])) for row in values]


@access.selector
def trail(actor: Actor, asked: Asked = EVERYTHING, *, limit: int = 50, offset: int = 0) -> list[LookRow]:
    """The whole trail, newest first, for the auditor (permission `audit.read`).

    The text of `asked` is part of a user's name, of an action, or of an action's Chinese word.
    """
    return _rows(asked_entries(actor, asked).order_by("-at", "-id"), limit, offset)


@access.selector
def count_trail(actor: Actor, asked: Asked = EVERYTHING) -> int:
    """How many rows `trail` has."""
    return asked_entries(actor, asked).count()


def asked_entries(actor: Actor, asked: Asked) -> QuerySet[AuditEntry]:
    """The entries that `asked` means, in no order (permission `audit.read`)."""
    actor.require("audit.read")
    rows = AuditEntry.objects.all()
    if asked.text:
        rows = rows.filter(_named(asked))
    if asked.user_id:
        rows = rows.filter(user_id=asked.user_id)
    if asked.outcome:
        rows = rows.filter(outcome=asked.outcome)
    if asked.since is not None:
        rows = rows.filter(at__gte=asked.since)
    return rows if asked.until is None else rows.filter(at__lt=asked.until)


def _named(asked: Asked) -> Q:
    text = asked.text
    named = Q(user_name__contains=text) | Q(action__contains=text) | Q(action__in=actions_called(text))
    return named | Q(user_id__in=asked.users) | Q(person_id__in=asked.people)
