"""The forms that people type most into, as a browser opens, fills and reads them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.test import Client
from django.urls import reverse

from tests.naughty import NAUGHTY
from tests.reading import Form, Page
from tests.world import World

Values = dict[str, list[str]]
KEYS = ("key", "id")  # fields that hold the id of the row to be
FURTHER_ROW = re.compile(r"drugs-[1-9]")  # the first row of a list stands for all


@dataclass(frozen=True)
class Paper:
    """A form of the house. `right` are values with which it goes through, where "" is not one; `shown` are
    the fields whose whole text stands on the page one comes to."""

    name: str
    address: Callable[[World], str]
    right: Mapping[str, str] = field(default_factory=dict)
    shown: tuple[str, ...] = ()


def at_person(name: str, whose: str = "person_id") -> Callable[[World], str]:
    """The address of a page about somebody."""
    return lambda world: reverse(name, args=[getattr(world, whose)])


REGISTER = Paper(
    "register",
    lambda world: reverse("residents:register"),
    {"enrolment": "no_card", "name": "盘新来", "sex": "2"},
    ("address",),
)
EDIT = Paper("edit", at_person("residents:edit", "other_person_id"), {"name": "唐四妹"}, ("address",))
ALLERGY = Paper(
    "allergy",
    at_person("residents:new_allergy"),
    {"substance_code": "101"},
    ("substance_text", "note"),
)
VISIT = Paper(
    "visit",
    lambda world: f"{reverse('episodes:new_visit')}?person={world.person_id}",
    {"kind": "outpatient", "chief_complaint": "头晕两天", "drugs-0-name": "氨氯地平"},
    ("chief_complaint", "subjective", "objective", "assessment", "plan"),
)
PAPERS = (REGISTER, EDIT, ALLERGY, VISIT)


def opened(browser: Client, paper: Paper, world: World) -> Form:
    """The form as it comes."""
    return read(browser.get(paper.address(world))).forms[paper.address(world)]


def read(response: Any) -> Page:
    """The page as a browser sees it; nothing that was typed may run in it."""
    page = Page(response.content)
    assert page.running == []
    assert "naughty" not in page.tags
    return page


def filled(form: Form, paper: Paper, typed: Mapping[str, str]) -> Values:
    """The form with what is right, and what was typed over it."""
    return {**form.values, **{name: [value] for name, value in {**paper.right, **typed}.items()}}


def strings(form: Form, turn: int) -> dict[str, str]:
    """Another string for each field one types into; over all turns each string comes into each field."""
    names = [name for name in form.texts if not FURTHER_ROW.match(name)]
    return {name: NAUGHTY[(turn + place) % len(NAUGHTY)] for place, name in enumerate(names)}


def lost(sent: Values, form: Form, names: Iterable[str]) -> dict[str, tuple[str, str]]:
    """What was typed and what stands in the form now, where that is something else."""
    pairs = {name: (sent[name][-1], form.value(name)) for name in names}
    return {name: (typed, kept) for name, (typed, kept) in pairs.items() if typed.strip() != kept.strip()}


def refused(response: Any, paper: Paper, world: World) -> Form:
    """The form that came back: it says what is wrong."""
    assert response.status_code == 422
    page = read(response)
    assert "没有提交" in page.text
    return page.forms[paper.address(world)]


def squeezed(text: str) -> str:
    """Without blanks, which are tidied when stored."""
    return "".join(text.split())
