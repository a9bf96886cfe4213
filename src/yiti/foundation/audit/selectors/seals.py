"""Reading the chain of seals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from yiti.foundation.access import public as access
from yiti.foundation.audit.domain import (
    BEFORE_THE_FIRST,
    Asked,
    Evidence,
    Fit,
    SealRow,
    SealState,
    altered,
    broken,
)
from yiti.foundation.audit.models import AuditEntry, Seal, Unsealed
from yiti.foundation.audit.selectors.trail import asked_entries
from yiti.kernel.actor import Actor


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
    """How far the trail is sealed, for the auditor (permission `audit.read`) and for the system."""
    if not actor.can("system"):
        actor.require("audit.read")
    head = Seal.objects.order_by("-number").first()
    waiting = Unsealed.objects.count()
    if head is None:
        return SealState(0, None, "", waiting)
    return SealState(head.number, head.sealed_at, bytes(head.digest).hex(), waiting)


@access.selector
def fit_of(actor: Actor, number: int, digest: str) -> Fit:
    """How a kept head compares with the chain (permission `audit.read`). `digest` is hex, in any groups."""
    actor.require("audit.read")
    found = Seal.objects.filter(number=number).values_list("digest", flat=True).first()
    if found is None:
        return Fit.UNKNOWN
    return Fit.FITS if bytes(found).hex() == "".join(digest.split()).lower() else Fit.DIFFERS


@access.selector
def evidence(actor: Actor, asked: Asked, *, limit: int) -> Evidence:
    """The entries asked for, oldest first, with the seals that cover them (permission `audit.read`).

    Four queries. Seals are looked for from a day before the first entry on: clocks of two hosts may differ.
    """
    entries: list[dict[str, Any]] = [
        dict(row) for row in asked_entries(actor, asked).order_by("at", "id").values()[:limit]
    ]
    ids = [entry["id"] for entry in entries]
    if not ids:
        return Evidence([], [], 0)
    since = entries[0]["at"] - timedelta(days=1)
    covering = Seal.objects.filter(sealed_at__gte=since, entry_ids__overlap=ids).order_by("number")
    seals = [_seal_row(found) for found in covering]
    before = dict(
        Seal.objects.filter(number__in=[seal.number - 1 for seal in seals]).values_list("number", "digest")
    )
    sealed = {id_ for seal in seals for id_ in seal.entry_ids}
    kept = [entry for entry in entries if entry["id"] in sealed]
    pairs = [(bytes(before.get(seal.number - 1, BEFORE_THE_FIRST)), seal) for seal in seals]
    return Evidence(kept, pairs, len(entries) - len(kept))


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
