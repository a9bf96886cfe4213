"""The only writer of staff."""

from yiti.registry.staff.commands.loading import load_staff
from yiti.registry.staff.commands.postings import appoint_stand_in, end_posting, end_stand_in

__all__ = ["appoint_stand_in", "end_posting", "end_stand_in", "load_staff"]
