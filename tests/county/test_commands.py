"""The commands of a county: init, template, import; what they print, write and answer."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from tests.county.builders import COUNTY, a_workbook, changed
from yiti.config import setup
from yiti.foundation.accounts import public as accounts
from yiti.ops.database import Database
from yiti.ops.roles import Role
from yiti.registry.facilities import public as facilities
from yiti.registry.staff import public as staff

INIT = (
    "--region=441826",
    "--province=广东省",
    "--city=清远市",
    "--county=连南瑶族自治县",
    "--hospital-code=H",
    "--hospital-name=连南县人民医院",
    "--system-administrator=SYS001:虞明辉",
    "--security-administrator=SEC001：植慧",
    "--auditor=aud001 甘少华",
)


@dataclass(frozen=True)
class Answer:
    """What a command answered and said."""

    code: int
    said: str
    complained: str


def run(database: Database, *words: object) -> Answer:
    """Run a management command as a process of its own, as `yiti` does, as the loader."""
    done = subprocess.run(
        [sys.executable, "-m", "django", *map(str, words)],
        env=database.environment(Role.LOADER),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return Answer(done.returncode, done.stdout, done.stderr)


def printed_passwords(said: str) -> dict[str, str]:
    """First passwords by staff code, as `init_county` prints them."""
    lines = [line.split("　") for line in said.splitlines() if line.count("　") == 3]
    return {code: password for _, code, _, password in lines}


def test_from_an_empty_database_to_a_county_people_can_sign_in_to(
    committed_db: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = run(committed_db, "init_county", *INIT)
    assert (made.code, made.complained) == (0, "")
    passwords = printed_passwords(made.said)
    assert set(passwords) == {"SYS001", "SEC001", "AUD001"}
    assert facilities.region_path("441826") == ("广东省", "清远市", "连南瑶族自治县")
    browser = Client()
    browser.post("/sign-in", {"login": "sys001", "password": passwords["SYS001"]})
    assert browser.get("/staff/").headers["Location"] == "/password"
    new = "ping-shan-2026"
    browser.post("/password", {"old": passwords["SYS001"], "new": new, "again": new})
    assert "连南县人民医院" in browser.get("/staff/").content.decode()

    with pytest.raises(CommandError, match="已有账号"):
        call_command("init_county", *INIT)
    call_command("write_template", str(tmp_path / "template.xlsx"))
    path = a_workbook(tmp_path / "county.xlsx", COUNTY)
    call_command("import_workbook", str(path), "--dry-run")
    assert "居民：新增 2，改动 0，未变 0（没有保存）" in capsys.readouterr().out
    assert [each.name for each in tmp_path.iterdir() if "first-passwords" in each.name] == []
    saved = run(committed_db, "import_workbook", str(path))
    assert (saved.code, saved.complained) == (0, "")
    assert "居民：新增 2，改动 0，未变 0\n" in saved.said
    assert len([each for each in tmp_path.iterdir() if "first-passwords" in each.name]) == 1
    assert accounts.user_by_username("LN2001") is not None


@pytest.mark.django_db
def test_a_workbook_with_mistakes_answers_1_and_leaves_their_rows(
    tmp_path: Path, at: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    setup.load_reference(at)
    path = a_workbook(tmp_path / "county.xlsx", changed(COUNTY, "residents", 0, name=""))
    with pytest.raises(CommandError, match="有 1 处要改") as refused:
        call_command("import_workbook", str(path))
    assert refused.value.returncode == 1
    assert "居民 第 2 行 姓名：不能空着" in capsys.readouterr().err
    assert (tmp_path / "county-errors.xlsx").exists()
    assert accounts.has_users()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "says"),
    [
        pytest.param((), "要导入什么", id="nothing"),
        pytest.param(("/no/such/file.xlsx",), "没有这个文件", id="no file"),
        pytest.param((__file__,), "不是 .xlsx 工作簿", id="no workbook"),
    ],
)
def test_wrong_usage_is_said(words: Sequence[str], says: str) -> None:
    with pytest.raises(CommandError, match=says):
        call_command("import_workbook", *words)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "code", "says"),
    [
        pytest.param({"--auditor=aud001 甘少华": None}, 2, "请给出 --auditor", id="an option missing"),
        pytest.param({"--city=清远市": None}, 2, "请给出 --city", id="a name missing"),
        pytest.param({"--region=441826": "--region=4418"}, 1, "6 位", id="a short code"),
        pytest.param({"--auditor=aud001 甘少华": "--auditor=甘少华"}, 1, "中间空一格", id="no staff code"),
        pytest.param({"--auditor=aud001 甘少华": "--auditor=A 甘少华"}, 1, "3 到 20", id="a bad staff code"),
        pytest.param(
            {"--auditor=aud001 甘少华": "--auditor=SYS001 甘少华"}, 1, "不一样", id="one code for two"
        ),
        pytest.param({"--hospital-code=H": "--hospital-code=县医院"}, 1, "编码只能用", id="a Chinese code"),
    ],
)
def test_init_says_what_is_wrong_and_makes_nobody(
    changes: dict[str, str | None], code: int, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [changes.get(word, word) for word in INIT]
    with pytest.raises(CommandError) as refused:
        call_command("init_county", *(word for word in words if word))
    assert refused.value.returncode == code
    assert says in f"{refused.value}{capsys.readouterr().err}"
    assert not accounts.has_users()


@pytest.mark.django_db
def test_init_finds_its_county_in_the_national_divisions(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lists = {
        "provinces": 'code,name\n44,"广东省"\n',
        "cities": 'code,name,provinceCode\n4418,"清远市",44\n4419,"东莞市",44\n',
        "areas": 'code,name,cityCode\n441826,"连南瑶族自治县",4418\n441900,"东莞市",4419\n',
        "streets": 'code,name,areaCode\n441826105,"三排镇",441826\n441900003,"东城街道",441900\n',
    }
    for name, text in lists.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    words = [word for word in INIT if word.split("=")[0] not in {"--province", "--city", "--county"}]
    call_command("init_county", *words, "--divisions", str(tmp_path))
    assert facilities.region_path("441826105")[-2:] == ("连南瑶族自治县", "三排镇")
    assert facilities.institution_by_code("H").region_code == "441826000000"
    call_command("import_workbook", "--divisions", str(tmp_path))
    assert "区划：新增 0，改动 0，未变 7" in capsys.readouterr().out


@pytest.mark.django_db
@pytest.mark.parametrize("command", ["import_workbook", "init_county"])
def test_the_divisions_of_a_folder_that_lacks_a_list_are_refused(command: str, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"provinces\.csv") as refused:
        call_command(command, "--divisions", str(tmp_path))
    assert refused.value.returncode == 2


@pytest.mark.django_db
def test_administrators_work_at_the_head_hospital(at: datetime) -> None:
    call_command("init_county", *INIT)
    for code, role in (("SYS001", "system_administrator"), ("AUD001", "auditor")):
        user = accounts.user_by_username(code)
        assert user is not None
        (hat,) = staff.postings_of_user(user.id, date(2100, 1, 1))
        assert (hat.role, hat.institution_name, hat.is_primary) == (role, "连南县人民医院", True)
