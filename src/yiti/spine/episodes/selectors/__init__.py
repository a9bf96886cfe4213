"""Reads of the room: frozen rows, in a stated order, only of people whose record is open to the actor."""

from yiti.spine.episodes.selectors.episodes import episode, episodes, joining_preview, open_episodes
from yiti.spine.episodes.selectors.limits import limits, limits_for
from yiti.spine.episodes.selectors.summary import medications, summary_for_referral
from yiti.spine.episodes.selectors.thread import counts, timeline
from yiti.spine.episodes.selectors.visits import attachment, visit, visit_detail, visits, visits_of_episode
from yiti.spine.episodes.selectors.vitals import vital_sets, vitals

__all__ = [
    "attachment",
    "counts",
    "episode",
    "episodes",
    "joining_preview",
    "limits",
    "limits_for",
    "medications",
    "open_episodes",
    "summary_for_referral",
    "timeline",
    "visit",
    "visit_detail",
    "visits",
    "visits_of_episode",
    "vital_sets",
    "vitals",
]
