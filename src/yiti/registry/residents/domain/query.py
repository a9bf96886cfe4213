"""What a person types into the search box, taken apart.

Up to four words, all of which must fit. A word of Chinese characters is part of a name, one of
letters is pinyin or initials, four digits are the end of a document or a phone, longer ones a whole
number; a word may also name a village.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from yiti.kernel.identity.typed import tidy
from yiti.kernel.pinyin import bigrams
from yiti.registry.residents.domain.codes import KeyKind
from yiti.registry.residents.domain.identifiers import digest
from yiti.registry.residents.domain.keys import name_key

MOST_WORDS = 4
LONGEST_QUERY = 60

_IN_GROUPS = re.compile(r"1[0-9]{10}|[0-9]{17}[0-9X]")  # mobile or resident number, perhaps with gaps
_TAIL = re.compile(r"[0-9]{3}[0-9X]")
_NUMBER = re.compile(r"(?=.*[0-9])[0-9A-Z]{6,30}")
_LETTERS = re.compile(r"[a-z][a-z']*")
_HAN = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff·]+")


@dataclass(frozen=True, slots=True)
class Clause:
    """One condition on the keys of a card: the value itself, or its beginning."""

    kind: KeyKind
    value: str
    is_prefix: bool = False


#: Conditions that must all hold.
Way = tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Word:
    """One word of the query, and the ways in which a card may fit it (empty: only as a village)."""

    text: str
    ways: tuple[Way, ...]


def parse_query(text: str) -> tuple[Word, ...]:
    """The words of a query; empty when there is nothing one could look for."""
    typed = unicodedata.normalize("NFKC", text)[:LONGEST_QUERY]
    readable = "".join(char if char.isprintable() else " " for char in typed)
    if _IN_GROUPS.fullmatch(tidy(readable)):
        return (_word(tidy(readable)),)
    return tuple(_word(each) for each in readable.split()[:MOST_WORDS])


def _word(text: str) -> Word:
    if _HAN.fullmatch(text):
        return Word(text, _by_name(text))
    lower = text.casefold()
    if _LETTERS.fullmatch(lower):
        return Word(lower, _by_sound(lower.replace("'", "")))
    return Word(lower, _by_number(tidy(text)) or _by_name(text))


def _by_name(text: str) -> tuple[Way, ...]:
    plain = name_key(text)
    if not plain:
        return ()
    start: Way = (Clause(KeyKind.NAME, plain, is_prefix=True),)
    if len(plain) == 1:
        return start, (Clause(KeyKind.CHARACTER, plain),)
    return start, tuple(Clause(KeyKind.BIGRAM, pair) for pair in bigrams(plain))


def _by_sound(letters: str) -> tuple[Way, ...]:
    return tuple((Clause(kind, letters, is_prefix=True),) for kind in (KeyKind.INITIALS, KeyKind.PINYIN))


def _by_number(number: str) -> tuple[Way, ...]:
    ways: list[Way] = []
    if _TAIL.fullmatch(number):
        ways.append((Clause(KeyKind.ID_TAIL, number),))
        if number.isdigit():
            ways.append((Clause(KeyKind.PHONE_TAIL, number),))
    elif _NUMBER.fullmatch(number):
        ways.append((Clause(KeyKind.ID, digest(number)),))
        if number.isdigit():
            ways.append((Clause(KeyKind.PHONE, digest(number)),))
    return tuple(ways)


def after_prefix(prefix: str) -> str:
    """A text greater than everything that begins with `prefix`, in the order of code points."""
    return f"{prefix}\U0010ffff"
