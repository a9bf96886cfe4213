"""The only writer of staff."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from uuid import UUID

from yiti.foundation.access import public as access
from yiti.foundation.accounts import public as accounts
from yiti.foundation.audit import public as audit
from yiti.kernel.actor import Actor
from yiti.kernel.clock import local_date
from yiti.kernel.errors import Conflict, InvalidInput, NotFound
from yiti.kernel.pinyin import initials
from yiti.kernel.text import N_
from yiti.registry.facilities import public as facilities
from yiti.registry.staff.domain import PostingSpec, StaffSpec
from yiti.registry.staff.models import Licence, Posting, StaffMember


@access.command
def save_staff(*, actor: Actor, people: Iterable[StaffSpec], first_password_hash: str, at: datetime) -> dict[str, int]:
    """Bring people, their accounts, licences and postings to what is given, by staff code.

    Adds what is missing, corrects names, titles and phones, and leaves what is equal alone, so that
    a second run counts nothing. Never deletes: a posting ends by `end_posting`. Returns the number
    of people `created`, `changed` and `unchanged`. Raises InvalidInput for an unknown institution,
    department or role, naming the code.
    """
    actor.require("staff.manage")
    roles = accounts.role_names()
    counts = {"created": 0, "changed": 0, "unchanged": 0}
    for spec in people:
        counts[_save_one(actor, spec, roles, first_password_hash, at)] += 1
    audit.note(actor, "staff.save_staff", kind="staff.member", record_id=None, at=at, detail=dict(counts))
    return counts


def _save_one(
    actor: Actor, spec: StaffSpec, roles: Collection[str], first_password_hash: str, at: datetime
) -> str:
    found = StaffMember.objects.select_for_update().filter(code=spec.code).first()
    fields = {"name": spec.name, "title": spec.title, "phone": spec.phone, "initials": initials(spec.name)}
    if found is None:
        user_id = accounts.open_account(
            actor,
            username=spec.code,
            name=spec.name,
            phone=spec.phone if len(spec.phone) == 11 else "",
            first_password_hash=first_password_hash,
            at=at,
        )
        found = StaffMember.objects.create(code=spec.code, user_id=user_id, **fields)
        outcome = "created"
    elif any(getattr(found, name) != value for name, value in fields.items()):
        StaffMember.objects.filter(pk=found.pk).update(**fields)
        outcome = "changed"
    else:
        outcome = "unchanged"
    added = _add_licence(found, spec, at) | any([_add_posting(actor, found, p, roles) for p in spec.postings])
    return "changed" if added and outcome == "unchanged" else outcome


def _add_licence(member: StaffMember, spec: StaffSpec, at: datetime) -> bool:
    if spec.licence is None:
        return False
    _, added = Licence.objects.get_or_create(staff=member, kind=spec.licence)
    return added


def _add_posting(actor: Actor, member: StaffMember, spec: PostingSpec, roles: Collection[str]) -> bool:
    institution = facilities.institution_by_code(actor, spec.institution_code)
    if spec.role not in roles:
        raise InvalidInput(N_("没有“{code}”这个角色"), field="role", code=spec.role)
    department_id = None
    if spec.department_code:
        known = {d.code: d.id for d in facilities.departments(actor, institution.id)}
        if spec.department_code not in known:
            raise InvalidInput(N_("{name}没有编码为 {code} 的科室"), field="department", name=institution.name, code=spec.department_code)
        department_id = known[spec.department_code]
    _, added = Posting.objects.get_or_create(
        staff=member,
        institution_id=institution.id,
        department_id=department_id,
        role_id=spec.role,
        valid_from=spec.valid_from,
        defaults={"valid_until": spec.valid_until, "is_primary": spec.is_primary},
    )
    return added


@access.command
def end_posting(*, actor: Actor, posting_id: UUID, last_day: date, at: datetime) -> None:
    """End a posting on a day; the person keeps the account and other postings.

    Raises NotFound, Conflict when it has ended already, InvalidInput for a day before it began.
    """
    actor.require("staff.manage")
    posting = Posting.objects.select_for_update().filter(pk=posting_id).first()
    if posting is None:
        raise NotFound
    if posting.valid_until is not None and posting.valid_until < local_date(at):
        raise Conflict(N_("这个岗位已经结束"))
    if last_day < posting.valid_from:
        raise InvalidInput(N_("结束日期早于开始日期"), field="last_day")
    posting.valid_until = last_day
    posting.save(update_fields=["valid_until"])
    audit.note(actor, "staff.end_posting", kind="staff.posting", record_id=posting.id, at=at)
