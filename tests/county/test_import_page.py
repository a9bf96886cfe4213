"""The page of the import, as an administrator uses it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from python_calamine import CalamineWorkbook

from tests.county.builders import COUNTY, County, a_workbook, changed
from yiti.config import setup, workbook
from yiti.foundation.accounts.models import User
from yiti.foundation.accounts.tests.builders import PASSWORD, a_user
from yiti.kernel.errors import NotFound
from yiti.registry.facilities import public as facilities
from yiti.registry.staff.tests.builders import a_posting, a_staff_member

pytestmark = pytest.mark.django_db

PAGE = "/administration/import"


@pytest.fixture(autouse=True)
def clock(at: datetime) -> Iterator[Any]:
    with time_machine.travel(at, tick=True) as clock:
        setup.load_reference(at)
        yield clock


def signed_in(role: str = "system_administrator", code: str = "ADM001") -> Client:
    """The browser of an administrator."""
    a_posting(a_staff_member("虞明辉", code=code, user=a_user(username=code)), role=role)
    browser = Client()
    browser.post("/sign-in", {"login": code, "password": PASSWORD})
    return browser


def upload(browser: Client, content: bytes, name: str = "连南.xlsx") -> Any:
    return browser.post(PAGE, {"file": SimpleUploadedFile(name, content)})


def book(tmp_path: Path, county: County = COUNTY) -> bytes:
    return a_workbook(tmp_path / "county.xlsx", county).read_bytes()


def stamp_of(page: str) -> str:
    """What the button to save sends along."""
    return page.partition('name="stamp" value="')[2].partition('"')[0]


def test_check_then_save_then_first_passwords_once(tmp_path: Path) -> None:
    browser = signed_in()
    answer = upload(browser, book(tmp_path))
    assert (answer.status_code, answer.headers["Location"]) == (302, PAGE)
    shown = browser.get(PAGE).content.decode()
    assert "没有问题，还没有导入" in shown
    assert "居民表的 2 行" in shown
    assert not User.objects.filter(username="LN2001").exists()
    done = browser.post(f"{PAGE}/save", {"stamp": stamp_of(shown)})
    page = done.content.decode()
    assert (done.status_code, done.headers["Cache-Control"]) == (200, "no-store")
    assert "已经导入" in page
    password = page.partition("<td>盘凤英</td><td><code>")[2].partition("<")[0]
    assert User.objects.get(username="LN2001").check_password(password)
    assert facilities.institution_by_code("V").name == "油岭村卫生站"
    after = browser.get(PAGE).content.decode()
    assert password not in after
    assert "检查结果" not in after


def test_mistakes_are_told_and_can_be_fetched(tmp_path: Path) -> None:
    browser = signed_in()
    upload(browser, book(tmp_path, changed(COUNTY, "institutions", 1, phone="123")))
    shown = browser.get(PAGE).content.decode()
    assert "有 1 处要改" in shown
    assert "少 8 位" in shown
    assert "导入这份工作簿" not in shown
    fetched = browser.get(f"{PAGE}/mistakes")
    assert "errors.xlsx" in fetched.headers["Content-Disposition"]
    found = CalamineWorkbook.from_filelike(BytesIO(fetched.content))
    assert found.sheet_names == ["机构"]
    browser.post(f"{PAGE}/save", {"stamp": "x"})
    with pytest.raises(NotFound):
        facilities.institution_by_code("H")


@pytest.mark.parametrize(
    ("files", "says"),
    [
        pytest.param({}, "请先选一份工作簿", id="nothing"),
        pytest.param(
            {"file": SimpleUploadedFile("a.xlsx", b"no workbook")}, "不是 .xlsx 工作簿", id="no workbook"
        ),
        pytest.param({"file": SimpleUploadedFile("a.xlsx", b"")}, "空的", id="an empty file"),
        pytest.param({"file": SimpleUploadedFile("a.xlsx", b"0" * 10_000_001)}, "超过 10 MB", id="too large"),
    ],
)
def test_a_bad_upload_is_refused_beside_its_field(files: dict[str, Any], says: str) -> None:
    answer = signed_in().post(PAGE, files)
    assert answer.status_code == 422
    assert says in answer.content.decode()


def test_only_what_was_seen_is_saved(tmp_path: Path, clock: Any) -> None:
    browser = signed_in()
    upload(browser, book(tmp_path))
    seen = stamp_of(browser.get(PAGE).content.decode())
    clock.shift(timedelta(seconds=5))
    upload(browser, book(tmp_path, changed(COUNTY, "institutions", 1, name="另一家")))
    answer = browser.post(f"{PAGE}/save", {"stamp": seen})
    assert answer.status_code == 409
    assert "另一份工作簿" in answer.content.decode()
    with pytest.raises(NotFound):
        facilities.institution_by_code("V")


def test_an_upload_is_ones_own_and_kept_for_an_hour(tmp_path: Path, clock: Any) -> None:
    browser = signed_in()
    upload(browser, book(tmp_path))
    assert "检查结果" not in signed_in(code="ADM002").get(PAGE).content.decode()
    for _ in range(5):
        clock.shift(timedelta(minutes=12, seconds=10))
        shown = browser.get(PAGE).content.decode()
    assert "检查结果" not in shown


def test_the_template_can_be_fetched() -> None:
    fetched = signed_in().get(f"{PAGE}/template")
    assert workbook.read_workbook(fetched.content, workbook.sheets()).tables.keys() >= {"staff", "residents"}


@pytest.mark.parametrize("role", ["consortium_office", "security_administrator", "village_doctor"])
def test_others_find_no_such_page(role: str, tmp_path: Path) -> None:
    browser = signed_in(role)
    assert [browser.get(f"{PAGE}{part}").status_code for part in ("", "/mistakes", "/template")] == [404] * 3
    assert upload(browser, book(tmp_path)).status_code == 404
    assert browser.post(f"{PAGE}/save").status_code == 404
