"""A way up and down as rows: the visits of its episode and the two referrals with all their steps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from uuid import UUID

from yiti.care.referrals import loading
from yiti.care.referrals import public as referrals
from yiti.config.example.acts import way_home_acts, way_up_acts
from yiti.config.example.conditions import Condition, Medicine
from yiti.config.example.desks import Desk
from yiti.config.example.hospitals import Hospital, Ward
from yiti.config.example.parties import Crew, Lies, Patient
from yiti.config.example.run import Invention
from yiti.config.example.signs import read_signs
from yiti.config.example.ways import CRITICAL, ROUTINE, Ending, Home, HomeEnding, WayUp
from yiti.spine.episodes import public as episodes

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Told:
    """One way as rows."""

    episode: episodes.LoadedEpisode
    up: loading.UpStory
    down: loading.DownStory | None


def tell(
    run: Invention, patient: Patient, way: WayUp, crew: Crew, to: tuple[Hospital, Ward], home_row: UUID
) -> Told:
    """The rows of a way to that ward; `home_row` is the institution a plan goes to."""
    hospital, ward = to
    up_id, episode_id, stay_id, seen_id = (run.make_id() for _ in range(4))
    bed = run.rng.choice(ward.beds) if way.stay and ward.beds else None
    lies = Lies(hospital, ward, bed, stay_id)
    visits = [_first(run, patient, way, crew.sender)]
    has_come = way.ending in (Ending.CLOSED, Ending.DIED)
    if has_come and not hospital.row.is_external:
        visits.append(_there(patient, way, crew.ward_doctor, lies, up_id, run))
    if way.home is not None and way.home.ending is HomeEnding.CLOSED:
        visits.append(_at_home(patient, way, way.home, crew.village_doctor, seen_id))
    episode = episodes.LoadedEpisode(
        episode_id, way.condition.words, way.condition.code, visits, way.ended_at, "诊疗结束"
    )
    up = loading.UpStory(
        _up_spec(run, patient, way, (up_id, episode_id), to),
        crew.sender.hand,
        way.sent_at,
        list(way_up_acts(run.rng, way, crew, lies)),
    )
    if way.home is None:
        return Told(episode, up, None)
    spec = _down_spec(patient, way, way.home, (run.make_id(), up_id, episode_id), crew, home_row)
    acts = list(way_home_acts(run.rng, way.home, crew, seen_id))
    return Told(
        episode, up, loading.DownStory(spec, crew.ward_doctor.hand, way.home.sent_at, acts, chain_id=up_id)
    )


# --- the visits -------------------------------------------------------------------------------------
def _first(run: Invention, patient: Patient, way: WayUp, desk: Desk) -> episodes.LoadedVisit:
    opening = episodes.VisitOpening(
        run.make_id(),
        patient.key,
        first_kind(way.urgency),
        way.condition.complaint,
        department_id=desk.department_id,
    )
    content = content_of(run.rng, way.condition, way.condition.summary, "上转")
    return episodes.LoadedVisit(
        opening, writer(desk, way), content, episodes.JoinAct.OPENED, way.sent_at + 5 * _MINUTE
    )


def first_kind(urgency: str) -> episodes.VisitKind:
    """What kind of visit somebody comes to who is sent up that urgently."""
    return episodes.VisitKind.EMERGENCY if urgency == CRITICAL else episodes.VisitKind.OUTPATIENT


def writer(desk: Desk, way: WayUp) -> episodes.Writer:
    """Who wrote the first visit."""
    return episodes.Writer(desk.user_id, desk.name, desk.institution_id, desk.staff_id, way.seen_at)


def content_of(rng: Random, condition: Condition, story: str, plan: str) -> episodes.VisitContent:
    """Vitals, diagnosis and a short note."""
    return episodes.VisitContent(
        vitals=read_signs(rng, condition.vitals),
        diagnoses=[episodes.DiagnosisSpec(condition.code, text=condition.words)],
        note=episodes.NoteSpec(subjective=story, plan=plan),
    )


def _there(
    patient: Patient, way: WayUp, desk: Desk, lies: Lies, up_id: UUID, run: Invention
) -> episodes.LoadedVisit:
    """What the hospital did: a stay in the bed, or a visit to its clinic."""
    bed = lies.bed
    condition, at = way.condition, way.admitted_at if bed else way.arrived_at + 5 * _MINUTE
    kind = episodes.VisitKind.INPATIENT if bed else episodes.VisitKind.OUTPATIENT
    opening = episodes.VisitOpening(
        lies.visit_id,
        patient.key,
        kind,
        condition.complaint,
        department_id=bed.department_id if bed else desk.department_id,
        bed_id=bed.id if bed else None,
        origin=episodes.Origin(up_id, up_id),
    )
    note = "入院治疗" if bed else condition.outcome
    return episodes.LoadedVisit(
        opening,
        episodes.Writer(desk.user_id, desk.name, desk.institution_id, desk.staff_id, at),
        content_of(run.rng, condition, condition.complaint, note),
        episodes.JoinAct.CHAIN,
        way.out_at,
        _discharge(way) if bed else None,
    )


def _discharge(way: WayUp) -> episodes.DischargeSpec:
    if way.ending is Ending.DIED:
        return episodes.DischargeSpec(
            episodes.DischargeWay.DIED, episodes.Outcome.DIED, f"{way.condition.words}，抢救无效死亡。"
        )
    leaves = episodes.DischargeWay.TO_PRIMARY if way.home else episodes.DischargeWay.ON_ADVICE
    return episodes.DischargeSpec(leaves, episodes.Outcome.IMPROVED, f"{way.condition.outcome}。")


def _at_home(patient: Patient, way: WayUp, home: Home, desk: Desk, visit_id: UUID) -> episodes.LoadedVisit:
    opening = episodes.VisitOpening(
        visit_id, patient.key, episodes.VisitKind.FOLLOW_UP, f"{way.condition.words}出院后首次随访"[:100]
    )
    content = episodes.VisitContent(
        diagnoses=[episodes.DiagnosisSpec(way.condition.code, text=way.condition.words)],
        note=episodes.NoteSpec(subjective="出院后恢复好，照回转单做", plan="继续回转单方案，2 周后随访"),
    )
    return episodes.LoadedVisit(
        opening,
        episodes.Writer(
            desk.user_id, desk.name, desk.institution_id, desk.staff_id, home.seen_at - 15 * _MINUTE
        ),
        content,
        episodes.JoinAct.CHAIN,
        home.seen_at + 5 * _MINUTE,
    )


# --- the two forms ----------------------------------------------------------------------------------
def _up_spec(
    run: Invention, patient: Patient, way: WayUp, ids: tuple[UUID, UUID], to: tuple[Hospital, Ward]
) -> referrals.UpSpec:
    up_id, episode_id = ids
    hospital, ward = to
    condition, outside = way.condition, hospital.row.is_external
    return referrals.UpSpec(
        id=up_id,
        person_id=patient.key,
        episode_id=episode_id,
        urgency=way.urgency,
        reason=referrals.Reason(condition.reason),
        diagnoses=(referrals.Diagnosed(condition.code, condition.words),),
        case=referrals.CaseText(summary=condition.summary),
        contact=contact_of(patient),
        target=referrals.Target(
            hospital.row.id,
            None if outside else ward.room.id,
            "" if outside else ward.specialty,
            next(iter(condition.wards.values())) if outside else "",
        ),
        transport_code=transport_of(run.rng, condition, way.urgency),
        consent_given=True,
    )


def transport_of(rng: Random, condition: Condition, urgency: str) -> str:
    """How the person is to travel."""
    if urgency != ROUTINE or condition.needs_ambulance:
        return "county-120"
    return rng.choice(("self", "own-vehicle"))


def contact_of(patient: Patient) -> referrals.Contact:
    """Whom to call: the person, the family, or the village doctor's desk where nobody has a telephone."""
    if patient.one.phone:
        return referrals.Contact(patient.one.phone, patient.one.name, "01")
    if patient.family is not None:
        return referrals.Contact(patient.family.phone, patient.family.name, patient.relation)
    return referrals.Contact("13000000000", patient.place.clinic.name, "99")


