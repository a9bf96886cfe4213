"""Requests as no browser sends them: fields missing, doubled, of another kind, endless."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from django.test import Client

import yiti
from tests.reading import Form, Page
from tests.routes import ROWS, Row
from tests.world import CAST, World
from yiti.kernel.ids import new_id

#: They end the session or the account of who asks: what follows would only be sent to the sign-in page.
ENDING = frozenset(
    {"account_logout", "account_login", "mfa_authenticate", "end_other_sessions", "end_session"}
)
ODD = (
    "-1", "0", "007", "1e999", "NaN", "99999999999999999999", "0.000000000000001", "1,5", "true", "null",
    "on", "2026-02-30", "0000-00-00", "9999-12-31", "1000-01-01", "2026-11-28T25:61", "24:00", "+08:00",
    "not-an-id", "00000000-0000-0000-0000-000000000000", "%00", "../../etc/passwd", "[]", "{}", "a" * 5000,
)  # fmt: skip
HEADERS: tuple[dict[str, str], ...] = (
    {},
    {"HX-Request": "true"},
    {"HX-Request": "true", "HX-Target": "<naughty>", "HX-Current-URL": "javascript:naughty()"},
    {"X-Yiti-Picker": "1"},
    {"Accept-Language": "en"},
    {"Accept-Language": "x" * 4000},
    {"Accept": "application/json"},
    {"Range": "bytes=9-1"},
    {"If-Modified-Since": "yesterday"},
    {"X-Forwarded-For": "<naughty>"},
)
_KEYS = ("id", "visit_id", "key")  # that make a form one that was not sent before
_ASKED = re.compile(r"GET\.(?:get|getlist)\(\"(\w+)\"")


def parameters() -> list[str]:
    """Every parameter that some page of the house reads from its address."""
    sources = Path(yiti.__file__).parent.rglob("*.py")
    found = {name for path in sources for name in _ASKED.findall(path.read_text(encoding="utf-8"))}
    return sorted(found | {"page", "size", "sort", "next"})


@dataclass(frozen=True)
class Case:
    """One request, ready to be sent."""

    who: str
    row: str
    method: str
    address: str
    fields: Mapping[str, Any]
    headers: Mapping[str, str]

    def send(self, browser: Client) -> Any:
        """Send it; the answer."""
        return browser.generic(
            self.method,
            self.address,
            **_body(self.fields, self.method),
            headers=self.headers,
        )


def _body(fields: Mapping[str, Any], method: str) -> dict[str, Any]:
    if method != "POST":
        return {}
    return {
        "data": urlencode(fields, doseq=True, errors="surrogatepass"),
        "content_type": "application/x-www-form-urlencoded",
    }


class Fuzz:
    """Makes cases without end; the same seed makes the same ones."""

    def __init__(self, world: World, strings: Sequence[str], seed: int):
        self._world = world
        self._strings = strings
        self._chance = random.Random(seed)
        self._parameters = parameters()
        self._rows = [row for row in ROWS if row.name not in ENDING]
        self._forms: dict[str, Form] = {}
        self._number = 0

    def cases(self) -> Iterator[Case]:
        """Each route in turn: by somebody whom it answers three times of four, else by anybody."""
        while True:
            self._chance.shuffle(self._rows)
            for row in self._rows:
                yield self._case(row)

    def _case(self, row: Row) -> Case:
        chance = self._chance
        who = row.right if row.right and chance.random() < 0.75 else chance.choice(list(CAST))
        method = chance.choice(sorted(row.methods))
        if chance.random() < 0.02:
            method = chance.choice(("HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"))
        address = self._address(row)
        fields = self._fields(row) if method == "POST" else {}
        return Case(who, row.name, method, address, fields, chance.choice(HEADERS))

    def _address(self, row: Row) -> str:
        address = row.address(self._world)
        if self._chance.random() < 0.1:
            address = row.missing_address()
        count = self._chance.choices((0, 1, 2, 5), (40, 30, 20, 10))[0]
        pairs = [
            f"{self._chance.choice(self._parameters)}={quote(self._value()[:1500], errors='surrogatepass')}"
            for _ in range(count)
        ]
        joint = "&" if "?" in address else "?"
        return address + joint + "&".join(pairs) if pairs else address

    def _fields(self, row: Row) -> dict[str, Any]:
        """What the form holds as it comes, with some of it spoilt; new keys, so that it is no repeat."""
        form = self._form(row)
        whole = {**form.values, **row.sent(self._world)}
        if self._chance.random() < 0.4:  # all is as it should be, only the words are not
            words = {name: self._chance.choice(self._strings) for name in form.texts if name in whole}
            return {**whole, **words, **{name: str(new_id()) for name in _KEYS if name in whole}}
        spoilt = self._chance.choice((0.0, 0.1, 0.3, 0.7))
        found = {
            name: self._spoil(value) if self._chance.random() < spoilt else value
            for name, value in whole.items()
        }
        found |= {name: str(new_id()) for name in _KEYS if name in whole and spoilt < 0.7}
        if self._chance.random() < 0.1:
            found[self._value()[:40] or "x"] = self._value()
        return {name: value for name, value in found.items() if value is not None}

    def _form(self, row: Row) -> Form:
        """The fields of its page, with something typed into each; read anew now and then."""
        self._number += 1
        if row.name not in self._forms or self._number % 50 == 0:
            self._forms[row.name] = self._read(row)
        return self._forms[row.name]

    def _read(self, row: Row) -> Form:
        if "GET" not in row.methods or row.right is None:
            return Form()
        address = row.address(self._world)
        answer = self._world.client(row.right).get(address)
        if not answer.get("Content-Type", "").startswith("text/html"):
            return Form()
        forms = Page(answer.content).forms
        fitting = [
            form for action, form in forms.items() if address.startswith(action or "/") and form.values
        ]
        return max(fitting, key=lambda form: len(form.values), default=Form())

    def _spoil(self, value: Any) -> Any:
        """Another value, several, or none at all."""
        turn = self._chance.random()
        if turn < 0.08:
            return None
        if turn < 0.2:
            return [self._value(), self._value()]
        return self._value()

    def _value(self) -> str:
        turn = self._chance.random()
        if turn < 0.6:
            return self._chance.choice(self._strings)
        if turn < 0.9:
            return self._chance.choice(ODD)
        return str(self._chance.choice((self._world.person_id, self._world.stranger_id, new_id())))


def pages(world: World) -> list[tuple[str, str]]:
    """Every page one reads, with the one who reads it."""
    return [
        (row.right, row.address(world))
        for row in ROWS
        if row.right and "GET" in row.methods and not row.answers
    ]
