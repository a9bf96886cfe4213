"""Whoever has set no scope sees no row: asked of every table with row security, as the role of the pages."""

from __future__ import annotations

from django.db import ProgrammingError, connection
from psycopg import sql

from tests.world import World
from yiti.ops.roles import Role

GUARDED = """
    SELECT relname FROM pg_class
    WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace AND relrowsecurity ORDER BY relname
"""
NOT_FORCED = "SELECT relname FROM pg_class WHERE relrowsecurity AND NOT relforcerowsecurity"
UNGUARDED_OF_PEOPLE = """
    SELECT DISTINCT relname FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
    WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace AND NOT relrowsecurity
    AND attname IN ('person_id', 'handoff_id', 'episode_id', 'visit_id') ORDER BY relname
"""
EVERYBODYS = "facilities_region"  # a table without row security
WITHOUT = {  # tables that name people and have no row security, and why
    "audit_auditentry": "the trail is only appended to; its selectors decide who reads what of it",
    "residents_recordaccess": "the policies of all others ask this table, so it has none of its own",
}


def tables(world: World, question: str) -> list[str]:
    """Tables, as the one sees them who sees everything."""
    return [name for (name,) in world.eye.execute(question)]


def filled(world: World, table: str) -> bool:
    """Whether there is anything to see."""
    return bool(world.eye.execute(sql.SQL("SELECT FROM {} LIMIT 1").format(sql.Identifier(table))).rowcount)


def seen_without_scope(names: list[str]) -> dict[str, int]:
    """The tables of which the pages' own connection sees rows before anybody has signed in."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == (Role.APP,)
        for name in names:
            try:
                cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(name)}")
            except ProgrammingError:  # not even asked
                continue
            found[name] = cursor.fetchone()[0]
    return {name: count for name, count in found.items() if count}


def test_without_a_scope_no_guarded_table_shows_a_row(world: World) -> None:
    guarded = tables(world, GUARDED)
    assert [name for name in guarded if filled(world, name)]
    assert seen_without_scope(guarded) == {}


def test_a_table_that_everybody_reads_would_be_noticed(world: World) -> None:
    assert EVERYBODYS in seen_without_scope([*tables(world, GUARDED), EVERYBODYS])


def test_row_security_binds_the_owner_too(world: World) -> None:
    assert tables(world, NOT_FORCED) == []


def test_a_table_about_people_is_guarded_or_named(world: World) -> None:
    assert tables(world, UNGUARDED_OF_PEOPLE) == sorted(WITHOUT)
