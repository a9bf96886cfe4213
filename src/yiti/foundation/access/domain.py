"""Permissions as values: each room names its own, roles are made of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Permission:
    """What a role may do. `name` is `room.verb`, stable once published."""

    name: str
    zh: str
    en: str


_known: dict[str, Permission] = {}


def register(*permissions: Permission) -> None:
    """Make permissions known; called from `AppConfig.ready`. Raises ValueError for a name taken twice."""
    for each in permissions:
        if _known.setdefault(each.name, each) != each:
            raise ValueError(f"permission {each.name} is declared twice")


def all_permissions() -> tuple[Permission, ...]:
    """Every declared permission, by name."""
    return tuple(_known[name] for name in sorted(_known))


def is_known(name: str) -> bool:
    """Whether some room has declared this permission."""
    return name in _known
