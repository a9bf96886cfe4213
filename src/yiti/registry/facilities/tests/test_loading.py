"""Loading a county: once creates, twice changes nothing, a mistake saves nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import pytest
from django.conf import settings

from yiti.foundation.audit import public as audit
from yiti.kernel.errors import Conflict, NotPermitted
from yiti.kernel.tests.builders import an_actor
from yiti.registry.facilities import public as facilities
from yiti.registry.facilities.domain import LoadReport, Outcome, RegionLevel
from yiti.registry.facilities.domain.divisions import division_rows
from yiti.registry.facilities.loading import read_folder, read_sheets
from yiti.registry.facilities.models import Bed, Department, Institution, Region
from yiti.registry.facilities.tests.builders import a_manager

Tables = Mapping[str, Sequence[Mapping[str, str]]]
pytestmark = pytest.mark.django_db

REGIONS = [
    {"code": "440000000000", "name": "广东省", "level": "province"},
    {"code": "441800000000", "name": "清远市", "level": "city"},
    {"code": "441826000000", "name": "连南瑶族自治县", "level": "county"},
]
HOSPITAL = {
    "code": "H",
    "name": "连南县人民医院",
    "short_name": "县人民医院",
    "kind": "county_general",
    "level": "county",
    "region": "441826000000",
    "phone": "0763-8680100",
}
WARD = {"institution": "H", "code": "XN", "name": "心血管内科"}
COUNTY: Tables = {
    "regions": REGIONS,
    "institutions": [
        {**HOSPITAL, "code": "J", "name": "急救站", "short_name": "急救站", "managed_by": "H"},
        HOSPITAL,
    ],
    "departments": [WARD],
    "beds": [{"institution": "H", "department": "XN", "first": "1", "last": "12", "features": "monitored"}],
    "consortia": [{"code": "Y", "name": "连南县医共体"}],
    "memberships": [{"consortium": "Y", "institution": "H", "role": "head", "valid_from": "2017-07-01"}],
}


def load(tables: Tables, at: datetime, *, dry_run: bool = False) -> LoadReport:
    """Load rows that must all be readable."""
    sheets, problems = read_sheets(tables)
    assert not problems
    return facilities.load_facilities(actor=a_manager(), sheets=sheets, at=at, dry_run=dry_run)


def outcomes(report: LoadReport) -> set[Outcome]:
    """Everything that became of the lines."""
    return {each.outcome for each in report.outcomes}


def test_the_example_county_loads_and_loads_again_without_a_change(at: datetime) -> None:
    sheets, problems = read_folder(settings.YITI_EXAMPLES / "liannan")
    assert not problems
    first = facilities.load_facilities(actor=a_manager(), sheets=sheets, at=at)
    assert (first.problems, outcomes(first)) == ((), {Outcome.CREATED})
    again = facilities.load_facilities(actor=a_manager(), sheets=sheets, at=at)
    assert (again.saved, outcomes(again)) == (True, {Outcome.UNCHANGED})
    head = facilities.institution_by_code("LN-RMYY")
    consortium = facilities.consortium_of(head.id, at.date())
    assert consortium is not None
    assert len(facilities.members(consortium.id, at.date())) == 81
    assert len(facilities.oversight(head.id, at.date())) == 82
    assert len(facilities.villages_of(head.id)) == 71


def test_who_may_not_maintain_institutions_loads_nothing(at: datetime) -> None:
    with pytest.raises(NotPermitted):
        facilities.load_facilities(actor=an_actor(), sheets=read_sheets(COUNTY)[0], at=at)
    assert not Region.objects.exists()


def test_rows_find_each_other_by_code_whatever_their_order(at: datetime) -> None:
    report = load(COUNTY, at)
    assert report.counts["institutions"] == {Outcome.CREATED: 2}
    assert Institution.objects.get(code="J").managed_by == Institution.objects.get(code="H")
    assert Region.objects.get(code="441826000000").parent == Region.objects.get(code="441800000000")
    labels = Bed.objects.order_by("label").values_list("label", flat=True)
    assert (labels[0], len(labels)) == ("01", 12)
    assert facilities.search_institutions("lnxrm", at.date())[0].code == "H"


def test_a_load_leaves_one_audit_row(at: datetime) -> None:
    load(COUNTY, at)
    assert [row.action for row in _trail()] == ["facilities.load"]


def _trail() -> list[audit.LookRow]:
    return audit.trail(an_actor("audit.read"), audit.Asked("facilities."))


def test_only_what_differs_is_changed_and_a_missing_column_stays(at: datetime) -> None:
    load(COUNTY, at)
    without_phone = {name: cell for name, cell in HOSPITAL.items() if name != "phone"}
    report = load({"institutions": [{**without_phone, "short_name": "县医院"}], "departments": [WARD]}, at)
    assert report.counts == {"institutions": {Outcome.CHANGED: 1}, "departments": {Outcome.UNCHANGED: 1}}
    hospital = Institution.objects.get(code="H")
    assert (hospital.short_name, hospital.phone) == ("县医院", "0763-8680100")


def test_rows_that_are_missing_stay_and_end_by_a_mark(at: datetime) -> None:
    load(COUNTY, at)
    load({"departments": [{**WARD, "code": "SN", "name": "神经内科"}]}, at)
    assert Department.objects.count() == 2
    load({"departments": [{**WARD, "is_active": "0"}]}, at)
    ward = facilities.departments(Institution.objects.get(code="H").id)
    assert [each.code for each in ward] == ["SN"]


def test_a_dry_run_says_what_would_happen_and_saves_nothing(at: datetime) -> None:
    report = load(COUNTY, at, dry_run=True)
    assert (report.saved, outcomes(report)) == (False, {Outcome.CREATED})
    assert not Region.objects.exists()
    assert not _trail()


@pytest.mark.parametrize(
    ("sheet", "row", "where"),
    [
        pytest.param(
            "departments", {**WARD, "institution": "X"}, ("departments", "institution"), id="institution"
        ),
        pytest.param(
            "beds",
            {"institution": "H", "department": "X", "first": "1", "last": "2"},
            ("beds", "department"),
            id="department",
        ),
        pytest.param(
            "institutions", {**HOSPITAL, "managed_by": "X"}, ("institutions", "managed_by"), id="manager"
        ),
        pytest.param(
            "regions",
            {"code": "520101000000", "name": "某区", "level": "county"},
            ("regions", "parent"),
            id="a county without its city",
        ),
    ],
)
def test_a_code_nobody_has_stops_the_whole_load(
    sheet: str, row: dict[str, str], where: tuple[str, str], at: datetime
) -> None:
    report = load({**COUNTY, sheet: [*COUNTY[sheet], row] if sheet != "institutions" else [row]}, at)
    assert not report.saved
    assert [(each.sheet, each.column) for each in report.problems] == [where]
    assert "没有这个编码" in report.problems[0].text()
    assert not Region.objects.exists()


def test_a_row_wrong_in_itself_does_not_make_others_look_wrong(at: datetime) -> None:
    twice = {**COUNTY, "institutions": [HOSPITAL, HOSPITAL]}
    assert [each.sheet for each in load(twice, at).problems] == ["institutions"]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        pytest.param({"institution": "J", "role": "head"}, "一个牵头医院", id="a second head"),
        pytest.param({"institution": "H", "role": "member"}, "一个医共体", id="a second membership"),
    ],
)
def test_what_contradicts_the_database_is_refused_in_words(
    row: dict[str, str], sentence: str, at: datetime
) -> None:
    load(COUNTY, at)
    with pytest.raises(Conflict, match=sentence):
        load({"memberships": [{"consortium": "Y", "valid_from": "2020-01-01", **row}]}, at)


DIVISIONS = {
    "provinces": [{"code": "44", "name": "广东省"}, {"code": "35", "name": "福建省"}],
    "cities": [
        {"code": "4419", "name": "东莞市"},
        {"code": "4418", "name": "清远市"},
        {"code": "3505", "name": "泉州市"},
    ],
    "counties": [
        {"code": "441900", "name": "东莞市"},
        {"code": "441826", "name": "连南瑶族自治县"},
        {"code": "350527", "name": "金门县"},
    ],
    "townships": [
        {"code": "441900003", "name": "东城街道"},
        {"code": "441826105", "name": "三排镇"},
        {"code": "350527000", "name": "金门县"},
    ],
}


def test_national_divisions_load_without_loss(at: datetime) -> None:
    rows = list(division_rows(**DIVISIONS))
    report = load({"regions": rows}, at)
    assert report.counts["regions"] == {Outcome.CREATED: 11}
    assert facilities.region_path("441826105") == ("广东省", "清远市", "连南瑶族自治县", "三排镇")


@pytest.mark.parametrize(
    ("code", "level", "path"),
    [
        pytest.param("441900003", "township", ("广东省", "东莞市", "东城街道"), id="a city without counties"),
        pytest.param("4419", "city", ("广东省", "东莞市"), id="the city"),
        pytest.param("441900", "county", ("广东省", "东莞市"), id="the city as its own county"),
        pytest.param("441900000000", "city", ("广东省", "东莞市"), id="12 digits mean the higher"),
        pytest.param("350527", "county", ("福建省", "泉州市", "金门县"), id="a county without townships"),
    ],
)
def test_places_that_stand_in_two_lists(code: str, level: str, path: tuple[str, ...], at: datetime) -> None:
    load({"regions": list(division_rows(**DIVISIONS))}, at)
    found = facilities.region(code)
    assert (found.level, facilities.region_path(code)) == (level, path)
    above = Region.objects.get(code=found.code, level=found.level).parent
    assert above is not None
    assert list(RegionLevel).index(RegionLevel(above.level)) == list(RegionLevel).index(found.level) - 1


def test_a_membership_can_end_by_a_later_load(at: datetime) -> None:
    load(COUNTY, at)
    ended = {**COUNTY["memberships"][0], "valid_until": "2026-01-01"}
    assert load({"memberships": [ended]}, at).counts["memberships"] == {Outcome.CHANGED: 1}
    assert facilities.consortium_of(Institution.objects.get(code="H").id, date(2026, 1, 1)) is None
