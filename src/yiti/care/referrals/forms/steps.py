"""Forms of the steps. Each holds the revision its page showed, so that a stale page is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yiti.care.referrals.domain import CaseText, OutcomeSpec, Reason, Reception, Trip
from yiti.care.referrals.domain.checks import LONGEST_NAME, LONGEST_OUTCOME, LONGEST_REASON, LONGEST_TEXT
from yiti.care.referrals.forms.fields import Choices, pair_select, select, text
from yiti.kernel.clock import SHANGHAI


class StepForm(forms.Form):
    """A step that brings nothing but itself."""

    revision = forms.IntegerField(widget=forms.HiddenInput)

    @property
    def revision_seen(self) -> int:
        """The revision of the page this was answered from."""
        seen: int = self.cleaned_data["revision"]
        return seen


class CommentForm(StepForm):
    """A step with a remark, where one wants to say something."""

    comment = text(_("说明"), longest=LONGEST_REASON, required=False)


class SupplyForm(StepForm):
    """What was missing."""

    comment = text(_("补充了什么"), longest=LONGEST_TEXT, rows=3, hint=_("例如：血压 160/98，胸痛减轻"))


class SupplyUpForm(SupplyForm):
    """What was missing, or parts of the case written anew; left as it is what nobody touches."""

    comment = text(_("补充了什么"), longest=LONGEST_TEXT, required=False, rows=2)
    summary = text(_("病情摘要"), longest=LONGEST_TEXT, rows=3)
    treatments = text(_("已做处置"), longest=LONGEST_TEXT, required=False, rows=2)
    medications = text(_("现用药"), longest=LONGEST_TEXT, required=False, rows=2)
    results = text(_("检查检验"), longest=LONGEST_TEXT, required=False, rows=2)

    def case(self, before: CaseText) -> CaseText:
        """The case with the parts on the form as they are now, once the form is valid."""
        parts = ("summary", "treatments", "medications", "results")
        return replace(before, **{name: self.cleaned_data[name] for name in parts})


class ReasonForm(StepForm):
    """A coded reason and, if need be, words."""

    reason_text = text(_("说明"), longest=LONGEST_REASON, required=False)

    def __init__(self, *args: Any, reasons: Choices, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields = {"reason_code": select(_("原因"), reasons), **self.fields}

    @property
    def reason(self) -> Reason:
        """The reason, once the form is valid."""
        return Reason(self.cleaned_data["reason_code"], self.cleaned_data["reason_text"])


class DeclineForm(ReasonForm):
    """Why not here, and where else."""

    def __init__(self, *args: Any, places: Choices, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["suggests"] = pair_select(_("建议转到"), places, required=False)


class AcceptForm(StepForm):
    """A bed that is held, or the department without one; neither where the hospital lies outside."""

    comment = text(_("说明"), longest=LONGEST_REASON, required=False)

    def __init__(self, *args: Any, beds: Choices, departments: Choices, chosen: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        asked: dict[str, forms.Field] = {}
        if beds:
            asked["bed_id"] = pair_select(_("留哪张床"), beds, required=False, initial=chosen)
        if departments:
            asked["department_id"] = pair_select(_("不留床，只到科室"), departments, required=False)
        self.fields = {**asked, **self.fields}

    @property
    def reception(self) -> Reception:
        """Where the person will be received, once the form is valid."""
        bed, room = (self.cleaned_data.get(name) for name in ("bed_id", "department_id"))
        return Reception(bed[0] if bed else None, room[0] if room else None)


class AdmitForm(StepForm):
    """The bed that is taken, and the chief complaint of the stay."""

    visit_id = forms.UUIDField(widget=forms.HiddenInput)
    complaint = text(_("入院主诉"), longest=LONGEST_REASON, required=False)

    def __init__(self, *args: Any, beds: Choices, chosen: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields = {"bed_id": pair_select(_("床位"), beds, initial=chosen), **self.fields}


class TripForm(StepForm):
    """How the person travels."""

    vehicle = text(_("车号"), longest=40, required=False, hint=_("例如：二号车 粤R·D120"))
    escort = text(_("随车人员"), longest=LONGEST_NAME, required=False)
    escort_phone = text(_("随车电话"), longest=20, required=False)
    expected_at = forms.DateTimeField(
        label=_("预计到院"),
        required=False,
        help_text=_("不填就按路程估算"),
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": _("时间写成 2026-11-20 11:09 这样")},
    )

    def __init__(self, *args: Any, transports: Choices, planned: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields = {
            "transport_code": select(_("转运方式"), transports, initial=planned),
            **self.fields,
        }

    @property
    def trip(self) -> Trip:
        """The trip, once the form is valid."""
        given = self.cleaned_data
        expected = given["expected_at"]
        return Trip(
            transport_code=given["transport_code"],
            vehicle=given["vehicle"],
            escort=given["escort"],
            escort_phone=given["escort_phone"],
            expected_at=expected.astimezone(SHANGHAI) if expected else None,
        )


class OutcomeForm(StepForm):
    """What came of it; the way of leaving only of an inpatient."""

    summary = text(
        _("诊疗经过和结果"), longest=LONGEST_OUTCOME, rows=5, hint=_("做了什么、现在怎样、回去注意什么")
    )

    def __init__(self, *args: Any, outcomes: Choices, ways: Choices, **kwargs: Any):
        super().__init__(*args, **kwargs)
        asked = {"outcome": select(_("转归"), outcomes)}
        if ways:
            asked["way"] = select(_("离院方式"), ways)
        self.fields = {**asked, **self.fields}

    @property
    def outcome(self) -> OutcomeSpec:
        """The outcome, once the form is valid."""
        given = self.cleaned_data
        return OutcomeSpec(given["outcome"], given["summary"], given.get("way", ""))


class PlaceForm(StepForm):
    """Where a referral goes on to."""

    comment = text(_("说明"), longest=LONGEST_REASON, required=False)

    def __init__(self, *args: Any, places: Choices, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields = {"target_institution": pair_select(_("改派到"), places), **self.fields}


class FollowerForm(StepForm):
    """Who does the first follow-up."""

    def __init__(self, *args: Any, followers: Choices, chosen: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["follower"] = pair_select(_("谁来首次随访"), followers, initial=chosen)


class FollowUpForm(StepForm):
    """Which visit was the first follow-up."""

    comment = text(_("说明"), longest=LONGEST_REASON, required=False)

    def __init__(self, *args: Any, visits: Choices, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields = {
            "visit_id": pair_select(_("哪一次是首次随访"), visits, initial=visits[0][0] if visits else ""),
            **self.fields,
        }
