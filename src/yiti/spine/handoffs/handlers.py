"""What handoffs do when residents tells them something. Each is a use case of its own and bears a repeat."""

from __future__ import annotations

from typing import cast

from yiti.kernel.actor import SYSTEM
from yiti.kernel.events import Event
from yiti.registry.residents.public import PersonDied, PersonMerged, PersonUnmerged
from yiti.spine.handoffs.commands import follow_death, follow_merge
from yiti.spine.handoffs.domain import Fact


def on_person_merged(event: Event) -> None:
    """Both records' open handoffs learn that they are about one person."""
    merged = cast("PersonMerged", event)
    for person_id in (merged.absorbed_id, merged.kept_id):
        follow_merge(
            actor=SYSTEM, fact=Fact.MERGED, person_id=person_id, merge_id=merged.merge_id, at=merged.merged_at
        )


def on_person_unmerged(event: Event) -> None:
    """They learn that it was taken back."""
    parted = cast("PersonUnmerged", event)
    for person_id in (parted.absorbed_id, parted.kept_id):
        follow_merge(
            actor=SYSTEM,
            fact=Fact.UNMERGED,
            person_id=person_id,
            merge_id=parted.merge_id,
            at=parted.unmerged_at,
        )


def on_person_died(event: Event) -> None:
    """The person's open handoffs are closed the way their kind says."""
    died = cast("PersonDied", event)
    follow_death(actor=SYSTEM, person_id=died.person_id, at=died.recorded_at)
