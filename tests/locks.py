"""Lock before write (conventions.md 11): what each command takes hold of first, watched in every test.

A plugin of the whole run: it listens to what commands say to the database, whichever test calls them, and
a test fails whose command wrote before it held its lock. The rows below are all commands of the house;
`test_locks` sees one that is missing.
"""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

import pytest
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from yiti.foundation.access import scope

BED, EPISODE, HANDOFF, RECORD = (
    "facilities_beduse",
    "episodes_episode",
    "handoffs_handoff",
    "residents_resident",
)
USER, VISIT = "accounts_user", "episodes_visit"
BY_NAME = "an advisory lock"

# What has to be locked before the first write; of two tables, either.
LOCKED: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("change_own_password", "set_first_password", "add_second_factor"), (USER,)),
    **dict.fromkeys(("put_codes_away", "end_own_session", "end_other_sessions", "end_sessions"), (USER,)),
    **dict.fromkeys(("close_account", "reopen_account", "unlock", "remove_second_factor"), (USER,)),
    **dict.fromkeys(("save_draft", "give_up_draft"), ("drafts_draft",)),
    "load_code_systems": ("terminology_codesystem",),
    "load_facilities": (BY_NAME,),
    "load_staff": ("staff_staffmember",),
    "end_posting": ("staff_posting",),
    **dict.fromkeys(("appoint_stand_in", "end_stand_in"), ("staff_staffmember",)),
    **dict.fromkeys(("change_profile", "move_village", "record_death"), (RECORD,)),
    **dict.fromkeys(("change_profile", "move_village", "record_death", "issue_slip"), (RECORD,)),
    **dict.fromkeys(("add_identifier", "end_identifier", "set_household", "merge_persons"), (RECORD,)),
    **dict.fromkeys(("add_allergy", "correct_allergy", "refute_allergy", "mark_risk", "end_risk"), (RECORD,)),
    "unmerge": ("residents_merge",),
    "review_index": (BY_NAME,),
    **dict.fromkeys(("mark_different", "reopen_pair"), ("residents_duplicatepair",)),
    "open_visit": (BY_NAME,),
    **dict.fromkeys(("seal", "count_day"), (BY_NAME,)),
    **dict.fromkeys(("end_visit", "discharge", "record_vitals", "add_diagnosis", "write_note"), (VISIT,)),
    **dict.fromkeys(("add_treatment", "set_medications", "withdraw_fact", "attach_file"), (VISIT,)),
    **dict.fromkeys(("correct_vital", "correct_diagnosis", "correct_note"), (VISIT,)),
    **dict.fromkeys(("correct_treatment", "correct_discharge"), (VISIT,)),
    **dict.fromkeys(("set_long_term", "close_episode", "split_episode", "join_episodes"), (EPISODE,)),
    **dict.fromkeys(("close_idle_episodes", "close_after_death"), (EPISODE,)),
    **dict.fromkeys(
        ("take", "take_step", "urge", "strike", "follow_merge", "follow_death", "hand_on"), (HANDOFF,)
    ),
    "read_bell": ("handoffs_bellmark",),
    "use_slip": ("residents_lookedcode",),
    "read_glass_news": ("residents_glassmark",),
    **dict.fromkeys(("approve", "accept", "undo_accept", "redirect_up", "decline", "cancel"), (HANDOFF,)),
    **dict.fromkeys(("return_for_information", "supply_up", "supply_down"), (HANDOFF,)),
    **dict.fromkeys(("depart", "arrive", "undo_arrive", "no_show", "admit", "send_outcome"), (HANDOFF,)),
    **dict.fromkeys(("receive", "undo_receive", "redirect_down", "rename_follower"), (HANDOFF,)),
    **dict.fromkeys(("follow_up", "close_up", "close_down"), (HANDOFF,)),
    "follow_discharge": (HANDOFF, BED),
    "note_print": ("referrals_upreferral", "referrals_downreferral"),
}
# These only add rows; what else they change, they lock by its own table.
ADDING = frozenset(
    {
        "note_request",
        "note_evidence",
        "update_bed_board",
        "confirm_beds_by_phone",
        "load_stays",
        "register_person",
        "open_by_break_glass",
        "review_break_glass",
        "load_people",
        "load_residents",
        "load_episodes",
        "add_message",
        "send_up",
        "send_down",
        "load_referrals",
    }
)
WITHOUT = {  # commands that change rows without a lock of their own, and why
    "accept_first_passwords": "one statement that reads nothing before",
    "choose_text_size": "one statement that reads nothing before",
    "note_checkup": "adds a row and takes old ones away, which nobody changes",
    "define_roles": "begins with an upsert of all roles, for which a second one waits",
    "settle": "acts on what has ended for good; each write is one statement that bears a repeat",
}
FREE = {"audit_auditentry", "outbox_outboxevent"}  # only ever added to, beside the work itself
_LOCKING = re.compile(r"\bFOR (?:NO KEY )?UPDATE\b")
_READ = re.compile(r'\bFROM "(\w+)"')
_WRITTEN = re.compile(r'^(INSERT INTO|UPDATE|DELETE FROM) "(\w+)"')


