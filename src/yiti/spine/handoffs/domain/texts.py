"""What people write into a handoff: kept as meant, or refused with a sentence."""

from __future__ import annotations

import unicodedata

from yiti.kernel.errors import InvalidInput
from yiti.kernel.text import N_

LONGEST_COMMENT = 500
LONGEST_REMARK = 120
LONGEST_SUBJECT = 120
LONGEST_CODE = 12
LONGEST_PLACE = 80


def clean_text(text: str, *, longest: int, field: str) -> str:
    """The text without outer spaces; line breaks stay. Raises InvalidInput when it is too long or holds
    a character that is no text (control characters, halves of surrogate pairs)."""
    kept = text.replace("\r\n", "\n").strip()
    if len(kept) > longest:
        raise InvalidInput(
            N_("最多 {most} 个字，现在有 {n} 个，请写短些"), field=field, most=longest, n=len(kept)
        )
    if any(unicodedata.category(char) in ("Cc", "Cs") for char in kept if char not in "\n\t"):
        raise InvalidInput(N_("有不能保存的字符，请删掉看不见的字符再试"), field=field)
    return kept
