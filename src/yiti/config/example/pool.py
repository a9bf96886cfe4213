"""Those of the county's people to whom something happens: each at most once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random
from uuid import UUID

from yiti.config.example.hospitals import TOWNSHIPS
from yiti.config.example.parties import Patient
from yiti.config.example.people import Somebody

_TRIES = 400

Suits = Callable[[Somebody, int], bool]
"""Whether somebody of that age may be meant."""


@dataclass
class Pool:
    """People by township; the old are drawn more often than the young."""

    rng: Random
    by_township: Mapping[str, Sequence[Patient]]
    by_name: Mapping[str, Patient]
    taken: set[UUID] = field(default_factory=set)

    def draw(
        self, township: str, suits: Suits, on: date, *, clinic: str = "", mark: str = ""
    ) -> Patient | None:
        """Somebody of that township, or of one village in it, who suits and has not been drawn yet; one who
        carries that risk mark where there is one left."""
        people = self.by_township[township]
        if clinic:
            people = [each for each in people if each.place.clinic.place == clinic]
        marked = [each for each in people if each.one.has(mark)] if mark else []
        return self._draw(marked, suits, on) or self._draw(people, suits, on)

    def _draw(self, people: Sequence[Patient], suits: Suits, on: date) -> Patient | None:
        if not people:
            return None
        for _ in range(_TRIES):
            found = self.rng.choice(people)
            age = found.one.age(on)
            if found.key in self.taken or not suits(found.one, age):
                continue
            if self.rng.random() < (0.35 if age < 45 else 0.7 if age < 65 else 1):
                self.taken.add(found.key)
                return found
        return None


def a_pool(rng: Random, patients: Iterable[Patient], named: Mapping[str, Patient]) -> Pool:
    """All of these people by the township of their village; `named` are had by name only."""
    by_township: dict[str, list[Patient]] = {code: [] for code in TOWNSHIPS}
    for each in patients:
        by_township[each.place.clinic.place.rsplit("-", 1)[0]].append(each)
    return Pool(rng, by_township, named)


def draw_township(rng: Random) -> str:
    """A township, by its share of those who are sent up."""
    return rng.choices(list(TOWNSHIPS), list(TOWNSHIPS.values()))[0]
