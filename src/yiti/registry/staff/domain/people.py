"""People at work, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID


class Title(StrEnum):
    """Professional title (职称) of Chinese health staff, lowest first."""

    NONE = "none"  # 无
    ASSISTANT = "assistant"  # 士级
    JUNIOR = "junior"  # 师级
    INTERMEDIATE = "intermediate"  # 中级
    ASSOCIATE = "associate"  # 副高
    CHIEF = "chief"  # 正高


class LicenceKind(StrEnum):
    """What a licence allows (执业类别)."""

    PHYSICIAN = "physician"  # 执业医师
    ASSISTANT_PHYSICIAN = "assistant_physician"  # 执业助理医师
    VILLAGE_DOCTOR = "village_doctor"  # 乡村医生
    NURSE = "nurse"  # 护士
    PHARMACIST = "pharmacist"  # 药师
    TECHNICIAN = "technician"  # 医技


class TeamKind(StrEnum):
    """Why a team exists."""

    FAMILY_DOCTOR = "family_doctor"  # 家庭医生团队
    GUIDANCE = "guidance"  # 指导团队
    WARD = "ward"  # 病区小组


@dataclass(frozen=True, slots=True)
class StaffRow:
    """A person at work."""

    id: UUID
    user_id: UUID | None
    code: str
    name: str
    title: Title
    phone: str


@dataclass(frozen=True, slots=True)
class PostingRow:
    """One hat a person may wear: where, as what."""

    id: UUID
    staff_id: UUID
    staff_name: str
    institution_id: UUID
    institution_name: str
    institution_level: str
    department_id: UUID | None
    department_name: str
    role: str
    role_name: str
    is_primary: bool

    @property
    def label(self) -> str:
        """`三排卫生院 · 全科`: the place and department, or the place and role."""
        return f"{self.institution_name} · {self.department_name or self.role_name}"


@dataclass(frozen=True, slots=True)
class PostingSpec:
    """A posting as data, by codes."""

    institution_code: str
    department_code: str
    role: str
    valid_from: date
    valid_until: date | None = None
    is_primary: bool = True


@dataclass(frozen=True, slots=True)
class StaffSpec:
    """A person at work as data, by codes, with account and postings."""

    code: str
    name: str
    title: Title
    phone: str
    licence: LicenceKind | None
    postings: tuple[PostingSpec, ...]
