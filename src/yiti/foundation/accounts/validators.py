"""Password rules beyond Django's."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from yiti.foundation.accounts.models import User


class NotTheAccountValidator:
    """Refuse a password that contains the staff code or the phone number."""

    def validate(self, password: str, user: User | None = None) -> None:
        if user is None:
            return
        known = [text for text in (user.username, user.phone) if text]
        if any(text.lower() in password.lower() for text in known):
            raise ValidationError(self.get_help_text(), code="password_is_account")

    def get_help_text(self) -> str:
        return _("密码里不要有工号或手机号")
