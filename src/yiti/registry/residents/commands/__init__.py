"""The only writer of residents. `grant_access` and `end_access` are participants, all else use cases."""

from yiti.registry.residents.commands.access import (
    end_access,
    grant_access,
    open_by_break_glass,
)
from yiti.registry.residents.commands.facts import (
    add_allergy,
    correct_allergy,
    end_risk,
    mark_risk,
    refute_allergy,
)
from yiti.registry.residents.commands.glass import read_glass_news, review_break_glass
from yiti.registry.residents.commands.households import set_household
from yiti.registry.residents.commands.merging import merge_persons, unmerge
from yiti.registry.residents.commands.profile import change_profile, move_village, record_death
from yiti.registry.residents.commands.registration import (
    DuplicateSuspected,
    NumberTaken,
    add_identifier,
    end_identifier,
    register_person,
)
from yiti.registry.residents.commands.reviewing import mark_different, reopen_pair, review_index
from yiti.registry.residents.commands.slips import issue_slip, use_slip

__all__ = [
    "DuplicateSuspected",
    "NumberTaken",
    "add_allergy",
    "add_identifier",
    "change_profile",
    "correct_allergy",
    "end_access",
    "end_identifier",
    "end_risk",
    "grant_access",
    "issue_slip",
    "mark_different",
    "mark_risk",
    "merge_persons",
    "move_village",
    "open_by_break_glass",
    "read_glass_news",
    "record_death",
    "refute_allergy",
    "register_person",
    "reopen_pair",
    "review_break_glass",
    "review_index",
    "set_household",
    "unmerge",
    "use_slip",
]
