"""What `yiti check` asks of a county: a sound one passes, and every planted fault is found."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg
import pytest

from tests.conftest import Place
from tests.world import World
from yiti.config.invariants import faults
from yiti.foundation.access.tests.builders import working
from yiti.foundation.audit import public as audit
from yiti.ops.database import Database
from yiti.ops.roles import Role


@dataclass(frozen=True)
class Checked:
    """A county, and its database."""

    world: World
    database: Database

    def promises(self) -> set[str]:
        """The promises that are broken, as the worker finds them."""
        with working(self.database):
            return {fault.promise for fault in faults()}

    def plant(self, statement: str, *values: object) -> None:
        """Somebody with the owner's password changes a table by hand."""
        with self.database.connect(Role.OWNER) as owner:
            _plant(owner, statement, values)


def _plant(owner: psycopg.Connection, statement: str, values: tuple[object, ...]) -> None:
    """Past row security and the guard of moves."""
    owner.execute("ALTER TABLE handoffs_handoff NO FORCE ROW LEVEL SECURITY")
    owner.execute("ALTER TABLE handoffs_handoff DISABLE TRIGGER handoffs_explained")
    owner.execute(statement, values)
    owner.execute("ALTER TABLE handoffs_handoff ENABLE TRIGGER handoffs_explained")
    owner.execute("ALTER TABLE handoffs_handoff FORCE ROW LEVEL SECURITY")


@pytest.fixture(scope="module")
def checked(place: Place) -> Checked:
    """The county of the tests across rooms, in a database that faults are planted in."""
    return Checked(place.world, place.database)


def test_a_sound_county_passes_and_each_fault_is_found(checked: Checked) -> None:
    assert checked.promises() == set()
    sent = checked.world.cases.sent.id

    checked.plant("UPDATE handoffs_handoff SET state = 'accepted' WHERE id = %s", sent)
    assert checked.promises() == {
        "Every history is a path of its table",
        "Open work stands in one work list of each side",
    }
    checked.plant("UPDATE handoffs_handoff SET state = 'sent' WHERE id = %s", sent)
    assert checked.promises() == set()

    checked.plant("ALTER TABLE facilities_beduse DROP CONSTRAINT facilities_bed_never_twice")
    checked.plant(
        "INSERT INTO facilities_beduse (id, bed_id, kind, period, for_kind, for_id, note)"
        " SELECT gen_random_uuid(), bed_id, kind, period, for_kind, gen_random_uuid(), ''"
        " FROM facilities_beduse WHERE NOT isempty(period) LIMIT 1"
    )
    assert checked.promises() == {"No bed has two holders"}

    with working(checked.database):
        audit.seal_all()
    checked.plant("ALTER TABLE audit_auditentry DISABLE TRIGGER audit_append_only")
    checked.plant(
        "UPDATE audit_auditentry SET user_name = 'x' WHERE id = (SELECT id FROM audit_auditentry LIMIT 1)"
    )
    assert checked.promises() == {"No bed has two holders", "The trail is as it was written"}
