"""A kind of handoff: its transition table, its words, its permissions. Rooms declare one and register it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from yiti.kernel.actor import Actor
from yiti.kernel.errors import NotFound
from yiti.kernel.text import N_
from yiti.kernel.workflow import Side, Step, Waiting, Workflow
from yiti.spine.handoffs.domain.words import URGE_TITLE, Alert, Direction, Fact, Look, Nature

ADDRESSES = (
    "requester_department_id",
    "requester_staff_id",
    "performer_institution_id",
    "performer_department_id",
    "performer_staff_id",
    "performer_external",
    "follower_institution_id",
    "follower_staff_id",
)
"""Details that name who holds a side. The engine itself keeps them; a step lists those it may `set`."""

COMMENT = "comment"  # detail: what the person wrote, kept with the event
REMARK = "remark"  # detail: the room's own second line in the time line, such as 留 12 床
DUE = "due_at"  # detail: an agreed moment by which the next wait ends, instead of the rule's limit


@dataclass(frozen=True, slots=True)
class StateFace:
    """How a state shows.

    `due` replaces the words of the clock while the wait is in time; `{time}` in it is the moment it
    ends (`预计 {time} 到`). `at_desk`: the performer's desk as a whole holds it, though a department
    is named (a referral centre answers for the wards). `permission` is what those need whose turn it
    is, where it is not the side's (a ward admits, a referral centre answers).
    """

    label: str
    look: Look
    due: str = ""
    at_desk: bool = False
    permission: str = ""


@dataclass(frozen=True, slots=True)
class StepFace:
    """How a step shows and who may take it.

    `label` is the button (verb + object), `done` the title in the time line (the label if empty).
    `consequence` makes it a step that cannot be undone, so that it is asked once, with this sentence.
    `permission` overrides the side's. `sets` are the `ADDRESSES` it may change. `url_name` is the
    room's own dialog for it (`as_page`: a whole page), called with the handoff's id; without one the
    general form serves.
    """

    label: str
    done: str = ""
    primary: bool = False
    consequence: str = ""
    permission: str = ""
    sets: frozenset[str] = frozenset()
    url_name: str = ""
    as_page: bool = False

    @property
    def title(self) -> str:
        """The words of the time line."""
        return self.done or self.label


@dataclass(frozen=True, slots=True)
class Tab:
    """A named group of states in the work list. Kinds that share a key share the tab."""

    key: str
    label: str
    states: frozenset[str]


@dataclass(frozen=True, slots=True)
class Destination:
    """Where the person goes when the performer only acts for that place; `department` may be ""."""

    name: str
    level: str
    department: str = ""


def _with_the_performer(_performers: Mapping[UUID, UUID | None]) -> Mapping[UUID, Destination]:
    return {}


@dataclass(frozen=True)
class HandoffKind:
    """Everything the engine and the lists need to know of a kind.

    `code` is stable once published (`referral.up`); `prefix` begins its numbers. `permissions` say
    what each side needs. In `private` states (a draft, a wait for approval at home) only the
    requester's side sees it. `between_institutions`: the two sides are never one institution.
    `on_death` is the system's step when the person dies; without one the log keeps the fact.
    `opened` is the title of the first line of the time line. `hear` gives a kept remark of the room back
    as the phrase it was made as. Of handoffs with their performers, `bound_for` says
    by id where the person goes, if elsewhere; in the states of `approval` the performer decides whether
    they go at all.

    Raises ValueError for a kind that does not fit together.
    """

    code: str
    label: str
    prefix: str
    workflow: Workflow
    states: Mapping[str, StateFace]
    steps: Mapping[str, StepFace]
    permissions: Mapping[Side, str]
    tabs: tuple[Tab, ...] = ()
    direction: Direction = Direction.ACROSS
    private: frozenset[str] = frozenset()
    between_institutions: bool = True
    on_death: str = ""
    opened: str = N_("发起")
    hear: Callable[[str], str] = str
    bound_for: Callable[[Mapping[UUID, UUID | None]], Mapping[UUID, Destination]] = _with_the_performer
    approval: frozenset[str] = frozenset()
    _sides: Mapping[str, frozenset[Side]] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        if faults := list(_faults(self)):
            raise ValueError(f"{self.code}: " + "; ".join(faults))
        names = {step.name for step in self.workflow.steps}
        object.__setattr__(self, "_sides", {name: _sides_of(self.workflow, name) for name in names})

    def sides_of(self, step: str) -> frozenset[Side]:
        """The sides that may take a step of that name in some state; none for an unknown name."""
        return self._sides.get(step, frozenset())

    def permission(self, step: str, side: Side) -> str:
        """What somebody of that side needs to take the step."""
        return (side is not Side.SYSTEM and self.steps[step].permission) or self.permissions[side]

    @property
    def entries(self) -> frozenset[str]:
        """The states a handoff of this kind may begin in."""
        return frozenset({self.workflow.initial, *self.workflow.entries})

    def permission_in(self, state: str, side: Side) -> str:
        """What those of a side need to be meant in a state; "" for a side the kind does not have."""
        waiting = self.waiting(state)
        own = self.states[state].permission if waiting and waiting.side is side else ""
        return own or self.permissions.get(side, "")

    def title(self, nature: Nature, step: str) -> str:
        """The words of the time line and the bell for an event."""
        if nature is Nature.ALERT:
            return Alert(step).zh
        if nature is Nature.NOTE:
            return Fact(step).zh
        if nature is Nature.URGED:
            return URGE_TITLE
        return self.opened if nature is Nature.OPENED else self.steps[step].title

    def concerns(self, actor: Actor) -> bool:
        """Whether the actor holds a permission to take part in handoffs of this kind on any side; others
        see how the work stands, not who it is about."""
        return bool(actor.permissions & set(self.permissions.values()))

    def is_final(self, state: str) -> bool:
        """Whether a handoff in this state is closed."""
        return self.workflow.is_final(state)

    def waiting(self, state: str) -> Waiting | None:
        """Whose turn it is in this state, or None when it is final."""
        return self.workflow.waits.get(state)

    @property
    def desk_states(self) -> frozenset[str]:
        """States that the performer's desk holds as a whole."""
        return frozenset(name for name, face in self.states.items() if face.at_desk)