def _down_spec(
    patient: Patient, way: WayUp, home: Home, ids: tuple[UUID, UUID, UUID], crew: Crew, home_row: UUID
) -> referrals.DownSpec:
    down_id, up_id, episode_id = ids
    return referrals.DownSpec(
        id=down_id,
        person_id=patient.key,
        episode_id=episode_id,
        urgency=ROUTINE,
        reason=referrals.Reason(down_reason(way.condition.reason)),
        diagnoses=(referrals.Diagnosed(way.condition.code, way.condition.words),),
        plan=plan_of(way.condition),
        drugs=tuple(drugs_of(way)),
        target=referrals.Target(home_row),
        first_follow_up_date=home.first_date,
        up_id=up_id,
        follower=referrals.Follower(crew.village_doctor.institution_id, crew.village_doctor.staff_id),
    )


def down_reason(up_reason: str) -> str:
    """Why somebody goes home who came up for that."""
    return {"surgery": "rehabilitation", "uncontrolled": "chronic", "critical": "rehabilitation"}.get(
        up_reason, "stable"
    )


def plan_of(condition: Condition) -> referrals.Plan:
    """What is to be done at home."""
    return referrals.Plan(
        discharge_summary=f"{condition.outcome}。",
        treatment=condition.treatment,
        warning_signs=condition.warning,
        rehabilitation=condition.rehabilitation,
        lifestyle=condition.lifestyle,
    )


def drugs_of(way: WayUp) -> Iterator[referrals.Drug]:
    """The drugs of the plan; the first one is always to be had at the township."""
    for place, each in enumerate(way.condition.drugs):
        yield drug(each, referrals.Availability.NO if place > 2 else referrals.Availability.YES)


def drug(each: Medicine, there: referrals.Availability) -> referrals.Drug:
    """A drug as the plan names it."""
    return referrals.Drug(each.name, each.dose, each.frequency, each.route, each.days, there)
