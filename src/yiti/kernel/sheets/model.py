"""The parts of a sheet as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from yiti.kernel.sheets.cells import OneOf, Parse, SomeOf


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading for people, how a cell is read, and what an empty cell means.

    `refers_to` names the sheet whose codes stand here. `codes` names a table of codes that only the
    database knows; `Sheet.with_codes` brings it in. `hint` tells people how to fill the column in.
    """

    name: str
    zh: str
    parse: Parse
    required: bool = False
    empty: object = None
    refers_to: str | None = None
    codes: str | None = None
    hint: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        """What may be filled in, in the words of people; empty where anything may."""
        return tuple(self.parse.words.values()) if isinstance(self.parse, OneOf | SomeOf) else ()

    @property
    def takes_many(self) -> bool:
        """Whether several of `words` may stand in one cell, with a space between."""
        return isinstance(self.parse, SomeOf)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table to fill in. `key` are the columns that name a row; dated sheets have rows that must not
    overlap when they agree in `apart`."""

    name: str
    zh: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    apart: tuple[str, ...] = ()

    def column(self, name: str) -> Column:
        """The column of that name. Raises KeyError."""
        return {each.name: each for each in self.columns}[name]

    def with_codes(self, tables: Mapping[str, Mapping[str, str]]) -> Sheet:
        """The sheet with its code columns read by these tables (name -> code -> word).

        Raises KeyError for a table that is not given.
        """
        columns = (
            replace(each, parse=OneOf(tables[each.codes])) if each.codes else each for each in self.columns
        )
        return replace(self, columns=tuple(columns))


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row that could be read: its line in the file, and values by column. Columns that the file does not
    have are missing here, and stay as they are in the database."""

    line: int
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in one place of a file, in a sentence for the person who filled it in."""

    sheet: str
    line: int
    column: str
    message: str
    params: Mapping[str, object] = field(default_factory=dict)

    def text(self, template: str | None = None) -> str:
        """The sentence, from `template` where the edge has translated it."""
        return (template or self.message).format(**self.params)
