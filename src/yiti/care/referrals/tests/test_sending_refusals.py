"""Sending up: what is written, on which episode and chain, who must agree, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yiti.care.referrals import commands
from yiti.care.referrals.domain import CaseText, Diagnosed, Reason, Target, Up
from yiti.care.referrals.models import UpReferral
from yiti.care.referrals.tests.builders import (
    HOUR,
    START,
    County,
    a_visit,
    accepted,
    an_up_spec,
    episode_of,
    sent_up,
    wearing,
)
from yiti.foundation.audit.models import AuditEntry
from yiti.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted
from yiti.kernel.ids import new_id
from yiti.registry.residents.tests import builders as residents
from yiti.spine.episodes import public as episodes

pytestmark = pytest.mark.django_db


def sent_count() -> int:
    return UpReferral.objects.count()


def test_a_hospital_does_not_send_up_to_a_township(county: County) -> None:
    visit_id = a_visit(county.ward_doctor, county.person_id)
    with pytest.raises(InvalidInput, match="往下级转请用下转单"):
        sent_up(
            county,
            by=county.ward_doctor,
            target=Target(county.township.pk),
            episode_id=episode_of(county.ward_doctor, visit_id),
        )


def test_nobody_sends_without_the_permission(county: County) -> None:
    with pytest.raises(NotPermitted):
        sent_up(county, by=wearing(county.village_doctor, permissions=frozenset({"residents.read"})))


def test_a_stranger_to_the_record_finds_nobody(county: County) -> None:
    with pytest.raises(NotFound):
        sent_up(county, by=county.ward_doctor, target=Target(county.city.pk))


def test_another_persons_episode_is_not_found(county: County) -> None:
    other = residents.a_person(county.village_doctor, at=START)
    episode_id = episode_of(county.village_doctor, a_visit(county.village_doctor, other))
    with pytest.raises(NotFound):
        sent_up(county, episode_id=episode_id)


def test_a_closed_episode_asks_for_a_new_visit(county: County) -> None:
    doctor = county.village_doctor
    visit = episodes.visit(doctor, county.visit_id)
    episodes.end_visit(actor=doctor, visit_id=visit.id, revision=visit.revision, at=START)
    row = episodes.episode(doctor, county.episode_id)
    episodes.close_episode(
        actor=doctor, episode_id=row.id, reason="已好转不用再治", revision=row.revision, at=START
    )
    with pytest.raises(Conflict, match="请先新建就诊再转诊"):
        sent_up(county)


def test_an_episode_that_went_up_in_another_one_is_followed(county: County) -> None:
    doctor = county.village_doctor
    choice = episodes.EpisodeChoice(None, "另一个问题单独看")
    opening = episodes.VisitOpening(
        new_id(), county.person_id, episodes.VisitKind.OUTPATIENT, "头晕 1 天", choice=choice
    )
    episodes.open_visit(actor=doctor, opening=opening, content=episodes.VisitContent(), at=START)
    into = episode_of(doctor, opening.id)
    revisions = (
        episodes.episode(doctor, into).revision,
        episodes.episode(doctor, county.episode_id).revision,
    )
    episodes.join_episodes(
        actor=doctor,
        into_id=into,
        from_id=county.episode_id,
        reason="其实是同一个问题",
        revisions=revisions,
        at=START,
    )
    assert sent_up(county).episode_id == into


# --- twice ----------------------------------------------------------------------------------------
def test_a_double_click_sends_once(county: County) -> None:
    spec = an_up_spec(county)
    first = commands.send_up(actor=county.village_doctor, spec=spec, at=START)
    again = commands.send_up(actor=county.village_doctor, spec=spec, at=START + HOUR)
    assert (again.id, again.revision, sent_count()) == (first.id, 1, 1)
    assert AuditEntry.objects.filter(action="referrals.send_up").count() == 1


def test_a_late_repeat_still_gets_its_answer(county: County) -> None:
    """The chain has been linked meanwhile, so the same form would now make another wish."""
    spec = an_up_spec(county)
    row = commands.send_up(actor=county.village_doctor, spec=spec, at=START)
    accepted(county, row)
    again = commands.send_up(actor=county.village_doctor, spec=spec, at=START + 2 * HOUR)
    assert (again.id, again.state) == (row.id, Up.ACCEPTED)


@pytest.mark.parametrize(
    "changes",
    [{"reason": Reason("unclear")}, {"diagnoses": (Diagnosed("I10"),)}, {"case": CaseText(summary="另一段")}],
    ids=["reason", "diagnoses", "case"],
)
def test_another_content_under_the_same_id_is_not_swallowed(county: County, changes: dict[str, Any]) -> None:
    spec = an_up_spec(county)
    commands.send_up(actor=county.village_doctor, spec=spec, at=START)
    with pytest.raises(Conflict, match="后来的改动没有保存"):
        commands.send_up(actor=county.village_doctor, spec=replace(spec, **changes), at=START)


def test_an_id_that_somebody_else_has_used_is_refused_without_a_word_about_it(county: County) -> None:
    spec = an_up_spec(county, id=sent_up(county).id)
    visit_id = a_visit(county.physician, county.person_id)
    mine = replace(spec, episode_id=episode_of(county.physician, visit_id))
    with pytest.raises(Conflict, match="这一份已经办过了"):
        commands.send_up(actor=county.physician, spec=mine, at=START)


# --- how much it costs ----------------------------------------------------------------------------
def test_the_command_itself_takes_eleven_statements(county: County) -> None:
    """Transaction and scope, four look-ups, its own two tables, draft and audit; the rest is the engine's
    (`handoffs.open_handoff`, with the accesses to the record)."""
    sent_up(county)  # code lists are read into memory once a process
    with CaptureQueriesContext(connection) as queries:
        sent_up(county)
    said = [each["sql"] for each in queries]
    engine_begins = next(n for n, sql in enumerate(said) if 'FROM "handoffs_handoff"' in sql)
    engine_ends = next(n for n, sql in enumerate(said) if sql.startswith('INSERT INTO "outbox_outboxevent"'))
    assert engine_begins + len(said[engine_ends + 1 :]) == 11, "\n".join(said)
    assert len(said) <= 30
