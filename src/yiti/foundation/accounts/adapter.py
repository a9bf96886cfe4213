"""What allauth asks us: nobody signs up alone, and a sign-in is remembered."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from yiti.foundation.accounts.commands import remember_sign_in
from yiti.kernel.clock import now


class StaffAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts come from the institution; allauth keeps the gate and counts the failures."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("工号或密码不对，请再试一次"),
        "too_many_login_attempts": _("连续输错 5 次，已锁定 15 分钟，请找本院信息科解锁"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Our pages say what happened themselves."""

    def ajax_response_form(self, form: Any) -> dict[str, Any]:
        """What the sign-in over a page is told of its form: the errors, never back what was typed."""
        told: dict[str, Any] = super().ajax_response_form(form)
        for field in told["fields"].values():
            del field["value"]
        return told

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> Any:
        remember_sign_in(user_id=user.pk, address=self.get_client_ip(request), at=now())
        return super().post_login(request, user, **kwargs)
