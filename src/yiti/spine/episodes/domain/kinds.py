"""The words of a visit and an episode. Values are codes of terminology where it has a table for them."""

from __future__ import annotations

from enum import StrEnum

from yiti.kernel.text import N_


class VisitKind(StrEnum):
    """Sort of visit (code system `visit-type`; FHIR Encounter.class AMB, EMER, IMP, HH)."""

    OUTPATIENT = "outpatient"
    EMERGENCY = "emergency"
    INPATIENT = "inpatient"
    HOME = "home"
    FOLLOW_UP = "followup"

    @property
    def zh(self) -> str:
        """The word on screen."""
        return _VISIT_WORDS[self]


_VISIT_WORDS = {
    VisitKind.OUTPATIENT: N_("门诊"),
    VisitKind.EMERGENCY: N_("急诊"),
    VisitKind.INPATIENT: N_("住院"),
    VisitKind.HOME: N_("出诊"),
    VisitKind.FOLLOW_UP: N_("随访"),
}


class EpisodeState(StrEnum):
    """State of an episode (FHIR EpisodeOfCare.status: active, active with a plan, finished)."""

    OPEN = "open"
    LONG_TERM = "long_term"
    CLOSED = "closed"

    @property
    def zh(self) -> str:
        """The status word of the design: 进行中, 长期, 已关闭."""
        return _STATE_WORDS[self]


_STATE_WORDS = {
    EpisodeState.OPEN: N_("进行中"),
    EpisodeState.LONG_TERM: N_("长期"),
    EpisodeState.CLOSED: N_("已关闭"),
}


class DiagnosisRole(StrEnum):
    """Place of a diagnosis in its visit: exactly one is the main one."""

    MAIN = "main"
    SECONDARY = "secondary"

    @property
    def zh(self) -> str:
        """The word on screen."""
        return N_("主要诊断") if self is DiagnosisRole.MAIN else N_("其他诊断")


class Certainty(StrEnum):
    """How sure the doctor is (FHIR Condition.verificationStatus)."""

    SUSPECTED = "suspected"
    CONFIRMED = "confirmed"

    @property
    def zh(self) -> str:
        """The word on screen."""
        return N_("疑似") if self is Certainty.SUSPECTED else N_("确诊")


class DischargeWay(StrEnum):
    """Way of leaving hospital, WS 364 CV06.00.226. 2 and 3 are the official base of referral counts."""

    ON_ADVICE = "1"
    TO_HOSPITAL = "2"
    TO_PRIMARY = "3"
    AGAINST_ADVICE = "4"
    DIED = "5"
    OTHER = "9"

    @property
    def zh(self) -> str:
        """The words of the code table."""
        return _WAY_WORDS[self]


_WAY_WORDS = {
    DischargeWay.ON_ADVICE: N_("医嘱离院"),
    DischargeWay.TO_HOSPITAL: N_("医嘱转院"),
    DischargeWay.TO_PRIMARY: N_("医嘱转社区卫生服务机构或乡镇卫生院"),
    DischargeWay.AGAINST_ADVICE: N_("非医嘱离院"),
    DischargeWay.DIED: N_("死亡"),
    DischargeWay.OTHER: N_("其他"),
}


class Outcome(StrEnum):
    """Outcome of treatment (转归), code system `treatment-outcome`."""

    CURED = "1"
    IMPROVED = "2"
    NOT_CURED = "3"
    DIED = "4"
    OTHER = "9"

    @property
    def zh(self) -> str:
        """The word on screen."""
        return _OUTCOME_WORDS[self]


_OUTCOME_WORDS = {
    Outcome.CURED: N_("治愈"),
    Outcome.IMPROVED: N_("好转"),
    Outcome.NOT_CURED: N_("未愈"),
    Outcome.DIED: N_("死亡"),
    Outcome.OTHER: N_("其他"),
}


class JoinAct(StrEnum):
    """What brought a visit into its episode, or moved it to another one."""

    OPENED = "opened"  # nothing to join: a new episode
    CHAIN = "chain"  # on an accepted referral chain
    SAME_PROBLEM = "same_problem"  # within N days for the same problem
    CHOSEN = "chosen"  # the doctor's own choice, against the rule's
    SPLIT = "split"  # moved out into a new episode
    JOINED = "joined"  # moved with its whole episode into another one

    @property
    def needs_reason(self) -> bool:
        """Whether a person did it and must say why."""
        return self in {JoinAct.CHOSEN, JoinAct.SPLIT, JoinAct.JOINED}


class Marker(StrEnum):
    """How a step of care shows on the thread (the drawing's own names)."""

    IN_PERSON = "in_person"
    REMOTE = "remote"
    HANDOFF_UP = "handoff_up"
    HANDOFF_DOWN = "handoff_down"


class EntryKind(StrEnum):
    """Sorts of entries of the time line, for its filter."""

    VISIT = "visit"
    FOLLOW_UP = "followup"
    HANDOFF = "handoff"
    EXAM = "exam"

    @property
    def zh(self) -> str:
        """The word in the filter."""
        return _ENTRY_WORDS[self]


_ENTRY_WORDS = {
    EntryKind.VISIT: N_("就诊"),
    EntryKind.FOLLOW_UP: N_("随访"),
    EntryKind.HANDOFF: N_("转诊"),
    EntryKind.EXAM: N_("检查检验"),
}
