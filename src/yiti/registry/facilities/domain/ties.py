"""How two institutions are tied on a day, seen from the one that asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from yiti.kernel.text import N_
from yiti.registry.facilities.domain.kinds import AllianceKind, MemberRole


class TieKind(StrEnum):
    """The strongest tie, strongest first."""

    OWN = "own"
    MANAGED = "managed"
    HEAD = "head"
    SPECIALISED_HEAD = "specialised_head"
    MEMBER = "member"
    SUPPORT = "support"
    ALLIANCE = "alliance"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Tie:
    """The strongest tie to another institution, and how to say it."""

    kind: TieKind
    zh: str


@dataclass(frozen=True, slots=True)
class AllianceTie:
    """An alliance somebody is in: its kind, and whether this side gives (`is_lead`)."""

    name: str
    kind: AllianceKind
    is_lead: bool


@dataclass(frozen=True, slots=True)
class Party:
    """One side of a tie. `head_alliances` are those of the head of its consortium."""

    institution_id: UUID
    managed_by_id: UUID | None = None
    consortium_id: UUID | None = None
    role: MemberRole | None = None
    alliances: Mapping[UUID, AllianceTie] = field(default_factory=dict)
    head_alliances: Mapping[UUID, AllianceTie] = field(default_factory=dict)


def compute_tie(one: Party, other: Party) -> Tie:
    """The tie of `other` as `one` sees it. A supporting hospital of the head supports every member."""
    if one.institution_id == other.institution_id:
        return Tie(TieKind.OWN, N_("本院"))
    if other.managed_by_id == one.institution_id or one.managed_by_id == other.institution_id:
        return Tie(TieKind.MANAGED, N_("镇村一体"))
    if one.consortium_id is not None and one.consortium_id == other.consortium_id:
        return _inside(other.role)
    return _beside(one, other)


def _inside(role: MemberRole | None) -> Tie:
    if role is MemberRole.HEAD:
        return Tie(TieKind.HEAD, role.zh)
    if role is MemberRole.SPECIALISED_HEAD:
        return Tie(TieKind.SPECIALISED_HEAD, role.zh)
    return Tie(TieKind.MEMBER, (role or MemberRole.MEMBER).zh)


def _beside(one: Party, other: Party) -> Tie:
    reachable = {**one.head_alliances, **one.alliances}
    shared = [tie for key, tie in other.alliances.items() if key in reachable]
    if any(tie.kind is AllianceKind.SUPPORT and tie.is_lead for tie in shared):
        return Tie(TieKind.SUPPORT, N_("支援医院"))
    own = [tie for key, tie in other.alliances.items() if key in one.alliances]
    if own:
        return Tie(TieKind.ALLIANCE, own[0].name)
    return Tie(TieKind.NONE, N_("无协议"))
