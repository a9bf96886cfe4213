"""What tests of attacks share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.cache import caches
from django.test import override_settings

COUNTING = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "tests of limits"}


@pytest.fixture
def counting() -> Iterator[None]:
    """Requests are counted, from nought on, as the pages count them."""
    with override_settings(CACHES={**settings.CACHES, "limits": COUNTING}):
        caches["limits"].clear()
        yield
        caches["limits"].clear()
