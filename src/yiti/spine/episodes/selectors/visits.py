"""Reading visits."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from yiti.foundation.access import public as access
from yiti.kernel.actor import Actor
from yiti.kernel.errors import NotFound
from yiti.registry.facilities import public as facilities
from yiti.registry.residents import public as residents
from yiti.spine.episodes.domain import JoinAct, VisitKind
from yiti.spine.episodes.domain.rows import AttachmentRow, JoinRow, VisitDetail, VisitRow
from yiti.spine.episodes.models import EpisodeJoin, Visit
from yiti.spine.episodes.selectors import facts
from yiti.spine.episodes.selectors.episodes import episode
from yiti.spine.episodes.selectors.limits import limits_for


def rows_of(visits: Iterable[Visit]) -> list[VisitRow]:
    """Rows of visits (loaded with their episode), in the same order: two more queries for the places."""
    found = list(visits)
    places = facilities.institutions({v.institution_id for v in found})
    rooms = facilities.departments_by_id({v.department_id for v in found if v.department_id})
    return [
        VisitRow(
            id=v.id,
            person_id=v.person_id,
            episode_id=v.episode_id,
            episode_number=v.episode.number,
            episode_problem=v.episode.problem,
            kind=VisitKind(v.kind),
            institution_id=v.institution_id,
            institution_name=places[v.institution_id].short_name,
            institution_level=places[v.institution_id].level,
            department_id=v.department_id,
            department_name=rooms[v.department_id].name if v.department_id else "",
            staff_id=v.staff_id,
            staff_name=v.staff_name,
            chief_complaint=v.chief_complaint,
            started_at=v.started_at,
            ended_at=v.ended_at,
            bed_id=v.bed_id,
            handoff_id=v.handoff_id,
            revision=v.revision,
        )
        for v in found
    ]


@access.selector
def visit(actor: Actor, visit_id: UUID) -> VisitRow:
    """One visit. Raises NotFound without access to the person's record."""
    found = rows_of(Visit.objects.select_related("episode").filter(id=visit_id))
    if not found:
        raise NotFound
    return found[0]


@access.selector
def visits(actor: Actor, ids: Collection[UUID]) -> dict[UUID, VisitRow]:
    """Visits by id; those the actor may not see are left out."""
    return {row.id: row for row in rows_of(Visit.objects.select_related("episode").filter(id__in=ids))}


@access.selector
def visits_of_episode(actor: Actor, episode_id: UUID) -> list[VisitRow]:
    """Visits of an episode, newest first."""
    found = Visit.objects.select_related("episode").filter(episode_id=episode_id)
    return rows_of(found.order_by("-started_at", "-id"))


@access.selector
def visit_detail(actor: Actor, visit_id: UUID, at: datetime) -> VisitDetail:
    """A visit with everything in force that was written in it. Raises NotFound without access.

    `may_write`: the actor works where the visit is and may write visits.
    """
    row = visit(actor, visit_id)
    person = residents.person(actor, row.person_id)
    ids = [visit_id]
    return VisitDetail(
        visit=row,
        episode=episode(actor, row.episode_id),
        vitals=tuple(facts.vitals_of(ids, limits_for(person, row.institution_id, at))),
        diagnoses=tuple(facts.diagnoses_of(ids)),
        notes=tuple(facts.notes_of(ids)),
        treatments=tuple(facts.treatments_of(ids)),
        attachments=tuple(facts.attachments_of(ids)),
        discharge=facts.discharges_of(ids).get(visit_id),
        joins=tuple(_joins(visit_id)),
        may_write=actor.can("episodes.write") and row.institution_id == actor.institution_id,
    )


@access.selector
def attachment(actor: Actor, visit_id: UUID, attachment_id: UUID) -> tuple[VisitRow, AttachmentRow, bytes]:
    """A file of a visit with its bytes. Raises NotFound without access, or when it was withdrawn."""
    row = visit(actor, visit_id)
    found = next((each for each in facts.attachments_of([visit_id]) if each.stamp.id == attachment_id), None)
    if found is None:
        raise NotFound
    return row, found, facts.content_of(attachment_id)


def _joins(visit_id: UUID) -> Iterable[JoinRow]:
    log = EpisodeJoin.objects.select_related("from_episode").filter(visit_id=visit_id).order_by("at", "id")
    for line in log:
        origin = line.from_episode.number if line.from_episode else ""
        yield JoinRow(visit_id, JoinAct(line.act), origin, line.reason, line.rule, line.at, line.by_name)
