"""The search keys of a card: made by one pure function, for the form and for the bulk loader alike."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

from yiti.kernel import pinyin
from yiti.registry.residents.domain.birth import Birth
from yiti.registry.residents.domain.codes import SHARED_NUMBERS, BirthPrecision, KeyKind
from yiti.registry.residents.domain.identifiers import digest, is_county_number

LONGEST_KEY = 80
_TAIL = 4

Key = tuple[KeyKind, str]


def card_keys(
    *, name: str, birth: Birth, phones: Iterable[str] = (), numbers: Iterable[tuple[str, str]] = ()
) -> frozenset[Key]:
    """All keys of one person. `numbers` are (kind, number) of live documents, `phones` as stored.

    A number that a household shares is no key: it would find, and match, the whole household.
    """
    keys = set(_name_keys(name))
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
