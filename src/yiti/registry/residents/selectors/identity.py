"""Which ids are one person: merged records are read together (decision 9).

No actor is asked for: these follow `Card.merged_into` and say nothing of anybody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from yiti.foundation.access import public as access
from yiti.kernel.errors import NotFound

_FOLLOW = """
WITH RECURSIVE up (asked, id, next) AS (
    SELECT id, id, merged_into_id FROM residents_card WHERE id = ANY(%s)
    UNION ALL
    SELECT up.asked, card.id, card.merged_into_id FROM up JOIN residents_card card ON card.id = up.next
), root AS (
    SELECT asked, id FROM up WHERE next IS NULL
), down (root, id) AS (
    SELECT DISTINCT id, id FROM root
    UNION ALL
    SELECT down.root, card.id FROM down JOIN residents_card card ON card.merged_into_id = down.id
)
SELECT true, asked, id FROM root UNION ALL SELECT false, root, id FROM down
"""


@dataclass(frozen=True, slots=True)
class Identity:
    """For the ids asked for: the id each is read under, and all ids read under each of those."""

    canonical: Mapping[UUID, UUID]
    members: Mapping[UUID, frozenset[UUID]]


def identities(ids: Collection[UUID]) -> Identity:
    """Follow merges for many ids in one query; ids nobody has are missing."""
    found = _followed(ids)
    return Identity(
        canonical={asked: root for asked, (root, _members) in found.items()}, members=dict(found.values())
    )


@access.once
def _followed(ids: Collection[UUID]) -> dict[UUID, tuple[UUID, frozenset[UUID]]]:
    """The id each is read under, with all ids read under that."""
    canonical: dict[UUID, UUID] = {}
    members: defaultdict[UUID, set[UUID]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(_FOLLOW, [list(ids)])
        for is_asked, one, other in cursor.fetchall():
            if is_asked:
                canonical[one] = other
            else:
                members[one].add(other)
    return {asked: (root, frozenset(members[root])) for asked, root in canonical.items()}


def canonical_id(person_id: UUID) -> UUID:
    """The id this person is read under now. Raises NotFound for an id nobody has."""
    found = identities([person_id]).canonical.get(person_id)
    if found is None:
        raise NotFound
    return found


def aliases(person_id: UUID) -> frozenset[UUID]:
    """All ids of this person, the given one among them. Raises NotFound for an id nobody has."""
    found = identities([person_id])
    if person_id not in found.canonical:
        raise NotFound
    return found.members[found.canonical[person_id]]
