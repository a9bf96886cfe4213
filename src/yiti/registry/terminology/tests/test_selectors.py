"""Reads by code, as lists and choices, and how long a process may keep what it has read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from yiti.kernel.errors import InvalidInput, NotFound
from yiti.registry.terminology import public as terminology
from yiti.registry.terminology.models import CodeSystem, Concept
from yiti.registry.terminology.selectors import cache
from yiti.registry.terminology.selectors.cache import CHECK_SECONDS, Catalogue
from yiti.registry.terminology.tests.builders import a_release, load

pytestmark = pytest.mark.django_db

FRUIT = "code,zh,en,retired\nb,梨,Pear,\na,苹果,Apple,\nx,杏,Apricot,1\n"


def a_fruit_system() -> None:
    load(a_release("fruit", FRUIT))


def test_a_code_has_a_term_in_both_languages_even_when_retired() -> None:
    a_fruit_system()
    assert terminology.label("fruit", "a") == "苹果"
    assert terminology.label("fruit", "a", language="en") == "Apple"
    assert terminology.label("fruit", "x") == "杏"
    assert terminology.label("fruit", "") == ""


@pytest.mark.parametrize(
    "read",
    [
        lambda: terminology.concept("fruit", "no-such"),
        lambda: terminology.label("fruit", "no-such"),
        lambda: terminology.concept("no-such", "a"),
        lambda: terminology.concepts("no-such"),
        lambda: terminology.choices("no-such"),
        lambda: terminology.search("no-such", "a"),
        lambda: terminology.system("no-such"),
    ],
)
def test_an_unknown_code_or_system_is_not_found(read: Callable[[], Any]) -> None:
    a_fruit_system()
    with pytest.raises(NotFound):
        read()


def test_lists_keep_the_order_of_the_table_and_leave_out_what_is_retired() -> None:
    a_fruit_system()
    assert [row.code for row in terminology.concepts("fruit")] == ["b", "a"]
    assert [row.code for row in terminology.concepts("fruit", retired=True)] == ["b", "a", "x"]
    assert terminology.choices("fruit") == [("b", "梨"), ("a", "苹果")]
    assert terminology.choices("fruit", language="en-gb") == [("b", "Pear"), ("a", "Apple")]


@pytest.mark.parametrize(("code", "good"), [("a", True), ("x", False), ("no-such", False), ("", False)])
def test_only_an_active_code_is_a_choice(*, code: str, good: bool) -> None:
    a_fruit_system()
    if good:
        terminology.ensure_choice("fruit", code, field="reason_code")
        return
    with pytest.raises(InvalidInput) as refused:
        terminology.ensure_choice("fruit", code, field="reason_code")
    assert refused.value.field == "reason_code"


def test_a_diagnosis_belongs_to_a_specialty_and_perhaps_to_a_chronic_disease() -> None:
    load()
    expected = {
        "I20.0": ("heart-brain", "cardiovascular"),
        "I83.9": ("surgery-bone", "cardiovascular"),  # the longer prefix wins
        "E11.5": ("breath-hormone", "diabetes"),
        "E05.9": ("breath-hormone", ""),
        "J18.9": ("breath-hormone", ""),
        "J44.1": ("breath-hormone", "respiratory"),
        "J99.0": ("breath-hormone", ""),  # chronic respiratory disease ends at J98
        "C34.9": ("tumour", "cancer"),
        "D25.9": ("mother-child", ""),
        "O14.1": ("mother-child", ""),
        "K35.8": ("surgery-bone", ""),
        "S52.5": ("surgery-bone", ""),
        "Z47.8": ("rehabilitation", ""),
        "R91": ("symptom", ""),
        "T60.0": ("emergency", ""),
        "I99.9": ("heart-brain", "cardiovascular"),  # a code we do not list
        "?": ("", ""),
        "": ("", ""),
    }
    found = {icd: (terminology.specialty_of(icd), terminology.chronic_of(icd)) for icd in expected}
    codes = {icd: tuple(row.code if row else "" for row in rows) for icd, rows in found.items()}
    assert codes == expected


def test_a_vital_sign_has_a_unit_and_a_loinc_code() -> None:
    load()
    systolic = terminology.measure("systolic")
    assert (systolic.unit, systolic.ucum, systolic.loinc, systolic.decimals) == (
        "mmHg",
        "mm[Hg]",
        "8480-6",
        0,
    )
    assert terminology.measures()[0] == systolic
    with pytest.raises(NotFound):
        terminology.measure("no-such")


def test_systems_are_listed_in_the_order_of_the_release() -> None:
    load()
    rows = terminology.systems()
    assert (rows[0].code, rows[-1].code) == ("sex", "icd10")
    assert terminology.system("icd10") == rows[-1]


@pytest.mark.parametrize("times", [1, 20])
def test_reading_again_asks_the_database_nothing(
    *, times: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    a_fruit_system()
    terminology.label("fruit", "a")
    with django_assert_num_queries(0):
        for _ in range(times):
            terminology.label("fruit", "a")
            terminology.search("fruit", "pg")
            terminology.choices("fruit")


def publish_in_another_process(**changes: str) -> None:
    """Another process has loaded a release: this one only sees the tables change."""
    system = CodeSystem.objects.get(code="fruit")
    Concept.objects.update_or_create(
        system=system,
        code=changes.pop("code"),
        defaults={"initials": "t", "pinyin": "tao", "sort_order": 9, **changes},
    )
    CodeSystem.objects.filter(pk=system.pk).update(digest="another")


def test_a_code_that_another_process_published_is_known_at_once() -> None:
    a_fruit_system()
    terminology.label("fruit", "a")
    publish_in_another_process(code="t", zh="桃", en="Peach")
    assert terminology.label("fruit", "t") == "桃"
    terminology.ensure_choice("fruit", "t", field="fruit")


def test_a_system_that_another_process_published_is_known_at_once() -> None:
    a_fruit_system()
    terminology.label("fruit", "a")
    CodeSystem.objects.create(
        code="nut",
        version="1",
        zh="坚果",
        en="Nut",
        source="list",
        confidence="H",
        sort_order=9,
        digest="new",
    )
    assert terminology.concepts("nut") == ()


def test_lists_follow_another_process_within_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "CHECK_SECONDS", CHECK_SECONDS)
    a_fruit_system()
    seconds = 100.0
    catalogue = Catalogue(clock=lambda: seconds)

    def apple() -> str:
        loaded = catalogue.loaded("fruit")
        return loaded.by_code["a"].en if loaded else ""

    assert apple() == "Apple"
    publish_in_another_process(code="a", zh="苹果", en="An apple")
    seconds += CHECK_SECONDS - 0.1
    assert apple() == "Apple"
    seconds += 0.2
    assert apple() == "An apple"
