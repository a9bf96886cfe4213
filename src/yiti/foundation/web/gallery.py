"""Invented people and figures for the gallery of parts, which only `make dev` serves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django import forms

from yiti.foundation.web.domain import TableQuery
from yiti.foundation.web.drawings import LaneKind


class Sort(StrEnum):
    """Columns the sample list sorts by."""

    DUE = "due"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class SampleRow:
    """A line of the sample inbox."""

    due_at: datetime | None
    name: str
    sex_age: str
    village: str
    way: str
    level: str
    institution: str
    diagnosis: str
    code: str
    department: str
    status: str
    is_urgent: bool = False


@dataclass(frozen=True, slots=True)
class SampleStep:
    """A line of the sample thread."""

    time: str
    level: str
    kind: LaneKind
    title: str
    second: str
    status: str = ""
    who: str = ""


@dataclass(frozen=True, slots=True)
class SampleTab:
    """A status tab."""

    url: str
    label: str
    count: int | None
    is_active: bool = False
    is_late: bool = False
    at_end: bool = False


class SampleForm(forms.Form):
    """One field of every kind, filled in wrongly to show the errors."""

    number = forms.CharField(label="身份证号", initial="999826195903142310")
    phone = forms.CharField(label="家属电话", help_text="11 位手机号")
    way = forms.ChoiceField(
        label="方向",
        choices=[("up", "上转"), ("down", "下转"), ("across", "平转"), ("out", "外转")],
        widget=forms.RadioSelect,
    )
    reason = forms.ChoiceField(label="转诊原因", choices=[("", "请选择"), ("operation", "需手术、介入")])
    summary = forms.CharField(label="病情摘要", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    agreed = forms.BooleanField(label="已向本人说明去向和费用，本人同意转诊")

    def __init__(self, data: dict[str, str] | None = None):
        super().__init__(data)
        self.fields["way"].widget.template_name = "web/widgets/segments.html"


def sample(at: datetime) -> dict[str, Any]:
    """The context of `web/gallery.html`, seen at `at` (aware)."""
    refused = SampleForm(
        {
            "number": "999826195903142310",
            "phone": "1382271662",
            "way": "up",
            "agreed": "on",
            "reason": "operation",
            "summary": "反复胸闷 3 天，今晨 8:40 静息胸痛 20 分钟，伴出汗。",
        }
    )
    refused.add_error("number", "校验位不对，请对照证件重新输入")
    refused.add_error("phone", "少 1 位，请补成 11 位手机号")
    return {
        "at": at,
        "rows": _rows(at),
        "steps": _steps(),
        "status_tabs": _tabs(),
        "query": TableQuery(sort=Sort.DUE, descending=False, filters={}, page=3, size=20),
        "form": SampleForm(),
        "refused": refused,
        "words": ["待接收", "已接诊", "转运中", "已完成", "已退回", "草稿"],
        "systolic": [146, 140, 150, 143, 152, 158, 141, 154, 168],
        "months": [
            ("12月", 318, 97),
            ("1月", 303, 100),
            ("2月", 250, 88),
            ("3月", 345, 120),
            ("4月", 331, 132),
            ("5月", 354, 140),
        ],
        "empty_actions": [
            {"url": "#moving", "label": "看转运中 3 项"},
            {"url": "#done", "label": "看今日完成"},
        ],
    }


def _rows(at: datetime) -> list[SampleRow]:
    return [
        SampleRow(
            due_at=at - timedelta(minutes=26),
            name="唐九妹",
            sex_age="女 34岁",
            village="涡水镇马头冲村",
            way="up",
            level="township",
            institution="涡水卫生院",
            diagnosis="妊娠 32 周，重度子痫前期",
            code="O14.1",
            department="妇产科",
            status="待接收",
            is_urgent=True,
        ),
        SampleRow(
            due_at=at + timedelta(minutes=14),
            name="沈小满",
            sex_age="男 3岁2月",
            village="大麦山镇上洞村",
            way="up",
            level="township",
            institution="大麦山卫生院",
            diagnosis="肺炎，呼吸急促待查",
            code="J18.9",
            department="儿科",
            status="待接收",
            is_urgent=True,
        ),
        SampleRow(
            due_at=at + timedelta(minutes=112),
            name="房买尾一",
            sex_age="男 62岁",
            village="三排镇南岗村",
            way="up",
            level="village",
            institution="南岗村卫生站",
            diagnosis="脑梗死，发病 2 小时",
            code="I63.9",
            department="神经内科",
            status="转运中",
        ),
        SampleRow(
            due_at=None,
            name="唐亚木",
            sex_age="男 70岁",
            village="大麦山镇中坑村",
            way="down",
            level="county",
            institution="县人民医院 骨科",
            diagnosis="股骨颈骨折术后康复",
            code="Z47.8",
            department="大麦山卫生院",
            status="已接诊",
        ),
    ]


def _steps() -> list[SampleStep]:
    return [
        SampleStep(
            "09:48",
            "township",
            LaneKind.HANDOFF_UP,
            "上转县人民医院 心血管内科",
            "三排卫生院 邓志明",
            "待接收",
        ),
        SampleStep(
            "09:36",
            "township",
            LaneKind.IN_PERSON,
            "门诊 ・ 不稳定型心绞痛 I20.0",
            "BP 168/102　心率 96",
            who="邓志明",
        ),
        SampleStep(
            "08:58",
            "county",
            LaneKind.REMOTE,
            "心电图判读：V3-V6 ST 段压低",
            "县心电中心 黄文静 ・ 用时 6 分",
            who="黄文静",
        ),
        SampleStep(
            "08:52",
            "village",
            LaneKind.IN_PERSON,
            "村卫生站就诊 ・ 胸闷 3 天",
            "油岭村卫生站 唐桂花",
            who="唐桂花",
        ),
    ]


def _tabs() -> list[SampleTab]:
    return [
        SampleTab("#all", "全部未结", 39, is_active=True),
        SampleTab("#wait", "待接收", 6, is_late=True),
        SampleTab("#moving", "转运中", 3),
        SampleTab("#done", "今日完成", 11, at_end=True),
    ]
