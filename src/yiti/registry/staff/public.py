"""What other rooms may use of staff."""

from yiti.registry.staff.commands import save_staff
from yiti.registry.staff.domain import LicenceKind, PostingRow, PostingSpec, StaffRow, StaffSpec, Title
from yiti.registry.staff.selectors import people_at, postings_of_user, staff

__all__ = [
    "LicenceKind",
    "PostingRow",
    "PostingSpec",
    "StaffRow",
    "StaffSpec",
    "Title",
    "people_at",
    "postings_of_user",
    "save_staff",
    "staff",
]
