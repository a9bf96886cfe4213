"""Log lines tell who did what kind of thing when, and nothing of anybody's data, whatever goes wrong."""

from __future__ import annotations

import ast
import json
import logging
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

import yiti
from tests.world import VILLAGE_DOCTOR, World
from yiti.config.watch import logs
from yiti.foundation.web import pages
from yiti.kernel.clock import now
from yiti.kernel.ids import new_id

SRC = Path(yiti.__file__).parent
NAME, NUMBER, PHONE, WORD = "房金养", "441826195903142310", "13822716620", "zhengmingren"
SECRETS = (NAME, NUMBER, PHONE, WORD, "%E6%88%BF")
KEYS = set(logs.TOLD) | set(logs._ALWAYS)
house, stranger = logging.getLogger("yiti.registry.planted"), logging.getLogger("somebody.else")


class Ear:
    """Everything said meanwhile, as one process would write it."""

    def __init__(self, style: str):
        self.said = StringIO()
        self.handler = logging.StreamHandler(self.said)
        self.handler.setFormatter(logs.formatter(process="pages", style=style))

    @property
    def text(self) -> str:
        return self.said.getvalue()

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]

    def heard(self) -> list[str]:
        return [secret for secret in SECRETS if secret in self.text]


@pytest.fixture
def listen() -> Iterator[Callable[[str], Ear]]:
    root, ears = logging.getLogger(), []

    def begin(style: str) -> Ear:
        ear = Ear(style)
        root.addHandler(ear.handler)
        ears.append(ear)
        return ear

    yield begin
    for ear in ears:
        root.removeHandler(ear.handler)


# --- what is planted ----------------------------------------------------------------------------
def words() -> None:
    house.warning("somebody was not found: %s", NAME)
    stranger.warning("somebody was not found: %s", NAME)


def a_sentence_made_by_a_stranger() -> None:
    stranger.error(f"GET /residents/?q={WORD} by {NAME} {NUMBER}")


def keys_nobody_knows() -> None:
    house.warning("somebody called", extra={"phone": PHONE, "patient": NAME, "query": WORD, "body": NUMBER})


def known_keys_with_other_things_in_them() -> None:
    house.warning("odd", extra={"user": NAME, "route": NUMBER, "ms": PHONE, "request": WORD, "method": NAME})


def an_exception() -> None:
    try:
        int(f"{NAME} {PHONE}")
    except ValueError:
        house.exception("it failed for %s", NUMBER)


def an_exception_behind_another() -> None:
    try:
        try:
            {}[NUMBER]
        except KeyError:
            int(NAME)
    except ValueError:
        stranger.exception(PHONE)


def an_error_of_the_database() -> None:
    """PostgreSQL quotes the row it refuses."""
    columns = "id, username, name, phone, password, created_at"
    sql = f"INSERT INTO accounts_user ({columns}) SELECT %s, %s, %s, %s, '', %s"
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            for username in ("A1", "A2"):
                cursor.execute(sql, [new_id(), username, NAME, PHONE, now()])
    except Exception:
        house.exception("a row was refused")


PLANTED = (
    words,
    a_sentence_made_by_a_stranger,
    keys_nobody_knows,
    known_keys_with_other_things_in_them,
    an_exception,
    an_exception_behind_another,
    an_error_of_the_database,
)


@pytest.mark.parametrize("style", ["json", "console"])
@pytest.mark.parametrize("plant", PLANTED, ids=lambda plant: plant.__name__)
def test_nothing_of_anybody_is_told(
    plant: Callable[[], None], style: str, listen: Callable[[str], Ear], world: World
) -> None:
    ear = listen(style)
    plant()
    assert ear.heard() == []
    assert ear.text.count("\n") == ear.text.count("event") or style == "console"
    assert ear.text


@pytest.mark.parametrize("plant", [words, an_exception, an_error_of_the_database], ids=lambda p: p.__name__)
def test_a_careless_formatter_would_be_caught(
    plant: Callable[[], None], listen: Callable[[str], Ear], world: World
) -> None:
    ear = listen("debug")
    plant()
    assert ear.heard() != []


