"""The rules of moving a handoff, without any database: used by the engine, the generator and tests."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from yiti.kernel.actor import Actor
from yiti.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted, StaleRevision
from yiti.kernel.text import N_
from yiti.kernel.workflow import Side, Step
from yiti.spine.handoffs.domain.kinds import ADDRESSES, HandoffKind
from yiti.spine.handoffs.domain.rows import HandoffRow, Logged, sides_of
from yiti.spine.handoffs.domain.words import OPEN, Nature

Details = Mapping[str, Any]


def next_state(kind: HandoffKind, state: str, step: str, side: Side, details: Details) -> str:
    """The state that `step`, taken by `side`, leads to.

    Raises NotFound for a step the kind does not have, NotPermitted when it is another side's,
    Conflict (with the present state in words) when it does not lead out of this state, InvalidInput
    (field named) when a needed detail is missing.
    """
    if not kind.sides_of(step):
        raise NotFound
    if side not in kind.sides_of(step):
        raise NotPermitted(f"{kind.code}:{step}")
    found = kind.workflow.find(state, step)
    if found is None or side not in found.by:
        raise Conflict(N_("现在是「{state}」，这一步不能再办"), state=kind.states[state].label)
    for name in found.needs:
        if details.get(name) in (None, ""):
            raise InvalidInput(N_("还差一项，补上再办"), field=name)
    return found.target


def acting_side(row: HandoffRow, step: str, actor: Actor) -> Side:
    """The side on which the actor takes this step.

    Raises NotFound for a stranger or a step the kind does not have, NotPermitted when the step is
    another side's or the actor lacks the permission.
    """
    theirs = sides_of(row, actor)
    able = [side for side in Side if side in theirs & row.kind.sides_of(step)]
    if not theirs or not row.kind.sides_of(step):
        raise NotFound
    if not able:
        raise NotPermitted(f"{row.kind_code}:{step}")
    needed = [permission_for(row, step, side) for side in able]
    allowed = [side for side, permission in zip(able, needed, strict=True) if actor.can(permission)]
    if not allowed:
        raise NotPermitted(needed[0])
    return allowed[0]


def permission_for(row: HandoffRow, step: str, side: Side) -> str:
    """What it takes to do this step on that side; the requester's own permission is enough to enter
    what a performer outside the system did."""
    stands_in = side is Side.PERFORMER and row.performer_external
    return row.kind.permissions[Side.REQUESTER] if stands_in else row.kind.permission(step, side)


def addresses_in(kind: HandoffKind, step: str, details: Details) -> dict[str, Any]:
    """The details that name who holds a side. Raises ValueError for one the step does not set."""
    given = {name: details[name] for name in ADDRESSES if name in details}
    if stray := set(given) - kind.steps[step].sets:
        raise ValueError(f"{kind.code}: {step} does not set {sorted(stray)}")
    return given


def digest(step: str, details: Details) -> str:
    """A fingerprint of what was asked, so that a repeat is told from another wish at the same revision."""
    words = json.dumps([step, dict(details)], sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(words.encode()).hexdigest()


def steps_since(log: Sequence[Logged], revision: int) -> list[Logged]:
    """What people have done since a page showed that revision; what only the clock noted is left out."""
    return [event for event in log if event.seq > revision and event.nature is Nature.STEP]


def resumed_at(log: Sequence[Logged], taken_back: Logged) -> datetime:
    """When the wait began that a way back resumes: the clock goes on, it does not start anew."""
    entered = (e for e in log if e.changes_state and e.to_state == taken_back.from_state)
    return max(event.at for event in entered if event.seq < taken_back.seq)


def undone(step: Step, log: Sequence[Logged]) -> Logged | None:
    """The event that a way back takes back: the last change of state; None for an ordinary step.

    Raises Conflict when the last change of state was another one, so that nothing newer is lost.
    """
    if step.undoes is None:
        return None
    last = next((event for event in reversed(log) if event.changes_state), None)
    if last is None or last.step != step.undoes or last.from_state != step.target:
        raise Conflict(N_("后面已有新的进展，不能撤回了"))
    return last


def stale(kind: HandoffKind, since: Sequence[Logged]) -> StaleRevision:
    """The refusal that tells who has done what since the page was opened."""
    last = since[-1]
    return StaleRevision(
        N_("{who}（{place}）刚办了「{what}」，请看过新的内容再办"),
        who=last.user_name,
        place=last.institution_name,
        what=kind.steps[last.step].title,
    )


def history_faults(kind: HandoffKind, log: Sequence[Logged], *, state: str, revision: int) -> list[str]:
    """Every way in which a log is not a path of the table that ends in `state` (reliability.md I8).

    `log` is in order of `seq`. An empty list means the history is whole.
    """
    faults = [] if len(log) == revision else [f"revision {revision} with {len(log)} events"]
    if [event.seq for event in log] != list(range(1, len(log) + 1)):
        faults.append("events are not numbered 1, 2, 3, …")
    here = ""
    for position, event in enumerate(log):
        found = _event_faults(kind, log[:position], event, here)
        faults += [f"event {event.seq}: {fault}" for fault in found]
        here = event.to_state
    return faults if here == state else [*faults, f"the log ends in {here}, the handoff is in {state}"]


def _event_faults(kind: HandoffKind, before: Sequence[Logged], event: Logged, here: str) -> Iterator[str]:
    if event.from_state != here:
        yield f"starts from {event.from_state}, the handoff was in {here}"
    if (event.nature is Nature.OPENED) != (not before):
        yield "only the first event opens"
    if event.nature is Nature.OPENED:
        if event.step != OPEN or event.to_state not in kind.entries:
            yield f"opens with {event.step} into {event.to_state}"
    elif event.nature is Nature.STEP:
        yield from _step_faults(kind, before, event)
    elif event.changes_state:
        yield f"an event of nature {event.nature} changed the state"


def _step_faults(kind: HandoffKind, before: Sequence[Logged], event: Logged) -> Iterator[str]:
    step = kind.workflow.find(event.from_state, event.step)
    if step is None or step.target != event.to_state or event.side not in step.by:
        yield f"{event.step} by {event.side} from {event.from_state} to {event.to_state} is not in the table"
        return
    try:
        taken_back = undone(step, before)
    except Conflict:
        yield f"{event.step} takes back what was not the last change"
        return
    if event.undoes != (taken_back.seq if taken_back else None):
        yield f"says it takes back event {event.undoes}"
