"""Where a notice waits for the next page: Django's cookie, under a name that fits our other cookies."""

from __future__ import annotations

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class _Cookie(CookieStorage):
    cookie_name = f"{settings.YITI_COOKIE_PREFIX}messages"


class Notices(FallbackStorage):
    """A cookie, or the session for what is too long for one."""

    storage_classes = (_Cookie, SessionStorage)
