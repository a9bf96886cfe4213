"""Transition tables: what a sound one answers, and each way to be unsound."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

from yiti.kernel.workflow import RuleRef, Side, Step, Waiting, Workflow, rule, step, workflow

SENT, ACCEPTED, DONE, DECLINED, EXPIRED = "sent", "accepted", "done", "declined", "expired"
LIMIT = rule("tea.answer_limit")

ACCEPT = step("accept", {SENT}, ACCEPTED, by=Side.PERFORMER, needs=("cup_id",))
DECLINE = step("decline", {SENT}, DECLINED, by=Side.PERFORMER, needs=("reason_code",))
FINISH = step("finish", {ACCEPTED}, DONE, by={Side.REQUESTER, Side.PERFORMER})
EXPIRE = step("expire", {SENT}, EXPIRED, by=Side.SYSTEM, after=LIMIT)
REOPEN = step("undo_decline", {DECLINED}, SENT, by=Side.PERFORMER, undoes="decline")
WAITS = {SENT: Waiting(Side.PERFORMER, LIMIT), ACCEPTED: Waiting(Side.REQUESTER)}


def a_table(*steps: Step, waits: dict[str, Waiting] | None = None) -> Workflow:
    """A cup of tea: asked for, accepted or declined, drunk."""
    return workflow(
        SENT, *(steps or (ACCEPT, DECLINE, FINISH, EXPIRE, REOPEN)), waits=WAITS if waits is None else waits
    )


def test_states_are_all_that_the_table_names() -> None:
    assert a_table().states == {SENT, ACCEPTED, DONE, DECLINED, EXPIRED}


def test_open_states_are_those_that_wait() -> None:
    table = a_table()
    assert table.open_states == {SENT, ACCEPTED}
    assert [table.is_final(state) for state in (SENT, ACCEPTED, DONE, DECLINED)] == [False, False, True, True]


def test_a_step_is_found_by_state_and_name_only() -> None:
    table = a_table()
    assert table.find(SENT, "accept") is ACCEPT
    assert table.find(ACCEPTED, "accept") is None
    assert table.find(SENT, "finish") is None


@pytest.mark.parametrize(
    ("state", "side", "names"),
    [
        (SENT, Side.PERFORMER, ["accept", "decline"]),
        (SENT, Side.REQUESTER, []),
        (SENT, Side.SYSTEM, ["expire"]),
        (ACCEPTED, Side.REQUESTER, ["finish"]),
        (ACCEPTED, Side.PERFORMER, ["finish"]),
        (ACCEPTED, Side.FOLLOWER, []),
        (DECLINED, Side.PERFORMER, ["undo_decline"]),
        (DONE, Side.PERFORMER, []),
    ],
)
def test_each_side_has_its_steps_in_the_order_of_the_table(state: str, side: Side, names: list[str]) -> None:
    assert [each.name for each in a_table().available(state, side)] == names


def test_the_clock_takes_only_its_own_steps() -> None:
    assert a_table().clock_steps(SENT) == (EXPIRE,)
    assert a_table().clock_steps(ACCEPTED) == ()
    assert EXPIRE.after == RuleRef("tea.answer_limit")


def test_one_side_or_several_may_take_a_step() -> None:
    assert ACCEPT.by == {Side.PERFORMER}
    assert FINISH.by == {Side.REQUESTER, Side.PERFORMER}


def test_sources_may_be_any_iterable() -> None:
    assert step("cancel", iter([SENT, ACCEPTED]), DONE, by=Side.REQUESTER).sources == {SENT, ACCEPTED}


@pytest.mark.parametrize(
    "by", [Side.PERFORMER, {Side.SYSTEM, Side.PERFORMER}, ()], ids=["one side", "with another side", "nobody"]
)
def test_only_the_system_waits_for_a_clock(by: Side | Iterable[Side]) -> None:
    with pytest.raises(ValueError, match="expire: only the system waits for a clock"):
        step("expire", {SENT}, EXPIRED, by=by, after=LIMIT)


@pytest.mark.parametrize(
    ("build", "complaint"),
    [
        pytest.param(
            lambda: a_table(ACCEPT, FINISH, step("accept", {SENT}, DONE, by=Side.PERFORMER)),
            "accept from sent stands twice",
            id="ambiguous step",
        ),
        pytest.param(
            lambda: a_table(ACCEPT, FINISH, step("mend", {"broken"}, DONE, by=Side.PERFORMER)),
            r"never reached: \['broken'\]",
            id="a state without a way in",
        ),
        pytest.param(
            lambda: a_table(
                ACCEPT,
                FINISH,
                step("there", {"a"}, "b", by=Side.PERFORMER),
                step("back", {"b"}, "a", by=Side.PERFORMER),
            ),
            r"never reached: \['a', 'b'\]",
            id="an island",
        ),
        pytest.param(
            lambda: a_table(ACCEPT, FINISH, waits={**WAITS, "sennt": Waiting(Side.PERFORMER)}),
            r"waits for unknown states: \['sennt'\]",
            id="a wait for a misspelt state",
        ),
        pytest.param(
            lambda: a_table(ACCEPT, FINISH, waits={**WAITS, DONE: Waiting(Side.REQUESTER)}),
            r"no way out of \['done'\]",
            id="an open state without a way out",
        ),
        pytest.param(
            lambda: a_table(ACCEPT, FINISH, waits={SENT: Waiting(Side.PERFORMER)}),
            r"only a way back may leave a final state: \['accepted'\]",
            id="a final state with a way on",
        ),
    ],
)
def test_an_unsound_table_is_refused(build: Callable[[], Workflow], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        build()


def test_a_way_back_may_leave_a_final_state() -> None:
    assert a_table().find(DECLINED, "undo_decline") is REOPEN


def test_a_table_does_not_follow_later_changes_of_its_waits() -> None:
    waits = dict(WAITS)
    table = a_table(waits=waits)
    waits.clear()
    assert table.open_states == {SENT, ACCEPTED}
