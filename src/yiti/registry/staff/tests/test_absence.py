"""Who does the work of somebody who is away, and who takes over from somebody who has left."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from django.test import Client

from yiti.foundation.accounts.tests.builders import PASSWORD, a_role, a_user
from yiti.kernel.actor import Actor
from yiti.kernel.errors import InvalidInput, NotFound, NotPermitted
from yiti.kernel.ids import new_id
from yiti.kernel.tests.builders import an_actor
from yiti.registry.facilities.models import Institution
from yiti.registry.facilities.tests.builders import an_institution
from yiti.registry.staff import public as staff
from yiti.registry.staff import selectors
from yiti.registry.staff.commands import appoint_stand_in, end_posting, end_stand_in
from yiti.registry.staff.models import StaffMember
from yiti.registry.staff.tests.builders import a_personnel_office, a_posting, a_staff_member

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 20)
DAY = timedelta(days=1)


@pytest.fixture
def clinic() -> Institution:
    return an_institution(name="油岭村卫生站")


@pytest.fixture
def doctor(clinic: Institution) -> StaffMember:
    return a_posting(a_staff_member("盘凤英"), institution=clinic).staff


@pytest.fixture
def colleague(clinic: Institution) -> StaffMember:
    return a_posting(a_staff_member("唐桂花"), institution=clinic).staff


def as_(member: StaffMember) -> Actor:
    return an_actor(staff_id=member.id)


def go_away(
    member: StaffMember,
    other: StaffMember,
    at: datetime,
    *,
    first: date = TODAY,
    last: date = TODAY + DAY,
    by: Actor | None = None,
) -> UUID:
    """The doctor arranges it; the id of the arrangement."""
    who = by or as_(member)
    appoint_stand_in(
        actor=who, staff_id=member.id, stand_in_id=other.id, first_day=first, last_day=last, at=at
    )
    return selectors.profile(as_(member), member.id, first).stand_ins[-1].id


def for_whom(other: StaffMember, place: Institution, on: date) -> set[UUID]:
    return set(staff.absent_colleagues(other.id, place.id, on))


@pytest.mark.parametrize(
    ("day", "stands_in"), [(TODAY - DAY, False), (TODAY, True), (TODAY + DAY, True), (TODAY + 2 * DAY, False)]
)
def test_a_stand_in_counts_from_the_first_to_the_last_day(
    doctor: StaffMember,
    colleague: StaffMember,
    clinic: Institution,
    at: datetime,
    day: date,
    *,
    stands_in: bool,
) -> None:
    go_away(doctor, colleague, at)
    assert for_whom(colleague, clinic, day) == ({doctor.id} if stands_in else set())
    assert for_whom(doctor, clinic, day) == set()


def test_only_work_of_the_place_where_both_are_is_done_for_another(
    doctor: StaffMember, colleague: StaffMember, at: datetime
) -> None:
    go_away(doctor, colleague, at)
    elsewhere = a_posting(colleague, is_primary=False).institution
    assert for_whom(colleague, elsewhere, TODAY) == set()


def test_an_absence_is_called_off(
    doctor: StaffMember, colleague: StaffMember, clinic: Institution, at: datetime
) -> None:
    arranged = go_away(doctor, colleague, at)
    with pytest.raises(NotPermitted):
        end_stand_in(actor=as_(colleague), staff_id=doctor.id, stand_in_id=arranged, at=at)
    end_stand_in(actor=as_(doctor), staff_id=doctor.id, stand_in_id=arranged, at=at)
    assert for_whom(colleague, clinic, TODAY) == set()
    with pytest.raises(NotFound):
        end_stand_in(actor=as_(doctor), staff_id=doctor.id, stand_in_id=arranged, at=at)


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        pytest.param(TODAY, TODAY - DAY, "last_day", id="in the wrong order"),
        pytest.param(TODAY - 3 * DAY, TODAY - DAY, "last_day", id="over"),
        pytest.param(TODAY, TODAY + 181 * DAY, "last_day", id="too long"),
    ],
)
def test_impossible_days_are_refused(
    doctor: StaffMember, colleague: StaffMember, at: datetime, first: date, last: date, field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        go_away(doctor, colleague, at, first=first, last=last)
    assert refused.value.field == field


def test_only_a_colleague_stands_in(doctor: StaffMember, at: datetime) -> None:
    for nobody in (doctor, a_posting(a_staff_member("远方人")).staff):
        with pytest.raises(InvalidInput) as refused:
            go_away(doctor, nobody, at)
        assert refused.value.field == "stand_in"


def test_nobody_sends_another_away_without_the_permission(
    doctor: StaffMember, colleague: StaffMember, at: datetime
) -> None:
    with pytest.raises(NotPermitted):
        go_away(doctor, colleague, at, by=as_(colleague))
    go_away(doctor, colleague, at, by=a_personnel_office())
    with pytest.raises(NotFound):
        go_away(StaffMember(id=new_id()), colleague, at, by=a_personnel_office())


def test_a_leaver_has_the_heir_that_was_named(
    doctor: StaffMember, colleague: StaffMember, clinic: Institution, at: datetime
) -> None:
    posting = selectors.profile(as_(doctor), doctor.id, TODAY).postings[0]
    office, pair = a_personnel_office(), (doctor.id, clinic.id)
    end_posting(actor=office, posting_id=posting.id, last_day=TODAY, successor_id=colleague.id, at=at)
    assert staff.leavers(office, {pair}, TODAY) == {}
    assert staff.leavers(office, {pair}, TODAY + DAY) == {pair: colleague.id}
    last = selectors.profile(as_(colleague), colleague.id, TODAY).postings[0]
    end_posting(actor=office, posting_id=last.id, last_day=TODAY, at=at)
    assert staff.leavers(office, {pair}, TODAY + DAY) == {pair: None}


def test_an_heir_from_elsewhere_is_refused(doctor: StaffMember, at: datetime) -> None:
    posting = selectors.profile(as_(doctor), doctor.id, TODAY).postings[0]
    for nobody in (doctor, a_posting(a_staff_member("远方人")).staff):
        with pytest.raises(InvalidInput) as refused:
            end_posting(
                actor=a_personnel_office(),
                posting_id=posting.id,
                last_day=TODAY,
                successor_id=nobody.id,
                at=at,
            )
        assert refused.value.field == "successor"


def test_a_doctor_arranges_it_on_the_page(
    clinic: Institution, colleague: StaffMember, client: Client
) -> None:
    a_role("village_doctor", zh="村医")
    doctor = a_posting(a_staff_member("盘凤英", user=a_user(username="LN2001")), institution=clinic).staff
    client.post("/sign-in", {"login": "LN2001", "password": PASSWORD})
    asked = client.get(f"/staff/{doctor.id}/stand-in").content.decode()
    assert f'value="{colleague.id}"' in asked
    assert f'value="{doctor.id}"' not in asked
    sent = {"stand_in": str(colleague.id), "first_day": "2030-01-01", "last_day": "2030-01-07"}
    refused = client.post(f"/staff/{doctor.id}/stand-in", {**sent, "last_day": "2029-12-31"})
    assert refused.status_code == 422
    assert "结束日期早于开始日期" in refused.content.decode()
    empty = client.post(f"/staff/{doctor.id}/stand-in", {"stand_in": ""}).content.decode()
    assert ("请选一个人" in empty, "请选日期" in empty, "必填项" in empty) == (True, True, False)
    assert client.post(f"/staff/{doctor.id}/stand-in", sent).status_code == 302
    page = client.get(f"/staff/{doctor.id}").content.decode()
    assert "2030-01-07" in page
    assert client.get(f"/staff/{colleague.id}/stand-in").status_code == 404
    (row,) = selectors.profile(as_(doctor), doctor.id, TODAY).stand_ins
    assert client.post(f"/staff/{doctor.id}/stand-in/{row.id}/end").status_code == 302
    assert "2030-01-07" not in client.get(f"/staff/{doctor.id}").content.decode()
