"""From departure to the outcome: trip, arrival, the ways back, the bed, the stay, and closing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from yiti.care.referrals import commands
from yiti.care.referrals.commands import Admission
from yiti.care.referrals.domain import BED_WORK, OutcomeSpec, Reason, Reception, Up
from yiti.care.referrals.models import CodedReason, UpReferral
from yiti.care.referrals.tests.builders import (
    HOUR,
    MINUTE,
    START,
    County,
    accepted,
    admitted,
    arrived,
    departed,
    on_the_way,
    outcome_sent,
    sent_up,
    stay_of,
)
from yiti.foundation.audit.models import AuditEntry
from yiti.kernel.errors import Conflict, InvalidInput, NotFound
from yiti.kernel.ids import new_id
from yiti.registry.facilities import public as facilities
from yiti.registry.facilities.tests.builders import a_bed, hold
from yiti.spine.episodes import public as episodes
from yiti.spine.episodes.models import EpisodeChain
from yiti.spine.handoffs import public as handoffs
from yiti.spine.handoffs.tests.builders import ANSWER, ASK, a_world, opened, somebody_at

pytestmark = pytest.mark.django_db

"""When the ambulance leaves."""


def saved(row: handoffs.HandoffRow) -> UpReferral:
    return UpReferral.objects.get(handoff_id=row.id)


def bed_in_use(row: handoffs.HandoffRow, at: datetime) -> facilities.BedUseRow | None:
    return facilities.bed_use(BED_WORK, row.id, at)


def test_a_bed_lost_meanwhile_is_not_taken_twice(county: County) -> None:
    """The hold ran out at 18:39, somebody else lies there, the person comes late."""
    row = on_the_way(county, Up.ARRIVED)
    late = START + 8 * HOUR
    hold(county.beds[1], at=START + 7 * HOUR)
    with pytest.raises(Conflict, match="请另选一张"):
        admitted(county, row, at=late)
    other = Admission(new_id(), county.beds[2].pk)
    done = commands.admit(
        actor=county.ward_doctor, handoff_id=row.id, admission=other, revision=row.revision, at=late
    )
    assert done.state == Up.IN_CARE


def test_a_bed_of_another_hospital_is_not_taken(county: County) -> None:
    row = on_the_way(county, Up.ARRIVED)
    with pytest.raises(InvalidInput, match="这张床不在本院"):
        commands.admit(
            actor=county.ward_doctor,
            handoff_id=row.id,
            admission=Admission(new_id(), a_bed().pk),
            revision=row.revision,
            at=START + 2 * HOUR,
        )


def test_the_outcome_goes_back_with_discharge_and_a_free_bed(county: County) -> None:
    row = on_the_way(county, Up.OUTCOME_SENT)
    at = START + 24 * HOUR
    up = saved(row)
    assert (up.outcome_code, up.discharge_way, up.outcome_at) == ("2", "3", at)
    assert up.outcome_summary == "PCI 术后，病情稳定"
    found = episodes.visit_detail(county.ward_doctor, stay_of(row), at)
    assert found.discharge is not None
    assert (found.discharge.way, found.visit.ended_at) == (episodes.DischargeWay.TO_PRIMARY, at)
    assert bed_in_use(row, at) is None
    assert not EpisodeChain.objects.filter(chain_id=row.chain_id, until__isnull=True).exists()
    line = handoffs.history(county.village_doctor, row.id)[0]
    assert line.text == "好转，医嘱转社区卫生服务机构或乡镇卫生院 · 陈国栋"


def test_an_outpatients_outcome_needs_no_discharge(county: County) -> None:
    row = on_the_way(county, Up.ARRIVED)
    done = commands.send_outcome(
        actor=county.ward_doctor,
        handoff_id=row.id,
        outcome=OutcomeSpec("2", "门诊调整用药"),
        revision=row.revision,
        at=START + 3 * HOUR,
    )
    assert (done.state, saved(row).visit_id, saved(row).discharge_way) == (Up.OUTCOME_SENT, None, "")
    assert bed_in_use(row, START + 3 * HOUR) is None


@pytest.mark.parametrize(
    ("outcome", "field"),
    [
        (OutcomeSpec("2", "好转", ""), "way"),
        (OutcomeSpec("2", "好转", "8"), "way"),
        (OutcomeSpec("", "好转", "3"), "outcome"),
        (OutcomeSpec("2", " ", "3"), "summary"),
        (OutcomeSpec("2", "好转", "5"), "outcome"),
        (OutcomeSpec("2", "好" * 2001, "3"), "summary"),
    ],
    ids=["a stay without a way", "no such way", "no outcome", "no words", "died but better", "long"],
)
def test_an_outcome_that_does_not_hold_together(county: County, outcome: OutcomeSpec, field: str) -> None:
    row = on_the_way(county, Up.IN_CARE)
    with pytest.raises(InvalidInput) as refused:
        commands.send_outcome(
            actor=county.ward_doctor,
            handoff_id=row.id,
            outcome=outcome,
            revision=row.revision,
            at=START + 24 * HOUR,
        )
    assert refused.value.field == field
    assert handoffs.detail(county.nurse, row.id).state == Up.IN_CARE
    assert bed_in_use(row, START + 24 * HOUR) is not None


def test_a_stay_the_ward_has_ended_already_is_not_ended_twice(county: County) -> None:
    row = on_the_way(county, Up.IN_CARE)
    visit = episodes.visit(county.ward_doctor, stay_of(row))
    spec = episodes.DischargeSpec(episodes.DischargeWay.ON_ADVICE, episodes.Outcome.CURED, "痊愈出院")
    episodes.discharge(
        actor=county.ward_doctor, visit_id=visit.id, spec=spec, revision=visit.revision, at=START + 20 * HOUR
    )
    done = outcome_sent(county, row)
    assert done.state == Up.OUTCOME_SENT


def test_the_sender_reads_the_outcome_and_closes(county: County) -> None:
    row = on_the_way(county, Up.OUTCOME_SENT)
    done = commands.close_up(
        actor=county.village_doctor, handoff_id=row.id, revision=row.revision, at=START + 25 * HOUR
    )
    assert (done.state, done.is_open) == (Up.CLOSED, False)


def test_each_step_leaves_exactly_one_row_in_the_trail(county: County) -> None:
    on_the_way(county, Up.OUTCOME_SENT)
    steps = ["send_up", "accept", "depart", "arrive", "admit", "send_outcome"]
    entries = AuditEntry.objects.filter(action__startswith="referrals.").order_by("at")
    assert [entry.action for entry in entries] == [f"referrals.{step}" for step in steps]


def test_a_repeat_of_any_step_changes_nothing(county: County) -> None:
    row = sent_up(county)
    for step in (accepted, departed, arrived, outcome_sent):
        before, row = row, step(county, row)
        if step is outcome_sent:
            continue
        again = step(county, before, at=START + 85 * MINUTE)
        assert (again.state, again.revision) == (row.state, row.revision)
    assert CodedReason.objects.count() == 0


# --- withdrawal -----------------------------------------------------------------------------------
@pytest.mark.parametrize("state", [Up.SENT, Up.ACCEPTED, Up.IN_TRANSIT])
def test_the_sender_withdraws_as_long_as_the_person_has_not_arrived(county: County, state: str) -> None:
    row = on_the_way(county, state)
    at = START + 60 * MINUTE
    done = commands.cancel(
        actor=county.village_doctor,
        handoff_id=row.id,
        reason=Reason("improved", "胸痛缓解"),
        revision=row.revision,
        at=at,
    )
    assert done.state == Up.CANCELLED
    assert bed_in_use(row, at) is None
    reason = CodedReason.objects.get(handoff_id=row.id)
    assert (reason.step, reason.code, reason.seq) == ("cancel", "improved", done.revision)
    assert handoffs.history(county.village_doctor, row.id)[0].text == "病情好转，不需转诊 · 胸痛缓解 · 邓志明"


def test_after_arrival_there_is_nothing_to_withdraw(county: County) -> None:
    row = on_the_way(county, Up.ARRIVED)
    with pytest.raises(Conflict, match="已到院"):
        commands.cancel(
            actor=county.village_doctor,
            handoff_id=row.id,
            reason=Reason("improved"),
            revision=row.revision,
            at=START + 2 * HOUR,
        )


def test_a_handoff_of_another_kind_is_not_moved_from_here(county: County) -> None:
    world = a_world()
    errand = opened(world)
    answerer = somebody_at(world.hospital, ANSWER, ASK, "referrals.answer")
    tries: tuple[Callable[[], object], ...] = (
        lambda: commands.decline(
            actor=answerer, handoff_id=errand.id, reason=Reason("no-bed"), revision=1, at=START
        ),
        lambda: commands.accept(
            actor=answerer, handoff_id=errand.id, reception=Reception(), revision=1, at=START
        ),
        lambda: commands.arrive(actor=answerer, handoff_id=errand.id, revision=1, at=START),
    )
    for tried in tries:
        with pytest.raises((NotFound, Conflict)):
            tried()
    assert handoffs.detail(answerer, errand.id).revision == 1
