"""What other rooms may use of accounts. `save_accounts` is a participant."""

from yiti.foundation.accounts.commands import (
    accept_first_passwords,
    define_roles,
    hash_first_password,
    save_accounts,
    set_first_password,
)
from yiti.foundation.accounts.domain import AccountSpec, RoleSpec, UserRow, new_first_password
from yiti.foundation.accounts.selectors import (
    has_users,
    previous_sign_in,
    role_names,
    role_permissions,
    user,
    user_by_username,
    users_by_phone,
    users_by_username,
)

__all__ = [
    "AccountSpec",
    "RoleSpec",
    "UserRow",
    "accept_first_passwords",
    "define_roles",
    "has_users",
    "hash_first_password",
    "new_first_password",
    "previous_sign_in",
    "role_names",
    "role_permissions",
    "save_accounts",
    "set_first_password",
    "user",
    "user_by_username",
    "users_by_phone",
    "users_by_username",
]
