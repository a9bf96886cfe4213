"""How two institutions are tied, as a table of named cases, and the dated facts behind it."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from yiti.registry.facilities import public as facilities
from yiti.registry.facilities.domain import Kind, MemberRole
from yiti.registry.facilities.tests.builders import (
    LONG_AGO,
    a_consortium,
    a_membership,
    an_alliance,
    an_institution,
)

TODAY = date(2026, 11, 20)
pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> dict[str, UUID]:
    """A small county: a consortium with everything in it, and others around it."""
    head = an_institution(Kind.COUNTY_GENERAL)
    tcm = an_institution(Kind.COUNTY_TCM)
    township = an_institution(Kind.TOWNSHIP)
    branch = an_institution(Kind.BRANCH)
    village = an_institution(Kind.VILLAGE_CLINIC, managed_by=township)
    other_village = an_institution(Kind.VILLAGE_CLINIC, managed_by=branch)
    city, specialist = an_institution(Kind.TERTIARY_GENERAL), an_institution(Kind.PRIVATE_EYE)
    stranger, left = an_institution(), an_institution()
    consortium = a_consortium()
    a_membership(consortium, head, MemberRole.HEAD)
    a_membership(consortium, tcm, MemberRole.SPECIALISED_HEAD)
    a_membership(consortium, township)
    a_membership(consortium, branch, MemberRole.BRANCH)
    a_membership(consortium, village)
    a_membership(consortium, left, valid_until=TODAY)
    an_alliance(city, head, kind="support")
    an_alliance(specialist, township, stranger, name="眼科联盟")
    return {name: place.id for name, place in locals().items() if name != "consortium"}


@pytest.mark.parametrize(
    ("one", "other", "kind", "zh"),
    [
        ("township", "township", "own", "本院"),
        ("village", "township", "managed", "镇村一体"),
        ("township", "village", "managed", "镇村一体"),
        ("other_village", "branch", "managed", "镇村一体"),
        ("township", "head", "head", "医共体牵头"),
        ("township", "tcm", "specialised_head", "医共体专科牵头"),
        ("head", "township", "member", "医共体成员"),
        ("township", "branch", "member", "医共体分院"),
        ("head", "city", "support", "支援医院"),
        ("township", "city", "support", "支援医院"),
        ("city", "head", "alliance", "第"),
        ("township", "specialist", "alliance", "眼科联盟"),
        ("stranger", "specialist", "alliance", "眼科联盟"),
        ("head", "specialist", "none", "无协议"),
        ("stranger", "city", "none", "无协议"),
        ("stranger", "head", "none", "无协议"),
        ("head", "left", "none", "无协议"),
        ("other_village", "head", "none", "无协议"),
    ],
)
def test_tie(county: dict[str, UUID], one: str, other: str, kind: str, zh: str) -> None:
    found = facilities.tie(county[one], county[other], TODAY)
    assert found.kind == kind
    assert found.zh.startswith(zh)


def test_a_membership_ends_with_the_day_before_its_last_date(county: dict[str, UUID]) -> None:
    yesterday = TODAY - timedelta(days=1)
    assert facilities.tie(county["head"], county["left"], yesterday).kind == "member"


@pytest.mark.parametrize("others", [1, 20])
def test_ties_need_four_queries_for_any_number(
    county: dict[str, UUID], others: int, django_assert_num_queries: Any
) -> None:
    ids = [an_institution().id for _ in range(others)]
    with django_assert_num_queries(4):
        found = facilities.ties(county["township"], ids, TODAY)
    assert set(found) == set(ids)


def test_members_stand_head_first(county: dict[str, UUID]) -> None:
    consortium = facilities.consortium_of(county["village"], TODAY)
    assert consortium is not None
    found = facilities.members(consortium.id, TODAY)
    assert [row.institution_id for row in found[:2]] == [county["head"], county["tcm"]]
    assert county["left"] not in {row.institution_id for row in found}


def test_oversight(county: dict[str, UUID]) -> None:
    def seen(name: str) -> set[str]:
        names = {id_: each for each, id_ in county.items()}
        return {names[id_] for id_ in facilities.oversight(county[name], TODAY)}

    assert seen("township") == {"village"}
    assert seen("village") == set()
    assert seen("tcm") == set()
    assert seen("head") == {"tcm", "township", "branch", "village", "other_village"}


JUNE, JULY, AUGUST = date(2026, 6, 1), date(2026, 7, 1), date(2026, 8, 1)


@pytest.mark.parametrize(
    ("start", "end", "fits"),
    [
        pytest.param(JULY, None, True, id="from the day the other ends"),
        pytest.param(LONG_AGO, JUNE, True, id="until the day the other begins"),
        pytest.param(JUNE, JULY, False, id="the same time"),
        pytest.param(LONG_AGO, None, False, id="around it"),
    ],
)
@pytest.mark.parametrize("same_consortium", [True, False])
def test_the_database_refuses_overlapping_memberships(
    start: date, end: date | None, fits: bool, same_consortium: bool
) -> None:
    consortium, place = a_consortium(), an_institution()
    a_membership(consortium, place, valid_from=JUNE, valid_until=JULY)
    other = consortium if same_consortium else a_consortium()
    refused = nullcontext() if fits else pytest.raises(IntegrityError, match="member_of_one_consortium")
    with refused, transaction.atomic():
        a_membership(other, place, valid_from=start, valid_until=end)


def test_the_database_refuses_a_second_head() -> None:
    consortium = a_consortium()
    a_membership(consortium, an_institution(), MemberRole.HEAD, valid_until=AUGUST)
    with pytest.raises(IntegrityError, match="one_head"), transaction.atomic():
        a_membership(consortium, an_institution(), MemberRole.HEAD, valid_from=JULY)
    a_membership(consortium, an_institution(), MemberRole.HEAD, valid_from=AUGUST)


def test_the_database_refuses_who_manages_itself() -> None:
    place = an_institution()
    place.managed_by = place
    with pytest.raises(IntegrityError, match="not_own_manager"), transaction.atomic():
        place.save()
