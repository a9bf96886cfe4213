"""Likely duplicates of the whole index: found by night, decided by people, never put up twice."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from threading import Barrier
from uuid import UUID

import pytest
from django.db import ProgrammingError, connection

from yiti.foundation.access import public as access
from yiti.foundation.audit.models import AuditEntry
from yiti.kernel.actor import SYSTEM, Actor
from yiti.kernel.clock import SHANGHAI, now
from yiti.kernel.errors import Conflict, DomainError, InvalidInput, NotFound, NotPermitted
from yiti.kernel.ids import new_id
from yiti.ops.database import Database
from yiti.ops.roles import Role
from yiti.registry.residents import public as residents
from yiti.registry.residents.commands import mark_different, merge_persons, reopen_pair, unmerge
from yiti.registry.residents.domain import PairState
from yiti.registry.residents.handlers import last_night, review_if_due
from yiti.registry.residents.models import (
    Card,
    CardKey,
    DuplicatePair,
    LinkModel,
    Merge,
    RecordAccess,
    Resident,
)
from yiti.registry.residents.tests.builders import (
    Place,
    a_clinician,
    a_likely_pair,
    a_man,
    a_person,
    a_place,
    a_stranger,
    born,
)
from yiti.registry.residents.tests.test_loading import become

WHY = "核对过，是同一个人"
NOT = "是堂兄弟，住一个院子"


@pytest.fixture
def place(committed_db: Database) -> Place:
    """Where the doctor works, in a database of its own: the night works under another role than the pages."""
    return a_place()


@pytest.fixture
def stranger(place: Place) -> Actor:
    """Somebody at an institution that no record is open to."""
    return a_stranger()


Night = Callable[[], int]


@pytest.fixture
def review(committed_db: Database) -> Night:
    """One night, as the worker; gives how many pairs are open then."""

    def night() -> int:
        become(committed_db, Role.WORKER)
        found = residents.review_index(actor=SYSTEM, at=now())
        become(committed_db, Role.APP)
        return found

    return night


def pairs() -> dict[frozenset[UUID], str]:
    """Every pair there is, and what became of it."""
    rows = DuplicatePair.objects.values_list("one_id", "other_id", "state")
    return {frozenset((one, other)): state for one, other, state in rows}


@pytest.fixture
def twice(doctor: Actor) -> tuple[UUID, UUID]:
    """A man who was registered twice, the second time with a slip in his birth."""
    first = a_person(doctor, a_man(phone="13822716620"), at=now())
    slip = born(date(1959, 3, 15))
    return first, a_person(doctor, a_man(phone="13822716620", birth=slip), at=now())


def test_the_night_finds_who_stands_twice_and_nobody_else(
    doctor: Actor, twice: tuple[UUID, UUID], review: Night
) -> None:
    for _ in range(30):
        a_person(doctor, at=now())
    assert review() == 1
    assert pairs() == {frozenset(twice): "open"}
    found = DuplicatePair.objects.get()
    assert (found.name_level, found.birth_level, found.phone_level) == ("same", "slip", "same")
    assert found.points >= 90
    assert review() == 1, "a second night changes nothing"


def test_the_desk_weighs_by_what_the_night_has_learned(
    doctor: Actor, twice: tuple[UUID, UUID], review: Night
) -> None:
    review()
    entry = AuditEntry.objects.get(action="residents.review_index")
    assert entry.detail == {"people": 2, "added": 1, "open": 1}


def test_what_was_found_to_be_two_people_is_never_put_up_again(
    doctor: Actor, twice: tuple[UUID, UUID], review: Night
) -> None:
    review()
    pair = DuplicatePair.objects.get()
    for _ in range(2):
        mark_different(actor=doctor, pair_id=pair.pk, reason=NOT, at=now())
    assert review() == 0
    assert pairs() == {frozenset(twice): "different"}
    assert AuditEntry.objects.filter(action="residents.mark_different").count() == 2, "in the trail of both"


def test_merging_decides_the_pair_and_unmerging_keeps_them_apart(
    doctor: Actor, twice: tuple[UUID, UUID], review: Night
) -> None:
    review()
    before = everything(doctor)
    merge_id = merge_persons(actor=doctor, absorbed_id=twice[1], kept_id=twice[0], reason=WHY, at=now())
    assert pairs() == {frozenset(twice): "merged"}
    assert review() == 0
    unmerge(actor=doctor, merge_id=merge_id, reason=NOT, at=now())
    assert everything(doctor) == before, "un-merging restores what was there"
    assert pairs() == {frozenset(twice): "different"}
    assert review() == 0
    with access.scoped(doctor):
        merge = Merge.objects.get(pk=merge_id)
    assert (merge.unmerge_reason, merge.unmerged_by) == (NOT, doctor.user_id)
    trail = AuditEntry.objects.get(action="residents.unmerge")
    assert trail.detail == {"absorbed": str(twice[1]), "reason": NOT}


def everything(actor: Actor) -> list[object]:
    """What un-merging must bring back: cards, records, keys, and who may open what."""
    with access.scoped(actor):
        opened = RecordAccess.objects.live(now()).order_by("person_id", "institution_id", "for_id")
        records = list(Resident.objects.order_by("pk").values())
        assert len(records) > 1
        return [
            records,
            list(Card.objects.order_by("pk").values()),
            sorted(CardKey.objects.values_list("card_id", "kind", "value")),
            list(opened.values_list("person_id", "institution_id", "reason", "for_kind", "for_id")),
        ]


def test_unmerging_needs_a_reason(doctor: Actor, twice: tuple[UUID, UUID]) -> None:
    merge_id = merge_persons(actor=doctor, absorbed_id=twice[1], kept_id=twice[0], reason=WHY, at=now())
    with pytest.raises(InvalidInput, match="至少 5 个字"):
        unmerge(actor=doctor, merge_id=merge_id, reason="错", at=now())
    assert residents.canonical_id(twice[1]) == twice[0]


def test_a_decision_is_taken_back_and_the_pair_waits_again(doctor: Actor, twice: tuple[UUID, UUID]) -> None:
    pair_id = a_likely_pair(*twice)
    mark_different(actor=doctor, pair_id=pair_id, reason=NOT, at=now())
    with pytest.raises(Conflict, match="先在疑似重复里撤回判定"):
        merge_persons(actor=doctor, absorbed_id=twice[1], kept_id=twice[0], reason=WHY, at=now())
    for _ in range(2):
        reopen_pair(actor=doctor, pair_id=pair_id, at=now())
    assert pairs() == {frozenset(twice): "open"}
    merge_persons(actor=doctor, absorbed_id=twice[1], kept_id=twice[0], reason=WHY, at=now())
    with pytest.raises(Conflict):
        reopen_pair(actor=doctor, pair_id=pair_id, at=now())
    with pytest.raises(Conflict, match="已合并"):
        mark_different(actor=replace(doctor, user_id=new_id()), pair_id=pair_id, reason=NOT, at=now())


def test_what_is_no_longer_likely_leaves_the_list_and_may_come_back(
    doctor: Actor, twice: tuple[UUID, UUID], review: Night
) -> None:
    review()
    name = CardKey.objects.filter(card_id=twice[1], kind="na")
    sound = CardKey.objects.filter(card_id=twice[1], kind="py")
    phone = CardKey.objects.filter(card_id=twice[1], kind="ph")
    name.update(value="李小妹")
    sound.update(value="lixiaomei")
    number = phone.get().value
    phone.update(value="another")
    assert (review(), pairs()) == (0, {frozenset(twice): "gone"})
    name.update(value="房金养")
    sound.update(value="fangjinyang")
    phone.update(value=number)
    assert (review(), pairs()) == (1, {frozenset(twice): "open"})


def test_deciding_needs_both_records_the_permission_and_a_reason(doctor: Actor, stranger: Actor) -> None:
    mine, theirs = a_person(doctor, at=now()), a_person(stranger, at=now())
    pair_id = a_likely_pair(mine, theirs)
    for somebody in (doctor, stranger):
        with pytest.raises(Conflict, match="两份档案都对本院开放"):
            mark_different(actor=somebody, pair_id=pair_id, reason=NOT, at=now())
        with pytest.raises(NotFound):
            merge_persons(actor=somebody, absorbed_id=mine, kept_id=theirs, reason=WHY, at=now())
    with pytest.raises(InvalidInput):
        mark_different(actor=doctor, pair_id=pair_id, reason="否", at=now())
    with pytest.raises(NotFound):
        mark_different(actor=doctor, pair_id=new_id(), reason=NOT, at=now())
    with pytest.raises(NotPermitted):
        mark_different(actor=a_stranger("residents.write"), pair_id=pair_id, reason=NOT, at=now())
    with pytest.raises(NotPermitted):
        residents.review_index(actor=doctor, at=now())
    assert set(pairs().values()) == {"open"}


def test_only_what_one_may_decide_is_counted_beside_the_menu(
    doctor: Actor, stranger: Actor, twice: tuple[UUID, UUID]
) -> None:
    a_likely_pair(*twice)
    a_likely_pair(a_person(doctor, at=now()), a_person(stranger, at=now()))
    assert [residents.count_open_pairs(each) for each in (doctor, stranger)] == [1, 0]


def test_of_two_reviewers_one_decides(doctor: Actor, place: Place) -> None:
    """Both at once, several times: exactly one decision stands and the other one is told."""
    nurse = a_clinician(place.clinic, name="李秀萍")
    for _ in range(5):
        one, other = a_person(doctor, at=now()), a_person(doctor, at=now())
        pair_id = a_likely_pair(one, other)
        merge = partial(merge_persons, actor=doctor, absorbed_id=one, kept_id=other, reason=WHY, at=now())
        part = partial(mark_different, actor=nurse, pair_id=pair_id, reason=NOT, at=now())
        assert len(refusals([merge, part])) == 1
        state = DuplicatePair.objects.get(pk=pair_id).state
        is_merged = residents.canonical_id(one) == other
        assert state == (PairState.MERGED if is_merged else PairState.DIFFERENT)


def refusals(doing: list[Callable[[], object]]) -> list[str]:
    """Do all at the same moment; what was refused."""
    start = Barrier(len(doing))

    def run(one: Callable[[], object]) -> str:
        start.wait()
        try:
            one()
        except DomainError as refusal:
            return refusal.text()
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(len(doing)) as threads:
        return list(filter(None, threads.map(run, doing)))


def test_the_worker_finds_the_pages_decide_and_neither_may_more(
    committed_db: Database, doctor: Actor, twice: tuple[UUID, UUID], review: Night
) -> None:
    assert review() == 1
    for table, what in ((DuplicatePair, {"points": 0}), (LinkModel, {"prior": 0.5})):
        with pytest.raises(ProgrammingError):
            table.objects.update(**what)
        with pytest.raises(ProgrammingError):
            table.objects.all().delete()
    become(committed_db, Role.WORKER)
    with pytest.raises(ProgrammingError):
        DuplicatePair.objects.update(reason="nobody said so")
    with pytest.raises(ProgrammingError):
        DuplicatePair.objects.all().delete()


@pytest.mark.parametrize(
    ("at", "night"),
    [
        pytest.param("2026-11-20 09:48", "2026-11-20 02:30", id="by day"),
        pytest.param("2026-11-20 02:29", "2026-11-19 02:30", id="before it"),
        pytest.param("2026-11-20 02:30", "2026-11-20 02:30", id="at the minute"),
    ],
)
def test_the_night_before(at: str, night: str) -> None:
    moment = datetime.fromisoformat(at).replace(tzinfo=SHANGHAI)
    assert last_night(moment) == datetime.fromisoformat(night).replace(tzinfo=SHANGHAI)


def test_the_index_is_gone_through_once_a_night(
    committed_db: Database, doctor: Actor, twice: tuple[UUID, UUID]
) -> None:
    become(committed_db, Role.WORKER)
    assert review_if_due() == 1
    assert review_if_due() is None
