"""A kind that does not fit together is refused when the program starts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from yiti.kernel.errors import NotFound
from yiti.kernel.workflow import Side, Waiting, step, workflow
from yiti.spine.handoffs.domain import StepFace, Tab, all_kinds, kind, register, stay
from yiti.spine.handoffs.tests.toys import DRAFTED, ERRAND

_WAITS_FOR_NOBODY = workflow(
    "draft",
    step("send", {"draft"}, "sent", by=Side.REQUESTER),
    step("unsend", {"sent"}, "draft", by=Side.REQUESTER, undoes="send"),
    step("finish", {"sent"}, "done", by={Side.REQUESTER, Side.PERFORMER}),
    waits={"draft": Waiting(Side.REQUESTER), "sent": Waiting(Side.SYSTEM)},
)

FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "a state without words": ({"states": {}}, "a face for each state"),
    "words for a step there is not": (
        {"steps": {**DRAFTED.steps, "fly": StepFace("飞")}},
        "a face for each step",
    ),
    "a side without a permission": ({"permissions": {Side.REQUESTER: "x"}}, "a permission for each side"),
    "a state in two tabs": (
        {"tabs": (*DRAFTED.tabs, Tab("more", "更多", frozenset({"sent"})))},
        "exactly one tab",
    ),
    "an open state in no tab": ({"tabs": DRAFTED.tabs[:1]}, "exactly one tab"),
    "the other side's turn in secret": ({"private": frozenset({"sent"})}, "private state"),
    "a step that sets what there is not": (
        {"steps": {**DRAFTED.steps, "send": StepFace("送出", sets=frozenset({"person_id"}))}},
        "unknown addresses",
    ),
    "a death that nobody may enter": ({"on_death": "finish"}, "no step of the system"),
    "work that waits for the clock alone": ({"workflow": _WAITS_FOR_NOBODY}, "waits for people"),
}


@pytest.mark.parametrize(("changes", "says"), FAULTS.values(), ids=FAULTS)
def test_a_kind_that_does_not_fit_together_is_refused(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        replace(DRAFTED, **changes)


TAKEN: dict[str, tuple[dict[str, Any], str]] = {
    "the same code": ({"prefix": "XX"}, "registered twice"),
    "the same prefix": ({"code": "toy.other"}, "registered twice"),
    "a tab by another name": (
        {
            "code": "toy.other",
            "prefix": "XX",
            "tabs": (DRAFTED.tabs[0], Tab("answer", "等着", frozenset({"sent"}))),
        },
        "another name",
    ),
}


@pytest.mark.parametrize(("changes", "says"), TAKEN.values(), ids=TAKEN)
def test_what_one_kind_has_no_other_can_take(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        register(replace(DRAFTED, **changes))


def test_a_registered_kind_is_found_by_its_code() -> None:
    register(ERRAND)
    assert kind("toy.errand") is ERRAND
    assert [each for each in all_kinds() if each.prefix == "TE"] == [ERRAND]
    with pytest.raises(NotFound):
        kind("toy.none")


def test_a_step_that_stays_stands_once_for_each_state() -> None:
    steps = stay("take", {"b", "a"}, by=Side.PERFORMER, needs=("x",))
    assert [(each.sources, each.target, each.needs) for each in steps] == [
        (frozenset({"a"}), "a", ("x",)),
        (frozenset({"b"}), "b", ("x",)),
    ]


def test_a_step_may_ask_for_more_than_its_side_does_but_not_of_the_system() -> None:
    strict = {
        **ERRAND.steps,
        "decline": StepFace("谢绝", permission="toy.head"),
        "die": StepFace("故", permission="x"),
    }
    of = replace(ERRAND, steps=strict)
    assert of.permission("decline", Side.PERFORMER) == "toy.head"
    assert of.permission("accept", Side.PERFORMER) == "toy.answer"
    assert of.permission("die", Side.SYSTEM) == "system"
