"""Fields that the forms of this room share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiti.kernel.errors import DomainError, InvalidInput

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as Words
else:
    Words = str | Promise
LabelOf = Callable[[str], str]
Choices = Sequence[tuple[str, Words]]


class Picker(forms.TextInput):
    """A search picker of one thing or, `many`, several. Without a script the code itself is typed."""

    template_name = "web/widgets/picker.html"

    def __init__(self, address: Words, label_of: LabelOf, *, hint: Words, many: bool = True):
        super().__init__({"data-picker": address, "placeholder": hint})
        self.label_of = label_of
        self.many = many

    def value_from_datadict(
        self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str
    ) -> list[str]:
        """Every code given, in order, each once."""
        typed = data.getlist(name) if isinstance(data, MultiValueDict) else [data.get(name, "")]
        return list(dict.fromkeys(word.split()[0] for word in typed if word.strip()))

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Codes that are known stand as chips; the last that is not stays in the input, to be put right."""
        context = super().get_context(name, "", attrs)
        labels = {code: self.label_of(code) for code in value or ()}
        widget = context["widget"]
        widget["chosen"] = [(code, label) for code, label in labels.items() if label]
        widget["attrs"]["data-picker-name"] = name
        if self.many:
            widget["attrs"]["data-picker-many"] = True
        if unknown := [code for code, label in labels.items() if not label]:
            widget["attrs"]["value"] = unknown[-1]
        return context


class DiagnosesField(forms.Field):
    """ICD-10 codes chosen in a picker, the main one first."""

    def __init__(self, label: Words, address: str, label_of: LabelOf):
        picker = Picker(address, label_of, hint=gettext_lazy("首字母、汉字或编码"))
        super().__init__(label=label, widget=picker, error_messages={"required": gettext_lazy("请选诊断")})

    def clean(self, value: Any) -> list[str]:
        """The codes. Raises ValidationError when none is given."""
        super().clean(value)
        return [code.upper() for code in value]


class PairField(forms.ChoiceField):
    """Two ids in one choice, such as `<institution>:<department>`; the second may be missing."""

    def clean(self, value: Any) -> tuple[UUID, UUID | None] | None:
        """The ids. Raises ValidationError for a choice that was not offered."""
        chosen = super().clean(value)
        if not chosen:
            return None
        first, _sep, second = chosen.partition(":")
        return UUID(first), UUID(second) if second else None


def pair(first: UUID | None, second: UUID | None = None) -> str:
    """The value of a `PairField`; "" for none."""
    return f"{first}:{second or ''}" if first else ""


CHOICE_ERRORS = {
    "required": gettext_lazy("请选一项"),
    "invalid_choice": gettext_lazy("列表刚变过，请重新选"),
}


def select(label: Words, choices: Choices, *, required: bool = True, initial: str = "") -> forms.ChoiceField:
    """A list to choose from, starting with nothing chosen unless `initial` says otherwise."""
    return forms.ChoiceField(
        label=label,
        choices=[("", gettext_lazy("请选择")), *choices],
        required=required,
        initial=initial,
        error_messages=CHOICE_ERRORS,
    )


def pair_select(
    label: Words, choices: Choices, *, required: bool = True, initial: str = "", radio: bool = False
) -> PairField:
    """A list of places or people, each choice made by `pair`."""
    blank: Choices = [] if radio else [("", gettext_lazy("请选择"))]
    return PairField(
        label=label,
        choices=[*blank, *choices],
        required=required,
        initial=initial,
        widget=forms.RadioSelect() if radio else forms.Select(),
        error_messages=CHOICE_ERRORS,
    )


def segments(label: Words, choices: Choices, *, initial: str) -> forms.ChoiceField:
    """Up to four choices in one bar."""
    widget = forms.RadioSelect()
    widget.template_name = "web/widgets/segments.html"
    return forms.ChoiceField(
        label=label, choices=choices, initial=initial, widget=widget, error_messages=CHOICE_ERRORS
    )


def text(
    label: Words, *, longest: int, required: bool = True, rows: int = 0, hint: Words = ""
) -> forms.CharField:
    """One line, or (`rows`) a text area."""
    attrs: dict[str, Any] = {"autocomplete": "off"}
    if hint:
        attrs["placeholder"] = hint
    return forms.CharField(
        label=label,
        max_length=longest,
        required=required,
        widget=forms.Textarea({**attrs, "rows": rows}) if rows else forms.TextInput(attrs),
        error_messages={
            "required": gettext_lazy("请填写"),
            "max_length": gettext_lazy("最多 %(limit_value)d 个字"),
        },
    )


def refuse(form: forms.Form, error: DomainError) -> None:
    """Put a refusal beside the field it names, or on top of the form."""
    sentence = error.text(_(error.message))
    field = error.field if isinstance(error, InvalidInput) else None
    form.add_error(field if field in form.fields else None, sentence)
