"""What the forms of the steps offer: beds, places, people, visits."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.utils.translation import gettext as _

from yiti.care.referrals import selectors
from yiti.care.referrals.domain import Way
from yiti.care.referrals.forms.fields import pair
from yiti.care.referrals.selectors.rows import DownDetail, UpDetail
from yiti.foundation.web import public as web
from yiti.kernel.clock import local_date
from yiti.kernel.display import full_time
from yiti.registry.facilities import public as facilities
from yiti.spine.episodes import public as episodes

Offer = list[tuple[str, str]]
_FOLLOW_UPS = frozenset(
    {episodes.VisitKind.FOLLOW_UP, episodes.VisitKind.HOME, episodes.VisitKind.OUTPATIENT}
)


def beds(request: web.PageRequest, detail: UpDetail) -> Offer:
    """The bed held for this person, then the free ones: those of the department asked for first."""
    if detail.is_outside:
        return []
    free = facilities.free_beds(request.actor.institution_id, None, request.at)
    wanted = detail.handoff.performer_department_id
    ordered = sorted(free, key=lambda bed: bed.department_id != wanted)
    own = [detail.bed.bed] if detail.bed else []
    return [
        *((pair(bed.id), _bed_words(bed, _("已留"))) for bed in own),
        *((pair(bed.id), _bed_words(bed, _("空"))) for bed in ordered if bed not in own),
    ]


def _bed_words(bed: facilities.BedRow, state: str) -> str:
    marks = "，".join(filter(None, (state, _("监护") if bed.is_monitored else "")))
    return _("%(ward)s %(bed)s 床（%(marks)s）") % {
        "ward": bed.department_name,
        "bed": bed.label,
        "marks": marks,
    }


def first_bed(offered: Offer, detail: UpDetail) -> str:
    """The bed proposed: the first one, if it stands in the department asked for or is held already."""
    if not offered:
        return ""
    if detail.bed is not None:
        return offered[0][0]
    bed = facilities.bed(UUID(offered[0][0].rstrip(":")))
    return offered[0][0] if bed.department_id == detail.handoff.performer_department_id else ""


def departments(request: web.PageRequest, detail: UpDetail) -> Offer:
    """The departments of the house that receive patients."""
    if detail.is_outside:
        return []
    return [
        (pair(room.id), room.name) for room in facilities.receiving_departments(request.actor.institution_id)
    ]


def places(request: web.PageRequest, detail: UpDetail) -> Offer:
    """Where else to go from here: other places that take such people, best first."""
    main = detail.diagnoses[0].code
    found = selectors.targets(
        request.actor, diagnosis=main, specialty="", urgency=detail.handoff.urgency, at=request.at
    )
    return [(pair(each.candidate.institution_id), each.candidate.name) for each in found.ranked]


def own_rooms(request: web.PageRequest, detail: UpDetail) -> Offer:
    """Other departments of the house as places to hand on to."""
    here = request.actor.institution_id
    return [
        (pair(here, room.id), _("本院 %(room)s") % {"room": room.name})
        for room in facilities.receiving_departments(here)
        if room.id != detail.handoff.performer_department_id and not detail.is_outside
    ]


def ways(request: web.PageRequest, village_id: UUID | None, lie: Collection[Way]) -> list[Way]:
    """The ways one can send from here: those that places `lie`, and down where there is somebody to send to.
    Hospitals outside are also offered on the way up."""
    able = {Way.UP, *lie, *({Way.DOWN} if homes(request, village_id) else ())}
    return [way for way in (Way.UP, Way.DOWN, Way.ACROSS, Way.OUT) if way in able]


def homes(request: web.PageRequest, village_id: UUID | None) -> Offer:
    """Lower institutions one can send a person to: those that serve the village first, then the
    consortium's others. A village clinic has no desk that receives: its doctor is the one who follows up."""
    on = local_date(request.at)
    start = facilities.institution(request.actor.institution_id)
    near = facilities.serving(village_id, on) if village_id else []
    own = facilities.consortium_of(start.id, on)
    members = facilities.members(own.id, on) if own else []
    rows = facilities.institutions([each.institution_id for each in members])
    lower = [
        place
        for place in dict.fromkeys([*near, *rows.values()])
        if facilities.Level.VILLAGE.rank < place.level.rank < start.level.rank and not place.is_external
    ]
    lower.sort(key=lambda place: (place not in near, -place.level.rank))
    return [(pair(place.id), place.name) for place in lower]


def followers(request: web.PageRequest, person_id: UUID, institution_id: UUID) -> tuple[Offer, str]:
    """Who could do the first follow-up, and the one proposed: of the person's own village, else nobody."""
    found = selectors.follower_choices(request.actor, person_id, institution_id, request.at)
    near = next((pair(each.institution_id, each.staff_id) for each in found if each.serves_village), "")
    offer = [
        (
            pair(each.institution_id, each.staff_id),
            f"{each.staff_name}　{web.said(each.role_name)}　{each.institution_name}",
        )
        for each in found
    ]
    return offer, near


def follow_ups(request: web.PageRequest, detail: DownDetail) -> Offer:
    """Visits since the receipt that can be the first follow-up, newest first."""
    row = detail.handoff
    if row.episode_id is None:
        return []
    found = episodes.visits_of_episode(request.actor, row.episode_id)
    return [
        (pair(each.id), f"{full_time(each.started_at)}　{_(each.kind.zh)}　{each.institution_name}")
        for each in found
        if each.kind in _FOLLOW_UPS and each.started_at >= row.state_since
    ]
