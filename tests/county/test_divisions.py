"""The national divisions go in whole: every row of the lists is found again, under its parent.

The lists are not part of the project: the proof reads the folder that YITI_DIVISIONS names.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from yiti.config import setup
from yiti.kernel.clock import now
from yiti.kernel.sheets import Outcome
from yiti.registry.facilities.models import Region

FILES = {  # file: level, and the column that names the parent
    "provinces.csv": ("province", ""),
    "cities.csv": ("city", "provinceCode"),
    "areas.csv": ("county", "cityCode"),
    "streets.csv": ("township", "areaCode"),
}
SMALL = {
    "provinces.csv": ["code,name", "44,广东省"],
    "cities.csv": ["code,name,provinceCode", "4418,清远市,44"],
    "areas.csv": ["code,name,cityCode", "441826,连南瑶族自治县,4418"],
    "streets.csv": ["code,name,areaCode", "441826100,三江镇,441826", "441826101,大麦山镇,441826"],
}
Line = tuple[str, str, str, str | None]

pytestmark = pytest.mark.django_db


def listed(folder: Path) -> set[Line]:
    """The rows of the lists: level, code of 12 digits, name, code of the parent."""
    lines = set()
    for file, (level, above) in FILES.items():
        with (folder / file).open(encoding="utf-8-sig", newline="") as opened:
            for row in csv.DictReader(opened):
                parent = row[above].ljust(12, "0") if above else None
                lines.add((level, row["code"].ljust(12, "0"), row["name"], parent))
    return lines


def stored() -> set[Line]:
    """The same of what is in the database."""
    return set(Region.objects.values_list("level", "code", "name", "parent__code"))


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Lists of one county."""
    for file, lines in SMALL.items():
        (tmp_path / file).write_text("\n".join(lines), encoding="utf-8")
    return tmp_path


def test_every_row_of_the_lists_is_found_again(small: Path) -> None:
    setup.load_divisions(small, now())
    assert len(stored()) == 5
    assert listed(small) == stored()


def test_a_lost_a_renamed_and_a_moved_row_are_seen(small: Path) -> None:
    """The planted faults."""
    setup.load_divisions(small, now())
    Region.objects.filter(code="441826101000").delete()
    Region.objects.filter(code="441826100000").update(name="三江")
    county = Region.objects.get(level="county")
    Region.objects.filter(id=county.id).update(parent=Region.objects.get(level="province"))
    assert {name for _level, _code, name, _parent in listed(small) - stored()} == {
        "大麦山镇",
        "三江镇",
        "连南瑶族自治县",
    }


@pytest.mark.prove
def test_the_whole_country_goes_in_without_loss(proof: Callable[..., None]) -> None:
    named = os.environ.get("YITI_DIVISIONS")
    if not named:
        pytest.skip("YITI_DIVISIONS names no folder with provinces.csv, cities.csv, areas.csv, streets.csv")
    wanted = listed(Path(named))
    setup.load_divisions(Path(named), now())
    missing = wanted - stored()
    assert missing == set()
    levels = {level: sum(line[0] == level for line in wanted) for level, _above in FILES.values()}
    again = setup.load_divisions(Path(named), now()).counts["regions"]
    assert again == {Outcome.UNCHANGED: len(wanted)}
    proof("divisions", **levels, lost=len(missing), unchanged_when_loaded_again=len(wanted))
