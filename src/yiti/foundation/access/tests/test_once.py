"""What a page reads by id, it reads once; whatever may change something reads each time."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from yiti.foundation.access import public as access
from yiti.kernel.tests.builders import an_actor

pytestmark = pytest.mark.django_db


class Shelf:
    """Rows by id that somebody changes behind the reader's back."""

    def __init__(self) -> None:
        self.rows = {1: "一", 2: "二"}
        self.asked: list[list[int]] = []

    def read(self, ids: Collection[int]) -> dict[int, str]:
        self.asked.append(list(ids))
        return {each: self.rows[each] for each in ids if each in self.rows}


def test_a_page_reads_each_id_once() -> None:
    shelf = Shelf()
    found = access.once(shelf.read)
    with access.reading(an_actor()):
        assert found([1]) == {1: "一"}
        assert found([1, 2]) == {1: "一", 2: "二"}
        assert found([2, 1]) == {2: "二", 1: "一"}
    assert shelf.asked == [[1], [2]]


def test_what_nobody_has_is_asked_again() -> None:
    shelf = Shelf()
    found = access.once(shelf.read)
    with access.reading(an_actor()):
        assert found([3]) == {}
        shelf.rows[3] = "三"
        assert found([3]) == {3: "三"}


def test_the_next_page_reads_anew() -> None:
    shelf = Shelf()
    found = access.once(shelf.read)
    for name in ("一", "壹"):
        shelf.rows[1] = name
        with access.reading(an_actor()):
            assert found([1]) == {1: name}


def test_a_block_inside_shares_what_was_read() -> None:
    shelf = Shelf()
    found = access.once(shelf.read)
    actor = an_actor()
    with access.reading(actor):
        with access.reading(actor):
            found([1])
        found([1])
    assert shelf.asked == [[1]]


@pytest.mark.parametrize("kind", ["scope", "nothing"])
def test_elsewhere_a_change_is_seen_at_once(kind: str) -> None:
    shelf = Shelf()
    found = access.once(shelf.read)

    def changes() -> None:
        assert found([1]) == {1: "一"}
        shelf.rows[1] = "壹"
        assert found([1]) == {1: "壹"}

    if kind == "nothing":
        changes()
    else:
        with access.scoped(an_actor()):
            changes()


def test_two_reads_do_not_share() -> None:
    one, other = Shelf(), Shelf()
    other.rows[1] = "别的"
    first, second = access.once(one.read), access.once(other.read)
    with access.reading(an_actor()):
        assert first([1]) == {1: "一"}
        assert second([1]) == {1: "别的"}
