"""What a row of the route table says, and the routes there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests import world as cast
from tests.world import World
from yiti.kernel.ids import new_id

GET = frozenset({"GET"})
POST = frozenset({"POST"})
BOTH = GET | POST


class Reach(Enum):
    """Whom a route answers, of those who are signed in and hold its permission."""

    PUBLIC = auto()  # also nobody
    MACHINE = auto()  # a program with a token; to every person it is missing
    HOUSE = auto()  # everybody alike
    CARD = auto()  # everybody, about a person: no more than the index card says
    OWN = auto()  # only whose institution it concerns; to all others it is missing


@dataclass(frozen=True)
class Row:
    """One route. `right` is the staff code of somebody it answers, None for nobody.

    An id in its address is that of the `World` by the same name, or by the name that `ids` gives; `words`
    are the other parts of the address; `query` are parameters that hold ids of the `World`. `data` is what
    a route without a page of its own is sent with, names of the `World` standing for what it holds.
    `whose` names the person in whose record the audit row stands, "" for a route about nobody.
    `acts_at_once`: sent empty it acts, for its address says all. `answers` is the status that its page has
    where that is none of success.
    """

    name: str
    permission: str | None = None
    reach: Reach = Reach.HOUSE
    methods: frozenset[str] = GET
    right: str | None = cast.VILLAGE_DOCTOR
    ids: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    data: Mapping[str, str] = field(default_factory=dict)
    whose: str = ""
    acts_at_once: bool = False
    answers: int = 0

    def address(self, world: World) -> str:
        """The address of the route in that world."""
        return self._address({part: _in(world, name) for part, name in self._names().items()})

    def sent(self, world: World) -> dict[str, str]:
        """What the form is sent with in that world."""
        return {part: str(_in(world, value)) for part, value in self.data.items()}

    def person(self, world: World) -> UUID:
        """Whose record it is about."""
        found: UUID = attrgetter(self.whose)(world)
        return found

    def missing_address(self) -> str:
        """The same with ids that nobody has."""
        return self._address({part: new_id() for part in self._names()})

    @property
    def mixes_ids(self) -> bool:
        """Whether the address names a whole and a part of it."""
        return len(self._names()) > 1

    def mixed_address(self, world: World) -> str:
        """The address of a part under a whole that it does not belong to."""
        (whole, _name), *parts = self._names().items()
        ids = {part: _in(world, name) for part, name in parts}
        return self._address({whole: getattr(world, f"other_{whole}"), **ids})

    def _names(self) -> dict[str, str]:
        """The ids of the address, in order: what each part is called there, and in the world."""
        parts = [part for part in routes()[self.name].pattern.converters if part not in self.words]
        return {part: self.ids.get(part, part) for part in parts} | dict(self.query)

    def _address(self, ids: Mapping[str, UUID]) -> str:
        asked = "&".join(f"{part}={ids[part]}" for part in self.query)
        parts = {part: id_ for part, id_ in ids.items() if part not in self.query}
        return reverse(self.name, kwargs={**self.words, **parts}) + (f"?{asked}" if asked else "")


def _in(world: World, name: str) -> Any:
    """What is called so in the world (`person_id`, `cases.sent.id`); what nothing is called is itself."""
    try:
        return attrgetter(name)(world)
    except AttributeError:
        return name


def routes(patterns: Iterable[URLPattern | URLResolver] | None = None) -> dict[str, URLPattern]:
    """Every route by its name with namespaces; one without a name stands under its address in brackets."""
    return dict(_walk(get_resolver().url_patterns if patterns is None else patterns))


def _walk(
    patterns: Iterable[URLPattern | URLResolver], spaces: tuple[str, ...] = (), before: str = ""
) -> Iterable[tuple[str, URLPattern]]:
    for each in patterns:
        address = f"{before}{each.pattern}"
        if isinstance(each, URLResolver):
            inner = (*spaces, each.namespace) if each.namespace else spaces
            yield from _walk(each.url_patterns, inner, address)
        else:
            yield ":".join((*spaces, each.name)) if each.name else f"<{address}>", each
