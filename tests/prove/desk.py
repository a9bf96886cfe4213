"""Somebody at a browser, as far as HTTP goes: signs in, reads forms, sends them, and insists.

A request ends in one of three ways: it was done (the answer said so), it was refused (the answer said why),
or nobody knows (the line broke, or the server said 5xx). Only the last is tried again, with the same form.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse, IncompleteRead
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from tests.reading import Form, Page
from yiti.config.management.commands.load_example import PASSWORD
from yiti.kernel.ids import new_id

Fields = Mapping[str, str | Sequence[str]]
SIGN_IN = "/sign-in"
KEY = "id"  # by which a form that comes twice is known
LAST_HEADER = "Date"  # that the pages send
PAUSE_SECONDS = 0.2
GIVE_UP_SECONDS = 180
_TYPE = {"Content-Type": "application/x-www-form-urlencoded"}


class UnsureError(Exception):
    """The line broke, or the server failed: it may have been done, and it may not."""


class RefusedError(Exception):
    """The answer says no."""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    location: str
    body: bytes

    @property
    def is_done(self) -> bool:
        """A form that was taken sends the browser on."""
        return self.status == 302 and not self.asks_to_sign_in

    @property
    def asks_to_sign_in(self) -> bool:
        """The session is gone."""
        return self.location.startswith(SIGN_IN)


@dataclass
class Troubles:
    """What went wrong on the way, counted over all desks."""

    counts: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, what: str) -> None:
        """One more of that."""
        with self._lock:
            self.counts[what] += 1


class Desk:
    """One browser. Not to be shared between threads."""

    def __init__(
        self,
        address: tuple[str, int],
        login: str,
        troubles: Troubles,
        *,
        patience: float = 20,
        is_careless: bool = False,
    ):
        self.login = login
        self._address = address
        self._troubles = troubles
        self._patience = patience
        self._is_careless = is_careless
        self._cookies: SimpleCookie = SimpleCookie()
        self._line: HTTPConnection | None = None

    def sign_in(self) -> None:
        """Until it is done."""
        self._insist("GET", SIGN_IN)
        answer = self._insist("POST", SIGN_IN, {"login": self.login, "password": PASSWORD})
        if answer.status != 302:
            raise RefusedError(f"{self.login} was not let in: {answer.status}")

    def read(self, path: str) -> Page:
        """A page. Raises RefusedError."""
        answer = self._while_signed_in("GET", path)
        if answer.status != 200:
            raise RefusedError(f"{path}: {answer.status}")
        return Page(answer.body)

    def form(self, path: str) -> Form:
        """The form of a page that is sent to its own address. Raises RefusedError."""
        forms = self.read(path).forms
        found = next((forms[key] for key in (path, path.partition("?")[0], "") if key in forms), None)
        if found is None:
            raise RefusedError(f"{path}: there is no form")
        return found

    def send(self, path: str, fields: Fields) -> str:
        """Send a form until the answer says that it was taken, or why not; the address one is sent on to.

        Whatever happens on the way, the same form is sent. Raises RefusedError.
        """
        answer = self._while_signed_in("POST", path, fields)
        if not answer.is_done:
            raise RefusedError(f"{path}: {answer.status} {' '.join(Page(answer.body).text.split())[-600:]}")
        return answer.location

    def _while_signed_in(self, method: str, path: str, fields: Fields | None = None) -> Answer:
        while (answer := self._insist(method, path, fields)).asks_to_sign_in:
            self._troubles.add("signed in again")
            self.sign_in()
        return answer

    def _insist(self, method: str, path: str, fields: Fields | None = None) -> Answer:
        """An answer that says yes or no, however often one has to ask."""
        until = time.monotonic() + GIVE_UP_SECONDS
        while True:
            try:
                return self._ask(method, path, fields)
            except UnsureError as error:
                self._troubles.add(f"{method} {error}")
                if time.monotonic() > until:
                    raise RefusedError(f"{path}: no answer for {GIVE_UP_SECONDS} s") from error
                time.sleep(PAUSE_SECONDS)
                if self._is_careless and fields and KEY in fields:
                    fields = {**fields, KEY: str(new_id())}

    def _ask(self, method: str, path: str, fields: Fields | None) -> Answer:
        body, headers = None, {"Cookie": "; ".join(f"{k}={m.value}" for k, m in self._cookies.items())}
        if fields is not None:
            token = self._cookies["csrftoken"].value if "csrftoken" in self._cookies else ""
            body = urlencode({**fields, "csrfmiddlewaretoken": token}, doseq=True)
            headers |= _TYPE
        try:
            if self._line is None:
                self._line = HTTPConnection(*self._address, timeout=self._patience)
            self._line.request(method, path, body, headers)
            return self._taken(self._line.getresponse())
        except (OSError, HTTPException) as error:
            self.hang_up()
            raise UnsureError(type(error).__name__) from error

    def _taken(self, response: HTTPResponse) -> Answer:
        content = response.read()
        if LAST_HEADER not in response.headers:  # http.client takes headers that were cut for whole ones
            raise IncompleteRead(content)
        if response.status >= 500 or response.status == 429:
            raise UnsureError(str(response.status))
        for each in response.headers.get_all("Set-Cookie", []):
            self._cookies.load(each)
        return Answer(response.status, response.headers.get("Location", ""), content)

    def hang_up(self) -> None:
        """Close the line."""
        if self._line is not None:
            self._line.close()
            self._line = None
