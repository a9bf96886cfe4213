"""Registering a person and changing a profile."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yiti.kernel.identity import Sex
from yiti.kernel.ids import new_id
from yiti.registry.residents.domain import (
    RESIDENT_CARD,
    Birth,
    Enrolment,
    IdentifierSpec,
    PersonSpec,
    Profile,
    clean_phone,
    normal_name,
    normal_text,
    parse_birth,
    parse_number,
    resident_number,
)
from yiti.registry.residents.domain.people import LONGEST_ADDRESS, LONGEST_GROUP
from yiti.registry.residents.forms.shapes import (
    Choice,
    CodeField,
    KeyedForm,
    Picker,
    Text,
    checked,
    code_picker,
    document_choices,
    parse_id,
    parse_village,
    village_picker,
)

_SEGMENTS = "web/widgets/segments.html"
_CHOICES = "web/widgets/choices.html"


class SexWidget(forms.RadioSelect):
    template_name = _SEGMENTS


class EnrolmentWidget(forms.RadioSelect):
    template_name = _CHOICES


class ProfileForm(forms.Form):
    """What a record says of a person."""

    name = Text(label=_("姓名"), error_messages={"required": _("请填写姓名")})
    sex = Choice(
        label=_("性别"),
        choices=[(sex.value, _(sex.zh)) for sex in (Sex.MALE, Sex.FEMALE, Sex.UNKNOWN, Sex.UNSTATED)],
        widget=SexWidget,
    )
    birth = Text(
        label=_("出生日期"),
        required=False,
        help_text=_("写成 1959-03-14；只知道年份就写 1959，不知道就空着"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    ethnic = Text(label=_("民族"), required=False, widget=code_picker("ethnic-group"))
    phone = Text(label=_("手机或座机"), required=False, widget=forms.TextInput(attrs={"inputmode": "tel"}))
    contact_name = Text(label=_("联系人"), required=False)
    contact_relation = Text(label=_("和本人的关系"), required=False, widget=code_picker("relation"))
    contact_phone = Text(
        label=_("联系人电话"), required=False, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    group_no = Text(label=_("组"), required=False)
    address = Text(label=_("详细住址"), required=False)
    payer = CodeField("payer", label=_("医疗付费方式"))
    blood_abo = CodeField("blood-abo", label=_("ABO 血型"))
    blood_rh = CodeField("blood-rh", label=_("Rh 血型"))
    occupation = CodeField("occupation", label=_("职业"))
    education = CodeField("education", label=_("文化程度"))
    marital = CodeField("marital-status", label=_("婚姻"))

    def __init__(self, *args: Any, on: date, **kwargs: Any):
        self.on = on
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, CodeField):
                field.also_offer(self.initial.get(name, ""))

    def clean_name(self) -> str:
        return checked(lambda: normal_name(self.cleaned_data["name"]))

    def clean_birth(self) -> Birth:
        return checked(lambda: parse_birth(self.cleaned_data["birth"], on=self.on))

    def clean_phone(self) -> str:
        return checked(lambda: clean_phone(self.cleaned_data["phone"], field="phone"))

    def clean_contact_name(self) -> str:
        typed = self.cleaned_data["contact_name"]
        return checked(lambda: normal_name(typed, field="contact_name")) if typed else ""

    def clean_contact_phone(self) -> str:
        return checked(lambda: clean_phone(self.cleaned_data["contact_phone"], field="contact_phone"))

    def clean_address(self) -> str:
        typed = self.cleaned_data["address"]
        return checked(lambda: normal_text(typed, longest=LONGEST_ADDRESS, field="address"))

    def clean_group_no(self) -> str:
        typed = self.cleaned_data["group_no"]
        return checked(lambda: normal_text(typed, longest=LONGEST_GROUP, field="group_no"))

    def profile(self) -> Profile:
        """The profile as typed; only of a valid form, or of the valid fields of a refused one."""
        given = {
            name: self.cleaned_data[name] for name in ProfileForm.base_fields if name in self.cleaned_data
        }
        given["sex"] = Sex(given.get("sex") or Sex.UNKNOWN)
        return Profile(**{"name": "", **given})


class RegisterForm(ProfileForm, KeyedForm):
    """A new person. Which fields count depends on the way of registering; the others are left out."""

    enrolment = Choice(
        label=_("怎么登记"),
        choices=[(each.value, _(each.zh)) for each in Enrolment],
        initial=Enrolment.CARD.value,
        widget=EnrolmentWidget,
    )
    number = Text(
        label=_("身份证号"),
        required=False,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "data-focus": True,
                "hx-get": reverse_lazy("residents:check_number"),
                "hx-trigger": "change",
                "hx-include": "#register",
                "hx-params": "not csrfmiddlewaretoken",
                "hx-target": "#id_number_field",
                "hx-swap": "outerHTML",
            }
        ),
    )
    kind = Choice(label=_("证件类型"), required=False, choices=document_choices)
    other_number = Text(
        label=_("证件号码"), required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    issued_by = Text(label=_("发证机关"), required=False, max_length=60)
    mother = Text(
        label=_("母亲"),
        required=False,
        help_text=_("只能选档案已对本院开放的人"),
        widget=Picker(reverse_lazy("residents:pick"), lambda value: ""),
    )
    village = Text(label=pgettext_lazy("field", "村"), required=False, widget=village_picker())
    new_anyway = Text(
        label=_("为什么仍要新建"), required=False, max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )

    field_order = ("key", "enrolment", "number", "kind", "other_number", "issued_by", "mother")

    def clean_village(self) -> UUID | None:
        return parse_village(self.cleaned_data["village"])

    def clean_mother(self) -> UUID | None:
        return parse_id(self.cleaned_data["mother"])

    def clean_number(self) -> str:
        typed = self.cleaned_data["number"]
        if self.way is not Enrolment.CARD:
            return ""
        return checked(lambda: parse_number(RESIDENT_CARD, typed, on=self.on, field="number"))

    def clean_other_number(self) -> str:
        typed, kind = self.cleaned_data["other_number"], self.cleaned_data.get("kind", "")
        if self.way is not Enrolment.FOREIGNER:
            return ""
        if not kind:
            raise forms.ValidationError(_("请先选证件类型"))
        return checked(lambda: parse_number(kind, typed, on=self.on, field="other_number"))

    def clean(self) -> dict[str, Any]:
        """An identity card tells birth and sex where they were left empty."""
        cleaned = super().clean() or self.cleaned_data
        told = (
            resident_number(RESIDENT_CARD, cleaned["number"], on=self.on) if cleaned.get("number") else None
        )
        if told is not None:
            if not self.data.get("birth", "").strip():
                cleaned["birth"] = parse_birth(told.birth.isoformat(), on=self.on)
            if not cleaned.get("sex"):
                cleaned["sex"] = told.sex.value
                self.errors.pop("sex", None)
        return cleaned

    @property
    def way(self) -> Enrolment:
        """The way of registering that was chosen."""
        chosen = self.data.get("enrolment", "") or Enrolment.CARD.value
        return Enrolment(chosen) if chosen in set(Enrolment) else Enrolment.CARD

    def spec(self) -> PersonSpec:
        """The person as typed, of a valid form; of a refused one as far as it is sound."""
        cleaned = self.cleaned_data
        return PersonSpec(
            id=cleaned.get("key") or new_id(),
            profile=self.profile(),
            enrolment=self.way,
            village_id=cleaned.get("village"),
            mother_id=cleaned.get("mother") if self.way is Enrolment.NEWBORN else None,
            identifiers=self._identifiers(),
        )

    def _identifiers(self) -> tuple[IdentifierSpec, ...]:
        cleaned = self.cleaned_data
        if number := cleaned.get("number"):
            return (IdentifierSpec(new_id(), RESIDENT_CARD, number),)
        if number := cleaned.get("other_number"):
            return (IdentifierSpec(new_id(), cleaned["kind"], number, cleaned.get("issued_by", "")),)
        return ()


class EditForm(ProfileForm):
    """A profile to be changed, with the revision that was seen."""

    revision = forms.IntegerField(widget=forms.HiddenInput)


def initial_of(profile: Profile) -> dict[str, Any]:
    """A profile as the initial values of its form."""
    names = [name for name in ProfileForm.base_fields if name not in ("birth", "sex")]
    return {
        **{name: getattr(profile, name) for name in names},
        "birth": profile.birth.text,
        "sex": profile.sex.value,
    }
