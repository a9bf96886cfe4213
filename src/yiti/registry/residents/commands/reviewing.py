"""Likely duplicates of the whole index: found by night, decided by people."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import numpy as np
from django.db.models import QuerySet

from yiti.foundation.access import public as access
from yiti.foundation.audit import public as audit
from yiti.kernel.actor import Actor
from yiti.kernel.clock import local_date
from yiti.kernel.errors import Conflict, NotFound
from yiti.kernel.text import N_
from yiti.registry.residents.domain import PairState, clean_reason
from yiti.registry.residents.domain.linking.columns import Column
from yiti.registry.residents.domain.linking.model import Model
from yiti.registry.residents.domain.linking.people import COMPARISONS, Linked, link
from yiti.registry.residents.domain.matching import Agreements, agreements, points
from yiti.registry.residents.models import DuplicatePair, LinkModel, LinkShare, LinkWeight, RecordAccess
from yiti.registry.residents.selectors import identities, match_policy
from yiti.registry.residents.selectors.linking import SHARED, whole_index

REVIEW = "residents.review_index"
_KIND = "residents.duplicate_pair"
_BATCH = 2_000
_Pair = tuple[UUID, UUID]


@dataclass(frozen=True, slots=True)
class _Proposal:
    points: int
    levels: Agreements


@access.command
def review_index(*, actor: Actor, at: datetime) -> int:
    """Go through the whole index: learn its weights anew and put up pairs that are likely one person; how
    many pairs are open now.

    What was decided stays decided; what is no longer likely is taken from the list. Runs in the worker, as
    the system, one at a time.
    """
    actor.require("system")
    access.lock_by_name(REVIEW)
    ids, written = whole_index()
    if not ids:
        return 0
    people = written.columns()
    linked = link(people)
    keep_model(linked.model, people, at)
    proposals = _proposals(ids, linked, match_policy(local_date(at)).review_from)
    added = _propose(proposals, at)
    open_pairs = DuplicatePair.objects.filter(state=PairState.OPEN).count()
    detail: audit.Detail = {"people": len(ids), "added": added, "open": open_pairs}
    audit.note(actor, REVIEW, kind=_KIND, record_id=None, at=at, detail=detail)
    return open_pairs


def keep_model(model: Model, people: Mapping[str, Column], at: datetime) -> None:
    """Let the desk weigh by this from now on (participant)."""
    access.ensure_in_transaction()
    LinkModel.objects.all().delete()
    kept = LinkModel.objects.create(fitted_at=at, people=model.people, prior=model.prior)
    LinkWeight.objects.bulk_create(
        LinkWeight(model=kept, comparison=each.name, level=level, agree=agree, chance=chance)
        for each in COMPARISONS
        for level, agree, chance in zip(
            each.levels, model.weights[each.name].agree, model.weights[each.name].chance, strict=True
        )
    )
    LinkShare.objects.bulk_create(
        (
            LinkShare(model=kept, property=name, value=value, people=int(count))
            for name in SHARED
            for value, count in zip(people[name].texts.tolist(), people[name].people.tolist(), strict=True)
        ),
        batch_size=_BATCH,
    )


def _proposals(ids: list[UUID], linked: Linked, least: int) -> dict[_Pair, _Proposal]:
    """Likely pairs by the ids they are read under; of records merged already, the best pair counts."""
    levels = np.stack([linked.compared[each.name].levels for each in COMPARISONS], axis=1)
    likely = np.flatnonzero((linked.probability >= (least - 1) / 100) | (levels[:, 0] == 0))
    pairs = [
        (ids[one], ids[other]) for one, other in zip(linked.one[likely], linked.other[likely], strict=True)
    ]
    roots = identities({id_ for pair in pairs for id_ in pair}).canonical
    found: dict[_Pair, _Proposal] = {}
    for pair, probability, row in zip(
        pairs, linked.probability[likely], levels[likely].tolist(), strict=True
    ):
        low, high = sorted(roots[id_] for id_ in pair)
        proposal = _Proposal(points(float(probability), agreements(row)), agreements(row))
        if low != high and proposal.points >= least and proposal.points > _points(found.get((low, high))):
            found[low, high] = proposal
    return found


def _points(proposal: _Proposal | None) -> int:
    return proposal.points if proposal else -1


def _propose(proposals: Mapping[_Pair, _Proposal], at: datetime) -> int:
    """Bring the list in step with what is likely now; how many pairs are new on it."""
    known = {(row.one_id, row.other_id): row for row in DuplicatePair.objects.iterator(_BATCH)}
    waiting = {pair: row for pair, row in known.items() if row.state in (PairState.OPEN, PairState.GONE)}
    gone = [row.pk for pair, row in waiting.items() if row.state == PairState.OPEN and pair not in proposals]
    _undecided(gone).update(state=PairState.GONE)
    for pair, row in waiting.items():
        if pair in proposals and _differs(row, proposals[pair]):
            _undecided([row.pk]).update(state=PairState.OPEN, **_columns(proposals[pair]))
    new = [
        DuplicatePair(one_id=pair[0], other_id=pair[1], state=PairState.OPEN, found_at=at, **_columns(each))
        for pair, each in proposals.items()
        if pair not in known
    ]
    DuplicatePair.objects.bulk_create(new, batch_size=_BATCH, ignore_conflicts=True)
    return len(new)


def _undecided(ids: Collection[UUID]) -> QuerySet[DuplicatePair]:
    """Of these, what nobody has decided meanwhile."""
    return DuplicatePair.objects.filter(pk__in=ids, state__in=[PairState.OPEN, PairState.GONE])


def _columns(proposal: _Proposal) -> dict[str, object]:
    levels = {f"{each.name}_level": proposal.levels.get(each.name, "") for each in COMPARISONS}
    return {"points": proposal.points, **levels}


def _differs(row: DuplicatePair, proposal: _Proposal) -> bool:
    values = _columns(proposal).items()
    return row.state != PairState.OPEN or any(getattr(row, column) != value for column, value in values)


@access.command
def mark_different(*, actor: Actor, pair_id: UUID, reason: str, at: datetime) -> None:
    """They are two people: never put up again. Sent again by the same person it answers as the first time.

    Raises NotFound, InvalidInput, Conflict when it was decided otherwise or both records are not open.
    """
    actor.require("residents.merge")
    why = clean_reason(reason)
    pair = _lock_pair(pair_id)
    if pair.state == PairState.DIFFERENT and pair.decided_by == actor.user_id:
        return
    ensure_undecided(pair)
    ensure_open_for_good(actor, [pair.one_id, pair.other_id])
    decide(pair, PairState.DIFFERENT, actor=actor, reason=why, at=at)
    _note(actor, "residents.mark_different", pair, at, {"reason": why})


@access.command
def reopen_pair(*, actor: Actor, pair_id: UUID, at: datetime) -> None:
    """Take back that they are two people: the pair waits again. Nothing happens to one that waits.

    Raises NotFound, Conflict for a merged one, whose way back is un-merging.
    """
    actor.require("residents.merge")
    pair = _lock_pair(pair_id)
    if pair.state == PairState.OPEN:
        return
    if pair.state != PairState.DIFFERENT:
        raise Conflict(N_("这两份已经不在待核对里，请刷新后再看"))
    ensure_open_for_good(actor, [pair.one_id, pair.other_id])
    pair.state, pair.decided_at, pair.decided_by, pair.decided_by_name, pair.reason = (
        PairState.OPEN,
        None,
        None,
        "",
        "",
    )
    pair.save(update_fields=_DECISION)
    _note(actor, "residents.reopen_pair", pair, at)


_DECISION = ["state", "decided_at", "decided_by", "decided_by_name", "reason"]


def _lock_pair(pair_id: UUID) -> DuplicatePair:
    found = DuplicatePair.objects.select_for_update().filter(pk=pair_id).first()
    if found is None:
        raise NotFound
    return found


def lock_pair_of(one: UUID, other: UUID) -> DuplicatePair | None:
    """The pair of these two cards, locked, if the night or a person has ever made one."""
    low, high = sorted((one, other))
    return DuplicatePair.objects.select_for_update().filter(one_id=low, other_id=high).first()


def ensure_undecided(pair: DuplicatePair) -> None:
    """Raise Conflict when somebody has decided already; says who."""
    if pair.state == PairState.DIFFERENT:
        raise Conflict(
            N_("{who}已判定这两份不是同一人；要合并，先在疑似重复里撤回判定"), who=pair.decided_by_name
        )
    if pair.state == PairState.MERGED:
        raise Conflict(N_("{who}已合并这两份，请刷新后再看"), who=pair.decided_by_name)


def ensure_open_for_good(actor: Actor, ids: Collection[UUID]) -> None:
    """Raise Conflict unless the actor's institution may open all of these records, and not by an emergency
    only: who is who outlasts it."""
    lasting = RecordAccess.objects.lasting(actor.institution_id).filter(person_id__in=ids)
    if lasting.values("person_id").distinct().count() < len(set(ids)):
        raise Conflict(N_("两份档案都对本院开放，才能判定；紧急调阅打开的不算"))


def decide(pair: DuplicatePair, state: PairState, *, actor: Actor, reason: str, at: datetime) -> None:
    """Write a decision down in a locked pair."""
    pair.state, pair.reason = state, reason
    pair.decided_at, pair.decided_by, pair.decided_by_name = at, actor.user_id, actor.name
    pair.save(update_fields=_DECISION)


def keep_apart(one: UUID, other: UUID, *, actor: Actor, reason: str, at: datetime) -> None:
    """What was merged and is not any more is never put up again."""
    low, high = sorted((one, other))
    pair = lock_pair_of(low, high)
    if pair is not None:
        decide(pair, PairState.DIFFERENT, actor=actor, reason=reason, at=at)
        return
    DuplicatePair.objects.create(
        one_id=low,
        other_id=high,
        points=0,
        state=PairState.DIFFERENT,
        found_at=at,
        decided_at=at,
        decided_by=actor.user_id,
        decided_by_name=actor.name,
        reason=reason,
    )


def _note(
    actor: Actor, action: str, pair: DuplicatePair, at: datetime, detail: audit.Detail | None = None
) -> None:
    """In the trail of both."""
    for person_id in (pair.one_id, pair.other_id):
        audit.note(actor, action, kind=_KIND, record_id=pair.pk, person_id=person_id, at=at, detail=detail)
