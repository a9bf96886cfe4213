"""Reading one cell of a sheet: text in, value out, or `InvalidInput` with a sentence for the person
who typed it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from yiti.kernel.errors import InvalidInput
from yiti.kernel.free_text import is_text, normal_name
from yiti.kernel.identity import parse_credit_code, parse_phone
from yiti.kernel.text import N_

Parse = Callable[[str], object]

_WORD = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]*")
_DAY = re.compile(r"([0-9]{4})(?:[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?|([0-9]{2})([0-9]{2}))")
_MOST_WORDS_TOLD = 12


def text(limit: int) -> Parse:
    """Any text up to `limit` characters, without control characters."""

    def parse(cell: str) -> str:
        if len(cell) > limit:
            raise InvalidInput(N_("太长了，最多 {limit} 个字"), limit=limit)
        if not all(char == "\n" or is_text(char) for char in cell):
            raise InvalidInput(N_("含有不能保存的字符"))
        return cell

    return parse


def name(cell: str) -> str:
    """A person's name, tidied."""
    return normal_name(cell)


def code(limit: int) -> Parse:
    """A code: letters, digits, dot, dash."""

    def parse(cell: str) -> str:
        if len(cell) > limit or not _WORD.fullmatch(cell):
            raise InvalidInput(N_("编码只能用字母、数字、点和横线，最多 {limit} 位"), limit=limit)
        return cell

    return parse


def pattern(regex: str, message: str) -> Parse:
    """A text of this exact shape."""

    def parse(cell: str) -> str:
        if not re.fullmatch(regex, cell):
            raise InvalidInput(message)
        return cell

    return parse


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of these codes; its word means the same. `words` are words by code."""

    words: Mapping[str, str]
    make: Callable[[str], object] = str
    refusal: str = N_("只能填：{values}")

    def __call__(self, cell: str) -> object:
        return self.make(_code_of(cell, self.words, self.refusal))


@dataclass(frozen=True, slots=True)
class SomeOf:
    """Some of these codes or words with a space (or a comma of any kind) between, in the order of `words`."""

    words: Mapping[str, str]

    def __call__(self, cell: str) -> tuple[str, ...]:
        found = {_code_of(each, self.words) for each in re.split(r"[\s,，、;；]+", cell) if each}
        return tuple(each for each in self.words if each in found)


def one_of(kinds: type[StrEnum], words: Mapping[Any, str] | None = None) -> OneOf:
    """A value of the enum, by its code or its word."""
    return OneOf(words_of(kinds, words), kinds)


def some_of(kinds: type[StrEnum], words: Mapping[Any, str] | None = None) -> SomeOf:
    """Values of the enum, by code or word, in the order of the enum."""
    return SomeOf(words_of(kinds, words))


def words_of(kinds: type[StrEnum], words: Mapping[Any, str] | None = None) -> dict[str, str]:
    """Words by code: those given, else `zh` of each value."""
    return {str(each): words[each] if words else each.zh for each in kinds}  # type: ignore[attr-defined]


def _code_of(cell: str, words: Mapping[str, str], refusal: str = N_("只能填：{values}")) -> str:
    if cell in words:
        return cell
    for known, word in words.items():
        if word == cell:
            return known
    if len(words) > _MOST_WORDS_TOLD:
        raise InvalidInput(N_("只能填列表里有的，没有“{cell}”"), cell=cell[:20])
    raise InvalidInput(refusal, values=" ".join(words.values()))


def whole(least: int, most: int) -> Parse:
    """A whole number within bounds."""

    def parse(cell: str) -> int:
        if not cell.isascii() or not cell.isdigit() or not least <= int(cell[:9]) <= most:
            raise InvalidInput(N_("要填 {least} 到 {most} 的整数"), least=least, most=most)
        return int(cell)

    return parse


def degrees(most: float) -> Parse:
    """A coordinate in degrees, `-most` to `most`."""

    def parse(cell: str) -> float:
        if not re.fullmatch(r"-?[0-9]{1,3}(\.[0-9]{1,12})?", cell) or abs(float(cell)) > most:
            raise InvalidInput(N_("坐标要填度数，如 24.7186"))
        return float(cell)

    return parse


def day(cell: str) -> date:
    """`2018-12-01`; `2018/12/1`, `2018.12.1`, `2018年12月1日` and `20181201` too."""
    found = _DAY.fullmatch(cell)
    parts = [int(part) for part in found.groups() if part] if found else [0, 0, 0]
    try:
        return date(*parts)
    except ValueError:
        raise InvalidInput(N_("日期要写成 2018-12-01 这样")) from None


#: `1` or `0`; 是 and 否 too.
yes_no = OneOf({"1": N_("是"), "0": N_("否")}, lambda code: code == "1", N_("只能填 1 或 0（是或否）"))


def phone(cell: str) -> str:
    """A telephone number in its canonical form."""
    return parse_phone(cell).number


def credit_code(cell: str) -> str:
    """A unified social credit code with sound check characters (GB 32100)."""
    return parse_credit_code(cell).code
