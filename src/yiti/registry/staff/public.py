"""What other rooms may use of staff. `load_staff` is a use case, the rest are reads."""

from yiti.registry.staff.commands import load_staff
from yiti.registry.staff.domain import STAFF, LicenceKind, PostingRow, StaffReport, StaffRow, Title
from yiti.registry.staff.loading import read_staff
from yiti.registry.staff.selectors import (
    absent_colleagues,
    leavers,
    people_at,
    postings_in_roles,
    postings_of_user,
    staff,
)

__all__ = [
    "STAFF",
    "LicenceKind",
    "PostingRow",
    "StaffReport",
    "StaffRow",
    "Title",
    "absent_colleagues",
    "leavers",
    "load_staff",
    "people_at",
    "postings_in_roles",
    "postings_of_user",
    "read_staff",
    "staff",
]
