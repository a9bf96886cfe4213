"""What a referral form takes over from an episode."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from yiti.foundation.access import public as access
from yiti.kernel.actor import Actor
from yiti.kernel.errors import NotFound
from yiti.registry.residents import public as residents
from yiti.spine.episodes.domain.rows import CareSummary, DiagnosisRow, MedicationListRow
from yiti.spine.episodes.selectors import facts
from yiti.spine.episodes.selectors.episodes import episode
from yiti.spine.episodes.selectors.visits import visits_of_episode
from yiti.spine.episodes.selectors.vitals import vital_sets

MOST_SETS = 6


@access.selector
def summary_for_referral(actor: Actor, person_id: UUID, episode_id: UUID, at: datetime) -> CareSummary:
    """The latest facts of an episode of this person: complaint, diagnoses, vitals, treatments, drugs.

    A diagnosis made in several visits is given once, as made last. Raises NotFound without access, or
    for an episode of somebody else.
    """
    row = episode(actor, episode_id)
    ids = residents.aliases(person_id)
    if row.person_id not in ids:
        raise NotFound
    visits = visits_of_episode(actor, episode_id)
    visit_ids = [visit.id for visit in visits]
    notes = facts.notes_of(visit_ids)
    return CareSummary(
        episode=row,
        chief_complaint=visits[0].chief_complaint if visits else "",
        diagnoses=tuple(_latest(facts.diagnoses_of(visit_ids), visit_ids)),
        vitals=tuple(vital_sets(actor, person_id, at, limit=MOST_SETS, episode_id=episode_id)),
        treatments=tuple(facts.treatments_of(visit_ids)),
        medications=facts.medication_list(ids),
        last_note=notes[0] if notes else None,
        open_visit=next((v for v in visits if v.is_open and v.institution_id == actor.institution_id), None),
    )


def _latest(rows: Sequence[DiagnosisRow], visit_ids: Sequence[UUID]) -> list[DiagnosisRow]:
    """Each code once, from the newest visit that has it; main ones of newer visits first."""
    place = {visit_id: index for index, visit_id in enumerate(visit_ids)}
    ordered = sorted(rows, key=lambda row: (place[row.visit_id], row.role, row.stamp.id))
    found: dict[str, DiagnosisRow] = {}
    for row in ordered:
        found.setdefault(row.code, row)
    return list(found.values())


@access.selector
def medications(actor: Actor, person_id: UUID) -> MedicationListRow:
    """The current drugs of a person as last gone through. Raises NotFound without access."""
    residents.person(actor, person_id)
    return facts.medication_list(residents.aliases(person_id))
