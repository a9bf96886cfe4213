"""What the actions of the trail are called on screen. Filled by `config/acts.py`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from yiti.kernel.text import N_, Phrase

_words: dict[str, str] = {}
_tried: dict[str, str] = {}
_buttons: set[str] = set()
_searches: set[str] = set()
_closed: set[str] = set()


def name_acts(
    words: Mapping[str, str],
    *,
    tried: Mapping[str, str],
    buttons: Iterable[str] = (),
    searches: Iterable[str] = (),
    closed: Iterable[str] = (),
) -> None:
    """Give actions their words. Reads with one word show one thing: in 谁看过 they are one look.

    `tried` maps a route to the action that a request sent there would have been; `buttons` are reads of
    fragments that tell nothing of the person, and so are no look; `searches` look for people; `closed` are
    about people who are not open to the institution.
    """
    _words.update(words)
    _tried.update(tried)
    _buttons.update(buttons)
    _searches.update(searches)
    _closed.update(closed)


def word_of(action: str) -> str:
    """What was done, as a marked word or phrase: `read:residents:record` -> 查看健康档案.

    A refused `try:` is told by what was tried; an action nobody has named stands as it is.
    """
    kind, _, route = action.partition(":")
    if kind != "try":
        return _words.get(action, action)
    meant = _tried.get(route, route.replace(":", ".", 1))
    return Phrase(N_("试图办理：{act}"), act=Phrase(_words.get(meant, meant)))


def reads_by_word() -> dict[str, list[str]]:
    """The named reads, together under their words."""
    found: dict[str, list[str]] = {}
    for action, word in _words.items():
        if action.startswith("read:"):
            found.setdefault(word, []).append(action)
    return found


def actions_called(text: str) -> list[str]:
    """The actions whose Chinese word holds `text`, those that were only tried among them."""
    known = [*_words, *(f"try:{route}" for route in _tried)]
    return [action for action in known if text in word_of(action)]


def buttons() -> frozenset[str]:
    """Reads that are no look."""
    return frozenset(_buttons)


def searches() -> frozenset[str]:
    """Reads that look for people."""
    return frozenset(_searches)


def closed_looks() -> frozenset[str]:
    """Acts about people who are not open to the institution."""
    return frozenset(_closed)
