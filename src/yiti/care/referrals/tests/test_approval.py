"""Who must agree (decision 30): the first row that fits, and the rule the county starts with."""

from __future__ import annotations

from datetime import date

import pytest

from yiti.care.referrals.domain import decide_approval
from yiti.foundation.rules import public as rules

DAY = date(2026, 11, 20)
ROWS = [
    {"zh": "危重", "urgency": ["critical"], "required": False},
    {"zh": "去市级", "direction": ["up"], "to": ["city"], "required": True, "approver": "head"},
    {"zh": "其他", "required": False},
]


def test_the_first_row_that_fits_counts() -> None:
    asked = {"direction": "up", "from_level": "township", "to_level": "city"}
    assert decide_approval(ROWS, urgency="critical", **asked).zh == "危重"
    assert decide_approval(ROWS, urgency="urgent", **asked).zh == "去市级"


def test_a_row_that_leaves_a_field_out_fits_everything_there() -> None:
    found = decide_approval(ROWS, direction="down", from_level="city", to_level="village", urgency="routine")
    assert (found.zh, found.required, found.approver) == ("其他", False, "")


def test_the_words_say_which_row() -> None:
    asked = {"direction": "up", "from_level": "county", "to_level": "city"}
    assert decide_approval(ROWS, urgency="urgent", **asked).text == "待审批：去市级"
    assert decide_approval(ROWS, urgency="critical", **asked).text == "免审批：危重"


def test_a_rule_with_a_hole_is_a_fault_and_no_free_pass() -> None:
    with pytest.raises(ValueError, match="no row"):
        decide_approval(ROWS[:1], direction="up", from_level="village", to_level="county", urgency="urgent")


@pytest.mark.parametrize(
    ("direction", "start", "end", "urgency", "approver"),
    [
        pytest.param("up", "village", "township", "routine", "", id="village to township"),
        pytest.param("up", "village", "county", "urgent", "", id="village straight to the county"),
        pytest.param("up", "township", "county", "routine", "", id="township to county"),
        pytest.param("across", "township", "township", "routine", "", id="township to township"),
        pytest.param("across", "county", "county", "urgent", "", id="county to county"),
        pytest.param("down", "county", "township", "routine", "", id="down"),
        pytest.param("up", "county", "city", "routine", "referral_center_head", id="up to the city"),
        pytest.param("out", "county", "city", "urgent", "referral_center_head", id="out of the county"),
        pytest.param("out", "village", "county", "routine", "referral_center_head", id="to another county"),
        pytest.param("out", "village", "city", "critical", "", id="critical: paper later"),
    ],
)
def test_the_rule_the_county_starts_with(
    direction: str, start: str, end: str, urgency: str, approver: str
) -> None:
    rows = rules.find("referral.approval", DAY).rows()
    found = decide_approval(rows, direction=direction, from_level=start, to_level=end, urgency=urgency)
    assert (found.required, found.approver if found.required else "") == (bool(approver), approver)
