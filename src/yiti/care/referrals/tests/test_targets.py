"""Which places the finder is fed with, and what is known of each: on the tables of the county."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yiti.care.referrals import selectors
from yiti.care.referrals.domain.finder import Ability, Finding, PartKind, Ranked
from yiti.care.referrals.tests.builders import START, County
from yiti.kernel.actor import Actor
from yiti.registry.facilities.domain import Kind
from yiti.registry.facilities.models import Institution
from yiti.registry.facilities.tests.builders import (
    a_bed,
    a_department,
    an_institution,
    an_override,
    hold,
    occupy,
)

pytestmark = pytest.mark.django_db

CARDIOLOGY = "03.04"


def found(county: County, *, by: Actor | None = None, **changes: str) -> Finding:
    asked = {"diagnosis": "I20.0", "specialty": CARDIOLOGY, "urgency": "urgent", **changes}
    return selectors.targets(by or county.village_doctor, at=START, **asked)


def of(finding: Finding, place: Institution) -> Ranked:
    return next(each for each in finding.ranked if each.candidate.institution_id == place.pk)


def why(finding: Finding, place: Institution) -> str:
    return next(each.why for each in finding.unsuitable if each.candidate.institution_id == place.pk)


def text(ranked: Ranked, kind: PartKind) -> str:
    return next(part.text for part in ranked.parts if part.kind is kind)


def test_the_head_hospital_comes_first_with_its_ward_and_every_reason(county: County) -> None:
    best = found(county).ranked[0]
    assert (best.candidate.institution_id, best.candidate.department_id) == (county.head.pk, county.ward.pk)
    assert (best.candidate.ability, text(best, PartKind.BEDS)) == (Ability.KEEP, "空床 3（监护 1）")
    assert text(best, PartKind.BOND) == "医共体牵头"
    assert best.is_best


def test_a_hospital_outside_is_ranked_with_the_approval_it_needs(county: County) -> None:
    city = of(found(county), county.city)
    assert text(city, PartKind.BOND) == "支援医院"
    assert text(city, PartKind.BEDS) == "空床 未知，须致电"
    assert text(city, PartKind.APPROVAL) == "转出县外须县转诊中心审批"
    critical = of(found(county, urgency="critical"), county.city)
    assert PartKind.APPROVAL not in {part.kind for part in critical.parts}


def test_townships_that_should_refer_this_on_are_named_as_unsuitable(county: County) -> None:
    finding = found(county)
    assert why(finding, county.township) == "不收：收治目录里这个病应转出"
    assert county.clinic.pk not in {each.candidate.institution_id for each in finding.unsuitable}


def test_held_and_occupied_beds_are_not_free(county: County) -> None:
    hold(county.beds[0], at=START)
    occupy(county.beds[1], at=START)
    assert text(of(found(county), county.head), PartKind.BEDS) == "空床 1"
    occupy(county.beds[2], at=START)
    assert why(found(county), county.head) == "不收：心血管内科没有空床"


def test_an_institutions_own_word_beats_the_catalogue(county: County) -> None:
    an_override(county.tcm, "I20", "limited", "无急诊造影，限病情稳定者")
    a_department(county.tcm, name="内科", specialty="50.01")
    tcm = of(found(county), county.tcm)
    assert (tcm.candidate.ability, text(tcm, PartKind.ABILITY)) == (
        Ability.LIMITED,
        "无急诊造影，限病情稳定者",
    )


@pytest.mark.parametrize(
    ("specialties", "fitting"),
    [
        pytest.param(("04", "03.04", "03"), "03.04", id="the specialty itself"),
        pytest.param(("04", "50.01", "03"), "03", id="else the one above it"),
        pytest.param(("04", "50.01"), "50.01", id="else one that stands in for it"),
        pytest.param(("04", "02"), "", id="else none"),
    ],
)
def test_the_department_is_the_one_that_fits_best(
    county: County, specialties: tuple[str, ...], fitting: str
) -> None:
    an_override(county.tcm, "I20", "keep")
    for code in specialties:
        a_department(county.tcm, name=f"科室 {code}", specialty=code)
    finding = found(county)
    if fitting:
        assert of(finding, county.tcm).candidate.department_name == f"科室 {fitting}"
    else:
        assert why(finding, county.tcm) == "不收：没有心血管内科"


def test_of_two_wards_of_the_specialty_the_one_with_more_free_beds_is_named(county: County) -> None:
    second = a_department(county.head, name="心血管内科二区", specialty=CARDIOLOGY)
    for _ in range(5):
        a_bed(second)
    assert of(found(county), county.head).candidate.department_id == second.pk


def test_before_a_diagnosis_is_chosen_nothing_is_promised(county: County) -> None:
    head = of(found(county, diagnosis="", specialty=""), county.head)
    assert (text(head, PartKind.ABILITY), head.candidate.department_id) == ("选了诊断再看能否收治", None)
    assert text(head, PartKind.BEDS) == "空床 3（监护 1）"


def test_a_county_hospital_is_shown_no_township(county: County) -> None:
    finding = found(county, by=county.ward_doctor)
    shown = {each.candidate.institution_id for each in finding.ranked}
    shown |= {each.candidate.institution_id for each in finding.unsuitable}
    assert shown & {county.township.pk, county.other_township.pk, county.head.pk} == set()
    assert shown >= {county.city.pk, county.tcm.pk}


def test_ten_queries_for_one_place_and_for_many(county: County) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as said:
            found(county)
        return sum(not each["sql"].startswith(("SAVEPOINT", "RELEASE", "SELECT set_config")) for each in said)

    found(county)  # code lists are looked at again now and then
    few = queries()
    for _ in range(20):
        a_bed(a_department(an_institution(Kind.COUNTY_GENERAL), specialty=CARDIOLOGY))
    assert (few, queries()) == (10, 10)
