"""From departure to the outcome: trip, arrival, the ways back, the bed, the stay, and closing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from yiti.care.referrals import commands
from yiti.care.referrals.commands import Admission
from yiti.care.referrals.domain import BED_WORK, Trip, Up
from yiti.care.referrals.models import UpReferral
from yiti.care.referrals.tests.builders import (
    HOUR,
    MINUTE,
    START,
    County,
    accepted,
    arrived,
    departed,
    on_the_way,
    sent_up,
    stay_of,
)
from yiti.kernel.errors import Conflict, InvalidInput, NotPermitted
from yiti.kernel.ids import new_id
from yiti.registry.facilities import public as facilities
from yiti.registry.facilities.tests.builders import hold
from yiti.spine.episodes import public as episodes
from yiti.spine.handoffs import public as handoffs

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
