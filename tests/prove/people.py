"""Who writes in a proof: village doctors who see and refer, and whole ways up and home again."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count, cycle
from urllib.parse import urlparse

from tests.prove.desk import KEY, Desk, RefusedError, Troubles
from tests.prove.ledger import Ledger, moment
from tests.prove.places import WARD_OF_THE_HEAD
from yiti.kernel.clock import local_date, now
from yiti.kernel.ids import new_id
from yiti.ops.database import Database
from yiti.ops.roles import Role

NURSE, WARD_DOCTOR, TOWNSHIP_DOCTOR = "LN0412", "LN0217", "LN1304"
Values = dict[str, list[str]]
NEAR = ("LN2045", "LN2044")  # village doctors of the township doctor's own township
_ROUNDS = """
    SELECT staff.code, array_agg(card.id::text ORDER BY card.id)
    FROM staff_staffmember AS staff
    JOIN staff_posting AS posting ON posting.staff_id = staff.id
    JOIN facilities_institution AS station ON station.id = posting.institution_id
    JOIN residents_card AS card ON card.village_id = station.region_id
    WHERE posting.role_id = 'village_doctor' AND posting.valid_until IS NULL
        AND NOT card.is_deceased AND card.merged_into_id IS NULL
    GROUP BY staff.code ORDER BY staff.code
