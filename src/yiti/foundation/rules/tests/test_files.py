"""Rule files: what is read, and every way to get one wrong."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from yiti.foundation.rules.domain import Confidence, RulebookError, Value, load_rulebook
from yiti.foundation.rules.tests.builders import a_rule, a_rulebook_folder, row_text
from yiti.kernel.workhours import Clock


def problems(folder: Path) -> tuple[str, ...]:
    """What is wrong with a folder."""
    with pytest.raises(RulebookError) as refused:
        load_rulebook(folder)
    return refused.value.problems


def test_a_file_is_read_as_it_stands(tmp_path: Path) -> None:
    row = row_text(
        clock="working",
        region='"441826"',
        until="2026-12-31",
        source="WS/T 529-2016",
        confidence="H",
        continuous="true",
    )
    assert load_rulebook(a_rulebook_folder(tmp_path, row)).rules == (
        a_rule(
            clock=Clock.WORKING,
            region="441826",
            valid_until=date(2026, 12, 31),
            source="WS/T 529-2016",
            confidence=Confidence.HIGH,
            continuous=True,
        ),
    )


def test_files_of_all_subjects_make_one_book(tmp_path: Path) -> None:
    a_rulebook_folder(tmp_path, row_text(), name="tea/times.yaml")
    a_rulebook_folder(tmp_path, row_text(key="tea.cups"), name="tea/cups.yaml")
    a_rulebook_folder(tmp_path, row_text(key="coffee.cups"), name="coffee/cups.yaml")
    assert [rule.key for rule in load_rulebook(tmp_path).rules] == ["coffee.cups", "tea.cups", "tea.steeping"]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("30", 30),
        ("-5", -5),
        ("34.0", Decimal("34.0")),
        ("true", True),
        ("no", "no"),
        ("010", "010"),
        ("14:30", "14:30"),
        ("1e3", "1e3"),
        (".5", ".5"),
        ('"2"', "2"),
        ("[1, two]", (1, "two")),
        ("[]", ()),
        ("{low: 1, high: 2.5}", {"low": 1, "high": Decimal("2.5")}),
        ("[{a: 1}, {a: false}]", ({"a": 1}, {"a": False})),
    ],
)
def test_values_are_what_they_look_like(tmp_path: Path, written: str, value: Value) -> None:
    folder = a_rulebook_folder(tmp_path, row_text(value=written, unit=None))
    (rule,) = load_rulebook(folder).rules
    assert rule.value == value
    assert isinstance(rule.value, bool) is isinstance(value, bool)


def test_a_value_cannot_be_changed_by_who_reads_it(tmp_path: Path) -> None:
    (rule,) = load_rulebook(a_rulebook_folder(tmp_path, row_text(value="[{a: 1}]"))).rules
    with pytest.raises(TypeError):
        rule.rows()[0]["a"] = 2  # type: ignore[index]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"note": "why"}, "unknown field note"),
        ({"vaule": "3"}, "unknown field vaule"),
        ({"en": None}, "field en is missing"),
        ({"region": None}, "field region is missing"),
        ({"key": "tea"}, "field key must be lower-case words joined by points"),
        ({"key": "tea.Steeping"}, "field key must be lower-case words joined by points"),
        ({"key": "coffee.steeping"}, "key coffee.steeping stands in the folder tea"),
        ({"zh": '" "'}, "field zh must be a text"),
        ({"zh": "5"}, "field zh must be a text"),
        ({"zh": '"泡茶 "'}, "field zh must be a text"),
        *(
            (
                {"value": value},
                "field value must be a number, text, true, false, or a list or mapping of such",
            )
            for value in ("", "{}", "{a: {b: }}", "[a, ~]", "2020-01-01", "{1: a}")
        ),
        ({"clock": "12h"}, "field clock must be 24h or working"),
        *(
            (
                {"region": region},
                'field region must be "*" or the first 2, 4, 6, 9 or 12 digits of a region code, in quotes',
            )
            for region in ("441826", '"441"', '"440000"', '"四四"', '"44x826"', "广东")
        ),
        ({"from": "2020-1-1"}, "field from must be a day"),
        ({"from": '"2020-01-01"'}, "field from must be a day"),
        ({"from": ""}, "field from must be a day"),
        ({"until": "never"}, "field until must be a day or empty"),
        ({"source": ""}, "field source must be a text"),
        ({"confidence": "high"}, "field confidence must be H, M or L"),
        ({"continuous": "yes"}, "field continuous must be true or false"),
    ],
)
def test_a_faulty_row_is_named_and_refused(
    tmp_path: Path, changes: dict[str, str | None], fault: str
) -> None:
    folder = a_rulebook_folder(tmp_path, row_text(key="tea.cups"), row_text(**changes))
    assert problems(folder) == (f"tea/times.yaml, rule 2: {fault}",)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        pytest.param("key: tea.steeping\n", "a rule file is a list of rules", id="a mapping"),
        pytest.param("- tea.steeping\n", "a rule file is a list of rules", id="a list of texts"),
        pytest.param("", "a rule file is a list of rules", id="empty"),
        pytest.param(row_text() + "  zh: 又来\n", "given twice: ['zh']", id="a field twice"),
        pytest.param(row_text(value="{a: 1, a: 2}"), "given twice: ['a']", id="twice inside a value"),
        pytest.param(row_text(value="[1"), "expected ',' or ']'", id="broken YAML"),
        pytest.param(
            row_text(value="!!python/name:os.system"), "could not determine a constructor", id="a program"
        ),
        pytest.param(row_text(**{"from": "2020-02-30"}), "day is out of range", id="30 February"),
    ],
)
def test_a_faulty_file_is_named_and_refused(tmp_path: Path, text: str, fault: str) -> None:
    (problem,) = problems(a_rulebook_folder(tmp_path, text))
    assert problem.startswith("tea/times.yaml: ")
    assert fault in problem


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "tea" / "times.yaml"
    file.parent.mkdir()
    file.write_bytes("泡茶".encode("gbk"))
    (problem,) = problems(tmp_path)
    assert problem.startswith("tea/times.yaml: 'utf-8' codec")


@pytest.mark.parametrize("name", ["times.yaml", "tea/times.yml", "tea/green/times.yaml"])
def test_a_file_in_the_wrong_place_is_refused_not_overlooked(tmp_path: Path, name: str) -> None:
    assert problems(a_rulebook_folder(tmp_path, row_text(), name=name)) == (
        f"{name}: a rule file stands at <subject>/<name>.yaml",
    )


@pytest.mark.parametrize("folder", ["", "nowhere"])
def test_a_rulebook_without_rules_is_refused(tmp_path: Path, folder: str) -> None:
    assert problems(tmp_path / folder) == (f"no rules under {tmp_path / folder}",)


def test_the_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    a_rulebook_folder(tmp_path, row_text(zh=None, en=None), name="tea/a.yaml")
    a_rulebook_folder(tmp_path, "nonsense", name="tea/b.yaml")
    assert problems(tmp_path) == (
        "tea/a.yaml, rule 1: field en is missing",
        "tea/a.yaml, rule 1: field zh is missing",
        "tea/b.yaml: a rule file is a list of rules",
    )
