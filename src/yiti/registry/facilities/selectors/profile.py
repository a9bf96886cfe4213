from __future__ import annotations

from datetime import datetime
from uuid import UUID

from yiti.kernel.clock import local_date
from yiti.registry.facilities.domain import InstitutionRow, MemberRole, MemberRow, Profile
from yiti.registry.facilities.selectors.beds import bed_board
from yiti.registry.facilities.selectors.institutions import equipment_of, institution, operations_of
from yiti.registry.facilities.selectors.regions import region_path
from yiti.registry.facilities.selectors.ties import alliances_of, members, membership
from yiti.registry.facilities.selectors.travel import travel


def profile(institution_id: UUID, at: datetime) -> Profile:
    """Everything the page of an institution says. Raises `NotFound`."""
    on = local_date(at)
    found = institution(institution_id)
    member = membership(institution_id, on)
    head = _head(member, at)
    return Profile(
        institution=found,
        region_path=region_path(found.region_code),
        member=member,
        alliances=tuple(alliances_of(institution_id, on)),
        head=head,
        travel=travel(head.id, institution_id, on) if head else None,
        board=tuple(bed_board(institution_id, at)),
        equipment=tuple(equipment_of(institution_id)),
        operations=tuple(operations_of(institution_id, on)),
    )


def _head(member: MemberRow | None, at: datetime) -> InstitutionRow | None:
    """The head of somebody else's consortium."""
    if member is None or member.role is MemberRole.HEAD:
        return None
    heads = [row for row in members(member.consortium_id, local_date(at)) if row.role is MemberRole.HEAD]
    return institution(heads[0].institution_id) if heads else None
