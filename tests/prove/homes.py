"""Four places of one county in which the same things happen, each with words that stand nowhere else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from itertools import count
from uuid import UUID

import pytest
from psycopg import Connection

from tests import people, referred, world
from tests.world import CAST, Roles, World, happen, people_at_work
from yiti.kernel.actor import Actor
from yiti.kernel.clock import now
from yiti.kernel.identity import Sex, make_id_number
from yiti.kernel.ids import new_id
from yiti.registry.residents import public as residents

HOMES = (
    Roles(),
    Roles("LN2010", "LN1316", "LN2045", "LN0504", "LN9001", "LN0543", "LN0217"),
    Roles("LN2001", "LN1310", "LN2059"),
    Roles("LN2059", "LN1320", "LN2001", "LN0504", "LN9001", "LN0543", "LN0217"),
)
ONE_AFTER_ANOTHER = timedelta(minutes=90)  # two homes share a hospital and its beds
MARKS = "鸹鹮鸨鹬"  # one in every word that somebody has written there
EVERYBODY = tuple(dict.fromkeys([*CAST, "LN2001", "LN1310", "LN2059", "LN1320"]))
_OPEN_TO = """
    SELECT DISTINCT institution_id FROM residents_recordaccess
    WHERE person_id = ANY(%s) AND (valid_until IS NULL OR valid_until > now())
"""


@dataclass(frozen=True)
class Home:
    """What happened in one place, the words that give it away, and the institutions that may know."""

    world: World
    mark: str
    numbers: tuple[str, ...]
    open_to: frozenset[UUID]

    @property
    def canaries(self) -> re.Pattern[str]:
        """Any of the words: text with the mark, phone and identity numbers."""
        return re.compile("|".join([self.mark, *self.numbers]))


def build_homes(eye: Connection) -> list[Home]:
    """Fill an empty, migrated database."""
    at = now() - ONE_AFTER_ANOTHER * (len(HOMES) + 1)
    users = people_at_work(at, EVERYBODY)
    homes = []
    for serial, (roles, mark) in enumerate(zip(HOMES, MARKS, strict=True), 1):
        at += ONE_AFTER_ANOTHER
        with _written_in(mark, serial) as written:
            homes.append((happen(eye, users, roles, at), mark, written))
    return [
        Home(found, mark, tuple(written.numbers), _open_to(eye, written.persons))
        for found, mark, written in homes
    ]


def _open_to(eye: Connection, persons: Sequence[UUID]) -> frozenset[UUID]:
    return frozenset(id_ for (id_,) in eye.execute(_OPEN_TO, [list(persons)]))


class _Written:
    """Registers people whose every word carries the mark, and keeps their numbers."""

    def __init__(self, mark: str, serial: int):
        self._mark, self._serial, self._next = mark, serial, count(1)
        self.persons: list[UUID] = []
        self.numbers: list[str] = []

    def register(self, actor: Actor, name: str, sex: Sex, birth: date, village: UUID, at: datetime) -> UUID:
        n = next(self._next)
        number = make_id_number("999999", birth, 2 * (40 * self._serial + n) + (sex is Sex.MALE))
        phone = f"137{self._serial:04d}{n:04d}"
        self.numbers += [number, phone]
        profile = residents.Profile(
            f"{name[:-1]}{self._mark}{name[-1]}",  # a card shows everybody the first and the last of a name
            sex,
            residents.Birth(birth, residents.BirthPrecision.DAY),
            phone=phone,
            address=f"大寨{self._mark}",
        )
        papers = (residents.IdentifierSpec(new_id(), "01", number),)
        spec = residents.PersonSpec(new_id(), profile, village_id=village, identifiers=papers)
        self.persons.append(residents.register_person(actor=actor, spec=spec, at=at))
        return self.persons[-1]


def _unmarked_stranger(
    make: Callable[[Actor, datetime], UUID], serial: int, far: Actor, at: datetime
) -> UUID:
    """Whoever comes from elsewhere is written down there, in words of no home."""
    with _written_in("东南西北"[serial - 1], serial + len(HOMES), patched=False):
        return make(far, at)


@contextmanager
def _written_in(mark: str, serial: int, *, patched: bool = True) -> Iterator[_Written]:
    """While this lasts, all that is written down carries the mark."""
    written = _Written(mark, serial)
    with pytest.MonkeyPatch.context() as patch:
        for module in (people, referred):
            patch.setattr(module, "COMPLAINT", f"头晕{mark}两天")
            patch.setattr(module, "register", written.register)
        patch.setattr(people, "ALLERGEN", f"青霉素{mark}")
        patch.setattr(world, "register", written.register)
        if patched:
            patch.setattr(world, "a_stranger", partial(_unmarked_stranger, world.a_stranger, serial))
        yield written
