"""Tables to rows, and what the shipped release must hold."""

from __future__ import annotations

import re
from functools import cache

import pytest

from yiti.registry.terminology.domain import ConceptRow, SystemSource, read_release
from yiti.registry.terminology.tests.builders import SYSTEMS_HEAD, a_release, tables_of, the_shipped_release

# fmt: off
# Every diagnosis shown in the twelve pictures of the design.
IN_PICTURES = [
    "I20.0", "I10", "O14.1", "J18.9", "M51.1", "E11.5", "K80.1", "I63.9", "O00.9", "R91", "Z47.8", "I69.3",
    "J44.1", "E11.9", "K35.8", "S52.5", "O80", "J20.9",
]
# In the order in which lists show them.
SYSTEMS = [
    "sex", "ethnic-group", "marital-status", "id-type", "payer", "relation", "blood-abo", "blood-rh",
    "education", "occupation", "institution-class", "care-level", "hospital-grade", "specialty",
    "visit-type", "discharge-way", "treatment-outcome", "up-reason", "down-reason", "decline-reason",
    "return-reason", "cancel-reason", "urgency", "direction", "transport", "bed-feature", "follow-up-way",
    "follow-up-result", "adherence", "allergen", "allergy-reaction", "allergy-severity", "vital-sign",
    "order-frequency", "drug-route", "disease-specialty", "chronic-disease", "icd10",
]
# fmt: on


@cache
def shipped() -> dict[str, SystemSource]:
    return {source.system.code: source for source in the_shipped_release().systems}


def all_concepts() -> list[ConceptRow]:
    return [concept for source in shipped().values() for concept in source.concepts]


def test_a_table_becomes_rows_in_its_own_order() -> None:
    release = a_release(
        "fruit",
        "code,zh,en,also,often,parent,local,retired\n"
        "p,梨,Pear,,,,,\n"
        "a1,苹果,Apple,平果|林檎,3,p,1,\n"
        "x,杏子,Apricot,,,,,1\n",
    )
    pear, apple, apricot = release.systems[0].concepts
    assert (pear.code, pear.zh, pear.en, pear.sort_order, pear.active, pear.local) == (
        "p", "梨", "Pear", 1, True, False,
    )  # fmt: skip
    assert (apple.name.initials, apple.name.pinyin, apple.often, apple.parent, apple.local) == (
        "pg", "ping guo", 3, "p", True,
    )  # fmt: skip
    assert [name.zh for name in apple.synonyms] == ["平果", "林檎"]
    assert not apricot.active


