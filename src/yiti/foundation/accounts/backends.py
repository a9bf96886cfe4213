"""Who a pair of name and password belongs to."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from yiti.foundation.accounts.models import User
from yiti.foundation.accounts.selectors import staff_code


class StaffBackend(BaseBackend):
    """Sign-in by staff code or mobile phone. Unknown names cost as much time as wrong passwords."""

    def authenticate(
        self, request: HttpRequest | None, username: str = "", password: str = "", **_: Any
    ) -> User | None:
        user = User.objects.filter(username=staff_code(username)).first()
        if user is None:
            make_password(password)
            return None
        return user if user.check_password(password) and user.is_active else None

    def get_user(self, user_id: UUID | str) -> User | None:
        return User.objects.filter(pk=user_id, is_active=True).first()
