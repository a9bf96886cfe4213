"""Who lies in the hospitals now without having been referred: wards as full as on a working day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta

from yiti.config.example.conditions import HEAD, MATERNAL, TCM, Condition, conditions
from yiti.config.example.desks import Desks
from yiti.config.example.hospitals import TOWNSHIPS, Hospital, Ward
from yiti.config.example.parties import Patient
from yiti.config.example.pool import Pool, Suits, draw_township
from yiti.config.example.run import Invention
from yiti.config.example.signs import ADULT, read_signs
from yiti.kernel.clock import SHANGHAI, local_date
from yiti.kernel.identity import Sex
from yiti.registry.facilities import public as facilities
from yiti.spine.episodes import public as episodes

VISIT = "episodes.visit"
"""What the bed uses of these stays are made for; their id is the visit's."""

# Beds of wards of the head hospital that are not free for others on a working day: those of people who were
# referred, too, some of whom have left since.
TAKEN = {"XXG": 45, "SN": 39, "PW": 31, "GK": 36, "FC": 21, "EK": 24, "HX": 33, "JZ": 6}
_SHARES = (0.62, 0.88)
# What people have in wards that no condition of the table leads to: code, words, complaint, vitals.
_ELSEWHERE = {
    "ICU": ("A41.9", "脓毒症", "高热、意识模糊 1 天", "bp~94/54 hr~124 rr~28 t~39.1 spo2~92"),
    "KF": ("I69.3", "脑梗死后遗症", "肢体活动不利，康复", ADULT),
    "ZL": ("C34.9", "支气管和肺恶性肿瘤", "肺癌化疗", ADULT),
    "ZY": ("M54.5", "腰痛", "腰痛 2 周", ADULT),
    "ZJ": ("M54.5", "腰痛", "腰腿痛，针灸治疗", ADULT),
    "JZ": ("R10.4", "腹痛", "腹痛待查，留观", ADULT),
    "WG": ("J35.0", "慢性扁桃体炎", "反复咽痛 2 年", ADULT),
    "WK": ("L08.9", "皮肤软组织感染", "小腿红肿疼痛 3 天", "bp~130/78 hr~86 rr~18 t~37.6 spo2~97"),
    "FK": ("N80.9", "子宫内膜异位症", "痛经半年", ADULT),
    "FE": ("O20.0", "先兆流产", "停经 10 周，阴道少量出血 1 天", ADULT),
    "XSE": ("J18.9", "肺炎", "咳嗽、气促 2 天", "bp~76/44 hr~142 rr~48 t~37.4 spo2~94"),
    "YY": ("I69.3", "脑梗死后遗症", "长期护理", ADULT),
}
_USUAL = ("J18.9", "肺炎", "咳嗽、发热 4 天", "bp~132/78 hr~94 rr~22 t~38.2 spo2~95")


def stays_now(
    run: Invention, desks: Desks, hospitals: Mapping[str, Hospital], pool: Pool, referred: Mapping[str, int]
) -> Iterator[tuple[episodes.LoadedEpisode, facilities.LoadedStay]]:
    """One episode and one bed for each; `referred` are beds of wards of the head hospital kept for others."""
    for code in (HEAD, TCM, MATERNAL, *TOWNSHIPS):
        for ward in hospitals[code].wards.values():
            count = _count(run, code, ward) - (referred.get(ward.room.code, 0) if code == HEAD else 0)
            for bed in run.rng.sample(ward.beds, max(0, round(count * run.share))):
                found = _lies(run, desks, (code, ward), bed, pool)
                if found is not None:
                    yield found


def _count(run: Invention, code: str, ward: Ward) -> int:
    if code == HEAD and ward.room.code in TAKEN:
        return TAKEN[ward.room.code]
    return round(len(ward.beds) * run.rng.uniform(*_SHARES))


def _lies(
    run: Invention, desks: Desks, place: tuple[str, Ward], bed: facilities.BedRow, pool: Pool
) -> tuple[episodes.LoadedEpisode, facilities.LoadedStay] | None:
    (code, ward), rng = place, run.rng
    fitting = [each for each in conditions() if each.wards.get(code) == ward.room.code and each.stay]
    condition = rng.choice(fitting) if fitting else None
    township = code if code in TOWNSHIPS else draw_township(rng)
    suits = condition.suits if condition else _suits(ward.room.code)
    mark = condition.mark if condition else ""
    patient = pool.draw(township, suits, local_date(run.at), mark=mark)
    if patient is None:
        return None
    words = _words(condition, ward.room.code)
    desk = rng.choice(desks.treating(code, ward.room.code))
    since = _since(run, condition.stay if condition else 7)
    writer = episodes.Writer(desk.user_id, desk.name, desk.institution_id, desk.staff_id, since)
    visit = _stay(run, patient, words, writer, bed)
    episode = episodes.LoadedEpisode(run.make_id(), words[1], words[0], [visit])
    return episode, facilities.LoadedStay(bed.id, visit.opening.id, since)


def _words(condition: Condition | None, ward: str) -> tuple[str, str, str, str]:
    """Code, words, complaint and vitals."""
    if condition is not None:
        return condition.code, condition.words, condition.complaint, condition.vitals
    return _ELSEWHERE.get(ward, _USUAL)


def _suits(ward: str) -> Suits:
    """Who may lie in a ward that no condition leads to: children in those for children, else adults."""
    if ward in ("EK", "XSE"):
        return lambda one, age: age < (1 if ward == "XSE" else 10)
    if ward in ("FC", "CK", "FK", "FE"):
        return lambda one, age: one.sex is Sex.FEMALE and 19 < age < 43
    return lambda one, age: age >= 40


def _since(run: Invention, usual: int) -> datetime:
    """When the stay began: a desk's hours on one of the last days."""
    day = local_date(run.at) - timedelta(days=run.rng.randint(1, max(2, usual)))
    return datetime.combine(day, time(run.rng.randint(8, 16), run.rng.randint(0, 59)), SHANGHAI)


def _stay(
    run: Invention,
    patient: Patient,
    words: tuple[str, str, str, str],
    writer: episodes.Writer,
    bed: facilities.BedRow,
) -> episodes.LoadedVisit:
    code, problem, complaint, vitals = words
    opening = episodes.VisitOpening(
        run.make_id(),
        patient.key,
        episodes.VisitKind.INPATIENT,
        complaint,
        department_id=bed.department_id,
        bed_id=bed.id,
    )
    content = episodes.VisitContent(
        vitals=read_signs(run.rng, vitals),
        diagnoses=[episodes.DiagnosisSpec(code, text=problem)],
        note=episodes.NoteSpec(subjective=complaint, plan="入院治疗"),
    )
    return episodes.LoadedVisit(opening, writer, content, episodes.JoinAct.OPENED)
