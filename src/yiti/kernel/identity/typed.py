"""What every identifier field does first: tidy what was typed, and count it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from yiti.kernel.errors import InvalidInput

# Spaces, dashes, brackets, and the invisible marks that come along when text is pasted.
_SEPARATORS = re.compile(r"[\s\-\u2010-\u2015()\u200b-\u200f\u202a-\u202e\ufeff]+")


def tidy(text: str) -> str:
    """Full-width to half-width, separators out, upper case: `４４１８ 26…x` -> `441826…X`."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()


@dataclass(frozen=True, slots=True)
class Length:
    """How long an identifier is, and the sentences for a wrong length (`{n}` is the difference)."""

    length: int
    if_empty: str
    if_short: str
    if_long: str

    def ensure(self, value: str, field: str) -> None:
        """Raise `InvalidInput` unless `value` has the length."""
        surplus = len(value) - self.length
        if not value:
            raise InvalidInput(self.if_empty, field=field)
        if surplus:
            sentence = self.if_long if surplus > 0 else self.if_short
            raise InvalidInput(sentence, field=field, n=abs(surplus))
