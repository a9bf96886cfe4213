"""Marking of texts that a person will read, before any language is chosen."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any, Self


def N_(text: str) -> str:
    """Mark a Chinese source text for translation; the edge translates it (gettext `noop`)."""
    return text


class Term(str):
    """A word of a code table: its Chinese, with the English of the same row."""

    en: str

    def __new__(cls, zh: str, en: str) -> Self:
        term = super().__new__(cls, zh)
        term.en = en or zh
        return term


class Phrase(str):
    """A sentence with values filled in, which an edge can still say in another language.

    It is its Chinese text wherever a string is wanted. `template` is marked with `N_`; values may be
    phrases themselves.

    >>> Phrase(N_("剩 {length}"), length=Phrase(N_("{n} 分"), n=26))
    '剩 26 分'
    """

    template: str
    values: dict[str, Any]

    def __new__(cls, template: str, **values: Any) -> Self:
        phrase = super().__new__(cls, template.format(**values))
        phrase.template, phrase.values = template, values
        return phrase

    def said(self, translate: Callable[[str], str]) -> str:
        """The sentence and the phrases and terms in it, each put through `translate`."""
        values = {name: self._value(value, translate) for name, value in self.values.items()}
        return translate(self.template).format(**values)

    @staticmethod
    def _value(value: Any, translate: Callable[[str], str]) -> Any:
        if isinstance(value, Phrase):
            return value.said(translate)
        return translate(value) if isinstance(value, Term) else value


def joined(separator: str, parts: Iterable[str]) -> str:
    """The parts that say something, as one phrase: each can still be said in another language."""
    said = [part for part in parts if part]
    if len(said) < 2:
        return said[0] if said else ""
    values = {f"part{place}": part for place, part in enumerate(said)}
    return Phrase(separator.join(f"{{{name}}}" for name in values), **values)


def listed(parts: Sequence[str]) -> str:
    """One or more things as a list: `村医、乡镇医师`."""
    first, *rest = parts
    return Phrase(N_("{first}、{rest}"), first=first, rest=listed(rest)) if rest else first


def heard(text: str, templates: Iterable[str], word: Callable[[str], str]) -> str:
    """The phrase that a kept Chinese sentence was made as, so that it can be said in another language.

    The first of the templates that fits is taken; `word` gives each of its values (a `Term` for a word
    of a code table), and the whole text where none fits.

    >>> heard("留 12 床", [N_("留 {bed} 床")], str).template
    '留 {bed} 床'
    """
    for template in templates:
        found = _pattern(template).fullmatch(text)
        if found:
            return Phrase(template, **{name: word(value) for name, value in found.groupdict().items()})
    return word(text)


@cache
def _pattern(template: str) -> re.Pattern[str]:
    """What a sentence of this template looks like."""
    parts = re.split(r"\{(\w+)\}", template)
    plain = [re.escape(part) if place % 2 == 0 else f"(?P<{part}>.+?)" for place, part in enumerate(parts)]
    return re.compile("".join(plain), re.DOTALL)
