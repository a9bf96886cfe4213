"""What the loader copies is what a command would have written. Every test really commits."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from uuid import UUID

import psycopg
import pytest

from yiti.foundation.access import public as access
from yiti.foundation.audit.models import AuditEntry
from yiti.kernel.actor import Actor
from yiti.kernel.clock import now
from yiti.kernel.ids import id_at, new_id
from yiti.ops.database import Database
from yiti.ops.roles import Role
from yiti.registry.residents.models import RecordAccess
from yiti.registry.terminology.tests import builders as terminology
from yiti.spine.episodes import public as episodes
from yiti.spine.episodes.models import Episode
from yiti.spine.episodes.tests.builders import (
    a_doctor,
    a_patient,
    a_visit,
    an_opening,
    connected_as,
    drugs,
    readings,
)

DAY = timedelta(days=1)


@pytest.fixture
def doctor(committed_db: Database) -> Actor:
    """A village doctor, in a database of her own."""
    terminology.load()
    return a_doctor()


def content() -> episodes.VisitContent:
    """Everything at once, with the words of its diagnosis."""
    return episodes.VisitContent(
        vitals=readings(systolic=168, diastolic=102),
        diagnoses=[episodes.DiagnosisSpec("I20.0", text="不稳定型心绞痛")],
        note=episodes.NoteSpec(plan="建议上转"),
        treatments=[episodes.TreatmentSpec("吸氧 3 L/分")],
        medications=drugs("氨氯地平片"),
    )


def a_batch(doctor: Actor, person_id: UUID) -> episodes.Batch:
    """An open episode of two visits, and a closed one of a stay half a year ago."""
    numbers = count(1)
    long_ago = now() - 180 * DAY

    def writer(at: datetime) -> episodes.Writer:
        return episodes.Writer(doctor.user_id, doctor.name, doctor.institution_id, doctor.staff_id, at)

    visits = [
        episodes.LoadedVisit(an_opening(person_id), writer(at), content(), act, ended_at=ended)
        for at, act, ended in (
            (now() - 3 * DAY, episodes.JoinAct.OPENED, now() - 3 * DAY),
            (now() - DAY, episodes.JoinAct.SAME_PROBLEM, None),
        )
    ]
    stay = episodes.LoadedVisit(
        opening=an_opening(person_id, kind=episodes.VisitKind.INPATIENT, chief_complaint="摔伤"),
        writer=writer(long_ago),
        content=episodes.VisitContent(),
        act=episodes.JoinAct.OPENED,
        ended_at=long_ago + 7 * DAY,
        discharge=episodes.DischargeSpec(episodes.DischargeWay.ON_ADVICE, episodes.Outcome.CURED, "骨折愈合"),
    )
    return episodes.Batch(
        episodes=[
            episodes.LoadedEpisode(new_id(), "不稳定型心绞痛", "I20.0", visits),
            episodes.LoadedEpisode(
                new_id(), "股骨颈骨折", "S72.0", [stay], closed_at=long_ago + 7 * DAY, close_reason="痊愈"
            ),
        ],
        make_id=lambda: id_at(1_795_000_000_000, next(numbers)),
    )


def as_loader(doctor: Actor, batch: episodes.Batch) -> int:
    """Load with the role of the loader."""
    with connected_as(Role.LOADER):
        return episodes.load_episodes(actor=doctor, batch=batch, at=now())


def test_a_loaded_episode_reads_like_a_written_one(doctor: Actor) -> None:
    person_id, other = a_patient(doctor, at=now()), a_patient(doctor, at=now())
    written = a_visit(doctor, other, at=now(), content=content())
    assert as_loader(doctor, a_batch(doctor, person_id)) == 3
    thread = episodes.timeline(doctor, person_id, episodes.Window(limit=50))
    assert [(g.episode.state, len(g.entries)) for g in thread.groups if g.episode] == [
        ("open", 2),
        ("closed", 1),
    ]
    loaded = thread.groups[0].entries[0]
    like = episodes.timeline(doctor, other, episodes.Window(limit=50)).groups[0].entries[0]
    assert (loaded.title, loaded.second_line, loaded.who) == (like.title, like.second_line, like.who)
    newest = UUID(loaded.url.split("/")[-2])
    mine, theirs = (episodes.visit_detail(doctor, each, now()) for each in (newest, written.id))
    assert [(r.reading, r.alarm) for r in mine.vitals] == [(r.reading, r.alarm) for r in theirs.vitals]
    assert mine.notes[0].plan == theirs.notes[0].plan
    assert [row.name for row in episodes.medications(doctor, person_id).items] == ["氨氯地平片"]


def test_loaded_numbers_and_written_ones_follow_each_other(doctor: Actor) -> None:
    person_id = a_patient(doctor, at=now())
    a_visit(doctor, a_patient(doctor, at=now()), at=now())
    as_loader(doctor, a_batch(doctor, person_id))
    last = a_visit(doctor, a_patient(doctor, at=now()), at=now())
    with access.scoped(doctor):
        numbers = list(Episode.objects.values_list("number", flat=True))
    assert len(set(numbers)) == 4
    assert episodes.episode(doctor, last.episode_id).number == max(numbers)


def test_records_open_for_visits_that_go_on_or_are_not_long_over(
    doctor: Actor, committed_db: Database
) -> None:
    batch = a_batch(doctor, a_patient(doctor, at=now()))
    as_loader(doctor, batch)
    given = RecordAccess.objects.filter(for_kind="episodes.visit")
    assert set(given.values_list("for_id", flat=True)) == {v.opening.id for v in batch.episodes[0].visits}


def test_a_batch_leaves_one_audit_row(doctor: Actor) -> None:
    as_loader(doctor, a_batch(doctor, a_patient(doctor, at=now())))
    row = AuditEntry.objects.get(action="episodes.load_episodes")
    assert row.detail == {"episodes": 2, "visits": 3}


def test_the_pages_do_not_load(doctor: Actor) -> None:
    with pytest.raises(psycopg.errors.FeatureNotSupported, match="row-level security"):
        episodes.load_episodes(actor=doctor, batch=a_batch(doctor, a_patient(doctor, at=now())), at=now())
