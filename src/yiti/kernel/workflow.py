"""Transition tables: the life of a handoff as data.

A room declares its table once; the handoff engine is the only thing that walks it, and every
screen shows the steps the engine says are open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Side(StrEnum):
    """Who may take a step (FHIR Task: requester, owner; NHS e-RS: referrer, provider)."""

    REQUESTER = "requester"  # 发起方
    PERFORMER = "performer"  # 承接方
    FOLLOWER = "follower"  # 随访方: the village doctor named for the way home
    SYSTEM = "system"  # 系统


@dataclass(frozen=True, slots=True)
class RuleRef:
    """A time limit by name; the number stands in the rulebook, never in code."""

    key: str


def rule(key: str) -> RuleRef:
    """Refer to a rule of the rulebook by its key, e.g. `rule("referral.answer_limit")`."""
    return RuleRef(key)


@dataclass(frozen=True, slots=True)
class Step:
    """One row of a transition table.

    `needs` are the names of details that must come with the step; `after` makes it a step of the
    clock (only with `by=SYSTEM`); `undoes` marks the way back of another step.
    """

    name: str
    sources: frozenset[str]
    target: str
    by: frozenset[Side]
    needs: tuple[str, ...] = ()
    after: RuleRef | None = None
    undoes: str | None = None


def step(  # noqa: PLR0913  a row of a table has seven cells
    name: str,
    sources: Iterable[str],
    target: str,
    *,
    by: Side | Iterable[Side],
    needs: tuple[str, ...] = (),
    after: RuleRef | None = None,
    undoes: str | None = None,
) -> Step:
    """Declare one transition. Raises ValueError for a clock step that is not the system's."""
    sides = frozenset({by}) if isinstance(by, Side) else frozenset(by)
    if after is not None and sides != {Side.SYSTEM}:
        raise ValueError(f"{name}: only the system waits for a clock")
    return Step(name, frozenset(sources), target, sides, needs, after, undoes)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What an open state waits for: whose turn it is, and the rule that limits the wait."""

    side: Side
    limit: RuleRef | None = None


@dataclass(frozen=True)
class Workflow:
    """A checked transition table. Build it with `workflow()`.

    `initial` is where a handoff starts; `entries` are further states it may start in instead (a
    referral that needs no approval starts past it).
    """

    initial: str
    steps: tuple[Step, ...]
    waits: Mapping[str, Waiting]
    entries: tuple[str, ...] = ()
    _by_key: dict[tuple[str, str], Step] = field(repr=False, default_factory=dict)

    @property
    def states(self) -> frozenset[str]:
        """Every state the table names."""
        named = {self.initial, *(s.target for s in self.steps)}
        return frozenset(named.union(*(s.sources for s in self.steps)))

    @property
    def open_states(self) -> frozenset[str]:
        """States that wait for somebody; all others are final."""
        return frozenset(self.waits)

    def is_final(self, state: str) -> bool:
        """Whether nothing more is awaited in this state."""
        return state not in self.waits

    def find(self, state: str, name: str) -> Step | None:
        """The step of that name out of that state, or None."""
        return self._by_key.get((state, name))

    def available(self, state: str, side: Side) -> tuple[Step, ...]:
        """The steps that side may take now, in the order of the table."""
        return tuple(s for s in self.steps if state in s.sources and side in s.by)

    def clock_steps(self, state: str) -> tuple[Step, ...]:
        """The steps the clock will take out of this state."""
        return tuple(s for s in self.steps if state in s.sources and s.after is not None)


def workflow(
    initial: str, *steps: Step, waits: Mapping[str, Waiting], entries: tuple[str, ...] = ()
) -> Workflow:
    """Check and freeze a table.

    Raises ValueError when a step is ambiguous (same name out of the same state), a state cannot be
    reached, an entry is no state, an open state has no way out, or a final state has one.
    """
    by_key: dict[tuple[str, str], Step] = {}
    for each in steps:
        for source in each.sources:
            if (source, each.name) in by_key:
                raise ValueError(f"{each.name} from {source} stands twice")
            by_key[source, each.name] = each
    table = Workflow(initial, steps, dict(waits), entries, by_key)
    _ensure_sound(table)
    return table


def _ensure_sound(table: Workflow) -> None:
    reached = {table.initial, *table.entries}
    while True:
        more = {s.target for s in table.steps if s.sources & reached} - reached
        if not more:
            break
        reached |= more
    if lost := table.states - reached:
        raise ValueError(f"never reached: {sorted(lost)}")
    if set(table.entries) - table.states:
        raise ValueError(f"enters unknown states: {sorted(set(table.entries) - table.states)}")
    if unknown := set(table.waits) - table.states:
        raise ValueError(f"waits for unknown states: {sorted(unknown)}")
    leaving = {source for s in table.steps for source in s.sources}
    if stuck := set(table.waits) - leaving:
        raise ValueError(f"no way out of {sorted(stuck)}")
    reopening = {source for s in table.steps if s.undoes is None for source in s.sources} - table.open_states
    if reopening:
        raise ValueError(f"only a way back may leave a final state: {sorted(reopening)}")
