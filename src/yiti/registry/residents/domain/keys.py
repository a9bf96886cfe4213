"""The search keys of a card: made by one pure function, for the form and for the bulk loader alike."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from uuid import UUID

from yiti.kernel import pinyin
from yiti.registry.residents.domain.birth import Birth
from yiti.registry.residents.domain.codes import SHARED_NUMBERS, BirthPrecision, KeyKind
from yiti.registry.residents.domain.identifiers import digest, is_county_number

LONGEST_KEY = 80
_TAIL = 4
_VILLAGE = 12  # hexadecimal digits of its id: those that are random

Key = tuple[KeyKind, str]


def card_keys(
    *,
    name: str,
    birth: Birth,
    village_id: UUID | None = None,
    phones: Iterable[str] = (),
    numbers: Iterable[tuple[str, str]] = (),
) -> frozenset[Key]:
    """All keys of one person. `numbers` are (kind, number) of live documents, `phones` as stored.

    A number that a household shares is no key: it would find, and match, the whole household.
    """
    keys = set(_name_keys(name))
    year = birth.day.year if birth.day else None
    for sound in [value for kind, value in keys if kind is KeyKind.PINYIN]:
        keys |= set(sound_keys(sound, year=year, village_id=village_id))
    if birth.precision is BirthPrecision.DAY and birth.day is not None:
        keys.add((KeyKind.BIRTH, f"{birth.day:%Y%m%d}"))
    for phone in phones:
        digits = phone.replace("-", "")
        keys |= {(KeyKind.PHONE, digest(digits)), (KeyKind.PHONE_TAIL, digits[-_TAIL:])}
    for kind, number in numbers:
        if kind in SHARED_NUMBERS:
            continue
        keys.add((KeyKind.ID, digest(number)))
        if not is_county_number(kind):
            keys.add((KeyKind.ID_TAIL, number[-_TAIL:]))
    return frozenset((kind, value[:LONGEST_KEY]) for kind, value in keys)


def sound_keys(sound: str, *, year: int | None, village_id: UUID | None) -> Iterator[Key]:
    """The blocks of somebody whose name sounds so: with the year of birth, and with the village. Thousands of
    a county sound alike, and few of them are of one age or live together."""
    begin = sound[: LONGEST_KEY - _VILLAGE - 1]
    if year is not None:
        yield KeyKind.SOUND_AND_YEAR, f"{begin}-{year}"
    if village_id is not None:
        yield KeyKind.SOUND_AND_VILLAGE, f"{begin}-{village_id.hex[-_VILLAGE:]}"


def name_key(name: str) -> str:
    """A name as it is compared: letters and digits only, half-width, lower case."""
    return "".join(char for char in unicodedata.normalize("NFKC", name).casefold() if char.isalnum())


def _name_keys(name: str) -> Iterator[Key]:
    plain = name_key(name)
    yield KeyKind.NAME, plain
    for char in plain[1:]:
        yield KeyKind.CHARACTER, char
    for pair in pinyin.bigrams(plain):
        yield KeyKind.BIGRAM, pair
    for reading in pinyin.readings(name):
        yield KeyKind.PINYIN, reading.full
        yield KeyKind.INITIALS, reading.initials