@pytest.mark.parametrize(
    ("table", "why"),
    [
        ("code,zh,en\na,,Apple\n", "needed"),
        ("code,zh,en\na,苹果,\n", "needed"),
        ("code,zh,en\n,苹果,Apple\n", "needed"),
        ("code,zh,en\na b,苹果,Apple\n", "needed"),
        ("code,zh,en\na,苹果,Apple\na,梨,Pear\n", "twice"),
        ("code,zh,en\na,苹果,Apple\nb,苹果,Pear\n", "twice"),
        ("code,zh,en,parent\na,苹果,Apple,p\n", "unknown parents"),
        ("code,zh,en,often\na,苹果,Apple,4\n", "often"),
        ("code,zh,en,retired\na,苹果,Apple,yes\n", "empty or 1"),
        ("code,zh,en,colour\na,苹果,Apple,red\n", "unknown columns"),
        ("code,zh,en\na,苹果\n", "wrong number"),
        ("code,zh,en\na,苹果,Apple,more\n", "wrong number"),
    ],
)
def test_a_malformed_table_is_refused(table: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        read_release(tables_of("fruit", table))


@pytest.mark.parametrize(
    ("systems", "why"),
    [
        ("Fruit,1,水果,Fruit,,list,H\n", "malformed"),
        ("fruit,1,水果,Fruit,,,H\n", "malformed"),
        ("fruit,1,水果,Fruit,,list,X\n", "'X' is not a valid Confidence"),
        ("nuts,1,坚果,Nuts,,list,H\n", "nuts.csv is missing"),
        ("fruit,1,水果,Fruit,,list,H\nfruit,2,水果,Fruit,,list,H\n", "twice"),
    ],
)
def test_a_malformed_list_of_systems_is_refused(systems: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        read_release({"systems.csv": SYSTEMS_HEAD + systems, "fruit.csv": "code,zh,en\na,苹果,Apple\n"})


def test_equal_releases_have_equal_digests_and_others_not() -> None:
    table = "code,zh,en\na,苹果,Apple\n"
    digest = a_release("fruit", table).systems[0].digest
    assert a_release("fruit", table).systems[0].digest == digest
    assert a_release("fruit", table.replace("Apple", "An apple")).systems[0].digest != digest
    assert a_release("fruit", table, version="2").systems[0].digest != digest


def test_the_shipped_release_has_every_system_the_house_needs() -> None:
    assert list(shipped()) == SYSTEMS
    assert all(source.concepts for source in shipped().values())


@pytest.mark.parametrize("code", IN_PICTURES)
def test_every_diagnosis_of_the_pictures_is_there(code: str) -> None:
    assert code in {concept.code for concept in shipped()["icd10"].concepts}


def test_every_concept_speaks_both_languages_and_can_be_typed() -> None:
    assert [c.code for c in all_concepts() if not c.zh.strip() or not c.en.strip()] == []
    assert [c.code for c in all_concepts() if not c.name.initials or not c.name.pinyin] == []
    assert [c.code for c in all_concepts() if not c.en.isascii()] == []


def test_every_system_says_where_it_comes_from() -> None:
    assert [s.system.code for s in shipped().values() if not s.system.source or not s.system.version] == []
    icd10 = shipped()["icd10"].system
    assert "不是国家临床版码表" in icd10.source
    assert icd10.confidence == "M"


def test_no_synonym_repeats_a_term_of_its_own_concept() -> None:
    for concept in all_concepts():
        names = [concept.zh, *(name.zh for name in concept.synonyms)]
        assert len(names) == len(set(names)), concept.code


def test_diagnoses_have_the_shape_of_icd10_and_a_specialty() -> None:
    groups = {group.prefix for group in shipped()["icd10"].groups}
    for concept in shipped()["icd10"].concepts:
        assert re.fullmatch(r"[A-Z]\d{2}(\.\d)?", concept.code), concept.code
        assert any(concept.code.startswith(prefix) for prefix in groups), concept.code


def test_groups_name_specialties_and_chronic_diseases_that_exist() -> None:
    specialties = {c.code for c in shipped()["disease-specialty"].concepts}
    chronic = {c.code for c in shipped()["chronic-disease"].concepts}
    groups = shipped()["icd10"].groups
    assert {g.specialty for g in groups} == specialties
    assert {g.chronic for g in groups if g.chronic} == chronic
    assert len({g.prefix for g in groups}) == len(groups)


def test_every_vital_sign_has_its_measure() -> None:
    source = shipped()["vital-sign"]
    assert [m.code for m in source.measures] == [c.code for c in source.concepts]
    assert all(re.fullmatch(r"\d{3,5}-\d|", m.loinc) for m in source.measures)


def test_all_56_ethnic_groups_are_there() -> None:
    codes = [c.code for c in shipped()["ethnic-group"].concepts]
    assert codes[:56] == [f"{number:02d}" for number in range(1, 57)]


def test_the_merged_residents_insurance_takes_the_place_of_the_two_old_ones() -> None:
    payer = {c.code: c for c in shipped()["payer"].concepts}
    assert (payer["L01"].active, payer["L01"].local) == (True, True)
    assert [(payer[old].active, payer[old].parent) for old in ("02", "03")] == [(False, "L01")] * 2


@pytest.mark.parametrize(
    "concept", [c for c in all_concepts() if c.local], ids=lambda c: f"{c.system} {c.code}"
)
def test_a_code_of_our_own_in_a_standard_table_cannot_meet_a_later_one_of_the_standard(
    concept: ConceptRow,
) -> None:
    assert re.fullmatch(r"L\d+", concept.code)
