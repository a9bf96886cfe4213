"""The list of institutions: what it finds, in which order, at what cost."""

from __future__ import annotations

from typing import Any

import pytest

from yiti.foundation.web.public import TableQuery
from yiti.registry.facilities import public as facilities
from yiti.registry.facilities.domain import InstitutionSort, Kind, MemberRole, RegionLevel
from yiti.registry.facilities.selectors import count_by_tab, list_institutions
from yiti.registry.facilities.tests.builders import (
    NOON,
    a_bed,
    a_consortium,
    a_department,
    a_membership,
    a_region,
    an_institution,
    hold,
)

pytestmark = pytest.mark.django_db


def asked(sort: str = "level", **filters: str) -> TableQuery[InstitutionSort]:
    """A list query of 20 rows a page."""
    return TableQuery(
        sort=InstitutionSort(sort.removeprefix("-")),
        descending=sort.startswith("-"),
        filters=filters,
        page=int(filters.pop("page", "1")),
        size=20,
    )


def codes(query: TableQuery[InstitutionSort]) -> list[str]:
    """Codes of the rows a query gives, in order."""
    return [row.institution.code for row in list_institutions(query, NOON)[0]]


@pytest.fixture
def county() -> None:
    """Five institutions, built in no good order."""
    an_institution(Kind.VILLAGE_CLINIC, code="V", name="油岭村卫生站")
    an_institution(Kind.TERTIARY_GENERAL, code="C", name="清远市人民医院", is_external=True)
    an_institution(Kind.CENTRAL_TOWNSHIP, code="Z", name="寨岗中心卫生院")
    an_institution(Kind.TOWNSHIP, code="S", name="三排卫生院")
    an_institution(Kind.COUNTY_GENERAL, code="H", name="连南县人民医院")
    an_institution(Kind.TOWNSHIP, code="OLD", name="旧卫生院", closed_date=NOON.date())


@pytest.mark.usefixtures("county")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param({}, ["H", "Z", "S", "V", "C"], id="by level, outside last, closed ones left out"),
        pytest.param({"sort": "-level"}, ["C", "V", "S", "Z", "H"], id="backwards"),
        pytest.param({"sort": "name"}, ["H", "C", "S", "V", "Z"], id="by pinyin"),
        pytest.param({"tab": "township"}, ["Z", "S"], id="one level"),
        pytest.param({"kind": "village_clinic"}, ["V"], id="one kind"),
        pytest.param({"tab": "outside"}, ["C"], id="outside"),
        pytest.param({"tab": "county", "kind": "township"}, [], id="nothing fits"),
        pytest.param({"q": "rmyy"}, ["H", "C"], id="initials inside the name"),
        pytest.param({"q": "zhaigang"}, ["Z"], id="pinyin"),
        pytest.param({"q": "卫生"}, ["Z", "S", "V"], id="Chinese"),
        pytest.param({"q": "100%_"}, [], id="wild cards are letters"),
    ],
)
def test_list(query: dict[str, str], expected: list[str]) -> None:
    assert codes(asked(**query)) == expected


@pytest.mark.usefixtures("county")
def test_tabs_count_what_they_hold() -> None:
    assert count_by_tab("", NOON) == {"county": 1, "township": 2, "village": 1, "outside": 1}
    assert count_by_tab("rmyy", NOON) == {"county": 1, "township": 0, "village": 0, "outside": 1}


@pytest.mark.usefixtures("county")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("rm", ["H", "C"], id="initials"),
        pytest.param(" RM ", ["H", "C"], id="capitals and blanks"),
        pytest.param("", [], id="nothing typed"),
        pytest.param("旧", [], id="closed"),
    ],
)
def test_search(text: str, expected: list[str]) -> None:
    assert [row.code for row in facilities.search_institutions(text, NOON.date())] == expected


def test_a_line_says_role_and_beds() -> None:
    place = an_institution()
    a_membership(a_consortium(), place, MemberRole.BRANCH)
    ward = a_department(place)
    hold(a_bed(ward))
    a_bed(ward)
    rows, total = list_institutions(asked(), NOON)
    assert total == 1
    assert (rows[0].role, rows[0].beds, rows[0].free_beds) == (MemberRole.BRANCH, 2, 1)


def test_a_page_past_the_end_is_the_last_page() -> None:
    for _ in range(21):
        an_institution()
    rows, total = list_institutions(asked(page="9"), NOON)
    assert (len(rows), total) == (1, 21)


@pytest.mark.parametrize("number", [1, 20])
def test_the_list_needs_five_queries(number: int, django_assert_num_queries: Any) -> None:
    for _ in range(number):
        a_bed(a_department(an_institution()))
    with django_assert_num_queries(5):
        assert len(list_institutions(asked(), NOON)[0]) == number


@pytest.mark.parametrize(
    ("kind", "code", "level", "expected"),
    [
        pytest.param("village_clinic", "441826105901", "village", 1, id="a village clinic its own"),
        pytest.param("township", "441826105000", "township", 2, id="a township hospital its villages"),
        pytest.param("county_general", "441826105000", "township", 3, id="a county hospital all of them"),
        pytest.param("township", "441826000000", "county", 3, id="a place no nearer known"),
    ],
)
def test_villages_of(kind: str, code: str, level: str, expected: int) -> None:
    for each in ("441826105901", "441826105902", "441826102901"):
        a_region(each, RegionLevel.VILLAGE, name="某村")
    a_region("441825105901", RegionLevel.VILLAGE, name="邻县的村")
    place = an_institution(Kind(kind), region=a_region(code, RegionLevel(level)))
    assert len(facilities.villages_of(place.id)) == expected
