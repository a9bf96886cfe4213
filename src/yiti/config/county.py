"""What the shell says about the county: its name, its head, and whether all of it is invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

from django.db import connection

from yiti.registry.facilities import public as facilities


@dataclass(frozen=True, slots=True)
class County:
    """The consortium as the sign-in page shows it."""

    county_name: str = ""
    head_name: str = ""
    member_count: int = 0
    station_count: int = 0
    support_phone: str = ""


@cache
def is_example() -> bool:
    """Whether the database holds an example: a note on the database itself says so (`yiti demo`), and
    it cannot be lost by starting the county another way."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
        )
        (note,) = cursor.fetchone()
    return bool(note and note.startswith("yiti example"))


@lru_cache(maxsize=2)
def county(on: date) -> County:
    """The county's first consortium on a day, remembered for that day; empty before one is entered."""
    found = facilities.consortia()
    members = facilities.members(found[0].id, on) if found else []
    if not members:
        return County()
    stations = [m for m in members if m.level is facilities.Level.VILLAGE]
    head = facilities.institution(members[0].institution_id)
    return County(
        county_name=found[0].name,
        head_name=head.name,
        member_count=len(members) - len(stations),
        station_count=len(stations),
        support_phone=head.phone,
    )
