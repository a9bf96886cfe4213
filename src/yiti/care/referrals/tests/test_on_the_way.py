"""From departure to the outcome: trip, arrival, the ways back, the bed, the stay, and closing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from yiti.care.referrals import commands
from yiti.care.referrals.commands import Admission
from yiti.care.referrals.domain import BED_WORK, OutcomeSpec, Reason, Reception, Trip, Up
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
from yiti.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted
from yiti.kernel.ids import new_id
from yiti.registry.facilities import public as facilities
from yiti.registry.facilities.tests.builders import a_bed, hold
from yiti.spine.episodes import public as episodes
from yiti.spine.episodes.models import EpisodeChain
from yiti.spine.handoffs import public as handoffs
from yiti.spine.handoffs.tests.builders import ANSWER, ASK, a_world, opened, somebody_at

pytestmark = pytest.mark.django_db

LEFT = START + 53 * MINUTE
"""When the ambulance leaves."""


def saved(row: handoffs.HandoffRow) -> UpReferral:
    return UpReferral.objects.get(handoff_id=row.id)


def bed_in_use(row: handoffs.HandoffRow, at: datetime) -> facilities.BedUseRow | None:
    return facilities.bed_use(BED_WORK, row.id, at)


def depart(county: County, row: handoffs.HandoffRow, **trip: Any) -> handoffs.HandoffRow:
    return commands.depart(
        actor=county.village_doctor,
        handoff_id=row.id,
        trip=Trip(**{"transport_code": "county-120", **trip}),
        revision=row.revision,
        at=LEFT,
    )


# --- departure ------------------------------------------------------------------------------------
def test_the_trip_is_kept_and_the_clock_shows_the_expected_arrival(county: County) -> None:
    row = accepted(county, sent_up(county))
    row = depart(
        county,
        row,
        vehicle="二号车",
        escort="莫雪梅",
        escort_phone="139 0000 0820",
        expected_at=LEFT + 28 * MINUTE,
    )
    up = saved(row)
    assert (row.state, row.due_at) == (Up.IN_TRANSIT, LEFT + 28 * MINUTE)
    assert (up.departed_at, up.expected_arrival_at) == (LEFT, LEFT + 28 * MINUTE)
    assert (up.vehicle, up.escort, up.escort_phone) == ("二号车", "莫雪梅", "13900000820")
    assert handoffs.history(county.nurse, row.id)[0].text == "县 120，二号车，莫雪梅 · 邓志明"
    clock = handoffs.clock_of(row, LEFT)
    assert clock is not None
    assert clock.text == "预计 13:21 到"


def test_without_an_expected_arrival_the_way_gives_one(county: County) -> None:
    row = departed(county, accepted(county, sent_up(county)))
    way = facilities.travel(county.clinic.pk, county.head.pk, LEFT.date())
    assert way.minutes is not None
    assert saved(row).expected_arrival_at == LEFT + timedelta(minutes=max(1, way.minutes))


def test_where_the_way_is_unknown_the_rule_limits_the_wait(county: County) -> None:
    type(county.clinic).objects.filter(id=county.clinic.pk).update(latitude=None, longitude=None)
    row = departed(county, accepted(county, sent_up(county)))
    assert (saved(row).expected_arrival_at, row.due_at) == (None, LEFT + 4 * HOUR)


@pytest.mark.parametrize(
    ("trip", "field"),
    [
        ({"transport_code": "horse"}, "transport_code"),
        ({"escort_phone": "123"}, "escort_phone"),
        ({"expected_at": LEFT}, "expected_at"),
        ({"expected_at": LEFT + 5 * HOUR}, "expected_at"),
        ({"vehicle": "车" * 41}, "vehicle"),
    ],
    ids=["transport", "phone", "arrives as it leaves", "longer than the rule allows", "long"],
)
def test_a_trip_that_cannot_be(county: County, trip: dict[str, Any], field: str) -> None:
    row = accepted(county, sent_up(county))
    with pytest.raises(InvalidInput) as refused:
        depart(county, row, **trip)
    assert refused.value.field == field
    assert handoffs.detail(county.nurse, row.id).state == Up.ACCEPTED


def test_nobody_loses_the_bed_on_the_road(county: County) -> None:
    """Held until 18:39; who arrives at 19:00 has it until 01:00."""
    row = accepted(county, sent_up(county))
    leaving = START + 5 * HOUR
    commands.depart(
        actor=county.village_doctor,
        handoff_id=row.id,
        trip=Trip("self", expected_at=START + 7 * HOUR),
        revision=row.revision,
        at=leaving,
    )
    use = bed_in_use(row, leaving)
    assert use is not None
    assert use.ends_at == START + 13 * HOUR


def test_a_bed_promised_to_the_next_one_stays_promised(county: County) -> None:
    row = accepted(county, sent_up(county))
    ends = START + 6 * HOUR + 39 * MINUTE
    hold(county.beds[1], at=ends)
    row = commands.depart(
        actor=county.village_doctor,
        handoff_id=row.id,
        trip=Trip("self", expected_at=START + 7 * HOUR),
        revision=row.revision,
        at=START + 5 * HOUR,
    )
    use = bed_in_use(row, START + 5 * HOUR)
    assert use is not None
    assert (row.state, use.ends_at) == (Up.IN_TRANSIT, ends)


# --- arrival and the ways back --------------------------------------------------------------------
@pytest.mark.parametrize("state", [Up.ACCEPTED, Up.IN_TRANSIT])
def test_an_arrival_is_taken_back_to_where_it_came_from(county: County, state: str) -> None:
    before = on_the_way(county, state)
    row = arrived(county, before)
    back = commands.undo_arrive(
        actor=county.nurse, handoff_id=row.id, revision=row.revision, at=START + 81 * MINUTE
    )
    assert (back.state, back.state_since, back.due_at) == (state, before.state_since, before.due_at)


def test_after_admission_an_arrival_is_no_longer_taken_back(county: County) -> None:
    row = on_the_way(county, Up.IN_CARE)
    with pytest.raises(Conflict, match="诊疗中"):
        commands.undo_arrive(
            actor=county.nurse, handoff_id=row.id, revision=row.revision, at=START + 2 * HOUR
        )


def test_who_has_not_come_is_entered_only_after_the_rules_time(county: County) -> None:
    row = on_the_way(county, Up.IN_TRANSIT)
    expected = saved(row).expected_arrival_at
    assert expected is not None
    early, late = expected + 23 * HOUR, expected + 24 * HOUR

    def enter(at: datetime) -> handoffs.HandoffRow:
        return commands.no_show(actor=county.nurse, handoff_id=row.id, revision=row.revision, at=at)

    with pytest.raises(Conflict, match="以后还没到，才能登记未到"):
        enter(early)
    assert (enter(late).state, enter(late).revision) == (Up.NO_SHOW, 4)
    assert bed_in_use(row, late) is None


def test_who_never_left_has_not_come_a_day_after_acceptance(county: County) -> None:
    row = on_the_way(county, Up.ACCEPTED)
    done = commands.no_show(
        actor=county.nurse, handoff_id=row.id, revision=row.revision, at=row.state_since + 24 * HOUR
    )
    assert done.state == Up.NO_SHOW


# --- in hospital ----------------------------------------------------------------------------------
def test_admission_turns_the_hold_into_a_stay_in_the_same_episode(county: County) -> None:
    row = on_the_way(county, Up.IN_CARE)
    use = bed_in_use(row, START + 2 * HOUR)
    assert use is not None
    assert (use.kind, use.bed.id, use.ends_at) == (facilities.UseKind.STAY, county.beds[1].pk, None)
    visit = episodes.visit(county.ward_doctor, stay_of(row))
    assert (visit.kind, visit.episode_id, visit.handoff_id) == (
        episodes.VisitKind.INPATIENT,
        county.episode_id,
        row.id,
    )
    assert (visit.department_id, visit.bed_id, visit.chief_complaint) == (
        county.ward.pk,
        county.beds[1].pk,
        "胸痛待查",
    )


def test_a_stay_without_a_complaint_is_named_after_the_diagnosis(county: County) -> None:
    row = on_the_way(county, Up.ARRIVED)
    commands.admit(
        actor=county.ward_doctor,
        handoff_id=row.id,
        admission=Admission(new_id(), county.beds[0].pk),
        revision=row.revision,
        at=START + 2 * HOUR,
    )
    assert episodes.visit(county.ward_doctor, stay_of(row)).chief_complaint == "不稳定型心绞痛"
    assert saved(row).bed_label == "11"


def test_only_those_who_treat_admit(county: County) -> None:
    row = on_the_way(county, Up.ARRIVED)
    with pytest.raises(NotPermitted):
        commands.admit(
            actor=county.nurse,
            handoff_id=row.id,
            admission=Admission(new_id(), county.beds[1].pk),
            revision=row.revision,
            at=START + 2 * HOUR,
        )


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
