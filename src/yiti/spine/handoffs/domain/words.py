"""Fixed words of every handoff. Codes once published are never reused or renamed."""

from __future__ import annotations

from enum import StrEnum

from yiti.kernel.text import N_


class Urgency(StrEnum):
    """How pressing the person's condition is (FHIR request-priority: routine, urgent, stat)."""

    ROUTINE = "routine"
    URGENT = "urgent"
    CRITICAL = "critical"

    @property
    def zh(self) -> str:
        """The word on screen; empty for the usual."""
        return _URGENCY_WORDS[self]


_URGENCY_WORDS = {Urgency.ROUTINE: "", Urgency.URGENT: N_("急"), Urgency.CRITICAL: N_("危重")}


class Look(StrEnum):
    """Status class of a state: its colour, always beside its word (screens.md section 2)."""

    WAIT = "wait"
    GO = "go"
    MOVING = "moving"
    DONE = "done"
    LATE = "late"
    DRAFT = "draft"


class Direction(StrEnum):
    """Which way the work goes between levels of care."""

    UP = "up"
    DOWN = "down"
    ACROSS = "across"

    @property
    def zh(self) -> str:
        """The word beside the arrow."""
        return _DIRECTION_WORDS[self]


_DIRECTION_WORDS = {Direction.UP: N_("上"), Direction.DOWN: N_("下"), Direction.ACROSS: N_("平")}


TOLD = N_("已报{roles}")  # of an alert that was reported upwards


class Alert(StrEnum):
    """How far the wait in the present state has gone, mildest first."""

    NONE = "none"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    ESCALATED = "escalated"

    @property
    def rank(self) -> int:
        """0 for no alert up to 3."""
        return list(Alert).index(self)

    @property
    def zh(self) -> str:
        """The title in the time line."""
        return _ALERT_WORDS[self]


_ALERT_WORDS = {
    Alert.NONE: "",
    Alert.DUE_SOON: N_("快到时限"),
    Alert.OVERDUE: N_("超时"),
    Alert.ESCALATED: N_("超时已久，已上报"),
}


class Nature(StrEnum):
    """What sort of thing an event of the log is."""

    OPENED = "opened"  # the first one: the handoff was made
    STEP = "step"  # a row of the transition table was taken
    ALERT = "alert"  # the clock reached a level; nobody did anything
    NOTE = "note"  # a fact about the person reached an open handoff
    URGED = "urged"  # somebody reminded whoever has it in hand


class Fact(StrEnum):
    """Facts from elsewhere that the log of an open handoff keeps: of the person, of who had it in hand."""

    MERGED = "merged"
    UNMERGED = "unmerged"
    DIED = "died"
    LEFT = "left"

    @property
    def zh(self) -> str:
        """The title in the time line."""
        return _FACT_WORDS[self]


_FACT_WORDS = {
    Fact.MERGED: N_("居民档案已合并"),
    Fact.UNMERGED: N_("档案合并已撤回"),
    Fact.DIED: N_("患者已故"),
    Fact.LEFT: N_("经办人已离岗，工作已移交"),
}

URGE = "urge"  # the name of an urging event's step
URGE_TITLE = N_("催办")
OPEN = "open"  # the name of the first event's step
TAKE = "take"  # the step by which a person takes a handoff as theirs, where a kind has it
