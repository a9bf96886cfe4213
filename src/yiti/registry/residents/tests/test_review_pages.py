"""The pages of likely duplicates: the list, one pair side by side, and deciding."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.urls import reverse

from yiti.foundation.audit.models import AuditEntry
from yiti.kernel.actor import Actor
from yiti.kernel.clock import now
from yiti.kernel.errors import Conflict
from yiti.registry.facilities.tests.builders import NOON
from yiti.registry.residents import public as residents
from yiti.registry.residents.commands import mark_different, merge_persons
from yiti.registry.residents.models import DuplicatePair
from yiti.registry.residents.selectors import next_pair, pair
from yiti.registry.residents.tests.builders import Place, a_likely_pair, a_man, a_person, a_profile, born
from yiti.registry.residents.tests.pages import ask, text

WHY = "核对过，是同一个人"
NOT = "是堂兄弟，住一个院子"


@pytest.fixture
def twice(doctor: Actor) -> tuple[UUID, UUID]:
    """A man who was registered twice, the second time with a slip in his birth."""
    first = a_person(doctor, a_man(phone="13822716620"), at=now())
    slip = born(date(1959, 3, 15))
    return first, a_person(doctor, a_man(phone="13822716620", birth=slip), at=now())


def test_the_list_shows_cards_of_closed_records_and_sorts_filters_and_finds(
    doctor: Actor, stranger: Actor, place: Place
) -> None:
    mine = a_person(doctor, a_man(), village=place.village, at=now())
    theirs = a_person(stranger, a_profile("沈桂芳"), at=now())
    a_likely_pair(mine, theirs, points=91)
    a_likely_pair(a_person(stranger, a_profile("邓水生"), at=now()), theirs, points=97)
    url = reverse("residents:duplicates")
    page = text(ask(doctor, url))
    assert page.index("97%") < page.index("91%")
    assert "房金养" in page
    assert "沈*芳" in page
    assert "沈桂芳" not in page
    for asked in ({"q": "fjy"}, {"q": "房金"}, {"village": str(place.village.pk)}):
        shown = text(ask(doctor, url, asked))
        assert ("91%" in shown, "97%" in shown) == (True, False), asked
    nobody = text(ask(doctor, url, {"q": "zzz"}))
    assert "没有符合的" in nobody
    assert "91%" not in text(ask(doctor, url, {"village": "no id"}))


def test_an_empty_list_says_when_it_fills(doctor: Actor) -> None:
    assert "每天夜里查一遍全县" in text(ask(doctor, reverse("residents:duplicates")))


def test_the_list_as_a_workbook(doctor: Actor, twice: tuple[UUID, UUID]) -> None:
    a_likely_pair(*twice)
    answer = ask(doctor, reverse("residents:export_duplicates"))
    assert answer["Content-Disposition"].startswith('attachment; filename="duplicates-')
    assert answer.content.startswith(b"PK")


def test_side_by_side_marks_what_differs_and_both_trails_say_so(
    doctor: Actor, twice: tuple[UUID, UUID]
) -> None:
    pair_id = a_likely_pair(*twice, phone_level="same", village_level="other")
    page = text(ask(doctor, reverse("residents:compared", args=[pair_id])))
    shown = ["1959-03-14", "1959-03-15", "138****6620", "相近", "相同", "合并", "不是同一人"]
    assert [words for words in shown if words not in page] == []
    looks = AuditEntry.objects.filter(action="read:residents:compared")
    assert {look.person_id for look in looks} == set(twice)


def test_a_closed_side_is_a_card_and_nothing_can_be_decided(doctor: Actor, stranger: Actor) -> None:
    mine, theirs = a_person(doctor, at=now()), a_person(stranger, a_profile("沈桂芳"), at=now())
    pair_id = a_likely_pair(mine, theirs)
    page = text(ask(doctor, reverse("residents:compared", args=[pair_id])))
    assert "两份档案都对本院开放，才能判定" in page
    assert "沈桂芳" not in page
    assert reverse("residents:different", args=[pair_id]) not in page
    refused = ask(doctor, reverse("residents:different", args=[pair_id]), {"reason": NOT}, post=True)
    assert (refused.status_code, DuplicatePair.objects.get().state) == (422, "open")


def test_deciding_goes_on_to_the_next_pair(doctor: Actor, twice: tuple[UUID, UUID]) -> None:
    others = a_person(doctor, at=now()), a_person(doctor, at=now())
    first, second = a_likely_pair(*twice, points=97), a_likely_pair(*others, points=91)
    merging = reverse("residents:merge_pair", args=[first])
    assert "保留哪一份" in text(ask(doctor, merging))
    assert ask(doctor, merging, {"reason": WHY}, post=True).status_code == 422, "which one stays?"
    done = ask(doctor, merging, {"reason": WHY, "kept": str(twice[1])}, post=True)
    assert done["Location"] == reverse("residents:compared", args=[second])
    assert residents.canonical_id(twice[0]) == twice[1]
    last = ask(doctor, reverse("residents:different", args=[second]), {"reason": NOT}, post=True)
    assert last["Location"] == reverse("residents:duplicates")
    decided = text(ask(doctor, reverse("residents:duplicates"), {"state": "different"}))
    assert "91%" in decided
    back = ask(doctor, reverse("residents:reopen_pair", args=[second]), {}, post=True)
    assert back["Location"] == reverse("residents:compared", args=[second])


def test_skipping_goes_once_through_pairs_that_are_equally_likely(
    doctor: Actor, twice: tuple[UUID, UUID]
) -> None:
    made = {a_likely_pair(*twice, points=99)} | {
        a_likely_pair(a_person(doctor, at=now()), a_person(doctor, at=now()), points=99) for _ in range(3)
    }
    page = text(ask(doctor, reverse("residents:duplicates")))
    seen = [min(made, key=lambda id_: page.index(str(id_)))]
    while (found := next_pair(doctor, pair(doctor, seen[-1]))) is not None:
        seen.append(found)
    assert sorted(seen) == sorted(made)


def test_a_merged_pair_still_shows_both_as_they_were(doctor: Actor, twice: tuple[UUID, UUID]) -> None:
    pair_id = a_likely_pair(*twice)
    sent = {"reason": WHY, "kept": str(twice[0])}
    ask(doctor, reverse("residents:merge_pair", args=[pair_id]), sent, post=True)
    page = text(ask(doctor, reverse("residents:compared", args=[pair_id])))
    assert [words for words in ("1959-03-14", "1959-03-15") if words not in page] == []
    assert reverse("residents:facts", args=[twice[0]]) in page


def test_what_can_be_decided_here_comes_first_and_next(
    doctor: Actor, stranger: Actor, twice: tuple[UUID, UUID]
) -> None:
    first = a_likely_pair(*twice, points=97)
    a_likely_pair(a_person(doctor, at=now()), a_person(stranger, at=now()), points=95)
    second = a_likely_pair(a_person(doctor, at=now()), a_person(doctor, at=now()), points=91)
    shown = text(ask(doctor, reverse("residents:duplicates")))
    assert sorted(["97%", "95%", "91%"], key=shown.index) == ["97%", "91%", "95%"]
    done = ask(doctor, reverse("residents:different", args=[first]), {"reason": NOT}, post=True)
    assert done["Location"] == reverse("residents:compared", args=[second])


def test_the_list_can_be_turned_round(doctor: Actor, twice: tuple[UUID, UUID]) -> None:
    a_likely_pair(*twice, points=91)
    a_likely_pair(a_person(doctor, at=now()), a_person(doctor, at=now()), points=97)
    for sort, order in (("-points", ["97%", "91%"]), ("points", ["91%", "97%"])):
        shown = text(ask(doctor, reverse("residents:duplicates"), {"sort": sort}))
        assert sorted(order, key=shown.index) == order


def test_what_only_an_emergency_opens_is_not_decided(
    doctor: Actor, stranger: Actor, twice: tuple[UUID, UUID]
) -> None:
    """The decision would outlast it, and open the records to others."""
    pair_id = a_likely_pair(*twice)
    for id_ in twice:
        residents.open_by_break_glass(actor=stranger, person_id=id_, reason="昏迷送来，要查过敏史", at=now())
    assert residents.person(stranger, twice[0]).name
    assert residents.count_open_pairs(stranger) == 0
    with pytest.raises(Conflict, match="紧急调阅打开的不算"):
        mark_different(actor=stranger, pair_id=pair_id, reason=NOT, at=now())
    with pytest.raises(Conflict, match="紧急调阅打开的不算"):
        merge_persons(actor=stranger, absorbed_id=twice[1], kept_id=twice[0], reason=WHY, at=now())


def test_found_is_shown_later_than_noon(doctor: Actor, twice: tuple[UUID, UUID]) -> None:
    """The order by when it was found: the newest last when asked upwards."""
    a_likely_pair(*twice, points=91, at=NOON - timedelta(days=2))
    a_likely_pair(a_person(doctor, at=now()), a_person(doctor, at=now()), points=97, at=NOON)
    shown = text(ask(doctor, reverse("residents:duplicates"), {"sort": "found"}))
    assert shown.index("91%") < shown.index("97%")
