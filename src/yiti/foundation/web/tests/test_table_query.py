"""What a list was asked for, read from any query string without a refusal."""

from __future__ import annotations

from enum import StrEnum

import pytest

from yiti.foundation.web import public as web


class Sort(StrEnum):
    DUE = "due"
    NAME = "name"


FILTERS = {"state": frozenset({"sent", "accepted"}), "text": None}


def parsed(**asked: str) -> web.TableQuery[Sort]:
    return web.TableQuery.parse(asked, sorts=Sort, default=Sort.DUE, filters=FILTERS)


@pytest.mark.parametrize(
    ("asked", "sort", "descending"),
    [
        ({}, Sort.DUE, False),
        ({"sort": "name"}, Sort.NAME, False),
        ({"sort": "-name"}, Sort.NAME, True),
        ({"sort": "name; DROP TABLE"}, Sort.DUE, False),
        ({"sort": "-"}, Sort.DUE, False),
    ],
)
def test_sort(asked: dict[str, str], sort: Sort, descending: bool) -> None:
    query = parsed(**asked)
    assert (query.sort, query.descending) == (sort, descending)


@pytest.mark.parametrize(
    ("asked", "filters"),
    [
        ({"state": "sent"}, {"state": "sent"}),
        ({"state": "stolen"}, {}),
        ({"text": "  fjy "}, {"text": "fjy"}),
        ({"text": "   "}, {}),
        ({"text": "长" * 300}, {"text": "长" * 100}),
        ({"other": "x"}, {}),
    ],
)
def test_filters(asked: dict[str, str], filters: dict[str, str]) -> None:
    assert parsed(**asked).filters == filters


@pytest.mark.parametrize(
    ("asked", "page", "size"),
    [
        ({}, 1, 20),
        ({"page": "3", "size": "50"}, 3, 50),
        ({"page": "0"}, 1, 20),
        ({"page": "-1"}, 1, 20),
        ({"page": "１"}, 1, 20),
        ({"page": "99999999999"}, 1, 20),
        ({"size": "7"}, 1, 20),
        ({"size": "x"}, 1, 20),
    ],
)
def test_paging(asked: dict[str, str], page: int, size: int) -> None:
    query = parsed(**asked)
    assert (query.page, query.size) == (page, size)


@pytest.mark.parametrize(("page", "total", "shown", "pages"), [(9, 41, 3, 3), (2, 41, 2, 3), (5, 0, 1, 1)])
def test_a_page_past_the_end_is_the_last_one(page: int, total: int, shown: int, pages: int) -> None:
    query = parsed(page=str(page))
    assert (query.within(total).page, query.pages(total)) == (shown, pages)
