"""What every answer carries, whatever it is: pages, refusals, faults, files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client, override_settings
from django.urls import reverse

from tests.world import AUDITOR, VILLAGE_DOCTOR, World
from yiti.foundation.web import pages

EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
POLICY = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
Ask = Callable[[World, Client], Any]


def get(address: str, **headers: str) -> Ask:
    return lambda _world, browser: browser.get(address, headers=headers)


ANSWERS: dict[str, tuple[Ask, int]] = {
    "the sign-in page": (lambda _w, _b: Client().get("/sign-in"), 200),
    "a page with a record": (lambda w, b: b.get(reverse("residents:record", args=[w.person_id])), 200),
    "a fragment": (lambda w, b: b.get(reverse("residents:facts", args=[w.person_id])), 200),
    "a workbook": (get("/work/export"), 200),
    "paper": (lambda w, b: b.get(reverse("referrals:print", args=[w.cases.sent.id])), 200),
    "a redirect": (get("/"), 302),
    "nothing there": (get("/nowhere"), 404),
    "a foreign record": (lambda w, b: b.get(reverse("residents:record", args=[w.stranger_id])), 302),
    "a method that is not known": (lambda _w, b: b.put("/facilities/"), 405),
    "an address too long": (get("/" + "a" * 5000), 414),
    "a body too large": (lambda _w, b: b.post("/sign-in", {"login": "0" * 2_000_000}), 413),
    "another house": (get("/", Host="elsewhere.example"), 400),
    "a sign of life": (get("/healthz"), 200),
    "who is signed in": (get("/session"), 200),
    "a file": (get("/static/web/base.css"), 200),
}


@pytest.mark.parametrize(("ask", "status"), ANSWERS.values(), ids=ANSWERS.keys())
def test_every_answer_carries_the_policies(ask: Ask, status: int, world: World) -> None:
    answer = ask(world, world.client(VILLAGE_DOCTOR))
    assert answer.status_code == status or (status, answer.status_code) == (302, 404)
    assert {name: answer.headers.get(name) for name in EVERYWHERE} == EVERYWHERE
    parts = (part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
    assert dict(parts) == POLICY
    assert "camera=()" in answer.headers["Permissions-Policy"]
    is_file = "/static/" in answer.request["PATH_INFO"]
    assert ("no-store" in answer.headers["Cache-Control"]) is not is_file
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert {"Server", "X-Powered-By"} & set(answer.headers) == set()
    kind = answer.headers.get("Content-Type", "")
    assert not kind.startswith("text/") or "charset=" in kind
    answer.close()


def test_the_policy_has_no_hole() -> None:
    assert [word for word in ("unsafe", "*", "http:", "https:", "blob:") if word in str(POLICY)] == []


def test_a_fault_says_nothing_of_itself(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def planted(*_: object, **__: object) -> None:
        raise RuntimeError("planted secret")

    monkeypatch.setattr(pages, "_answer", planted)
    browser = world.client(AUDITOR)
    browser.raise_request_exception = False
    page = browser.get(reverse("administration:trail"))
    assert page.status_code == 500
    assert {name: page.headers.get(name) for name in EVERYWHERE} == EVERYWHERE
    text = page.content.decode()
    assert page.headers["X-Request-ID"] in text
    told = ("planted", "RuntimeError", "Traceback", "settings", "administration", "Django", "/src/")
    assert [word for word in told if word in text] == []


# --- with https -------------------------------------------------------------------------------------
SHIPPED = {
    "YITI_HTTPS": "1",
    "YITI_SECRET_KEY": "only for this test, and long enough: 0123456789 abcdefghijklmnopqrstuvwxyz",
    "YITI_HOSTS": "yiti.example.org",
    "DJANGO_SETTINGS_MODULE": "yiti.config.settings",
    "DATABASE_URL": "postgresql:///none?host=/nonexistent",
}
WEAK = {"without https": {"YITI_HTTPS": "0"}, "with a short key": {"YITI_SECRET_KEY": "short"}}
COOKIES = """
import json
from django.conf import settings
from yiti.config.notices import Notices
names = [name for name in dir(settings) if "COOKIE" in name or "SECURE" in name]
found = {name: getattr(settings, name) for name in names}
print(json.dumps(found | {"MESSAGES": Notices.storage_classes[0].cookie_name}))
"""


def django(*words: str, **changed: str) -> subprocess.CompletedProcess[str]:
    """Python with the settings of an installation behind https."""
    environment = {**os.environ, **SHIPPED, **changed}
    return subprocess.run(
        [sys.executable, *words], env=environment, capture_output=True, text=True, check=False
    )


def test_djangos_own_check_of_an_installation_finds_nothing() -> None:
    done = django("-m", "django", "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("changed", WEAK.values(), ids=WEAK.keys())
def test_that_check_finds_what_is_weak(changed: dict[str, str]) -> None:
    done = django("-m", "django", "check", "--deploy", "--fail-level", "WARNING", **changed)
    assert done.returncode == 1
    assert "security.W" in done.stderr


@pytest.fixture(scope="module")
def shipped() -> dict[str, Any]:
    """The settings of an installation behind https."""
    done = django("-c", COOKIES)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_cookies_are_for_this_host_over_https_and_no_script(shipped: dict[str, Any]) -> None:
    names = ("SESSION", "CSRF", "LANGUAGE")
    assert all(shipped[f"{name}_COOKIE_NAME"].startswith("__Host-") for name in names)
    assert shipped["MESSAGES"].startswith("__Host-")
    assert all(shipped[f"{name}_COOKIE_SECURE"] and shipped[f"{name}_COOKIE_HTTPONLY"] for name in names)
    assert {shipped[f"{name}_COOKIE_SAMESITE"] for name in names} == {"Lax"}
    assert {shipped[f"{name}_COOKIE_DOMAIN"] for name in names} == {None}
    assert {shipped[f"{name}_COOKIE_PATH"] for name in names} == {"/"}


def test_cookies_are_set_as_the_settings_say(shipped: dict[str, Any], world: World) -> None:
    settings = {name: value for name, value in shipped.items() if "COOKIE" in name and name.isupper()}
    with override_settings(**settings):
        browser = Client()
        page = browser.get("/sign-in", secure=True)
        spoken = browser.post("/language", {"language": "en"}, secure=True)
        browser.force_login(world.users[VILLAGE_DOCTOR])
    cookies = {**page.cookies, **spoken.cookies, **browser.cookies}
    assert set(cookies) == {"__Host-csrftoken", "__Host-sessionid", "__Host-language"}
    for cookie in cookies.values():
        assert (cookie["secure"], cookie["path"], cookie["domain"] or "") == (True, "/", "")


def test_who_comes_without_https_is_sent_to_it_and_told_to_stay(shipped: dict[str, Any]) -> None:
    assert shipped["SECURE_HSTS_SECONDS"] >= 31_536_000
    names = [name for name in shipped if name.startswith("SECURE_")]
    with override_settings(**{name: shipped[name] for name in names}):
        assert Client().get("/sign-in").headers["Location"] == "https://testserver/sign-in"
        page = Client().get("/healthz", headers={"X-Forwarded-Proto": "https"})
        assert page.status_code == 200
        assert "max-age=31536000; includeSubDomains" in page.headers["Strict-Transport-Security"]
        assert Client().get("/healthz").status_code == 200
