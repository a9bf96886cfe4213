"""What must hold between the cells of a row and between the rows of a sheet, before anything is saved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from yiti.kernel import sheets
from yiti.kernel.sheets import Check, Complaint, Problem, Sheet, SheetRow, Values, check_period
from yiti.kernel.text import N_
from yiti.registry.facilities.domain.capability import Verdict
from yiti.registry.facilities.domain.divisions import is_code_of


def find_problems(sheet: Sheet, rows: Sequence[SheetRow]) -> list[Problem]:
    """Everything wrong within one sheet, in the order of its lines."""
    checks = (check_period, _check_place, *_CHECKS.get(sheet.name, ()))
    return sheets.find_problems(sheet, rows, checks, keys=_keys)


def _check_place(values: Values) -> Iterator[Complaint]:
    if (values.get("latitude") is None) != (values.get("longitude") is None):
        yield "longitude", N_("经度和纬度要么都填，要么都不填")


def _check_region(values: Values) -> Iterator[Complaint]:
    if not is_code_of(values["level"], values["code"]):
        yield "code", N_("区划代码和级别对不上")


def _check_institution(values: Values) -> Iterator[Complaint]:
    if values.get("managed_by") == values["code"]:
        yield "managed_by", N_("机构不能由自己管理")
    opened, closed = values.get("opened_date"), values.get("closed_date")
    if opened and closed and closed < opened:
        yield "closed_date", N_("停业日期不能早于开业日期")


def _check_beds(values: Values) -> Iterator[Complaint]:
    if values["last"] < values["first"]:
        yield "last", N_("结束床号不能小于起始床号")


def _check_capability(values: Values) -> Iterator[Complaint]:
    if values["verdict"] is Verdict.UNKNOWN:
        yield "verdict", N_("未知的病种不用填")
    if values["verdict"] is Verdict.LIMITED and not values.get("condition"):
        yield "condition", N_("有条件收治要写明条件")


_CHECKS: Mapping[str, tuple[Check, ...]] = {
    "regions": (_check_region,),
    "institutions": (_check_institution,),
    "beds": (_check_beds,),
    "capability": (_check_capability,),
}


def _keys(sheet: Sheet, values: Values) -> Iterator[tuple[Any, ...]]:
    if sheet.name == "beds":
        ward = (values["institution"], values["department"])
        yield from ((*ward, number) for number in range(values["first"], values["last"] + 1))
    else:
        yield from sheets.plain_keys(sheet, values)
