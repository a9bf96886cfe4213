"""Who holds a side, and who hears of what happened."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from yiti.kernel.ids import new_id
from yiti.kernel.workflow import Side
from yiti.spine.handoffs.domain import (
    Addressee,
    Post,
    addressees,
    heads_of_late_side,
    holders,
    told_sides,
)
from yiti.spine.handoffs.tests.builders import a_row
from yiti.spine.handoffs.tests.toys import ANSWER, DRAFTED, ERRAND

REQUESTER, PERFORMER, FOLLOWER, SYSTEM = Side
PERSON, WARD = new_id(), new_id()

HELD: dict[str, tuple[dict[str, Any], Side, Post]] = {
    "the one who asked": ({}, REQUESTER, Post.PERSON),
    "the asking department": (
        {"requester_staff_id": None, "requester_department_id": WARD},
        REQUESTER,
        Post.DEPARTMENT,
    ),
    "the asking institution": ({"requester_staff_id": None}, REQUESTER, Post.INSTITUTION),
    "the desk answers for the ward": ({"state": "sent"}, PERFORMER, Post.INSTITUTION),
    "then the ward": ({"state": "accepted"}, PERFORMER, Post.DEPARTMENT),
    "no ward is named": ({"state": "accepted", "performer_department_id": None}, PERFORMER, Post.INSTITUTION),
    "somebody took it at the desk": ({"performer_staff_id": PERSON}, PERFORMER, Post.PERSON),
    "the clinic that follows up": ({"follower_institution_id": WARD}, FOLLOWER, Post.INSTITUTION),
    "its doctor": (
        {"follower_institution_id": WARD, "follower_staff_id": PERSON},
        FOLLOWER,
        Post.PERSON,
    ),
}


@pytest.mark.parametrize(("changes", "side", "post"), HELD.values(), ids=HELD)
def test_each_side_is_in_one_pair_of_hands(changes: dict[str, Any], side: Side, post: Post) -> None:
    row = a_row(**changes)
    found = [holder for holder in holders(row) if holder.side is side]
    assert [holder.post for holder in found] == [post]
    suffix = {Post.PERSON: "staff", Post.DEPARTMENT: "department", Post.INSTITUTION: "institution"}[post]
    assert found[0].id == getattr(row, f"{side}_{suffix}_id")
    assert found[0].institution_id == getattr(row, f"{side}_institution_id")


ABSENT: dict[str, dict[str, Any]] = {
    "a draft is only its author's": {"sent_at": None, "follower_institution_id": WARD},
    "a place outside holds nothing here": {
        "performer_institution_id": None,
        "performer_department_id": None,
        "performer_external": "省人民医院",
    },
}


@pytest.mark.parametrize("changes", ABSENT.values(), ids=ABSENT)
def test_only_the_asker_holds(changes: dict[str, Any]) -> None:
    assert {holder.side for holder in holders(a_row(**changes))} == {REQUESTER}


TOLD: dict[str, tuple[Any, str, str, Side, set[Side]]] = {
    "sent: whoever answers": (ERRAND, "open", "sent", REQUESTER, {PERFORMER}),
    "accepted: whoever asked": (ERRAND, "accept", "accepted", PERFORMER, {REQUESTER}),
    "reported: the asker and whoever's turn it is": (
        ERRAND,
        "arrive",
        "reported",
        PERFORMER,
        {REQUESTER, FOLLOWER},
    ),
    "closed: everybody else": (ERRAND, "close", "closed", REQUESTER, {PERFORMER, FOLLOWER}),
    "expired: both": (ERRAND, "expire", "expired", SYSTEM, {REQUESTER, PERFORMER, FOLLOWER}),
    "taken: nobody but the new holder": (ERRAND, "take", "sent", PERFORMER, {PERFORMER}),
    "handed to a ward: the ward": (ERRAND, "assign", "accepted", PERFORMER, {PERFORMER}),
    "a follower named: he and the asker": (ERRAND, "report", "reported", PERFORMER, {REQUESTER, FOLLOWER}),
    "sent elsewhere: the asker and the new place": (
        ERRAND,
        "redirect",
        "sent",
        PERFORMER,
        {REQUESTER, PERFORMER},
    ),
    "more was said: the other side": (ERRAND, "add", "sent", REQUESTER, {PERFORMER}),
    "a draft: nobody": (DRAFTED, "open", "draft", REQUESTER, set()),
}


@pytest.mark.parametrize(("kind", "step", "state", "acting", "expected"), TOLD.values(), ids=TOLD)
def test_who_hears_of_a_step(kind: Any, step: str, state: str, acting: Side, expected: set[Side]) -> None:
    assert told_sides(kind, step, state, acting) == expected


def test_a_ward_hears_of_what_the_desk_hands_it() -> None:
    handed_on = told_sides(ERRAND, "accept", "accepted", PERFORMER, before="sent")
    assert handed_on == {REQUESTER, PERFORMER}
    assert told_sides(ERRAND, "arrive", "in_care", PERFORMER, before="accepted") == {REQUESTER}


def test_in_a_state_with_a_permission_of_its_own_those_who_hold_it_are_meant() -> None:
    states = {**ERRAND.states, "in_care": replace(ERRAND.states["in_care"], permission="toy.treat")}
    kind = replace(ERRAND, states=states)
    assert kind.permission_in("in_care", PERFORMER) == "toy.treat"
    assert kind.permission_in("in_care", REQUESTER) == ERRAND.permissions[REQUESTER]
    assert kind.permission_in("sent", PERFORMER) == ANSWER


def test_a_bell_rings_for_a_person_or_for_those_who_may_act() -> None:
    row = a_row(state="accepted")
    assert addressees(row, Side) == [
        Addressee(row.requester_institution_id, staff_id=row.requester_staff_id),
        Addressee(
            holders(row)[1].institution_id, department_id=row.performer_department_id, permission=ANSWER
        ),
    ]


def test_heads_are_told_at_the_institution_that_is_late() -> None:
    row = a_row()
    assert row.performer_institution_id is not None
    assert heads_of_late_side(row, ("head",)) == [Addressee(row.performer_institution_id, roles=("head",))]
    assert heads_of_late_side(row, ()) == []
    returned = a_row(state="returned")
    assert heads_of_late_side(returned, ("head",)) == [
        Addressee(returned.requester_institution_id, roles=("head",))
    ]
