"""Allergies, risk marks, documents, households."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from yiti.registry.residents.domain import (
    AllergySpec,
    IdentifierSpec,
    RiskCode,
    RiskSpec,
    normal_text,
)
from yiti.registry.residents.forms.shapes import (
    Choice,
    CodeField,
    Day,
    KeyedForm,
    Picker,
    Text,
    checked,
    code_picker,
    document_choices,
    parse_id,
)


class SeverityWidget(forms.RadioSelect):
    template_name = "web/widgets/segments.html"


class AllergyForm(KeyedForm):
    """What somebody is allergic to."""

    substance_code = Text(
        label=_("对什么过敏"), required=False, widget=code_picker("allergen"), help_text=_("可输入首字母")
    )
    substance_text = Text(label=_("表里没有的，写明"), required=False)
    reaction = CodeField("allergy-reaction", label=_("反应"))
    severity = CodeField(
        "allergy-severity", label=_("程度"), required=True, initial="unknown", widget=SeverityWidget
    )
    onset_year = forms.IntegerField(
        label=_("哪一年"),
        required=False,
        error_messages={"invalid": _("年份写成 2019")},
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    note = Text(label=_("备注"), required=False)

    def clean_substance_text(self) -> str:
        typed = self.cleaned_data["substance_text"]
        return checked(lambda: normal_text(typed, longest=60, field="substance_text"))

    def clean_note(self) -> str:
        return checked(lambda: normal_text(self.cleaned_data["note"], longest=120, field="note"))

    def spec(self) -> AllergySpec:
        """The allergy as typed, of a valid form."""
        cleaned = {name: value for name, value in self.cleaned_data.items() if name != "key"}
        return AllergySpec(id=self.cleaned_data["key"], **cleaned)


class RefuteForm(KeyedForm):
    """Why somebody is not allergic after all."""

    note = Text(label=_("为什么不算过敏"), max_length=120)


def _risk_choices() -> list[tuple[str, Any]]:
    """One choice for each level of each mark, by mark."""
    choices: list[tuple[str, Any]] = [("", "—")]
    for code in RiskCode:
        name = _now(code.zh)
        levels = [(f"{code.value}:{level}", f"{name} {_now(level)}") for level in code.levels]
        choices.append((name, levels or [(f"{code.value}:", name)]))
    return choices


class RiskForm(KeyedForm):
    """A risk mark with its level."""

    mark = Choice(label=_("风险"), choices=_risk_choices)
    since_date = Day(label=_("从哪天起"))

    def spec(self) -> RiskSpec:
        """The mark as chosen, of a valid form."""
        code, _colon, level = self.cleaned_data["mark"].partition(":")
        return RiskSpec(self.cleaned_data["key"], RiskCode(code), level, self.cleaned_data["since_date"])


class EndRiskForm(forms.Form):
    """When a risk ended."""

    until_date = Day(label=_("到哪天止"))


class DocumentForm(KeyedForm):
    """A document of a person."""

    kind = Choice(label=_("证件类型"), choices=document_choices)
    number = Text(label=_("证件号码"), widget=forms.TextInput(attrs={"autocomplete": "off"}))
    issued_by = Text(label=_("发证机关"), required=False, max_length=60)

    def spec(self) -> IdentifierSpec:
        """The document as typed, of a valid form."""
        cleaned = self.cleaned_data
        return IdentifierSpec(cleaned["key"], cleaned["kind"], cleaned["number"], cleaned["issued_by"])


class JoinHouseholdForm(KeyedForm):
    """Whose household a person belongs to; nobody chosen: the person heads one."""

    head = Text(
        label=_("户主"),
        required=False,
        help_text=_("空着就是自己当户主"),
        widget=Picker(reverse_lazy("residents:pick"), lambda value: ""),
    )
    relation = Text(label=_("和户主的关系"), required=False, widget=code_picker("relation"))

    def clean_head(self) -> UUID | None:
        return parse_id(self.cleaned_data["head"])

    def clean(self) -> dict[str, Any]:
        """A member has a relation."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("head") and not cleaned.get("relation"):
            self.add_error("relation", _now("请选和户主的关系"))
        return cleaned
