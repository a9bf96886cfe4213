"""Doors that other houses have, and ways round ours: nothing is there, for nobody and for anybody."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.test import Client

from tests.routes import routes
from tests.world import SYSTEM_ADMINISTRATOR, World

NOWHERE = (
    "/admin",
    "/admin/",
    "/admin/login/",
    "/.git/config",
    "/.git/HEAD",
    "/.env",
    "/.hg/",
    "/__debug__/",
    "/debug",
    "/dev/gallery",
    "/api/",
    "/api/v1/patients",
    "/api/docs",
    "/openapi.json",
    "/schema",
    "/swagger",
    "/graphql",
    "/fhir/Patient",
    "/metrics",
    "/media/",
    "/accounts/signup/",
    "/accounts/login/",
    "/accounts/password/reset/",
    "/password/reset/",
    "/actuator/env",
    "/server-status",
    "/phpmyadmin/",
    "/wp-login.php",
    "/backup.sql",
    "/robots.txt",
    "/static/",
    "/static/web/",
    "/static/web",
    "/static/../settings.py",
    "/static/web/../../settings.py",
    "/static/%2e%2e/%2e%2e/%2e%2e/settings.py",
    "/static/..%2f..%2f..%2fsettings.py",
    "/static/....//....//settings.py",
    "/static//etc/passwd",
    "/static/web/base.css%00.html",
    "/static/C:%5CWindows%5Cwin.ini",
)


@pytest.mark.parametrize("address", NOWHERE)
@pytest.mark.parametrize("who", [None, SYSTEM_ADMINISTRATOR])
def test_there_is_nothing(address: str, who: str | None, world: World) -> None:
    browser = world.client(who)
    answer = browser.get(address)
    assert answer.status_code == 404
    assert answer.content == browser.get("/nowhere").content


def test_there_is_something_where_it_should_be(world: World) -> None:
    """The control: the same way of asking finds what is there."""
    file = Client().get("/static/web/base.css")
    assert file.status_code == 200
    file.close()
    assert Client().get("/healthz").status_code == 200


def test_no_way_to_debug_is_open() -> None:
    assert settings.DEBUG is False
    assert "gallery" not in routes()
    assert [app for app in settings.INSTALLED_APPS if "admin" in app and not app.startswith("yiti.")] == []


def test_no_upload_is_kept_as_a_file() -> None:
    """A workbook is read and forgotten; no table has a column for a file."""
    files = [
        f"{field}" for model in apps.get_models() for field in model._meta.get_fields() if is_file(field)
    ]
    assert files == []
    assert is_file(models.ImageField())
    assert not settings.MEDIA_ROOT


def is_file(field: object) -> bool:
    return isinstance(field, models.FileField | models.FilePathField)
