"""Referrals as rows of a person's thread (episodes, the time line across institutions)."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.urls import reverse

from yiti.care.referrals.domain import DOWN_KIND, KINDS, Way
from yiti.care.referrals.models import UpReferral
from yiti.kernel.actor import Actor
from yiti.kernel.text import N_, Phrase, joined
from yiti.registry.staff import public as staff
from yiti.spine.episodes import public as episodes
from yiti.spine.handoffs import public as handoffs

_TITLES = {
    Way.UP: N_("上转{place}"),
    Way.DOWN: N_("下转{place}"),
    Way.ACROSS: N_("平转{place}"),
    Way.OUT: N_("外转{place}"),
}


def thread_rows(
    actor: Actor, person_ids: Collection[UUID], window: episodes.Window
) -> episodes.ProvidedEntries:
    """The referrals of a person in the window, newest first, as far as the actor may see them."""
    rows, total = handoffs.sent_about(
        actor, person_ids, kinds=KINDS, since=window.since, before=window.before, limit=window.limit
    )
    names = staff.staff(actor, {row.requester_staff_id for row in rows if row.requester_staff_id})
    ways = _ways([row.id for row in rows])
    entries = [_entry(row, ways.get(row.id, Way.UP), names) for row in rows]
    return episodes.ProvidedEntries(entries, total)


def _ways(ids: Collection[UUID]) -> dict[UUID, Way]:
    """Up, across or out of the county, by id; those that go down have no row of their own here."""
    found = UpReferral.objects.filter(handoff_id__in=ids).values_list("handoff_id", "way")
    return {id_: Way(way) for id_, way in found}


def _entry(row: handoffs.HandoffRow, up: Way, names: dict[UUID, staff.StaffRow]) -> episodes.ThreadEntry:
    sender = names[row.requester_staff_id].name if row.requester_staff_id in names else ""
    way = Way.DOWN if row.kind_code == DOWN_KIND else up
    said = (row.approval_text, row.requester_name, sender, Phrase(row.urgency.zh), row.subject)
    return episodes.ThreadEntry(
        at=row.sent_at or row.opened_at,
        sort=episodes.EntryKind.HANDOFF,
        episode_id=row.episode_id,
        level=row.requester_level,
        kind=episodes.Marker.HANDOFF_DOWN if way is Way.DOWN else episodes.Marker.HANDOFF_UP,
        title=joined(" ", (Phrase(_TITLES[way], place=row.goes_to.name), row.goes_to.department)),
        second_line=joined(" · ", said),
        who=sender,
        url=reverse("referrals:detail", args=[row.id]),
        status=episodes.Status(row.state_label, row.look),
    )
