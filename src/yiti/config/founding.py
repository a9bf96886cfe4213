"""Making a county without demo data: its place, its head hospital, and the three administrators."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from yiti.config import workbook
from yiti.config.setup import SETUP, load_reference
from yiti.foundation.accounts import public as accounts
from yiti.kernel.clock import local_date
from yiti.kernel.errors import Conflict, InvalidInput, NotFound
from yiti.kernel.text import N_
from yiti.registry.facilities import public as facilities

ADMINISTRATORS = ("system_administrator", "security_administrator", "auditor")
_LEVELS = ((2, "province"), (4, "city"), (6, "county"))

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody by staff code and name, as typed."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class County:
    """A county as typed. `region` is its GB/T 2260 code of 6 digits; `places` are the names of province,
    city and county, of which those may be empty that the database knows already."""

    region: str
    places: tuple[str, str, str]
    hospital_code: str
    hospital_name: str
    administrators: Mapping[str, Person]  # by role


def ensure_nobody() -> None:
    """Raise Conflict when anybody has an account: a county is made once."""
    if accounts.has_users():
        raise Conflict(N_("库里已有账号。init 只用在空库上；要加人，请用工作簿导入"))


def known_places(region: str) -> tuple[str, ...]:
    """Names of province, city and county that the database has for a code of 6 digits; () for none."""
    try:
        path = facilities.region_path(region)
    except NotFound:
        return ()
    return path if len(path) == len(_LEVELS) else (*path, *path[-1:])


def found_county(county: County, at: datetime) -> workbook.Import:
    """Bring in code systems and roles, the county's divisions, its head hospital, and the administrators
    with their first passwords. The consortium and its members come with the workbook.

    Problems are told by sheet; what has one is not saved, nor is what comes after it.
    Raises Conflict when anybody has an account.
    """
    ensure_nobody()
    load_reference(at)
    sheets = {sheet.name: sheet for sheet in workbook.sheets()}
    rows = {
        "regions": list(_regions(county)),
        "institutions": [_hospital(county)],
        "staff": list(_administrators(county, at)),
    }
    tables = {
        name: workbook.Table(sheets[name], list(enumerate(each, 1))) for name, each in rows.items() if each
    }
    return workbook.import_workbook(actor=SETUP, workbook=workbook.Workbook(tables, ()), at=at)


def _regions(county: County) -> Iterator[Row]:
    if known_places(county.region):
        return
    for (digits, level), name in zip(_LEVELS, county.places, strict=True):
        yield {"code": county.region[:digits].ljust(12, "0"), "name": name, "level": level}


def _hospital(county: County) -> Row:
    return {
        "code": county.hospital_code,
        "name": county.hospital_name,
        "short_name": county.hospital_name[:30],
        "kind": facilities.Kind.COUNTY_GENERAL,
        "level": facilities.Level.COUNTY,
        "region": county.region.ljust(12, "0"),
    }


def _administrators(county: County, at: datetime) -> Iterator[Row]:
    for role in ADMINISTRATORS:
        person = county.administrators[role]
        yield {
            "code": person.code,
            "name": person.name,
            "institution": county.hospital_code,
            "role": role,
            "valid_from": local_date(at).isoformat(),
        }


def person_of(text: str) -> Person:
    """`LN0001 虞明辉` (a space or colon between). Raises InvalidInput."""
    code, _, name = text.strip().replace("：", ":").replace(":", " ").partition(" ")
    if not code or not name.strip():
        raise InvalidInput(N_("要填工号和姓名，中间空一格，如 LN0001 虞明辉"))
    return Person(code, name.strip())
