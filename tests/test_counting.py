"""A count whose SQL is kept is the count of the ORM, whoever asks."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import Q, QuerySet
from django.test.utils import CaptureQueriesContext

from yiti.foundation.access import counting
from yiti.foundation.access.public import counted, counted_of, kept
from yiti.foundation.accounts.models import User
from yiti.kernel.actor import Actor
from yiti.kernel.ids import new_id

pytestmark = pytest.mark.django_db


def users(number: int) -> list[UUID]:
    made = [new_id() for _ in range(number)]
    for place, id_ in enumerate(made):
        User.objects.create(
            id=id_, username=f"C{place}{str(id_)[-6:]}".upper(), name="沈", created_at="2026-01-01T00:00Z"
        )
    return made


@counted
def mine(actor: Actor) -> QuerySet[User, Any]:
    """The actor's own account and those the actor stands in for; all of these ids for who may."""
    wanted = Q(id=actor.user_id) | Q(id__in=actor.stands_in_for)
    if actor.can("see.all"):
        wanted |= Q(id__in=sorted({actor.institution_id}))
    return User.objects.filter(wanted).values("pk")


@counted_of
def of(ids: Collection[UUID]) -> QuerySet[User, Any]:
    return User.objects.filter(id__in=ids).values("pk")


@counted
def nobody(_actor: Actor) -> QuerySet[User, Any]:
    return User.objects.none().values("pk")


def test_each_actor_of_a_kind_has_a_count_of_their_own() -> None:
    one, other, third = users(3)
    plain = Actor(one, "甲", role="nurse")
    assert (mine(plain), mine(replace(plain, user_id=other)), mine(replace(plain, user_id=new_id()))) == (
        1,
        1,
        0,
    )
    helping = replace(plain, stands_in_for=frozenset({other, third}))
    assert mine(helping) == 3
    assert mine(replace(helping, stands_in_for=frozenset({other, new_id()}))) == 2


def test_what_a_permission_decides_is_decided_for_each() -> None:
    one, other = users(2)
    plain = Actor(one, "甲", institution_id=other, role="nurse")
    assert mine(plain) == 1
    assert mine(replace(plain, permissions=frozenset({"see.all"}))) == 2


def test_ids_are_counted_as_many_as_there_are() -> None:
    made = users(3)
    assert [of(made[:number]) for number in range(4)] == [0, 1, 2, 3]
    assert of([made[0], new_id()]) == 1


def test_no_row_that_can_fit_is_none_and_asks_nothing() -> None:
    with CaptureQueriesContext(connection) as queries:
        assert nobody(Actor(new_id(), "甲")) == 0
    assert len(queries) == 0


def test_the_sql_is_made_once_a_kind() -> None:
    counting.forget()
    for id_ in users(3):
        mine(Actor(id_, "甲", role="nurse"))
    assert counting._made_for.cache_info().misses == 1


@kept
def called(ids: Collection[UUID], begin: str, on: date) -> QuerySet[User, Any]:
    """Accounts of these ids whose name begins so and that were made by that day."""
    found = User.objects.filter(id__in=ids, name__gte=begin, created_at__date__lte=on)
    return found.order_by("username").values_list("id", "name", "created_at")


def test_rows_are_those_of_the_orm_whatever_is_asked() -> None:
    known = users(4)
    for ids in (known, known[:2], known[1:3], [new_id(), known[0]], [], {known[3]}):
        for begin, on in (("", date(2026, 1, 1)), ("沈", date(2026, 1, 2)), ("王", date(2025, 1, 1))):
            expected = called.__wrapped__(ids, begin, on)  # type: ignore[attr-defined]
            assert called(ids, begin, on) == list(expected)


def test_the_same_value_twice_is_no_matter() -> None:
    (one,) = users(1)
    assert [row[0] for row in called([one, one], "", date(2026, 1, 1))] == [one]


def test_rows_are_asked_for_with_sql_that_is_kept() -> None:
    counting.forget()
    known = users(4)
    made: list[object] = []
    build = called.__wrapped__  # type: ignore[attr-defined]

    @kept
    def again(ids: Collection[UUID]) -> QuerySet[User, Any]:
        made.append(ids)
        return build(ids, "", date(2026, 1, 1))

    assert [len(again(known[:number])) for number in (2, 2, 3, 4, 0, 2)] == [2, 2, 3, 4, 0, 2]
    assert len(made) == 3  # for two, for four, and for nobody
