"""What other rooms may use of administration: the place where the trail learns about people."""

from yiti.foundation.administration.registry import People, tell_people

__all__ = ["People", "tell_people"]
