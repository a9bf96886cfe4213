"""Places by what people type: a name's beginning, its pinyin, its initials."""

from __future__ import annotations

from functools import lru_cache

from yiti.kernel.pinyin import pinyin, pinyin_initials


def fits_place(name: str, text: str) -> bool:
    """Whether a place is called what was typed (lower case): `油岭`, `yl`, `youling`."""
    return any(spelling.startswith(text) for spelling in _spellings(name))


@lru_cache(maxsize=4096)
def _spellings(name: str) -> tuple[str, str, str]:
    return name, pinyin_initials(name), pinyin(name)
