"""The target finder: the score is the sum of the parts shown, and the weights decide (decision 33)."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiti.care.referrals.domain.finder import (
    WEIGHTS,
    Ability,
    Bond,
    Candidate,
    Finding,
    PartKind,
    Tone,
    Weights,
    find_targets,
)
from yiti.care.referrals.selectors.rulebook import weights as shipped_weights

PLAIN = Weights(
    capability=50,
    capability_limited=15,
    free_bed=20,
    bed_unknown=5,
    travel=15,
    worst_travel_minutes=180,
    consortium_head=15,
    consortium_member=12,
    alliance=6,
)
COUNTY, CITY, TCM, TOWN = (UUID(int=n) for n in range(1, 5))


def a_candidate(institution_id: UUID = COUNTY, **changes: Any) -> Candidate:
    """The county hospital: treats it, three free beds (one monitored), 28 minutes away, head."""
    values: dict[str, Any] = {
        "institution_id": institution_id,
        "name": "连南县人民医院",
        "level": "county",
        "department_id": None,
        "department_name": "心血管内科",
        "has_specialty": True,
        "ability": Ability.KEEP,
        "condition": "",
        "free_beds": 3,
        "monitored_free": 1,
        "km": 18.4,
        "minutes": 28,
        "bond": Bond.HEAD,
        "bond_zh": "医共体牵头",
        "level_rank": 2,
        **changes,
    }
    return Candidate(**values)


def the_city(**changes: Any) -> Candidate:
    """The supporting hospital: treats it, beds unknown, far, needs approval."""
    values = {
        "free_beds": None,
        "monitored_free": 0,
        "km": 106.0,
        "minutes": 100,
        "bond": Bond.ALLIANCE,
        "bond_zh": "支援医院",
        "level_rank": 3,
        "approval": "转出县外须县转诊中心审批",
        **changes,
    }
    return a_candidate(CITY, **values)


def found(*candidates: Candidate, weights: Weights = PLAIN) -> Finding:
    return find_targets(candidates, weights, specialty="心血管内科")


def order(finding: Finding) -> list[UUID]:
    return [each.candidate.institution_id for each in finding.ranked]


def texts(finding: Finding, place: int = 0) -> list[str]:
    return [part.text for part in finding.ranked[place].parts]


def test_each_reason_is_said_in_words_and_adds_up() -> None:
    best = found(a_candidate(), the_city()).ranked[0]
    assert [part.text for part in best.parts] == ["能收治", "空床 3（监护 1）", "18 km，28 分", "医共体牵头"]
    assert [part.points for part in best.parts] == [50, 20, 15 * 152 // 180, 15]
    assert (best.score, best.is_best) == (97, True)


def test_what_speaks_against_a_place_is_said_too() -> None:
    finding = found(a_candidate(), the_city())
    assert texts(finding, 1) == [
        "能收治",
        "空床 未知，须致电",
        "106 km，1 时 40 分",
        "支援医院",
        "转出县外须县转诊中心审批",
    ]
    assert [part.tone for part in finding.ranked[1].parts][2:] == [Tone.MIND, Tone.GOOD, Tone.MIND]
    assert not finding.ranked[1].is_best


@pytest.mark.parametrize(
    ("changes", "kind", "text", "points"),
    [
        pytest.param(
            {"ability": Ability.LIMITED, "condition": "无急诊造影，限病情稳定者"},
            PartKind.ABILITY,
            "无急诊造影，限病情稳定者",
            15,
            id="on a condition",
        ),
        pytest.param(
            {"ability": Ability.UNKNOWN}, PartKind.ABILITY, "未列入收治目录，请先致电", 0, id="not listed"
        ),
        pytest.param({"monitored_free": 0}, PartKind.BEDS, "空床 3", 20, id="no monitored bed"),
        pytest.param({"km": 4.25, "minutes": 0}, PartKind.TRAVEL, "4.2 km，0 分", 15, id="next door"),
        pytest.param({"km": 200.0, "minutes": 181}, PartKind.TRAVEL, "200 km，3 时 01 分", 0, id="too far"),
        pytest.param({"km": None, "minutes": None}, PartKind.TRAVEL, "路程 未知", 0, id="place unknown"),
        pytest.param(
            {"bond": Bond.MEMBER, "bond_zh": "镇村一体"}, PartKind.BOND, "镇村一体", 12, id="member"
        ),
        pytest.param({"bond": Bond.NONE, "bond_zh": "无协议"}, PartKind.BOND, "无协议", 0, id="no tie"),
    ],
)
def test_a_part_and_its_points(changes: dict[str, Any], kind: PartKind, text: str, points: int) -> None:
    part = next(p for p in found(a_candidate(**changes)).ranked[0].parts if p.kind is kind)
    assert (part.text, part.points) == (text, points)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"ability": Ability.REFER}, "不收：收治目录里这个病应转出"),
        ({"has_specialty": False, "department_name": ""}, "不收：没有心血管内科"),
        ({"free_beds": 0}, "不收：心血管内科没有空床"),
        ({"free_beds": 0, "department_name": ""}, "不收：本院没有空床"),
    ],
)
def test_who_cannot_take_the_person_is_named_with_the_reason(changes: dict[str, Any], why: str) -> None:
    finding = found(a_candidate(TOWN, **changes), the_city())
    assert order(finding) == [CITY]
    assert [(each.candidate.institution_id, each.why) for each in finding.unsuitable] == [(TOWN, why)]


def test_one_changed_weight_reorders() -> None:
    near = a_candidate(TCM, ability=Ability.LIMITED, minutes=10, bond=Bond.MEMBER)
    far = the_city(approval="")
    assert order(found(near, far)) == [CITY, TCM]
    assert order(found(near, far, weights=replace(PLAIN, travel=60))) == [TCM, CITY]


@pytest.mark.parametrize("name", [name for name in WEIGHTS if name != "worst_travel_minutes"])
def test_every_weight_counts(name: str) -> None:
    """A place that earns just this part comes first once the weight is large enough."""
    blank = {"ability": Ability.UNKNOWN, "free_beds": 1, "minutes": 200, "bond": Bond.NONE}
    earning: dict[str, dict[str, Any]] = {
        "capability": {"ability": Ability.KEEP},
        "capability_limited": {"ability": Ability.LIMITED},
        "free_bed": {"free_beds": 1},
        "bed_unknown": {"free_beds": None},
        "travel": {"minutes": 0},
        "consortium_head": {"bond": Bond.HEAD},
        "consortium_member": {"bond": Bond.MEMBER},
        "alliance": {"bond": Bond.ALLIANCE},
    }
    without = {"free_beds": None} if name == "free_bed" else {}
    one = a_candidate(TOWN, **{**blank, **earning[name]})
    other = a_candidate(COUNTY, **{**blank, **without})
    nothing = Weights(**{field.name: 0 for field in fields(Weights)} | {"worst_travel_minutes": 180})
    assert order(found(one, other, weights=replace(nothing, **{name: 1})))[0] == TOWN


def test_the_weights_of_the_county_give_at_most_100() -> None:
    best = a_candidate(minutes=0)
    finding = found(best, weights=shipped_weights(date(2026, 11, 20), "441826"))
    assert finding.ranked[0].score == 100


@pytest.mark.parametrize(
    ("one", "other", "first"),
    [
        pytest.param({"minutes": 28}, {"minutes": 27}, CITY, id="the shorter way"),
        pytest.param({"level_rank": 2}, {"level_rank": 3}, CITY, id="then the higher level"),
        pytest.param({}, {}, COUNTY, id="then the id"),
    ],
)
def test_equal_scores_have_a_stated_order(one: dict[str, Any], other: dict[str, Any], first: UUID) -> None:
    flat = replace(PLAIN, travel=0)
    finding = found(a_candidate(CITY, **other), a_candidate(COUNTY, **one), weights=flat)
    assert order(finding)[0] == first


@given(
    st.lists(
        st.builds(
            a_candidate,
            st.uuids(),
            ability=st.sampled_from(Ability),
            free_beds=st.none() | st.integers(0, 60),
            minutes=st.none() | st.integers(0, 600),
            bond=st.sampled_from(Bond),
            has_specialty=st.booleans(),
        ),
        max_size=12,
    )
)
def test_nobody_is_lost_and_better_places_stand_first(candidates: list[Candidate]) -> None:
    finding = found(*candidates)
    scores = [each.score for each in finding.ranked]
    assert scores == sorted(scores, reverse=True)
    assert len(finding.ranked) + len(finding.unsuitable) == len(candidates)
    assert [each.is_best for each in finding.ranked] == [place == 0 for place in range(len(scores))]
