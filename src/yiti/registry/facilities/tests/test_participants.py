"""Participants refuse to run outside the transaction of a command. On a database of its own, because the
other tests run inside one."""

from __future__ import annotations

import pytest

from yiti.foundation.access.public import ScopeError
from yiti.kernel.ids import new_id
from yiti.kernel.tests.builders import an_actor
from yiti.registry.facilities import public as facilities
from yiti.registry.facilities.models import BedUse
from yiti.registry.facilities.tests.builders import NOON, a_bed


def test_participants_need_the_transaction_of_a_command(committed_db: object) -> None:
    bed, actor, work = a_bed(), an_actor(), new_id()
    with pytest.raises(ScopeError):
        facilities.hold_bed(
            actor, bed.id, for_kind="handoff", for_id=work, at=NOON, until=NOON.replace(hour=18)
        )
    with pytest.raises(ScopeError):
        facilities.occupy_bed(actor, bed.id, for_kind="handoff", for_id=work, at=NOON)
    with pytest.raises(ScopeError):
        facilities.release_bed(actor, for_kind="handoff", for_id=work, at=NOON)
    with pytest.raises(ScopeError):
        facilities.vacate_bed(actor, for_kind="handoff", for_id=work, at=NOON)
    assert not BedUse.objects.exists()
