"""What rooms have put into the shell: menu, panels, and counts. Filled by `config/slots.py`."""

from __future__ import annotations

from collections.abc import Callable

from yiti.foundation.web.domain import NavItem, Panel
from yiti.kernel.actor import Actor

Count = Callable[[Actor], int]

_nav: list[NavItem] = []
_panels: list[Panel] = []
_counts: dict[str, list[tuple[Count, str]]] = {}


def add_nav(*items: NavItem) -> None:
    """Append rooms to the rail, in order."""
    _nav.extend(items)


def add_panels(*panels: Panel) -> None:
    """Put panels of higher rooms into slots of lower pages, in order."""
    _panels.extend(panels)


def count_by(key: str, count: Count, permission: str) -> None:
    """Show a red count beside the menu entry (or the bell) `key` to those who hold `permission`; several
    counts of one key are added up."""
    _counts.setdefault(key, []).append((count, permission))


def nav_for(actor: Actor) -> list[NavItem]:
    """The rooms this actor may use."""
    return [item for item in _nav if item.permission is None or actor.can(item.permission)]


def panels_for(actor: Actor, slot: str) -> list[Panel]:
    """The panels this actor sees in a slot."""
    return [p for p in _panels if p.slot == slot and (p.permission is None or actor.can(p.permission))]


def counts_for(actor: Actor) -> dict[str, int]:
    """The red counts this actor sees, by key."""
    mine = {
        key: [count for count, permission in found if actor.can(permission)] for key, found in _counts.items()
    }
    return {key: sum(count(actor) for count in found) for key, found in mine.items() if found}
