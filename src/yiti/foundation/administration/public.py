"""What other rooms may use of administration: the place where the trail learns about people, and its tabs."""

from yiti.foundation.administration.domain import PURPOSES, beginning
from yiti.foundation.administration.registry import People, Tab, add_tabs, tabs_of, tell_people

__all__ = ["PURPOSES", "People", "Tab", "add_tabs", "beginning", "tabs_of", "tell_people"]
