"""The places that take people in: their wards and beds, by the codes of the example's files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random

from yiti.config.example.conditions import CITY, HEAD, MATERNAL, TCM
from yiti.registry.facilities import public as facilities
from yiti.registry.terminology import public as terminology

TOWNSHIPS = {"LN-ZG": 64, "LN-SJ": 38, "LN-DMS": 31, "LN-SP": 27, "LN-DP": 19, "LN-XP": 15, "LN-WS": 12}
"""Those that send, with their shares."""


@dataclass(frozen=True, slots=True)
class Ward:
    """A department with its beds, by label; none in a hospital outside."""

    room: facilities.DepartmentRow
    beds: tuple[facilities.BedRow, ...]

    @property
    def specialty(self) -> str:
        """What it is listed under, where a form can say so (some of a TCM hospital are not in the list)."""
        known = {code for code, _ in terminology.choices("specialty")}
        return self.room.specialty if self.room.specialty in known else ""


@dataclass(frozen=True, slots=True)
class Hospital:
    """An institution that takes people in, with its departments by code."""

    row: facilities.InstitutionRow
    wards: Mapping[str, Ward]

    def taking(self, code: str) -> Ward:
        """The ward of that code; else the first one with beds, or any in a hospital that has none."""
        wards = list(self.wards.values())
        return self.wards.get(code) or next((ward for ward in wards if ward.beds), wards[0])


def find_hospitals(at: datetime) -> dict[str, Hospital]:
    """Every hospital of the example by code; all beds, free or not, as long as nobody lies in one."""
    return {code: _hospital(code, at) for code in (HEAD, TCM, MATERNAL, *TOWNSHIPS, CITY)}


def _hospital(code: str, at: datetime) -> Hospital:
    row = facilities.institution_by_code(code)
    beds = sorted(facilities.free_beds(row.id, None, at), key=lambda bed: (len(bed.label), bed.label))
    return Hospital(
        row,
        {
            room.code: Ward(room, tuple(bed for bed in beds if bed.department_id == room.id))
            for room in facilities.departments(row.id)
        },
    )


def pick_hospital(rng: Random, wards: Mapping[str, str]) -> str:
    """Where somebody with a condition goes: mostly the first hospital of its wards, mostly the head."""
    codes = list(wards)
    return rng.choices(codes, [4] + [1] * (len(codes) - 1))[0]
