"""What other rooms may use of accounts. `open_account` and `define_roles` are participants."""

from yiti.foundation.accounts.commands import define_roles, open_account
from yiti.foundation.accounts.domain import RoleSpec, UserRow, normal_username
from yiti.foundation.accounts.selectors import (
    previous_sign_in,
    role_names,
    role_permissions,
    user,
    user_by_username,
)

__all__ = [
    "RoleSpec",
    "UserRow",
    "define_roles",
    "normal_username",
    "open_account",
    "previous_sign_in",
    "role_names",
    "role_permissions",
    "user",
    "user_by_username",
]
