"""People at work as values, and the sheet they are loaded from; no database."""

from yiti.registry.staff.domain.people import (
    LicenceKind,
    LicenceRow,
    ListedStaff,
    PostingRow,
    StaffProfile,
    StaffRow,
    StaffSort,
    StandInRow,
    TeamKind,
    TeamRow,
    Title,
)
from yiti.registry.staff.domain.sheet import (
    STAFF,
    PersonLines,
    StaffReport,
    find_problems,
    mobile,
    overlapping,
    people_of,
    period_of,
)

__all__ = [
    "STAFF",
    "LicenceKind",
    "LicenceRow",
    "ListedStaff",
    "PersonLines",
    "PostingRow",
    "StaffProfile",
    "StaffReport",
    "StaffRow",
    "StaffSort",
    "StandInRow",
    "TeamKind",
    "TeamRow",
    "Title",
    "find_problems",
    "mobile",
    "overlapping",
    "people_of",
    "period_of",
]