"""


@dataclass(frozen=True)
class Stage:
    """Where the writers write: the address, who sees whom, the ward that is referred to."""

    address: tuple[str, int]
    patients: dict[str, list[str]]  # by the village doctor's login
    ward: str
    patience: float = 20  # seconds a browser waits
    is_careless: bool = False  # its browsers make a new id at each try: a control

    @classmethod
    def of(cls, database: Database, url: str, *, patience: float = 20) -> Stage:
        """The stage of an example county that runs at that address."""
        with database.connect(Role.LOADER) as eye:
            patients = dict(eye.execute(_ROUNDS).fetchall())
            ward = eye.execute(WARD_OF_THE_HEAD).fetchone()
        assert ward is not None
        parts = urlparse(url)
        assert parts.hostname is not None
        assert parts.port is not None
        return cls((parts.hostname, parts.port), patients, ward[0], patience)


@dataclass(eq=False)
class Writer(threading.Thread):
    """Works until told to stop, and finishes what is begun; goes on with the next person after a refusal."""

    stage: Stage
    ledger: Ledger
    troubles: Troubles
    ending: threading.Event
    login: str
    messages: int = 2
    is_brisk: bool = False  # sees each person once, and fills in the form it has read before
    refusals: list[str] = field(default_factory=list)  # what somebody was told no to
    _numbers: Iterator[int] = field(default_factory=count)
    _seen: set[str] = field(default_factory=set)
    _forms: dict[str, Values] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__(name=f"writer {self.login}")

    def run(self) -> None:
        with ExitStack() as lines:
            desk = self.desk(self.login, lines)
            self.prepare(lines)
            for person in cycle(self.stage.patients[self.login]):
                if self.ending.is_set():
                    break
                try:
                    self.story(desk, person)
                except RefusedError as refused:
                    self.refusals.append(f"{self.name}: {refused}")

    def prepare(self, lines: ExitStack) -> None:
        """What there is to do before the first story."""

    def story(self, desk: Desk, person: str) -> None:
        """Somebody is seen, referred, and talked about."""
        if person not in self._seen or not self.is_brisk:
            self.see(desk, person)
            self._seen.add(person)
        page = self.refer(desk, person)
        for _ in range(self.messages):
            self.say(desk, page)

    def desk(self, login: str, lines: ExitStack) -> Desk:
        """A browser at which somebody has signed in; its line is closed with `lines`."""
        stage = self.stage
        made = Desk(
            stage.address, login, self.troubles, patience=stage.patience, is_careless=stage.is_careless
        )
        lines.callback(made.hang_up)
        made.sign_in()
        return made

    def words(self, what: str) -> str:
        """Words that nobody else writes."""
        return f"{self.ledger.mark} {self.login}-{next(self._numbers)} {what}"

    def see(self, desk: Desk, person: str, kind: str = "outpatient") -> None:
        """A visit with a blood pressure."""
        path, words = f"/episodes/visits/new?person={person}", self.words("胸闷 3 天")
        began, form = moment(), desk.form(path)
        own = {"kind": kind, "chief_complaint": words, "systolic": "166", "diastolic": "100"}
        desk.send(path, {**form.values, **own})
        self.ledger.keep("visit", form.value("id"), words, began=began)

    def refer(self, desk: Desk, person: str) -> str:
        """A referral to the ward; the address of its page."""
        path, words = f"/referrals/new?person={person}", self.words("反复胸闷 3 天，今晨胸痛 20 分钟")
        began, values = moment(), self._values(desk, path)
        own = {
            "direction": "up",
            "urgency": "urgent",
            "diagnoses": "I20.0",
            "reason_code": "surgery",
            "target_specialty": "03.04",
            "summary": words,
            "transport_code": "county-120",
            "contact_phone": "13800001234",
            "consent_given": "on",
            "target_institution": self.stage.ward,
        }
        page = desk.send(path, {**values, **own})
        self.ledger.keep("referral", values["id"][0], words, began=began)
        return page

    def _values(self, desk: Desk, path: str) -> Values:
        """What the form of a new row holds; the client makes the id, so a form can be used again."""
        if not self.is_brisk:
            return desk.form(path).values
        if path not in self._forms:
            self._forms[path] = desk.form(path).values
        return {**self._forms[path], KEY: [str(new_id())]}

    def say(self, desk: Desk, page: str) -> None:
        """A line of talk on a referral."""
        began, id_, words = moment(), str(new_id()), self.words("请准备床位")
        desk.send(f"/work/{page.split('/')[-2]}/messages", {"id": id_, "text": words})
        self.ledger.keep("message", id_, words, began=began)


@dataclass(eq=False)
class Traveller(Writer):
    """Goes the whole way with each person: up with a bed, treated, sent home, followed up, closed."""

    nurse: Desk = field(init=False)
    ward_doctor: Desk = field(init=False)
    township: Desk = field(init=False)

    def prepare(self, lines: ExitStack) -> None:
        """Three more people sign in."""
        self.nurse, self.ward_doctor, self.township = (
            self.desk(login, lines) for login in (NURSE, WARD_DOCTOR, TOWNSHIP_DOCTOR)
        )

    def story(self, desk: Desk, person: str) -> None:
        """The golden thread."""
        self.see(desk, person)
        up = self.refer(desk, person)
        self.take(self.nurse, up, "accept")
        self.take(self.nurse, up, "arrive")
        self._admit(up)
        self.take(self.ward_doctor, up, "outcome", outcome="2", way="2", summary="支架 1 枚，胸痛消失")
        down = self._send_home(up, person)
        self.take(self.township, down, "receive", follower=self._follower)
        self.see(desk, person, "followup")
        self.take(desk, down, "follow-up")
        self.take(desk, down, "close")

    def take(self, desk: Desk, page: str, step: str, **own: str) -> None:
        """A step of a referral: its form as it is offered, with what is filled in."""
        path = f"{page}{step}"
        began, form = moment(), desk.form(path)
        desk.send(path, {**form.values, **own})
        self._keep_step(page, step, began)

    def _keep_step(self, page: str, step: str, began: float) -> None:
        names = {"outcome": "send_outcome", "follow-up": "follow_up"}
        self.ledger.keep("step", page.split("/")[-2], names.get(step, step), began=began)

    def _admit(self, page: str) -> None:
        path, words = f"{page}admit", self.words("收治入院")
        began, form = moment(), self.ward_doctor.form(path)
        self.ward_doctor.send(path, {**form.values, "complaint": words})
        self.ledger.keep("visit", form.value("visit_id"), words, began=began)
        self._keep_step(page, "admit", began)

    def _send_home(self, up: str, person: str) -> str:
        up_id = up.split("/")[-2]
        path, words = (
            f"/referrals/new?direction=down&person={person}&up={up_id}",
            self.words("双联抗血小板 12 个月"),
        )
        began, form = moment(), self.ward_doctor.form(path)
        self._follower = form.value("follower")
        own = {
            "reason_code": "rehabilitation",
            "treatment": words,
            "warning_signs": "胸痛超过 15 分钟，马上呼叫 120",
            "first_follow_up_date": f"{local_date(now()) + timedelta(days=3)}",
        }
        page = self.ward_doctor.send(path, {**form.values, **own})
        self.ledger.keep("way home", form.value("id"), words, began=began)
        return page
