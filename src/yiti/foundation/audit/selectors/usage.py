"""What stands out in the trail: refusals by user and day, and days of unusual use."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

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
from yiti.foundation.audit.domain.usage import reaches_a_floor
from yiti.foundation.audit.models import AuditEntry
from yiti.foundation.audit.registry import buttons, closed_looks, searches, word_of
from yiti.kernel.actor import Actor
from yiti.kernel.clock import SHANGHAI

_REFUSED_ORDERS = {"day": ("day", "n"), "count": ("n", "day"), "user": ("name", "day")}

# One line for each user, day and person; what is about nobody (searches) is a line too.
_DAYS = """
WITH acts AS (
    SELECT user_id, (at AT TIME ZONE 'Asia/Shanghai')::date AS day, person_id,
           max(user_name) AS name, max(institution_name) AS place,
           count(*) FILTER (WHERE action = ANY(%(searches)s)) AS searches,
           bool_or({opens}) AS opened,
           bool_or({opens} AND {night}) AS at_night,
           bool_or(action = ANY(%(closed)s)) AS closed
    FROM audit_auditentry
    WHERE at >= %(since)s AND at < %(until)s AND outcome = 'done' AND purpose NOT IN ('system', 'self')
          {of_users}
    GROUP BY 1, 2, 3
)
SELECT user_id, day, max(name), max(place),
       count(*) FILTER (WHERE opened AND person_id IS NOT NULL), sum(searches)::bigint,
       count(*) FILTER (WHERE at_night AND person_id IS NOT NULL),
       count(*) FILTER (WHERE closed AND person_id IS NOT NULL)
FROM acts GROUP BY 1, 2
"""
_OPENS = "starts_with(action, 'read:') AND action <> ALL(%(no_looks)s)"
_HOUR = "extract(hour FROM at AT TIME ZONE 'Asia/Shanghai')"
_NIGHT = f"(({_HOUR} >= %(dusk)s) OR ({_HOUR} < %(dawn)s))"


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

    `night` are hours of the day: from the first until before the second. Two queries: the days asked for,
    and the 30 days before them of those users who reach a floor. Permission `audit.read`.
    """
    actor.require("audit.read")
    days = _days(since, until, night)
    users = {day.user_id for day in days if reaches_a_floor(day, thresholds)}
    if not users:
        return []
    return unusual(_days(since - HISTORY, until, night, users), thresholds, since=since)


def _days(
    since: date, until: date, night: tuple[int, int], users: Collection[UUID] | None = None
) -> list[UserDay]:
    of_users = "" if users is None else "AND user_id = ANY(%(users)s)"
    values: dict[str, Any] = {
        "searches": sorted(searches()),
        "closed": sorted(closed_looks()),
        "no_looks": sorted(buttons() | searches() | closed_looks()),
        "dusk": night[0],
        "dawn": night[1],
        "since": _midnight(since),
        "until": _midnight(until + timedelta(days=1)),
        "users": list(users or ()),
    }
    with connection.cursor() as cursor:
        cursor.execute(_DAYS.format(opens=_OPENS, night=_NIGHT, of_users=of_users), values)
        return [UserDay(*row) for row in cursor.fetchall()]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)
