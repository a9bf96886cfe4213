"""A small county for tests across rooms, brought about by the project's own commands and committed.

Liannan's places and staff, and in it one man, 房金养, registered and seen in 油岭村; his wife, in whose
record the same people may read; two records that are one person; and a woman in a ward of the township
hospital. `World` names their ids as the addresses of the house name them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import astuple, dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client, RequestFactory
from psycopg import Connection, sql

from tests.people import (
    ALLERGEN,
    COMPLAINT,
    a_stranger,
    allergic,
    at_risk,
    attached,
    device_of,
    glass_broken,
    goes_away,
    likely,
    merged,
    register,
    seen,
    village_of,
)
from tests.referred import Cases, County, refer_everybody
from yiti.config import setup
from yiti.config.actor import build_actor
from yiti.foundation.accounts import public as accounts
from yiti.foundation.accounts.commands import change_own_password
from yiti.foundation.accounts.models import User
from yiti.kernel.actor import Actor
from yiti.kernel.clock import local_date, now
from yiti.kernel.identity import Sex
from yiti.kernel.ids import new_id
from yiti.kernel.sheets import read_sheet
from yiti.registry.residents import public as residents
from yiti.registry.staff import public as staff
from yiti.registry.staff.commands.postings import end_posting
from yiti.spine.episodes import public as episodes

STRANGERS_SECRETS = ("邓水生", "13900000509", "19710509", COMPLAINT, ALLERGEN)  # more than a card says

HOURS_AGO = timedelta(hours=3)  # when all this begins; the longest way up and down takes an hour
_RESTLESS = {"audit_auditentry", "audit_unsealed", "audit_seal", "django_session", "django_cache"}
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
_LAST_LOOK = """
    SELECT action, outcome, person_id FROM audit_auditentry WHERE user_id = %s ORDER BY id DESC LIMIT 1
