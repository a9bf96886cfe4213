"""What a draft may hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from yiti.kernel.errors import InvalidInput
from yiti.kernel.text import N_

MOST_FIELDS = 200
MOST_CHARACTERS = 60_000
_NEVER_KEPT = {"csrfmiddlewaretoken", "password", "old", "new", "again"}

Content = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A draft as its writer gets it back: field names to the values typed."""

    content: Content
    saved_at: datetime


def clean_content(typed: Mapping[str, Sequence[str]]) -> Content:
    """The fields worth keeping, without tokens and passwords, and without the character 0, which no text
    of the database can hold.

    Raises InvalidInput when there is more than any form of ours can hold.
    """
    kept = {
        name: [value.replace("\0", "") for value in values]
        for name, values in typed.items()
        if name not in _NEVER_KEPT and "\0" not in name
    }
    size = sum(len(value) for values in kept.values() for value in values)
    if len(kept) > MOST_FIELDS or size > MOST_CHARACTERS:
        raise InvalidInput(N_("内容太长，草稿没有存；请先复制到别处再删减"))
    return kept
