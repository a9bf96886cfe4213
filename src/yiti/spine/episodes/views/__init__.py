"""Pages and fragments of the room."""

from yiti.spine.episodes.views.attaching import attach, attachment, picture
from yiti.spine.episodes.views.correcting import correct, withdraw
from yiti.spine.episodes.views.courses import close, join, long_term, split
from yiti.spine.episodes.views.opening import joining, new_visit
from yiti.spine.episodes.views.panels import action, side_medications, side_vitals, summary, thread, vitals
from yiti.spine.episodes.views.visits import discharge, end, visit
from yiti.spine.episodes.views.writing import add_diagnosis, add_note, add_treatment, add_vitals, medications

__all__ = [
    "action",
    "add_diagnosis",
    "add_note",
    "add_treatment",
    "add_vitals",
    "attach",
    "attachment",
    "close",
    "correct",
    "discharge",
    "end",
    "join",
    "joining",
    "long_term",
    "medications",
    "new_visit",
    "picture",
    "side_medications",
    "side_vitals",
    "split",
    "summary",
    "thread",
    "visit",
    "vitals",
    "withdraw",
]
