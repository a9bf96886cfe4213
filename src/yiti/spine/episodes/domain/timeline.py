"""The thread: one line of care through village, township and county, newest first.

Visits are this room's own entries. Higher rooms add theirs (referrals, readings, follow-ups) by
registering a provider, so that the thread shows them without knowing them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from yiti.kernel.actor import Actor
from yiti.spine.episodes.domain.kinds import EntryKind, Marker
from yiti.spine.episodes.domain.rows import EpisodeRow


@dataclass(frozen=True, slots=True)
class Status:
    """A status chip: a fixed word, or another word with its tone (wait go moving done late draft)."""

    word: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class ThreadEntry:
    """One row of the thread. `level` is village, township, county or city; `kind` the marker of the lane.

    At the right stands the status, or else the name of who did it. `url` is "" where there is no page.
    """

    at: datetime
    sort: EntryKind
    episode_id: UUID | None
    level: str
    kind: Marker
    title: str
    second_line: str
    who: str
    url: str
    status: Status | None = None
    is_critical: bool = False


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of the thread is asked for: rows with `since` <= at < `before`, at most `limit`.

    `kinds` empty means all kinds.
    """

    limit: int
    before: datetime | None = None
    since: datetime | None = None
    kinds: frozenset[EntryKind] = frozenset()

    def wants(self, kind: EntryKind) -> bool:
        """Whether entries of this kind are asked for."""
        return not self.kinds or kind in self.kinds


@dataclass(frozen=True, slots=True)
class ThreadGroup:
    """The rows of one episode, newest first; `episode` None for rows that belong to none."""

    episode: EpisodeRow | None
    entries: tuple[ThreadEntry, ...]


@dataclass(frozen=True, slots=True)
class Thread:
    """Groups by their newest row; `total` counts all rows within the window's dates and kinds."""

    groups: tuple[ThreadGroup, ...]
    shown: int
    total: int

    @property
    def is_complete(self) -> bool:
        """Whether nothing is left to show."""
        return self.shown >= self.total


@dataclass(frozen=True, slots=True)
class ProvidedEntries:
    """What a provider gives: its newest rows within the window, and how many there are in all."""

    entries: Sequence[ThreadEntry]
    total: int


Provide = Callable[[Actor, Collection[UUID], Window], ProvidedEntries]


@dataclass(frozen=True, slots=True)
class Provider:
    """A higher room's rows: which sorts it has, and how to read them."""

    sorts: frozenset[EntryKind]
    provide: Provide


OWN_SORTS = frozenset({EntryKind.VISIT, EntryKind.FOLLOW_UP})
_providers: dict[str, Provider] = {}


def register(name: str, provide: Provide, *, sorts: Collection[EntryKind]) -> None:
    """Let a higher room add its rows; called from `AppConfig.ready`.

    `provide` gets the actor, the ids of the person (all aliases) and the window, runs inside the
    reader's transaction, and is asked only for windows that want one of its sorts. It gives at most
    `window.limit` rows. Raises ValueError for a name taken by another provider.
    """
    provider = Provider(frozenset(sorts), provide)
    if _providers.setdefault(name, provider) != provider:
        raise ValueError(f"thread provider {name} is registered twice")


def providers(window: Window) -> tuple[Provide, ...]:
    """The providers of what the window wants, by name."""
    found = (_providers[name] for name in sorted(_providers))
    return tuple(each.provide for each in found if any(map(window.wants, each.sorts)))


def known_sorts() -> list[EntryKind]:
    """The sorts of entries there can be in this house, for the filter."""
    known = OWN_SORTS.union(*(each.sorts for each in _providers.values()))
    return [sort for sort in EntryKind if sort in known]


def newest(entries: Iterable[ThreadEntry], limit: int) -> list[ThreadEntry]:
    """The newest entries of all sources together, newest first, with a stated order among equals."""
    ordered = sorted(entries, key=lambda e: (e.at, e.sort, e.url, e.title), reverse=True)
    return ordered[:limit]


def by_episode(entries: Sequence[ThreadEntry], episodes: dict[UUID, EpisodeRow]) -> tuple[ThreadGroup, ...]:
    """Group rows (newest first) by episode; the group with the newest row comes first."""
    rank: dict[UUID | None, int] = {}
    for entry in entries:
        rank.setdefault(_group_of(entry, episodes), len(rank))
    ordered = sorted(entries, key=lambda e: rank[_group_of(e, episodes)])
    return tuple(
        ThreadGroup(episodes[key] if key is not None else None, tuple(rows))
        for key, rows in groupby(ordered, lambda e: _group_of(e, episodes))
    )


def _group_of(entry: ThreadEntry, episodes: dict[UUID, EpisodeRow]) -> UUID | None:
    return entry.episode_id if entry.episode_id in episodes else None
