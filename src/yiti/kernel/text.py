"""Marking of texts that a person will read, before any language is chosen."""

from __future__ import annotations

from collections.abc import Callable
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
