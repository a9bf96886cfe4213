"""Long proof (reliability T4): without any filter of ours the database still shows nobody what is not theirs,
and a connection carries nobody's scope over to the next."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import pytest
from django.db import ProgrammingError, connection

from tests.prove.homes import EVERYBODY, Home
from tests.test_row_security import GUARDED
from yiti.foundation.access import public as access
from yiti.foundation.access import scope
from yiti.foundation.access.tests.builders import working
from yiti.kernel.actor import Actor
from yiti.ops.database import Database
from yiti.ops.roles import Role

pytestmark = pytest.mark.prove
TURNS = 10_000
_OPEN = """
    SELECT person_id FROM residents_recordaccess
    WHERE institution_id = %s AND valid_from <= now() AND (valid_until IS NULL OR valid_until > now())
"""


def people(homes: list[Home]) -> list[Actor]:
    """Everybody at work, once."""
    found = [homes[0].world.actor(code) for code in EVERYBODY]
    return [actor for actor in found if actor.posting_id is not None]


def closed_to(actor: Actor, homes: list[Home]) -> re.Pattern[str] | None:
    """Words of the homes that neither the actor's institution nor one it oversees may know."""
    theirs = {actor.institution_id, *actor.oversees}
    closed = [home.canaries.pattern for home in homes if theirs.isdisjoint(home.open_to)]
    return re.compile("|".join(closed)) if closed else None


def asked(sql: str, values: Sequence[object] = ()) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [row[0] for row in cursor.fetchall()]


def rows_leaked(database: Database, homes: list[Home], tables: Sequence[str]) -> tuple[int, list[str]]:
    """Every row of every guarded table, asked for without any condition in everybody's scope: how many were
    shown, and those that hold a word of others."""
    shown, leaks = 0, []
    for actor in people(homes):
        foreign = closed_to(actor, homes)
        for table in tables:
            with access.scoped(actor):
                texts = _rows(table)
            shown += len(texts)
            found = [text for text in texts if foreign and foreign.search(text)]
            leaks += [f"{table} to {actor.name}: {text[:200]}" for text in found]
    return shown, leaks


def _rows(table: str) -> list[str]:
    try:
        return asked(f"SELECT row_to_json(t)::text FROM {connection.ops.quote_name(table)} AS t")
    except ProgrammingError:  # not even asked
        connection.needs_rollback = True
        return []


def scopes_carried_over(homes: list[Home], turns: int, eye: Any) -> list[str]:
    """One connection serves people of different institutions in turn: what anybody saw that was not theirs,
    and what was seen between two."""
    actors = people(homes)
    may_see: dict[UUID, set[UUID]] = {}
    wrong = []
    for turn in range(turns):
        actor = actors[turn % len(actors)]
        place = actor.institution_id
        if place not in may_see:
            may_see[place] = {person for (person,) in eye.execute(_OPEN, [place])}
        with access.scoped(actor):
            seen = set(asked("SELECT person_id FROM episodes_visit"))
        if not seen <= may_see[place]:
            wrong.append(f"turn {turn}: {actor.name} saw {len(seen - may_see[place])} of others")
        if between := asked("SELECT count(*) FROM episodes_visit")[0]:
            wrong.append(f"turn {turn}: {between} rows without a scope")
    return wrong


def test_the_database_shows_nobody_what_is_not_theirs(
    homes: tuple[Database, list[Home]], proof: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    database, found = homes
    with database.connect(Role.LOADER) as eye:
        tables = [name for (name,) in eye.execute(GUARDED)]
        shown, leaks = rows_leaked(database, found, tables)
        with working(database, Role.LOADER):  # control: a role that row security does not bind
            _all, control = rows_leaked(database, found, tables)
        carried = scopes_carried_over(found, TURNS, eye)
        with monkeypatch.context() as patch:  # control: a scope that outlives its transaction
            patch.setattr(scope, "_SET", scope._SET.replace(", true)", ", false)"))
            control_carried = scopes_carried_over(found, 100, eye)
    proof(
        "second-wall",
        guarded_tables=len(tables),
        people=len(people(found)),
        rows_shown=shown,
        rows_leaked=len(leaks),
        control="the same connected as a role that row security does not bind",
        control_rows_leaked=len(control),
        turns_on_one_connection=TURNS,
        scopes_carried_over=len(carried),
        control_of_turns="a scope set for the session instead of the transaction",
        control_scopes_carried_over=len(control_carried),
    )
    assert control, "a watch that never finds anything proves nothing"
    assert control_carried
    assert leaks[:20] == []
    assert carried[:20] == []
