"""Two records that are one person: what is read, who may open it, and the way back."""

from __future__ import annotations

from uuid import UUID

import pytest

from yiti.foundation.access import public as access
from yiti.foundation.outbox.models import OutboxEvent
from yiti.kernel.actor import Actor
from yiti.kernel.clock import now
from yiti.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted
from yiti.kernel.ids import new_id
from yiti.registry.residents import public as residents
from yiti.registry.residents.models import Merge, RecordAccess
from yiti.registry.residents.selectors import merges
from yiti.registry.residents.tests.builders import (
    a_person,
    a_profile,
    a_stranger,
    an_identity_card,
)

WHY = "同一个人登记了两次"
BACK = "其实是堂兄弟两个人"


@pytest.fixture
def nurse(db: None) -> Actor:
    """A nurse of the county hospital."""
    return a_stranger()


def merge(actor: Actor, absorbed: UUID, kept: UUID) -> UUID:
    """Merge two records now."""
    return residents.merge_persons(actor=actor, absorbed_id=absorbed, kept_id=kept, reason=WHY, at=now())


def take_in(actor: Actor, person_id: UUID, work: UUID) -> None:
    """Open a record for work of the actor's own institution."""
    with access.scoped(actor):
        residents.grant_access(
            actor,
            person_id,
            {actor.institution_id: work},
            reason=residents.AccessReason.EPISODE,
            for_kind="episodes.episode",
            at=now(),
        )


def is_open(actor: Actor, person_id: UUID) -> bool:
    """Whether the record is open to the actor."""
    return person_id in residents.persons(actor, [person_id])


def test_both_ids_read_the_kept_record_with_the_facts_of_both(doctor: Actor) -> None:
    profile = a_profile("房金养", phone="13822716620")
    absorbed, kept = a_person(doctor, profile, at=now()), a_person(doctor, a_profile("房金"), at=now())
    card = an_identity_card(profile)
    residents.add_identifier(actor=doctor, person_id=absorbed, spec=card, at=now())
    allergy = residents.AllergySpec(new_id(), substance_text="某种草药")
    residents.add_allergy(actor=doctor, person_id=absorbed, spec=allergy, at=now())
    merge(doctor, absorbed, kept)
    assert residents.canonical_id(absorbed) == kept
    assert residents.aliases(kept) == residents.aliases(absorbed) == {absorbed, kept}
    assert residents.person(doctor, absorbed) == residents.person(doctor, kept)
    assert residents.person(doctor, kept).id_number == card.number
    assert [row.substance for row in residents.allergies(doctor, kept)] == ["某种草药"]
    assert [hit.card.id for hit in residents.search_cards(doctor, "13822716620")] == [kept]
    assert [row.absorbed_id for row in merges(doctor, kept)] == [absorbed]


def test_who_may_open_one_may_open_both_and_later_access_too(doctor: Actor, nurse: Actor) -> None:
    absorbed, kept = a_person(doctor, at=now()), a_person(doctor, at=now())
    before, after = new_id(), new_id()
    take_in(nurse, absorbed, before)
    assert not is_open(nurse, kept)
    merge(doctor, absorbed, kept)
    assert is_open(nurse, kept)
    with access.scoped(nurse):
        residents.end_access(nurse, for_kind="episodes.episode", for_id=before, at=now())
    assert not is_open(nurse, kept), "the copy ends with what it is a copy of"
    take_in(nurse, absorbed, after)
    assert is_open(nurse, kept)
    reasons = [row.reason for row in residents.who_may_see(nurse, kept, at=now())]
    assert reasons.count(residents.AccessReason.EPISODE) == 1


