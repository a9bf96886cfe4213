"""Reading what the sender wrote: each part as it is stored, or a sentence that says what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from datetime import date, datetime

from yiti.care.referrals.domain.specs import (
    CASE_WORDS,
    CaseText,
    Contact,
    Diagnosed,
    DownSpec,
    Drug,
    OutcomeSpec,
    Plan,
    Reason,
    Target,
    Trip,
    UpSpec,
)
from yiti.care.referrals.domain.texts import clean_line, clean_text
from yiti.kernel.errors import InvalidInput
from yiti.kernel.identity import parse_phone
from yiti.kernel.text import N_

LONGEST_TEXT = 500
LONGEST_DISCHARGE = 1000
LONGEST_OUTCOME = 2000  # as long as a discharge summary of the ward
LONGEST_REASON = 100
LONGEST_DIAGNOSIS = 120
LONGEST_NAME = 50
LONGEST_DEPARTMENT = 40
LONGEST_DRUG = 60
MOST_DIAGNOSES = 10
MOST_DRUGS = 30
MOST_DAYS = 180
CRITICAL = "critical"  # of code system `urgency`


def clean_up(spec: UpSpec) -> UpSpec:
    """The wish as it is stored. Raises InvalidInput (field named) for what is missing, too long or not
    agreed to; in critical cases consent may come later (先转后补手续)."""
    if not spec.consent_given and spec.urgency != CRITICAL:
        raise InvalidInput(N_("请先向本人或家属说明去向和费用，同意后打勾"), field="consent_given")
    return replace(
        spec,
        reason=clean_reason(spec.reason),
        diagnoses=tuple(_diagnoses(spec.diagnoses)),
        case=clean_case(spec.case),
        contact=_contact(spec.contact),
        target=clean_target(spec.target),
    )


def clean_down(spec: DownSpec, *, today: date, latest: date) -> DownSpec:
    """The wish as it is stored; the first follow-up lies from `today` to `latest`. Raises InvalidInput
    (field named)."""
    if not today <= spec.first_follow_up_date <= latest:
        raise InvalidInput(
            N_("首次随访要在 {today} 到 {latest} 之间"),
            field="first_follow_up_date",
            today=today.isoformat(),
            latest=latest.isoformat(),
        )
    return replace(
        spec,
        reason=clean_reason(spec.reason),
        diagnoses=tuple(_diagnoses(spec.diagnoses)),
        plan=_plan(spec.plan),
        drugs=tuple(_drugs(spec.drugs)),
        target=clean_target(spec.target),
    )


def clean_reason(reason: Reason) -> Reason:
    """A reason as it is stored. Raises InvalidInput."""
    return Reason(reason.code, clean_line(reason.text, longest=LONGEST_REASON, field="reason_text"))


def clean_target(target: Target) -> Target:
    """A target as it is stored. Raises InvalidInput."""
    text = clean_line(target.department_text, longest=LONGEST_DEPARTMENT, field="department_text")
    return replace(target, department_text=text)


def clean_case(case: CaseText) -> CaseText:
    """The case as it is stored. Raises InvalidInput without a summary."""
    kept = {
        field.name: clean_text(getattr(case, field.name), longest=LONGEST_TEXT, field=field.name)
        for field in fields(CaseText)
    }
    _ensure_written(kept["summary"], "summary", N_("请写病情摘要，例如：反复胸闷 3 天，今晨胸痛 20 分钟"))
    return CaseText(**kept)


def changed_parts(before: CaseText, after: CaseText) -> list[str]:
    """The parts of a case that differ, in the order of the form."""
    return [name for name in CASE_WORDS if getattr(before, name) != getattr(after, name)]


def clean_trip(trip: Trip, *, at: datetime, latest: datetime) -> Trip:
    """A trip as it is stored, arriving after `at` and by `latest`. Raises InvalidInput (field named)."""
    expected = trip.expected_at
    if expected is not None and not at < expected <= latest:
        raise InvalidInput(N_("预计到院时间不对，请检查"), field="expected_at")
    phone = trip.escort_phone and parse_phone(trip.escort_phone, field="escort_phone").number
    return replace(
        trip,
        vehicle=clean_line(trip.vehicle, longest=LONGEST_DEPARTMENT, field="vehicle"),
        escort=clean_line(trip.escort, longest=LONGEST_NAME, field="escort"),
        escort_phone=phone,
    )


def clean_outcome(spec: OutcomeSpec) -> OutcomeSpec:
    """An outcome as it is stored. Raises InvalidInput without a summary."""
    summary = clean_text(spec.summary, longest=LONGEST_OUTCOME, field="summary")
    _ensure_written(summary, "summary", N_("请写诊疗经过和结果，转出方要看"))
    return replace(spec, summary=summary)


def _diagnoses(given: Sequence[Diagnosed]) -> Iterator[Diagnosed]:
    codes = [each.code for each in given]
    if not codes:
        raise InvalidInput(N_("请选诊断"), field="diagnoses")
    if len(codes) > MOST_DIAGNOSES or len(set(codes)) < len(codes):
        raise InvalidInput(N_("诊断最多 {most} 条，且不能重复"), field="diagnoses", most=MOST_DIAGNOSES)
    for each in given:
        yield Diagnosed(each.code, clean_line(each.text, longest=LONGEST_DIAGNOSIS, field="diagnoses"))


def _contact(contact: Contact) -> Contact:
    name = clean_line(contact.name, longest=LONGEST_NAME, field="contact_name")
    return replace(contact, name=name, phone=parse_phone(contact.phone, field="contact_phone").number)


def _plan(plan: Plan) -> Plan:
    summary = clean_text(plan.discharge_summary, longest=LONGEST_DISCHARGE, field="discharge_summary")
    kept = {
        name: clean_text(getattr(plan, name), longest=LONGEST_TEXT, field=name)
        for name in ("treatment", "warning_signs", "rehabilitation", "lifestyle")
    }
    _ensure_written(summary, "discharge_summary", N_("请写出院小结"))
    _ensure_written(kept["treatment"], "treatment", N_("请写回去后怎么治"))
    _ensure_written(kept["warning_signs"], "warning_signs", N_("请写出现什么情况要马上就诊"))
    return Plan(discharge_summary=summary, **kept)


def _drugs(given: Sequence[Drug]) -> Iterator[Drug]:
    if len(given) > MOST_DRUGS:
        raise InvalidInput(N_("药品最多 {most} 种"), field="drugs", most=MOST_DRUGS)
    for each in given:
        name = clean_line(each.name, longest=LONGEST_DRUG, field="drugs")
        _ensure_written(name, "drugs", N_("请写药名"))
        if each.days is not None and not 1 <= each.days <= MOST_DAYS:
            raise InvalidInput(N_("用药天数是 1 到 {most}"), field="drugs", most=MOST_DAYS)
        yield replace(each, name=name, dose=clean_line(each.dose, longest=LONGEST_DRUG, field="drugs"))


def _ensure_written(text: str, field: str, sentence: str) -> None:
    if not text:
        raise InvalidInput(sentence, field=field)
