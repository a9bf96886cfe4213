"""Long proof (reliability T3, T4): nobody is told what is not theirs, by whichever door they ask."""

from __future__ import annotations

import io
import logging
import random
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count, cycle
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from tests.proofs import SHARE
from tests.prove.homes import EVERYBODY, Home
from tests.routes import ROWS, Reach, Row
from yiti.foundation.access.tests.builders import working
from yiti.foundation.web import pages
from yiti.ops.database import Database
from yiti.ops.roles import Role

pytestmark = pytest.mark.prove
WANTED, CONTROL = round(50_000 * SHARE), max(300, round(1000 * SHARE))
_ZIP = b"PK\x03\x04"


@dataclass
class Watch:
    """What was asked, and every word that stood where it must not."""

    asked: Counter[str] = field(default_factory=Counter)
    leaks: list[str] = field(default_factory=list)
    touched: dict[str, str] = field(default_factory=dict)  # requests about a person: number, what it asked

    def look(self, what: str, texts: list[str], foreign: re.Pattern[str] | None) -> None:
        """Search an answer, with all that came along, for words of others."""
        self.asked[what.partition(" ")[0]] += 1
        if foreign is None:
            return
        for text in texts:
            if found := foreign.search(text):
                self.leaks.append(
                    f"{what}: {found[0]} in …{text[max(0, found.start() - 60) : found.end() + 20]}…"
                )
                return


class Log(logging.Handler):
    """Every line any logger says while a question is answered."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.getMessage()} {record.exc_text or ''}")

    def taken(self) -> list[str]:
        lines, self.lines = self.lines, []
        return lines


@pytest.fixture
def log() -> Iterator[Log]:
    handler, root = Log(), logging.getLogger()
    root.addHandler(handler)
    yield handler
    root.removeHandler(handler)


def texts_of(answer: Any) -> list[str]:
    """Headers and body as text; a workbook is unpacked."""
    body: bytes = b"".join(answer.streaming_content) if answer.streaming else answer.content
    headers = [f"{name}: {value}" for name, value in answer.headers.items()]
    if not body.startswith(_ZIP):
        return [*headers, body.decode("utf-8", "replace")]
    with zipfile.ZipFile(io.BytesIO(body)) as book:
        return [*headers, *(book.read(name).decode("utf-8", "replace") for name in book.namelist())]


def foreign_to(institution: UUID | None, homes: list[Home]) -> re.Pattern[str] | None:
    """The words of all homes that are closed to an institution."""
    closed = [home.canaries.pattern for home in homes if institution not in home.open_to]
    return re.compile("|".join(closed)) if closed else None


Ask = Callable[[Client, Row, Home], tuple[str, Any]]


def plainly(browser: Client, row: Row, home: Home) -> tuple[str, Any]:
    address = row.address(home.world)
    return f"GET {address}", browser.get(address)


def as_a_fragment(browser: Client, row: Row, home: Home) -> tuple[str, Any]:
    address = row.address(home.world)
    return f"fragment {address}", browser.get(address, headers={"HX-Request": "true"})


def by_searching(browser: Client, row: Row, home: Home) -> tuple[str, Any]:
    """For what begins as those names do: the words themselves would come back in the search box."""
    joint = "&" if "?" in row.address(home.world) else "?"
    address = f"{row.address(home.world)}{joint}q=沈甲&size=100&sort=-at&over=1&person={home.world.person_id}"
    return f"search {address}", browser.get(address)


def by_sending(browser: Client, row: Row, home: Home) -> tuple[str, Any]:
    """With the ids of that home, and whatever else a form might be sent with."""
    address = row.address(home.world)
    more = {"institution": str(home.world.institution_id), "person": str(home.world.person_id)}
    return f"POST {address}", browser.post(address, {**more, **row.sent(home.world)})


def ways(row: Row) -> list[Ask]:
    """How a row is asked: what may act on others' things is not sent where sending is anybody's right."""
    found: list[Ask] = [plainly, as_a_fragment, by_searching] if "GET" in row.methods else []
    return [*found, by_sending] if "POST" in row.methods and row.reach is Reach.OWN else found


QUIET = {"account_logout", "account_login", "mfa_authenticate", "set_language", "change_hat"}


def probes(homes: list[Home], wanted: int, *, reading: bool) -> Iterator[tuple[str, Row, Home, Ask]]:
    """Everybody at every door with the ids of every home, again and again until it was often enough."""
    rows = [row for row in ROWS if row.name not in QUIET]
    # Their own things people may change: only the doors of others are tried by sending.
    all_ = [
        (code, row, home, ask)
        for row in rows
        for code in EVERYBODY
        for home in homes
        for ask in ways(row)
        if ask is not by_sending or (not reading and institution_of(home, code) not in home.open_to)
    ]
    random.Random(7).shuffle(all_)  # so that a few are a sample of all
    for number, probe in enumerate(cycle(all_)):
        if number >= wanted:
            return
        yield probe


def institution_of(home: Home, code: str) -> UUID | None:
    return home.world.actor(code).institution_id


def ask_all(homes: list[Home], log: Log, wanted: int, *, reading: bool = False) -> Watch:
    watch = Watch()
    at_home = homes[0].world
    foreign = {code: foreign_to(institution_of(homes[0], code), homes) for code in EVERYBODY}
    for code, row, home, ask in probes(homes, wanted, reading=reading):
        what, answer = ask(at_home.client(code), row, home)
        watch.look(f"{what} as {code} {answer.status_code}", [*texts_of(answer), *log.taken()], foreign[code])
        # Who has a first password to change is sent to that page, and has asked about nobody.
        if row.whose and not what.startswith("POST") and answer.status_code != 302:
            watch.touched[answer["X-Request-ID"]] = f"{what} as {code} {answer.status_code}"
        if answer.status_code >= 500:
            watch.leaks.append(f"{what} as {code}: {answer.status_code}")
    return watch


_KEPT = """
    SELECT request_id, array_agg(person_id::text) FROM audit_auditentry
    WHERE action LIKE 'read:%%' AND request_id = ANY(%s) GROUP BY request_id
