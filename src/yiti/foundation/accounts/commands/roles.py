"""The roles of the house."""

from __future__ import annotations

from datetime import datetime

from yiti.foundation.access import public as access
from yiti.foundation.accounts import registry
from yiti.foundation.accounts.domain import RoleSpec
from yiti.foundation.accounts.models import Role, RolePermission
from yiti.foundation.audit import public as audit
from yiti.kernel.actor import Actor
from yiti.kernel.errors import Conflict


@access.command
def define_roles(*, actor: Actor, roles: tuple[RoleSpec, ...], at: datetime) -> bool:
    """Make the house's roles exactly these; whether anything changed.

    A role that is gone keeps its code (postings may name it) but loses every permission. Raises
    Conflict for a permission no room has declared.
    """
    actor.require("accounts.manage")
    unknown = {p for role in roles for p in role.permissions if not access.is_known(p)}
    if unknown:
        raise Conflict("unknown permissions: {names}", names=", ".join(sorted(unknown)))
    wanted = {(role.code, name) for role in roles for name in role.permissions}
    present = set(RolePermission.objects.values_list("role__code", "permission"))
    named = {(role.code, role.zh, role.en) for role in roles}
    if wanted == present and named <= set(Role.objects.values_list("code", "zh", "en")):
        return False
    Role.objects.bulk_create(
        [Role(code=role.code, zh=role.zh, en=role.en) for role in roles],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["zh", "en"],
    )
    ids = dict(Role.objects.values_list("code", "id"))
    RolePermission.objects.all().delete()
    RolePermission.objects.bulk_create(
        RolePermission(role_id=ids[code], permission=name) for code, name in sorted(wanted)
    )
    registry.forget()
    audit.note(actor, "accounts.define_roles", kind="accounts.role", record_id=None, at=at)
    return True
