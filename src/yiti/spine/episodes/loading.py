"""Writing many episodes at once: COPY as the loader role, one transaction and one audit row a batch.

For the example county and for first loads. Rows come from the same pure functions as those of the
commands. What is loaded is trusted: nothing is looked up or checked beyond the constraints of the
tables, diagnoses carry their words, no event is recorded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg import sql

from yiti.foundation.access import public as access
from yiti.foundation.audit import public as audit
from yiti.foundation.rules import public as rules
from yiti.kernel.actor import Actor
from yiti.kernel.clock import local_date
from yiti.registry.residents import public as residents
from yiti.spine.episodes.commands.ending import ACCESS_AFTER_VISIT
from yiti.spine.episodes.commands.opening import VISIT, take_numbers
from yiti.spine.episodes.domain import EpisodeState, JoinAct, format_number
from yiti.spine.episodes.domain import preparing as rows
from yiti.spine.episodes.domain.preparing import Columns, Move, VisitKey, Writer, ids_in_order
from yiti.spine.episodes.domain.specs import DischargeSpec, VisitContent, VisitOpening

TABLES = (
    "episode",
    "visit",
    "episodejoin",
    "vitalreading",
    "diagnosis",
    "note",
    "treatment",
    "discharge",
    "medicationlist",
    "currentmedication",
)


@dataclass(frozen=True, slots=True)
class LoadedVisit:
    """A visit with all that was written in it; `writer.at` is when it began. `act` says how it came into
    its episode. `discharge` only for a stay that has ended."""

    opening: VisitOpening
    writer: Writer
    content: VisitContent
    act: JoinAct
    ended_at: datetime | None = None
    discharge: DischargeSpec | None = None

    @property
    def last_at(self) -> datetime:
        """Its last moment so far."""
        return self.ended_at or self.writer.at


@dataclass(frozen=True, slots=True)
class LoadedEpisode:
    """An episode with its visits, oldest first; `opening.is_long_term` of the first one keeps it open."""

    id: UUID
    problem: str
    problem_code: str
    visits: Sequence[LoadedVisit]
    closed_at: datetime | None = None
    close_reason: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """What is loaded together: all episodes of each of its people. `make_id` hands out the ids of facts,
    the same ones again for the same seed."""

    episodes: Sequence[LoadedEpisode]
    make_id: Callable[[], UUID]


@dataclass(slots=True)
class _Rows:
    """Rows by table, and the last list of drugs of each person."""

    make_id: Callable[[], UUID]
    by_table: dict[str, list[Columns]] = field(default_factory=lambda: {name: [] for name in TABLES})
    last_list: dict[UUID, UUID] = field(default_factory=dict)


@access.command
def load_episodes(*, actor: Actor, batch: Batch, at: datetime) -> int:
    """COPY a batch; gives the number of visits. Only as `yiti_loader`: others are refused by row security.

    An institution gets access to the record for visits that are going on, or whose time to look back
    (rule `episodes.access_after_visit`) is not over at `at`.
    """
    made = _Rows(batch.make_id)
    numbers = _numbers(batch.episodes)
    for episode in batch.episodes:
        _add_episode(made, episode, next(numbers))
    visits = sorted((v for e in batch.episodes for v in e.visits), key=lambda v: (v.writer.at, v.opening.id))
    for visit in visits:
        _add_medications(made, visit)
    for table in TABLES:
        _copy(f"episodes_{table}", made.by_table[table])
    residents.load_accesses(actor, _opened(visits, at), make_id=batch.make_id)
    audit.note(
        actor,
        "episodes.load_episodes",
        kind="episodes.batch",
        record_id=None,
        at=at,
        detail={"episodes": len(batch.episodes), "visits": len(visits)},
    )
    return len(visits)


def _numbers(episodes: Sequence[LoadedEpisode]) -> Iterator[str]:
    """A number for each episode, in order; the numbers of a month are taken in one block."""
    starts = [episode.visits[0].writer.at for episode in episodes]
    months = Counter(f"{local_date(start):%y%m}" for start in starts)
    nexts = {month: take_numbers(month, count) for month, count in sorted(months.items())}
    for start in starts:
        month = f"{local_date(start):%y%m}"
        yield format_number(start, nexts[month])
        nexts[month] += 1


def _add_episode(made: _Rows, episode: LoadedEpisode, number: str) -> None:
    first = episode.visits[0]
    columns = rows.episode_columns(
        first.opening,
        row_id=episode.id,
        number=number,
        problem=episode.problem,
        problem_code=episode.problem_code,
        writer=first.writer,
    )
    columns["last_active_at"] = max(visit.last_at for visit in episode.visits)
    if episode.closed_at is not None:
        columns |= {
            "state": EpisodeState.CLOSED.value,
            "closed_at": episode.closed_at,
            "closed_by": episode.visits[-1].writer.user_id,
            "close_reason": episode.close_reason,
        }
    made.by_table["episode"].append(columns)
    for visit in episode.visits:
        _add_visit(made, visit, episode.id)


def _add_visit(made: _Rows, visit: LoadedVisit, episode_id: UUID) -> None:
    key, writer = _key(visit), visit.writer
    ended_by = writer.user_id if visit.ended_at else None
    made.by_table["visit"].append(
        rows.visit_columns(visit.opening, episode_id=episode_id, writer=writer)
        | {"ended_at": visit.ended_at, "ended_by": ended_by}
    )
    made.by_table["episodejoin"].append(
        rows.join_columns(key, Move(visit.act, episode_id), row_id=made.make_id(), writer=writer)
    )
    _add_facts(made, visit)
    if visit.discharge is not None and visit.ended_at is not None:
        made.by_table["discharge"].append(
            rows.discharge_columns(
                key,
                visit.discharge,
                row_id=made.make_id(),
                writer=replace(writer, at=visit.ended_at),
                discharged_at=visit.ended_at,
            )
        )


def _add_facts(made: _Rows, visit: LoadedVisit) -> None:
    key, writer, content, tables = _key(visit), visit.writer, visit.content, made.by_table
    tables["vitalreading"] += [
        rows.vital_columns(key, each, row_id=made.make_id(), writer=writer, taken_at=writer.at)
        for each in content.vitals
    ]
    tables["diagnosis"] += [
        rows.diagnosis_columns(key, each, row_id=row_id, writer=writer)
        for each, row_id in zip(
            content.diagnoses, ids_in_order(made.make_id, len(content.diagnoses)), strict=True
        )
    ]
    tables["treatment"] += [
        rows.treatment_columns(key, each, row_id=row_id, writer=writer)
        for each, row_id in zip(
            content.treatments, ids_in_order(made.make_id, len(content.treatments)), strict=True
        )
    ]
    if not content.note.is_empty:
        tables["note"].append(rows.note_columns(key, content.note, row_id=made.make_id(), writer=writer))


def _add_medications(made: _Rows, visit: LoadedVisit) -> None:
    if visit.content.medications is None:
        return
    person_id, list_id = visit.opening.person_id, made.make_id()
    head, lines = rows.medication_columns(
        _key(visit),
        visit.content.medications,
        row_id=list_id,
        make_id=made.make_id,
        writer=visit.writer,
        replaces_id=made.last_list.get(person_id),
    )
    made.last_list[person_id] = list_id
    made.by_table["medicationlist"].append(head)
    made.by_table["currentmedication"] += lines


def _key(visit: LoadedVisit) -> VisitKey:
    return VisitKey(visit.opening.id, visit.opening.person_id)


def _opened(visits: Iterable[LoadedVisit], at: datetime) -> Iterator[residents.Opened]:
    days = timedelta(days=rules.find(ACCESS_AFTER_VISIT, local_date(at)).integer())
    for visit in visits:
        until = visit.ended_at + days if visit.ended_at else None
        if until is None or until > at:
            yield residents.Opened(
                visit.opening.person_id,
                visit.writer.institution_id,
                residents.AccessReason.EPISODE,
                VISIT,
                visit.opening.id,
                visit.writer.at,
                until,
            )


def _copy(table: str, found: Iterable[Mapping[str, Any]]) -> None:
    """COPY rows that all have the columns of the first one, in its order."""
    ordered = iter(found)
    first = next(ordered, None)
    if first is None:
        return
    names = sql.SQL(", ").join(map(sql.Identifier, first))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
    with connection.cursor() as cursor, cursor.copy(statement) as stream:
        stream.write_row(tuple(first.values()))
        for row in ordered:
            stream.write_row(tuple(row.values()))
