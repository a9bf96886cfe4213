"""What rooms above bring to the trail: whom a row is about, and pages beside it (`config/slots.py`)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.shortcuts import resolve_url
from django.utils.translation import gettext as _

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


@dataclass(frozen=True, slots=True)
class Tab:
    """A page of the auditor's work; `count` (red) is what waits there."""

    url_name: str
    label: str
    count: Callable[[Actor], int] | None = None
    at_end: bool = False


_tabs: list[Tab] = []


def add_tabs(*tabs: Tab) -> None:
    """Put pages beside the trail, in order."""
    _tabs.extend(tabs)


def tabs_of(actor: Actor, current: str) -> list[dict[str, Any]]:
    """The tabs of the auditor as `web/_status_tabs.html` takes them; `current` is the name of the route."""
    return [
        {
            "url": resolve_url(tab.url_name),
            "label": _(tab.label),
            "count": tab.count(actor) if tab.count else None,
            "is_active": tab.url_name == current,
            "is_late": bool(tab.count),
            "at_end": tab.at_end,
        }
        for tab in _tabs
    ]
