"""Which days stand out: the rule as a table, and the counts from the trail."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction

from yiti.foundation.access.tests.builders import working
from yiti.foundation.audit import public as audit
from yiti.foundation.audit.commands import count_day, count_finished_days
from yiti.foundation.audit.domain.usage import HISTORY, Measure, Threshold, UserDay, findings, unusual
from yiti.foundation.audit.models import UserDayCount
from yiti.kernel.actor import Actor, Purpose
from yiti.kernel.clock import SHANGHAI
from yiti.kernel.errors import NotFound
from yiti.kernel.ids import new_id
from yiti.kernel.tests.builders import an_actor
from yiti.ops.database import Database

DAY = date(2026, 11, 20)
USER = new_id()
LIMITS = [
    Threshold(Measure.PEOPLE, 40, 3),
    Threshold(Measure.SEARCHES, 200, 3),
    Threshold(Measure.NIGHT, 10, 3),
    Threshold(Measure.CLOSED, 5, 2),
    Threshold(Measure.UNOPENED, 60, 2, per=20),
]


def a_day(ago: int = 0, /, user_id: UUID = USER, **counts: int) -> UserDay:
    values = {"people": 0, "searches": 0, "night": 0, "closed": 0, **counts}
    return UserDay(user_id, DAY - timedelta(days=ago), "唐桂花", "油岭村卫生站", **values)


@pytest.mark.parametrize(
    ("today", "usual", "why"),
    [
        ({"people": 39}, [], []),
        ({"people": 40}, [], [Measure.PEOPLE]),
        ({"people": 40}, [14, 14, 14], []),
        ({"people": 43}, [14, 14, 14], [Measure.PEOPLE]),
        ({"people": 43}, [1, 14, 500], [Measure.PEOPLE]),
        ({"searches": 200, "people": 20}, [], [Measure.SEARCHES]),
        ({"night": 10, "people": 10}, [], [Measure.NIGHT]),
        ({"closed": 4}, [], []),
        ({"closed": 5}, [], [Measure.CLOSED]),
        ({"searches": 60}, [], [Measure.UNOPENED]),
        ({"searches": 60, "people": 3}, [], []),
        ({"searches": 60, "people": 2}, [], [Measure.UNOPENED]),
        ({"people": 90, "night": 12, "closed": 9}, [], [Measure.PEOPLE, Measure.NIGHT, Measure.CLOSED]),
    ],
)
def test_a_day_stands_out_beyond_floor_and_own_median(
    today: dict[str, int], usual: list[int], why: list[Measure]
) -> None:
    history = [a_day(ago, people=people) for ago, people in enumerate(usual, start=1)]
    assert [each.measure for each in findings(a_day(0, USER, **today), history, LIMITS)] == why


def test_a_finding_says_why() -> None:
    (found,) = findings(a_day(people=90), [a_day(1, people=10), a_day(2, people=13)], LIMITS)
    assert found.says == "打开了 90 个人的档案，平时一天 11.5 个"


def test_only_the_thirty_days_before_are_usual_and_only_ones_own() -> None:
    old = HISTORY.days + 1
    busy = [a_day(old, people=90), a_day(1, new_id(), people=90), a_day(0, people=50), a_day(-1, people=50)]
    listed = unusual(busy, LIMITS, since=DAY)
    assert [(day.day, day.people) for day, _why in listed] == [(DAY, 50)], "tomorrow is measured by today"
    assert unusual([a_day(3, people=90)], LIMITS, since=DAY) == []


# --- the counts -----------------------------------------------------------------------------------
def act(actor: Actor, action: str, hour: int, **changes: Any) -> None:
    day = DAY - timedelta(days=changes.get("ago", 0))
    person = changes.get("person")
    audit.note_request(
        actor=actor,
        action=action,
        subject=audit.Subject("residents.resident", person, person),
        at=datetime(day.year, day.month, day.day, hour, tzinfo=SHANGHAI),
        outcome=audit.Outcome(changes.get("outcome", "done")),
        address=None,
    )


def listed(limits: list[Threshold]) -> list[UserDay]:
    auditor = an_actor("audit.read")
    found = audit.unusual_days(auditor, DAY, DAY, thresholds=limits, night=(22, 6))
    return [day for day, _why in found]


def test_a_day_is_counted_by_people_and_hours_of_the_county(db: None) -> None:
    actor, people = an_actor(), [new_id() for _ in range(4)]
    for hour, person in ((5, 0), (6, 1), (21, 2), (22, 3), (9, 0)):
        act(actor, "read:residents:record", hour, person=people[person])
    act(actor, "read:residents:record", 9, person=new_id(), outcome="refused")
    act(actor, "read:episodes:action", 9, person=new_id())  # buttons are no look
    act(actor, "read:residents:closed", 9, person=new_id())
    act(actor, "read:residents:closed", 10, person=people[0])
    act(actor, "read:find", 9)
    act(actor, "read:residents:search", 9)
    act(replace(an_actor(), purpose=Purpose.SELF), "read:looked", 9, person=new_id())
    act(actor, "read:residents:record", 23, person=new_id(), ago=1)
    (day,) = listed([Threshold(Measure.PEOPLE, 1, 0)])
    assert (day.user_id, day.day) == (actor.user_id, DAY)
    assert (day.people, day.night, day.closed, day.searches) == (4, 2, 2, 2)


def test_ones_own_days_before_are_what_is_usual(db: None) -> None:
    steady, sudden = an_actor(), an_actor()
    for ago in range(3):
        for _ in range(4):
            act(steady, "read:residents:record", 9, person=new_id(), ago=ago)
    for _ in range(4):
        act(sudden, "read:residents:record", 9, person=new_id())
    limits = [Threshold(Measure.PEOPLE, 4, 2)]
    assert [day.user_id for day in listed(limits)] == [sudden.user_id]


def test_refusals_are_counted_by_user_and_day(db: None) -> None:
    actor, other, auditor = an_actor(name="甲"), an_actor(name="乙"), an_actor("audit.read")
    for action, ago in (("try:residents:edit", 0), ("try:residents:edit", 0), ("read:residents:record", 0)):
        act(actor, action, 9, outcome="refused", ago=ago)
    act(actor, "read:home", 9, outcome="refused", ago=1)
    act(other, "read:home", 9, outcome="refused", ago=1)
    act(other, "read:home", 9)
    rows = audit.refused_days(auditor, audit.Asked())
    assert (rows[0].user_name, rows[0].day, rows[0].count) == ("甲", DAY, 3)
    assert len(rows) == audit.count_refused_days(auditor, audit.Asked()) == 3
    assert set(rows[0].what) == {"试图办理：修改资料", "查看健康档案"}
    of_other = audit.refused_days(auditor, audit.Asked("乙"), sort="count", descending=False)
    assert [row.user_id for row in of_other] == [other.user_id]


def test_what_stands_out_needs_the_auditors_permission(db: None) -> None:
    for ask in (
        lambda: audit.refused_days(an_actor(), audit.Asked()),
        lambda: audit.unusual_days(an_actor(), DAY, DAY, thresholds=LIMITS, night=(22, 6)),
        lambda: audit.fit_of(an_actor(), 1, ""),
        lambda: audit.evidence(an_actor(), audit.Asked(), limit=1),
    ):
        with pytest.raises(NotFound):
            ask()


# --- counted by the worker ------------------------------------------------------------------------
def test_finished_days_are_counted_once_and_read_from_there(committed_db: Database) -> None:
    actor, limits = an_actor(), [Threshold(Measure.PEOPLE, 2, 1)]
    for ago, people in ((2, 1), (1, 2), (0, 3)):
        for _ in range(people):
            act(actor, "read:residents:record", 9, person=new_id(), ago=ago)
    live = listed(limits)
    half_past = datetime(2026, 11, 20, 0, 30, tzinfo=SHANGHAI)
    with working(committed_db):
        for at in (half_past, half_past, half_past + timedelta(hours=1)):
            count_finished_days(at, (22, 6))
    days = UserDayCount.objects.filter(user_id=actor.user_id).order_by("day").values_list("day", "people")
    assert list(days) == [(DAY - timedelta(days=2), 1), (DAY - timedelta(days=1), 2)]
    assert [day.people for day in listed(limits)] == [day.people for day in live] == [3]
    # What is written into a day afterwards changes nothing that has been counted: it was finished.
    act(actor, "read:residents:record", 9, person=new_id(), ago=1)
    with working(committed_db):
        count_finished_days(half_past + timedelta(hours=1), (22, 6))
    assert UserDayCount.objects.filter(user_id=actor.user_id).count() == 2


def test_an_hour_after_midnight_a_day_is_over(committed_db: Database) -> None:
    act(an_actor(), "read:residents:record", 9, person=new_id())
    for hours, counted in ((0, False), (1, True)):
        with working(committed_db):
            midnight = datetime(2026, 11, 21, 0, 1, tzinfo=SHANGHAI)
            count_finished_days(midnight + timedelta(hours=hours), (22, 6))
        assert UserDayCount.objects.filter(day=DAY).exists() is counted


def test_the_pages_cannot_write_what_was_counted(db: None) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        UserDayCount.objects.create(user_id=new_id(), day=DAY, people=1, searches=0, night=0, closed=0)
    with pytest.raises(NotFound):
        count_day(actor=an_actor("audit.read"), day=DAY, night=(22, 6))
