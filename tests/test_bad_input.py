"""What people type wrongly: a sentence that helps, nothing lost, nothing stored twice, never a fault."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.naughty import NAUGHTY
from tests.reading import Form, Page
from tests.world import VILLAGE_DOCTOR, World

MOST_TRIES = 4
FURTHER_ROW = re.compile(r"drugs-[1-9]")  # the first row of a list stands for all


@dataclass(frozen=True)
class Paper:
    """A form of the house. `right` are values of a form that goes through, where "" is not one; `shown` are
    the fields whose whole text stands on the page one comes to."""

    name: str
    address: Callable[[World], str]
    right: Mapping[str, str] = field(default_factory=dict)
    shown: tuple[str, ...] = ()


def _of(name: str, attribute: str) -> Callable[[World], str]:
    return lambda world: reverse(name, args=[getattr(world, attribute)])


REGISTER = Paper(
    "register",
    lambda world: reverse("residents:register"),
    {"enrolment": "no_card", "name": "盘新来", "sex": "2"},
    ("address",),
)
EDIT = Paper("edit", _of("residents:edit", "other_person_id"), {"name": "唐四妹"}, ("address",))
ALLERGY = Paper(
    "allergy",
    _of("residents:new_allergy", "person_id"),
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
    response = browser.get(paper.address(world))
    assert response.status_code == 200
    return read(response).forms[paper.address(world)]


def read(response: Any) -> Page:
    """The page as a browser sees it; nothing that was typed may run in it."""
    page = Page(response.content)
    assert page.running == []
    assert "naughty" not in page.tags
    return page


def lost(sent: Mapping[str, list[str]], form: Form, names: Iterable[str]) -> dict[str, tuple[str, str]]:
    """What was typed and what stands in the form now, where that is something else."""
    pairs = {name: (sent[name][-1], form.value(name)) for name in names}
    return {name: (typed, kept) for name, (typed, kept) in pairs.items() if typed.strip() != kept.strip()}


def squeezed(text: str) -> str:
    """Without blanks, which are tidied when stored."""
    return "".join(text.split())


# --- every string into every field ----------------------------------------------------------------
@pytest.mark.parametrize("turn", range(len(NAUGHTY)))
@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.name)
def test_whatever_is_typed_is_kept_and_can_be_put_right(paper: Paper, turn: int, world: World) -> None:
    """Field by field another string, the next turn the next: so each string comes into each field."""
    browser = world.client(VILLAGE_DOCTOR)
    form = opened(browser, paper, world)
    form.texts = [name for name in form.texts if not FURTHER_ROW.match(name)]
    typed = {name: [NAUGHTY[(turn + place) % len(NAUGHTY)]] for place, name in enumerate(form.texts)}
    emptied = {name: [""] for name in form.texts}
    sent = {**form.values, **emptied, **{name: [value] for name, value in paper.right.items()}, **typed}
    for _try in range(MOST_TRIES):
        response = browser.post(paper.address(world), sent)
        if response.status_code == 302:
            break
        assert response.status_code == 422
        page = read(response)
        form = page.forms[paper.address(world)]
        assert "没有提交" in page.text
        assert lost(sent, form, typed) == {}
        sent = {**form.values, **{name: [paper.right.get(name, "")] for name in form.refused}}
    assert response.status_code == 302, form.refused
    after = squeezed(read(browser.get(response["Location"])).text)
    stored = [squeezed(sent[name][-1]) for name in paper.shown]
    assert [text for text in stored if text not in after] == []
