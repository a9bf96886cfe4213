"""The rules of moving a handoff, as tables of cases, without a database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from yiti.kernel.actor import SYSTEM
from yiti.kernel.errors import Conflict, DomainError, InvalidInput, NotFound, NotPermitted
from yiti.kernel.ids import new_id
from yiti.kernel.tests.builders import an_actor
from yiti.kernel.workflow import Side
from yiti.spine.handoffs.domain import (
    Logged,
    Nature,
    acting_side,
    addresses_in,
    digest,
    history_faults,
    next_state,
    resumed_at,
    sides_of,
    stale,
    steps_since,
    undone,
)
from yiti.spine.handoffs.tests.builders import a_log, a_row
from yiti.spine.handoffs.tests.toys import ANSWER, ASK, DRAFTED, ERRAND, FOLLOW

REQUESTER, PERFORMER, FOLLOWER, SYSTEM_SIDE = Side

MOVES: dict[str, tuple[str, str, Side, dict[str, Any], str]] = {
    "accept with a bed": ("sent", "accept", PERFORMER, {"bed_id": "12"}, "accepted"),
    "decline with a reason": ("sent", "decline", PERFORMER, {"reason_code": "01"}, "declined"),
    "a way back out of a final state": ("declined", "undo_decline", PERFORMER, {}, "sent"),
    "a step that stays": ("accepted", "assign", PERFORMER, {"performer_department_id": new_id()}, "accepted"),
    "one of two sides": ("reported", "close", REQUESTER, {}, "closed"),
    "the other of two sides": ("reported", "close", FOLLOWER, {}, "closed"),
    "the clock": ("sent", "expire", SYSTEM_SIDE, {}, "expired"),
    "zero is an answer": ("sent", "accept", PERFORMER, {"bed_id": 0}, "accepted"),
}


@pytest.mark.parametrize(("state", "step", "side", "details", "target"), MOVES.values(), ids=MOVES)
def test_a_step_leads_to(state: str, step: str, side: Side, details: dict[str, Any], target: str) -> None:
    assert next_state(ERRAND, state, step, side, details) == target


REFUSED: dict[str, tuple[str, str, Side, dict[str, Any], type[DomainError], str]] = {
    "a step nobody has heard of": ("sent", "fly", PERFORMER, {}, NotFound, "没有找到"),
    "another side's step": ("sent", "accept", REQUESTER, {"bed_id": "12"}, NotPermitted, "没有找到"),
    "too early": ("sent", "arrive", PERFORMER, {}, Conflict, "现在是「待接收」"),
    "too late": ("closed", "withdraw", REQUESTER, {}, Conflict, "现在是「已关闭」"),
    "without the bed": ("sent", "accept", PERFORMER, {}, InvalidInput, "还差一项"),
    "with an empty bed": ("sent", "accept", PERFORMER, {"bed_id": ""}, InvalidInput, "还差一项"),
    "with no bed at all": ("sent", "accept", PERFORMER, {"bed_id": None}, InvalidInput, "还差一项"),
}


@pytest.mark.parametrize(("state", "step", "side", "details", "kind", "says"), REFUSED.values(), ids=REFUSED)
def test_a_step_is_refused(
    state: str, step: str, side: Side, details: dict[str, Any], kind: type[DomainError], says: str
) -> None:
    with pytest.raises(kind, match=says) as refusal:
        next_state(ERRAND, state, step, side, details)
    assert refusal.value.field == ("bed_id" if kind is InvalidInput else None)


def test_every_step_of_the_table_is_open_to_its_sides_and_to_no_other() -> None:
    details = {"bed_id": 1, "comment": "x", "reason_code": "01", "performer_institution_id": new_id()}
    details["performer_department_id"] = new_id()
    for kind in (ERRAND, DRAFTED):
        for step in kind.workflow.steps:
            for state in step.sources:
                for side in Side:
                    if side in step.by:
                        assert next_state(kind, state, step.name, side, details) == step.target
                    else:
                        with pytest.raises((NotPermitted, Conflict)):
                            next_state(kind, state, step.name, side, details)


# --- who acts --------------------------------------------------------------------------------------------
OUTSIDE: dict[str, Any] = {
    "performer_institution_id": None,
    "performer_department_id": None,
    "performer_external": "省人民医院",
    "performer_name": "省人民医院",
}
ASKER, ANSWERER, FOLLOWS = "requester_institution_id", "performer_institution_id", "follower_institution_id"

ACTS: dict[str, tuple[dict[str, Any], str, tuple[str, ...], str, Side | type[DomainError]]] = {
    "the asker withdraws": ({}, ASKER, (ASK,), "withdraw", REQUESTER),
    "the answerer accepts": ({}, ANSWERER, (ANSWER,), "accept", PERFORMER),
    "the follower closes": (
        {"state": "reported", FOLLOWS: new_id()},
        FOLLOWS,
        (FOLLOW,),
        "close",
        FOLLOWER,
    ),
    "the asker may not accept": ({}, ASKER, (ASK, ANSWER), "accept", NotPermitted),
    "the answerer lacks the permission": ({}, ANSWERER, (ASK,), "accept", NotPermitted),
    "nobody may let it expire": ({}, ANSWERER, (ANSWER, "system"), "expire", NotPermitted),
    "the answerer asks for what there is not": ({}, ANSWERER, (ANSWER,), "fly", NotFound),
    "a draft is nobody's business yet": ({"sent_at": None}, ANSWERER, (ANSWER,), "accept", NotFound),
    "the asker enters what was done outside": (OUTSIDE, ASKER, (ASK,), "accept", PERFORMER),
    "but not without being the asker": (OUTSIDE, ASKER, (ANSWER,), "accept", NotPermitted),
}


@pytest.mark.parametrize(("changes", "place", "may", "step", "expected"), ACTS.values(), ids=ACTS)
def test_who_acts(
    changes: dict[str, Any],
    place: str,
    may: tuple[str, ...],
    step: str,
    expected: Side | type[DomainError],
) -> None:
    row = a_row(**changes)
    actor = an_actor(*may, institution_id=getattr(row, place))
    if isinstance(expected, Side):
        assert acting_side(row, step, actor) is expected
        return
    with pytest.raises(expected) as refusal:
        acting_side(row, step, actor)
    assert type(refusal.value) is expected


def test_a_stranger_finds_nothing_and_the_system_stands_alone() -> None:
    row = a_row()
    stranger = an_actor(ASK, ANSWER, FOLLOW)
    assert sides_of(row, stranger) == frozenset()
    with pytest.raises(NotFound):
        acting_side(row, "accept", stranger)
    assert acting_side(row, "expire", SYSTEM) is SYSTEM_SIDE


def test_one_institution_may_stand_on_two_sides() -> None:
    here = new_id()
    row = a_row(kind_code=DRAFTED.code, requester_institution_id=here, performer_institution_id=here)
    answerer = an_actor(ANSWER, institution_id=here)
    assert sides_of(row, answerer) == {REQUESTER, PERFORMER}
    assert acting_side(row, "finish", answerer) is PERFORMER
    assert acting_side(row, "finish", replace(answerer, permissions=frozenset({ASK}))) is REQUESTER


# --- what comes with a step ------------------------------------------------------------------------------
def test_a_step_sets_only_the_holders_it_lists() -> None:
    ward, person = new_id(), new_id()
    assert addresses_in(ERRAND, "assign", {"performer_department_id": ward, "bed_id": 1}) == {
        "performer_department_id": ward
    }
    with pytest.raises(ValueError, match="does not set"):
        addresses_in(ERRAND, "accept", {"performer_staff_id": person})


def test_a_fingerprint_tells_one_wish_from_another() -> None:
    bed = new_id()
    first = digest("accept", {"bed_id": bed, "comment": "心内"})
    assert digest("accept", {"comment": "心内", "bed_id": bed}) == first
    assert digest("accept", {"bed_id": new_id(), "comment": "心内"}) != first
    assert digest("decline", {"bed_id": bed, "comment": "心内"}) != first


# --- ways back -------------------------------------------------------------------------------------------
ACCEPT, UNDO = ("accept", PERFORMER), ("undo_accept", PERFORMER)
WAY_BACK = ERRAND.workflow.find("accepted", "undo_accept")


def test_a_way_back_takes_back_the_last_change_of_state() -> None:
    assert WAY_BACK is not None
    accept = undone(WAY_BACK, a_log(ACCEPT))
    assert accept is not None
    assert accept.seq == 2
    again = undone(WAY_BACK, a_log(ACCEPT, UNDO, ACCEPT))
    assert again is not None
    assert again.seq == 4
    stayed = undone(WAY_BACK, a_log(ACCEPT, ("assign", PERFORMER)))
    assert stayed is not None
    assert stayed.seq == 2, "a step that stays is no change of state"


def test_a_way_back_never_loses_something_newer() -> None:
    assert WAY_BACK is not None
    with pytest.raises(Conflict, match="新的进展"):
        undone(WAY_BACK, a_log())
    elsewhere = replace(a_log(ACCEPT)[1], from_state="returned")
    with pytest.raises(Conflict, match="新的进展"):
        undone(WAY_BACK, [a_log()[0], elsewhere])


def test_a_way_back_resumes_the_wait_it_interrupted() -> None:
    log = a_log(("return", PERFORMER), ("supply", REQUESTER), ACCEPT)
    supplied, accept = log[2], log[3]
    assert resumed_at(log, accept) == supplied.at


def test_a_stale_page_hears_who_did_what_and_not_what_the_clock_noted() -> None:
    log = a_log(ACCEPT)
    alert = replace(
        log[1], seq=3, nature=Nature.ALERT, step="overdue", from_state="accepted", to_state="accepted"
    )
    since = steps_since([*log, alert], 1)
    assert [event.seq for event in since] == [2]
    assert steps_since([*log, alert], 2) == []
    assert stale(ERRAND, since).text() == "李秀萍（县人民医院）刚办了「接收」，请看过新的内容再办"


# --- histories -------------------------------------------------------------------------------------------
WHOLE = a_log(ACCEPT, UNDO, ACCEPT, ("assign", PERFORMER), ("arrive", PERFORMER), ("report", PERFORMER))

PLANTED: dict[str, tuple[Callable[[list[Logged]], list[Logged]], str]] = {
    "an event is missing": (lambda log: [*log[:3], *log[4:]], "not numbered"),
    "an event is missing and the rest renumbered": (
        lambda log: [*log[:3], *(replace(event, seq=event.seq - 1) for event in log[4:])],
        "starts from accepted, the handoff was in sent",
    ),
    "a state was skipped": (
        lambda log: [*log[:3], replace(log[3], to_state="in_care"), *log[4:]],
        "is not in the table",
    ),
    "the wrong side took it": (
        lambda log: [*log[:3], replace(log[3], side=REQUESTER), *log[4:]],
        "by requester from sent to accepted is not in the table",
    ),
    "a way back that names nothing": (
        lambda log: [*log[:2], replace(log[2], undoes=None), *log[3:]],
        "takes back event None",
    ),
    "an alert that moved": (
        lambda log: [*log[:3], replace(log[3], nature=Nature.ALERT), *log[4:]],
        "of nature alert changed the state",
    ),
    "opened twice": (
        lambda log: [*log[:3], replace(log[3], nature=Nature.OPENED), *log[4:]],
        "only the first event opens",
    ),
    "opened in the middle": (
        lambda log: [replace(log[0], to_state="accepted"), *log[1:]],
        "opens with open into accepted",
    ),
    "nothing at all": (lambda _: [], "with 0 events"),
}


def test_a_path_of_the_table_is_whole() -> None:
    assert history_faults(ERRAND, WHOLE, state="reported", revision=len(WHOLE)) == []


@pytest.mark.parametrize(("plant", "says"), PLANTED.values(), ids=PLANTED)
def test_a_planted_fault_is_found(plant: Callable[[list[Logged]], list[Logged]], says: str) -> None:
    faults = history_faults(ERRAND, plant(WHOLE), state="reported", revision=len(WHOLE))
    assert says in "\n".join(faults)


def test_a_handoff_that_moved_without_an_event_is_found() -> None:
    assert history_faults(ERRAND, WHOLE, state="closed", revision=len(WHOLE)) == [
        "the log ends in reported, the handoff is in closed"
    ]
    assert history_faults(ERRAND, WHOLE, state="reported", revision=len(WHOLE) + 1) == [
        "revision 8 with 7 events"
    ]
