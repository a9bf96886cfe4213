"""Loading people at work: once creates, twice changes nothing, a mistake saves nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import pytest
from django.conf import settings
from pytest_django import DjangoAssertNumQueries

from yiti.foundation.accounts import public as accounts
from yiti.foundation.accounts.models import User
from yiti.foundation.accounts.tests.builders import a_role, a_user
from yiti.foundation.audit import public as audit
from yiti.kernel.actor import Actor
from yiti.kernel.errors import NotPermitted
from yiti.kernel.sheets import Outcome, read_sheet
from yiti.kernel.tests.builders import an_actor
from yiti.registry.facilities import public as facilities
from yiti.registry.facilities.tests.builders import a_department, a_manager, an_institution
from yiti.registry.staff import public as staff
from yiti.registry.staff.models import Licence, Posting, StaffMember
from yiti.registry.staff.tests.builders import a_personnel_office, a_posting, a_staff_member

pytestmark = pytest.mark.django_db

ROW = {
    "code": "LN2001",
    "name": "盘凤英",
    "title": "师级",
    "phone": "13822716620",
    "licence": "乡村医生",
    "licence_number": "44182600001",
    "institution": "A",
    "department": "",
    "role": "village_doctor",
    "valid_from": "2020-01-01",
    "valid_until": "",
    "is_primary": "",
}
PASSWORD = "k7mp-x3we-9thr"


@pytest.fixture(autouse=True)
def places() -> None:
    a_role("village_doctor", zh="村医")
    a_role("ward_doctor", zh="病区医师")
    an_institution(code="A", name="油岭村卫生站")
    a_department(an_institution(code="B", name="三排卫生院"), code="NK")


def load(
    *rows: Mapping[str, str],
    at: datetime,
    coming: Mapping[str, Sequence[str]] | None = None,
    dry_run: bool = False,
    actor: Actor | None = None,
) -> staff.StaffReport:
    """Load rows that must all be readable."""
    read, problems = read_sheet(staff.STAFF.with_codes({"roles": accounts.role_names()}), rows)
    assert not problems
    return staff.load_staff(
        actor=actor or a_personnel_office(),
        rows=read,
        first_password_hashes={row["code"]: accounts.hash_first_password(PASSWORD) for row in rows},
        at=at,
        coming=coming,
        dry_run=dry_run,
    )


def outcomes(report: staff.StaffReport) -> list[tuple[int, str]]:
    """What became of each line."""
    return [(each.line, str(each.outcome)) for each in report.outcomes]


def problems(report: staff.StaffReport) -> list[tuple[int, str, str]]:
    """Line, column and sentence of each problem."""
    return [(each.line, each.column, each.text()) for each in report.problems]


def test_a_person_comes_with_account_licence_and_posting(at: datetime) -> None:
    report = load(ROW, at=at)
    assert (report.saved, outcomes(report)) == (True, [(2, "created")])
    assert report.newcomers == {"LN2001": "盘凤英"}
    member = StaffMember.objects.get(code="LN2001")
    assert (member.name, member.initials, member.title) == ("盘凤英", "pfy", "junior")
    user = User.objects.get(username="LN2001")
    assert (user.pk, user.phone, user.must_change_password) == (member.user_id, "13822716620", True)
    assert user.check_password(PASSWORD)
    assert Licence.objects.get(staff=member).number == "44182600001"
    hats = staff.postings_of_user(user.id, at.date())
    assert [(hat.institution_name, hat.role, hat.is_primary) for hat in hats] == [
        ("油岭村卫生站", "village_doctor", True)
    ]


def test_a_second_load_changes_nothing(at: datetime) -> None:
    rows = [ROW, ROW | {"institution": "B", "department": "NK", "role": "ward_doctor"}]
    load(*rows, at=at)
    again = load(*rows, at=at)
    assert again.counts == {"staff": {Outcome.UNCHANGED: 2}}
    assert again.newcomers == {}


def test_only_what_differs_is_changed_and_the_account_follows(at: datetime) -> None:
    load(ROW, at=at)
    without_licence = {name: cell for name, cell in ROW.items() if not name.startswith("licence")}
    report = load(without_licence | {"phone": "13822716621", "title": "中级"}, at=at)
    assert outcomes(report) == [(2, "changed")]
    user = User.objects.get(username="LN2001")
    assert (user.phone, user.check_password(PASSWORD)) == ("13822716621", True)
    assert Licence.objects.get().number == "44182600001"


def test_two_people_can_swap_their_phones(at: datetime) -> None:
    other = ROW | {
        "code": "LN2002",
        "name": "唐桂花",
        "phone": "13822716699",
        "licence": "",
        "licence_number": "",
    }
    load(ROW, other, at=at)
    report = load(ROW | {"phone": other["phone"]}, other | {"phone": ROW["phone"]}, at=at)
    assert outcomes(report) == [(2, "changed"), (3, "changed")]
    assert User.objects.get(username="LN2002").phone == ROW["phone"]


def test_a_dry_run_says_what_would_happen_and_saves_nothing(at: datetime) -> None:
    report = load(ROW, at=at, dry_run=True)
    assert (report.saved, outcomes(report), report.newcomers) == (
        False,
        [(2, "created")],
        {"LN2001": "盘凤英"},
    )
    assert not StaffMember.objects.exists()
    assert not User.objects.exists()
    assert not audit.trail(an_actor("audit.read"), audit.Asked("staff."))


def test_a_dry_run_knows_the_places_that_come_with_it(at: datetime) -> None:
    row = ROW | {"institution": "NEW", "department": "WK"}
    assert load(row, at=at, dry_run=True, coming={"NEW": ["WK"]}).problems == ()
    assert problems(load(row, at=at, dry_run=True, coming={"NEW": ["NK"]}))[0][:2] == (2, "department")
    coming = ROW | {"institution": "B", "department": "WK"}
    assert load(coming, at=at, dry_run=True, coming={"B": ["WK"]}).problems == ()


def test_a_load_leaves_one_audit_row_with_its_counts(at: datetime) -> None:
    load(ROW, ROW | {"institution": "B"}, at=at)
    assert [row.action for row in audit.trail(an_actor("audit.read"), audit.Asked("staff."))] == [
        "staff.load"
    ]


def test_who_may_not_maintain_staff_loads_nothing(at: datetime) -> None:
    with pytest.raises(NotPermitted):
        staff.load_staff(actor=an_actor(), rows=[], first_password_hashes={}, at=at)


@pytest.mark.parametrize(
    ("cells", "column", "says"),
    [
        pytest.param({"institution": "X"}, "institution", "没有编码为 X 的机构", id="institution"),
        pytest.param({"institution": "B", "department": "X"}, "department", "X 的科室", id="department"),
        pytest.param({"code": "TAKEN"}, "code", "已有账号", id="an account of nobody at work"),
        pytest.param({"phone": "13700000000"}, "phone", "工号 TAKEN", id="somebody else's mobile"),
        pytest.param({"licence_number": "999"}, "licence_number", "工号 OTHER", id="somebody else's licence"),
    ],
)
def test_what_does_not_fit_the_county_stops_the_whole_load(
    cells: dict[str, str], column: str, says: str, at: datetime
) -> None:
    a_user(username="TAKEN", phone="13700000000")
    Licence.objects.create(staff=a_staff_member(code="OTHER"), kind="village_doctor", number="999")
    report = load(ROW | {"code": "LN2009", "name": "唐桂花"} | cells, at=at)
    assert not report.saved
    assert problems(report)[0][:2] == (2, column)
    assert says in problems(report)[0][2]
    assert not StaffMember.objects.filter(name="唐桂花").exists()


def test_all_mistakes_are_told_at_once(at: datetime) -> None:
    report = load(
        ROW | {"valid_until": "2019-01-01"},
        ROW | {"code": "LN2002", "institution": "X", "phone": "", "licence_number": ""},
        at=at,
    )
    assert {(line, column) for line, column, _ in problems(report)} >= {
        (2, "valid_until"),
        (3, "institution"),
    }


def test_a_posting_ends_by_its_last_day_and_a_blank_one_does_not_open_it_again(at: datetime) -> None:
    load(ROW, at=at)
    assert outcomes(load(ROW | {"valid_until": "2026-06-30"}, at=at)) == [(2, "changed")]
    assert Posting.objects.get().valid_until == date(2026, 6, 30)
    assert outcomes(load(ROW, at=at)) == [(2, "unchanged")]
    assert Posting.objects.get().valid_until == date(2026, 6, 30)


def test_a_posting_that_overlaps_a_known_one_is_refused(at: datetime) -> None:
    load(ROW, at=at)
    report = load(ROW | {"valid_from": "2021-01-01"}, at=at)
    assert problems(report) == [(2, "valid_from", "这个岗位从 2020-01-01 起已经在岗，时间重叠了")]


@pytest.mark.parametrize(
    ("first", "second", "primary"),
    [
        pytest.param({}, {}, "A", id="the first one when nothing is said"),
        pytest.param({"is_primary": "0"}, {}, "B", id="not the one marked no"),
        pytest.param({}, {"is_primary": "1"}, "B", id="the one marked yes"),
        pytest.param({"is_primary": "0"}, {"is_primary": "0"}, None, id="none when all are marked no"),
        pytest.param({"valid_until": "2026-01-01"}, {}, "B", id="not one that is over"),
    ],
)
def test_which_posting_is_the_primary_one(
    first: dict[str, str], second: dict[str, str], primary: str | None, at: datetime
) -> None:
    rows = [ROW | first, ROW | {"institution": "B"} | second]
    load(*rows, at=at)
    chosen = Posting.objects.filter(is_primary=True).values_list("institution__code", flat=True).first()
    assert chosen == primary
    assert load(*rows, at=at).counts == {"staff": {Outcome.UNCHANGED: 2}}


def test_another_posting_becomes_the_primary_one(at: datetime) -> None:
    load(ROW, at=at)
    report = load(ROW | {"institution": "B", "is_primary": "1"}, at=at)
    assert outcomes(report) == [(2, "created")]
    assert Posting.objects.get(is_primary=True).institution.code == "B"
    back = load(ROW | {"is_primary": "1"}, ROW | {"institution": "B", "is_primary": "0"}, at=at)
    assert outcomes(back) == [(2, "changed"), (3, "changed")]
    assert Posting.objects.get(is_primary=True).institution.code == "A"


def test_a_posting_made_elsewhere_is_left_alone(at: datetime) -> None:
    member = a_staff_member("盘凤英", code="LN2001")
    other = a_posting(member, role="ward_doctor")
    assert outcomes(load(ROW, at=at)) == [(2, "created")]
    other.refresh_from_db()
    assert other.is_primary
    assert Posting.objects.count() == 2


def test_the_staff_of_the_example_county_load_twice(at: datetime) -> None:
    sheets, _ = facilities.read_folder(settings.YITI_EXAMPLES / "liannan")
    facilities.load_facilities(actor=a_manager(), sheets=sheets, at=at)
    path = settings.YITI_EXAMPLES / "liannan" / "staff.csv"
    for code in {line.split(",")[7] for line in path.read_text(encoding="utf-8").splitlines()[1:]}:
        a_role(code, zh=code)
    rows, wrong = staff.read_staff(path, accounts.role_names())
    assert not wrong
    for expected in (Outcome.CREATED, Outcome.UNCHANGED):
        report = staff.load_staff(actor=a_personnel_office(), rows=rows, first_password_hashes={}, at=at)
        assert report.counts == {"staff": {expected: len(rows)}}


def many(number: int) -> list[dict[str, str]]:
    """People at work at one institution."""
    return [
        ROW | {"code": f"LN{3000 + n}", "phone": f"139000{n:05d}", "licence_number": f"9{n}"}
        for n in range(number)
    ]


@pytest.mark.parametrize("number", [1, 20])
def test_queries_do_not_grow_with_people(
    number: int, at: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    rows = many(number)
    with django_assert_num_queries(21):
        load(*rows, at=at)
    with django_assert_num_queries(16):
        load(*rows, at=at)
