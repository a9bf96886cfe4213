"""Kept remarks of this room as the phrases they were made as, so that they can be said in any language."""

from __future__ import annotations

from functools import cache

from yiti.care.referrals.domain import CASE_WORDS, Tables
from yiti.care.referrals.domain.remarks import WORDINGS
from yiti.care.referrals.selectors.rulebook import approval_words
from yiti.kernel.text import Phrase, heard, listed
from yiti.registry.terminology import public as terminology

_TABLES = (Tables.RETURN, Tables.DECLINE, Tables.CANCEL, Tables.TRANSPORT, Tables.OUTCOME, Tables.WAY)
_LIST = "、"


def hear(remark: str) -> str:
    """The remark as a phrase; what people typed stays as it is."""
    return heard(remark, WORDINGS, _word) if remark else ""


def _word(text: str) -> str:
    """A word of a code table, of the approval rule, or of the form; several of the form as a list."""
    if _LIST in text and all(part in _parts() for part in text.split(_LIST)):
        return listed([Phrase(part) for part in text.split(_LIST)])
    if text in _parts():
        return Phrase(text)
    return approval_words().get(text) or terminology.as_term(text, *_TABLES)


@cache
def _parts() -> frozenset[str]:
    return frozenset(CASE_WORDS.values())
