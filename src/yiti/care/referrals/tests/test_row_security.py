"""The database itself: who sees a referral's rows, who writes them, and what nobody changes.

Every test really commits, as the role of the pages.
"""

from __future__ import annotations

from dataclasses import replace

import psycopg
import pytest
from django.db import DatabaseError, connection

from yiti.care.referrals import commands
from yiti.care.referrals.domain import CaseText, PrintCopy, Reason, Up
from yiti.care.referrals.tests.builders import (
    HOUR,
    START,
    County,
    followed_up,
    on_the_way,
    received,
    sent_down,
    sent_up,
)
from yiti.foundation.access import public as access
from yiti.kernel.actor import Actor
from yiti.ops.database import Database
from yiti.ops.roles import Role
from yiti.spine.handoffs.tests.builders import somebody_at

GUARDED = (
    "referrals_upreferral",
    "referrals_upamendment",
    "referrals_downreferral",
    "referrals_downdrug",
    "referrals_referraldiagnosis",
    "referrals_codedreason",
    "referrals_printlog",
)
KEPT = (
    ("referrals_upreferral", "UPDATE referrals_upreferral SET reason_code = 'other'"),
    ("referrals_upreferral", "UPDATE referrals_upreferral SET sent_at = now()"),
    ("referrals_upreferral", "UPDATE referrals_upreferral SET approval_rule = 'none'"),
    ("referrals_downreferral", "UPDATE referrals_downreferral SET treatment = 'none'"),
    ("referrals_downdrug", "UPDATE referrals_downdrug SET dose = '9 g'"),
    ("referrals_referraldiagnosis", "UPDATE referrals_referraldiagnosis SET code = 'I10'"),
    ("referrals_codedreason", "UPDATE referrals_codedreason SET code = 'other'"),
    ("referrals_upamendment", "UPDATE referrals_upamendment SET old = ''"),
    ("referrals_printlog", "UPDATE referrals_printlog SET number = 1"),
    *((table, f"DELETE FROM {table}") for table in GUARDED),
)


def count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])


def seen(actor: Actor, table: str) -> int:
    with access.scoped(actor):
        return count(table)


def everything(county: County) -> None:
    """At least one row in every table of the room."""
    row = sent_up(county)
    row = commands.return_for_information(
        actor=county.nurse, handoff_id=row.id, reason=Reason("vitals"), revision=row.revision, at=START
    )
    case = CaseText(summary="反复胸闷 3 天，血压 160/98")
    commands.supply_up(
        actor=county.village_doctor,
        handoff_id=row.id,
        comment="已补",
        case=case,
        revision=row.revision,
        at=START + HOUR,
    )
    commands.note_print(actor=county.village_doctor, handoff_id=row.id, copy=PrintCopy.FORM, at=START + HOUR)
    other = on_the_way(county, Up.OUTCOME_SENT)
    followed_up(county, received(county, sent_down(county, up_id=other.id)))


@pytest.fixture
def full(real_county: County) -> County:
    """The county with rows in every table."""
    everything(real_county)
    return real_county


def test_each_side_sees_the_rows_a_stranger_and_nobody_see_none(full: County) -> None:
    stranger = somebody_at(full.other_township, "referrals.read", "referrals.board")
    for table in GUARDED:
        assert seen(full.village_doctor, table), table
        assert seen(stranger, table) == 0, table
        assert count(table) == 0, f"{table} without a scope"


def test_who_oversees_the_members_counts_but_does_not_write(full: County) -> None:
    office = somebody_at(full.tcm, "referrals.board")
    over = replace(office, oversees=frozenset({full.clinic.pk, full.head.pk}))
    assert seen(over, "referrals_upreferral") == 2
    with access.scoped(over), connection.cursor() as cursor:
        cursor.execute("UPDATE referrals_upreferral SET bed_label = '99'")
        assert cursor.rowcount == 0


@pytest.mark.parametrize("role", [Role.APP, Role.WORKER, Role.LOADER])
def test_what_was_sent_is_never_changed_and_nothing_is_deleted(
    full: County, committed_db: Database, role: Role
) -> None:
    with psycopg.connect(committed_db.urls[role], autocommit=True) as plain:
        plain.execute(
            "SELECT set_config('yiti.institution', %s, false)", [str(full.village_doctor.institution_id)]
        )
        for table, statement in KEPT:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                plain.execute(statement)
            assert table in GUARDED


def test_nobody_adds_to_a_referral_that_is_not_theirs(full: County) -> None:
    stranger = somebody_at(full.other_township, "referrals.read")
    row = sent_up(full, at=START + 30 * HOUR)
    statement = (
        "INSERT INTO referrals_codedreason (id, handoff_id, seq, step, code, given_at)"
        " VALUES (gen_random_uuid(), %s, 9, 'cancel', 'other', now())"
    )
    with (
        pytest.raises(DatabaseError, match="row-level security"),
        access.scoped(stranger),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, [row.id])
