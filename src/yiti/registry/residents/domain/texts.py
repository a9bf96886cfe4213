"""What people type into free fields: stored exactly as meant, or refused with a sentence."""

from __future__ import annotations

import re
import unicodedata

from yiti.kernel.errors import InvalidInput
from yiti.kernel.text import N_

LONGEST_NAME = 50  # DE02.01.039.00 (姓名) of WS/T 363: A..50

_FULL_WIDTH = {**{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}, 0x3000: 0x20}
_JOINTS = {ord(char): "·" for char in "•‧・．∙"}
_IN_NAMES = "·.'’- "
_SPACES = re.compile(r" {2,}")


def normal_name(text: str, *, field: str = "name") -> str:
    """A person's name as stored: full-width letters narrowed, joints written `·`, no outer spaces.

    Letters of any script, their marks, and `· . ' -` may stand in a name. Raises InvalidInput for
    an empty name, one over 50 characters, or one with anything else in it.
    """
    name = _SPACES.sub(" ", text.translate(_FULL_WIDTH).translate(_JOINTS)).strip()
    if not name:
        raise InvalidInput(N_("请填写姓名"), field=field)
    if len(name) > LONGEST_NAME:
        raise InvalidInput(
            N_("姓名最多 {most} 个字，现在有 {n} 个，请检查"), field=field, most=LONGEST_NAME, n=len(name)
        )
    odd = next((char for char in name if not _may_stand_in_a_name(char)), None)
    if odd is not None:
        raise InvalidInput(N_("姓名里有不能用的字符“{odd}”，请只填姓名"), field=field, odd=_shown(odd))
    if not any(char.isalpha() for char in name):
        raise InvalidInput(N_("姓名里没有字，请检查"), field=field)
    return name


def _may_stand_in_a_name(char: str) -> bool:
    return char in _IN_NAMES or unicodedata.category(char)[0] in "LM"


def _shown(char: str) -> str:
    """The character itself, or its code when it cannot be seen."""
    return char if char.isprintable() else f"U+{ord(char):04X}"


def normal_text(text: str, *, longest: int, field: str) -> str:
    """Other free text as stored: without outer spaces, else exactly as typed.

    Raises InvalidInput when it is longer than `longest` or holds a character that is not text
    (control, text direction, half of a surrogate pair); line breaks become spaces.
    """
    kept = re.sub(r"[\r\n\t\u2028\u2029]+", " ", text).strip()
    if len(kept) > longest:
        raise InvalidInput(
            N_("最多 {most} 个字，现在有 {n} 个，请写短些"), field=field, most=longest, n=len(kept)
        )
    odd = next((char for char in kept if _is_not_text(char)), None)
    if odd is not None:
        raise InvalidInput(N_("有看不见的字符 {odd}，请删掉重新输入"), field=field, odd=_shown(odd))
    return kept


def _is_not_text(char: str) -> bool:
    return (
        unicodedata.category(char) in ("Cc", "Cs")
        or char in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    )
