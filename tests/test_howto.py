"""What newcomers read first is true: paths are there, links lead somewhere, code is that of the house."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import dedent

import pytest

ROOT = Path(__file__).resolve().parents[1]
GUIDE = ROOT / "docs" / "howto" / "add-a-use-case.md"
HOWTOS = sorted((ROOT / "docs" / "howto").glob("*.md"))

_PATH = re.compile(r"(?<![\w/.-])((?:src|tests|docs)(?:/[\w.-]+)+\b)")
_LINK = re.compile(r"\]\(([^):]+)\)")
_MAKE = re.compile(r"`make ([a-z]+)")
_CODE = re.compile(r"```python\n(.*?)```", re.DOTALL)


def missing_paths(text: str) -> list[str]:
    """Paths from the root of the house that lead nowhere."""
    return [name for name in _PATH.findall(text) if not (ROOT / name).exists()]


def missing_links(text: str, folder: Path) -> list[str]:
    """Links to other pages that lead nowhere."""
    return [name for name in _LINK.findall(text) if not (folder / name).exists()]


def missing_targets(text: str) -> list[str]:
    """Words of `make` that it does not know."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return [name for name in _MAKE.findall(text) if not re.search(rf"^{name}:", makefile, re.MULTILINE)]


def invented(text: str) -> list[str]:
    """Code that stands nowhere in the source, by its first line that is no decorator."""
    source = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("commands/*.py"))
    blocks = [dedent(block).strip() for block in _CODE.findall(text)]
    return [block.splitlines()[1] for block in blocks if block not in source]


def test_what_is_not_there_is_seen() -> None:
    assert missing_paths("`tests/nowhere.py`, `src/yiti/config/roles.py`, pytest tests/ops/no.py") == [
        "tests/nowhere.py",
        "tests/ops/no.py",
    ]
    assert missing_links("[a](nowhere.md) [b](translate.md)", GUIDE.parent) == ["nowhere.md"]
    assert missing_targets("`make nothing`, `make words`") == ["nothing"]
    assert invented("```python\n@access.command\ndef mark_nothing():\n    pass\n```") == [
        "def mark_nothing():"
    ]


@pytest.mark.parametrize("page", HOWTOS, ids=lambda page: page.name)
def test_a_howto_names_what_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert (missing_paths(text), missing_links(text, page.parent), missing_targets(text)) == ([], [], [])


def test_the_example_is_a_command_of_the_house() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    assert len(_CODE.findall(text)) == 1
    assert invented(text) == []
