"""Free text as stored: what was typed, tidied at its ends, or refused with a sentence."""

from __future__ import annotations

import unicodedata

from yiti.kernel.errors import InvalidInput
from yiti.kernel.text import N_

# Characters that turn the direction of text: a line could then read otherwise than it was written.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean_line(text: str, *, longest: int, field: str) -> str:
    """One line: line breaks and tabs become spaces. Raises InvalidInput when too long or not text."""
    return clean_text(" ".join(text.split()), longest=longest, field=field)


def clean_text(text: str, *, longest: int, field: str) -> str:
    """Text of several lines, breaks kept as one newline. Raises InvalidInput when too long or not text."""
    kept = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(kept) > longest:
        raise InvalidInput(
            N_("最多 {most} 个字，现在有 {n} 个，请写短些"), field=field, most=longest, n=len(kept)
        )
    if any(_is_not_text(char) for char in kept):
        raise InvalidInput(N_("有看不见的控制字符，请删掉重新输入"), field=field)
    return kept


def _is_not_text(char: str) -> bool:
    return char in _TURNING or (char not in "\n\t" and unicodedata.category(char) in {"Cc", "Cs"})