"""


def not_kept_once(watch: Watch, database: Database) -> list[str]:
    """Requests about a person that have not just one row in the trail; about two, one for each."""
    with database.connect(Role.LOADER) as eye:
        kept = dict(eye.execute(_KEPT, [list(watch.touched)]).fetchall())
    found = {number: kept.get(number, []) for number in watch.touched}
    return [
        f"{watch.touched[number]}: {people}"
        for number, people in found.items()
        if not people or len(people) != len(set(people)) or (len(people) > 1 and not is_of_two(watch, number))
    ]


def is_of_two(watch: Watch, number: str) -> bool:
    """Whether it asked for the comparison of two people."""
    return "/residents/duplicates/" in watch.touched[number]


@contextmanager
def a_trail_that_forgets() -> Iterator[None]:
    """Every tenth page is not written down."""
    write, number = pages._audited, count(1)

    def forgetful(request: Any, response: Any, *, refused: bool) -> Any:
        return write(request, response, refused=refused) if next(number) % 10 else response

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pages, "_audited", forgetful)
        yield


def test_nobody_is_told_what_is_not_theirs(
    homes: tuple[Database, list[Home]], log: Log, proof: Callable[..., None]
) -> None:
    database, found = homes
    with working(database, Role.LOADER):  # control: as a role that row security does not bind
        control = ask_all(found, log, CONTROL, reading=True)
    with a_trail_that_forgets():
        forgotten = not_kept_once(ask_all(found, log, CONTROL, reading=True), database)
    watch = ask_all(found, log, WANTED)
    missing = not_kept_once(watch, database)
    proof(
        "scope",
        probes=sum(watch.asked.values()),
        leaks=len(watch.leaks),
        routes=len({row.name for row in ROWS} - QUIET),
        people=len(EVERYBODY),
        homes=len(found),
        requests_about_a_person=len(watch.touched),
        rows_of_them_in_the_trail=len(watch.touched) - len(missing),
        control="the same questions while connected as a role that row security does not bind",
        control_leaks=len(control.leaks),
        missing_from_a_trail_that_forgets=len(forgotten),
    )
    assert control.leaks, "a watch that never finds anything proves nothing"
    assert watch.leaks[:20] == []
    assert forgotten, "a count that never misses anything proves nothing"
    assert missing[:20] == []