def _sides_of(table: Workflow, name: str) -> frozenset[Side]:
    return frozenset(side for step in table.steps if step.name == name for side in step.by)


def _faults(kind: HandoffKind) -> Iterator[str]:
    table = kind.workflow
    named = {step.name for step in table.steps}
    yield from _mismatch("a face for each state", table.states, kind.states)
    yield from _mismatch("a face for each step", named, kind.steps)
    sides = {Side.REQUESTER, *(side for step in table.steps for side in step.by)}
    yield from _mismatch("a permission for each side", sides, kind.permissions)
    tabs = Counter(state for tab in kind.tabs for state in tab.states)
    if kind.tabs and tabs != Counter(table.open_states):
        yield "each open state stands in exactly one tab"
    if any(_side(kind, state) is not Side.REQUESTER for state in kind.private):
        yield "a private state waits for the requester"
    if any(waiting.side is Side.SYSTEM for waiting in table.waits.values()):
        yield "an open state waits for people"
    for name, face in kind.steps.items():
        if face.sets - set(ADDRESSES):
            yield f"{name} sets unknown addresses"
    if kind.on_death and Side.SYSTEM not in _sides_of(table, kind.on_death):
        yield f"{kind.on_death} is no step of the system"


def _side(kind: HandoffKind, state: str) -> Side | None:
    waiting = kind.waiting(state)
    return waiting.side if waiting else None


def _mismatch(what: str, wanted: Iterable[str], given: Iterable[str]) -> Iterator[str]:
    if difference := set(wanted) ^ set(given):
        yield f"{what}: {sorted(difference)}"


def stay(
    name: str, states: Iterable[str], *, by: Side | Iterable[Side], needs: tuple[str, ...] = ()
) -> tuple[Step, ...]:
    """Steps of one name that leave the state as it is, one for each state: reassign, take, add."""
    sides = frozenset({by}) if isinstance(by, Side) else frozenset(by)
    return tuple(Step(name, frozenset({state}), state, sides, needs) for state in sorted(states))


_kinds: dict[str, HandoffKind] = {}


def register(kind: HandoffKind) -> None:
    """Make a kind known; called from `AppConfig.ready`.

    Raises ValueError when its code or prefix is taken, or a tab means something else elsewhere.
    """
    if _kinds.get(kind.code) is kind:
        return
    for other in _kinds.values():
        if other.code == kind.code or other.prefix == kind.prefix:
            raise ValueError(f"{kind.code} ({kind.prefix}) is registered twice")
        labels = {tab.key: tab.label for tab in other.tabs}
        if clash := [tab.key for tab in kind.tabs if labels.get(tab.key, tab.label) != tab.label]:
            raise ValueError(f"{kind.code} gives tabs another name: {clash}")
    _kinds[kind.code] = kind


def kind(code: str) -> HandoffKind:
    """The kind of that code. Raises NotFound."""
    try:
        return _kinds[code]
    except KeyError:
        raise NotFound from None


def all_kinds() -> tuple[HandoffKind, ...]:
    """Every kind, in order of registration."""
    return tuple(_kinds.values())
