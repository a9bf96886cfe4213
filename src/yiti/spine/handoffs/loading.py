"""Writing finished handoffs at once: COPY as the loader role, inside the transaction of a room's own loader.

For the example county and for first loads (decision 20). Every history is walked through its table, and
every wait gets the clock the rules gave it. What is loaded is trusted: nobody's permission is asked,
nobody is told. Open handoffs are not loaded: commands open and move them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg import sql

from yiti.foundation.access import public as access
from yiti.kernel.actor import NOBODY, SYSTEM, Actor
from yiti.kernel.clock import local_date
from yiti.kernel.workflow import Side
from yiti.registry.facilities import public as facilities
from yiti.registry.residents import public as residents
from yiti.spine.handoffs.commands.addressing import Directory, parties_of, set_addresses
from yiti.spine.handoffs.commands.moving import enter
from yiti.spine.handoffs.commands.opening import addresses, begin, blank, format_number, take_numbers
from yiti.spine.handoffs.domain import (
    COMMENT,
    DUE,
    OPEN,
    REMARK,
    Details,
    HandoffSpec,
    Logged,
    Nature,
    addresses_in,
    digest,
    kind,
    next_state,
    resumed_at,
    undone,
)
from yiti.spine.handoffs.models import Handoff

_PLACES = ("performer_institution_id", "follower_institution_id")
_ROOM = "performer_department_id"
_WISHED = tuple(each.name for each in fields(HandoffSpec))
_LOGGED = tuple(each.name for each in fields(Logged))


@dataclass(frozen=True, slots=True)
class Hand:
    """Somebody who did something, as the log names them."""

    user_id: UUID
    user_name: str
    institution_id: UUID
    institution_name: str
    department_id: UUID | None = None
    staff_id: UUID | None = None


SYSTEM_HAND = Hand(NOBODY, SYSTEM.name, NOBODY, "")


@dataclass(frozen=True, slots=True)
class LoadedStep:
    """A step that somebody took on a side; `details` as `advance` takes them."""

    step: str
    side: Side
    at: datetime
    by: Hand
    details: Details = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LoadedHandoff:
    """A finished handoff: the wish, who had it when, and what happened to its end, oldest first."""

    wish: HandoffSpec
    by: Hand
    sent_at: datetime
    steps: Sequence[LoadedStep]


@dataclass(frozen=True)
class _Lookups:
    """All that the batch names, read at once."""

    people: Mapping[UUID, residents.PersonRow]
    places: Mapping[UUID, facilities.InstitutionRow]
    directory: Directory


def load_handoffs(
    actor: Actor, loaded: Collection[LoadedHandoff], *, make_id: Callable[[], UUID]
) -> dict[UUID, str]:
    """COPY finished handoffs with their logs; gives each one's number by its id (participant of loaders).

    Only as `yiti_loader`: others are refused by row security. `make_id` makes the ids of the events.
    Raises what `next_state` raises for a step that is not in the table, KeyError for a person or
    institution that does not exist, and ValueError for a history that does not end or runs backwards.
    """
    access.ensure_in_transaction()
    found = _look_up(actor, loaded)
    numbers = _numbers(loaded)
    rows: list[dict[str, Any]] = []
    events: list[dict[str, Any]] = []
    for each in loaded:
        row, log = _lived(each, found)
        row.number = numbers[row.id]
        rows.append({column: value for column, value in vars(row).items() if column != "_state"})
        events += ({"id": make_id(), "handoff_id": row.id, **event} for event in log)
    _copy("handoffs_handoff", rows)
    _copy("handoffs_handoffevent", events)
    return numbers


def _look_up(actor: Actor, loaded: Collection[LoadedHandoff]) -> _Lookups:
    told: list[Details] = [_columns(each.wish, _WISHED) for each in loaded]
    told += [step.details for each in loaded for step in each.steps]
    named = {each.by.institution_id for each in loaded}
    named |= {given[name] for given in told for name in _PLACES if given.get(name)}
    rooms = {given[_ROOM] for given in told if given.get(_ROOM)}
    places, departments = facilities.institutions(named), facilities.departments_by_id(rooms)
    return _Lookups(
        people=residents.persons(actor, {each.wish.person_id for each in loaded}),
        places=places,
        directory=Directory(lambda _: places, lambda _: departments),
    )


def _numbers(loaded: Collection[LoadedHandoff]) -> dict[UUID, str]:
    """A number for each handoff, in order of sending; those of a day are taken in one block."""
    series = {each.wish.id: (kind(each.wish.kind).prefix, local_date(each.sent_at)) for each in loaded}
    nexts: dict[tuple[str, date], int] = {
        key: take_numbers(*key, count) for key, count in sorted(Counter(series.values()).items())
    }
    numbers = {}
    for each in sorted(loaded, key=lambda one: (one.sent_at, one.wish.id)):
        key = series[each.wish.id]
        numbers[each.wish.id] = format_number(*key, nexts[key])
        nexts[key] += 1
    return numbers


def _lived(loaded: LoadedHandoff, found: _Lookups) -> tuple[Handoff, list[dict[str, Any]]]:
    """The handoff as it ended, and the rows of its log."""
    wish, by = loaded.wish, loaded.by
    row = blank(wish, by, found.places[by.institution_id], found.people[wish.person_id], at=loaded.sent_at)
    set_addresses(row, addresses(wish), found.directory)
    begin(row, wish, at=loaded.sent_at)
    log = [_opened(loaded, row.state)]
    dues: list[datetime | None] = [None]
    for step in loaded.steps:
        if step.at < log[-1].at:
            raise ValueError(f"{wish.id}: {step.step} happened before {log[-1].step}")
        dues.append(row.due_at)
        log.append(_taken(row, step, log, found.directory))
    if row.closed_at is None:
        raise ValueError(f"{wish.id}: still {row.state}; open handoffs are moved by commands")
    return row, list(_event_columns(loaded, log, dues))


def _opened(loaded: LoadedHandoff, state: str) -> Logged:
    wish = loaded.wish
    words = {COMMENT: wish.comment, REMARK: wish.remark}
    first = LoadedStep(OPEN, Side.REQUESTER, loaded.sent_at, loaded.by, words)
    return _logged(1, Nature.OPENED, first, "", state, digest(OPEN, _columns(wish, _WISHED)))


def _taken(row: Handoff, step: LoadedStep, log: list[Logged], directory: Directory) -> Logged:
    """Take the step on the handoff in memory."""
    here, of = row.state, kind(row.kind)
    target = next_state(of, here, step.step, step.side, step.details)
    found = of.workflow.find(here, step.step)
    assert found is not None  # next_state has found it
    taken_back = undone(found, log)
    set_addresses(row, addresses_in(of, step.step, step.details), directory)
    if target != here:
        since = resumed_at(log, taken_back) if taken_back else step.at
        enter(row, target, at=step.at, since=since, agreed=step.details.get(DUE))
    row.parties = parties_of(row)
    row.revision += 1
    done = _logged(row.revision, Nature.STEP, step, here, target, digest(step.step, step.details))
    return replace(done, undoes=taken_back.seq if taken_back else None)


def _logged(seq: int, nature: Nature, step: LoadedStep, from_state: str, to_state: str, mark: str) -> Logged:
    return Logged(
        seq=seq,
        nature=nature,
        step=step.step,
        from_state=from_state,
        to_state=to_state,
        side=step.side,
        at=step.at,
        user_id=step.by.user_id,
        user_name=step.by.user_name,
        institution_name=step.by.institution_name,
        comment=str(step.details.get(COMMENT) or ""),
        remark=str(step.details.get(REMARK) or ""),
        undoes=None,
        digest=mark,
    )


def _event_columns(
    loaded: LoadedHandoff, log: Sequence[Logged], dues: Sequence[datetime | None]
) -> Iterator[dict[str, Any]]:
    hands = [loaded.by, *(step.by for step in loaded.steps)]
    for event, hand, due_at in zip(log, hands, dues, strict=True):
        yield {**_columns(event, _LOGGED), "institution_id": hand.institution_id, "due_at": due_at}


def _columns(row: object, names: Collection[str]) -> dict[str, Any]:
    """The fields of a flat row by name; `asdict` copies every value, which takes long for many rows."""
    return {name: getattr(row, name) for name in names}


def _copy(table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """COPY rows that all have the columns of the first one, in its order."""
    if not rows:
        return
    names = sql.SQL(", ").join(map(sql.Identifier, rows[0]))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
    with connection.cursor() as cursor, cursor.copy(statement) as stream:
        for row in rows:
            stream.write_row(tuple(row.values()))
