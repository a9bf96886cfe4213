"""Counts that stand on every page: their SQL is made once, not for each request.

To make a query with the ORM takes four times as long as to answer it (measured: 2.1 ms against 0.5). Two
actors of one kind, or two people, differ in their ids only: the SQL is made for marks, and the marks are
exchanged for ids each time.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache, wraps
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from yiti.kernel.actor import Actor

Rows = QuerySet[Any, Any]
_FIRST_MARK = UUID("00000000-0000-4000-8000-000000000000").int  # an id that nobody is given


@dataclass(frozen=True, slots=True)
class _Kind:
    """What a query about an actor may depend on besides ids."""

    role: str
    permissions: frozenset[str]
    has_department: bool
    has_staff: bool
    stands_in_for: int
    oversees: int


def counted(build: Callable[[Actor], Rows]) -> Callable[[Actor], int]:
    """A count of the rows of a query about an actor. The query may use the actor's ids as values, and decide
    by role, permissions, how many ids there are and whether there is one, by nothing else."""

    @wraps(build)
    def count(actor: Actor) -> int:
        kind = _kind(actor)
        return _count(_made_for(build, kind), _ids(_marked(kind)), _ids(actor))

    return count


def counted_of(build: Callable[[Collection[UUID]], Rows]) -> Callable[[Collection[UUID]], int]:
    """A count of the rows of a query about some ids. The query may use them as values, nothing else."""

    @wraps(build)
    def count(ids: Collection[UUID]) -> int:
        return _count(_made_of(build, len(ids)), _marks(len(ids)), ids)

    return count


_Made = tuple[str, tuple[Any, ...]] | None


@lru_cache(maxsize=512)
def _made_for(build: Callable[[Actor], Rows], kind: _Kind) -> _Made:
    return _made(lambda: build(_marked(kind)))


@lru_cache(maxsize=64)
def _made_of(build: Callable[[Collection[UUID]], Rows], number: int) -> _Made:
    return _made(lambda: build(_marks(number)))


def _made(build: Callable[[], Rows]) -> _Made:
    """The SQL and its values with marks; None when no row can fit."""
    try:
        sql, params = build().query.sql_with_params()
    except EmptyResultSet:
        return None
    return f"SELECT count(*) FROM ({sql}) AS found", tuple(params)  # noqa: S608 - made by the ORM


def _count(made: _Made, marks: Iterable[UUID | None], ids: Iterable[UUID | None]) -> int:
    if made is None:
        return 0
    sql, params = made
    exchange = dict(zip(marks, ids, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(sql, [_exchanged(each, exchange) for each in params])
        row = cursor.fetchone()
    return int(row[0])


def _exchanged(value: Any, ids: Mapping[UUID | None, UUID | None]) -> Any:
    if isinstance(value, list | tuple):
        return [_exchanged(each, ids) for each in value]
    return ids.get(value, value) if isinstance(value, UUID) else value


def forget() -> None:
    """Make all anew: what a query is made of has changed (tests put in kinds of their own)."""
    _made_for.cache_clear()
    _made_of.cache_clear()


def _kind(actor: Actor) -> _Kind:
    return _Kind(
        actor.role,
        actor.permissions,
        actor.department_id is not None,
        actor.staff_id is not None,
        len(actor.stands_in_for),
        len(actor.oversees),
    )


def _marks(number: int) -> list[UUID]:
    return [UUID(int=_FIRST_MARK + place) for place in range(number)]


def _marked(kind: _Kind) -> Actor:
    """An actor of that kind whose ids are marks."""
    user, institution, department, staff, *others = _marks(4 + kind.stands_in_for + kind.oversees)
    actor = Actor(user, "", institution_id=institution, role=kind.role, permissions=kind.permissions)
    return replace(
        actor,
        department_id=department if kind.has_department else None,
        staff_id=staff if kind.has_staff else None,
        stands_in_for=frozenset(others[: kind.stands_in_for]),
        oversees=frozenset(others[kind.stands_in_for :]),
    )


def _ids(actor: Actor) -> list[UUID | None]:
    """All ids of an actor, in one order for all of a kind."""
    alone = (actor.user_id, actor.institution_id, actor.department_id, actor.staff_id)
    return [*alone, *sorted(actor.stands_in_for), *sorted(actor.oversees)]
