"""The rules this room lives by, as the values it needs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache

from yiti.care.referrals.domain import Approval, decide_approval
from yiti.care.referrals.domain.finder import WEIGHTS, Weights
from yiti.foundation.rules import public as rules
from yiti.kernel.clock import local_date
from yiti.kernel.text import Term
from yiti.kernel.workhours import deadline
from yiti.registry.facilities.public import InstitutionRow

ANSWER_LIMIT = "referral.answer_limit"
APPROVAL = "referral.approval"
VALIDITY = "referral.validity"
BED_HOLD = "referral.bed_hold"
NO_SHOW_AFTER = "referral.no_show_after"
FIRST_FOLLOW_UP = "referral.first_follow_up_limit"
DOWN_ANSWER = "referral.down_answer_limit"
LONGEST_TRIP = "referral.arrival_limit"
CENTRE = "referral.centre_department"
STAND_INS = "referral.target.stand_ins"


def approval_for(
    start: InstitutionRow, end: InstitutionRow, *, way: str, urgency: str, on: date
) -> tuple[Approval, str]:
    """Who must agree before a person goes from one institution to the other, and the reference of the
    rule that says so (that of the sender's region)."""
    rule = rules.find(APPROVAL, on, start.region_code)
    found = decide_approval(
        rule.rows(), direction=way, from_level=start.level, to_level=end.level, urgency=urgency
    )
    return found, rule.reference


@cache
def approval_words() -> Mapping[str, Term]:
    """The words of all rows the approval rule has ever had, with their English."""
    rows = (row for rule in rules.versions(APPROVAL) for row in rule.rows())
    return {str(row["zh"]): Term(str(row["zh"]), str(row.get("en", ""))) for row in rows}


def runs_out(key: str, at: datetime, *, urgency: str, region: str) -> datetime:
    """When the time limit of that rule that begins at `at` ends."""
    on = local_date(at)
    return deadline(at, rules.limit(key, on, region, variant=urgency), rules.calendar(on, region))


def latest_follow_up(at: datetime, *, urgency: str, region: str) -> date:
    """The last day for the first follow-up of somebody sent home now: the answer's limit, then that of
    the follow-up."""
    answered = runs_out(DOWN_ANSWER, at, urgency=urgency, region=region)
    return local_date(runs_out(FIRST_FOLLOW_UP, answered, urgency=urgency, region=region))


def no_show_from(expected_at: datetime, *, region: str) -> datetime:
    """From when somebody expected at that moment counts as not come."""
    limit = rules.limit(NO_SHOW_AFTER, local_date(expected_at), region)
    return expected_at + timedelta(minutes=limit.minutes)


def urgent_answer_minutes(on: date, region: str) -> int:
    """How many minutes an urgent referral may wait for its answer."""
    return rules.limit(ANSWER_LIMIT, on, region, variant="urgent").minutes


def weights(on: date, region: str) -> Weights:
    """The points of the target finder."""
    found = {name: rules.find(f"referral.target.{name}", on, region).integer() for name in WEIGHTS}
    return Weights(**found)


def stand_ins(on: date, region: str) -> dict[str, frozenset[str]]:
    """By specialty: the specialties whose departments also take such people (a TCM hospital's 内科)."""
    rows = rules.find(STAND_INS, on, region).rows()
    return {str(row["specialty"]): frozenset(map(str, _codes(row["also"]))) for row in rows}


def _codes(value: rules.Value) -> tuple[rules.Value, ...]:
    return value if isinstance(value, tuple) else (value,)


def centre_department(on: date, region: str) -> str:
    """What the department is called that is the county's referral centre."""
    return str(rules.find(CENTRE, on, region).value)
