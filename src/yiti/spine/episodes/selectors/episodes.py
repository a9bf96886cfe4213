"""Reading episodes, and deciding which one a new visit belongs to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from yiti.foundation.access import public as access
from yiti.foundation.rules import public as rules
from yiti.kernel.actor import Actor
from yiti.kernel.clock import local_date
from yiti.kernel.errors import NotFound
from yiti.registry.facilities import public as facilities
from yiti.registry.residents import public as residents
from yiti.registry.terminology import public as terminology
from yiti.spine.episodes.domain import Candidate, DiagnosisRole, EpisodeState, category, choose_episode
from yiti.spine.episodes.domain.rows import EpisodeRow, JoiningPreview
from yiti.spine.episodes.models import Diagnosis, Episode, EpisodeChain, Visit
from yiti.spine.episodes.models.courses import EpisodeQuerySet

JOINING_DAYS = "episodes.joining_days"

_COLUMNS = (
    "id",
    "number",
    "person_id",
    "problem",
    "problem_code",
    "state",
    "opened_at",
    "institution_id",
    "last_active_at",
    "closed_at",
    "chain_id",
    "merged_into_id",
    "revision",
)


def rows_of(found: EpisodeQuerySet) -> list[EpisodeRow]:
    """Rows of a query, in its order, with the latest referral chain that has not ended."""
    return [_row(each) for each in _columns(found)]


def _columns(found: EpisodeQuerySet) -> QuerySet[Episode, Any]:
    chain = EpisodeChain.objects.filter(episode=OuterRef("pk"), until__isnull=True).order_by("-since", "-id")
    return found.annotate(chain_id=Subquery(chain.values("chain_id")[:1])).values_list(*_COLUMNS)


def _row(columns: tuple[Any, ...]) -> EpisodeRow:
    row = dict(zip(_COLUMNS, columns, strict=True))
    problem = terminology.as_term(row.pop("problem"), "icd10")
    return EpisodeRow(state=EpisodeState(row.pop("state")), problem=problem, **row)


@access.kept
def _by_id(ids: Collection[UUID]) -> QuerySet[Episode, Any]:
    return _columns(Episode.objects.filter(id__in=ids))


@access.selector
def episode(actor: Actor, episode_id: UUID) -> EpisodeRow:
    """One episode. Raises NotFound without access to the person's record."""
    found = _by_id([episode_id])
    if not found:
        raise NotFound
    return _row(found[0])


@access.selector
def episodes(actor: Actor, ids: Collection[UUID]) -> dict[UUID, EpisodeRow]:
    """Episodes by id; those the actor may not see are left out."""
    return {row.id: row for row in map(_row, _by_id(ids))}


@access.selector
def open_episodes(actor: Actor, person_id: UUID) -> list[EpisodeRow]:
    """Episodes of a person that are not closed, last active first."""
    found = Episode.objects.of(residents.aliases(person_id)).unfinished()
    return rows_of(found.order_by("-last_active_at", "-id"))


def candidates(
    institution_id: UUID, person_ids: Collection[UUID], *, chain_id: UUID | None = None
) -> list[tuple[EpisodeRow, Candidate]]:
    """Episodes that a visit at that institution may join, last active first (inside an open scope).

    Expected is the episode of the chain the visit answers; without one, any whose chain leads here.
    """
    chains = EpisodeChain.objects.filter(episode=OuterRef("pk"), until__isnull=True)
    here = chains.filter(chain_id=chain_id) if chain_id else chains.filter(institution_id=institution_id)
    found = Episode.objects.of(person_ids).unfinished().annotate(expected=Exists(here))
    rows = rows_of(found.order_by("-last_active_at", "-id"))
    expected = set(found.filter(expected=True).values_list("id", flat=True))
    categories = _categories(rows)
    return [
        (
            row,
            Candidate(
                episode_id=row.id,
                state=row.state,
                categories=categories[row.id],
                last_active_at=row.last_active_at,
                is_expected_here=row.id in expected,
            ),
        )
        for row in rows
    ]


def _categories(rows: Sequence[EpisodeRow]) -> Mapping[UUID, frozenset[str]]:
    """Categories of the problem and of the main diagnoses of each episode."""
    noted: dict[UUID, set[str]] = defaultdict(set)
    visits = Visit.objects.filter(episode_id__in=[row.id for row in rows])
    main = Diagnosis.objects.in_force().filter(role=DiagnosisRole.MAIN, visit__in=visits)
    for episode_id, code in main.values_list("visit__episode_id", "code"):
        noted[episode_id].add(category(code))
    return {row.id: frozenset(noted[row.id] | {category(row.problem_code)} - {""}) for row in rows}


def joining_rule(institution_id: UUID, at: datetime) -> rules.Rule:
    """How many days of rest still count as the same course of care, at that institution."""
    place = facilities.institutions([institution_id]).get(institution_id)
    return rules.find(JOINING_DAYS, local_date(at), place.region_code if place else rules.ANYWHERE)


@access.selector
def joining_preview(actor: Actor, person_id: UUID, problem_code: str, at: datetime) -> JoiningPreview:
    """Into which episode a visit begun now at the actor's institution would go, and what else there is.

    Without access to the record nothing is known of earlier episodes: the answer is then a new one.
    """
    rule = joining_rule(actor.institution_id, at)
    found = candidates(actor.institution_id, residents.aliases(person_id))
    joining = choose_episode(
        [candidate for _, candidate in found],
        problem_code=problem_code,
        at=at,
        joining_days=rule.integer(),
    )
    chosen = next((row for row, _ in found if row.id == joining.episode_id), None)
    return JoiningPreview(
        joining=joining,
        episode=chosen,
        others=tuple(row for row, _ in found if row is not chosen),
        joining_days=rule.integer(),
        rule=rule.explain(),
    )
