"""Who works where on which day, and how a posting ends."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from yiti.foundation.accounts.tests.builders import a_role
from yiti.foundation.audit import public as audit
from yiti.foundation.web.public import TableQuery
from yiti.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted
from yiti.kernel.ids import new_id
from yiti.kernel.tests.builders import an_actor
from yiti.registry.facilities.tests.builders import a_department, an_institution
from yiti.registry.staff import public as staff
from yiti.registry.staff import selectors
from yiti.registry.staff.commands import end_posting
from yiti.registry.staff.domain import StaffSort
from yiti.registry.staff.models import Posting, StaffMember
from yiti.registry.staff.tests.builders import (
    a_licence,
    a_personnel_office,
    a_posting,
    a_staff_member,
    a_team,
)

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 20)
DAY = timedelta(days=1)


def hats(member: StaffMember, on: date) -> list[staff.PostingRow]:
    """The hats a person with an account may wear on a day."""
    assert member.user_id is not None
    return staff.postings_of_user(member.user_id, on)


@pytest.mark.parametrize(
    ("first", "last", "counts"),
    [
        pytest.param(TODAY, None, True, id="from today on"),
        pytest.param(TODAY + DAY, None, False, id="from tomorrow on"),
        pytest.param(TODAY - DAY, TODAY, True, id="its last day counts"),
        pytest.param(TODAY - DAY, TODAY - DAY, False, id="over since yesterday"),
        pytest.param(TODAY, TODAY, True, id="this one day"),
    ],
)
def test_a_posting_counts_from_its_first_to_its_last_day(
    first: date, last: date | None, *, counts: bool
) -> None:
    posting = a_posting(valid_from=first, valid_until=last)
    assert bool(hats(posting.staff, TODAY)) is counts
    assert bool(staff.people_at(an_actor(), posting.institution_id, on=TODAY)) is counts


def test_the_primary_hat_is_worn_first_then_the_oldest() -> None:
    member = a_staff_member()
    a_posting(member, role="ward_doctor", is_primary=False, valid_from=date(2021, 1, 1))
    a_posting(member, role="referral_nurse", valid_from=date(2025, 1, 1))
    a_posting(member, is_primary=False, valid_from=date(2020, 1, 1))
    worn = [hat.role for hat in hats(member, TODAY)]
    assert worn == ["referral_nurse", "village_doctor", "ward_doctor"]


def test_people_at_a_place_by_code_and_role() -> None:
    place = an_institution()
    ward = a_department(place, name="心血管内科")
    a_role("referral_nurse", zh="转诊护士")
    nurse = a_posting(a_staff_member("李秀萍", code="B1"), role="referral_nurse", institution=place)
    doctor = a_posting(
        a_staff_member("陈国栋", code="A1"), role="ward_doctor", institution=place, department=ward
    )
    a_posting(a_staff_member("别处的人"))
    found = staff.people_at(an_actor(), place.id, on=TODAY)
    assert [row.id for row in found] == [doctor.id, nurse.id]
    assert [row.label for row in found] == [f"{place.name} · 心血管内科", f"{place.name} · 转诊护士"]
    only = staff.people_at(an_actor(), place.id, on=TODAY, roles={"referral_nurse"})
    assert [row.staff_name for row in only] == ["李秀萍"]


@pytest.mark.parametrize("number", [1, 20])
def test_queries_of_a_place_do_not_grow_with_its_people(
    number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    place = an_institution()
    ward = a_department(place)
    for _ in range(number):
        a_posting(institution=place, department=ward)
    with django_assert_num_queries(8):
        assert len(staff.people_at(an_actor(), place.id, on=TODAY)) == number


def test_unknown_people_are_left_out() -> None:
    member = a_staff_member()
    assert set(staff.staff(an_actor(), [member.id, new_id()])) == {member.id}


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"role": "ward_doctor"}, id="a second primary posting"),
        pytest.param({"is_primary": False}, id="the same open posting twice"),
    ],
)
def test_the_database_refuses(changes: dict[str, Any]) -> None:
    first = a_posting()
    with pytest.raises(IntegrityError), transaction.atomic():
        a_posting(first.staff, institution=first.institution, valid_from=date(2022, 1, 1), **changes)


def test_a_posting_ends_on_its_last_day_and_the_person_stays(at: datetime) -> None:
    member = a_staff_member()
    ending, other = a_posting(member), a_posting(member, role="ward_doctor", is_primary=False)
    end_posting(actor=a_personnel_office(), posting_id=ending.id, last_day=TODAY, at=at)
    assert [hat.id for hat in hats(member, TODAY + DAY)] == [other.id]
    row = audit.trail(an_actor("audit.read"), audit.Asked("staff."))[0]
    assert (row.action, row.record_id) == ("staff.end_posting", ending.id)


@pytest.mark.parametrize(
    ("changes", "last_day", "refusal"),
    [
        pytest.param({}, date(2018, 12, 31), InvalidInput, id="before it began"),
        pytest.param({"valid_until": TODAY - DAY}, TODAY, Conflict, id="over already"),
    ],
)
def test_a_refused_end_changes_nothing(
    changes: dict[str, Any], last_day: date, refusal: type[Exception], at: datetime
) -> None:
    posting = a_posting(**changes)
    with pytest.raises(refusal):
        end_posting(actor=a_personnel_office(), posting_id=posting.id, last_day=last_day, at=at)
    assert Posting.objects.get().valid_until == changes.get("valid_until")


def test_who_may_not_maintain_staff_ends_nothing(at: datetime) -> None:
    posting = a_posting()
    with pytest.raises(NotPermitted):
        end_posting(actor=an_actor(), posting_id=posting.id, last_day=TODAY, at=at)
    with pytest.raises(NotFound):
        end_posting(actor=a_personnel_office(), posting_id=new_id(), last_day=TODAY, at=at)


def listed(asked: dict[str, str]) -> list[str]:
    """Names in the list for a query string."""
    query = TableQuery.parse(
        asked, sorts=StaffSort, default=StaffSort.CODE, filters={"q": None, "institution": None}
    )
    rows, total = selectors.list_staff(an_actor(), query, TODAY)
    assert total >= len(rows)
    return [row.staff.name for row in rows]


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        pytest.param({}, ["唐桂花", "盘凤英", "李秀萍"], id="by code"),
        pytest.param({"sort": "name"}, ["李秀萍", "盘凤英", "唐桂花"], id="by initials"),
        pytest.param({"sort": "-code"}, ["李秀萍", "盘凤英", "唐桂花"], id="last code first"),
        pytest.param({"q": "凤"}, ["盘凤英"], id="a part of the name"),
        pytest.param({"q": "PFY"}, ["盘凤英"], id="initials in capitals"),
        pytest.param({"q": "a3"}, ["李秀萍"], id="a code in small letters"),
        pytest.param({"q": "%_'\\"}, [], id="signs of a query language"),
        pytest.param({"institution": "HERE"}, ["唐桂花"], id="an institution"),
        pytest.param({"institution": "NOWHERE"}, [], id="an institution nobody knows"),
        pytest.param({"size": "10", "page": "9"}, ["唐桂花", "盘凤英", "李秀萍"], id="past the last page"),
    ],
)
def test_the_list_finds_people(asked: dict[str, str], names: list[str]) -> None:
    here = an_institution(code="HERE")
    first = a_staff_member("唐桂花", code="A1")
    a_posting(first, institution=here)
    second = a_staff_member("盘凤英", code="A2")
    a_posting(second, institution=here, valid_until=TODAY - DAY)
    a_posting(second, role="ward_doctor")
    a_staff_member("李秀萍", code="A3")
    assert listed(asked) == names


@pytest.mark.parametrize("number", [1, 20])
def test_queries_of_the_list_do_not_grow(
    number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(number):
        a_posting()
    with django_assert_num_queries(9):
        assert len(listed({})) == number


def test_a_page_of_a_person_tells_past_postings_licences_and_teams() -> None:
    member = a_staff_member()
    old = a_posting(member, valid_until=date(2020, 1, 1))
    new = a_posting(member, role="ward_doctor", valid_from=date(2020, 1, 2))
    a_licence(member, number="4418260001")
    team = a_team(member).team
    a_team(member, valid_until=TODAY - DAY)
    found = selectors.profile(an_actor(), member.id, TODAY)
    assert [each.id for each in found.postings] == [new.id, old.id]
    assert [each.number for each in found.licences] == ["4418260001"]
    assert [(each.name, each.is_leader) for each in found.teams] == [(team.name, True)]
    with pytest.raises(NotFound):
        selectors.profile(an_actor(), new_id(), TODAY)
