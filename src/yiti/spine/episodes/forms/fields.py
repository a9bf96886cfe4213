"""Fields that several forms share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiti.kernel.errors import InvalidInput
from yiti.spine.episodes.domain import Consciousness, VitalKind, VitalValue, normal_code
from yiti.spine.episodes.domain.texts import clean_line, clean_text

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as Words
else:
    Words = str | Promise
LabelOf = Callable[[str], str]
Choices = Sequence[tuple[str, Words]]
LONGEST_SHOWN = 20  # characters of a wrong code that a refusal repeats


class Picker(forms.TextInput):
    """A search picker of one code or, `many`, several. Without a script the code itself is typed."""

    template_name = "web/widgets/picker.html"

    def __init__(self, address: str, label_of: LabelOf, *, many: bool):
        super().__init__({"data-picker": address, "placeholder": gettext_lazy("首字母、汉字或编码")})
        self.label_of = label_of
        self.many = many

    def value_from_datadict(
        self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str
    ) -> list[str]:
        """Everything given, in order, each once."""
        typed = data.getlist(name) if isinstance(data, MultiValueDict) else [data.get(name, "")]
        return list(dict.fromkeys(words.strip() for words in typed if words.strip()))

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Codes that are known stand as chips; the last that is not stays in the input, to be put right."""
        context = super().get_context(name, "", attrs)
        labels = {words: self.label_of(code_of(words)) for words in value or ()}
        context["widget"]["chosen"] = [(code_of(words), label) for words, label in labels.items() if label]
        context["widget"]["attrs"]["data-picker-name"] = name
        if self.many:
            context["widget"]["attrs"]["data-picker-many"] = True
        if unknown := [words for words, label in labels.items() if not label]:
            context["widget"]["attrs"]["value"] = unknown[-1]
        return context


def code_of(words: str) -> str:
    """The code in what was given: `i10 高血压` is `I10`."""
    return normal_code(words.split(maxsplit=1)[0])


class CodesField(forms.Field):
    """Codes chosen in a picker: a list; of a picker of one, the last."""

    widget: Picker

    def clean(self, value: Any) -> list[str]:
        """The codes. Raises ValidationError for one that is unknown, and when none is given but required."""
        super().clean(value)
        codes = list(dict.fromkeys(code_of(words) for words in value or ()))
        unknown = next((code for code in codes if not self.widget.label_of(code)), None)
        if unknown is not None:
            sentence = _("没有编码 {code} 的诊断，请重新选")
            raise forms.ValidationError(sentence.format(code=unknown[:LONGEST_SHOWN]))
        return codes if self.widget.many else codes[-1:]


class VitalField(forms.DecimalField):
    """A measured value as text; the limits are checked by the rule that knows them."""

    def __init__(self, kind: VitalKind, *, plainly: bool, help_text: str = "", required: bool = False):
        facts = kind.facts
        name = f"{_(facts.zh)} {_(facts.plain)}" if plainly and facts.plain else _(facts.zh)
        super().__init__(
            label=f"{name} {_(facts.unit)}".strip(),
            required=required,
            help_text=help_text,
            widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off", "maxlength": 10}),
            error_messages={"invalid": gettext_lazy("填数字，例如 36.5")},
        )


def consciousness_field(*, plainly: bool, help_text: str = "", required: bool = False) -> forms.ChoiceField:
    """Level of consciousness by what one sees."""
    facts = VitalKind.CONSCIOUSNESS.facts
    return forms.ChoiceField(
        label=f"{_(facts.zh)} {_(facts.plain)}" if plainly else _(facts.zh),
        required=required,
        help_text=help_text,
        choices=[("", "–"), *((level.value, _(level.zh)) for level in Consciousness)],
    )


def vital_field(
    kind: VitalKind, *, plainly: bool, help_text: str = "", required: bool = False
) -> forms.Field:
    """The input of one vital sign; `plainly` adds the word a villager knows."""
    if kind is VitalKind.CONSCIOUSNESS:
        return consciousness_field(plainly=plainly, help_text=help_text, required=required)
    return VitalField(kind, plainly=plainly, help_text=help_text, required=required)


def vital_value(kind: VitalKind, cleaned: Any) -> VitalValue:
    """What was typed into the input of `vital_field`."""
    if kind is VitalKind.CONSCIOUSNESS:
        return VitalValue(kind, level=Consciousness(cleaned))
    return VitalValue(kind, value=cleaned)


def select(label: Words, choices: Choices, *, required: bool = True, initial: str = "") -> forms.ChoiceField:
    """A list to choose from, starting with nothing chosen unless `initial` says otherwise."""
    return forms.ChoiceField(
        label=label,
        choices=[("", gettext_lazy("请选择")), *choices],
        required=required,
        initial=initial,
        error_messages={
            "required": gettext_lazy("请选一项"),
            "invalid_choice": gettext_lazy("列表刚变过，请重新选"),
        },
    )


def segments(label: Words, choices: Choices, *, initial: str) -> forms.ChoiceField:
    """Up to four choices in one bar."""
    widget = forms.RadioSelect()
    widget.template_name = "web/widgets/segments.html"
    return forms.ChoiceField(label=label, choices=choices, initial=initial, widget=widget)


class TextField(forms.CharField):
    """Text as it will be stored; a line of it, unless it has several. Refusals stand beside the field."""

    def clean(self, value: Any) -> str:
        """The text, tidied. Raises ValidationError when it is too long or not text."""
        tidy = clean_text if isinstance(self.widget, forms.Textarea) else clean_line
        assert self.max_length is not None
        try:
            return tidy(super().clean(value), longest=self.max_length, field="")
        except InvalidInput as error:
            raise forms.ValidationError(error.text(_(error.message))) from error


def text(
    label: Words, *, longest: int, required: bool = True, rows: int = 0, hint: Words = ""
) -> forms.CharField:
    """One line, or (`rows`) a text area."""
    attrs: dict[str, Any] = {"autocomplete": "off"}
    if hint:
        attrs["placeholder"] = hint
    return TextField(
        label=label,
        max_length=longest,
        required=required,
        widget=forms.Textarea({**attrs, "rows": rows}) if rows else forms.TextInput(attrs),
        error_messages={
            "required": gettext_lazy("请填写"),
            "max_length": gettext_lazy("最多 %(limit_value)d 个字"),
        },
    )


def show_refusal(form: forms.Form, error: InvalidInput) -> None:
    """Put a refusal of a command beside the field it names, or on top of the form."""
    sentence = error.text(_(error.message))
    form.add_error(error.field if error.field in form.fields else None, sentence)
