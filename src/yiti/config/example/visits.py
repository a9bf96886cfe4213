"""Courses of care as rows of episodes."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from yiti.config.example.courses import Course, Encounter
from yiti.config.example.desks import Place
from yiti.config.example.run import Invention
from yiti.registry.terminology import public as terminology
from yiti.spine.episodes import public as episodes


def episode(run: Invention, place: Place, person_id: UUID, course: Course) -> episodes.LoadedEpisode:
    """The rows of one course of one person of that place."""
    acts = [episodes.JoinAct.OPENED] + [episodes.JoinAct.SAME_PROBLEM] * (len(course.visits) - 1)
    made = [
        _visit(run, place, person_id, course, one, act) for one, act in zip(course.visits, acts, strict=True)
    ]
    ended = None if course.is_long_term else made[-1].last_at
    return episodes.LoadedEpisode(
        run.make_id(), course.problem, course.code, made, ended, "" if ended is None else "诊疗结束"
    )


def _visit(
    run: Invention, place: Place, person_id: UUID, course: Course, one: Encounter, act: episodes.JoinAct
) -> episodes.LoadedVisit:
    desk = place.desk(run.rng, one.level)
    opening = episodes.VisitOpening(
        run.make_id(),
        person_id,
        episodes.VisitKind(one.kind),
        one.complaint,
        department_id=desk.department_id,
        is_long_term=course.is_long_term,
    )
    is_stay = opening.kind is episodes.VisitKind.INPATIENT
    ended_at = min(one.at + (timedelta(days=one.days) if is_stay else timedelta(minutes=25)), run.at)
    return episodes.LoadedVisit(
        opening,
        episodes.Writer(desk.user_id, desk.name, desk.institution_id, desk.staff_id, one.at),
        _content(one),
        act,
        ended_at,
        _discharge(course) if is_stay else None,
    )


def _content(one: Encounter) -> episodes.VisitContent:
    words = terminology.label("icd10", one.code)
    return episodes.VisitContent(
        vitals=[
            episodes.VitalValue(episodes.VitalKind(kind), Decimal(value))
            for kind, value in one.values.items()
        ],
        diagnoses=[episodes.DiagnosisSpec(one.code, text=words)],
        note=episodes.NoteSpec(subjective=one.complaint, plan=one.plan),
        medications=None
        if one.drugs is None
        else [episodes.MedicationSpec(name, dose, frequency) for name, dose, frequency in one.drugs],
    )


def _discharge(course: Course) -> episodes.DischargeSpec:
    return episodes.DischargeSpec(
        episodes.DischargeWay.ON_ADVICE, episodes.Outcome.IMPROVED, f"{course.problem}，治疗后好转出院。"
    )
