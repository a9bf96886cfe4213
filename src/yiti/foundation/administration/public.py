"""What other rooms may use of administration: where the trail learns about people, its tabs, the night."""

from yiti.foundation.administration.domain import PURPOSES, beginning
from yiti.foundation.administration.registry import People, Tab, add_tabs, tabs_of, tell_people
from yiti.foundation.administration.selectors import night_hours

__all__ = ["PURPOSES", "People", "Tab", "add_tabs", "beginning", "night_hours", "tabs_of", "tell_people"]