def test_an_error_still_says_what_it_was_and_where(listen: Callable[[str], Ear], world: World) -> None:
    ear = listen("json")
    an_error_of_the_database()
    (line,) = ear.lines
    assert line["error"].startswith("django.db.utils.")
    assert "psycopg.errors." in line["error"]
    assert len(line["sqlstate"]) == 5
    assert "test_logs.py" in line["where"]
    assert line["event"] == "a row was refused"


# --- requests -------------------------------------------------------------------------------------
def test_a_request_is_one_line_that_names_nobody(listen: Callable[[str], Ear], world: World) -> None:
    ear, browser = listen("json"), world.client(VILLAGE_DOCTOR)
    browser.get(reverse("residents:record", args=[world.person_id]), {"q": NAME, "number": NUMBER})
    browser.post(reverse("residents:register"), {"name": NAME, "phone": PHONE, "number": NUMBER})
    browser.get(f"/nowhere/{WORD}")
    browser.get("/", headers={"Host": f"{WORD}.example"})
    browser.get("/", headers={"User-Agent": NAME.encode().decode("latin-1"), "Referer": f"http://x/{WORD}"})
    asked = [line for line in ear.lines if line["event"] == "request"]
    assert [(line["route"], line["method"], line["status"]) for line in asked] == [
        ("residents:record", "GET", 200),
        ("residents:register", "POST", 422),
        ("none", "GET", 404),
        ("none", "GET", 400),
        ("home", "GET", 302),
    ]
    assert ear.heard() == []
    assert str(world.person_id) not in ear.text
    actor = world.actor(VILLAGE_DOCTOR)
    assert (asked[0]["user"], asked[0]["institution"]) == (str(actor.user_id), str(actor.institution_id))
    assert actor.name not in ear.text
    assert all(set(line) <= KEYS for line in ear.lines)
    assert len({line["request"] for line in asked}) == 5


def test_a_bug_in_a_page_is_told_without_what_was_sent(
    listen: Callable[[str], Ear], world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def planted(*_: object, **__: object) -> None:
        raise IntegrityError(f"Key (phone)=({PHONE}) of {NAME} exists")

    monkeypatch.setattr(pages, "_answer", planted)
    ear, browser = listen("json"), world.client(VILLAGE_DOCTOR)
    browser.raise_request_exception = False
    answer = browser.post(reverse("residents:register") + f"?q={WORD}", {"name": NAME, "number": NUMBER})
    assert answer.status_code == 500
    assert [secret for secret in SECRETS if secret in answer.content.decode()] == []
    assert ear.heard() == []
    bug = next(line for line in ear.lines if "error" in line)
    assert bug["error"] == "django.db.utils.IntegrityError"
    assert "planted" in bug["where"]


# --- what the house says ----------------------------------------------------------------------------
SAYING = {"debug", "info", "warning", "error", "exception", "critical"}


def varying(source: str) -> list[int]:
    """Lines that log something made up on the spot instead of a constant text with `extra`."""
    found = []
    for node in ast.walk(ast.parse(source)):
        is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if not is_call or node.func.attr not in SAYING or getattr(node.func.value, "id", "") != "log":
            continue
        constant = node.args and isinstance(node.args[0], ast.Constant)
        keys = {
            key.value
            for word in node.keywords
            if word.arg == "extra" and isinstance(word.value, ast.Dict)
            for key in word.value.keys
            if isinstance(key, ast.Constant)
        }
        if not constant or len(node.args) != 1 or not keys <= set(logs.TOLD):
            found.append(node.lineno)
    return found


def test_a_line_made_up_on_the_spot_is_seen() -> None:
    assert varying('log.info(f"{name}")\nlog.info("a %s", name)\nlog.info("a", extra={"name": 1})\n') == [
        1,
        2,
        3,
    ]
    assert varying('log.info("a", extra={"job": name})\nother.info(f"{name}")\n') == []


def test_the_house_says_constant_texts() -> None:
    found = {
        str(path.relative_to(SRC)): lines
        for path in SRC.rglob("*.py")
        if "tests" not in path.parts and (lines := varying(path.read_text(encoding="utf-8")))
    }
    assert found == {}
