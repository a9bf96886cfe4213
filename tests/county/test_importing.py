"""A county's workbook: once creates, twice changes nothing, a mistake is told with its place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from django.db import connection, connections
from psycopg.conninfo import conninfo_to_dict

from tests.county.builders import COUNTY, MAN, County, a_workbook, changed
from yiti.config import setup, workbook
from yiti.foundation.accounts import public as accounts
from yiti.foundation.audit import public as audit
from yiti.kernel.clock import local_date
from yiti.kernel.sheets import Outcome
from yiti.kernel.tests.builders import an_actor
from yiti.ops.database import Database
from yiti.ops.roles import Role
from yiti.registry.facilities import public as facilities
from yiti.registry.residents import public as residents
from yiti.registry.staff import public as staff


@contextmanager
def loader(database: Database) -> Iterator[None]:
    """Django connected as the loader, as it is for an import."""
    before = connection.settings_dict["USER"]
    connections.close_all()
    connection.settings_dict["USER"] = conninfo_to_dict(database.urls[Role.LOADER])["user"]
    try:
        yield
    finally:
        connections.close_all()
        connection.settings_dict["USER"] = before


def imported(path: Path, at: datetime, *, dry_run: bool = False) -> workbook.Import:
    """Read and import a workbook."""
    book = workbook.read_workbook(path, workbook.sheets())
    return workbook.import_workbook(actor=setup.SETUP, workbook=book, at=at, dry_run=dry_run)


def problems(done: workbook.Import) -> list[str]:
    """Each problem with its place, in words."""
    return [workbook.tell(each, workbook.sheets()) for each in done.problems]


@pytest.fixture
def reference(db: None, at: datetime) -> None:
    """Code systems and roles, in a test that is rolled back."""
    setup.load_reference(at)


def test_a_county_comes_in_whole_and_a_second_time_unchanged(
    committed_db: Database, tmp_path: Path, at: datetime
) -> None:
    with loader(committed_db):
        setup.load_reference(at)
        path = a_workbook(tmp_path / "county.xlsx", COUNTY)
        first, again = imported(path, at), imported(path, at)
    assert (problems(first), set(first.saved)) == ([], set(COUNTY))
    assert first.counts == {name: {Outcome.CREATED: len(rows)} for name, rows in COUNTY.items()}
    assert again.counts == {name: {Outcome.UNCHANGED: len(rows)} for name, rows in COUNTY.items()}
    assert again.first_passwords == []
    given = {each.code: each.password for each in first.first_passwords}
    assert set(given) == {"LN2001", "LN0412"}
    assert len(set(given.values())) == 2
    doctor = accounts.user_by_username("LN2001")
    assert doctor is not None
    (hat,) = staff.postings_of_user(doctor.id, local_date(at))
    actor = an_actor("residents.search", institution_id=hat.institution_id)
    (hit,) = residents.search_cards(actor, "fjy")
    assert (hit.name, hit.may_open, hit.in_catchment) == ("房金养", True, True)


def test_a_dry_run_tells_everything_and_saves_nothing(reference: None, tmp_path: Path, at: datetime) -> None:
    before = audit.count_trail(an_actor("audit.read"))
    done = imported(a_workbook(tmp_path / "county.xlsx", COUNTY), at, dry_run=True)
    assert (problems(done), done.saved, done.first_passwords) == ([], [], [])
    assert done.counts["residents"] == {Outcome.CREATED: 2}
    assert not facilities.consortia()
    assert not accounts.has_users()
    assert audit.count_trail(an_actor("audit.read")) == before


@pytest.mark.parametrize(
    ("county", "told"),
    [
        pytest.param(
            changed(COUNTY, "residents", 1, head=""),
            "居民 第 3 行 户主证件号：填了与户主关系，请填户主证件号",
            id="a relation to nobody",
        ),
        pytest.param(
            changed(COUNTY, "residents", 1, id_number=f"{MAN[:6]}1958{MAN[10:]}"),
            "居民 第 3 行 证件号：校验位不对，请对照证件重新输入",
            id="wrong check digit",
        ),
        pytest.param(
            changed(COUNTY, "residents", 1, birth="2027-01-01"),
            "居民 第 3 行 出生日期：出生日期在今天之后，请检查",
            id="born next year",
        ),
        pytest.param(
            changed(COUNTY, "residents", 1, name="王" * 2000),
            "居民 第 3 行 姓名：姓名最多 50 个字，现在有 2000 个，请检查",
            id="a name of 2,000 characters",
        ),
        pytest.param(
            changed(COUNTY, "residents", 1, name="=cmd|' /C calc'!A0"),
            "居民 第 3 行 姓名：姓名里有不能用的字符“=”，请只填姓名",
            id="a formula as a name",
        ),
        pytest.param(
            changed(COUNTY, "residents", 1, id_number=float(MAN)),
            "居民 第 3 行 证件号：Excel 把它存成了数字，后几位已经丢了；请把格式改成文本再填一遍",
            id="a number that Excel has cut",
        ),
        pytest.param(
            changed(COUNTY, "residents", 1, village="无此村"),
            "居民 第 3 行 村：没有“无此村”这个村",
            id="an unknown village",
        ),
        pytest.param(
            changed(COUNTY, "residents", 1, id_number=MAN),
            "居民 第 3 行 证件号：和第 2 行重复",
            id="a person twice",
        ),
        pytest.param(
            changed(COUNTY, "staff", 1, institution="X"),
            "人员 第 3 行 机构编码：没有编码为 X 的机构",
            id="an unknown institution",
        ),
        pytest.param(
            changed(COUNTY, "staff", 1, role="皇帝"),
            "人员 第 3 行 角色：只能填：",
            id="an unknown role",
        ),
        pytest.param(
            {**COUNTY, "departments": [*COUNTY["departments"], *COUNTY["departments"]]},
            "科室 第 3 行 科室编码：和第 2 行重复",
            id="a code twice",
        ),
        pytest.param(
            changed(COUNTY, "institutions", 1, credit_code="91350100M000100Y42"),
            "机构 第 3 行 统一社会信用代码：校验位不对，请对照证书重新输入",
            id="wrong credit code",
        ),
        pytest.param(
            changed(COUNTY, "beds", 0, department="X"),
            "床位 第 2 行 科室编码：没有这个编码：X",
            id="an unknown ward",
        ),
    ],
)
def test_a_bad_row_is_told_with_its_place(
    county: County, told: str, reference: None, tmp_path: Path, at: datetime
) -> None:
    done = imported(a_workbook(tmp_path / "county.xlsx", county), at, dry_run=True)
    assert len(problems(done)) == 1
    assert problems(done)[0].startswith(told)


def test_a_six_character_yao_name_is_a_name(reference: None, tmp_path: Path, at: datetime) -> None:
    county = changed(COUNTY, "residents", 0, name="盘古王房李沈")
    county = changed(county, "staff", 0, name="沈一公房公养")
    assert problems(imported(a_workbook(tmp_path / "county.xlsx", county), at, dry_run=True)) == []


def test_a_part_with_a_problem_and_what_comes_after_it_is_not_saved(
    reference: None, tmp_path: Path, at: datetime
) -> None:
    county = changed(COUNTY, "staff", 1, role="皇帝")
    done = imported(a_workbook(tmp_path / "county.xlsx", county), at)
    assert set(done.saved) == set(COUNTY) - {"staff", "residents"}
    assert facilities.institution_by_code("V").name == "油岭村卫生站"
    assert (accounts.has_users(), done.first_passwords) == (False, [])


def test_a_mistake_is_not_told_again_by_every_row_that_refers_to_it(
    reference: None, tmp_path: Path, at: datetime
) -> None:
    county = changed(COUNTY, "institutions", 0, phone="1")
    county = changed(county, "institutions", 1, credit_code="1")
    county = changed(county, "residents", 0, name="1")
    done = imported(a_workbook(tmp_path / "county.xlsx", county), at, dry_run=True)
    assert {(each.sheet, each.line) for each in done.problems} == {
        ("institutions", 2),
        ("institutions", 3),
        ("residents", 2),
    }


def test_what_only_the_database_knows_is_told_too(reference: None, tmp_path: Path, at: datetime) -> None:
    places = {name: rows for name, rows in COUNTY.items() if name not in {"staff", "residents"}}
    assert problems(imported(a_workbook(tmp_path / "a.xlsx", places), at)) == []
    other = {
        "consortia": [{"code": "Z", "name": "另一个医共体"}],
        "memberships": [
            {"consortium": "Z", "institution": "H", "role": "医共体成员", "valid_from": "2020-01-01"}
        ],
    }
    done = imported(a_workbook(tmp_path / "b.xlsx", other), at)
    assert problems(done) == ["一个机构同一时间只能在一个医共体里，请先终止原来的"]
    assert done.saved == []


# Of the kind that breaks programs: quotes, markup, templates, directions, joints, signs of other scripts,
# characters that are wide, combining or not there at all.
NAUGHTY = (
    "undefined",
    "NULL",
    "\\",
    "'; DROP TABLE residents; --",
    '"><script>alert(1)</script>',
    "{{ 7 * 7 }}",
    "{0.__class__}",
    "{",
    "%s%n%x",
    "$(touch /tmp/x)",
    "=1+1",
    "+1",
    "-1",
    "@SUM(1)",
    "../../../etc/passwd",
    "1E+02",
    "0x1F",
    "٠١٢٣",
    "Ω≈ç√∫",
    "田中さんにあげて下さい",
    "𠜎𠜱𠝹",
    "👩🏽‍⚕️",
    "Z̮̞̠͙͔ͅḀ̗̞͈̻̗",
    "\u202etest\u202c",
    "\u200b\u200c",
    "\ufeffbom",
    "ﷺ",
    "a\tb\nc",
    "\x07bell",
    "ʇǝɯɐ ʇᴉs",
)


def test_naughty_text_is_taken_as_it_is_or_refused_in_words(
    reference: None, tmp_path: Path, at: datetime
) -> None:
    places = {name: rows for name, rows in COUNTY.items() if name not in {"staff", "residents"}}
    taken = []
    for text in NAUGHTY:
        path = a_workbook(
            tmp_path / "county.xlsx", changed(places, "institutions", 0, name=text, profile=text)
        )
        done = imported(path, at)
        assert {(each.sheet, each.line) for each in done.problems} <= {("institutions", 2)}, text
        if not done.problems:
            assert facilities.institution_by_code("H").profile == text.strip(), text
            assert imported(path, at).counts["institutions"] == {Outcome.UNCHANGED: 2}, text
            taken.append(text)
    assert {"'; DROP TABLE residents; --", "{{ 7 * 7 }}", "{", "=1+1", "𠜎𠜱𠝹", "👩🏽‍⚕️"} <= set(taken)
    assert {"\u202etest\u202c", "\x07bell"}.isdisjoint(taken)


def test_naughty_text_in_every_cell_is_never_an_accident(
    reference: None, tmp_path: Path, at: datetime
) -> None:
    sheets = workbook.sheets()
    for text in NAUGHTY:
        county = {
            sheet.name: [*COUNTY.get(sheet.name, ()), {column.name: text for column in sheet.columns}]
            for sheet in sheets
        }
        book = workbook.read_workbook(a_workbook(tmp_path / "county.xlsx", county), sheets)
        done = workbook.import_workbook(actor=setup.SETUP, workbook=book, at=at, dry_run=True)
        wrong = {each.sheet for each in done.problems}
        assert wrong >= {"regions", "institutions", "staff", "residents"}, text
        workbook.write_mistakes(tmp_path / "e.xlsx", book.tables, sheets, done.problems)
        assert set(workbook.read_workbook(tmp_path / "e.xlsx", sheets).tables) == wrong, text
