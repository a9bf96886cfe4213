"""Writing many people at once: COPY as the loader role, one transaction and one audit row a batch.

For the example county and for first loads. Rows come from the same pure functions as those of the
form (`prepare_person` and its kin), so a loaded person is found and compared like any other. What
is loaded is trusted: nothing is looked up, nobody is asked about duplicates, no event is recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg import sql

from yiti.foundation.access import public as access
from yiti.foundation.audit import public as audit
from yiti.kernel.actor import Actor
from yiti.registry.residents.domain import AccessReason, HouseholdRows, PersonRows

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Batch:
    """What is loaded together. `allergies` and `risks` are rows of `prepare_allergy`, `prepare_risk`;
    `members` are rows of people who move into a household that is there already."""

    people: Sequence[PersonRows]
    households: Sequence[HouseholdRows] = ()
    allergies: Sequence[Row] = ()
    risks: Sequence[Row] = ()
    members: Sequence[Row] = ()


@dataclass(frozen=True, slots=True)
class Opened:
    """A record is open to an institution because of one piece of work, for a time."""

    person_id: UUID
    institution_id: UUID
    reason: AccessReason
    for_kind: str
    for_id: UUID
    since: datetime
    until: datetime | None


@access.command
def load_people(*, actor: Actor, batch: Batch, at: datetime) -> int:
    """COPY a batch; gives the number of people. Only as `yiti_loader`: others are refused by row
    security. Some 20,000 people a batch keep memory and transaction small."""
    copy_batch(batch)
    audit.note(
        actor,
        "residents.load_people",
        kind="residents.batch",
        record_id=None,
        at=at,
        detail={"people": len(batch.people), "households": len(batch.households)},
    )
    return len(batch.people)


def copy_batch(batch: Batch) -> None:
    """COPY a batch inside the caller's transaction."""
    people = batch.people
    _copy("residents_card", (each.card for each in people))
    _copy("residents_cardkey", (_key(each, key) for each in people for key in each.keys))
    _copy("residents_recordaccess", (row for each in people for row in each.accesses))
    _copy("residents_resident", (_renamed(each.resident) for each in people))
    _copy("residents_identifier", (row for each in people for row in each.identifiers))
    _copy("residents_household", (each.household for each in batch.households))
    _copy("residents_householdmember", (row for each in batch.households for row in each.members))
    _copy("residents_householdmember", batch.members)
    _copy("residents_allergy", batch.allergies)
    _copy("residents_riskmark", batch.risks)


def load_accesses(actor: Actor, opened: Iterable[Opened], *, make_id: Callable[[], UUID]) -> None:
    """COPY who may open which records (participant of loaders). Only as `yiti_loader`: nobody is asked, and
    each piece of work opens a record to an institution once. The people are not merged into others."""
    access.ensure_in_transaction()
    _copy(
        "residents_recordaccess",
        (
            {
                "id": make_id(),
                "person_id": each.person_id,
                "institution_id": each.institution_id,
                "reason": each.reason.value,
                "for_kind": each.for_kind,
                "for_id": each.for_id,
                "valid_from": each.since,
                "valid_until": each.until,
                "granted_by": actor.user_id,
                "copy_of_id": None,
            }
            for each in opened
        ),
    )


def _key(person: PersonRows, key: tuple[str, str]) -> Row:
    kind, value = key
    return {"card_id": person.card["id"], "kind": kind, "value": value}


def _renamed(resident: Row) -> Row:
    """The record shares its key with the card: the column of `card_id` is called `id`."""
    return {"id" if column == "card_id" else column: value for column, value in resident.items()}


def _copy(table: str, rows: Iterable[Row]) -> None:
    """COPY rows that all have the columns of the first one, in its order."""
    ordered = iter(rows)
    first = next(ordered, None)
    if first is None:
        return
    names = sql.SQL(", ").join(map(sql.Identifier, first))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
    with connection.cursor() as cursor, cursor.copy(statement) as stream:
        stream.write_row(tuple(first.values()))
        for row in ordered:
            stream.write_row(tuple(row.values()))
