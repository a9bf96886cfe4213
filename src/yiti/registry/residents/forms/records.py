"""Moving, dying, merging, and opening a closed record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from yiti.kernel.clock import SHANGHAI
from yiti.registry.residents.domain import Home, clean_reason, normal_text
from yiti.registry.residents.domain.facts import LONGEST_REASON
from yiti.registry.residents.domain.glass import Verdict, clean_note
from yiti.registry.residents.domain.people import LONGEST_ADDRESS, LONGEST_GROUP
from yiti.registry.residents.forms.shapes import (
    Choice,
    Day,
    Picker,
    Segments,
    Text,
    TimeOfDay,
    checked,
    parse_id,
    parse_village,
    village_picker,
)


class MoveForm(forms.Form):
    """Where a person lives now."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    village = Text(
        label=pgettext_lazy("field", "村"),
        required=False,
        help_text=_("搬到县外就空着"),
        widget=village_picker(),
    )
    group_no = Text(label=_("组"), required=False)
    address = Text(label=_("详细住址"), required=False)

    def clean_village(self) -> UUID | None:
        return parse_village(self.cleaned_data["village"])

    def clean_group_no(self) -> str:
        typed = self.cleaned_data["group_no"]
        return checked(lambda: normal_text(typed, longest=LONGEST_GROUP, field="group_no"))

    def clean_address(self) -> str:
        typed = self.cleaned_data["address"]
        return checked(lambda: normal_text(typed, longest=LONGEST_ADDRESS, field="address"))

    def home(self) -> Home:
        """The place as typed, of a valid form."""
        cleaned = self.cleaned_data
        return Home(cleaned["village"], cleaned["group_no"], cleaned["address"])


class DeathForm(forms.Form):
    """When a person died."""

    date = Day(label=_("日期"))
    time = TimeOfDay(label=_("时间"))

    def deceased_at(self) -> datetime:
        """The moment as typed, of a valid form."""
        return datetime.combine(self.cleaned_data["date"], self.cleaned_data["time"], SHANGHAI)


class ReasonForm(forms.Form):
    """A reason of at least five characters."""

    reason = Text(
        label=_("原因"),
        error_messages={"required": _("请写明原因，至少 5 个字")},
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST_REASON}),
    )

    def clean_reason(self) -> str:
        return checked(lambda: clean_reason(self.cleaned_data["reason"]))


class BreakGlassForm(ReasonForm):
    """Why a closed record must be opened now."""


class ReviewForm(forms.Form):
    """Whether an emergency opening was justified, and what shows it."""

    verdict = Choice(
        label=_("结论"), choices=[(each, gettext_lazy(each.zh)) for each in Verdict], widget=Segments
    )
    note = Text(
        label=_("核查意见"),
        help_text=_("写核对了什么，例如：急诊有就诊记录"),
        error_messages={"required": _("请写明核查意见，至少 5 个字")},
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST_REASON}),
    )

    def clean_note(self) -> str:
        return checked(lambda: clean_note(self.cleaned_data["note"]))


class MergeForm(ReasonForm):
    """Which record stays, and why the two are one person."""

    kept = Text(
        label=_("保留哪一份"),
        required=False,
        help_text=_("只能选档案已对本院开放的人"),
        widget=Picker(reverse_lazy("residents:pick"), lambda value: "", {"data-focus": True}),
    )

    field_order = ("kept", "reason")

    def clean_kept(self) -> UUID | None:
        return parse_id(self.cleaned_data["kept"])

    def clean(self) -> dict[str, Any]:
        """Somebody must be chosen."""
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("kept") and "kept" not in self.errors:
            self.add_error("kept", _now("请选保留哪一份"))
        return cleaned


class SlipForm(forms.Form):
    """The code on a slip, and what only the person it is about knows."""

    code = Text(
        label=_("查询码"),
        max_length=20,
        help_text=_("纸上的 12 个字母和数字，扫码打开的不用再填"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    answer = Text(
        label=_("身份证号最后四位"),
        max_length=20,
        help_text=_("没有身份证的填出生日期，例如 19590314"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )


class UnmergeForm(ReasonForm):
    """Why a merge is taken back."""


class DifferentForm(ReasonForm):
    """Why two likely records are two people."""


class PairMergeForm(ReasonForm):
    """Which of two records stays, and why they are one person; `names` are those of both by id."""

    kept = Choice(label=_("保留哪一份"), widget=forms.RadioSelect)

    field_order = ("kept", "reason")

    def __init__(self, *args: Any, names: Sequence[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        cast("Choice", self.fields["kept"]).choices = names


class ConfirmForm(forms.Form):
    """Nothing to fill in: sending it says yes."""
