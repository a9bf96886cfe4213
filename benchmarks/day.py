"""A county's day at its pages: who asks for what, so often a second, whether or not the last answer has come.

An open loop: each question is due at a moment of its own, and the time until its answer is counted from that
moment, so that a slow page is paid by all who wait behind it.
"""

from __future__ import annotations

import random
import statistics
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection
from itertools import count
from typing import Any
from urllib.parse import quote, urlencode, urlparse

from tests.prove.places import WARD_OF_THE_HEAD
from tests.reading import Page
from yiti.kernel.ids import new_id
from yiti.ops.database import Database
from yiti.ops.roles import Role

TOKEN = "b" * 32  # the cookie and the field of a form must be the same; nothing else is asked of them
LINES = 128  # browsers, each with a connection of its own; more wait, and their time counts
_PEOPLE = """
    SELECT staff.code, card.id::text, resident.name, card.initials, identifier.number, resident.phone
    FROM residents_card AS card TABLESAMPLE SYSTEM (3)
    JOIN residents_resident AS resident ON resident.id = card.id
    JOIN residents_identifier AS identifier ON identifier.person_id = card.id
    JOIN facilities_institution AS station ON station.region_id = card.village_id
    JOIN staff_posting AS posting ON posting.institution_id = station.id
    JOIN staff_staffmember AS staff ON staff.id = posting.staff_id
    WHERE posting.role_id = 'village_doctor' AND posting.valid_until IS NULL AND NOT card.is_deceased
    ORDER BY card.id
"""
_CHRONIC = """
    SELECT staff.code, card.id::text
    FROM residents_card AS card TABLESAMPLE SYSTEM (3)
    JOIN episodes_episode AS episode ON episode.person_id = card.id AND episode.state = 'open'
    JOIN facilities_institution AS station ON station.region_id = card.village_id
    JOIN staff_posting AS posting ON posting.institution_id = station.id
    JOIN staff_staffmember AS staff ON staff.id = posting.staff_id
    WHERE posting.role_id = 'village_doctor' AND posting.valid_until IS NULL AND NOT card.is_deceased
    GROUP BY 1, 2 ORDER BY 2
"""


@dataclass(frozen=True, slots=True)
class Patient:
    """Somebody who is looked for, and the village doctor who looks."""

    doctor: str
    id: str
    name: str
    initials: str
    number: str
    phone: str

    def typed(self, chance: random.Random) -> str:
        """What is typed into the search box: names most often, then initials, numbers, phones."""
        texts = (self.name, self.initials, self.number, self.number[-4:], self.phone or self.name)
        return chance.choices(texts, (45, 25, 12, 10, 8))[0]


@dataclass(frozen=True, slots=True)
class Stage:
    """Who is there. `cookies` are the signed-in sessions by sign-in name."""

    address: tuple[str, int]
    cookies: Mapping[str, str]
    patients: Sequence[Patient]
    chronic: Sequence[tuple[str, str]]  # village doctor, person with an open episode
    inboxes: Sequence[str]
    boards: Sequence[str]
    ward: str


def stage(database: Database, url: str, cookies: Mapping[str, str], roles: Mapping[str, str]) -> Stage:
    """The stage of a county that is served at that address."""
    with database.connect(Role.LOADER) as eye:
        eye.execute("SET jit = off")
        patients = [Patient(*row) for row in eye.execute(_PEOPLE)]
        chronic = [(doctor, person) for doctor, person in eye.execute(_CHRONIC)]
        (ward,) = eye.execute(WARD_OF_THE_HEAD).fetchone() or ("",)
    chance = random.Random(7)
    chance.shuffle(patients)
    chance.shuffle(chronic)
    parts = urlparse(url)
    assert parts.hostname
    assert parts.port
    inboxes = [code for code, role in roles.items() if role in ("township_physician", "referral_nurse")]
    boards = [code for code, role in roles.items() if role in ("referral_nurse", "referral_center_head")]
    return Stage((parts.hostname, parts.port), cookies, patients, chronic, inboxes, boards, ward)


@dataclass(frozen=True, slots=True)
class Question:
    """One request of somebody, and whether an answer (status, body, where it sends on) is the right one."""

    kind: str
    who: str
    path: str
    is_right: Callable[[int, str, str], bool]
    headers: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, Any] | None = None


def _with(word: str) -> Callable[[int, str, str], bool]:
    return lambda status, body, _to: status == 200 and word in body


