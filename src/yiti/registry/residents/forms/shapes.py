"""Pieces that several forms share: the search picker, choices of a code table, refusals at a field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from django import forms
from django.urls import reverse_lazy
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from yiti.kernel.errors import DomainError, InvalidInput
from yiti.kernel.ids import new_id
from yiti.registry.facilities import public as facilities
from yiti.registry.residents.domain.codes import NO_DOCUMENT
from yiti.registry.terminology import public as terminology

T = TypeVar("T")
Label = Callable[[str], str]


class Picker(forms.TextInput):
    """A search as you type that keeps one value (`web/widgets/picker.html`)."""

    template_name = "web/widgets/picker.html"

    def __init__(self, address: str | Promise, label_of: Label, attrs: dict[str, Any] | None = None):
        super().__init__(attrs)
        self.address = address
        self.label_of = label_of

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        pickers = {"data-picker": str(self.address), "data-picker-name": name}
        context = super().get_context(name, value, {**(attrs or {}), **pickers})
        label = self.label_of(value) if value else ""
        context["widget"]["chosen"] = [(value, label)] if label else []
        if value and not label:
            context["widget"]["attrs"]["value"] = value  # what is not known stays, to be put right
        return context


class Segments(forms.RadioSelect):
    """Two to four choices side by side."""

    template_name = "web/widgets/segments.html"


def code_picker(system: str) -> Picker:
    """Picks a code of a long table."""
    address = reverse_lazy("terminology:search", args=[system])
    return Picker(address, lambda code: code_label(system, code))


def code_label(system: str, code: str) -> str:
    """The term of a code in the language of the page; "" for one the table does not know."""
    try:
        return terminology.label(system, code, language=get_language() or "zh-hans")
    except DomainError:
        return ""


def village_picker() -> Picker:
    """Picks a village of the county."""
    return Picker(reverse_lazy("residents:villages"), village_name)


def village_name(value: str) -> str:
    """The name of the village of that id; "" for an id nobody has."""
    try:
        id_ = UUID(value)
    except ValueError:
        return ""
    found = facilities.regions([id_]).get(id_)
    return found.name if found else ""


def parse_village(text: str) -> UUID | None:
    """The village that was picked, or (without a script) typed by its full name; None when left empty.

    Raises ValidationError.
    """
    if not text:
        return None
    villages = facilities.regions_in("", facilities.RegionLevel.VILLAGE)
    found = [each.id for each in villages if text in (str(each.id), each.name, each.code)]
    if len(found) != 1:
        raise forms.ValidationError(_("请从列表里选一个村"))
    return found[0]


def parse_id(text: str) -> UUID | None:
    """The id that was picked; None when left empty. Raises ValidationError."""
    try:
        return UUID(text) if text else None
    except ValueError:
        raise forms.ValidationError(_("请从列表里选一个人")) from None


class Text(forms.CharField):
    """A line of text, with our sentences for what it cannot be."""

    default_error_messages = {
        "required": gettext_lazy("请填写"),
        "max_length": gettext_lazy("最多 %(limit_value)d 个字，现在有 %(show_value)d 个，请写短些"),
        "null_characters_not_allowed": gettext_lazy("有看不见的字符，请删掉重新输入"),
    }


class Choice(forms.ChoiceField):
    """One of several, with our sentences for what it cannot be."""

    default_error_messages = {
        "required": gettext_lazy("请选一项"),
        "invalid_choice": gettext_lazy("请从列表里选一项"),
    }


class Day(forms.DateField):
    """A day, chosen from a calendar or typed."""

    default_error_messages = {
        "required": gettext_lazy("请填写"),
        "invalid": gettext_lazy("日期写成 2026-11-20"),
    }
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class TimeOfDay(forms.TimeField):
    """Hours and minutes, 24 hours."""

    default_error_messages = {
        "required": gettext_lazy("请填写"),
        "invalid": gettext_lazy("时间写成 09:48"),
    }
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class CodeField(Choice):
    """A code of a short table, perhaps none."""

    def __init__(self, system: str, *, required: bool = False, **kwargs: Any):
        self.system = system
        super().__init__(choices=lambda: self.offered(required=required), required=required, **kwargs)

    def offered(self, *, required: bool) -> list[tuple[str, str]]:
        """The codes in force, with their terms in the language of the page."""
        known = terminology.choices(self.system, language=get_language() or "zh-hans")
        return known if required else [("", "—"), *known]

    def also_offer(self, code: str) -> None:
        """Offer a code that stands in the record although it is retired: saving must not lose it."""
        offered = self.offered(required=self.required)
        if code and code not in dict(offered):
            self.choices = [*offered, (code, code_label(self.system, code))]


def document_choices() -> list[tuple[str, str]]:
    """Kinds of documents; that somebody has none is not one of them."""
    known = terminology.choices("id-type", language=get_language() or "zh-hans")
    return [("", "—"), *(each for each in known if each[0] != NO_DOCUMENT)]


class KeyedForm(forms.Form):
    """A form whose row gets its id here, so that a form sent twice writes once."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any):
        kwargs["initial"] = {"key": new_id(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)


def checked(parse: Callable[[], T]) -> T:
    """What `parse` gives; its refusal as an error of the field."""
    try:
        return parse()
    except InvalidInput as error:
        raise forms.ValidationError(said(error)) from error


def said(error: DomainError) -> str:
    """The refusal in the language of the page."""
    return error.text(_(error.message))


def add_refusal(form: forms.Form, error: DomainError) -> None:
    """Show a command's refusal beside its field, or on top where the form has no such field."""
    form.add_error(error.field if error.field in form.fields else None, said(error))
