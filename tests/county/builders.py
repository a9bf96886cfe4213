"""Workbooks as a county fills them in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import xlsxwriter

from yiti.config import workbook
from yiti.kernel.identity import make_id_number

BORN = date(1959, 3, 14)
MAN, WIFE = (make_id_number("441826", BORN, serial) for serial in (31, 32))

Rows = Sequence[Mapping[str, object]]
County = Mapping[str, Rows]

COUNTY: County = {
    "regions": [
        {"code": "440000000000", "name": "广东省", "level": "省"},
        {"code": "441800000000", "name": "清远市", "level": "市"},
        {"code": "441826000000", "name": "连南瑶族自治县", "level": "县"},
        {"code": "441826105000", "name": "三排镇", "level": "乡镇"},
        {"code": "441826105204", "name": "油岭村", "level": "村"},
    ],
    "institutions": [
        {
            "code": "H",
            "name": "连南县人民医院",
            "short_name": "县人民医院",
            "kind": "县级综合医院",
            "level": "县",
            "region": "441826000000",
            "phone": "0763-8680100",
        },
        {
            "code": "V",
            "name": "油岭村卫生站",
            "short_name": "油岭卫生站",
            "kind": "村卫生站",
            "level": "村",
            "region": "441826105204",
            "managed_by": "H",
        },
    ],
    "departments": [{"institution": "H", "code": "NK", "name": "内科"}],
    "beds": [{"institution": "H", "department": "NK", "first": 1, "last": 12, "features": "监护 隔离"}],
    "consortia": [{"code": "Y", "name": "连南县医共体"}],
    "memberships": [
        {"consortium": "Y", "institution": "H", "role": "医共体牵头", "valid_from": date(2017, 7, 1)}
    ],
    "staff": [
        {
            "code": "LN2001",
            "name": "盘凤英",
            "title": "师级",
            "phone": 13822716620,
            "licence": "乡村医生",
            "institution": "V",
            "role": "村医",
            "valid_from": "2020/1/1",
        },
        {
            "code": "LN0412",
            "name": "李秀萍",
            "institution": "H",
            "department": "NK",
            "role": "转诊护士",
            "valid_from": "2020-01-01",
        },
    ],
    "residents": [
        {"name": "房金养", "id_number": MAN, "village": "油岭村", "ethnic": "瑶族", "relation": "户主"},
        {"name": "唐四妹", "id_number": WIFE, "village": "441826105204", "head": MAN, "relation": "妻"},
    ],
}


def a_workbook(path: Path, county: County) -> Path:
    """Write these rows by sheet and column into a workbook with the headings of the template. Values that
    are no text become what Excel makes of them: numbers, truths, dates."""
    with xlsxwriter.Workbook(str(path)) as book:
        dates = book.add_format({"num_format": "yyyy-mm-dd"})
        for sheet in workbook.sheets():
            page = book.add_worksheet(sheet.zh)
            page.write_row(0, 0, [f"{each.zh}*" if each.required else each.zh for each in sheet.columns])
            for at, row in enumerate(county.get(sheet.name, ()), 1):
                for place, column in enumerate(sheet.columns):
                    value = row.get(column.name, "")
                    if isinstance(value, date):
                        page.write_datetime(at, place, value, dates)
                    elif isinstance(value, str):
                        page.write_string(at, place, value)
                    else:
                        page.write(at, place, value)
    return path


def changed(county: County, sheet: str, at: int, **cells: object) -> County:
    """The county with other cells in one row."""
    rows = [dict(row) | (cells if each == at else {}) for each, row in enumerate(county[sheet])]
    return {**county, sheet: rows}
