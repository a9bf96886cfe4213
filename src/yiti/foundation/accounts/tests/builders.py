"""Builders of accounts for tests."""

from __future__ import annotations

from django.contrib.auth.hashers import make_password

from yiti.foundation.accounts import registry
from yiti.foundation.accounts.models import Role, RolePermission, User
from yiti.kernel.clock import now

PASSWORD = "yao-shan-8848"


def a_user(**changes: object) -> User:
    """An account that may sign in with `PASSWORD`."""
    fields: dict[str, object] = {
        "username": "LN0001",
        "name": "李秀萍",
        "password": make_password(PASSWORD),
        "must_change_password": False,
        "created_at": now(),
        **changes,
    }
    return User.objects.create(**fields)


def a_role(code: str = "village_doctor", *permissions: str, zh: str = "村医") -> Role:
    """A role; one that is there already is given as it is, with these permissions added."""
    role, _ = Role.objects.get_or_create(code=code, defaults={"zh": zh, "en": code})
    for name in permissions:
        RolePermission.objects.get_or_create(role=role, permission=name)
    registry.forget()
    return role
