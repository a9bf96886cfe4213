"""Emergency openings reviewed: who sees them, what was looked at with them, one verdict and no second."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from yiti.foundation.access import public as access
from yiti.foundation.audit import public as audit
from yiti.foundation.audit.models import AuditEntry
from yiti.kernel.actor import Actor, Purpose
from yiti.kernel.clock import now
from yiti.kernel.errors import Conflict, InvalidInput, NotFound
from yiti.kernel.ids import new_id
from yiti.kernel.tests.builders import an_actor
from yiti.ops.database import Database
from yiti.registry.residents import public as residents
from yiti.registry.residents import selectors
from yiti.registry.residents.commands.glass import read_glass_news
from yiti.registry.residents.domain.glass import WAITING, GlassAsked, GlassSort
from yiti.registry.residents.models import BreakGlass, GlassReview
from yiti.registry.residents.tests.builders import Place, a_clinician, a_person, a_place, a_stranger
from yiti.registry.residents.tests.pages import ask, text

GOOD, BAD = residents.Verdict.JUSTIFIED, residents.Verdict.UNJUSTIFIED
WHY = "昏迷送来急诊"


def broken(actor: Actor, person_id: UUID, reason: str = WHY) -> UUID:
    """The record opened in an emergency; gives the id of that."""
    residents.open_by_break_glass(actor=actor, person_id=person_id, reason=reason, at=now())
    with access.scoped(actor):
        return BreakGlass.objects.latest("opened_at").id


def review(
    actor: Actor, glass_id: UUID, verdict: residents.Verdict = GOOD, note: str = "急诊有就诊记录"
) -> None:
    residents.review_break_glass(actor=actor, glass_id=glass_id, verdict=verdict, note=note, at=now())


def an_auditor(name: str = "审计员") -> Actor:
    return an_actor("audit.read", name=name)


def looked(actor: Actor, person_id: UUID, action: str, minutes: int, outcome: str = "done") -> None:
    audit.note_request(
        actor=actor,
        action=action,
        subject=audit.Subject("residents.resident", person_id, person_id),
        at=now() + timedelta(minutes=minutes),
        outcome=audit.Outcome(outcome),
        address=None,
    )


def test_the_auditor_sees_what_was_opened_and_no_record(doctor: Actor, stranger: Actor) -> None:
    person_id, auditor = a_person(doctor, at=now()), an_auditor()
    glass_id = broken(stranger, person_id)
    (row,) = selectors.glasses(auditor)
    assert (row.id, row.user_name, row.institution_name, row.reason) == (
        glass_id,
        stranger.name,
        "县人民医院",
        WHY,
    )
    assert (row.verdict, row.state_zh, selectors.count_unreviewed(auditor)) == (None, "待核查", 1)
    with pytest.raises(NotFound):
        residents.person(auditor, person_id)
    with access.scoped(auditor), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM residents_resident")
        assert cursor.fetchone() == (0,)


def test_without_the_permission_there_is_no_list(doctor: Actor, stranger: Actor) -> None:
    glass_id = broken(stranger, a_person(doctor, at=now()))
    for refused in (
        lambda: selectors.glasses(doctor),
        lambda: selectors.glass(doctor, glass_id),
        lambda: review(doctor, glass_id),
    ):
        with pytest.raises(NotFound):
            refused()
    with access.scoped(a_stranger()):
        assert not BreakGlass.objects.exists()


def test_the_looks_of_that_institution_while_it_lasted_are_counted(doctor: Actor, stranger: Actor) -> None:
    person_id, other_id, auditor = a_person(doctor, at=now()), a_person(doctor, at=now()), an_auditor()
    looked(stranger, person_id, "read:residents:closed", -30)
    glass_id = broken(stranger, person_id)
    for who, whom, action, minutes in (
        (stranger, person_id, "read:residents:record", 1),
        (stranger, person_id, "read:residents:facts", 2),  # the same look goes on
        (stranger, person_id, "read:residents:reveal_number", 3),
        (stranger, person_id, "read:residents:record", 60 * 24 + 5),  # it has ended
        (doctor, person_id, "read:residents:record", 1),  # at work elsewhere
        (replace(stranger, purpose=Purpose.AUDIT), person_id, "read:residents:glass", 4),  # reviews it there
        (stranger, other_id, "read:residents:record", 1),
    ):
        looked(who, whom, action, minutes)
    row = selectors.glass(auditor, glass_id)
    lines = selectors.glass_looks(auditor, row, limit=20)
    assert [line.action for line in lines] == [
        "read:residents:reveal_number",
        "read:residents:record",
    ]
    assert row.looks == len(lines)


def test_the_list_is_filtered_and_sorted(doctor: Actor, stranger: Actor) -> None:
    auditor, other = an_auditor(), a_stranger()
    first = broken(stranger, a_person(doctor, at=now()), "昏迷送来急诊")
    person_id = a_person(doctor, at=now())
    second = broken(other, person_id, "抽搐不能说话")
    review(auditor, first)

    def ids(**asked: object) -> list[UUID]:
        question = GlassAsked(**asked)  # type: ignore[arg-type]
        found = [row.id for row in selectors.glasses(auditor, question)]
        assert len(found) == selectors.count_glasses(auditor, question)
        return found

    assert ids() == [second, first]
    assert (ids(state=WAITING), ids(state=GOOD), ids(state=BAD)) == ([second], [first], [])
    assert ids(institution_id=other.institution_id) == [second]
    assert ids(text="抽搐") == [second]
    assert ids(text="?", people=[person_id]) == [second]
    assert ids(since=now()) == ids(until=now() - timedelta(hours=1)) == []
    for sort in GlassSort:
        rows = selectors.glasses(auditor, sort=sort, descending=False)
        assert {row.id for row in rows} == {first, second}
    assert [row.id for row in selectors.glasses(auditor, descending=False, limit=1)] == [first]


def test_a_verdict_is_given_once_and_shown_to_the_second_reviewer(doctor: Actor, stranger: Actor) -> None:
    glass_id, auditor = broken(stranger, a_person(doctor, at=now())), an_auditor("甲")
    review(auditor, glass_id, BAD, "没有就诊，说不清")
    review(auditor, glass_id, BAD, "没有就诊，说不清")  # sent twice
    with pytest.raises(Conflict, match="甲 已经核查过：不合理"):
        review(an_auditor("乙"), glass_id)
    row = selectors.glass(auditor, glass_id)
    assert (row.verdict, row.note, row.reviewed_by_name) == (BAD, "没有就诊，说不清", "甲")
    entry = AuditEntry.objects.get(action="residents.review_break_glass")
    assert (entry.record_id, entry.detail) == (
        glass_id,
        {"verdict": "unjustified", "note": "没有就诊，说不清"},
    )


def test_two_reviewers_at_once_give_one_verdict(committed_db: Database) -> None:
    glass_id = broken(a_stranger(), a_person(a_clinician(a_place().clinic), at=now()))
    verdicts = [GOOD, BAD] * 4

    def decide(number: int) -> bool:
        try:
            review(an_auditor(f"{number}"), glass_id, verdicts[number])
        except Conflict:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(4) as threads:
        done = list(threads.map(decide, range(len(verdicts))))
    assert sum(done) == 1
    row = selectors.glass(an_auditor(), glass_id)
    assert (row.reviewed_by_name, row.verdict) == (f"{done.index(True)}", verdicts[done.index(True)])
    assert AuditEntry.objects.filter(action="residents.review_break_glass").count() == 1


@pytest.mark.parametrize("note", ["", "好", "    好   "])
def test_a_verdict_says_why(doctor: Actor, stranger: Actor, note: str) -> None:
    glass_id = broken(stranger, a_person(doctor, at=now()))
    with pytest.raises(InvalidInput, match="至少 5 个字"):
        review(an_auditor(), glass_id, GOOD, note)
    with pytest.raises(NotFound):
        review(an_auditor(), new_id())


def test_nobody_reviews_an_opening_of_their_own(doctor: Actor, place: Place) -> None:
    both = a_clinician(a_place().clinic, "residents.break_glass", "residents.read", "audit.read")
    glass_id = broken(both, a_person(doctor, at=now()))
    with pytest.raises(Conflict, match="别人"):
        review(both, glass_id)
    with pytest.raises(DatabaseError), access.scoped(both):  # the database says so too
        _insert(glass_id, both)
    with pytest.raises(DatabaseError), access.scoped(doctor):  # who may not audit
        _insert(glass_id, doctor)


def _insert(glass_id: UUID, actor: Actor) -> None:
    GlassReview.objects.create(
        glass_id=glass_id,
        verdict=GOOD,
        note="五个字以上",
        reviewed_at=now(),
        reviewed_by=actor.user_id,
        reviewed_by_name=actor.name,
    )


def test_a_review_is_never_changed(doctor: Actor, stranger: Actor) -> None:
    auditor, glass_id = an_auditor(), broken(stranger, a_person(doctor, at=now()))
    review(auditor, glass_id)
    for change in (
        "UPDATE residents_glassreview SET verdict = 'unjustified'",
        "DELETE FROM residents_glassreview",
    ):
        with pytest.raises(DatabaseError), access.scoped(auditor), transaction.atomic():
            connection.cursor().execute(change)


# --- the bell -------------------------------------------------------------------------------------
def test_those_whose_data_it_is_hear_of_it_and_nobody_else(
    doctor: Actor, place: Place, stranger: Actor
) -> None:
    person_id = a_person(doctor, at=now(), village=place.village)
    township, elsewhere = a_clinician(place.hospital), a_stranger()
    broken(stranger, person_id)
    for owner in (doctor, township):
        news = selectors.glass_news(owner)
        assert news.unread == selectors.count_glass_news(owner) == 1
        (notice,) = news.rows
        assert (notice.who, notice.says, notice.verdict) == (f"县人民医院 {stranger.name}", WHY, None)
    assert [selectors.count_glass_news(each) for each in (stranger, elsewhere, an_auditor())] == [0, 0, 0]
    read_glass_news(actor=doctor, at=now())
    assert (selectors.count_glass_news(doctor), selectors.count_glass_news(township)) == (0, 1)
    assert [row.is_new for row in selectors.glass_news(doctor).rows] == [False]


def test_an_institution_that_opened_it_in_an_emergency_owns_nothing(doctor: Actor, stranger: Actor) -> None:
    person_id, second = a_person(doctor, at=now()), a_stranger()
    broken(second, person_id)
    broken(stranger, person_id)
    assert selectors.count_glass_news(second) == 0
    assert selectors.count_glass_news(doctor) == 2


def test_the_one_who_looked_sees_the_verdict(doctor: Actor, stranger: Actor) -> None:
    glass_id = broken(stranger, a_person(doctor, at=now()))
    read_glass_news(actor=stranger, at=now())
    review(an_auditor("审计员"), glass_id, BAD, "没有就诊，说不清")
    (notice,) = selectors.glass_news(stranger).rows
    assert (notice.verdict, notice.says, notice.who, notice.is_new) == (
        BAD,
        "没有就诊，说不清",
        "审计员",
        True,
    )
    assert selectors.count_glass_news(a_clinician(a_place().clinic)) == 0


# --- pages ----------------------------------------------------------------------------------------
def test_the_pages_say_it_in_words(doctor: Actor, stranger: Actor) -> None:
    auditor, person_id = an_auditor(), a_person(doctor, at=now())
    glass_id = broken(stranger, person_id)
    page = text(ask(auditor, reverse("residents:glasses")))
    assert [word for word in (WHY, "待核查", "县人民医院") if word not in page] == []
    address = reverse("residents:glass", args=[glass_id])
    assert ask(auditor, address, {"verdict": "justified", "note": "好"}, post=True).status_code == 422
    assert (
        ask(auditor, address, {"verdict": "justified", "note": "急诊有就诊记录"}, post=True).status_code
        == 302
    )
    second = ask(an_auditor("乙"), address, {"verdict": "unjustified", "note": "没有就诊记录"}, post=True)
    assert "已经核查过：合理" in text(second)
    assert "没有符合" in text(ask(auditor, reverse("residents:glasses"), {"state": "waiting"}))
    book = ask(auditor, reverse("residents:export_glasses"))
    assert book.content.startswith(b"PK")
    news = text(ask(stranger, reverse("residents:glass_news")))
    assert "核查结论：合理" in news
