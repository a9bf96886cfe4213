"""The only writer of staff."""

from yiti.registry.staff.commands.loading import load_staff
from yiti.registry.staff.commands.postings import end_posting

__all__ = ["end_posting", "load_staff"]
