"""Urging and the database itself, as the role of the pages: who only oversees writes that one thing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection

from yiti.foundation.access import public as access
from yiti.kernel.actor import Actor
from yiti.kernel.errors import NotFound
from yiti.ops.database import Database
from yiti.registry.facilities.tests.builders import NOON, an_institution
from yiti.registry.terminology.tests import builders as terminology
from yiti.spine.handoffs import public as handoffs
from yiti.spine.handoffs.tests.builders import World, a_world, opened, somebody_at
from yiti.spine.handoffs.tests.toys import SEE

URGE = "handoffs.urge"
MINUTE = timedelta(minutes=1)
AN_EVENT = """
    INSERT INTO handoffs_handoffevent (id, handoff_id, seq, nature, step, from_state, to_state, side, at,
        user_id, user_name, institution_id, institution_name, comment, remark, digest)
    VALUES (gen_random_uuid(), %s, 2, %s, 'urge', 'sent', 'sent', 'system', now(),
        %s, 'x', %s, '', '', '', '')
"""


@pytest.fixture
def world(committed_db: Database) -> World:
    """A clinic and a hospital in a database of their own."""
    terminology.load()
    return a_world()


def the_office(world: World) -> Actor:
    """An office that oversees the hospital and takes part in nothing."""
    office = somebody_at(an_institution(), SEE, URGE)
    return replace(office, oversees=frozenset({world.hospital.pk}))


def write(actor: Actor, row: handoffs.HandoffRow, nature: str, change: str) -> None:
    """An event of this nature, and what it is to explain."""
    with access.scoped(actor), connection.cursor() as cursor:
        if nature:
            cursor.execute(AN_EVENT, [row.id, nature, actor.user_id, actor.institution_id])
        if change:
            cursor.execute(f"UPDATE handoffs_handoff SET {change}, revision = 2 WHERE id = %s", [row.id])


def test_who_oversees_urges_and_a_stranger_does_not(world: World) -> None:
    row, office = opened(world), the_office(world)
    assert not handoffs.urge(actor=office, handoff_id=row.id, at=NOON + MINUTE).repeated
    assert handoffs.bell(world.answerer).rows[0].title == "催办"
    with pytest.raises(NotFound):
        handoffs.urge(actor=somebody_at(an_institution(), SEE, URGE), handoff_id=row.id, at=NOON + 2 * MINUTE)


REFUSED: dict[str, tuple[str, str, str]] = {
    "an event of another nature": ("note", "", "row-level security"),
    "a change that nothing explains": ("", "subject = 'x'", "only together with the event"),
    "a change that an urge should explain": ("urged", "subject = 'x'", "changes nothing else"),
}


@pytest.mark.parametrize(("nature", "change", "why"), REFUSED.values(), ids=REFUSED)
def test_who_oversees_writes_nothing_else(world: World, nature: str, change: str, why: str) -> None:
    row, office = opened(world), the_office(world)
    with pytest.raises(DatabaseError, match=why):
        write(office, row, nature, change)
    assert handoffs.detail(world.asker, row.id).revision == 1


def test_nobody_rings_a_bell_for_what_was_not_urged(world: World) -> None:
    row, office = opened(world), the_office(world)
    statement = """
        INSERT INTO handoffs_handoffnotice
            (id, handoff_id, event_id, alert, at, institution_id, permission, roles)
        SELECT gen_random_uuid(), handoff_id, id, 'none', now(), %s, '', '{}'
        FROM handoffs_handoffevent WHERE handoff_id = %s
    """
    with (
        pytest.raises(DatabaseError, match="row-level security"),
        access.scoped(office),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, [world.hospital.pk, row.id])
