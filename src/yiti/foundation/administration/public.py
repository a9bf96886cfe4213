"""What other rooms may use of administration: where the trail learns about people, its tabs, the night, and
the book of checkups. `note_checkup` is a use case of the worker."""

from yiti.foundation.administration.commands import note_checkup
from yiti.foundation.administration.domain import PURPOSES, Fault, beginning
from yiti.foundation.administration.registry import People, Tab, add_tabs, tabs_of, tell_people
from yiti.foundation.administration.selectors import last_sound_at, night_hours

__all__ = [
    "PURPOSES",
    "Fault",
    "People",
    "Tab",
    "add_tabs",
    "beginning",
    "last_sound_at",
    "night_hours",
    "note_checkup",
    "tabs_of",
    "tell_people",
]
