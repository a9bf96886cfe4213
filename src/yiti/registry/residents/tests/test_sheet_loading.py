"""Bringing the people of a sheet in: once registers, twice changes nothing, a mistake saves nothing."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection, connections
from psycopg.conninfo import conninfo_to_dict
from pytest_django import DjangoAssertNumQueries

from yiti.foundation.audit.models import AuditEntry
from yiti.kernel.errors import NotPermitted
from yiti.kernel.identity import make_id_number
from yiti.kernel.sheets import LoadReport, Outcome, read_sheet
from yiti.kernel.tests.builders import an_actor
from yiti.ops.database import Database
from yiti.ops.roles import Role
from yiti.registry.facilities.tests.builders import NOON, a_region
from yiti.registry.residents import public as residents
from yiti.registry.residents.models import Card
from yiti.registry.residents.tests.builders import Place, a_clinician, a_place
from yiti.registry.residents.tests.test_sheet import TABLES
from yiti.registry.terminology.tests import builders as terminology

BORN = date(1959, 3, 14)
MAN, WIFE, SON = (make_id_number("441826", BORN, serial) for serial in (31, 32, 33))
HEAD = {"name": "房金养", "id_number": MAN, "village": "油岭村", "phone": "13822716620", "relation": "户主"}
SPOUSE = {"name": "唐四妹", "id_number": WIFE, "village": "油岭村", "head": MAN, "relation": "妻"}
CHILD = {"name": "房小龙", "id_number": SON, "village": "三排镇油岭村", "head": MAN, "relation": "子"}


@pytest.fixture
def place(committed_db: Database) -> Place:
    """油岭村 with its clinic; Django is connected as the loader, as it is for an import."""
    terminology.load()
    a_region()
    made = a_place(1)
    become(committed_db, Role.LOADER)
    return made


def become(database: Database, role: Role) -> None:
    """Connect Django as another role."""
    connections.close_all()
    connection.settings_dict["USER"] = conninfo_to_dict(database.urls[role])["user"]


def load(*rows: dict[str, str], coming: tuple[str, ...] = (), dry_run: bool = False) -> LoadReport:
    """Load rows that must all be readable."""
    read, problems = read_sheet(residents.RESIDENTS.with_codes(TABLES), rows)
    assert not problems
    actor = an_actor("residents.write", name="初始化")
    return residents.load_residents(actor=actor, rows=read, at=NOON, coming=coming, dry_run=dry_run)


def outcomes(report: LoadReport) -> list[tuple[int, str]]:
    return [(each.line, str(each.outcome)) for each in report.outcomes]


def problems(report: LoadReport) -> list[tuple[int, str, str]]:
    return [(each.line, each.column, each.text()) for each in report.problems]


def test_a_family_is_registered_found_and_opened(place: Place, committed_db: Database) -> None:
    report = load(HEAD, SPOUSE, CHILD)
    assert (report.saved, report.counts) == (True, {"residents": {Outcome.CREATED: 3}})
    become(committed_db, Role.APP)
    doctor = a_clinician(place.clinic)
    (hit,) = residents.search_cards(doctor, "13822716620")
    assert (hit.name, hit.may_open, hit.in_catchment) == ("房金养", True, True)
    assert residents.person(a_clinician(place.hospital), hit.card.id).village_id == place.village.pk
    home = residents.household(doctor, hit.card.id)
    assert home is not None
    assert [(member.name, member.relation_zh) for member in home.members] == [
        ("房金养", "户主"),
        ("唐四妹", "妻"),
        ("房小龙", "子"),
    ]
    entry = AuditEntry.objects.get(action="residents.load_residents")
    assert entry.detail == {"people": 3, "households": 1}


def test_a_second_load_changes_nothing_and_leaves_no_trace(place: Place) -> None:
    load(HEAD, SPOUSE)
    again = load(HEAD | {"phone": "13822716699"}, SPOUSE)
    assert outcomes(again) == [(2, "unchanged"), (3, "unchanged")]
    assert AuditEntry.objects.filter(action="residents.load_residents").count() == 1


def test_who_comes_later_moves_into_the_household_that_is_there(place: Place, committed_db: Database) -> None:
    load(HEAD, SPOUSE)
    assert outcomes(load(CHILD)) == [(2, "created")]
    become(committed_db, Role.APP)
    doctor = a_clinician(place.clinic)
    (hit,) = residents.search_cards(doctor, "13822716620")
    home = residents.household(doctor, hit.card.id)
    assert home is not None
    assert (home.size, len(home.members)) == (3, 3)


def test_a_head_without_a_household_gets_one_with_the_first_member(place: Place) -> None:
    alone = {name: cell for name, cell in HEAD.items() if name != "relation"}
    load(alone)
    assert load(SPOUSE, CHILD).saved


def test_a_dry_run_saves_nothing_and_is_open_to_the_pages(place: Place, committed_db: Database) -> None:
    become(committed_db, Role.APP)
    report = load(HEAD, SPOUSE, dry_run=True)
    assert (report.saved, outcomes(report)) == (False, [(2, "created"), (3, "created")])
    assert not Card.objects.exists()


def test_a_dry_run_knows_the_villages_that_come_with_it(place: Place) -> None:
    rows = [HEAD | {"village": "南岗村"}, SPOUSE | {"village": "", "institution": "NEW"}]
    assert load(*rows, coming=("南岗村", "NEW"), dry_run=True).problems == ()
    assert [where for _, where, _ in problems(load(*rows, dry_run=True))] == ["village", "institution"]


def test_the_household_goes_where_the_institution_is_named(place: Place) -> None:
    assert problems(load(HEAD | {"village": ""}))[0][1:] == (
        "institution",
        "没有机构负责这个村，请填建档机构编码",
    )
    assert load(HEAD | {"village": "", "institution": place.hospital.code}).saved


@pytest.mark.parametrize(
    ("rows", "line", "column", "says"),
    [
        pytest.param([HEAD | {"village": "无此村"}], 2, "village", "没有“无此村”", id="no such village"),
        pytest.param([HEAD | {"village": "大坪村"}], 2, "village", "有 2 个村", id="two of one name"),
        pytest.param([HEAD | {"institution": "X"}], 2, "institution", "X 的机构", id="institution"),
        pytest.param([SPOUSE], 2, "head", "没有登记过", id="a head nobody knows"),
        pytest.param([HEAD, HEAD], 3, "id_number", "第 2 行重复", id="a line twice"),
        pytest.param([{**HEAD, "id_number": f"{MAN[:-1]}?"}], 2, "id_number", "", id="not a number"),
    ],
)
def test_a_mistake_saves_nothing(
    rows: list[dict[str, str]], line: int, column: str, says: str, place: Place
) -> None:
    a_place(2, name="大坪村")
    a_place(3, name="大坪村")
    somebody = {"name": "盘志强", "id_number": make_id_number("441826", BORN, 99), "village": "油岭村"}
    report = load(somebody, *rows)
    assert not report.saved
    assert problems(report)[0][:2] == (line + 1, column)
    assert says.replace("第 2 行", "第 3 行") in problems(report)[0][2]
    assert not Card.objects.exists()


def test_a_number_of_somebody_else_is_refused_without_the_name(place: Place) -> None:
    load(HEAD)
    report = load(HEAD | {"name": "盘志强"})
    assert problems(report) == [(2, "id_number", "这个证件号已登记在 房*养 名下，请核对")]


def test_a_head_who_lives_elsewhere_by_now_is_refused(place: Place) -> None:
    load(HEAD, SPOUSE)
    report = load({**CHILD, "head": WIFE})
    assert problems(report) == [(2, "head", "户主已登记在别人家，请先到窗口分户")]


@pytest.mark.parametrize("number", [1, 20])
def test_queries_do_not_grow_with_people(
    number: int, place: Place, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    rows = [
        {"name": "房金养", "id_number": make_id_number("441826", BORN, serial), "village": "油岭村"}
        for serial in range(number)
    ]
    with django_assert_num_queries(16):
        load(*rows)
    with django_assert_num_queries(6):
        assert load(*rows).counts == {"residents": {Outcome.UNCHANGED: number}}


def test_who_may_not_register_loads_nothing(place: Place) -> None:
    with pytest.raises(NotPermitted):
        residents.load_residents(actor=an_actor(), rows=[], at=NOON)