"""
FOLDER = settings.YITI_EXAMPLES / "liannan"

VILLAGE_DOCTOR = "LN2045"  # 唐桂花, 油岭村卫生站
NEXT_VILLAGE_DOCTOR = "LN2044"  # 李春梅, 三排村卫生站: the same township, another village
FAR_VILLAGE_DOCTOR = "LN2010"  # 唐春梅, 大麦山社区站: another township
TOWNSHIP_DOCTOR = "LN1304"  # 邓志明, 三排卫生院 内科
FAR_TOWNSHIP_DOCTOR = "LN1316"  # 龙少华, 大麦山卫生院 内科
WARD_DOCTOR = "LN0217"  # 陈国栋, 县人民医院 心血管内科
FAR_WARD_DOCTOR = "LN0543"  # 邱振华, 县中医院 内科
REFERRAL_NURSE = "LN0412"  # 李秀萍, 县人民医院 转诊中心
FAR_REFERRAL_NURSE = "LN0504"  # 罗贵生, 县中医院
CENTRE_HEAD = "LN0401"  # 黄文静, 县人民医院 转诊中心
FAR_CENTRE_HEAD = "LN9001"  # at 县中医院, added to the example: its county has one head of a centre only
OFFICE = "LN0009"  # 盘立新, 医共体办公室
AUDITOR = "LN0003"
SYSTEM_ADMINISTRATOR = "LN0001"
SECURITY_ADMINISTRATOR = "LN0002"
NEWCOMER = "LN2046"  # 赵佩珊, who has not changed the first password yet
LEAVER = "LN2043"  # 沈伟明, whose only posting ended yesterday
CAST = (
    VILLAGE_DOCTOR,
    NEXT_VILLAGE_DOCTOR,
    FAR_VILLAGE_DOCTOR,
    TOWNSHIP_DOCTOR,
    FAR_TOWNSHIP_DOCTOR,
    WARD_DOCTOR,
    FAR_WARD_DOCTOR,
    REFERRAL_NURSE,
    FAR_REFERRAL_NURSE,
    CENTRE_HEAD,
    FAR_CENTRE_HEAD,
    OFFICE,
    AUDITOR,
    SYSTEM_ADMINISTRATOR,
    SECURITY_ADMINISTRATOR,
    NEWCOMER,
    LEAVER,
)


@dataclass(frozen=True)
class World:
    """The ids of the county, by the names that addresses give them, and its people at work."""

    at: datetime
    eye: Connection  # sees every row of every table
    users: Mapping[str, User]  # by staff code
    staff_id: UUID  # the village doctor
    posting_id: UUID
    user_id: UUID  # the village doctor's account
    away_id: UUID  # the township doctor, who goes away next week
    other_staff_id: UUID  # somebody else
    stand_in_id: UUID
    session_id: int  # a device that is signed in to it
    institution_id: UUID  # 三排卫生院
    department_id: UUID  # its ward 内科
    village_id: UUID  # 油岭村
    person_id: UUID  # 房金养
    other_person_id: UUID  # 唐四妹, his wife
    kept_id: UUID  # a record into which another one has been merged
    merge_id: UUID
    allergy_id: UUID
    risk_id: UUID
    document_id: UUID
    episode_id: UUID
    visit_id: UUID
    vital_id: UUID
    attachment_id: UUID  # a picture, in the visit
    other_visit_id: UUID  # his wife's, by the same doctor
    stay_id: UUID  # a stay in the ward
    stranger_id: UUID  # a person of another township
    glass_id: UUID  # the stranger's record, opened in an emergency by the far ward doctor
    pair_id: UUID  # he and the man may be one person; the township hospital sees a card of him only
    cases: Cases  # referrals, one in each state
    cookies: dict[str, str] = field(default_factory=dict)

    def client(self, code: str | None, *, apart: bool = False, enforce_csrf_checks: bool = False) -> Client:
        """A browser: somebody's who has signed in (`apart`: in a session of its own), or nobody's."""
        browser = Client(enforce_csrf_checks=enforce_csrf_checks)
        if code is not None and apart:
            browser.force_login(self.users[code])
        elif code is not None:
            self._share_session(browser, code)
        return browser

    def _share_session(self, browser: Client, code: str) -> None:
        """One session a person for all browsers, until one of them signs out: signing in takes time."""
        kept = self.cookies.get(code, "")
        if not SessionStore(kept).exists(kept):
            browser.force_login(self.users[code])
            self.cookies[code] = browser.cookies[settings.SESSION_COOKIE_NAME].value
        browser.cookies[settings.SESSION_COOKIE_NAME] = self.cookies[code]

    def sign_in_elsewhere(self) -> None:
        """Sign in the village doctor's other device again, if a test before has signed it out."""
        device_of(self.user_id, self.session_id)

    def actor(self, code: str) -> Actor:
        """That person at work, as the edge would build them."""
        return _actor(self.users[code], self.at)

    def state(self) -> dict[str, tuple[int, int]]:
        """How many rows each table has and in which transactions they were written: equal when nothing
        was stored in between. The trail, sessions and the cache change with every request and are left out.
        """
        names = [name for (name,) in self.eye.execute(_TABLES) if name not in _RESTLESS]
        one = sql.SQL("SELECT {}, count(*), coalesce(sum(xmin::text::bigint), 0)::bigint FROM {}")
        tables = sql.SQL(" UNION ALL ").join(one.format(sql.Literal(n), sql.Identifier(n)) for n in names)
        return {name: (count, written) for name, count, written in self.eye.execute(tables)}

    @property
    def pair_one_id(self) -> UUID:
        """The one of the pair that is named first."""
        return min(self.person_id, self.stranger_id)

    @property
    def fresh_id(self) -> UUID:
        """An id for a new row."""
        return new_id()

    def last_look(self, code: str) -> tuple[str, str, UUID | None]:
        """The newest row of somebody's trail: action, outcome, person."""
        return self.eye.execute(_LAST_LOOK, [self.users[code].id]).fetchone() or ("", "", None)


@dataclass(frozen=True)
class Roles:
    """Who has a part in what happens, by staff code."""

    doctor: str = VILLAGE_DOCTOR
    township: str = TOWNSHIP_DOCTOR
    far_doctor: str = FAR_VILLAGE_DOCTOR
    nurse: str = REFERRAL_NURSE
    centre_head: str = CENTRE_HEAD
    ward_doctor: str = WARD_DOCTOR
    far_ward_doctor: str = FAR_WARD_DOCTOR


