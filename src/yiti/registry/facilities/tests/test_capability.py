"""Who can treat what: precedence as a table, and the shipped catalogue."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from yiti.kernel.ids import new_id
from yiti.registry.facilities import public as facilities
from yiti.registry.facilities.domain import (
    Kind,
    Override,
    Tier,
    Verdict,
    compute_capability,
    read_catalogue,
)
from yiti.registry.facilities.tests.builders import an_institution, an_override

TODAY = date(2026, 11, 20)


def a_value(*diseases: dict[str, Any]) -> dict[str, Any]:
    """The value of the rule, with these diseases in one group."""
    return {"version": "1", "groups": [{"zh": "内科", "diseases": list(diseases)}]}


BOOK = read_catalogue(
    a_value(
        {"icd": "I20", "zh": "心绞痛", "keep": ["county"], "limited": {"township": "病情稳定"}},
        {"icd": "I20.0", "zh": "不稳定型心绞痛", "keep": ["county"]},
        {"icd": "K35", "zh": "阑尾炎", "keep": ["county"]},
    )
)
SURGEON_DAY = Override("K35.8", Verdict.LIMITED, "县外科下沉日")
NO_HEARTS = Override("I", Verdict.REFER, "")
CHEST_PAIN = Override("I20", Verdict.KEEP, "")


@pytest.mark.parametrize(
    ("icd", "tier", "overrides", "verdict", "condition"),
    [
        pytest.param("I20.9", Tier.COUNTY, (), "keep", "", id="kept by the tier"),
        pytest.param("I20.9", Tier.TOWNSHIP, (), "limited", "病情稳定", id="limited for the tier"),
        pytest.param("I20.0", Tier.TOWNSHIP, (), "refer", "", id="the longer prefix of the catalogue wins"),
        pytest.param("I20.900x001", Tier.TOWNSHIP, (), "limited", "病情稳定", id="national extension codes"),
        pytest.param("K35.8", Tier.TOWNSHIP, (), "refer", "", id="a tier nobody names refers"),
        pytest.param("K35.8", Tier.TOWNSHIP, (SURGEON_DAY,), "limited", "县外科下沉日", id="own word wins"),
        pytest.param("K35.2", Tier.TOWNSHIP, (SURGEON_DAY,), "refer", "", id="own word only for its codes"),
        pytest.param(
            "I20.9", Tier.COUNTY, (NO_HEARTS,), "refer", "", id="own word wins with a shorter prefix"
        ),
        pytest.param(
            "I20.9", Tier.COUNTY, (NO_HEARTS, CHEST_PAIN), "keep", "", id="the longer own word wins"
        ),
        pytest.param("Z99.9", Tier.COUNTY, (), "unknown", "", id="not in the catalogue"),
        pytest.param("I20.9", None, (), "unknown", "", id="no tier"),
        pytest.param("I20.9", None, (CHEST_PAIN,), "keep", "", id="own word without a tier"),
    ],
)
def test_precedence(
    icd: str, tier: Tier | None, overrides: tuple[Override, ...], verdict: str, condition: str
) -> None:
    found = compute_capability(icd, tier=tier, catalogue=BOOK, overrides=overrides)
    assert (found.verdict, found.condition) == (verdict, condition)
    assert found.rule


def test_without_a_catalogue_nothing_is_known() -> None:
    found = compute_capability("I10", tier=Tier.COUNTY, catalogue=None, overrides=())
    assert found.verdict is Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("diseases", "what"),
    [
        pytest.param([{"icd": "I10", "zh": "高血压", "keep": ["moon"]}], "moon", id="a tier there is not"),
        pytest.param(
            [{"icd": "I10", "zh": "高血压", "keep": ["county"], "limited": {"county": "轻"}}],
            "I10",
            id="a tier in both lists",
        ),
        pytest.param([{"icd": "I10", "zh": "高血压"}] * 2, "twice", id="a code twice"),
    ],
)
def test_a_faulty_catalogue_is_refused(diseases: list[dict[str, Any]], what: str) -> None:
    with pytest.raises(ValueError, match=what):
        read_catalogue(a_value(*diseases))


@pytest.mark.parametrize(
    ("on", "version", "heart_block"),
    [
        pytest.param(date(2026, 11, 1), "2026.2", True, id="first day of the version in force"),
        pytest.param(date(2026, 10, 31), "2025.1", False, id="last day of the one before"),
    ],
)
def test_the_shipped_catalogue_of_a_day(on: date, version: str, heart_block: bool) -> None:
    book = facilities.catalogue(on)
    assert book is not None
    assert book.version == version
    assert (book.find("I44.2") is not None) is heart_block


def test_there_is_no_catalogue_before_the_first() -> None:
    assert facilities.catalogue(date(2024, 12, 31)) is None


@pytest.mark.django_db
def test_capability_of_institutions(django_assert_num_queries: Any) -> None:
    county, township = an_institution(Kind.COUNTY_GENERAL), an_institution(Kind.TOWNSHIP)
    an_override(township, "I20.0", "limited", "只做初步处置")
    an_override(township, "I10", "refer", valid_until=date(2020, 1, 1))
    an_override(township, "E11", "refer", valid_from=date(2027, 1, 1))
    stranger = new_id()
    with django_assert_num_queries(2):
        found = facilities.capabilities([county.id, township.id, stranger], ["I20.0", "I10", "E11.9"], TODAY)
    verdicts = {id_: [each.verdict for each in row.values()] for id_, row in found.items()}
    assert verdicts == {
        county.id: [Verdict.KEEP] * 3,
        township.id: [Verdict.LIMITED, Verdict.KEEP, Verdict.KEEP],
        stranger: [Verdict.UNKNOWN] * 3,
    }
    assert facilities.capability(township.id, "I20.0", TODAY).is_override
