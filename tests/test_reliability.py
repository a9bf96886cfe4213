"""The page of proofs says what docs/proofs says, of every proof."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests import reliability
from tests.proofs import FOLDER
from tests.reliability import PAGE, PROOFS, RUN, Words, page, said, section


def test_the_page_is_what_the_proofs_have_written() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run python -m tests.reliability"


def test_every_proof_has_words() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} <= PROOFS.keys()


def test_a_changed_figure_and_a_missing_run_change_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: a page that is behind is seen."""
    words = Words("Title", "a promise", "a deed", "a fault")
    monkeypatch.setattr(reliability, "FOLDER", tmp_path)
    before = section("one", words)
    assert reliability.NOT_YET in before
    run = {**dict.fromkeys(RUN, 1), "kills": 1200, "answers": '{"503": 2}'}
    (tmp_path / "one.json").write_text(json.dumps(run), encoding="utf-8")
    assert "| kills | 1,200 |" in section("one", words)
    assert "| answers | 503: 2 |" in section("one", words)


@pytest.mark.parametrize(
    ("value", "text"), [(20000, "20,000"), ("5.47", "5.47"), ("{}", "none"), ("25 of 25", "25 of 25")]
)
def test_figures_are_said_plainly(value: int | str, text: str) -> None:
    assert said(value) == text
