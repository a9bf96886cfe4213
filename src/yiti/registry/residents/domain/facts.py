"""Facts about a person as they are to be written down, and what makes them unfit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from yiti.kernel.errors import InvalidInput
from yiti.kernel.text import N_
from yiti.registry.residents.domain.codes import RiskCode
from yiti.registry.residents.domain.texts import normal_text

LONGEST_REASON = 200
SHORTEST_REASON = 5
HEAD_OF_HOUSEHOLD = "02"  # terminology `relation` (GB/T 4761)
_OLDEST_YEARS = 130


@dataclass(frozen=True, slots=True)
class Noted:
    """Who stated a fact, for which institution, and when."""

    at: datetime
    user_id: UUID
    user_name: str
    institution_id: UUID

    @property
    def columns(self) -> dict[str, Any]:
        """The columns of a fact that say so."""
        return {
            "noted_at": self.at,
            "noted_by": self.user_id,
            "noted_by_name": self.user_name,
            "institution_id": self.institution_id,
        }


@dataclass(frozen=True, slots=True)
class AllergySpec:
    """An allergy. `id` is made by the client. Codes are of terminology allergen, allergy-reaction,
    allergy-severity; `substance_text` names what has no code."""

    id: UUID
    substance_code: str = ""
    substance_text: str = ""
    reaction: str = ""
    severity: str = "unknown"
    onset_year: int | None = None
    note: str = ""


def clean_allergy(spec: AllergySpec, *, on: date) -> AllergySpec:
    """The allergy as stored; codes are checked by the command. Raises InvalidInput."""
    text = normal_text(spec.substance_text, longest=60, field="substance_text")
    if not text and not spec.substance_code:
        raise InvalidInput(N_("请选择或写明对什么过敏"), field="substance_code")
    if spec.onset_year is not None and not on.year - _OLDEST_YEARS <= spec.onset_year <= on.year:
        raise InvalidInput(N_("年份不对，请检查"), field="onset_year")
    return replace(spec, substance_text=text, note=normal_text(spec.note, longest=120, field="note"))


def prepare_allergy(
    person_id: UUID,
    spec: AllergySpec,
    noted: Noted,
    *,
    replaces_id: UUID | None = None,
    is_refuted: bool = False,
) -> dict[str, Any]:
    """A clean allergy as a row."""
    return {
        "id": spec.id,
        "person_id": person_id,
        "substance_code": spec.substance_code,
        "substance_text": spec.substance_text,
        "reaction": spec.reaction,
        "severity": spec.severity,
        "onset_year": spec.onset_year,
        "note": spec.note,
        "is_refuted": is_refuted,
        "replaces_id": replaces_id,
        **noted.columns,
    }


@dataclass(frozen=True, slots=True)
class RiskSpec:
    """A risk mark. `id` is made by the client."""

    id: UUID
    code: RiskCode
    level: str
    since_date: date


def ensure_risk(spec: RiskSpec, *, on: date) -> None:
    """Raise InvalidInput for a level the mark does not have, or a day still to come."""
    if spec.level not in (spec.code.levels or ("",)):
        raise InvalidInput(N_("请选择等级"), field="level")
    if spec.since_date > on:
        raise InvalidInput(N_("开始日期在今天之后，请检查"), field="since_date")


def prepare_risk(person_id: UUID, spec: RiskSpec, noted: Noted) -> dict[str, Any]:
    """A sound risk mark as a row."""
    return {
        "id": spec.id,
        "person_id": person_id,
        "code": spec.code.value,
        "level": spec.level,
        "since_date": spec.since_date,
        "until_date": None,
        **noted.columns,
        "ended_at": None,
        "ended_by": None,
    }


@dataclass(frozen=True, slots=True)
class HouseholdSpec:
    """Who lives with the head: (person, relation to the head by terminology `relation`), without the head.

    `id` is made by the client and only used when the head has no household yet.
    """

    id: UUID
    head_id: UUID
    members: tuple[tuple[UUID, str], ...] = ()
    address: str = ""


def ensure_household(spec: HouseholdSpec) -> None:
    """Raise InvalidInput for somebody who stands in it twice."""
    ids = [spec.head_id, *(person_id for person_id, _ in spec.members)]
    if len(set(ids)) != len(ids):
        raise InvalidInput(N_("同一个人填了两次，请检查"), field="members")
    if any(relation == HEAD_OF_HOUSEHOLD for _, relation in spec.members):
        raise InvalidInput(N_("一户只有一个户主，请检查关系"), field="members")


@dataclass(frozen=True, slots=True)
class HouseholdRows:
    """One household as rows."""

    household: dict[str, Any]
    members: tuple[dict[str, Any], ...]


def prepare_household(
    spec: HouseholdSpec, *, village_id: UUID | None, at: datetime, make_id: Callable[[], UUID]
) -> HouseholdRows:
    """A sound household of people who live nowhere else, as rows."""
    places = [(spec.head_id, HEAD_OF_HOUSEHOLD), *spec.members]
    return HouseholdRows(
        household={
            "id": spec.id,
            "head_id": spec.head_id,
            "village_id": village_id,
            "address": spec.address,
            "size": len(places),
            "created_at": at,
            "ended_at": None,
        },
        members=tuple(
            {
                "id": make_id(),
                "household_id": spec.id,
                "person_id": person_id,
                "relation": relation,
                "joined_at": at,
                "left_at": None,
            }
            for person_id, relation in places
        ),
    )


def clean_reason(text: str, *, field: str = "reason") -> str:
    """A reason as stored: at least five characters. Raises InvalidInput."""
    reason = normal_text(text, longest=LONGEST_REASON, field=field)
    if len(reason) < SHORTEST_REASON:
        raise InvalidInput(N_("请写明原因，至少 {least} 个字"), field=field, least=SHORTEST_REASON)
    return reason
