"""The thread: newest first, by episode, with what higher rooms add."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from yiti.kernel.actor import Actor
from yiti.kernel.errors import NotFound
from yiti.kernel.ids import new_id
from yiti.registry.residents import public as residents
from yiti.spine.episodes import public as episodes
from yiti.spine.episodes.domain import timeline
from yiti.spine.episodes.tests.builders import (
    a_content,
    a_county_doctor,
    a_doctor,
    a_patient,
    a_visit,
    drugs,
    readings,
)

pytestmark = pytest.mark.usefixtures("code_tables")
DAY = timedelta(days=1)
ALL = episodes.Window(limit=50)
MOST_QUERIES = 22


def titles(thread: episodes.Thread) -> list[list[str]]:
    """The titles of the rows, by group."""
    return [[entry.title for entry in group.entries] for group in thread.groups]


@pytest.fixture
def provided() -> Iterator[list[episodes.ThreadEntry]]:
    """Rows that a higher room would add; gone after the test."""
    rows: list[episodes.ThreadEntry] = []

    def provide(
        actor: Actor, person_ids: Collection[UUID], window: episodes.Window
    ) -> episodes.ProvidedEntries:
        wanted = [row for row in rows if window.wants(row.sort)]
        return episodes.ProvidedEntries(wanted[: window.limit], len(wanted))

    episodes.register_timeline("test", provide, sorts=[episodes.EntryKind.HANDOFF])
    yield rows
    timeline._providers.pop("test")


def a_referral(at: datetime, episode_id: UUID | None) -> episodes.ThreadEntry:
    """A row of the referrals room."""
    return episodes.ThreadEntry(
        at=at,
        sort=episodes.EntryKind.HANDOFF,
        episode_id=episode_id,
        level="township",
        kind=episodes.Marker.HANDOFF_UP,
        title="上转县人民医院 心血管内科",
        second_line="三排卫生院 邓志明",
        who="",
        url="/referrals/1",
        status=episodes.Status("待接收"),
    )


def test_the_thread_is_newest_first_within_the_episode_that_was_active_last(at: datetime) -> None:
    doctor = a_doctor()
    person_id = a_patient(doctor)
    a_visit(doctor, person_id, "I10", at=at - 20 * DAY, is_long_term=True)
    a_visit(doctor, person_id, "I20.0", at=at - 2 * DAY)
    a_visit(doctor, person_id, "I10", at=at - DAY, kind=episodes.VisitKind.FOLLOW_UP)
    a_visit(doctor, person_id, at=at, choice=None)
    thread = episodes.timeline(doctor, person_id, ALL)
    assert titles(thread) == [
        ["门诊 · 胸闷 3 天"],
        ["随访 · 高血压 I10", "门诊 · 高血压 I10"],
        ["门诊 · 不稳定型心绞痛 I20.0"],
    ]
    assert (thread.shown, thread.total, thread.is_complete) == (4, 4, True)
    assert thread.groups[1].episode is not None
    assert thread.groups[1].episode.state.zh == "长期"


def test_a_row_says_where_and_what_was_found_and_done(at: datetime) -> None:
    doctor = a_doctor()
    content = a_content(
        "I20.0",
        vitals=readings(systolic=168, diastolic=102, heart_rate=96, temperature="36.8"),
        treatments=[episodes.TreatmentSpec("阿司匹林 300 mg")],
    )
    visit = a_visit(doctor, a_patient(doctor), at=at, content=content)
    row = episodes.timeline(doctor, visit.person_id, ALL).groups[0].entries[0]
    assert row.second_line == "油岭村卫生站 · 血压 168/102 · 心率 96 · 体温 36.8 · 阿司匹林 300 mg"
    assert (row.level, row.kind, row.who) == ("village", "in_person", "唐桂花")
    assert row.url == f"/episodes/visits/{visit.id}/"


def test_a_stay_shows_that_it_goes_on_and_then_how_it_ended(at: datetime) -> None:
    ward = a_county_doctor()
    stay = a_visit(ward, a_patient(ward), "I21.4", at=at - 7 * DAY, kind=episodes.VisitKind.INPATIENT)
    row = episodes.timeline(ward, stay.person_id, ALL).groups[0].entries[0]
    assert row.status == episodes.Status("诊疗中")
    spec = episodes.DischargeSpec(episodes.DischargeWay.ON_ADVICE, episodes.Outcome.IMPROVED, "好转")
    episodes.discharge(actor=ward, visit_id=stay.id, spec=spec, revision=1, at=at)
    row = episodes.timeline(ward, stay.person_id, ALL).groups[0].entries[0]
    assert row.second_line == "县人民医院 · 7 天 · 好转 · 医嘱离院"
    assert (row.status, row.who) == (None, "陈国栋")


def test_rows_of_higher_rooms_stand_in_their_episode(
    at: datetime, provided: list[episodes.ThreadEntry]
) -> None:
    doctor = a_doctor()
    visit = a_visit(doctor, a_patient(doctor), "I20.0", at=at)
    provided += [
        a_referral(at + timedelta(minutes=9), visit.episode_id),
        a_referral(at + timedelta(minutes=3), None),
        a_referral(at - DAY, new_id()),
    ]
    thread = episodes.timeline(doctor, visit.person_id, ALL)
    assert [(g.episode is None, len(g.entries)) for g in thread.groups] == [(False, 2), (True, 2)]
    assert thread.groups[0].entries[0].status == episodes.Status("待接收")
    assert thread.total == 4


WINDOWS = {
    "the newest two": (episodes.Window(limit=2), 2, 5),
    "all": (ALL, 5, 5),
    "visits only": (episodes.Window(limit=50, kinds=frozenset({episodes.EntryKind.VISIT})), 3, 3),
    "follow-ups only": (episodes.Window(limit=50, kinds=frozenset({episodes.EntryKind.FOLLOW_UP})), 1, 1),
    "handoffs only": (episodes.Window(limit=50, kinds=frozenset({episodes.EntryKind.HANDOFF})), 1, 1),
    "nothing of that sort": (episodes.Window(limit=50, kinds=frozenset({episodes.EntryKind.EXAM})), 0, 0),
}


@pytest.mark.parametrize(("window", "shown", "total"), WINDOWS.values(), ids=WINDOWS.keys())
def test_a_window_shows_and_counts(
    window: episodes.Window,
    shown: int,
    total: int,
    at: datetime,
    provided: list[episodes.ThreadEntry],
) -> None:
    doctor = a_doctor()
    person_id = a_patient(doctor)
    for days in range(3):
        a_visit(doctor, person_id, "I10", at=at - days * DAY)
    a_visit(doctor, person_id, "I10", at=at, kind=episodes.VisitKind.FOLLOW_UP)
    provided.append(a_referral(at, None))
    thread = episodes.timeline(doctor, person_id, window)
    assert (thread.shown, thread.total) == (shown, total)


def test_a_window_of_dates_includes_its_start_and_not_its_end(at: datetime) -> None:
    doctor = a_doctor()
    person_id = a_patient(doctor)
    for days in (0, 1, 2, 3):
        a_visit(doctor, person_id, "I10", at=at - days * DAY)
    window = episodes.Window(limit=50, since=at - 2 * DAY, before=at)
    times = [e.at for g in episodes.timeline(doctor, person_id, window).groups for e in g.entries]
    assert times == [at - DAY, at - 2 * DAY]


def test_the_thread_of_a_closed_record_is_not_found(at: datetime) -> None:
    doctor, county = a_doctor(), a_county_doctor()
    visit = a_visit(doctor, a_patient(doctor), at=at)
    for read in (
        lambda: episodes.timeline(county, visit.person_id, ALL),
        lambda: episodes.visit(county, visit.id),
        lambda: episodes.visit_detail(county, visit.id, at),
        lambda: episodes.episode(county, visit.episode_id),
        lambda: episodes.vitals(county, visit.person_id, at),
        lambda: episodes.medications(county, visit.person_id),
        lambda: episodes.summary_for_referral(county, visit.person_id, visit.episode_id, at),
    ):
        with pytest.raises(NotFound):
            read()
    assert episodes.open_episodes(county, visit.person_id) == []
    assert episodes.visits(county, [visit.id]) == {}


def test_merged_records_make_one_thread(at: datetime) -> None:
    doctor = a_doctor()
    one, two = a_patient(doctor), a_patient(doctor)
    first = a_visit(doctor, one, "I20.0", at=at - DAY, content=a_content("I20.0", medications=drugs("甲")))
    residents.merge_persons(actor=doctor, absorbed_id=one, kept_id=two, reason="同一个人登记了两次", at=at)
    second = a_visit(doctor, one, "I20.0", at=at)
    assert second.episode_id == first.episode_id
    assert second.person_id == two, "what is new is written under the id that is kept"
    assert titles(episodes.timeline(doctor, two, ALL)) == [["门诊 · 不稳定型心绞痛 I20.0"] * 2]
    seen = episodes.medications(doctor, two)
    assert [row.name for row in seen.items] == ["甲"]
    episodes.set_medications(actor=doctor, visit_id=second.id, items=drugs("乙"), seen_id=seen.id, at=at)
    assert [row.name for row in episodes.medications(doctor, one).items] == ["乙"]


def test_the_filter_offers_only_what_some_room_has(provided: list[episodes.ThreadEntry]) -> None:
    own = {episodes.EntryKind.VISIT, episodes.EntryKind.FOLLOW_UP, episodes.EntryKind.HANDOFF}
    assert own <= set(timeline.known_sorts())


def test_two_providers_do_not_share_a_name(provided: list[episodes.ThreadEntry]) -> None:
    with pytest.raises(ValueError, match="twice"):
        episodes.register_timeline("test", lambda *_: episodes.ProvidedEntries((), 0), sorts=[])