class Day:
    """Makes questions, each kind so often in 30."""

    MIX: Mapping[str, float] = {
        "search": 8, "record": 6, "empty": 4, "inbox": 4, "bell": 3.5, "board": 0.5, "form": 2, "create": 2,
    }  # fmt: skip

    def __init__(self, stage: Stage, seed: int):
        self._stage = stage
        self._chance = random.Random(seed)
        self._next = count()
        self._forms: dict[tuple[str, str], dict[str, Any]] = {}
        self._lock = threading.Lock()

    def questions(self) -> Iterator[Question]:
        """One after another, mixed."""
        kinds, weights = list(self.MIX), list(self.MIX.values())
        while True:
            kind = self._chance.choices(kinds, weights)[0]
            yield self.one(kind)

    def one(self, kind: str) -> Question:
        """A question of that kind."""
        made: Question = getattr(self, f"_{kind}")()
        return made

    def learn(self, question: Question, body: str) -> None:
        """Keep a form that was read: it is sent soon."""
        if question.kind == "form" and body:
            form = next(each for path, each in Page(body.encode()).forms.items() if "summary" in each.values)
            with self._lock:
                self._forms[question.who, question.path] = form.values

    def _patient(self) -> Patient:
        return self._chance.choice(self._stage.patients)

    def _search(self) -> Question:
        patient = self._patient()
        path = f"/find?q={quote(patient.typed(self._chance))}"
        return Question("search", patient.doctor, path, _with("picker-option"), {"X-Yiti-Picker": "1"})

    def _record(self) -> Question:
        patient = self._patient()
        return Question("record", patient.doctor, f"/residents/{patient.id}/", _with(patient.name))

    def _empty(self) -> Question:
        return Question("empty", self._patient().doctor, "/residents/", _with('name="q"'))

    def _inbox(self) -> Question:
        return Question("inbox", self._chance.choice(self._stage.inboxes), "/work/", _with("<table"))

    def _bell(self) -> Question:
        return Question("bell", self._patient().doctor, "/bell", lambda status, *_: status in (200, 204))

    def _board(self) -> Question:
        return Question("board", self._chance.choice(self._stage.boards), "/referrals/", _with("<table"))

    def _form(self) -> Question:
        chronic = self._stage.chronic
        doctor, person = chronic[next(self._next) % len(chronic)]
        return Question("form", doctor, f"/referrals/new?person={person}", _with('name="summary"'))

    def _create(self) -> Question:
        """Send a form that has been read; before the first one, read one."""
        with self._lock:
            if not self._forms:
                return self._form()
            key = next(iter(self._forms))
            values = self._forms.pop(key)
        who, path = key
        fields = {**values, **wish(self._stage.ward), "id": str(new_id()), "csrfmiddlewaretoken": TOKEN}
        return Question("create", who, path, _is_sent, fields=fields)


def _is_sent(status: int, _body: str, to: str) -> bool:
    return status == 302 and to.startswith("/referrals/")


def wish(ward: str) -> dict[str, str]:
    """What somebody fills in who sends a person up."""
    return {
        "direction": "up",
        "urgency": "urgent",
        "diagnoses": "I20.0",
        "reason_code": "surgery",
        "target_specialty": "03.04",
        "summary": "反复胸闷 3 天，今晨胸痛 20 分钟，含服硝酸甘油后缓解",
        "transport_code": "county-120",
        "contact_phone": "13800001234",
        "consent_given": "on",
        "target_institution": ward,
    }


class Line:
    """One connection that is kept; the cookie says who asks."""

    def __init__(self, stage: Stage):
        self._stage = stage
        self._line = HTTPConnection(*stage.address, timeout=60)

    def ask(self, question: Question) -> tuple[int, str, str]:
        """The status, the body, and where the browser is sent on to."""
        cookie = f"{self._stage.cookies[question.who]}; csrftoken={TOKEN}"
        headers, body, method = {**question.headers, "Cookie": cookie}, None, "GET"
        if question.fields is not None:
            method, body = "POST", urlencode(question.fields, doseq=True)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._line.request(method, question.path, body, headers)
        answer = self._line.getresponse()
        return answer.status, answer.read().decode("utf-8", "replace"), answer.headers.get("Location", "")


@dataclass
class Times:
    """Milliseconds of each kind, counted from when the question was due; wrong answers are told."""

    taken: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wrong: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, line: Line, question: Question, *, due: float) -> str:
        """Ask, and note what it took since it was due; the body of the answer."""
        status, body, to = line.ask(question)
        taken = (time.perf_counter() - due) * 1000
        with self._lock:
            self.taken[question.kind].append(taken)
            if not question.is_right(status, body, to):
                self.wrong.append(f"{question.kind} {question.path} as {question.who}: {status}")
        return body if status == 200 else ""

    def figures(self) -> dict[str, dict[str, float]]:
        """p50, p95, p99 in ms and how many, by kind."""
        return {kind: _cuts(found) for kind, found in sorted(self.taken.items())}


def _cuts(taken: Sequence[float]) -> dict[str, float]:
    cuts = statistics.quantiles(taken, n=100)
    return {"p50_ms": cuts[49], "p95_ms": cuts[94], "p99_ms": cuts[98], "times": len(taken)}


def drive(stage: Stage, *, seconds: float, per_second: float, seed: int = 7) -> Times:
    """Let the day go on for so long."""
    day, times, lock = Day(stage, seed), Times(), threading.Lock()
    questions, numbers = day.questions(), count()
    start, whole = time.perf_counter() + 0.5, int(seconds * per_second)

    def browser() -> None:
        line = Line(stage)
        while True:
            with lock:
                number = next(numbers)
                if number >= whole:
                    return
                question = next(questions)
            due = start + number / per_second
            time.sleep(max(0, due - time.perf_counter()))
            day.learn(question, times.ask(line, question, due=due))

    browsers = [threading.Thread(target=browser) for _ in range(LINES)]
    for each in browsers:
        each.start()
    for each in browsers:
        each.join()
    return times
