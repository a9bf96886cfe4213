"""Where to send a person: candidates in, a ranked list out, each place with the parts of its score.

Every part is a whole number of points named by a rule `referral.target.*`, and the score is their sum
and nothing else (decision 33): what ranks a place is what the screen shows beside it. A place that
cannot take the person is not ranked at all but named with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from enum import StrEnum
from uuid import UUID

from yiti.kernel.display import duration_text
from yiti.kernel.text import N_, Phrase


class Ability(StrEnum):
    """What the capability directory says of a place for the diagnosis."""

    KEEP = "keep"
    LIMITED = "limited"
    REFER = "refer"
    UNKNOWN = "unknown"


class Bond(StrEnum):
    """How a place is tied to the sender, as far as points are given for it."""

    HEAD = "head"
    MEMBER = "member"
    ALLIANCE = "alliance"
    NONE = "none"


class PartKind(StrEnum):
    """What a part of the score is about, for its icon."""

    ABILITY = "ability"
    BEDS = "beds"
    TRAVEL = "travel"
    BOND = "bond"
    APPROVAL = "approval"


class Tone(StrEnum):
    """How a reason shows: good (green), plain, or mind this (amber)."""

    GOOD = "good"
    PLAIN = "plain"
    MIND = "mind"


@dataclass(frozen=True, slots=True)
class Weights:
    """Points by rule `referral.target.<field>`; `worst_travel_minutes` is the way that earns none."""

    capability: int
    capability_limited: int
    free_bed: int
    bed_unknown: int
    travel: int
    worst_travel_minutes: int
    consortium_head: int
    consortium_member: int
    alliance: int


WEIGHTS = tuple(field.name for field in fields(Weights))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place as the finder looks at it.

    `department_id` is its department for the wanted specialty, None where it names none;
    `has_specialty` is false where it names departments but not that one. `free_beds` None: unknown.
    `approval` names who must agree first, "" for nobody.
    """

    institution_id: UUID
    name: str
    level: str
    department_id: UUID | None
    department_name: str
    has_specialty: bool
    ability: Ability
    condition: str
    free_beds: int | None
    monitored_free: int
    km: float | None
    minutes: int | None
    bond: Bond
    bond_zh: str
    level_rank: int
    approval: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One reason with its points; the points of all parts are the score."""

    kind: PartKind
    points: int
    text: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class Ranked:
    """A place that can take the person; `is_best` for the first of the list."""

    candidate: Candidate
    parts: tuple[Part, ...]
    is_best: bool = False

    @property
    def score(self) -> int:
        """The sum of the points shown."""
        return sum(part.points for part in self.parts)


@dataclass(frozen=True, slots=True)
class Unsuitable:
    """A place that cannot take the person, and why: `不收：没有心血管内科`."""

    candidate: Candidate
    why: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Suitable places, best first, and the others in the same order."""

    ranked: tuple[Ranked, ...]
    unsuitable: tuple[Unsuitable, ...]


def find_targets(candidates: Iterable[Candidate], weights: Weights, *, specialty: str) -> Finding:
    """Rank the places for a diagnosis; `specialty` is the wanted department in words.

    Equal scores: the shorter way first, then the higher level, then the id, so that the order is stated.
    """
    ranked: list[Ranked] = []
    unsuitable: list[Unsuitable] = []
    for candidate in candidates:
        if why := _refusal(candidate, specialty):
            unsuitable.append(Unsuitable(candidate, why))
        else:
            ranked.append(Ranked(candidate, _parts(candidate, weights)))
    ranked.sort(key=lambda each: (-each.score, *_order(each.candidate)))
    unsuitable.sort(key=lambda each: _order(each.candidate))
    first = tuple(Ranked(each.candidate, each.parts, is_best=True) for each in ranked[:1])
    return Finding((*first, *ranked[1:]), tuple(unsuitable))


def _order(candidate: Candidate) -> tuple[float, int, UUID]:
    way = float("inf") if candidate.minutes is None else candidate.minutes
    return way, -candidate.level_rank, candidate.institution_id


def _refusal(candidate: Candidate, specialty: str) -> str:
    if candidate.ability is Ability.REFER:
        return N_("不收：收治目录里这个病应转出")
    if specialty and not candidate.has_specialty:
        return Phrase(N_("不收：没有{specialty}"), specialty=specialty)
    if candidate.free_beds == 0:
        return Phrase(N_("不收：{department}没有空床"), department=candidate.department_name or N_("本院"))
    return ""


def _parts(candidate: Candidate, weights: Weights) -> tuple[Part, ...]:
    parts = [_ability(candidate, weights), _beds(candidate, weights)]
    parts += [_travel(candidate, weights), _bond(candidate, weights)]
    if candidate.approval:
        parts.append(Part(PartKind.APPROVAL, 0, candidate.approval, Tone.MIND))
    return tuple(parts)


def _ability(candidate: Candidate, weights: Weights) -> Part:
    if candidate.ability is Ability.KEEP:
        return Part(PartKind.ABILITY, weights.capability, N_("能收治"), Tone.GOOD)
    if candidate.ability is Ability.LIMITED:
        text = candidate.condition or N_("有条件收治")
        return Part(PartKind.ABILITY, weights.capability_limited, text, Tone.MIND)
    return Part(PartKind.ABILITY, 0, candidate.condition or N_("未列入收治目录，请先致电"), Tone.MIND)


def _beds(candidate: Candidate, weights: Weights) -> Part:
    if candidate.free_beds is None:
        return Part(PartKind.BEDS, weights.bed_unknown, N_("空床 未知，须致电"), Tone.PLAIN)
    text = Phrase(N_("空床 {n}"), n=candidate.free_beds)
    if candidate.monitored_free:
        text = Phrase(N_("空床 {n}（监护 {m}）"), n=candidate.free_beds, m=candidate.monitored_free)
    return Part(PartKind.BEDS, weights.free_bed, text, Tone.GOOD)


def _travel(candidate: Candidate, weights: Weights) -> Part:
    """Full points at the door, none from `worst_travel_minutes` on, evenly between, rounded down."""
    if candidate.minutes is None or candidate.km is None:
        return Part(PartKind.TRAVEL, 0, N_("路程 未知"), Tone.PLAIN)
    left = max(0, weights.worst_travel_minutes - candidate.minutes)
    points = weights.travel * left // weights.worst_travel_minutes
    km = f"{candidate.km:.1f}" if candidate.km < 10 else f"{candidate.km:.0f}"
    text = Phrase(N_("{km} km，{time}"), km=km, time=duration_text(candidate.minutes))
    far = candidate.minutes * 2 > weights.worst_travel_minutes
    return Part(PartKind.TRAVEL, points, text, Tone.MIND if far else Tone.PLAIN)


def _bond(candidate: Candidate, weights: Weights) -> Part:
    points = {
        Bond.HEAD: weights.consortium_head,
        Bond.MEMBER: weights.consortium_member,
        Bond.ALLIANCE: weights.alliance,
        Bond.NONE: 0,
    }[candidate.bond]
    return Part(PartKind.BOND, points, candidate.bond_zh, Tone.GOOD if points else Tone.PLAIN)
