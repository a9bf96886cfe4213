"""Two records that are one person, and the way back (decision 9)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from yiti.foundation.access import public as access
from yiti.foundation.audit import public as audit
from yiti.foundation.outbox import public as outbox
from yiti.kernel.actor import Actor
from yiti.kernel.errors import Conflict, InvalidInput, NotFound
from yiti.kernel.ids import new_id
from yiti.kernel.text import N_
from yiti.registry.residents.commands.access import copy_for, end_now
from yiti.registry.residents.commands.reviewing import (
    decide,
    ensure_open_for_good,
    ensure_undecided,
    keep_apart,
    lock_pair_of,
)
from yiti.registry.residents.domain import (
    RESIDENT_NUMBERS,
    PairState,
    PersonMerged,
    PersonUnmerged,
    clean_reason,
)
from yiti.registry.residents.models import Card, Identifier, Merge, RecordAccess, Resident
from yiti.registry.residents.selectors import aliases


@access.command
def merge_persons(*, actor: Actor, absorbed_id: UUID, kept_id: UUID, reason: str, at: datetime) -> UUID:
    """Read two records as one from now on, under `kept_id`; both keep their rows. Gives the merge.

    Every institution that may open one of them may then open both. Sent again, it answers as the first time.
    A pair of the two that waits for a decision has it. Raises NotFound unless both are open to the actor,
    InvalidInput, Conflict when one is open by an emergency only or merged already, when only one of them is
    dead, when their identity cards differ, or when somebody has found them to be two people.
    """
    actor.require("residents.merge")
    if absorbed_id == kept_id:
        raise InvalidInput(N_("这是同一份档案"), field="kept")
    why = clean_reason(reason)
    absorbed, kept = _lock_both(actor, absorbed_id, kept_id)
    if absorbed.merged_into_id == kept_id:
        return Merge.objects.get(absorbed_id=absorbed_id, unmerged_at__isnull=True).pk
    if absorbed.merged_into_id or kept.merged_into_id:
        raise Conflict(N_("其中一份已经合并过，请刷新后再看"))
    if absorbed.is_deceased != kept.is_deceased:
        raise Conflict(N_("一份已登记死亡，另一份没有。先核对，再合并"))
    pair = lock_pair_of(absorbed_id, kept_id)
    if pair is not None:
        ensure_undecided(pair)
    one, other = aliases(absorbed_id), aliases(kept_id)
    _ensure_one_number([*one, *other])
    merge_id = new_id()
    Card.objects.filter(pk=absorbed_id).update(merged_into_id=kept_id)
    Merge.objects.bulk_create(
        [
            Merge(
                id=merge_id,
                absorbed_id=absorbed_id,
                kept_id=kept_id,
                reason=why,
                merged_at=at,
                merged_by=actor.user_id,
                merged_by_name=actor.name,
            )
        ]
    )
    if pair is not None:
        decide(pair, PairState.MERGED, actor=actor, reason=why, at=at)
    _share_access(one, other, at)
    audit.note(
        actor,
        "residents.merge_persons",
        kind="residents.merge",
        record_id=merge_id,
        person_id=kept_id,
        at=at,
        detail={"absorbed": str(absorbed_id), "reason": why},
    )
    outbox.record(PersonMerged(merge_id=merge_id, absorbed_id=absorbed_id, kept_id=kept_id, merged_at=at))
    return merge_id


def _lock_both(actor: Actor, absorbed_id: UUID, kept_id: UUID) -> tuple[Card, Card]:
    """Both records and cards, locked in the order of their ids so that two merges cannot wait for
    each other."""
    ids = [absorbed_id, kept_id]
    if len(Resident.objects.select_for_update().filter(pk__in=ids).order_by("pk")) != len(ids):
        raise NotFound
    ensure_open_for_good(actor, ids)
    cards = {each.pk: each for each in Card.objects.select_for_update().filter(pk__in=ids).order_by("pk")}
    return cards[absorbed_id], cards[kept_id]


def _ensure_one_number(ids: Collection[UUID]) -> None:
    found = Identifier.objects.live().filter(person_id__in=ids, kind__in=RESIDENT_NUMBERS)
    if found.values("number").distinct().count() > 1:
        raise Conflict(N_("两份档案的身份证号不同。先核对，把错的那个号停用，再合并"))


def _share_access(one: Collection[UUID], other: Collection[UUID], at: datetime) -> None:
    """Copy each side's live accesses to the other; what the other has for the same work stays as it is."""
    originals = RecordAccess.objects.live(at).filter(person_id__in=[*one, *other], copy_of__isnull=True)
    copies = [copy_for(each, id_) for each in originals for id_ in (other if each.person_id in one else one)]
    RecordAccess.objects.bulk_create(copies, ignore_conflicts=True)


@access.command
def unmerge(*, actor: Actor, merge_id: UUID, reason: str, at: datetime) -> None:
    """Take a merge back: they are two people, and are not put up as one again. Nothing happens the second
    time.

    Raises NotFound, InvalidInput.
    """
    actor.require("residents.merge")
    why = clean_reason(reason)
    found = Merge.objects.select_for_update().filter(pk=merge_id).first()
    if found is None:
        raise NotFound
    if found.unmerged_at is not None:
        return
    _lock_both(actor, found.absorbed_id, found.kept_id)
    everybody = aliases(found.kept_id)
    Card.objects.filter(pk=found.absorbed_id).update(merged_into_id=None)
    split = aliases(found.absorbed_id)
    rest = everybody - split
    Merge.objects.filter(pk=merge_id).update(unmerged_at=at, unmerged_by=actor.user_id, unmerge_reason=why)
    keep_apart(found.absorbed_id, found.kept_id, actor=actor, reason=why, at=at)
    audit.note(
        actor,
        "residents.unmerge",
        kind="residents.merge",
        record_id=merge_id,
        person_id=found.kept_id,
        at=at,
        detail={"absorbed": str(found.absorbed_id), "reason": why},
    )
    outbox.record(
        PersonUnmerged(
            merge_id=merge_id, absorbed_id=found.absorbed_id, kept_id=found.kept_id, unmerged_at=at
        )
    )
    over = Q(person_id__in=split, copy_of__person_id__in=rest)
    back = Q(person_id__in=rest, copy_of__person_id__in=split)
    crossing = RecordAccess.objects.filter(over | back)
    end_now(Q(pk__in=crossing.values("pk")), at)