def build(eye: Connection) -> World:
    """Fill an empty, migrated database (Django is connected to it as the app role). `eye` is a connection
    that sees all of it."""
    at = now() - HOURS_AGO
    return happen(eye, people_at_work(at), Roles(), at)


def happen(eye: Connection, users: Mapping[str, User], roles: Roles, at: datetime) -> World:
    """Let everything happen that addresses of the house can name, to people of one village."""
    doctor, township, far, nurse, head, ward, far_ward = (_actor(users[code], at) for code in astuple(roles))
    village = village_of(doctor)
    man = register(doctor, "房金养", Sex.MALE, date(1959, 3, 14), village, at)
    wife = register(doctor, "唐四妹", Sex.FEMALE, date(1962, 8, 2), village, at)
    stranger = a_stranger(far, at)
    kept, merge = merged(township, village, at)
    visit = seen(doctor, man, at)
    detail = episodes.visit_detail(doctor, visit, at)
    stay = seen(township, kept, at, kind=episodes.VisitKind.INPATIENT, department_id=township.department_id)
    assert doctor.staff_id is not None
    assert doctor.posting_id is not None
    assert township.staff_id is not None
    assert township.department_id is not None
    return World(
        at=at,
        eye=eye,
        users=users,
        staff_id=doctor.staff_id,
        posting_id=doctor.posting_id,
        user_id=doctor.user_id,
        away_id=township.staff_id,
        other_staff_id=doctor.staff_id,
        stand_in_id=goes_away(township, at),
        session_id=device_of(doctor.user_id),
        institution_id=township.institution_id,
        department_id=township.department_id,
        village_id=village,
        person_id=man,
        other_person_id=wife,
        kept_id=kept,
        merge_id=merge,
        allergy_id=allergic(doctor, man, at),
        risk_id=at_risk(doctor, man, at),
        document_id=residents.identifiers(doctor, man)[0].id,
        episode_id=detail.episode.id,
        visit_id=visit,
        vital_id=detail.vitals[0].stamp.id,
        attachment_id=attached(doctor, visit, at),
        other_visit_id=seen(doctor, wife, at),
        stay_id=stay,
        stranger_id=stranger,
        glass_id=glass_broken(eye, far_ward, stranger, at),
        pair_id=likely(eye, man, stranger, at),
        cases=refer_everybody(County(doctor, township, nurse, head, ward, at)),
    )


def people_at_work(at: datetime, cast: Collection[str] = CAST) -> dict[str, User]:
    """Everybody of the example; the cast can go to work."""
    setup.load_reference(at)
    setup.load_places(FOLDER, at)
    setup.load_people_at_work(FOLDER, make_password(_FIRST), at)
    rows, _problems = read_sheet(staff.STAFF.with_codes({"roles": accounts.role_names()}), [_SECOND_HEAD])
    staff.load_staff(
        actor=setup.SETUP, rows=rows, first_password_hashes={FAR_CENTRE_HEAD: make_password(_FIRST)}, at=at
    )
    users = {user.username: user for user in User.objects.filter(username__in=cast)}
    for user in users.values():
        if user.username != NEWCOMER:
            change_own_password(actor=_actor(user, at), old=_FIRST, new=f"{_FIRST} or another", at=at)
            user.refresh_from_db()
    left = _actor(users[LEAVER], at).posting_id
    assert left is not None
    end_posting(actor=setup.SETUP, posting_id=left, last_day=local_date(at) - timedelta(days=1), at=at)
    return users


_FIRST = "a first password"
_SECOND_HEAD = {
    "code": FAR_CENTRE_HEAD,
    "name": "成文秀",
    "title": "junior",
    "institution": "LN-ZYY",
    "department": "MZ",
    "role": "referral_center_head",
    "valid_from": "2020-01-01",
    "is_primary": "1",
}


def _actor(user: User, at: datetime) -> Actor:
    request = RequestFactory().get("/")
    vars(request).update(at=at, request_id="the world of tests", session={})
    return build_actor(request, user)  # type: ignore[arg-type]