def test_unmerging_closes_what_only_the_merge_opened(doctor: Actor, nurse: Actor) -> None:
    absorbed, kept = a_person(doctor, at=now()), a_person(doctor, at=now())
    take_in(nurse, absorbed, new_id())
    merge_id = merge(doctor, absorbed, kept)
    for _ in range(2):
        residents.unmerge(actor=doctor, merge_id=merge_id, reason=BACK, at=now())
    assert residents.aliases(kept) == {kept}
    assert (is_open(nurse, absorbed), is_open(nurse, kept)) == (True, False)
    assert is_open(doctor, absorbed)
    assert is_open(doctor, kept)
    kinds = [event.kind for event in OutboxEvent.objects.order_by("id") if "erged" in event.kind]
    assert kinds == ["residents.PersonMerged", "residents.PersonUnmerged"]


def test_three_records_are_followed_to_the_end_and_split_again(doctor: Actor) -> None:
    one, two, three = (a_person(doctor, at=now()) for _ in range(3))
    first = merge(doctor, one, two)
    merge(doctor, two, three)
    assert residents.aliases(one) == {one, two, three}
    assert residents.canonical_id(one) == three
    residents.unmerge(actor=doctor, merge_id=first, reason=BACK, at=now())
    assert residents.aliases(one) == {one}
    assert residents.aliases(three) == {two, three}


def test_the_same_merge_twice_is_one(doctor: Actor) -> None:
    absorbed, kept = a_person(doctor, at=now()), a_person(doctor, at=now())
    assert merge(doctor, absorbed, kept) == merge(doctor, absorbed, kept)
    with access.scoped(doctor):
        assert Merge.objects.count() == 1


def test_what_is_merged_already_is_not_merged_elsewhere(doctor: Actor) -> None:
    one, two, three = (a_person(doctor, at=now()) for _ in range(3))
    merge(doctor, one, two)
    for absorbed, kept in ((one, three), (three, one), (two, one)):
        with pytest.raises(Conflict):
            merge(doctor, absorbed, kept)
    assert residents.aliases(three) == {three}


def test_people_with_different_identity_cards_are_not_merged(doctor: Actor) -> None:
    profiles = a_profile("房金养"), a_profile("房金养")
    ids = [a_person(doctor, profile, at=now()) for profile in profiles]
    for person_id, profile in zip(ids, profiles, strict=True):
        card = an_identity_card(profile)
        residents.add_identifier(actor=doctor, person_id=person_id, spec=card, at=now())
    with pytest.raises(Conflict, match="身份证号不同"):
        merge(doctor, *ids)
    assert residents.aliases(ids[0]) == {ids[0]}


def test_a_dead_and_a_living_person_are_not_merged(doctor: Actor) -> None:
    dead, living = a_person(doctor, at=now()), a_person(doctor, at=now())
    at = now()
    residents.record_death(actor=doctor, person_id=dead, deceased_at=at, at=at)
    with pytest.raises(Conflict, match="已登记死亡"):
        merge(doctor, dead, living)
    residents.record_death(actor=doctor, person_id=living, deceased_at=at, at=at)
    merge(doctor, dead, living)


def test_merging_needs_both_records_the_permission_and_a_reason(doctor: Actor, nurse: Actor) -> None:
    absorbed, kept = a_person(doctor, at=now()), a_person(doctor, at=now())
    take_in(nurse, absorbed, new_id())
    with pytest.raises(NotFound):
        merge(nurse, absorbed, kept)
    with pytest.raises(InvalidInput, match="同一份档案"):
        merge(doctor, kept, kept)
    with pytest.raises(InvalidInput, match="至少 5 个字"):
        residents.merge_persons(actor=doctor, absorbed_id=absorbed, kept_id=kept, reason="一样", at=now())
    clerk = a_stranger("residents.write")
    with pytest.raises(NotPermitted):
        merge(clerk, absorbed, kept)
    assert residents.aliases(kept) == {kept}
    assert not RecordAccess.objects.filter(copy_of__isnull=False).exists()


def test_nobody_but_those_who_see_it_takes_a_merge_back(doctor: Actor, nurse: Actor) -> None:
    merge_id = merge(doctor, a_person(doctor, at=now()), a_person(doctor, at=now()))
    for somebody in (merge_id, new_id()):
        with pytest.raises(NotFound):
            residents.unmerge(actor=nurse, merge_id=somebody, reason=BACK, at=now())
