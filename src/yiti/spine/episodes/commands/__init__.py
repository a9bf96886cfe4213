"""Use cases and participants: the only writers of the room, beside its loader."""

from yiti.spine.episodes.commands.attaching import attach_file
from yiti.spine.episodes.commands.correcting import (
    correct_diagnosis,
    correct_discharge,
    correct_note,
    correct_treatment,
    correct_vital,
    withdraw_fact,
)
from yiti.spine.episodes.commands.courses import (
    close_after_death,
    close_episode,
    close_idle_episodes,
    end_chain,
    link_chain,
    set_long_term,
)
from yiti.spine.episodes.commands.ending import discharge, end_visit, end_visit_by_discharge
from yiti.spine.episodes.commands.facts import (
    add_diagnosis,
    add_treatment,
    record_vitals,
    set_medications,
    write_note,
)
from yiti.spine.episodes.commands.moving import join_episodes, split_episode
from yiti.spine.episodes.commands.opening import DRAFT, begin_visit, open_visit

__all__ = [
    "DRAFT",
    "add_diagnosis",
    "add_treatment",
    "attach_file",
    "begin_visit",
    "close_after_death",
    "close_episode",
    "close_idle_episodes",
    "correct_diagnosis",
    "correct_discharge",
    "correct_note",
    "correct_treatment",
    "correct_vital",
    "discharge",
    "end_chain",
    "end_visit",
    "end_visit_by_discharge",
    "join_episodes",
    "link_chain",
    "open_visit",
    "record_vitals",
    "set_long_term",
    "set_medications",
    "split_episode",
    "withdraw_fact",
    "write_note",
]
