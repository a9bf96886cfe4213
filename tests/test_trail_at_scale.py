"""The auditor's pages over five million entries of half a year: what they cost is written down."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from yiti.foundation.access.tests.builders import working
from yiti.foundation.administration.selectors import night_hours, thresholds
from yiti.foundation.audit import public as audit
from yiti.kernel.clock import local_date, now
from yiti.kernel.tests.builders import an_actor
from yiti.ops.database import Database
from yiti.ops.roles import Role

ENTRIES, USERS, DAYS, PEOPLE = 5_000_000, 900, 180, 300_000
_FILL = """
INSERT INTO audit_auditentry (id, at, request_id, user_id, user_name, institution_id, institution_name,
                              action, purpose, outcome, kind, person_id)
SELECT lpad(to_hex(n), 32, '0')::uuid,
       now() - make_interval(secs => %(days)s * 86400.0 * (1 - n::float / %(entries)s)), '',
       md5('u' || u)::uuid, '人' || u, md5('i' || u %% 40)::uuid, '机构' || u %% 40,
       (ARRAY['read:residents:record', 'read:episodes:thread', 'read:find', 'read:residents:facts'])
           [1 + n %% 4],
       'care', CASE WHEN n %% 200 = 0 THEN 'refused' ELSE 'done' END, 'residents.resident',
       CASE WHEN n %% 4 = 2 THEN NULL ELSE md5('p' || hashint4(n) %% %(people)s)::uuid END
FROM generate_series(1, %(entries)s) AS n, LATERAL (SELECT abs(hashint4(n / 7)) %% %(users)s AS u) AS one
"""
_BURST = """
INSERT INTO audit_auditentry (id, at, request_id, user_id, user_name, institution_id, institution_name,
                              action, purpose, outcome, kind, person_id)
SELECT gen_random_uuid(), now() - interval '2 minutes', '', md5('u1')::uuid, '人1', md5('i1')::uuid, '机构1',
       'read:residents:record', 'care', 'done', 'residents.resident', gen_random_uuid()
FROM generate_series(1, 400)
"""


@pytest.mark.prove
def test_five_million_entries(committed_db: Database, proof: Callable[..., None]) -> None:
    with committed_db.connect(Role.OWNER) as owner:
        owner.execute("ALTER TABLE audit_auditentry DISABLE TRIGGER audit_awaits_seal")
        owner.execute(_FILL, {"entries": ENTRIES, "days": DAYS, "users": USERS, "people": PEOPLE})
        owner.execute("ALTER TABLE audit_auditentry ENABLE TRIGGER audit_awaits_seal")
        owner.execute("ANALYZE audit_auditentry")
    auditor, today = an_actor("audit.read"), local_date(now())
    began = time.monotonic()
    with working(committed_db):
        audit.count_finished_days(now(), night_hours(today))
    per_day = round((time.monotonic() - began) * 1000 / DAYS)
    quiet = unusual(auditor, today - timedelta(days=60), today - timedelta(days=54))
    with committed_db.connect(Role.OWNER) as owner:
        owner.execute(_BURST)
    figures = {
        "count_a_day_ms": per_day,
        "unusual_7_days_ms": clocked(lambda: unusual(auditor, today - timedelta(days=6), today)),
        "unusual_31_days_ms": clocked(lambda: unusual(auditor, today - timedelta(days=30), today)),
        "refused_all_ms": clocked(lambda: audit.refused_days(auditor, audit.Asked(), limit=20)),
        "refused_count_ms": clocked(lambda: audit.count_refused_days(auditor, audit.Asked())),
        "newest_page_ms": clocked(lambda: audit.trail(auditor, limit=20)),
    }
    listed = unusual(auditor, today - timedelta(days=6), today)
    assert [(row.user_name, row.people > 390) for row, _why in listed if row.user_name == "人1"] == [
        ("人1", True)
    ]
    proof(
        "trail-at-scale",
        entries=ENTRIES,
        users=USERS,
        days=DAYS,
        listed=len(listed),
        quiet=len(quiet),
        **figures,
    )


def unusual(auditor: object, since: date, until: date) -> list[tuple[audit.UserDay, list[audit.Finding]]]:
    """The days that stand out, by the rules of the house."""
    return audit.unusual_days(auditor, since, until, thresholds=thresholds(until), night=night_hours(until))  # type: ignore[arg-type]


def clocked(ask: Callable[[], object]) -> int:
    """How many milliseconds it takes, the second time."""
    ask()
    began = time.monotonic()
    ask()
    return round((time.monotonic() - began) * 1000)
