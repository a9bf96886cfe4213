"""Reading the trail back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Case, CharField, F, Q, QuerySet, Value, When, Window
from django.db.models.functions import Cast, Lag

from yiti.foundation.access import public as access
from yiti.foundation.audit.domain import (
    Asked,
    LookRow,
    Outcome,
    SealRow,
    SealState,
    altered,
    broken,
)
from yiti.foundation.audit.models import AuditEntry, Seal, Unsealed
from yiti.foundation.audit.registry import actions_called, buttons, reads_by_word, word_of
from yiti.kernel.actor import Actor
from yiti.kernel.clock import SHANGHAI

EVERYTHING = Asked()
ONE_LOOK = timedelta(minutes=10)

_COLUMNS = (
    "id",
    "at",
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
    return _looks(person_ids).count()


def _looks(person_ids: Collection[UUID]) -> QuerySet[AuditEntry]:
    """The rows with which a look begins."""
    named = [When(action__in=actions, then=Value(word)) for word, actions in reads_by_word().items()]
    other = When(action__startswith="read:", then=F("action"))
    before = Window(
        Lag("at", default=_LONG_AGO),
        partition_by=[F("user_id"), F("institution_id"), F("purpose"), F("outcome"), F("seen")],
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
    return _rows(_trail(actor, asked).order_by("-at", "-id"), limit, offset)


@access.selector
def count_trail(actor: Actor, asked: Asked = EVERYTHING) -> int:
    """How many rows `trail` has."""
    return _trail(actor, asked).count()


def _trail(actor: Actor, asked: Asked) -> QuerySet[AuditEntry]:
    actor.require("audit.read")
    rows = AuditEntry.objects.all()
    if asked.text:
        rows = rows.filter(_named(asked))
    if asked.outcome:
        rows = rows.filter(outcome=asked.outcome)
    if asked.since is not None:
        rows = rows.filter(at__gte=asked.since)
    return rows if asked.until is None else rows.filter(at__lt=asked.until)


def _named(asked: Asked) -> Q:
    text = asked.text
    named = Q(user_name__contains=text) | Q(action__contains=text) | Q(action__in=actions_called(text))
    return named | Q(user_id__in=asked.users) | Q(person_id__in=asked.people)


# --- the seals ------------------------------------------------------------------------------------
def last_seal() -> SealRow | None:
    """The head of the chain."""
    return next((_seal_row(found) for found in Seal.objects.order_by("-number")[:1]), None)


def entries_by_id(ids: Collection[UUID]) -> dict[UUID, dict[str, Any]]:
    """Entries with all their columns, as they are sealed and checked."""
    return {row["id"]: dict(row) for row in AuditEntry.objects.filter(id__in=ids).values()}


def _seal_row(found: Seal) -> SealRow:
    return SealRow(found.number, found.entry_ids, bytes(found.digests), bytes(found.digest))


@access.selector
def seal_state(actor: Actor) -> SealState:
    """How far the trail is sealed, for the auditor (permission `audit.read`)."""
    actor.require("audit.read")
    head = Seal.objects.order_by("-number").first()
    waiting = Unsealed.objects.count()
    if head is None:
        return SealState(0, None, "", waiting)
    return SealState(head.number, head.sealed_at, bytes(head.digest).hex(), waiting)


@access.selector
def broken_seals(actor: Actor) -> dict[str, list[str]]:
    """What is wrong with the chain, by the entry's id or the seal's number: the whole of it is read.

    Finds seals and entries that were altered or taken away, and entries that stand outside the chain.
    """
    found: defaultdict[str, list[str]] = defaultdict(list)
    before: SealRow | None = None
    for seal in map(_seal_row, Seal.objects.order_by("number").iterator(chunk_size=20)):
        if how := broken(before, seal):
            found[f"seal {seal.number}"].append(how)
        for id_, how in altered(seal, entries_by_id(seal.entry_ids)).items():
            found[str(id_)].append(how)
        before = seal
    for sql, how in _STRAY.items():
        with connection.cursor() as cursor:
            cursor.execute(sql)
            for (id_,) in cursor.fetchall():
                found[str(id_)].append(how)
    return dict(found)


_STRAY = {
    """
    SELECT id FROM audit_auditentry
    EXCEPT SELECT unnest(entry_ids) FROM audit_seal
    EXCEPT SELECT entry_id FROM audit_unsealed
    LIMIT 1000
    """: "is in no seal and does not wait for one",
    """
    SELECT entry_id FROM audit_unsealed
    EXCEPT SELECT id FROM audit_auditentry
    LIMIT 1000
    """: "waited for a seal and is missing",
}
