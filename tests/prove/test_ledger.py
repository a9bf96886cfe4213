"""The detectors of the long proofs, on tables as a careless program would leave them."""

from __future__ import annotations

import pytest

from tests.prove.ledger import Deed, Found, Ledger, moment

REFERRAL, OTHER = Deed("referral", "a", "证 一"), Deed("referral", "b", "证 二")
ACCEPT = Deed("step", "a", "accept")
LEFT = {
    "all stands once": ({"referral": [("a", "证 一"), ("b", "证 二")], "step": [("a", "accept")]}, Found()),
    "one is lost": ({"referral": [("a", "证 一")], "step": [("a", "accept")]}, Found(lost=[OTHER])),
    "a step is lost": ({"referral": [("a", "证 一"), ("b", "证 二")], "step": []}, Found(lost=[ACCEPT])),
    "one stands twice under two ids": (
        {"referral": [("a", "证 一"), ("b", "证 二"), ("c", "证 一")], "step": [("a", "accept")]},
        Found(doubled=[("referral", "证 一")], unasked=[("referral", "证 一")]),
    ),
    "a step was taken twice": (
        {"referral": [("a", "证 一"), ("b", "证 二")], "step": [("a", "accept"), ("a", "accept")]},
        Found(doubled=[("step", "accept")]),
    ),
    "one stands under another id than was said": (
        {"referral": [("a", "证 一"), ("z", "证 二")], "step": [("a", "accept")]},
        Found(lost=[OTHER], unasked=[("referral", "证 二")]),
    ),
    "nobody was told of it": (
        {"referral": [("a", "证 一"), ("b", "证 二"), ("c", "证 三")], "step": [("a", "accept")]},
        Found(unasked=[("referral", "证 三")]),
    ),
}


@pytest.mark.parametrize(("left", "found"), LEFT.values(), ids=LEFT.keys())
def test_what_is_wrong_with_the_tables_is_found(left: dict[str, list[tuple[str, str]]], found: Found) -> None:
    ledger = Ledger()
    for deed in (REFERRAL, OTHER, ACCEPT):
        ledger.keep(deed.kind, deed.id, deed.words, began=moment())
    seen = Found()
    for kind, rows in left.items():
        ledger.compare_kind(kind, rows, seen)
    assert seen == found
