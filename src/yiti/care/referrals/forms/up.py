"""The form of an up-referral (WS 365 5.2.18)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from yiti.care.referrals.domain import CaseText, Contact, Diagnosed, Reason, Target, UpSpec, Way
from yiti.care.referrals.domain.checks import LONGEST_NAME, LONGEST_REASON, LONGEST_TEXT
from yiti.care.referrals.forms.fields import (
    CHOICE_ERRORS,
    Choices,
    DiagnosesField,
    LabelOf,
    pair_select,
    segments,
    select,
    text,
)
from yiti.kernel.errors import InvalidInput
from yiti.kernel.identity import parse_phone


@dataclass(frozen=True, slots=True)
class UpChoices:
    """What the form offers: the ways one can send from here, code tables, the open episodes of the person,
    the places ranked for the diagnosis, and texts of the record that can go along, by key
    (`medications`, `results`)."""

    ways: Sequence[Way]
    episodes: Choices
    urgencies: Choices
    reasons: Choices
    specialties: Choices
    transports: Choices
    relations: Choices
    targets: Choices
    along: Choices
    along_texts: Mapping[str, str]


def _words(ways: Sequence[Way]) -> Choices:
    return [(way.value, _(way.zh)) for way in ways]


class UpForm(forms.Form):
    """What the sender writes. `along` says which parts of the record go with it."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    reason_text = text(_("说明"), longest=LONGEST_REASON, required=False, hint=_("例如：本院无造影条件"))
    summary = text(
        _("病情摘要"), longest=LONGEST_TEXT, rows=3, hint=_("例如：反复胸闷 3 天，今晨胸痛 20 分钟")
    )
    treatments = text(_("已做处置"), longest=LONGEST_TEXT, required=False)
    past_history = text(_("既往史"), longest=LONGEST_TEXT, required=False, rows=2)
    precautions = text(_("注意事项"), longest=LONGEST_TEXT, required=False, rows=2)
    contact_phone = text(_("家属电话"), longest=20)
    contact_name = text(_("家属姓名"), longest=LONGEST_NAME, required=False)
    consent_given = forms.BooleanField(label=_("已向本人说明去向和费用，本人同意转诊"), required=False)

    def __init__(self, *args: Any, offered: UpChoices, address: str, label_of: LabelOf, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.offered = offered
        self.fields["episode"] = select(_("诊疗过程"), offered.episodes)
        if len(offered.episodes) == 1:
            self.fields["episode"].widget = forms.HiddenInput()
            self.fields["episode"].initial = offered.episodes[0][0]
        self.fields["direction"] = segments(_("方向"), _words(offered.ways), initial="up")
        self.fields["urgency"] = segments(_("紧急程度"), offered.urgencies, initial="routine")
        self.fields["diagnoses"] = DiagnosesField(_("诊断（拼音首字母或编码）"), address, label_of)
        self.fields["reason_code"] = select(_("转诊原因"), offered.reasons)
        self.fields["target_specialty"] = select(_("目标科室"), offered.specialties, required=False)
        self.fields["transport_code"] = select(_("转运方式"), offered.transports, required=False)
        self.fields["contact_relation"] = select(_("与本人关系"), offered.relations, required=False)
        self.fields["target_institution"] = pair_select(_("转到哪里"), offered.targets, radio=True)
        self.fields["along"] = forms.MultipleChoiceField(
            label=_("随单资料（自动带入，可去掉）"),
            choices=offered.along,
            required=False,
            initial=[key for key, _words in offered.along],
            widget=forms.CheckboxSelectMultiple,
            error_messages=CHOICE_ERRORS,
        )
        self.fields["along"].widget.template_name = "web/widgets/choices.html"
        self.order_fields(["id", "episode", "direction", "urgency", "diagnoses", "reason_code"])

    def offer_ways(self, ways: Sequence[Way]) -> None:
        """Show these ways on a form that was sent; which way one may go, the command decides."""
        field = self.fields["direction"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = _words(ways)

    def clean_contact_phone(self) -> str:
        """The number as typed; read here so that its error stands beside it with all the others."""
        typed: str = self.cleaned_data["contact_phone"]
        try:
            parse_phone(typed, field="contact_phone")
        except InvalidInput as error:
            raise forms.ValidationError(error.text(str(_(error.message)))) from None
        return typed

    def clean_direction(self) -> str:
        """The way. A person sent down has a form of its own."""
        chosen: str = self.cleaned_data["direction"]
        if chosen == Way.DOWN:
            raise forms.ValidationError(_("下转请用下转单"))
        return chosen

    def _along(self, key: str) -> str:
        return self.offered.along_texts[key] if key in self.cleaned_data["along"] else ""

    def spec(self, person_id: UUID) -> UpSpec:
        """The wish, once the form is valid."""
        given = self.cleaned_data
        place, department = given["target_institution"]
        return UpSpec(
            id=given["id"],
            person_id=person_id,
            episode_id=UUID(given["episode"]),
            urgency=given["urgency"],
            reason=Reason(given["reason_code"], given["reason_text"]),
            diagnoses=tuple(Diagnosed(code) for code in given["diagnoses"]),
            case=CaseText(
                summary=given["summary"],
                past_history=given["past_history"],
                treatments=given["treatments"],
                medications=self._along("medications"),
                results=self._along("results"),
                precautions=given["precautions"],
            ),
            contact=Contact(given["contact_phone"], given["contact_name"], given["contact_relation"]),
            target=Target(place, department, given["target_specialty"]),
            transport_code=given["transport_code"],
            consent_given=given["consent_given"],
        )
