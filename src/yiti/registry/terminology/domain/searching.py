"""Finding a concept by what a person types: code, Chinese, pinyin initials, pinyin, English.

The whole index of a system is walked for every question: about 2 ms for 487 diagnoses, so that a
database index would not pay. `test_search_is_quick` holds it under 5 ms.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from yiti.registry.terminology.domain.rows import ConceptRow, Name

_NOT_TYPED = re.compile(r"[\W_]+")
_SHORTEST_ENGLISH = 3


class _Fit(IntEnum):
    """How well a concept fits, best first."""

    CODE = 0
    WHOLE = 1  # the whole term, or all its initials
    CODE_START = 2
    START = 3
    INSIDE = 4
    ENGLISH = 5


@dataclass(frozen=True, slots=True)
class _Keys:
    """A term as it is compared: letters, digits and characters only.

    `pinyin` holds the reading from each syllable to the end, each after a bar
    (`|gaoxueya|xueya|ya`), so that one look finds a needle at the start of any syllable.
    """

    zh: str
    initials: str
    pinyin: str

    @classmethod
    def of(cls, name: Name) -> _Keys:
        syllables = [plain for each in name.pinyin.split() if (plain := _plain(each))]
        tails = ("|" + "".join(syllables[i:]) for i in range(len(syllables)))
        return cls(_plain(name.zh), _plain(name.initials), "".join(tails))

    def fit(self, needle: str) -> _Fit | None:
        """How a needle without spaces and signs fits this term; None if it does not."""
        if needle in (self.zh, self.initials):
            return _Fit.WHOLE
        syllable = "|" + needle
        if self.zh.startswith(needle) or self.initials.startswith(needle) or self.pinyin.startswith(syllable):
            return _Fit.START
        if needle in self.zh or needle in self.initials or syllable in self.pinyin:
            return _Fit.INSIDE
        return None


@dataclass(frozen=True, slots=True)
class _Entry:
    row: ConceptRow
    code: str
    names: tuple[_Keys, ...]  # the term itself first, then its synonyms
    english: tuple[str, ...]

    def rank(self, needle: str) -> tuple[int, ...] | None:
        """Sort key of this entry for a needle, best first; None if nothing fits."""
        fits = [(fit, place > 0) for place, keys in enumerate(self.names) if (fit := keys.fit(needle))]
        if self.code.startswith(needle):
            fits.append((_Fit.CODE if self.code == needle else _Fit.CODE_START, False))
        elif not fits and len(needle) >= _SHORTEST_ENGLISH:
            fits = [(_Fit.ENGLISH, False) for word in self.english if word.startswith(needle)]
        if not fits:
            return None
        fit, is_synonym = min(fits)
        return (fit, -self.row.often, is_synonym, len(self.names[0].zh), self.row.sort_order)


class Index:
    """The active concepts of one system, ready to be searched."""

    def __init__(self, rows: Iterable[ConceptRow]):
        self._entries: Sequence[_Entry] = [_entry(row) for row in rows if row.active]

    def find(self, text: str, *, limit: int) -> tuple[ConceptRow, ...]:
        """The concepts that fit `text`, best first: exact before start before middle, and within
        one kind of fit the more common first, then the shorter. Nothing typed: the most common."""
        needle = _plain(text)
        if not needle:
            common = sorted((e.row for e in self._entries), key=lambda row: (-row.often, row.sort_order))
            return tuple(common[:limit])
        ranked = ((rank, entry.row) for entry in self._entries if (rank := entry.rank(needle)) is not None)
        best = sorted(ranked, key=lambda each: each[0])
        return tuple(row for _, row in best[:limit])


def _entry(row: ConceptRow) -> _Entry:
    return _Entry(
        row=row,
        code=_plain(row.code),
        names=tuple(_Keys.of(name) for name in (row.name, *row.synonyms)),
        english=tuple(_plain(word) for word in row.en.split()),
    )


def _plain(text: str) -> str:
    return _NOT_TYPED.sub("", unicodedata.normalize("NFKC", text).casefold())
