"""Every form of the house, found by the route table, with strings that break careless programs.

What each answer has to hold: it is no fault, nothing that was typed runs, and no word of a fault is shown.
`make prove` types the whole Big List of Naughty Strings where `YITI_STRINGS` names its JSON file; else, and
in every run of the tests, our own choice.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.naughty import NAUGHTY
from tests.reading import Form, Page
from tests.routes import ROWS, Row
from tests.routes.table import BOTH
from tests.world import World

FILES = {"import"}  # takes a file; its reading has tests of its own (tests/county)
FORMS = [
    row for row in ROWS if row.methods >= BOTH and row.right and not row.answers and row.name not in FILES
]
forms = pytest.mark.parametrize("row", FORMS, ids=[row.name for row in FORMS])


def given_strings() -> Sequence[str]:
    """The whole list if there is one, else our own choice."""
    path = os.environ.get("YITI_STRINGS")
    return [*NAUGHTY, *json.loads(Path(path).read_text(encoding="utf-8"))] if path else NAUGHTY


def opened(world: World, row: Row) -> Form | None:
    """The form of that page that one types into, None where there is none (a bare question)."""
    found = Page(world.client(row.right).get(row.address(world)).content).forms
    return next(
        (
            form
            for action, form in found.items()
            if row.address(world).startswith(action or "/") and form.texts
        ),
        None,
    )


def answers(world: World, row: Row, form: Form, strings: Sequence[str]) -> Iterator[Any]:
    """Send the form until each string has been typed into it, another one into each field."""
    browser = world.client(row.right)
    for start in range(0, len(strings), len(form.texts)):
        typed = {name: [strings[(start + place) % len(strings)]] for place, name in enumerate(form.texts)}
        yield browser.post(row.address(world), {**form.values, **typed})


def faults(response: Any) -> list[str]:
    """What is wrong with an answer."""
    found = [f"status {response.status_code}"] if response.status_code >= 500 else []
    page = Page(response.content)
    found += page.running
    found += ["a string became a tag"] if "naughty" in page.tags else []
    return found


def test_a_fault_and_a_running_string_are_seen() -> None:
    """The detector, on answers as a careless program would give them."""

    class Careless:
        status_code = 500
        content = b"<p><naughty onclick='1'></p><script>alert(1)</script>"

    assert faults(Careless()) == ["status 500", "naughty onclick", "script", "a string became a tag"]


@forms
def test_no_form_breaks(row: Row, world: World) -> None:
    form = opened(world, row)
    if form is not None:
        for response in answers(world, row, form, NAUGHTY[::16]):
            assert faults(response) == []


@pytest.mark.prove
def test_no_form_breaks_of_the_whole_list(world: World, proof: Callable[..., None]) -> None:
    strings, sent, typed_into = given_strings(), 0, 0
    for row in FORMS:
        if (form := opened(world, row)) is None:
            continue
        typed_into += 1
        for response in answers(world, row, form, strings):
            assert faults(response) == [], row.name
            sent += 1
    proof("strings", strings=len(strings), forms=typed_into, sent=sent, faults=0)
