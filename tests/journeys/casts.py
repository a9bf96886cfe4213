"""The two counties a journey runs in: the example one, and one made by `yiti init` and a workbook.

Each is a `Cast`: who works where, whom the journey is about, and what the places are called.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from python_calamine import CalamineWorkbook

from tests.county.builders import Rows, a_workbook
from tests.serving import RunningServer, manage
from yiti.config.management.commands.load_example import PASSWORD
from yiti.kernel.identity import make_id_number
from yiti.ops.roles import Role

_SINCE = date(2020, 1, 1)
_COUNTY, _TOWNSHIP, _VILLAGE = "441826000000", "441826105000", "441826105204"


@dataclass(frozen=True)
class Worker:
    """Somebody who signs in. A first password has to be changed at once; an administrator then binds an
    authenticator, where the county asks for it."""

    login: str
    name: str
    password: str
    is_first_password: bool = False
    binds: bool = False


@dataclass(frozen=True)
class Cast:
    """A county on a server, and its people of the golden thread."""

    url: str
    village_doctor: Worker
    nurse: Worker
    ward_doctor: Worker
    township_physician: Worker
    auditor: Worker
    patient: str
    initials: str
    hospital: str
    ward: str
    township: str


def the_example_county(server: RunningServer) -> Cast:
    """Some of those who work in Liannan (`example_server`)."""

    def one(login: str, name: str) -> Worker:
        return Worker(login, name, PASSWORD)

    return Cast(
        url=server.url,
        village_doctor=one("LN2045", "唐桂花"),
        nurse=one("LN0412", "李秀萍"),
        ward_doctor=one("LN0217", "陈国栋"),
        township_physician=one("LN1304", "邓志明"),
        auditor=one("LN0003", "甘少华"),
        patient="房金养",
        initials="fjy",
        hospital="县人民医院",
        ward="心血管内科",
        township="三排卫生院",
    )


def a_county_of_its_own(server: RunningServer, folder: Path) -> Cast:
    """`yiti init`, then one workbook: a hospital, a township hospital, a village clinic, a household."""
    told = manage(
        server.database,
        Role.LOADER,
        "init_county",
        "--region=441826",
        "--province=广东省",
        "--city=清远市",
        "--county=连南瑶族自治县",
        "--hospital-code=H",
        "--hospital-name=连南县人民医院",
        "--system-administrator=LN0001:虞明辉",
        "--security-administrator=LN0002:骆小兰",
        "--auditor=LN0003:甘少华",
    )
    auditor = re.search(r"LN0003\s+甘少华\s+(\S+)", told)
    assert auditor is not None, told
    manage(server.database, Role.LOADER, "import_workbook", str(a_workbook(folder / "county.xlsx", _SHEETS)))
    passwords = _first_passwords(folder)

    def one(login: str, name: str) -> Worker:
        return Worker(login, name, passwords[login], is_first_password=True)

    return Cast(
        url=server.url,
        village_doctor=one("V01", "唐桂花"),
        nurse=one("H01", "李秀萍"),
        ward_doctor=one("H02", "陈国栋"),
        township_physician=one("T01", "邓志明"),
        auditor=Worker("LN0003", "甘少华", auditor[1], is_first_password=True, binds=True),
        patient="盘金水",
        initials="pjs",
        hospital="县人民医院",
        ward="心血管内科",
        township="三排卫生院",
    )


def _first_passwords(folder: Path) -> dict[str, str]:
    """The first passwords by staff code, from the workbook the import has written beside its own."""
    (path,) = folder.glob("*-first-passwords-*.xlsx")
    _head, *rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    return {str(code): str(password) for code, _name, password in rows}


_SHEETS: dict[str, Rows] = {
    "regions": [
        {"code": _TOWNSHIP, "name": "三排镇", "level": "乡镇"},
        {"code": _VILLAGE, "name": "油岭村", "level": "村"},
    ],
    "institutions": [
        {
            "code": "H",
            "name": "连南县人民医院",
            "short_name": "县人民医院",
            "kind": "县级综合医院",
            "level": "县",
            "region": _COUNTY,
            "phone": "0763-8680100",
        },
        {
            "code": "T",
            "name": "三排卫生院",
            "short_name": "三排卫生院",
            "kind": "乡镇卫生院",
            "level": "镇",
            "region": _TOWNSHIP,
            "managed_by": "H",
        },
        {
            "code": "V",
            "name": "油岭村卫生站",
            "short_name": "油岭卫生站",
            "kind": "村卫生站",
            "level": "村",
            "region": _VILLAGE,
            "managed_by": "T",
        },
    ],
    "departments": [
        {"institution": "H", "code": "XNK", "name": "心血管内科", "specialty": "03.04"},
        {"institution": "H", "code": "ZZZX", "name": "转诊中心"},
        {"institution": "T", "code": "NK", "name": "内科", "specialty": "03"},
    ],
    "beds": [{"institution": "H", "department": "XNK", "first": 1, "last": 6, "features": "监护"}],
    "consortia": [{"code": "Y", "name": "连南县医共体"}],
    "memberships": [
        {"consortium": "Y", "institution": code, "role": role, "valid_from": _SINCE}
        for code, role in (("H", "医共体牵头"), ("T", "医共体成员"), ("V", "医共体成员"))
    ],
    "staff": [
        {"code": "V01", "name": "唐桂花", "institution": "V", "role": "村医", "valid_from": _SINCE},
        {
            "code": "T01",
            "name": "邓志明",
            "institution": "T",
            "department": "NK",
            "role": "乡镇医师",
            "valid_from": _SINCE,
        },
        {
            "code": "H01",
            "name": "李秀萍",
            "institution": "H",
            "department": "ZZZX",
            "role": "转诊护士",
            "valid_from": _SINCE,
        },
        {
            "code": "H02",
            "name": "陈国栋",
            "institution": "H",
            "department": "XNK",
            "role": "病区医师",
            "valid_from": _SINCE,
        },
    ],
    "residents": [
        {
            "name": "盘金水",
            "id_number": make_id_number("441826", date(1961, 5, 4), 31),
            "village": "油岭村",
            "ethnic": "瑶族",
            "relation": "户主",
            "phone": "13800001234",
        }
    ],
}
