"""What allauth asks us: nobody signs up alone, and a sign-in is remembered."""

from __future__ import annotations

import base64
import hashlib
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from yiti.foundation.accounts.commands import remember_sign_in
from yiti.foundation.accounts.selectors import SEEN
from yiti.kernel.clock import now

_ANY = HttpRequest()  # failures are counted for an account, from wherever they came


class StaffAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts come from the institution; allauth keeps the gate and counts the failures."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("工号或密码不对，请再试一次"),
        "too_many_login_attempts": _("连续输错 5 次，已锁定 15 分钟，请找本院信息科解锁"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Failures count for the account, by whatever name of this house one asked."""
        return str(credentials.get("username", "")).upper()

    def forget_failures(self, username: str) -> None:
        """Let an account that was locked sign in again at once."""
        ratelimit.clear(_ANY, action="login_failed", key=username.upper())

    def is_locked(self, username: str) -> bool:
        """Whether failures keep this account out just now."""
        return not ratelimit.consume(_ANY, action="login_failed", key=username.upper(), dry_run=True)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Our pages say what happened themselves."""

    def ajax_response_form(self, form: Any) -> dict[str, Any]:
        """What the sign-in over a page is told of its form: the errors, never back what was typed."""
        told: dict[str, Any] = super().ajax_response_form(form)
        for field in told["fields"].values():
            del field["value"]
        return told

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> Any:
        at = now()
        remember_sign_in(user_id=user.pk, address=self.get_client_ip(request), at=at)
        request.session[SEEN] = int(at.timestamp())
        return super().post_login(request, user, **kwargs)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Keys of authenticators are stored encrypted, so that a stolen backup makes no codes."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("验证码不对或已经用过，请等出现新的 6 位数再填"),
    }

    def encrypt(self, text: str) -> str:
        return _sealer().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _sealer().decrypt(encrypted_text.encode()).decode()


def _sealer() -> Fernet:
    key = hashlib.sha256(f"second factor {settings.SECRET_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
