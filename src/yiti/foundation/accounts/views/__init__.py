"""Pages of signing in and of one's own account."""

from yiti.foundation.accounts.views.own import (
    change_password,
    end_others,
    end_session,
    own_account,
    recovery_codes,
    second_factor,
    text_size,
)
from yiti.foundation.accounts.views.signing import code, session, sign_in, sign_out

__all__ = [
    "change_password",
    "code",
    "end_others",
    "end_session",
    "own_account",
    "recovery_codes",
    "second_factor",
    "session",
    "sign_in",
    "sign_out",
    "text_size",
]
