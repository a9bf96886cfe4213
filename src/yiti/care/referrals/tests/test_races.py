"""Many hands at once on one bed and on one referral, on a database that really commits."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import UUID

import pytest
from django.db import connection

from yiti.care.referrals import commands
from yiti.care.referrals.domain import BED_WORK, Reason, Reception, Up
from yiti.care.referrals.tests.builders import (
    START,
    County,
    a_visit,
    an_up_spec,
    episode_of,
    sent_up,
)
from yiti.kernel.errors import DomainError
from yiti.ops.database import Database
from yiti.ops.roles import Role
from yiti.registry.facilities import public as facilities
from yiti.registry.residents.tests import builders as residents
from yiti.spine.handoffs import public as handoffs

HANDS = 16
ROUNDS = 3
PROVEN_ROUNDS = int(os.environ.get("YITI_BED_ROUNDS", "200"))
SOON = START + timedelta(minutes=1)


def at_once(doing: list[Callable[[], str]]) -> Counter[str]:
    """Run all of them at the same moment; how often each answer came."""
    start = Barrier(len(doing))

    def run(one: Callable[[], str]) -> str:
        start.wait()
        try:
            return one()
        except DomainError as refusal:
            return refusal.text()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(doing)) as threads:
        return Counter(threads.map(run, doing))


def waiting(county: County, count: int) -> list[handoffs.HandoffRow]:
    """That many referrals of different people, all waiting for the same ward."""
    doctor, rows = county.village_doctor, []
    for _ in range(count):
        person_id = residents.a_person(doctor, at=START)
        episode_id = episode_of(doctor, a_visit(doctor, person_id))
        rows.append(sent_up(county, person_id=person_id, episode_id=episode_id))
    return rows


def accepting(county: County, handoff_id: UUID, bed_id: UUID, revision: int) -> Callable[[], str]:
    """The nurse accepts this referral onto this bed."""

    def run() -> str:
        return commands.accept(
            actor=county.nurse,
            handoff_id=handoff_id,
            reception=Reception(bed_id=bed_id),
            revision=revision,
            at=SOON,
        ).state

    return run


def withdrawing(county: County, row: handoffs.HandoffRow) -> Callable[[], str]:
    """The village doctor takes it back."""

    def run() -> str:
        return commands.cancel(
            actor=county.village_doctor,
            handoff_id=row.id,
            reason=Reason("improved"),
            revision=row.revision,
            at=SOON,
        ).state

    return run


def race_for_a_bed(county: County, rounds: int) -> None:
    """16 clients accept 16 referrals onto one bed, round after round: one holder, all others told so."""
    rows, bed_id = waiting(county, HANDS), county.beds[0].pk

    revisions = {row.id: row.revision for row in rows}
    for _ in range(rounds):
        answers = at_once([accepting(county, row.id, bed_id, revisions[row.id]) for row in rows])
        assert answers == {Up.ACCEPTED: 1, "这张床刚被占用，请另选一张": HANDS - 1}
        now = [handoffs.detail(county.nurse, row.id) for row in rows]
        assert Counter(row.state for row in now) == {Up.ACCEPTED: 1, Up.SENT: HANDS - 1}
        (winner,) = [row for row in now if row.state == Up.ACCEPTED]
        assert [row.id for row in rows if facilities.bed_use(BED_WORK, row.id, SOON)] == [winner.id]
        back = commands.undo_accept(
            actor=county.nurse, handoff_id=winner.id, revision=winner.revision, at=SOON
        )
        revisions[winner.id] = back.revision


def test_of_sixteen_acceptances_one_gets_the_bed(real_county: County) -> None:
    race_for_a_bed(real_county, ROUNDS)


def test_without_its_constraint_the_bed_gets_many_holders_and_the_race_sees_it(
    committed_db: Database, real_county: County
) -> None:
    """The planted fault: what the long proof looks for is there to be found."""
    with committed_db.connect(Role.OWNER) as owner:
        owner.execute("ALTER TABLE facilities_beduse DROP CONSTRAINT facilities_bed_never_twice")
    with pytest.raises(AssertionError, match=f"cepted'.*: {HANDS}"):
        race_for_a_bed(real_county, 1)


@pytest.mark.prove
def test_two_hundred_rounds_and_never_two_holders(real_county: County, proof: Callable[..., None]) -> None:
    race_for_a_bed(real_county, PROVEN_ROUNDS)
    proof("one-bed", clients=HANDS, rounds=PROVEN_ROUNDS, rounds_with_two_holders=0)


def test_accepting_and_withdrawing_at_once_leaves_no_bed_behind(real_county: County) -> None:
    county = real_county
    for bed, row in zip(county.beds, waiting(county, len(county.beds)), strict=True):
        at_once([accepting(county, row.id, bed.pk, row.revision), withdrawing(county, row)])
        now = handoffs.detail(county.village_doctor, row.id)
        held = facilities.bed_use(BED_WORK, row.id, SOON) is not None
        assert (now.state, held) in {(Up.ACCEPTED, True), (Up.CANCELLED, False)}


def test_a_double_click_on_sending_makes_one_referral(real_county: County) -> None:
    county = real_county
    spec = an_up_spec(county)
    answers = at_once(
        [lambda: commands.send_up(actor=county.village_doctor, spec=spec, at=START).state for _ in range(8)]
    )
    assert answers == {Up.SENT: 8}
    rows = handoffs.open_for_person(county.village_doctor, county.person_id)
    assert [row.id for row in rows] == [spec.id]
