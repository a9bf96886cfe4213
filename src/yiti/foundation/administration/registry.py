"""Whom a row of the trail is about: told by the room of people, above. Filled by `config/slots.py`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from yiti.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class People:
    """`find` gives all ids of those whom a text names exactly; `names` the masked names of ids."""

    find: Callable[[Actor, str], Collection[UUID]]
    names: Callable[[Actor, Collection[UUID]], Mapping[UUID, str]]


_told: list[People] = []


def tell_people(people: People) -> None:
    """Let the trail find and name people."""
    _told[:] = [people]


def find_people(actor: Actor, text: str) -> Collection[UUID]:
    """All ids of the people whom `text` names: an id, a whole name, a whole document number."""
    return _told[0].find(actor, text) if _told and text else ()


def names_of(actor: Actor, ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Masked names by id; ids nobody has are missing."""
    return _told[0].names(actor, ids) if _told and ids else {}
