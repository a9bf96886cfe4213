"""Passwords of tests protect nothing: none is stretched, else each costs a third of a second."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.test import override_settings


class Quick(PBKDF2PasswordHasher):
    """The hasher of the house, once round."""

    iterations = 1


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """For the whole run; processes that tests start hash as a house does."""
    with override_settings(PASSWORD_HASHERS=[f"{__name__}.Quick"]):
        yield
