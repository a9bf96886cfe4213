"""Values of the shell: menu entries, panels of a slot, and what a list was asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Generic, TypeVar

PAGE_SIZES = (10, 20, 50, 100)


class Duty(StrEnum):
    """What somebody has to do before anything else, and the address where that is done."""

    NONE = ""
    FIRST_PASSWORD = "first_password"  # noqa: S105
    OLD_PASSWORD = "old_password"  # noqa: S105
    SECOND_FACTOR = "second_factor"

    @property
    def url_name(self) -> str:
        """The page of the duty."""
        return "second_factor" if self is Duty.SECOND_FACTOR else "account_change_password"


@dataclass(frozen=True, slots=True)
class NavItem:
    """One room in the rail. Shown only to those who hold `permission` (None: everybody)."""

    key: str
    icon: str
    label: str
    url_name: str
    permission: str | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    """What a higher room shows on a lower page: a fragment at `url_name` with the slot's (kind, id)."""

    slot: str
    url_name: str
    permission: str | None = None


SortT = TypeVar("SortT", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class TableQuery(Generic[SortT]):
    """What a list was asked for: sort, direction, filters, page and size, all checked.

    `filters` holds only keys the list allows, with non-empty values; what is not allowed is left
    out rather than refused, so that an old link still opens.
    """

    sort: SortT
    descending: bool
    filters: Mapping[str, str]
    page: int
    size: int

    @classmethod
    def parse(
        cls,
        asked: Mapping[str, str],
        *,
        sorts: type[SortT],
        default: SortT,
        filters: Mapping[str, frozenset[str] | None],
    ) -> TableQuery[SortT]:
        """Read a query string. `filters` maps each allowed key to its allowed values (None: any text)."""
        wanted = asked.get("sort", "")
        name = wanted.removeprefix("-")
        known = name in set(sorts)
        return cls(
            sort=sorts(name) if known else default,
            descending=known and wanted.startswith("-"),
            filters={
                key: asked[key].strip()[:100]
                for key, allowed in filters.items()
                if asked.get(key, "").strip() and (allowed is None or asked[key] in allowed)
            },
            page=_whole(asked.get("page"), 1),
            size=size if (size := _whole(asked.get("size"), 20)) in PAGE_SIZES else 20,
        )

    @property
    def offset(self) -> int:
        """How many rows to pass over."""
        return (self.page - 1) * self.size

    def within(self, total: int) -> TableQuery[SortT]:
        """The same query with its page brought back into the pages there are."""
        last = max(1, -(-total // self.size))
        return self if self.page <= last else replace(self, page=last)

    def pages(self, total: int) -> int:
        """How many pages `total` rows make; at least one."""
        return max(1, -(-total // self.size))


def _whole(text: str | None, default: int) -> int:
    if not text or not text.isascii() or not text.isdigit() or len(text) > 6:
        return default
    return int(text) or default
