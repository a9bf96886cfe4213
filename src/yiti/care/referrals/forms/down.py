"""The form of a down-referral: the plan a person takes home."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from yiti.care.referrals.domain import (
    Availability,
    Diagnosed,
    DownSpec,
    Drug,
    Follower,
    Plan,
    Reason,
    Target,
)
from yiti.care.referrals.domain.checks import (
    LONGEST_DISCHARGE,
    LONGEST_DRUG,
    LONGEST_REASON,
    LONGEST_TEXT,
    MOST_DAYS,
    MOST_DRUGS,
)
from yiti.care.referrals.forms.fields import (
    Choices,
    DiagnosesField,
    LabelOf,
    pair_select,
    segments,
    select,
    text,
)


@dataclass(frozen=True, slots=True)
class DownChoices:
    """What the form offers."""

    episodes: Choices
    urgencies: Choices
    reasons: Choices
    targets: Choices
    followers: Choices


class DownForm(forms.Form):
    """What the hospital writes when it sends a person home."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    up_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    reason_text = text(_("说明"), longest=LONGEST_REASON, required=False)
    discharge_summary = text(_("出院小结"), longest=LONGEST_DISCHARGE, rows=4)
    treatment = text(_("回去后怎么治"), longest=LONGEST_TEXT, rows=3)
    warning_signs = text(
        _("出现什么要马上就诊"), longest=LONGEST_TEXT, rows=2, hint=_("例如：胸痛超过 15 分钟不缓解")
    )
    rehabilitation = text(_("康复指导"), longest=LONGEST_TEXT, required=False, rows=2)
    lifestyle = text(_("饮食运动"), longest=LONGEST_TEXT, required=False, rows=2)
    first_follow_up_date = forms.DateField(
        label=_("首次随访日期"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("请选日期"), "invalid": _("日期写成 2026-11-27 这样")},
    )

    def __init__(
        self, *args: Any, offered: DownChoices, address: str, label_of: LabelOf, on: date, **kwargs: Any
    ):
        super().__init__(*args, **kwargs)
        self.on = on
        self.fields["episode"] = select(_("诊疗过程"), offered.episodes)
        if len(offered.episodes) == 1:
            self.fields["episode"].widget = forms.HiddenInput()
            self.fields["episode"].initial = offered.episodes[0][0]
        self.fields["urgency"] = segments(_("病情"), offered.urgencies, initial="routine")
        self.fields["diagnoses"] = DiagnosesField(_("出院诊断"), address, label_of)
        self.fields["reason_code"] = select(_("下转原因"), offered.reasons)
        self.fields["target_institution"] = pair_select(_("转到哪里"), offered.targets)
        self.fields["follower"] = pair_select(_("谁来首次随访"), offered.followers, required=False)

    def clean_first_follow_up_date(self) -> date:
        """Not in the past; how late it may be the rule says when it is sent."""
        day: date = self.cleaned_data["first_follow_up_date"]
        if day < self.on:
            raise forms.ValidationError(_("首次随访不能早于今天"))
        return day

    def spec(self, person_id: UUID, drugs: Sequence[Drug]) -> DownSpec:
        """The wish, once the form is valid."""
        given = self.cleaned_data
        place, department = given["target_institution"]
        follower = given["follower"]
        day: date = given["first_follow_up_date"]
        return DownSpec(
            id=given["id"],
            person_id=person_id,
            episode_id=UUID(given["episode"]),
            urgency=given["urgency"],
            reason=Reason(given["reason_code"], given["reason_text"]),
            diagnoses=tuple(Diagnosed(code) for code in given["diagnoses"]),
            plan=Plan(
                discharge_summary=given["discharge_summary"],
                treatment=given["treatment"],
                warning_signs=given["warning_signs"],
                rehabilitation=given["rehabilitation"],
                lifestyle=given["lifestyle"],
            ),
            drugs=drugs,
            target=Target(place, department),
            first_follow_up_date=day,
            up_id=given["up_id"],
            follower=Follower(*follower) if follower else None,
        )


class DrugForm(forms.Form):
    """A drug of the plan; a row without a name and dose is left out."""

    name = text(_("药名"), longest=LONGEST_DRUG, required=False)
    dose = text(_("用量"), longest=LONGEST_DRUG, required=False, hint=_("10 mg"))
    days = forms.IntegerField(
        label=_("天数"),
        required=False,
        min_value=1,
        max_value=MOST_DAYS,
        error_messages={"invalid": _("填数字"), "min_value": _("至少 1 天"), "max_value": _("最多 180 天")},
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off", "maxlength": 3}),
    )

    def __init__(self, *args: Any, frequencies: Choices, routes: Choices, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["frequency"] = select(_("频次"), frequencies, required=False)
        self.fields["route"] = select(_("用法"), routes, required=False)
        self.fields["availability"] = forms.ChoiceField(
            label=_("当地有没有"),
            choices=[(each.value, _(each.zh)) for each in Availability],
            initial=Availability.UNKNOWN,
            required=False,
        )
        self.order_fields(["name", "dose", "frequency", "route", "days", "availability"])

    def clean(self) -> dict[str, Any]:
        """A dose without a name is half a drug."""
        cleaned = super().clean() or {}
        if not cleaned.get("name") and any(cleaned.get(part) for part in ("dose", "frequency", "days")):
            self.add_error("name", _("请写药名"))
        return cleaned


class BaseDrugFormSet(forms.BaseFormSet):  # type: ignore[type-arg]
    """The drugs of the plan."""

    @property
    def items(self) -> tuple[Drug, ...]:
        """The rows that name a drug, in order, once the set is valid."""
        given = (each.cleaned_data for each in self.forms)
        return tuple(
            Drug(
                name=row["name"],
                dose=row["dose"],
                frequency=row["frequency"],
                route=row["route"],
                days=row["days"],
                availability=Availability(row["availability"] or Availability.UNKNOWN),
            )
            for row in given
            if row.get("name")
        )


DrugFormSet = forms.formset_factory(
    DrugForm, formset=BaseDrugFormSet, extra=2, max_num=MOST_DRUGS, absolute_max=MOST_DRUGS
)
