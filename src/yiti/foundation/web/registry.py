"""What rooms have put into the shell: menu, panels, and counts. Filled by `config/slots.py`."""

from __future__ import annotations

from collections.abc import Callable

from yiti.foundation.web.domain import NavItem, Panel
from yiti.kernel.actor import Actor

Count = Callable[[Actor], int]

_nav: list[NavItem] = []
_panels: list[Panel] = []
_counts: dict[str, Count] = {}


def add_nav(*items: NavItem) -> None:
    """Append rooms to the rail, in order."""
    _nav.extend(items)


def add_panels(*panels: Panel) -> None:
    """Put panels of higher rooms into slots of lower pages, in order."""
    _panels.extend(panels)


def count_by(key: str, count: Count) -> None:
    """Show a red count beside the menu entry `key`."""
    _counts[key] = count


def nav_for(actor: Actor) -> list[NavItem]:
    """The rooms this actor may use."""
    return [item for item in _nav if item.permission is None or actor.can(item.permission)]


def panels_for(actor: Actor, slot: str) -> list[Panel]:
    """The panels this actor sees in a slot."""
    return [p for p in _panels if p.slot == slot and (p.permission is None or actor.can(p.permission))]


def counts_for(actor: Actor) -> dict[str, int]:
    """The red counts of the rail, by menu key."""
    shown = {item.key for item in nav_for(actor)}
    return {key: count(actor) for key, count in _counts.items() if key in shown}
