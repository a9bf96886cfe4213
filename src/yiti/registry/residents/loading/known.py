"""What the county knows already of the people, villages and institutions of a sheet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar
from uuid import UUID

from yiti.kernel.errors import InvalidInput, NotFound
from yiti.kernel.text import N_
from yiti.registry.facilities import public as facilities
from yiti.registry.residents.domain import KeyKind, digest
from yiti.registry.residents.models import Card, CardKey, Household, HouseholdMember
from yiti.registry.residents.selectors import identities

T = TypeVar("T")
_CHUNK = 5000


def cards_by_number(numbers: Collection[str]) -> dict[str, Card]:
    """The card of each document number that is in the index, under which it is read now."""
    by_digest = {digest(number): number for number in numbers}
    found: dict[str, UUID] = {}
    for chunk in _chunks(list(by_digest)):
        keys = CardKey.objects.filter(kind=KeyKind.ID, value__in=chunk).values_list("value", "card_id")
        found |= {by_digest[value]: card_id for value, card_id in keys}
    canonical = identities(found.values()).canonical if found else {}
    cards = {
        card.pk: card
        for chunk in _chunks(list(canonical.values()))
        for card in Card.objects.filter(pk__in=chunk)
    }
    return {number: cards[canonical[card_id]] for number, card_id in found.items()}


@dataclass(frozen=True, slots=True)
class Homes:
    """Where people live who are known: the households they head, and who is a member elsewhere."""

    headed: dict[UUID, Household]
    members: frozenset[UUID]


def homes_of(ids: Collection[UUID]) -> Homes:
    """The homes of these people, as far as row security shows them to the role that asks."""
    living = HouseholdMember.objects.living_there().filter(person_id__in=ids)
    return Homes(
        headed={
            home.head_id: home for home in Household.objects.filter(head_id__in=ids, ended_at__isnull=True)
        },
        members=frozenset(living.values_list("person_id", flat=True)),
    )


@dataclass
class Villages:
    """Villages by 12-digit code, by name, and by township and name together; read when first asked."""

    _by_text: dict[str, list[facilities.RegionRow]] | None = None

    def find(self, text: str) -> facilities.RegionRow:
        """The one village a text means. Raises InvalidInput on `village`."""
        if self._by_text is None:
            self._by_text = _villages()
        found = self._by_text.get(text, [])
        if not found:
            raise InvalidInput(N_("没有“{text}”这个村"), field="village", text=text)
        if len(found) > 1:
            raise InvalidInput(
                N_("有 {n} 个村叫“{text}”，请填镇名加村名，或 12 位区划代码"),
                field="village",
                n=len(found),
                text=text,
            )
        return found[0]


def _villages() -> dict[str, list[facilities.RegionRow]]:
    rows = facilities.regions_in("", facilities.RegionLevel.VILLAGE)
    townships = facilities.regions({row.parent_id for row in rows if row.parent_id})
    by_text: dict[str, list[facilities.RegionRow]] = defaultdict(list)
    for row in rows:
        above = townships[row.parent_id].name if row.parent_id else ""
        for text in {row.code, row.name, f"{above}{row.name}"}:
            by_text[text].append(row)
    return by_text


@dataclass
class Desks:
    """Which institution registers the people of a village, and which serve them; asked once a village."""

    on: date
    _serving: dict[UUID | None, Sequence[facilities.InstitutionRow]] = field(default_factory=dict)
    _by_code: dict[str, UUID] = field(default_factory=dict)

    def catchment(self, village_id: UUID | None) -> tuple[UUID, ...]:
        """The institutions that serve a village."""
        return tuple(each.id for each in self._served(village_id))

    def registering(self, code: str, village_id: UUID | None) -> UUID:
        """The institution of that code; without one the village's own clinic, or whoever else serves it.

        Raises InvalidInput.
        """
        if code:
            return self._institution(code)
        serving = self._served(village_id)
        own = next((each for each in serving if each.region_id == village_id), None)
        chosen = own or next(iter(serving), None)
        if chosen is None:
            raise InvalidInput(N_("没有机构负责这个村，请填建档机构编码"), field="institution")
        return chosen.id

    def _served(self, village_id: UUID | None) -> Sequence[facilities.InstitutionRow]:
        if village_id not in self._serving:
            self._serving[village_id] = facilities.serving(village_id, self.on) if village_id else ()
        return self._serving[village_id]

    def _institution(self, code: str) -> UUID:
        if code not in self._by_code:
            try:
                self._by_code[code] = facilities.institution_by_code(code).id
            except NotFound:
                message = N_("没有编码为 {code} 的机构")
                raise InvalidInput(message, field="institution", code=code) from None
        return self._by_code[code]


def _chunks(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), _CHUNK):
        yield items[start : start + _CHUNK]
