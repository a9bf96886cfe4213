"""The two transition tables: what they promise the sender, the receiver and the person."""

from __future__ import annotations

import pytest

from yiti.care.referrals.domain import DOWN, UP, Down, Up
from yiti.kernel.workflow import Side

_ENDS = {Up.CLOSED, Up.DECLINED, Up.CANCELLED, Up.EXPIRED, Up.NO_SHOW, Up.DIED}
_DOWN_ENDS = {Down.CLOSED, Down.DECLINED, Down.CANCELLED, Down.DIED}


def test_every_state_stands_in_its_table() -> None:
    assert UP.states == set(Up)
    assert DOWN.states == set(Down)
    assert UP.open_states == set(Up) - _ENDS
    assert DOWN.open_states == set(Down) - _DOWN_ENDS


def test_a_referral_starts_before_approval_or_past_it() -> None:
    assert (UP.initial, UP.entries) == (Up.SUBMITTED, (Up.SENT,))
    assert (DOWN.initial, DOWN.entries) == (Down.SENT, ())


@pytest.mark.parametrize("state", sorted(UP.open_states))
def test_a_death_ends_a_way_up_wherever_it_stands(state: str) -> None:
    found = UP.find(state, "die")
    assert found is not None
    assert found.target == Up.DIED
    assert found.by == {Side.SYSTEM}


@pytest.mark.parametrize("state", sorted(DOWN.open_states))
def test_a_death_ends_a_way_down_wherever_it_stands(state: str) -> None:
    assert DOWN.find(state, "die") is not None


@pytest.mark.parametrize(
    ("name", "state", "target"),
    [
        ("undo_accept", Up.ACCEPTED, Up.SENT),
        ("undo_arrive", Up.ARRIVED, Up.IN_TRANSIT),
        ("undo_walk_in", Up.ARRIVED, Up.ACCEPTED),
    ],
)
def test_a_way_back_leads_to_where_it_came_from(name: str, state: str, target: str) -> None:
    back = UP.find(state, name)
    assert back is not None
    assert back.undoes is not None
    forth = UP.find(target, back.undoes)
    assert back.target == target
    assert forth is not None
    assert forth.target == state


def test_nobody_moves_a_person_without_the_other_side() -> None:
    """Lessons from peers (d) 1: the sender cannot accept, the receiver cannot withdraw."""
    for state in sorted(UP.open_states - {Up.OUTCOME_SENT}):
        asked = {step.name for step in UP.available(state, Side.REQUESTER)}
        answered = {step.name for step in UP.available(state, Side.PERFORMER)}
        assert asked & answered == set()
    assert {step.name for step in UP.available(Up.SENT, Side.REQUESTER)} == {"cancel"}
    assert "cancel" not in {step.name for step in UP.steps if Side.PERFORMER in step.by}


@pytest.mark.parametrize("state", [Up.SENT, Up.RETURNED])
def test_only_an_unanswered_referral_expires(state: str) -> None:
    assert [step.name for step in UP.clock_steps(state)] == ["expire"]


def test_nothing_expires_once_it_was_accepted() -> None:
    answered = UP.open_states - {Up.SENT, Up.RETURNED}
    assert {state for state in answered if UP.clock_steps(state)} == set()


def test_the_system_sends_an_outcome_and_closes_but_answers_nothing() -> None:
    taken = {step.name for step in UP.steps if Side.SYSTEM in step.by}
    assert taken == {"send_outcome", "close", "expire", "die"}
