"""Each figure of the board and the rows behind it: as many rows as the figure says, and the same ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yiti.care.referrals import commands, selectors
from yiti.care.referrals.domain import Reason, Reception, Target, Up
from yiti.care.referrals.domain.behind import Behind
from yiti.care.referrals.selectors import BehindAsked, BehindPage
from yiti.care.referrals.tests.builders import (
    HOUR,
    MINUTE,
    START,
    County,
    a_visit,
    episode_of,
    on_the_way,
    received,
    sent_down,
    sent_up,
)
from yiti.foundation.web.public import TableQuery
from yiti.kernel.actor import Actor
from yiti.kernel.errors import NotFound, NotPermitted
from yiti.registry.residents.tests import builders as residents
from yiti.spine.handoffs import public as handoffs
from yiti.spine.handoffs.tests.builders import somebody_at

pytestmark = pytest.mark.django_db

NOW = START + 30 * HOUR
NEWEST = TableQuery(handoffs.SentSort.SENT, descending=True, filters={}, page=1, size=50)


def the_office(county: County) -> Actor:
    """The consortium office at the head hospital: it oversees all members, and no person."""
    office = somebody_at(county.head, "handoffs.read", "referrals.board", name="盘立新")
    members = {county.clinic, county.township, county.other_township, county.tcm}
    return replace(office, oversees=frozenset(each.pk for each in members))


def another_person(county: County) -> dict[str, Any]:
    doctor = county.village_doctor
    person_id = residents.a_person(doctor, at=START)
    return {"person_id": person_id, "episode_id": episode_of(doctor, a_visit(doctor, person_id))}


def listed(actor: Actor, which: Behind, at: Any = NOW, **asked: Any) -> BehindPage:
    """The referrals behind a figure."""
    return selectors.behind(actor, BehindAsked(which, **asked), NEWEST, at=at)


@pytest.fixture
def busy(county: County) -> County:
    """One closed, one home and received, one declined, one still waiting, one accepted late; and one of
    the month before."""
    up = on_the_way(county, Up.OUTCOME_SENT)
    commands.close_up(
        actor=county.village_doctor, handoff_id=up.id, revision=up.revision, at=START + 25 * HOUR
    )
    received(county, sent_down(county, up_id=up.id))
    declined = sent_up(county, **another_person(county))
    commands.decline(
        actor=county.nurse, handoff_id=declined.id, reason=Reason("no-bed"), revision=1, at=START + MINUTE
    )
    sent_up(county, **another_person(county))
    commands.accept(
        actor=county.nurse,
        handoff_id=sent_up(county, **another_person(county)).id,
        reception=Reception(bed_id=county.beds[0].pk),
        revision=1,
        at=START + 2 * HOUR,
    )
    sent_up(county, at=START - timedelta(days=31), **another_person(county))
    return county


def test_every_figure_leads_to_as_many_rows_as_it_says(busy: County) -> None:
    office = the_office(busy)
    board = selectors.board(office, at=NOW)
    said = {
        Behind.UP: board.now.up,
        Behind.DOWN: board.now.down,
        Behind.SENDER: board.now.sender.denominator,
        Behind.CLOSED: board.now.sender.numerator,
        Behind.BESIDE: sum(board.ended_otherwise.values()),
        Behind.RECEIVER: board.now.receiver.denominator,
        Behind.ANSWERED: board.now.receiver.numerator,
        Behind.URGENT: board.now.answer.cases,
        Behind.LATE: board.now.answer.late,
        Behind.SENT_UP: sum(each.up for each in board.by_member),
        Behind.GOT_DOWN: sum(each.down for each in board.by_member),
        Behind.OPEN: board.waiting.open,
        Behind.PRESSED: board.waiting.late + board.waiting.due_soon,
    }
    assert set(said) == set(Behind)
    assert {which: listed(office, which).total for which in Behind} == said
    assert (said[Behind.UP], said[Behind.CLOSED], said[Behind.BESIDE], said[Behind.DOWN]) == (4, 1, 1, 1)


def test_reason_month_and_member_narrow_as_on_the_board(busy: County) -> None:
    office = the_office(busy)
    (reason,) = selectors.board(office, at=NOW).by_reason
    assert listed(office, Behind.UP, reason=reason.code).total == reason.n
    assert listed(office, Behind.UP, reason="other").total == 0
    assert listed(office, Behind.DOWN, reason="other").total == 1, "only those sent up have a reason"
    october = listed(office, Behind.UP, month=date(2026, 10, 9))
    assert (october.month, october.total) == (date(2026, 10, 1), 1)
    assert listed(office, Behind.UP, month=date(2030, 1, 1)).month == date(2026, 11, 1), "none to come"
    township = selectors.board(office, at=NOW, member_id=busy.township.pk)
    assert listed(office, Behind.GOT_DOWN, member_id=busy.township.pk).total == township.now.down == 1
    assert listed(office, Behind.UP, text="房金养").total == 1


def test_names_are_masked_where_one_only_oversees(busy: County) -> None:
    elsewhere = replace(the_office(busy), institution_id=busy.tcm.pk)
    (line,) = listed(elsewhere, Behind.CLOSED).lines
    assert (line.handoff.person_name, line.may_open, line.clock) == ("房*养", False, None)
    nurse = replace(busy.nurse, oversees=frozenset({busy.clinic.pk}))
    (own,) = listed(nurse, Behind.CLOSED).lines
    assert (own.handoff.person_name, own.may_open) == ("房金养", True)


def test_only_for_those_who_may_see_the_board_and_only_what_they_oversee(busy: County) -> None:
    with pytest.raises(NotPermitted):
        listed(busy.village_doctor, Behind.UP)
    with pytest.raises(NotFound):
        listed(the_office(busy), Behind.UP, member_id=busy.city.pk)
    alone = somebody_at(busy.other_township, "handoffs.read", "referrals.board")
    assert [listed(alone, which).total for which in Behind] == [0] * len(Behind)


def test_a_list_costs_the_same_for_one_referral_and_for_many(county: County) -> None:
    office = the_office(county)

    def queries() -> int:
        with CaptureQueriesContext(connection) as said:
            assert listed(office, Behind.PRESSED).lines
        return len(said)

    sent_up(county, target=Target(county.head.pk))
    few = queries()
    for _ in range(19):
        sent_up(county, **another_person(county))
    assert queries() == few
