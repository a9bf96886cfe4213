"""What other rooms may use of administration: the place where the trail learns about people, and the book
of checkups. `note_checkup` is a use case of the worker."""

from yiti.foundation.administration.commands import note_checkup
from yiti.foundation.administration.domain import Fault
from yiti.foundation.administration.registry import People, tell_people

__all__ = ["Fault", "People", "note_checkup", "tell_people"]
