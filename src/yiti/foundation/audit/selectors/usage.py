"""What stands out in the trail: refusals by user and day, and days of unusual use."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import connection
from django.db.models import Count, Max, QuerySet
from django.db.models.functions import TruncDate

from yiti.foundation.access import public as access
from yiti.foundation.audit.domain import (
    HISTORY,
    Asked,
    Finding,
    Outcome,
    RefusedRow,
    Threshold,
    UserDay,
    unusual,
)
from yiti.foundation.audit.models import AuditEntry, UserDayCount
from yiti.foundation.audit.registry import buttons, closed_looks, searches, word_of
from yiti.kernel.actor import Actor
from yiti.kernel.clock import SHANGHAI, local_date

_LONG_AGO = date(1970, 1, 1)
_REFUSED_ORDERS = {"day": ("day", "n"), "count": ("n", "day"), "user": ("name", "day")}

# One line for each user, day and person; what is about nobody (searches) is a line too.
_HOUR = "extract(hour FROM at AT TIME ZONE 'Asia/Shanghai')"
_OPENS = "starts_with(action, 'read:') AND action <> ALL(%(no_looks)s)"
COUNTED = f"""
WITH acts AS (
    SELECT user_id, (at AT TIME ZONE 'Asia/Shanghai')::date AS day, person_id,
           max(user_name) AS name, max(institution_name) AS place,
           count(*) FILTER (WHERE action = ANY(%(searches)s)) AS searches,
           bool_or({_OPENS}) AS opened,
           bool_or({_OPENS} AND ({_HOUR} >= %(dusk)s OR {_HOUR} < %(dawn)s)) AS at_night,
           bool_or(action = ANY(%(closed)s)) AS closed
    FROM audit_auditentry
    WHERE at >= %(since)s AND at < %(until)s AND outcome = 'done' AND purpose NOT IN ('system', 'self')
    GROUP BY 1, 2, 3
)
SELECT user_id, day, max(name) AS user_name, max(place) AS institution_name,
       count(*) FILTER (WHERE opened AND person_id IS NOT NULL) AS people, sum(searches)::int AS searches,
       count(*) FILTER (WHERE at_night AND person_id IS NOT NULL) AS night,
       count(*) FILTER (WHERE closed AND person_id IS NOT NULL) AS closed
FROM acts GROUP BY 1, 2
"""  # noqa: S608  nothing in it comes from outside
_COLUMNS = ("user_id", "day", "user_name", "institution_name", "people", "searches", "night", "closed")


@access.selector
def refused_days(
    actor: Actor,
    asked: Asked,
    *,
    sort: str = "day",
    descending: bool = True,
    limit: int = 50,
    offset: int = 0,
) -> list[RefusedRow]:
    """Refused acts by user and day (permission `audit.read`): how many, and what was tried. One query.

    Only user, text (part of a user's name) and days of `asked` count; sorts are day, count, user.
    """
    way = "-" if descending else ""
    order = [f"{way}{column}" for column in (*_REFUSED_ORDERS[sort], "user_id")]
    rows = _refused(actor, asked).order_by(*order)[offset : offset + limit]
    return [
        RefusedRow(
            user_id=row["user_id"],
            day=row["day"],
            user_name=row["name"],
            institution_name=row["place"],
            count=row["n"],
            what=tuple(dict.fromkeys(word_of(action) for action in row["actions"])),
        )
        for row in rows
    ]


@access.selector
def count_refused_days(actor: Actor, asked: Asked) -> int:
    """How many rows `refused_days` has."""
    return _refused(actor, asked).count()


def _refused(actor: Actor, asked: Asked) -> QuerySet[AuditEntry, Any]:
    actor.require("audit.read")
    rows = AuditEntry.objects.filter(outcome=Outcome.REFUSED)
    if asked.user_id:
        rows = rows.filter(user_id=asked.user_id)
    if asked.text:
        rows = rows.filter(user_name__contains=asked.text)
    if asked.since is not None:
        rows = rows.filter(at__gte=asked.since)
    if asked.until is not None:
        rows = rows.filter(at__lt=asked.until)
    days = rows.annotate(day=TruncDate("at", tzinfo=SHANGHAI)).values("user_id", "day")
    return days.annotate(
        n=Count("id"),
        name=Max("user_name"),
        place=Max("institution_name"),
        actions=ArrayAgg("action", distinct=True),
    )


@access.selector
def unusual_days(
    actor: Actor, since: date, until: date, *, thresholds: Sequence[Threshold], night: tuple[int, int]
) -> list[tuple[UserDay, list[Finding]]]:
    """Days of users that stand out, from `since` to `until` (both within), newest first, each with why.

    `night` are hours of the day: from the first until before the second. Finished days have been counted by
    the worker; what it has not counted yet is counted now. Three queries. Permission `audit.read`.
    """
    actor.require("audit.read")
    first, last = since - HISTORY, until
    rows = UserDayCount.objects.filter(day__gte=first, day__lte=last)
    counted = [UserDay(*row) for row in rows.values_list(*_COLUMNS)]
    fresh = max(first, latest_counted() + timedelta(days=1))
    if fresh <= last:
        with connection.cursor() as cursor:
            cursor.execute(COUNTED, question(fresh, last, night))
            counted += [UserDay(*row) for row in cursor.fetchall()]
    return unusual(counted, thresholds, since=since)


def latest_counted() -> date:
    """The last day that the worker has counted; long ago when there is none."""
    latest: date | None = UserDayCount.objects.aggregate(latest=Max("day"))["latest"]
    return latest or _LONG_AGO


def next_uncounted(after: date) -> date | None:
    """The first day after that one with any entry."""
    begin = datetime.combine(after + timedelta(days=1), time(), SHANGHAI)
    found = AuditEntry.objects.filter(at__gte=begin).order_by("at").values_list("at", flat=True).first()
    return local_date(found) if found else None


def question(since: date, until: date, night: tuple[int, int]) -> dict[str, Any]:
    """The values that `COUNTED` asks with, for whole days of the county."""
    return {
        "searches": sorted(searches()),
        "closed": sorted(closed_looks()),
        "no_looks": sorted(buttons() | searches() | closed_looks()),
        "dusk": night[0],
        "dawn": night[1],
        "since": datetime.combine(since, time(), SHANGHAI),
        "until": datetime.combine(until + timedelta(days=1), time(), SHANGHAI),
    }
