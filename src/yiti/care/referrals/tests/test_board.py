"""The board: figures of those the office oversees, what waits too long, and whose beds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yiti.care.referrals import commands, selectors
from yiti.care.referrals.domain import Reason, Target, Up
from yiti.care.referrals.domain.figures import Rate
from yiti.care.referrals.selectors import Waiting
from yiti.care.referrals.tests.builders import (
    HOUR,
    MINUTE,
    START,
    County,
    a_visit,
    accepted,
    episode_of,
    on_the_way,
    received,
    sent_down,
    sent_up,
)
from yiti.kernel.actor import Actor
from yiti.kernel.errors import NotFound, NotPermitted
from yiti.kernel.ids import new_id
from yiti.registry.residents.tests import builders as residents
from yiti.spine.handoffs.tests.builders import somebody_at

pytestmark = pytest.mark.django_db

NOW = START + 30 * HOUR


def the_office(county: County) -> Actor:
    """The consortium office at the head hospital: it oversees all members, and no person."""
    office = somebody_at(county.head, "handoffs.read", "referrals.board", name="盘立新")
    members = {county.clinic, county.township, county.other_township, county.tcm}
    return replace(office, oversees=frozenset(each.pk for each in members))


def another_person(county: County) -> dict[str, Any]:
    doctor = county.village_doctor
    person_id = residents.a_person(doctor, at=START)
    return {"person_id": person_id, "episode_id": episode_of(doctor, a_visit(doctor, person_id))}


def test_the_month_in_six_figures(county: County) -> None:
    up = on_the_way(county, Up.OUTCOME_SENT)
    commands.close_up(
        actor=county.village_doctor, handoff_id=up.id, revision=up.revision, at=START + 25 * HOUR
    )
    received(county, sent_down(county, up_id=up.id))
    declined = sent_up(county, **another_person(county))
    commands.decline(
        actor=county.nurse, handoff_id=declined.id, reason=Reason("no-bed"), revision=1, at=START + MINUTE
    )
    board = selectors.board(the_office(county), at=NOW)
    assert (board.now.month, board.now.up, board.now.down) == (date(2026, 11, 1), 2, 1)
    assert (board.now.sender, board.now.receiver) == (Rate(1, 1), Rate(1, 1))
    assert (board.now.answer.median_minutes, board.now.answer.cases, board.now.answer.late) == (39, 2, 1)
    assert board.ended_otherwise == {"cancelled": 0, "declined": 1, "expired": 0, "died": 0}
    assert (board.inpatient_share, board.up_change, len(board.months)) == (None, None, 12)
    assert [(each.zh, each.n, each.percent) for each in board.by_reason] == [("需手术、介入", 2, 100)]
    assert {(each.institution_id, each.up, each.down) for each in board.by_member} == {
        (county.clinic.pk, 2, 0),
        (county.township.pk, 0, 1),
    }


def test_a_month_before_is_compared_over_the_same_days(county: County) -> None:
    month_ago, later = START - timedelta(days=31), START - timedelta(days=25)
    for at in (month_ago, month_ago, later):
        sent_up(county, at=at, **another_person(county))
    sent_up(county, **another_person(county))
    board = selectors.board(the_office(county), at=NOW)
    assert (board.before.up, board.now.up, board.up_change) == (3, 1, -50.0)
    october = selectors.board(the_office(county), at=NOW, month=date(2026, 10, 20))
    assert (october.month, october.now.up) == (date(2026, 10, 1), 3)


def test_what_is_late_stands_first_with_its_owner(county: County) -> None:
    late = sent_up(county)
    soon = accepted(county, sent_up(county, **another_person(county)), at=START + 10 * MINUTE)
    sent_up(county, at=START + 40 * MINUTE, **another_person(county))
    board = selectors.board(the_office(county), at=START + 45 * MINUTE)
    assert (board.waiting.late, board.waiting.due_soon, board.waiting.open) == (1, 1, 3)
    assert [(each.handoff.id, each.clock.text, each.owner) for each in board.waiting.lines] == [
        (late.id, "超时 15 分", "县人民医院"),
        (soon.id, "剩 25 分", "油岭村卫生站 邓志明"),
    ]


def test_one_member_alone_and_its_own_beds(county: County) -> None:
    sent_up(county)
    office = the_office(county)
    assert selectors.board(office, at=NOW, member_id=county.clinic.pk).now.up == 1
    township = selectors.board(office, at=NOW, member_id=county.township.pk)
    assert (township.now.up, township.waiting, township.beds) == (0, Waiting(), ())
    whole = selectors.board(office, at=NOW)
    assert whole.beds_of is not None
    assert (whole.beds_of.id, [ward.beds for ward in whole.beds]) == (county.head.pk, [3])


def test_the_board_is_for_those_who_oversee(county: County) -> None:
    office = the_office(county)
    with pytest.raises(NotPermitted):
        selectors.board(county.village_doctor, at=NOW)
    for stranger in (county.city.pk, new_id()):
        with pytest.raises(NotFound):
            selectors.board(office, at=NOW, member_id=stranger)


def test_an_office_that_oversees_nobody_sees_only_its_own(county: County) -> None:
    visit_id = a_visit(county.physician, county.person_id)
    sent_up(
        county,
        by=county.physician,
        episode_id=episode_of(county.physician, visit_id),
        target=Target(county.tcm.pk),
    )
    alone = somebody_at(county.other_township, "handoffs.read", "referrals.board")
    assert selectors.board(alone, at=NOW).now.up == 0


def test_the_board_costs_the_same_for_one_referral_and_for_many(county: County) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as said:
            selectors.board(the_board, at=NOW)
        return len(said)

    the_board = the_office(county)
    sent_up(county)
    few = queries()
    for _ in range(20):
        sent_up(county, **another_person(county))
    assert queries() == few
    assert few <= 24
