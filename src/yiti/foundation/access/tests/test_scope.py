"""The scope of a transaction: set inside, gone outside, never mixed."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from yiti.foundation.access import public as access
from yiti.kernel.actor import Actor
from yiti.kernel.tests.builders import an_actor


def _scope() -> tuple[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(current_setting('yiti.user', true), ''),"
            " coalesce(current_setting('yiti.institution', true), '')"
        )
        return tuple(cursor.fetchone())


def test_the_database_sees_the_actor_inside_a_scope(db: None) -> None:
    actor = an_actor()
    with access.scoped(actor):
        assert _scope() == (str(actor.user_id), str(actor.institution_id))


def test_a_scope_joins_an_open_one_of_the_same_actor(db: None) -> None:
    actor = an_actor()
    with access.scoped(actor), access.scoped(actor):
        assert _scope()[0] == str(actor.user_id)


def test_a_scope_inside_another_persons_scope_is_refused(db: None) -> None:
    with access.scoped(an_actor()), pytest.raises(access.ScopeError):
        _read(an_actor(name="别人"))


@access.command
def _write(*, actor: Actor) -> str:
    return _scope()[0]


@access.command
def _write_in_a_write(*, actor: Actor) -> str:
    return _write(actor=actor)


@access.selector
def _read(actor: Actor) -> str:
    return _scope()[0]


def test_a_command_runs_in_the_scope_of_its_actor(db: None) -> None:
    actor = an_actor()
    assert _write(actor=actor) == str(actor.user_id)


def test_a_command_inside_a_command_is_refused(db: None) -> None:
    with pytest.raises(RuntimeError, match="durable"):
        _write_in_a_write(actor=an_actor())


def test_a_selector_opens_a_scope_of_its_own_or_joins(db: None) -> None:
    actor = an_actor()
    assert _read(actor) == str(actor.user_id)
    with access.scoped(actor):
        assert _read(actor) == str(actor.user_id)


def test_a_selector_needs_an_actor(db: None) -> None:
    with pytest.raises(TypeError):
        _read("唐桂花")  # type: ignore[arg-type]


def test_a_participant_needs_the_transaction_of_a_command(committed_db: None) -> None:
    with pytest.raises(access.ScopeError):
        access.ensure_in_transaction()
    with transaction.atomic():
        access.ensure_in_transaction()


def test_the_scope_ends_with_its_transaction(committed_db: None) -> None:
    with access.scoped(an_actor()):
        assert _scope() != ("", "")
    assert _scope() == ("", "")


def test_a_refused_write_leaves_no_scope_behind(committed_db: None) -> None:
    actor = an_actor()
    with pytest.raises(RuntimeError):
        _write_in_a_write(actor=actor)
    assert _scope() == ("", "")
    assert _read(an_actor(name="下一位"))
