"""People at work, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from yiti.kernel.text import N_, joined


class Title(StrEnum):
    """Professional title (职称) of Chinese health staff, lowest first."""

    NONE = "none"
    ASSISTANT = "assistant"
    JUNIOR = "junior"
    INTERMEDIATE = "intermediate"
    ASSOCIATE = "associate"
    CHIEF = "chief"

    @property
    def zh(self) -> str:
        """The word on screen."""
        return _TITLES[self]


_TITLES = {
    Title.NONE: N_("无职称"),
    Title.ASSISTANT: N_("士级"),
    Title.JUNIOR: N_("师级"),
    Title.INTERMEDIATE: N_("中级"),
    Title.ASSOCIATE: N_("副高"),
    Title.CHIEF: N_("正高"),
}


class LicenceKind(StrEnum):
    """What a licence allows (执业类别)."""

    PHYSICIAN = "physician"
    ASSISTANT_PHYSICIAN = "assistant_physician"
    VILLAGE_DOCTOR = "village_doctor"
    NURSE = "nurse"
    PHARMACIST = "pharmacist"
    TECHNICIAN = "technician"

    @property
    def zh(self) -> str:
        """The word on screen."""
        return _LICENCES[self]


_LICENCES = {
    LicenceKind.PHYSICIAN: N_("执业医师"),
    LicenceKind.ASSISTANT_PHYSICIAN: N_("执业助理医师"),
    LicenceKind.VILLAGE_DOCTOR: N_("乡村医生"),
    LicenceKind.NURSE: N_("护士"),
    LicenceKind.PHARMACIST: N_("药师"),
    LicenceKind.TECHNICIAN: N_("医技"),
}


class TeamKind(StrEnum):
    """Why a team exists."""

    FAMILY_DOCTOR = "family_doctor"
    GUIDANCE = "guidance"
    WARD = "ward"

    @property
    def zh(self) -> str:
        """The word on screen."""
        return _TEAMS[self]


_TEAMS = {
    TeamKind.FAMILY_DOCTOR: N_("家庭医生团队"),
    TeamKind.GUIDANCE: N_("指导团队"),
    TeamKind.WARD: N_("病区小组"),
}


class StaffSort(StrEnum):
    """Orders of the list of people."""

    CODE = "code"
    NAME = "name"


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
    """One hat a person may wear: where, as what, from which day to which (the last day counts)."""

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
    valid_from: date
    valid_until: date | None

    @property
    def label(self) -> str:
        """`三排卫生院 · 全科`: the place and department, or the place and role."""
        return joined(" · ", (self.institution_name, self.department_name or self.role_name))

    def is_over(self, on: date) -> bool:
        """Whether its last day is past."""
        return self.valid_until is not None and self.valid_until < on


@dataclass(frozen=True, slots=True)
class LicenceRow:
    """A licence to practise."""

    kind: LicenceKind
    number: str
    specialty: str
    valid_from: date | None
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A team somebody belongs to."""

    id: UUID
    name: str
    kind: TeamKind
    institution_name: str
    is_leader: bool


@dataclass(frozen=True, slots=True)
class StandInRow:
    """Who does somebody's work in their absence; the last day counts."""

    id: UUID
    stand_in: StaffRow
    valid_from: date
    valid_until: date


@dataclass(frozen=True, slots=True)
class ListedStaff:
    """A line of the list of people: the first of the postings in force, and how many there are."""

    staff: StaffRow
    posting: PostingRow | None
    postings: int


@dataclass(frozen=True, slots=True)
class StaffProfile:
    """Everything the page of a person says; `postings` newest first, those that are over too."""

    staff: StaffRow
    postings: tuple[PostingRow, ...]
    licences: tuple[LicenceRow, ...]
    teams: tuple[TeamRow, ...]
    stand_ins: tuple[StandInRow, ...]  # those of that day and later