class Account:
    """What one command has said so far: what it holds, and whether it has written."""

    def __init__(self, command: str):
        self.command = command
        self.held: set[str] = set()
        self.has_written = False

    def fault(self, sql: str) -> str:
        """Take one statement down; what is wrong with it, or ""."""
        if "pg_advisory_xact_lock" in sql:
            self.held.add(BY_NAME)
        elif _LOCKING.search(sql) and (read := _READ.search(sql)):
            return self._fault_of_order(read[1])
        elif (written := _WRITTEN.match(sql)) and written[2] not in FREE:
            return self._fault_of(written[1], written[2])
        return ""

    def _fault_of_order(self, table: str) -> str:
        """A handoff comes before its bed, always: two commands that lock them crosswise can deadlock."""
        is_late = table == HANDOFF and HANDOFF not in self.held and BED in self.held
        self.held.add(table)
        return f"{self.command}: locks {HANDOFF} after {BED}" if is_late else ""

    def _fault_of(self, verb: str, table: str) -> str:
        is_first, self.has_written = not self.has_written, True
        wanted = LOCKED.get(self.command, ())
        if self.command in ADDING and verb != "INSERT INTO" and table not in self.held:
            return f"{self.command}: {verb} {table}, of which it has locked nothing"
        if is_first and wanted and not self.held.intersection(wanted):
            return f"{self.command}: {verb} {table} before it has locked {' or '.join(wanted)}"
        return ""


class Ear(threading.local):
    """What is said on the connection of this thread."""

    account: Account | None = None


_ear = Ear()
faults: list[str] = []


def listen(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
    """Between Django and the database: statements inside a command go into its account."""
    said = sql if isinstance(sql, str) else ""
    if said.startswith("SELECT set_config('yiti.user'"):
        command = _command(sys._getframe())
        _ear.account = Account(command) if command else None
    elif _ear.account and scope._inside.get() and (fault := _ear.account.fault(said)):
        faults.append(fault)
    return execute(sql, params, many, context)


def _command(frame: FrameType | None) -> str:
    """The command that is being run, or ""."""
    while frame is not None:
        if frame.f_code.co_qualname == "command.<locals>.run":
            return str(frame.f_locals["function"].__name__)
        frame = frame.f_back
    return ""


def attach(connection: BaseDatabaseWrapper, **_: object) -> None:
    """Listen to a connection as soon as it is there."""
    if listen not in connection.execute_wrappers:
        connection.execute_wrappers.append(listen)


connection_created.connect(attach)


@pytest.fixture(autouse=True)
def locks_come_first() -> Iterator[None]:
    """Every test: no command wrote before it held its lock."""
    yield
    found = list(faults)
    faults.clear()
    assert found == []
