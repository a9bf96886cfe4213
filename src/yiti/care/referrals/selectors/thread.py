"""Referrals as rows of a person's thread (episodes, the time line across institutions)."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.urls import reverse

from yiti.care.referrals.domain import KINDS, UP_KIND
from yiti.kernel.actor import Actor
from yiti.kernel.text import N_, Phrase, joined
from yiti.registry.staff import public as staff
from yiti.spine.episodes import public as episodes
from yiti.spine.handoffs import public as handoffs

_TITLES = {True: N_("上转{place}"), False: N_("下转{place}")}


def thread_rows(
    actor: Actor, person_ids: Collection[UUID], window: episodes.Window
) -> episodes.ProvidedEntries:
    """The referrals of a person in the window, newest first, as far as the actor may see them."""
    rows, total = handoffs.sent_about(
        actor, person_ids, kinds=KINDS, since=window.since, before=window.before, limit=window.limit
    )
    names = staff.staff(actor, {row.requester_staff_id for row in rows if row.requester_staff_id})
    return episodes.ProvidedEntries([_entry(row, names) for row in rows], total)


def _entry(row: handoffs.HandoffRow, names: dict[UUID, staff.StaffRow]) -> episodes.ThreadEntry:
    sender = names[row.requester_staff_id].name if row.requester_staff_id in names else ""
    is_up = row.kind_code == UP_KIND
    return episodes.ThreadEntry(
        at=row.sent_at or row.opened_at,
        sort=episodes.EntryKind.HANDOFF,
        episode_id=row.episode_id,
        level=row.requester_level,
        kind=episodes.Marker.HANDOFF_UP if is_up else episodes.Marker.HANDOFF_DOWN,
        title=joined(" ", (Phrase(_TITLES[is_up], place=row.performer_name), row.department_name)),
        second_line=joined(" · ", (row.requester_name, sender, Phrase(row.urgency.zh), row.subject)),
        who=sender,
        url=reverse("referrals:detail", args=[row.id]),
        status=episodes.Status(row.state_label, row.look),
    )
