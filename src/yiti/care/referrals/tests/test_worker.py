"""What the worker does behind a referral: on a database that commits, as the role of the worker."""

from __future__ import annotations

from datetime import datetime

from yiti.care.referrals import commands, handlers
from yiti.care.referrals.domain import BED_WORK, Down, Reason, Up
from yiti.care.referrals.models import UpReferral
from yiti.care.referrals.tests.builders import (
    HOUR,
    START,
    County,
    followed_up,
    on_the_way,
    received,
    sent_down,
    stay_of,
)
from yiti.foundation.access import public as access
from yiti.foundation.access.tests.builders import working
from yiti.foundation.audit.models import AuditEntry
from yiti.kernel.actor import Actor
from yiti.ops.database import Database
from yiti.registry.facilities import public as facilities
from yiti.registry.residents.public import PersonDied
from yiti.spine.episodes import public as episodes
from yiti.spine.episodes.models import EpisodeChain
from yiti.spine.handoffs import handlers as handoffs_handlers
from yiti.spine.handoffs import public as handoffs

DIED = START + 20 * HOUR


def told(database: Database, row: handoffs.HandoffRow, *, at: datetime) -> None:
    """The worker hears that the referral has moved to where it stands, twice."""
    event = handoffs.HandoffMoved(
        handoff_id=row.id,
        handoff_kind=row.kind_code,
        person_id=row.person_id,
        seq=row.revision,
        step="",
        side="",
        from_state="",
        to_state=row.state,
        moved_at=at,
    )
    with working(database):
        handlers.on_handoff_moved(event)
        handlers.on_handoff_moved(event)


def seen(actor: Actor, row: handoffs.HandoffRow) -> handoffs.HandoffRow:
    return handoffs.detail(actor, row.id)


def chains_open(actor: Actor, row: handoffs.HandoffRow) -> int:
    with access.scoped(actor):
        return EpisodeChain.objects.filter(chain_id=row.chain_id, until__isnull=True).count()


def notes(action: str) -> int:
    return AuditEntry.objects.filter(action=action).count()


def test_the_village_closes_the_way_home_and_the_system_the_way_up(
    real_county: County, committed_db: Database
) -> None:
    county = real_county
    up = on_the_way(county, Up.OUTCOME_SENT)
    down = followed_up(county, received(county, sent_down(county, up_id=up.id)))
    down = commands.close_down(
        actor=county.village_doctor, handoff_id=down.id, revision=down.revision, at=START + 28 * HOUR
    )
    told(committed_db, down, at=START + 28 * HOUR)
    closed = seen(county.village_doctor, up)
    assert (closed.state, closed.revision) == (Up.CLOSED, up.revision + 1)
    line = handoffs.history(county.village_doctor, up.id)[0]
    assert (line.title, line.text) == ("已关闭", down.number)
    assert chains_open(county.village_doctor, up) == 0
    assert notes("referrals.close_up") == 1


def test_a_way_up_that_is_not_that_far_stays_open(real_county: County, committed_db: Database) -> None:
    county = real_county
    up = on_the_way(county, Up.OUTCOME_SENT)
    down = sent_down(county, up_id=up.id)
    down = commands.decline(
        actor=county.physician, handoff_id=down.id, reason=Reason("no-bed"), revision=1, at=START + 26 * HOUR
    )
    told(committed_db, down, at=START + 26 * HOUR)
    assert (down.state, seen(county.village_doctor, up).state) == (Down.DECLINED, Up.OUTCOME_SENT)


def test_a_withdrawal_ends_the_chain_as_well(real_county: County, committed_db: Database) -> None:
    county = real_county
    up = on_the_way(county, Up.ACCEPTED)
    assert chains_open(county.village_doctor, up) == 1
    up = commands.cancel(
        actor=county.village_doctor,
        handoff_id=up.id,
        reason=Reason("refused"),
        revision=up.revision,
        at=START + HOUR,
    )
    told(committed_db, up, at=START + HOUR)
    assert chains_open(county.village_doctor, up) == 0
    assert notes("referrals.settle") == 0


def test_a_death_on_the_road_frees_the_bed(real_county: County, committed_db: Database) -> None:
    county = real_county
    up = on_the_way(county, Up.IN_TRANSIT)
    event = PersonDied(county.person_id, deceased_at=START + HOUR, recorded_at=START + HOUR)
    with working(committed_db):
        handoffs_handlers.on_person_died(event)
    up = seen(county.village_doctor, up)
    assert up.state == Up.DIED
    told(committed_db, up, at=START + HOUR)
    assert facilities.bed_use(BED_WORK, up.id, START + HOUR) is None
    assert notes("referrals.settle") == 1


def discharged(county: County, up: handoffs.HandoffRow) -> episodes.PersonDischarged:
    """The ward ends the stay on its own page, without a thought for the referral."""
    with access.scoped(county.ward_doctor):
        visit_id = stay_of(up)
    visit = episodes.visit(county.ward_doctor, visit_id)
    spec = episodes.DischargeSpec(episodes.DischargeWay.ON_ADVICE, episodes.Outcome.CURED, "痊愈出院")
    episodes.discharge(
        actor=county.ward_doctor, visit_id=visit.id, spec=spec, revision=visit.revision, at=DIED
    )
    return episodes.PersonDischarged(
        visit.id, visit.episode_id, visit.person_id, visit.institution_id, "1", "1", DIED
    )


def test_a_discharge_sends_the_outcome_by_itself(real_county: County, committed_db: Database) -> None:
    county = real_county
    up = on_the_way(county, Up.IN_CARE)
    event = discharged(county, up)
    with working(committed_db):
        handlers.on_person_discharged(event)
        handlers.on_person_discharged(event)
    now = seen(county.village_doctor, up)
    assert (now.state, now.revision) == (Up.OUTCOME_SENT, up.revision + 1)
    with access.scoped(county.village_doctor):
        saved = UpReferral.objects.get(handoff_id=up.id)
    assert (saved.outcome_code, saved.discharge_way, saved.outcome_summary) == ("1", "1", "痊愈出院")
    assert facilities.bed_use(BED_WORK, up.id, DIED) is None
    assert handoffs.history(county.village_doctor, up.id)[0].text == "治愈，医嘱离院"
    assert notes("referrals.follow_discharge") == 1


def test_an_outcome_that_was_sent_stays_as_it_was_sent(real_county: County, committed_db: Database) -> None:
    county = real_county
    up = on_the_way(county, Up.OUTCOME_SENT)
    with access.scoped(county.ward_doctor):
        visit_id = stay_of(up)
    visit = episodes.visit(county.ward_doctor, visit_id)
    event = episodes.PersonDischarged(
        visit.id, visit.episode_id, visit.person_id, visit.institution_id, "3", "2", START + 24 * HOUR
    )
    with working(committed_db):
        handlers.on_person_discharged(event)
    assert seen(county.village_doctor, up).revision == up.revision
    assert notes("referrals.follow_discharge") == 0


def test_somebody_elses_discharge_is_no_business_of_referrals(
    real_county: County, committed_db: Database
) -> None:
    county = real_county
    event = episodes.PersonDischarged(
        county.visit_id, county.episode_id, county.person_id, county.clinic.pk, "1", "1", START
    )
    with working(committed_db):
        handlers.on_person_discharged(event)
    assert notes("referrals.follow_discharge") == 0
