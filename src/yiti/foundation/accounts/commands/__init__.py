"""The only writer of accounts."""

from yiti.foundation.accounts.commands.keeping import (
    close_account,
    end_sessions,
    remove_second_factor,
    reopen_account,
    unlock,
)
from yiti.foundation.accounts.commands.opening import hash_first_password, save_accounts
from yiti.foundation.accounts.commands.own import (
    add_second_factor,
    choose_text_size,
    end_other_sessions,
    end_own_session,
    put_codes_away,
    remember_sign_in,
)
from yiti.foundation.accounts.commands.passwords import (
    accept_first_passwords,
    change_own_password,
    set_first_password,
)
from yiti.foundation.accounts.commands.roles import define_roles

__all__ = [
    "accept_first_passwords",
    "add_second_factor",
    "change_own_password",
    "choose_text_size",
    "close_account",
    "define_roles",
    "end_other_sessions",
    "end_own_session",
    "end_sessions",
    "hash_first_password",
    "put_codes_away",
    "remember_sign_in",
    "remove_second_factor",
    "reopen_account",
    "save_accounts",
    "set_first_password",
    "unlock",
]
